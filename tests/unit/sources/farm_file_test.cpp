#include "sources/farm_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "topology/shard_key.h"

namespace myfabric::sources {
namespace {

constexpr const char* whole = R"({
  "ttl": 3,
  "groups": {
    "global": {"servers": [{"uuid": "u0", "host": "db0", "port": 3310, "status": "PRIMARY"}]},
    "shard1": {"servers": [
      {"uuid": "u1", "host": "db1", "status": "primary", "mode": "READ_WRITE", "weight": 2},
      {"host": "db2", "port": 3307, "status": 2, "mode": 1, "weight": 0.5}]},
    "empty": {"servers": []}
  },
  "shard_maps": [
    {"type": "RANGE", "global_group": "global",
     "tables": [{"name": "shop.Orders", "column": "customer_id"}, {"name": "shop.lines"}],
     "shards": [{"id": 7, "lower_bound": 1001, "group": "shard1"},
                {"lower_bound": "1", "group": "empty", "enabled": false}]},
    {"type": "HASH", "tables": [{"name": "shop.sessions"}], "shards": [{"group": "shard1"}]}
  ]
})";

TEST(FarmFileText, DescribesAFarm) {
    const topology::Topology topology = parse_farm(whole);
    EXPECT_EQ(topology.ttl.count(), 3);
    EXPECT_EQ(topology.groups.size(), 3u);
    const std::vector<topology::Server>& shard1 = *topology.group("shard1");
    ASSERT_EQ(shard1.size(), 2u);
    EXPECT_EQ(shard1[0].address(), "db1:3306");
    EXPECT_EQ(shard1[0].status, topology::Status::primary);
    EXPECT_EQ(shard1[0].weight, 2.0);
    EXPECT_EQ(shard1[1].uuid, "db2:3307");
    EXPECT_EQ(shard1[1].status, topology::Status::secondary);
    EXPECT_EQ(shard1[1].mode, topology::ServerMode::read_only);
    EXPECT_EQ(topology.group("global")->at(0).mode, topology::ServerMode::read_write);

    const topology::Table& orders = *topology.table("shop.orders");
    EXPECT_EQ(orders.column, "customer_id");
    const topology::ShardMap& map = topology.maps[orders.map];
    ASSERT_EQ(map.shards.size(), 2u);
    EXPECT_EQ(map.shards[0].lower_bound, "1");
    EXPECT_FALSE(map.shards[0].enabled);
    EXPECT_EQ(map.shards[1].id, 7);
    EXPECT_EQ(topology.table("shop.lines")->map, orders.map);

    const topology::ShardMap& sessions = topology.maps[topology.table("shop.sessions")->map];
    EXPECT_EQ(sessions.shards.at(0).text, topology::md5("shard1"));
}

std::string complaint(const std::string& text) {
    try {
        parse_farm(text);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

std::string with_servers(const std::string& servers) {
    return R"({"groups": {"g": {"servers": [)" + servers + "]}}}";
}

std::string with_map(const std::string& map) {
    return R"({"groups": {"g": {"servers": []}}, "shard_maps": [)" + map + "]}";
}

std::string with_shards(const std::string& type, const std::string& shards) {
    return with_map(R"({"type": ")" + type + R"(", "tables": [], "shards": [)" + shards + "]}");
}

TEST(FarmFileText, WhatIsWrongIsNamedWithItsPlace) {
    const struct {
        std::string text;
        const char* expected;
    } samples[] = {
        {"", "line 1, column 1"},
        {"groups: {}", "line 1, column 1"},
        {"[]", "the farm is an array, not an object"},
        {"{}", "lacks the key 'groups'"},
        {R"({"groups": {}, "gruops": {}})",
         "gruops is not a known key; use ttl, groups, shard_maps"},
        {"{\"groups\": {\"a\": {\"servers\": []},\n \"a\": {\"servers\": []}}}",
         "line 2, column 4: the key 'a' comes twice"},
        {R"({"ttl": "1", "groups": {}})", "ttl is a string, not an integer"},
        {R"({"ttl": -1, "groups": {}})", "ttl is -1, not from 0"},
        {R"({"groups": {"g": {}}})", "groups.g lacks the key 'servers'"},
        {R"({"groups": {"g": []}})", "groups.g is an array, not an object"},
        {R"({"groups": {"": {"servers": []}}})", "empty name"},
        {with_servers(R"({"status": 3})"), "groups.g.servers[0] lacks the key 'host'"},
        {with_servers(R"({"host": "h"})"), "lacks the key 'status'"},
        {with_servers(R"({"host": "", "status": 3})"), "servers[0].host is empty"},
        {with_servers(R"({"host": 5, "status": 3})"),
         "servers[0].host is an integer, not a string"},
        {with_servers(R"({"host": "h", "port": 0, "status": 3})"),
         "port is 0, not from 1 to 65535"},
        {with_servers(R"({"host": "h", "port": "3306", "status": 3})"), "port is a string"},
        {with_servers(R"({"host": "h", "status": "MASTER"})"),
         "status is 'MASTER'; use one of FAULTY, SPARE, SECONDARY, PRIMARY"},
        {with_servers(R"({"host": "h", "status": 4})"), "status is 4"},
        {with_servers(R"({"host": "h", "status": 3, "mode": "RW"})"),
         "mode is 'RW'; use one of OFFLINE"},
        {with_servers(R"({"host": "h", "status": 3, "weight": -1})"), "weight is below 0"},
        {with_servers(R"({"host": "h", "status": 3, "weight": "1"})"), "weight is a string"},
        {with_servers(R"({"host": "h", "status": 3, "wieght": 1})"),
         "servers[0].wieght is not a known key"},
        {with_servers(R"({"host": "h", "status": 3}, {"host": "h", "status": 2})"),
         "servers[1] is the server 'h:3306', which is listed before"},
        {with_map(R"({"tables": []})"), "shard_maps[0] lacks the key 'type'"},
        {with_map(R"({"type": "LIST", "tables": []})"), "type is 'LIST'; use RANGE"},
        {with_map(R"({"type": "HASH"})"), "lacks the key 'tables'"},
        {with_map(R"({"type": "HASH", "tables": [], "global_group": "x"})"),
         "global_group names the group 'x', which is not in groups"},
        {with_map(R"({"type": "HASH", "tables": [{"name": "orders"}]})"),
         "not written as database.table"},
        {with_map(R"({"type": "HASH", "tables": [{"name": "a.b"}, {"name": "A.B"}]})"),
         "tables[1] is the table 'A.B', which is listed before"},
        {with_shards("RANGE", R"({"lower_bound": "1", "group": "x"})"),
         "shards[0].group names the group 'x'"},
        {with_shards("RANGE", R"({"lower_bound": "1"})"), "lacks the key 'group'"},
        {with_shards("RANGE", R"({"group": "g"})"),
         "lacks the key 'lower_bound', which RANGE needs"},
        {with_shards("RANGE", R"({"group": "g", "lower_bound": "a"})"),
         "is 'a', which does not fit the type RANGE"},
        {with_shards("RANGE", R"({"group": "g", "lower_bound": 1.5})"), "lower_bound is a number"},
        {with_shards("RANGE_DATETIME", R"({"group": "g", "lower_bound": "2015-02-30"})"),
         "does not fit"},
        {with_shards("HASH", R"({"group": "g", "lower_bound": "ab"})"), "does not fit"},
        {with_shards("HASH", R"({"group": "g", "enabled": 1})"),
         "enabled is an integer, not true or false"},
        {with_shards("RANGE",
                     R"({"group": "g", "lower_bound": 1}, {"group": "g", "lower_bound": "1"})"),
         "same lower bound as shard 1"},
        {with_shards(
             "RANGE",
             R"({"id": 3, "group": "g", "lower_bound": 1}, {"id": 3, "group": "g", "lower_bound": 2})"),
         "id 3, which is taken"},
    };
    for (const auto& [text, expected] : samples) {
        EXPECT_THAT(complaint(text), testing::HasSubstr(expected)) << text;
        EXPECT_THAT(complaint(text), testing::StartsWith("line ")) << text;
    }
}

class FarmFileOnDisk : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "farm-file-XXXXXX").string();
        ASSERT_TRUE(mkdtemp(pattern.data()));
        directory_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }

    std::string path() const { return directory_ / "farm.json"; }
    void write(const std::string& text) const {
        const std::string fresh = directory_ / "fresh";
        std::ofstream(fresh) << text;
        std::filesystem::rename(fresh, path());
    }
    std::string error(FarmFile& file) const {
        try {
            file.load();
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "08001");
            return error.message();
        }
        return "";
    }

    std::filesystem::path directory_;
};

TEST_F(FarmFileOnDisk, IsReadAgainWhenItHasChanged) {
    write(with_servers(R"({"host": "a", "status": 3})"));
    FarmFile file(path());
    EXPECT_EQ(file.load().group("g")->at(0).host, "a");
    EXPECT_EQ(file.load().group("g")->at(0).host, "a");
    write(with_servers(R"({"host": "b", "status": 3})"));
    EXPECT_EQ(file.load().group("g")->at(0).host, "b");
}

TEST_F(FarmFileOnDisk, ErrorsNameTheFile) {
    FarmFile file(path());
    EXPECT_EQ(error(file),
              "the farm file '" + path() + "' cannot be used: No such file or directory");
    write("{\"groups\": 5}");
    EXPECT_THAT(error(file), testing::AllOf(testing::HasSubstr(path()),
                                            testing::HasSubstr("groups is an integer")));
    FarmFile folder{directory_.string()};
    EXPECT_THAT(error(folder), testing::HasSubstr("it is not a file"));
    EXPECT_THROW(FarmFile(""), Error);
}

TEST(FarmFile, AGroupMayNameItsSourceAndSeeds) {
    const topology::Topology topology = parse_farm(
        R"({"groups": {"east": {"source": "GALERA", "seeds": ["db1", "[::1]:3307"]},
                       "west": {"servers": [{"host": "db9", "status": "PRIMARY"}]}}})");
    ASSERT_TRUE(topology.origins.contains("east"));
    EXPECT_EQ(topology.origins.at("east").source, "galera");
    EXPECT_EQ(topology.origins.at("east").seeds, (std::vector<std::string>{"db1", "[::1]:3307"}));
    EXPECT_TRUE(topology.group("east")->empty());
    EXPECT_FALSE(topology.origins.contains("west"));
    EXPECT_EQ(farm_text(parse_farm(farm_text(topology))), farm_text(topology));
    const struct {
        const char* group;
        const char* message;
    } wrong[] = {
        {R"({"source": "mongo", "seeds": ["a"]})", "use replication, galera or group_replication"},
        {R"({"source": "galera"})", "lacks the key 'seeds'"},
        {R"({"source": "galera", "seeds": []})", "groups.g.seeds is empty"},
        {R"({"source": "galera", "seeds": ["a b"]})", "groups.g.seeds[0] is 'a b'"},
        {R"({"source": "galera", "seeds": ["a"], "servers": []})", "has both servers and a source"},
        {R"({"seeds": ["a"]})", "groups.g.seeds is given without a source"},
    };
    for (const auto& [group, message] : wrong) {
        try {
            parse_farm(R"({"groups": {"g": )" + std::string(group) + "}}");
            ADD_FAILURE() << group;
        } catch (const std::runtime_error& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr(message)) << group;
        }
    }
}

}  // namespace
}  // namespace myfabric::sources
