#include <gtest/gtest.h>

#include <algorithm>

#include "sources/farm_file.h"

namespace myfabric::sources {
namespace {

using topology::Topology;

bool same(const topology::Shard& a, const topology::Shard& b) {
    return a.id == b.id && a.group == b.group && a.lower_bound == b.lower_bound &&
           a.enabled == b.enabled && a.number == b.number && a.text == b.text;
}

bool same(const topology::ShardMap& a, const topology::ShardMap& b) {
    return a.type == b.type && a.type_name == b.type_name && a.global_group == b.global_group &&
           std::ranges::equal(
               a.shards, b.shards,
               [](const topology::Shard& x, const topology::Shard& y) { return same(x, y); });
}

bool same(const topology::Topology& a, const topology::Topology& b) {
    if (a.groups != b.groups || a.ttl != b.ttl || a.tables.size() != b.tables.size()) return false;
    for (const auto& [key, table] : a.tables) {
        const topology::Table* other = b.table(key);
        if (!other || other->name != table.name || other->column != table.column ||
            other->map != table.map)
            return false;
    }
    return std::ranges::equal(
        a.maps, b.maps,
        [](const topology::ShardMap& x, const topology::ShardMap& y) { return same(x, y); });
}

TEST(FarmText, IsReadBackAsTheSameFarm) {
    for (const char* text : {R"({"groups": {}})",
                             R"({"ttl": 9, "groups": {"a": {"servers": [
              {"uuid": "u", "host": "db1", "port": 3307, "status": "PRIMARY", "mode": "WRITE_ONLY"},
              {"uuid": "v", "host": "db2", "status": "FAULTY", "mode": "READ_WRITE"}]}},
              "shard_maps": [{"type": "RANGE", "global_group": "a",
              "tables": [{"name": "Shop.Orders", "column": "id"}, {"name": "x.y"}],
              "shards": [{"id": 7, "lower_bound": 1, "group": "a", "enabled": false}]}]})",
                             R"({"groups": {"a": {"servers": []}, "b \"x\" é": {"servers": [
              {"host": "::1", "status": "SPARE", "weight": 0.1}]}}, "shard_maps": [
              {"type": "HASH", "tables": [], "shards": [{"group": "a"}, {"group": "b \"x\" é"}]},
              {"type": "RANGE_STRING", "tables": [{"name": "x.y"}],
               "shards": [{"lower_bound": "a", "group": "a"}, {"lower_bound": "é", "group": "a"}]},
              {"type": "RANGE_DATETIME", "global_group": "a", "tables": [],
               "shards": [{"lower_bound": "2015-01-01T12:30", "group": "a"}]},
              {"type": "RANGE_INTEGER", "tables": [],
               "shards": [{"lower_bound": -9223372036854775808, "group": "a"}]}]})"}) {
        const topology::Topology farm = parse_farm(text);
        EXPECT_TRUE(same(parse_farm(farm_text(farm)), farm)) << farm_text(farm);
    }
}

TEST(FarmText, NamesGroupsWithoutServers) {
    Topology topology = parse_farm(R"({"groups": {"a": {"servers": []}}, "shard_maps": [
        {"type": "RANGE", "tables": [], "shards": [{"lower_bound": 1, "group": "a"}]}]})");
    topology.maps[0].shards[0].group = "gone";
    topology.maps[0].global_group = "lost";
    const topology::Topology read = parse_farm(farm_text(topology));
    EXPECT_TRUE(read.group("gone") && read.group("lost") && read.group("a"));
}

TEST(FarmText, AMapThatCannotBeResolvedIsNotWritten) {
    topology::Topology topology;
    topology.maps.emplace_back().problem = "its sharding type 'LIST' is not known";
    EXPECT_THROW(farm_text(topology), Error);
}

}  // namespace
}  // namespace myfabric::sources
