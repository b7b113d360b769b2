#include "sources/decode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "sources/xmlrpc_reply.h"
#include "support/folders.h"

namespace myfabric::sources {
namespace {

topology::ResultSet recorded(const std::string& name) {
    std::ifstream file(test::test_data("node-replies.json"));
    return first_set(decode_reply(nlohmann::json::parse(file).at(name)), name);
}

const std::vector<std::string> server_columns{"server_uuid", "group_id", "host",  "port",
                                              "mode",        "status",   "weight"};

topology::Row server(const char* uuid, const char* group, topology::Value port = std::int64_t{3306},
                     topology::Value mode = std::int64_t{3},
                     topology::Value status = std::int64_t{3}, topology::Value weight = 1.0) {
    return {std::string(uuid), std::string(group), std::string("db"), std::move(port),
            std::move(mode),   std::move(status),  std::move(weight)};
}

Dump of_servers(std::vector<topology::Row> rows) {
    Dump dump;
    dump.servers = {server_columns, std::move(rows)};
    return dump;
}

std::string complaint(const Dump& dump) {
    try {
        decode_topology(dump);
    } catch (const topology::MalformedReply& error) {
        return error.what();
    }
    return "";
}

TEST(Decode, TheDumpsOfARealNodeMakeATopology) {
    Dump dump;
    dump.ttl = 7;
    dump.servers = recorded("dump-servers-two-groups");
    dump.shard_maps = recorded("dump-shard-maps");
    dump.shard_index = recorded("dump-shard-index");
    dump.shard_tables = recorded("dump-shard-tables");
    const topology::Topology topology = decode_topology(dump);
    EXPECT_EQ(topology.ttl.count(), 7);
    ASSERT_TRUE(topology.group("shard1"));
    EXPECT_EQ(topology.group("SHARD1"), nullptr);
    const topology::Table* orders = topology.table("SHOP.Orders");
    ASSERT_TRUE(orders);
    EXPECT_EQ(orders->name, "shop.orders");
    EXPECT_EQ(orders->column, "customer_id");
    const topology::ShardMap& map = topology.maps[orders->map];
    EXPECT_EQ(map.type, topology::ShardType::range_integer);
    EXPECT_EQ(map.global_group, "global");
    ASSERT_EQ(map.shards.size(), 3u);
    EXPECT_EQ(map.shards[1].number, 1001);
    EXPECT_EQ(map.shards[1].group, "shard2");  // known although the dump of servers may not list it
    EXPECT_EQ(topology.table("shop.order_lines")->map, orders->map);
    const topology::ShardMap& sessions = topology.maps[topology.table("shop.sessions")->map];
    EXPECT_EQ(sessions.shards.front().group, "shard3");  // 6D..., the lowest digest
    for (const topology::ShardMap& each : topology.maps)
        EXPECT_EQ(each.problem, "") << each.type_name;
}

TEST(Decode, AServerIsInOneGroup) {
    for (const bool turned : {false, true}) {
        std::vector<topology::Row> rows = {server("u", "a"), server("u", "b"), server("u", "a"),
                                           server("v", "b")};
        if (turned) std::ranges::reverse(rows);
        const topology::Topology topology = decode_topology(of_servers(rows));
        ASSERT_EQ(1u, topology.group("a")->size()) << turned;
        EXPECT_EQ("u", topology.group("a")->front().uuid);
        ASSERT_EQ(1u, topology.group("b")->size()) << turned;
        EXPECT_EQ("v", topology.group("b")->front().uuid);
    }
}

TEST(Decode, GroupsAreToldApartByTheirExactName) {
    const topology::Topology topology =
        decode_topology(of_servers({server("a", "shard1"), server("b", "shard10"),
                                    server("c", "myshard1"), server("d", "Shard1")}));
    EXPECT_EQ(topology.groups.size(), 4u);
    EXPECT_EQ(topology.group("shard1")->size(), 1u);
}

TEST(Decode, AHostIsAHostAndNothingMore) {
    const char* const others[] = {
        "127.0.0.1;plugin-dir=/tmp/x;default-auth=evil",
        "127.0.0.1;local-infile=1",
        "h;init-command=DROP TABLE t",
        "h=1",
        "a,b",
        "a b",
        "a'b",
        "a\"b",
        "a\nb",
        "h://x",
        "",
        "[::1]",
        "::1%",
        "1:2",
        "h/../x",
        "\xC3\xA9",
    };
    for (const char* other : others) {
        Dump dump = of_servers({server("a", "g")});
        dump.servers.rows[0][2] = std::string(other);
        EXPECT_THAT(complaint(dump), testing::HasSubstr("in dump.servers, which is no host"))
            << other;
    }
    for (const char* host : {"db-1.example_x.org", "10.0.0.1", "::1", "fe80::1%eth0", "DB"}) {
        Dump dump = of_servers({server("a", "g")});
        dump.servers.rows[0][2] = std::string(host);
        EXPECT_EQ(complaint(dump), "") << host;
    }
}

TEST(Decode, NamesAndWeightsAreChecked) {
    for (const std::string& name : {std::string(), std::string("a\x1B[2J"), std::string(256, 'x'),
                                    std::string("\xC3"), std::string("\xC2\x85")}) {
        EXPECT_THAT(complaint(of_servers({server(name.c_str(), "g")})),
                    testing::HasSubstr("gives the server_uuid '"));
        const std::string told = complaint(of_servers({server("a", name.c_str())}));
        EXPECT_THAT(told, testing::HasSubstr("gives the group_id '"));
        EXPECT_EQ(told.find('\x1B'), told.npos);
    }
    EXPECT_EQ(complaint(of_servers({server("a", "d\xC3\xA9j\xC3\xA0 vu; x=1")})), "");
    for (const char* weight : {"nan", "inf", "-1", "1e999"})
        EXPECT_THAT(complaint(of_servers({server("a", "g", std::int64_t{3306}, std::int64_t{3},
                                                 std::int64_t{3}, std::string(weight))})),
                    testing::HasSubstr("gives a weight"))
            << weight;
}

TEST(Decode, RowsThatComeTwiceCountOnce) {
    const topology::Topology topology =
        decode_topology(of_servers({server("a", "g"), server("b", "g"), server("a", "g")}));
    EXPECT_EQ(topology.group("g")->size(), 2u);
}

TEST(Decode, ColumnsAreFoundByName) {
    Dump dump;
    dump.servers.names = {"connections", "weight", "status",   "mode",
                          "port",        "host",   "group_id", "server_uuid"};
    dump.servers.rows = {{std::int64_t{9}, std::int64_t{2}, std::string("2"), std::int64_t{1},
                          std::string("3307"), std::string("h"), std::string("g"),
                          std::string("u")}};
    const topology::Server found = decode_topology(dump).group("g")->at(0);
    EXPECT_EQ(found.address(), "h:3307");
    EXPECT_EQ(found.status, topology::Status::secondary);
    EXPECT_EQ(found.mode, topology::ServerMode::read_only);
    EXPECT_EQ(found.weight, 2.0);
}

TEST(Decode, AStatusThatIsNotKnownIsNotForUse) {
    const topology::Topology topology = decode_topology(
        of_servers({server("a", "g", std::int64_t{1}, std::int64_t{3}, std::int64_t{4})}));
    EXPECT_EQ(topology.group("g")->at(0).status, topology::Status::spare);
}

TEST(Decode, ValuesThatCannotBeMeantAreRefused) {
    const std::int64_t ok = 1;
    const struct {
        topology::Row row;
        const char* column;
    } samples[] = {
        {server("a", "g", std::int64_t{0}), "port"},
        {server("a", "g", std::int64_t{65536}), "port"},
        {server("a", "g", std::string("x")), "port"},
        {server("a", "g", 1.5), "port"},
        {server("a", "g", ok, std::int64_t{4}), "mode"},
        {server("a", "g", ok, std::int64_t{-1}), "mode"},
        {server("a", "g", ok, ok, std::string("?")), "status"},
        {server("a", "g", ok, ok, ok, std::string("heavy")), "weight"},
        {server("a", "g", ok, ok, ok, true), "weight"},
    };
    for (const auto& [row, column] : samples)
        EXPECT_THAT(complaint(of_servers({row})),
                    testing::HasSubstr(std::string(column) + " in dump.servers"));
    Dump renamed = of_servers({server("a", "g")});
    renamed.servers.names[2] = "address";
    EXPECT_THAT(complaint(renamed), testing::HasSubstr("no column host in dump.servers"));
}

Dump with_map(const char* type, std::vector<std::string> bounds) {
    Dump dump = of_servers({server("a", "g1")});
    dump.shard_maps = {{"mapping_id", "type_name", "global_group_id"},
                       {{std::int64_t{1}, std::string(type), std::string("None")}}};
    dump.shard_index.names = {"lower_bound", "mapping_id", "shard_id", "group_id"};
    std::int64_t id = 0;
    for (const std::string& bound : bounds)
        dump.shard_index.rows.push_back(
            {bound, std::int64_t{1}, ++id, "gone" + std::to_string(id)});
    dump.shard_tables = {
        {"schema_name", "table_name", "column_name", "mapping_id"},
        {{std::string("shop"), std::string("T"), std::string("k"), std::int64_t{1}}}};
    return dump;
}

TEST(Decode, AShardWhoseGroupHasNoServersIsKept) {
    const topology::Topology topology = decode_topology(with_map("RANGE", {"1"}));
    EXPECT_EQ(topology.maps[topology.table("shop.t")->map].shards.at(0).group, "gone1");
    EXPECT_EQ(topology.group("gone1"), nullptr);
}

TEST(Decode, TheWordNoneIsAbsentWhereItCanBeAbsent) {
    const topology::Topology topology = decode_topology(with_map("RANGE_STRING", {"None"}));
    EXPECT_EQ(topology.maps[0].global_group, "");
    EXPECT_EQ(topology.maps[0].shards.at(0).lower_bound, "None");
}

TEST(Decode, AMapThatIsNotUnderstoodSpoilsNothingElse) {
    EXPECT_THAT(decode_topology(with_map("LIST", {"1"})).maps[0].problem,
                testing::HasSubstr("'LIST'"));
    EXPECT_THAT(decode_topology(with_map("RANGE", {"x"})).maps[0].problem,
                testing::HasSubstr("'x'"));
}

TEST(Decode, RowsOfMapsThatWereNotListedAreLeftOut) {
    Dump dump = with_map("RANGE", {"1"});
    dump.shard_index.rows.push_back(
        {std::string("5"), std::int64_t{11}, std::int64_t{9}, std::string("g")});
    dump.shard_tables.rows.push_back(
        {std::string("shop"), std::string("u"), std::string("k"), std::int64_t{11}});
    const topology::Topology topology = decode_topology(dump);
    EXPECT_EQ(topology.maps.at(0).shards.size(), 1u);
    EXPECT_EQ(topology.table("shop.u"), nullptr);
}

TEST(Decode, ANodeThatCannotListItsTablesStillServesGroups) {
    Dump dump = with_map("RANGE", {"1"});
    dump.shard_tables = {};
    dump.tables_error = "need more than 1 value to unpack";
    const topology::Topology topology = decode_topology(dump);
    EXPECT_TRUE(topology.group("g1"));
    EXPECT_THAT(topology.tables_problem, testing::HasSubstr("need more than 1 value to unpack"));
}

}  // namespace
}  // namespace myfabric::sources
