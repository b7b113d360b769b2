#include "sources/file_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sources/farm_file.h"
#include "topology/command_kind.h"

namespace myfabric::sources {
namespace {

using topology::Topology;

const topology::Topology& farm() {
    static const Topology topology = parse_farm(R"({"ttl": 9, "groups": {
      "global": {"servers": [{"uuid": "g1", "host": "h", "port": 1, "status": "PRIMARY"}]},
      "shard1": {"servers": [
        {"uuid": "s2", "host": "h", "port": 3, "status": "SECONDARY", "weight": 2.5},
        {"uuid": "s1", "host": "h", "port": 2, "status": "PRIMARY"},
        {"uuid": "s3", "host": "h", "port": 4, "status": "FAULTY"}]},
      "shard10": {"servers": []}},
      "shard_maps": [{"type": "RANGE", "global_group": "global",
        "tables": [{"name": "Shop.Orders", "column": "id"}],
        "shards": [{"id": 4, "lower_bound": 1, "group": "shard1"},
                   {"id": 5, "lower_bound": 1000, "group": "shard10", "enabled": false}]}]})");
    return topology;
}

std::vector<topology::ResultSet> answer(const std::string& command,
                                        const std::vector<topology::Value>& arguments) {
    return answer_from(farm(), "the farm file (FabricProtocol=file)", command, arguments)
        .result_sets;
}

const std::int64_t zero = 0, one = 1, two = 2, three = 3;
const std::vector<std::string> dump_names{"server_uuid", "group_id", "host",  "port",
                                          "mode",        "status",   "weight"};
const std::vector<std::string> lookup_names{"server_uuid", "address", "status", "mode", "weight"};
const std::vector<std::string> table_names{"mapping_id", "type_name", "table_name", "global_group",
                                           "column_name"};
const std::vector<std::string> map_names{"mapping_id", "type_name", "global_group_id"};
const std::vector<std::string> index_names{"lower_bound", "mapping_id", "shard_id", "group_id"};
const topology::Row s1{"s1", "h:2", "PRIMARY", "READ_WRITE", 1.0};
const topology::Row s2{"s2", "h:3", "SECONDARY", "READ_ONLY", 2.5};
const topology::Row s3{"s3", "h:4", "FAULTY", "OFFLINE", 1.0};

TEST(FileCommands, AnswerAsANodeDoes) {
    const struct {
        const char* command;
        std::vector<topology::Value> arguments;
        std::vector<std::string> names;
        std::vector<topology::Row> rows;
    } samples[] = {
        {"dump.servers",
         {zero, "SHARD1"},
         dump_names,
         {{"s2", "shard1", "h", three, one, two, 2.5},
          {"s1", "shard1", "h", two, three, three, 1.0}}},
        {"dump.servers",
         {zero, "glob%, nope"},
         dump_names,
         {{"g1", "global", "h", one, three, three, 1.0}}},
        {"dump.shard_maps", {}, map_names, {{one, "RANGE", "global"}}},
        {"dump.shard_index", {zero, "1"}, index_names, {{"1", one, std::int64_t{4}, "shard1"}}},
        {"dump.shard_index", {zero, "2"}, index_names, {}},
        {"dump.shard_tables",
         {},
         {"schema_name", "table_name", "column_name", "mapping_id"},
         {{"Shop", "Orders", "id", one}}},
        {"dump.sharding_information",
         {zero, "shop.order_"},
         {"schema_name", "table_name", "column_name", "lower_bound", "shard_id", "type_name",
          "group_id", "global_group"},
         {{"Shop", "Orders", "id", "1", std::int64_t{4}, "RANGE", "shard1", "global"}}},
        {"dump.fabric_nodes", {}, {"host", "port"}, {}},
        {"group.lookup_servers", {"shard1"}, lookup_names, {s1, s2, s3}},
        {"group.lookup_servers", {"shard1", std::monostate{}, "secondary"}, lookup_names, {s2}},
        {"group.lookup_servers", {"shard1", "h:4"}, lookup_names, {s3}},
        {"group.lookup_groups",
         {"shard1"},
         {"group_id", "description", "failure_detector", "master_uuid"},
         {{"shard1", "None", false, "s1"}}},
        {"sharding.lookup_servers", {"SHOP.orders", "999", "local"}, lookup_names, {s1, s2, s3}},
        {"sharding.lookup_servers",
         {one, "", "GLOBAL"},
         lookup_names,
         {{"g1", "h:1", "PRIMARY", "READ_WRITE", 1.0}}},
        {"sharding.lookup_table", {"nope.t"}, table_names, {{"", "", "", "", ""}}},
        {"sharding.list_tables",
         {"range"},
         table_names,
         {{one, "RANGE", "Shop.Orders", "global", "id"}}},
        {"sharding.list_definitions", {}, map_names, {{one, "RANGE", "global"}}},
    };
    for (const auto& [command, arguments, names, rows] : samples) {
        const std::vector<topology::ResultSet> sets = answer(command, arguments);
        ASSERT_EQ(sets.size(), 1u) << command;
        EXPECT_EQ(sets[0].names, names) << command;
        EXPECT_EQ(sets[0].rows, rows) << command;
    }
    EXPECT_TRUE(answer("manage.ping", {}).empty());
    EXPECT_EQ(answer_from(farm(), "f", "manage.ping", {}).ttl, 9);
}

TEST(FileCommands, ArgumentsThatLeadNowhereAreRefusedInANodesWords) {
    const struct {
        const char* command;
        std::vector<topology::Value> arguments;
        const char* reason;
    } samples[] = {
        {"group.lookup_servers", {"nope"}, "Group (nope) does not exist."},
        {"group.lookup_groups", {"nope"}, "Group (nope) does not exist."},
        {"sharding.lookup_servers", {"a.b", "1"}, "Table name a.b not found"},
        {"sharding.lookup_servers", {"shop.orders", "0"}, "Invalid Key 0"},
        {"sharding.lookup_servers", {"shop.orders", "x"}, "Invalid Key x"},
        {"sharding.lookup_servers", {"shop.orders", "1000"}, "Shard not enabled"},
        {"sharding.lookup_servers", {"shop.orders", "1", "NEAR"}, "Unknown lookup hint (NEAR)."},
        {"sharding.lookup_servers", {"shop.orders", "1", "GLOBAL"}, "list index out of range"},
    };
    for (const auto& [command, arguments, reason] : samples) {
        try {
            answer(command, arguments);
            ADD_FAILURE() << command;
        } catch (const topology::CommandFailed& error) {
            EXPECT_EQ(error.reason, reason);
            EXPECT_EQ(error.command, command);
        }
    }
}

TEST(FileCommands, WhatAFileCannotDoNamesTheProtocol) {
    for (const char* command : {"group.create", "threat.report_error", "nonsense", ""}) {
        try {
            answer(command, {});
            ADD_FAILURE() << command;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "HYC00");
            EXPECT_THAT(error.message(), testing::HasSubstr("FabricProtocol=file"));
        }
    }
    EXPECT_THROW(answer("sharding.lookup_servers", {"shop.orders"}), Error);
    EXPECT_THROW(answer("manage.ping", {"x"}), Error);
}

TEST(Commands, AreKnownByWhatTheyDo) {
    const struct {
        const char* command;
        topology::CommandKind kind;
    } samples[] = {
        {"dump.servers", topology::CommandKind::reads},
        {"DUMP.SERVERS", topology::CommandKind::reads},
        {"group.lookup_servers", topology::CommandKind::reads},
        {"group.health", topology::CommandKind::reads},
        {"server.lookup_uuid", topology::CommandKind::reads},
        {"sharding.list_tables", topology::CommandKind::reads},
        {"statistics.node", topology::CommandKind::reads},
        {"manage.ping", topology::CommandKind::reads},
        {"event.wait_for_procedures", topology::CommandKind::reads},
        {"threat.report_error", topology::CommandKind::reports},
        {"threat.report_failure", topology::CommandKind::reports},
        {"group.create", topology::CommandKind::administers},
        {"sharding.split_shard", topology::CommandKind::administers},
        {"manage.stop", topology::CommandKind::administers},
        {"event.trigger", topology::CommandKind::administers},
        {"dump", topology::CommandKind::administers},
        {"", topology::CommandKind::administers},
    };
    for (const auto& [command, kind] : samples)
        EXPECT_EQ(topology::command_kind(command), kind) << command;
}

}  // namespace
}  // namespace myfabric::sources
