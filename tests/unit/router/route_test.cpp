#include "router/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "sources/farm_file.h"

namespace myfabric::router {
namespace {

topology::Topology farm() {
    topology::Topology topology = sources::parse_farm(R"({
      "groups": {"global": {"servers": []}, "shard1": {"servers": []}, "shard2": {"servers": []},
                 "shard3": {"servers": []}},
      "shard_maps": [
        {"type": "RANGE", "global_group": "global",
         "tables": [{"name": "shop.orders"}, {"name": "shop.lines"}],
         "shards": [{"id": 1, "lower_bound": 1, "group": "shard1"},
                    {"id": 2, "lower_bound": 1001, "group": "shard2"},
                    {"id": 3, "lower_bound": 5001, "group": "shard3", "enabled": false}]},
        {"type": "RANGE", "global_group": "shard3", "tables": [{"name": "shop.parts"}],
         "shards": [{"id": 4, "lower_bound": 1, "group": "shard2"}]},
        {"type": "HASH", "tables": [{"name": "shop.sessions"}],
         "shards": [{"id": 5, "group": "shard1"}]},
        {"type": "RANGE_DATETIME", "global_group": "global", "tables": [{"name": "shop.events"}],
         "shards": [{"id": 6, "lower_bound": "2015-01-01", "group": "shard1"}]},
        {"type": "HASH", "global_group": "global", "tables": [{"name": "shop.none"}]}]})");
    topology.source = "farm.json";
    return topology;
}

topology::Target of_tables(std::vector<std::string> tables, std::optional<std::string> key = {},
                           std::optional<topology::Scope> scope = {}) {
    topology::Target target;
    target.tables = std::move(tables);
    target.key = std::move(key);
    target.scope = scope;
    return target;
}

topology::Target of_group(const std::string& group) {
    topology::Target target;
    target.group = group;
    return target;
}

TEST(Route, ATargetLeadsToAGroup) {
    const struct {
        const char* name;
        topology::Target target;
        const char* group;
        std::optional<int> shard;
    } samples[] = {
        {"group", of_group("shard2"), "shard2", {}},
        {"key", of_tables({"shop.orders"}, "1"), "shard1", 1},
        {"key on the next bound", of_tables({"shop.orders"}, "1001"), "shard2", 2},
        {"two tables", of_tables({"shop.orders", "shop.lines"}, "7"), "shard1", 1},
        {"two maps, one group", of_tables({"shop.orders", "shop.parts"}, "1001"), "shard2", 2},
        {"case", of_tables({"SHOP.Orders"}, "1"), "shard1", 1},
        {"current database", of_tables({"orders"}, "1"), "shard1", 1},
        {"hash", of_tables({"shop.sessions"}, ""), "shard1", 5},
        {"date", of_tables({"shop.events"}, "2015-06-30"), "shard1", 6},
        {"no key: global", of_tables({"shop.orders"}), "global", {}},
        {"no shards: global", of_tables({"shop.none"}), "global", {}},
        {"global with a key",
         of_tables({"shop.orders"}, "1", topology::Scope::global),
         "global",
         {}},
        {"local", of_tables({"shop.orders"}, "1", topology::Scope::local), "shard1", 1},
    };
    for (const auto& [name, target, group, shard] : samples) {
        const Route route = resolve(farm(), target, "shop");
        EXPECT_EQ(route.group, group) << name;
        EXPECT_EQ(route.shard, shard) << name;
        EXPECT_EQ(route.mode, topology::Mode::read_write) << name;
    }
}

TEST(Route, TheModeIsTheTargets) {
    topology::Target target = of_group("shard1");
    target.mode = topology::Mode::read_only;
    EXPECT_EQ(resolve(farm(), target, "").mode, topology::Mode::read_only);
}

TEST(Route, WhatCannotBeResolvedIsSaid) {
    topology::Target both = of_group("shard1");
    both.tables = {"shop.orders"};
    topology::Target group_and_key = of_group("shard1");
    group_and_key.key = "1";
    const struct {
        const char* name;
        topology::Target target;
        const char* state;
        std::vector<const char*> expected;
    } samples[] = {
        {"group and tables", both, "08001", {"Group=shard1 and Tables", "remove one"}},
        {"neither", topology::Target{}, "08001", {"neither Group nor Tables", "add Group="}},
        {"group and key", group_and_key, "08001", {"ShardKey is given with Group=shard1"}},
        {"local without key",
         of_tables({"shop.orders"}, {}, topology::Scope::local),
         "08001",
         {"Scope=LOCAL", "add ShardKey="}},
        {"no database", of_tables({"orders"}, "1"), "08001", {"'orders'", "Database="}},
        {"unknown group",
         of_group("Shard1"),
         "08004",
         {"no group 'Shard1'", "farm.json", "global, shard1, shard2, shard3"}},
        {"unknown table",
         of_tables({"shop.x"}, "1"),
         "08004",
         {"no table 'shop.x'", "farm.json", "shop.orders"}},
        {"below",
         of_tables({"shop.orders"}, "0"),
         "08004",
         {"'0' is below the lowest bound '1'", "shop.orders"}},
        {"far below",
         of_tables({"shop.orders"}, "-9223372036854775809"),
         "08004",
         {"lowest bound"}},
        {"text for an integer",
         of_tables({"shop.orders"}, "abc"),
         "08004",
         {"'abc' is not an integer", "RANGE"}},
        {"empty for an integer", of_tables({"shop.orders"}, ""), "08004", {"'' is not an integer"}},
        {"text for a date",
         of_tables({"shop.events"}, "2015-02-30"),
         "08004",
         {"'2015-02-30' is not a date"}},
        {"disabled", of_tables({"shop.orders"}, "5001"), "08004", {"shard 3", "disabled"}},
        {"no shards", of_tables({"shop.none"}, "5"), "08004", {"has no enabled shards"}},
        {"no global group", of_tables({"shop.sessions"}), "08004", {"has no global group"}},
        {"two shards",
         of_tables({"shop.orders", "shop.parts"}, "1"),
         "08004",
         {"different servers", "'shop.orders' in group 'shard1'",
          "'shop.parts' in group 'shard2'"}},
        {"two global groups",
         of_tables({"shop.orders", "shop.parts"}),
         "08004",
         {"different servers", "'global'", "'shard3'"}},
    };
    for (const auto& [name, target, state, expected] : samples) {
        try {
            resolve(farm(), target, "");
            ADD_FAILURE() << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), state) << name;
            for (const char* text : expected)
                EXPECT_THAT(error.message(), testing::HasSubstr(text)) << name;
        }
    }
}

TEST(Route, WhoAsksForNothingGetsTheOnlyGroupOfServersThatDescribeThemselves) {
    topology::Topology topology;
    topology.groups["cluster"];
    topology.only_group = "cluster";
    EXPECT_EQ(resolve(topology, {}, "").group, "cluster");
    topology::Target with_key;
    with_key.key = "1";
    EXPECT_THROW(resolve(topology, with_key, ""), Error);
}

TEST(Route, AGroupThatOnlyAShardNamesIsKnown) {
    topology::Topology topology = farm();
    topology.groups.erase("shard2");
    EXPECT_EQ(resolve(topology, of_group("shard2"), "").group, "shard2");
    EXPECT_EQ(resolve(topology, of_tables({"shop.orders"}, "1001"), "").group, "shard2");
}

TEST(Route, AMapThatIsNotUnderstoodIsToldOnlyToThoseWhoNeedIt) {
    topology::Topology topology = farm();
    topology.maps[0].problem = "its sharding type 'LIST' is not known to this driver";
    EXPECT_EQ(resolve(topology, of_tables({"shop.orders"}), "").group, "global");
    EXPECT_THROW(resolve(topology, of_tables({"shop.orders"}, "1"), ""), Error);
}

TEST(Route, ASourceThatCannotListItsTablesSaysWhy) {
    topology::Topology topology = farm();
    topology.tables.clear();
    topology.tables_problem = "the node cannot list its sharded tables";
    EXPECT_EQ(resolve(topology, of_group("shard1"), "").group, "shard1");
    try {
        resolve(topology, of_tables({"shop.orders"}, "1"), "");
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "08004");
        EXPECT_THAT(error.message(), testing::HasSubstr("cannot list its sharded tables"));
    }
}

TEST(Modes, AreKnownByNameAndNumber) {
    for (const char* text : {"READWRITE", "readwrite", "RW", "2", "3", " ReadWrite ", ""})
        EXPECT_EQ(topology::parse_mode(text), topology::Mode::read_write) << text;
    for (const char* text : {"READONLY", "ro", "1"})
        EXPECT_EQ(topology::parse_mode(text), topology::Mode::read_only) << text;
    for (const char* text : {"AUTO", "4"})
        EXPECT_EQ(topology::parse_mode(text), topology::Mode::automatic) << text;
    for (const char* text : {"0", "5", "write", "READ ONLY"})
        EXPECT_THROW(topology::parse_mode(text), Error) << text;
    for (const topology::Mode mode :
         {topology::Mode::read_only, topology::Mode::read_write, topology::Mode::automatic})
        EXPECT_EQ(topology::parse_mode(topology::mode_name(mode)), mode);
}

TEST(Scopes, AreKnownByName) {
    EXPECT_EQ(topology::parse_scope("Local"), topology::Scope::local);
    EXPECT_EQ(topology::parse_scope("GLOBAL"), topology::Scope::global);
    EXPECT_THROW(topology::parse_scope(""), Error);
    for (const topology::Scope scope : {topology::Scope::local, topology::Scope::global})
        EXPECT_EQ(topology::parse_scope(topology::scope_name(scope)), scope);
}

TEST(Tables, AreAListOfNames) {
    using testing::ElementsAre;
    EXPECT_THAT(topology::parse_tables(""), ElementsAre());
    EXPECT_THAT(topology::parse_tables("db.t1, t2 ,"), ElementsAre("db.t1", "t2"));
    EXPECT_THAT(topology::parse_tables("t1,db.t2", "cur"), ElementsAre("cur.t1", "db.t2"));
    EXPECT_THAT(topology::parse_tables("`db` . `t`,`u`", "cur"), ElementsAre("db.t", "cur.u"));
    for (const char* text : {"db.", ".t", "a.b.c", "."})
        EXPECT_THROW(topology::parse_tables(text), Error) << text;
}

}  // namespace
}  // namespace myfabric::router
