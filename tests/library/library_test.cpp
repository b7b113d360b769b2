// The Fabric client library over each source: a node by XML-RPC and by its MySQL protocol,
// fabric-sql on a real server, a farm file. Real servers stand behind all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <myfabric/fabric.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include "support/folders.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Farm& farm() {
    static const Farm farm("--no-activate");
    return farm;
}

nlohmann::json farm_file() {
    std::ifstream file(farm().description()["farm_file"].get<std::string>());
    return nlohmann::json::parse(file);
}

std::string address(const nlohmann::json& server) {
    return server["host"].get<std::string>() + ":" + std::to_string(server["port"].get<int>());
}

/// The farm's description once more, as fabric-sql on a server: made by the client itself.
const FabricConfig& fabric_sql() {
    static const FabricConfig config = [] {
        const nlohmann::json& at = server();
        FabricConfig made;
        made.protocol = "mysql";
        made.host = "127.0.0.1";
        made.port = at["port"];
        made.user = at["user"];
        made.password = at["password"];
        output_of("mariadb --no-defaults --skip-ssl -h127.0.0.1 -P" + std::to_string(made.port) +
                  " -u" + made.user + " -p" + made.password + " < " +
                  tests_file("../packaging/fabric-sql.sql") + " 2>&1");
        Fabric fabric(made);
        const nlohmann::json file = farm_file();
        for (const auto& [group, entry] : file["groups"].items()) {
            fabric.create_group(group, "the group " + group);
            for (const auto& server : entry["servers"]) {
                const std::string uuid = server["uuid"];
                fabric.execute("group.add", {group, address(server), uuid});
                if (server["status"] == "PRIMARY") fabric.promote_server(group, uuid);
            }
        }
        for (const auto& map : file["shard_maps"]) {
            const auto defined = fabric.execute(
                "sharding.create_definition",
                {map["type"].get<std::string>(), map["global_group"].get<std::string>()});
            const Value mapping = *defined.front().find(0, "result");
            for (const auto& table : map["tables"])
                fabric.execute("sharding.add_table", {mapping, table["name"].get<std::string>(),
                                                      table["column"].get<std::string>()});
            std::string shards;
            for (const auto& shard : map["shards"]) {
                shards += (shards.empty() ? "" : ",") + shard["group"].get<std::string>();
                if (map["type"] != "HASH") shards += "/" + shard["lower_bound"].get<std::string>();
            }
            fabric.execute("sharding.add_shard", {mapping, shards, "ENABLED"});
        }
        return made;
    }();
    return config;
}

class Client : public testing::TestWithParam<const char*> {
protected:
    std::string source() const { return GetParam(); }
    bool is_file() const { return source() == "file"; }

    FabricConfig config(bool admin = true) const {
        if (source() == "fabric_sql") return fabric_sql();
        const nlohmann::json& node = farm().description()["fabric"];
        FabricConfig config;
        config.protocol = source();
        config.host = is_file() ? farm().description()["farm_file"].get<std::string>()
                                : node["host"].get<std::string>();
        config.port = source() == "mysql" ? node["mysql_port"] : node["port"];
        config.user = node[admin ? "admin_user" : "user"];
        config.password = node[admin ? "admin_password" : "password"];
        return config;
    }
    ConnectionConfig login() const {
        ConnectionConfig login;
        login.user = farm().description()["user"];
        login.password = farm().description()["password"];
        login.database = farm().description()["database"];
        return login;
    }
};

INSTANTIATE_TEST_SUITE_P(, Client, testing::Values("xmlrpc", "mysql", "fabric_sql", "file"),
                         [](const auto& tested) { return std::string(tested.param); });

std::vector<std::string> addresses(const std::vector<ServerInfo>& servers) {
    std::vector<std::string> result;
    for (const ServerInfo& server : servers) result.push_back(server.address());
    return result;
}

FabricError error_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const FabricError& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {"", "", "", 0};
}

TEST_P(Client, GroupsGiveTheirServers) {
    Fabric fabric(config());
    EXPECT_FALSE(fabric.is_connected());
    fabric.connect();
    EXPECT_TRUE(fabric.is_connected());
    const std::string primary = farm().address("shard1", "PRIMARY");
    const std::string secondary = farm().address("shard1", "SECONDARY");
    std::vector<std::string> both{primary, secondary};
    std::ranges::sort(both);
    EXPECT_EQ(addresses(fabric.get_group_servers("shard1")), both);
    const ServerInfo writer = fabric.get_group_server("shard1");
    EXPECT_EQ(writer.address(), primary);
    EXPECT_EQ(writer.group, "shard1");
    EXPECT_EQ(writer.status, ServerStatus::primary);
    EXPECT_EQ(writer.mode, ServerMode::read_write);
    EXPECT_EQ(writer.weight, 1.0);
    EXPECT_FALSE(writer.uuid.empty());
    EXPECT_EQ(fabric.get_group_server("shard1", MODE_READONLY).address(), secondary);
    fabric.disconnect();
    EXPECT_FALSE(fabric.is_connected());
    EXPECT_EQ(addresses(fabric.get_group_servers("shard1")), both);  // connects by itself
}

TEST_P(Client, KeysLeadToTheirShards) {
    Fabric fabric(config(false));  // a connector may do all of this
    using std::chrono::year_month_day;
    const struct {
        const char* table;
        ShardKey key;
        const char* group;
    } samples[] = {
        {"shop.orders", 1, "shard1"},
        {"SHOP.Orders", "1000", "shard1"},
        {"shop.orders", 1001L, "shard2"},
        {"shop.orders", std::string("1e3"), "shard1"},
        {"shop.sessions", "abc", "shard2"},
        {"shop.events", year_month_day(std::chrono::year(2014) / 12 / 31), "shard1"},
    };
    for (const auto& [table, key, group] : samples) {
        const auto servers = fabric.lookup_servers({table}, key);
        ASSERT_FALSE(servers.empty());
        if (std::string(table) == "shop.orders") {
            EXPECT_EQ(servers.front().group, group);
        }
        const auto writers = fabric.lookup_servers({table}, key, {}, MODE_READWRITE);
        ASSERT_EQ(writers.size(), 1u);
        EXPECT_EQ(writers.front().status, ServerStatus::primary);
    }
    EXPECT_EQ(fabric.lookup_servers({"shop.orders"}).front().group, "global");
    EXPECT_EQ(fabric.lookup_servers({}, std::nullopt, "shard2", MODE_READONLY).size(), 2u);
}

TEST_P(Client, ShardingInformationListsTheShardsOfEachTable) {
    Fabric fabric(config(false));
    const auto orders = fabric.get_sharding_information({"SHOP.orders"});
    ASSERT_EQ(orders.size(), 2u);
    EXPECT_EQ(orders[0].schema, "shop");
    EXPECT_EQ(orders[0].table, "orders");
    EXPECT_EQ(orders[0].column, "customer_id");
    EXPECT_EQ(orders[0].sharding_key, "customer_id");
    EXPECT_EQ(orders[0].sharding_type, "RANGE");
    EXPECT_EQ(orders[0].lower_bound, "1");
    EXPECT_EQ(orders[0].group_id, "shard1");
    EXPECT_EQ(orders[0].global_group, "global");
    EXPECT_EQ(orders[0].state, "ENABLED");
    EXPECT_GT(orders[0].shard_id, 0);
    EXPECT_EQ(orders[1].lower_bound, "1001");
    const auto global = fabric.get_sharding_information({"shop.orders"}, SCOPE_GLOBAL);
    ASSERT_EQ(global.size(), 1u);
    EXPECT_EQ(global[0].group_id, "global");
    EXPECT_EQ(global[0].shard_id, 0);
    std::set<std::string> tables;
    for (const ShardingInfo& info : fabric.get_sharding_information()) tables.insert(info.table);
    EXPECT_THAT(tables, testing::IsSupersetOf({"orders", "sessions", "events", "users"}));
}

TEST_P(Client, WhatTheFarmDoesNotHaveIsAnErrorThatNamesIt) {
    Fabric fabric(config());
    const struct {
        std::function<void()> body;
        const char* says;
    } samples[] = {
        {[&] { fabric.get_group_servers("nowhere"); }, "no group 'nowhere'"},
        {[&] { fabric.get_group_server("nowhere"); }, "no group 'nowhere'"},
        {[&] { fabric.get_group_server("shard1", 9); }, "mode 9"},
        {[&] { fabric.lookup_servers({"shop.nothing"}, 1); }, "no table 'shop.nothing'"},
        {[&] { fabric.lookup_servers({"shop.orders"}, 0); }, "below the lowest bound '1'"},
        {[&] { fabric.lookup_servers({"shop.orders"}, "x"); }, "not an integer"},
        {[&] { fabric.lookup_servers({}, 1); }, "neither Group nor Tables"},
        {[&] { fabric.get_sharding_information({"a.b"}); }, "no table 'a.b'"},
        {[&] { fabric.get_sharding_information({}, "NEAR"); }, "Scope is 'NEAR'"},
        {[&] { fabric.set_server_weight("u", 0); }, "above 0"},
    };
    for (const auto& [body, says] : samples) EXPECT_THAT(error_of(body).what(), HasSubstr(says));
}

TEST_P(Client, CommandsGiveTheirResultSetsWithNamesAndTypes) {
    Fabric fabric(config());
    const auto groups = fabric.execute("group.lookup_groups", {"shard1"});
    ASSERT_EQ(groups.size(), 1u);
    EXPECT_THAT(groups[0].names,
                ElementsAre("group_id", "description", "failure_detector", "master_uuid"));
    ASSERT_EQ(groups[0].rows.size(), 1u);
    EXPECT_EQ(*groups[0].find(0, "group_id"), Value("shard1"));
    EXPECT_EQ(*groups[0].find(0, "failure_detector"), Value(false));
    EXPECT_EQ(groups[0].find(0, "nothing"), nullptr);
    EXPECT_EQ(groups[0].find(1, "group_id"), nullptr);
    EXPECT_TRUE(fabric.execute("manage.ping").empty());
    const auto servers = fabric.execute("dump.servers", {std::int64_t{0}, "shard1"});
    EXPECT_TRUE(std::holds_alternative<std::int64_t>(*servers.at(0).find(0, "port")));
    EXPECT_TRUE(std::holds_alternative<double>(*servers.at(0).find(0, "weight")));
    if (is_file()) return;
    const auto health = fabric.execute("group.health", {"shard1"});
    ASSERT_EQ(health.size(), 2u);
    EXPECT_EQ(*health[0].find(0, "is_alive"), Value(true));
    EXPECT_THAT(health[1].names, ElementsAre("issue"));
}

TEST_P(Client, RefusalsCarryTheFarmsWordsCommandAndCode) {
    Fabric fabric(config());
    if (is_file()) {
        const FabricError error = error_of([&] { fabric.create_group("x"); });
        EXPECT_EQ(error.command(), "group.create");
        EXPECT_THAT(error.what(), HasSubstr("FabricProtocol=file"));
        EXPECT_THROW(fabric.report_error("u", 2003), FabricError);
        return;
    }
    const FabricError taken = error_of([&] { fabric.create_group("shard1"); });
    EXPECT_EQ(taken.message(), "GroupError: Group (shard1) already exists.");
    EXPECT_EQ(taken.command(), "group.create");
    EXPECT_EQ(taken.code(), source() == "fabric_sql" ? 1644 : 0);
    EXPECT_THAT(taken.what(), HasSubstr("group.create"));
    EXPECT_THAT(error_of([&] { fabric.destroy_group("shard1"); }).message(),
                HasSubstr("associated servers"));
    EXPECT_THAT(error_of([&] { fabric.remove_server("no-such-uuid"); }).what(),
                HasSubstr("no server no-such-uuid"));
    const FabricError unknown = error_of([&] { fabric.execute("no.such", {}); });
    EXPECT_EQ(unknown.command(), "no.such");
    EXPECT_NE(unknown.code(), 0);
}

TEST_P(Client, WrongPasswordsMissingRightsAndDeadNodesAreToldApart) {
    if (is_file()) {
        FabricConfig config = this->config();
        config.host += ".none";
        EXPECT_THAT(error_of([&] { Fabric(config).connect(); }).what(), HasSubstr("No such file"));
        return;
    }
    FabricConfig wrong = config();
    wrong.password = "very secret";
    const FabricError refused = error_of([&] { Fabric(wrong).connect(); });
    EXPECT_THAT(refused.what(), HasSubstr("refused the Fabric user"));
    EXPECT_THAT(refused.what(), testing::Not(HasSubstr("very secret")));
    EXPECT_EQ(refused.code(), source() == "xmlrpc" ? 400 : source() == "mysql" ? 1044 : 1045);
    FabricConfig dead = config();
    dead.host = "127.0.0.1:1";
    dead.connection_attempts = 1;
    EXPECT_THAT(error_of([&] { Fabric(dead).connect(); }).what(), HasSubstr("127.0.0.1:1"));
    dead.host += ",127.0.0.1:" + std::to_string(config().port);
    EXPECT_NO_THROW(Fabric(dead).connect());  // the next node is asked
    if (source() == "fabric_sql") return;
    const FabricError denied =
        error_of([&] { Fabric(config(false)).create_group("not-for-connectors"); });
    EXPECT_THAT(denied.what(), HasSubstr("no right to run group.create"));
    EXPECT_EQ(denied.code(), source() == "xmlrpc" ? 403 : 1370);
}

TEST_P(Client, FarmsAreAdministered) {
    if (is_file()) return;  // see RefusalsCarryTheFarmsWordsCommandAndCode
    Fabric fabric(config());
    const ServerInfo moved = fabric.get_group_server("shard1", MODE_READONLY);

    fabric.remove_server(moved.uuid);
    EXPECT_EQ(fabric.get_group_servers("shard1").size(), 1u);
    fabric.create_group("fresh", "it's new");
    const ServerInfo added = fabric.add_server("fresh", moved.address(), 2.5);
    EXPECT_EQ(added.status, ServerStatus::secondary);
    EXPECT_EQ(added.weight, 2.5);
    EXPECT_THAT(error_of([&] { fabric.get_group_server("fresh"); }).what(),
                HasSubstr("no server for READWRITE"));
    fabric.promote_server("fresh");
    EXPECT_EQ(fabric.get_group_server("fresh").address(), moved.address());
    fabric.set_server_weight(added.uuid, 0.5);
    EXPECT_EQ(fabric.get_group_server("fresh").weight, 0.5);

    // A new definition is routed to at once.
    const auto defined = fabric.execute("sharding.create_definition", {"RANGE", "global"});
    const Value mapping = *defined.at(0).find(0, "result");
    ASSERT_TRUE(std::holds_alternative<std::int64_t>(mapping));
    fabric.execute("sharding.add_table", {mapping, "shop.fresh", "id"});
    EXPECT_THROW(fabric.lookup_servers({"shop.fresh"}, 5), FabricError);
    fabric.execute("sharding.add_shard", {mapping, "shard1/1,fresh/100", "ENABLED"});
    EXPECT_EQ(fabric.lookup_servers({"shop.fresh"}, 5).front().group, "shard1");
    EXPECT_EQ(fabric.lookup_servers({"shop.fresh"}, 500).front().group, "fresh");
    for (const ShardingInfo& shard : fabric.get_sharding_information({"shop.fresh"})) {
        fabric.execute("sharding.disable_shard", {std::int64_t{shard.shard_id}});
        fabric.execute("sharding.remove_shard", {std::int64_t{shard.shard_id}});
    }
    fabric.execute("sharding.remove_table", {"shop.fresh"});
    fabric.execute("sharding.remove_definition", {mapping});

    // A faulty server is in no dump, and is found all the same.
    fabric.execute("group.demote", {"fresh"});
    fabric.report_error(added.uuid, 2003, "it's down");
    EXPECT_EQ(fabric.get_group_servers("fresh").size(), 1u);
    fabric.report_failure(added.uuid);
    EXPECT_TRUE(fabric.get_group_servers("fresh").empty());
    fabric.remove_server(added.uuid);
    fabric.destroy_group("fresh");
    EXPECT_EQ(fabric.add_server("shard1", moved.address()).weight, 1.0);
}

TEST_P(Client, ConnectionsFollowTheirTarget) {
    Fabric fabric(config());
    ConnectionConfig login = this->login();
    login.group = "shard1";
    FabricConnection connection(fabric, login);
    EXPECT_FALSE(connection.is_connected());
    EXPECT_EQ(connection.get_server_uuid(), "");
    EXPECT_EQ(connection.group(), "shard1");
    connection.connect();
    EXPECT_TRUE(connection.is_connected());
    const auto here = [&] {
        return *connection.query("SELECT group_id FROM whereami")[0].find(0, "group_id");
    };
    const auto port = [&] {
        return std::get<std::int64_t>(connection.query("SELECT @@port p")[0].rows[0][0]);
    };
    EXPECT_EQ(here(), Value("shard1"));
    EXPECT_EQ(connection.get_server_uuid(), fabric.get_group_server("shard1").uuid);
    EXPECT_EQ(port(), connection.server()->port);

    connection.set_property("group", "shard2");
    EXPECT_EQ(here(), Value("shard2"));
    connection.set_property("Tables", "shop.orders");
    connection.set_property("key", "7");
    EXPECT_EQ(here(), Value("shard1"));
    EXPECT_EQ(connection.group(), "shard1");
    EXPECT_EQ(connection.mode(), MODE_READWRITE);
    connection.set_property("mode", "READONLY");
    EXPECT_EQ(connection.mode(), MODE_READONLY);
    EXPECT_EQ(port(), fabric.get_group_server("shard1", MODE_READONLY).port);
    const std::string before = connection.get_server_uuid();
    connection.failover();
    EXPECT_NE(connection.get_server_uuid(), before);
    EXPECT_EQ(here(), Value("shard1"));

    connection.reset_cache();
    connection.query("BEGIN");
    EXPECT_THROW(connection.set_property("group", "shard2"), FabricError);
    EXPECT_THROW(connection.failover(), FabricError);
    connection.query("ROLLBACK");
    EXPECT_THROW(connection.set_property("colour", "blue"), FabricError);
    EXPECT_THROW(connection.set_property("mode", "sideways"), FabricError);
    EXPECT_THROW(connection.set_property("attempts", "many"), FabricError);
    EXPECT_EQ(error_of([&] { connection.query("SELEC 1"); }).code(), 1064);
    if (!is_file()) connection.report_connection_error(2013, "lost");
    connection.disconnect();
    EXPECT_FALSE(connection.is_connected());
    EXPECT_EQ(connection.fabric().name(), fabric.name());
}

TEST_P(Client, ManyThreadsShareOneFarm) {
    const Fabric fabric(config());
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, copy = fabric]() mutable {
            for (int n = 0; n < 200; ++n) {
                wrong += copy.lookup_servers({"shop.orders"}, n + 1).front().group != "shard1";
                if (n % 50 == 49) copy.disconnect();
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

TEST(ClientTime, NodesThatHangAreGivenUpInTime) {
    const BadNode hanging("hang-accept");
    for (const char* protocol : {"xmlrpc", "mysql"}) {
        FabricConfig config;
        config.host = "127.0.0.1";
        config.port = static_cast<unsigned>(hanging.port());
        config.protocol = protocol;
        config.connection_timeout = 1;
        config.connection_attempts = 1;
        const auto start = std::chrono::steady_clock::now();
        EXPECT_THROW(Fabric(config).connect(), FabricError) << protocol;
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << protocol;
    }
}

TEST(ClientTime, CommandsThatTakeTooLongAreGivenUpInTime) {
    FabricConfig config = fabric_sql();
    config.connection_timeout = 1;
    output_of("mariadb --no-defaults --skip-ssl -h127.0.0.1 -P" + std::to_string(config.port) +
              " -u" + config.user + " -p" + config.password +
              " -e 'CREATE OR REPLACE PROCEDURE dump.slow() SELECT SLEEP(30)' 2>&1");
    const auto start = std::chrono::steady_clock::now();
    const FabricError error = error_of([&] { Fabric(config).execute("dump.slow"); });
    EXPECT_THAT(error.what(), HasSubstr("did not answer within 1 s"));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(ClientConfig, WhatCannotBeMeantIsRefusedAtOnce) {
    FabricConfig config;
    EXPECT_THROW(Fabric{config}, FabricError);
    config.host = "node:99999";
    EXPECT_THROW(Fabric{config}, FabricError);
    config.host = "node";
    config.protocol = "soap";
    EXPECT_THROW(Fabric{config}, FabricError);
}

TEST(ShardKeys, AreWrittenAsFabricComparesThem) {
    using namespace std::chrono;
    EXPECT_EQ(ShardKey(42).text(), "42");
    EXPECT_EQ(ShardKey(-7L).text(), "-7");
    EXPECT_EQ(ShardKey(18446744073709551615u).text(), "18446744073709551615");
    EXPECT_EQ(ShardKey("a b").text(), "a b");
    EXPECT_EQ(ShardKey(year_month_day(year(2015) / 6 / 1)).text(), "2015-06-01");
    const sys_seconds moment = sys_days(year(2015) / 6 / 1) + hours(3) + minutes(4) + seconds(5);
    EXPECT_EQ(ShardKey(moment).text(), "2015-06-01 03:04:05");
}

}  // namespace
}  // namespace myfabric::test
