#include "topology/snapshot_text.h"

#include <gtest/gtest.h>

#include "topology/shard_key.h"

namespace myfabric::topology {
namespace {

using namespace std::chrono_literals;

Topology farm() {
    Topology topology;
    topology.load_time.set(LoadTime::Clock::time_point(123456789ns));
    topology.ttl = 7s;
    topology.only_group = "one";
    topology.tables_problem = "the node cannot list its tables";
    Server& server = topology.groups["one"].emplace_back();
    server = {.uuid = "u\n1",
              .group = "one",
              .host = "::1",
              .port = 65535,
              .status = Status::primary,
              .mode = ServerMode::read_write,
              .weight = 0.25,
              .contested = true,
              .synchronous = true,
              .note = "says so"};
    topology.groups["none"];
    const struct {
        const char* type;
        std::vector<std::string> bounds;
    } maps[] = {
        {"RANGE", {"-5", "1000", "200"}},   {"RANGE_STRING", {"", "m", "\xC3\xA9"}},
        {"RANGE_DATETIME", {"2024-01-31"}}, {"HASH", {to_hex(md5("a")), to_hex(md5("b"))}},
        {"RANGE", {"1", "no number"}},      {"UNHEARD_OF", {"x"}},
    };
    int id = 0;
    for (const auto& [type, bounds] : maps) {
        ShardMap& map = topology.maps.emplace_back();
        map.type_name = type;
        map.type = parse_shard_type(type);
        map.global_group = "none";
        for (const std::string& bound : bounds)
            map.shards.push_back({.id = ++id, .group = "one", .lower_bound = bound});
        map.shards.front().enabled = false;
        prepare(map);
    }
    topology.tables["shop.orders"] = {"Shop.Orders", "id", 3};
    topology.origins["one"] = {"galera", {"db1:3306", "db2:3306"}};
    return topology;
}

TEST(SnapshotText, GivesBackAllThatASourceTold) {
    const Topology before = farm();
    const std::optional<Topology> after = read_snapshot(snapshot_text(before));
    ASSERT_TRUE(after);
    EXPECT_EQ(after->loaded(), before.loaded());
    EXPECT_EQ(after->ttl, before.ttl);
    EXPECT_EQ(after->only_group, before.only_group);
    EXPECT_EQ(after->tables_problem, before.tables_problem);
    EXPECT_EQ(after->groups, before.groups);
    ASSERT_EQ(after->maps.size(), before.maps.size());
    for (std::size_t i = 0; i < before.maps.size(); ++i) {
        const ShardMap &a = after->maps[i], &b = before.maps[i];
        EXPECT_EQ(a.type, b.type);
        EXPECT_EQ(a.type_name, b.type_name);
        EXPECT_EQ(a.global_group, b.global_group);
        EXPECT_EQ(a.problem, b.problem) << b.type_name;
        EXPECT_EQ(a.ranks, b.ranks);
        ASSERT_EQ(a.shards.size(), b.shards.size());
        for (std::size_t j = 0; j < b.shards.size(); ++j) {
            EXPECT_EQ(a.shards[j].id, b.shards[j].id);
            EXPECT_EQ(a.shards[j].group, b.shards[j].group);
            EXPECT_EQ(a.shards[j].lower_bound, b.shards[j].lower_bound);
            EXPECT_EQ(a.shards[j].enabled, b.shards[j].enabled);
            EXPECT_EQ(a.shards[j].number, b.shards[j].number);
            EXPECT_EQ(a.shards[j].text, b.shards[j].text);
        }
    }
    ASSERT_EQ(after->tables.size(), 1u);
    EXPECT_EQ(after->table("SHOP.orders")->name, "Shop.Orders");
    EXPECT_EQ(after->table("SHOP.orders")->map, 3u);
    EXPECT_EQ(after->origins.at("one").seeds, before.origins.at("one").seeds);
}

TEST(SnapshotText, OfNothingIsNothing) {
    const std::optional<Topology> after = read_snapshot(snapshot_text({}));
    ASSERT_TRUE(after);
    EXPECT_TRUE(after->groups.empty());
}

TEST(SnapshotText, NoOtherBytesAreRead) {
    const std::string whole = snapshot_text(farm());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read_snapshot(whole.substr(0, size))) << size;
    EXPECT_FALSE(read_snapshot(whole + "x"));
    EXPECT_FALSE(read_snapshot(std::string(4096, '\xFF')));
    // Whatever is altered, nothing outside the bytes is read, and no table leads nowhere.
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string altered = whole;
        altered[i] = static_cast<char>(altered[i] ^ 0x55);
        if (const std::optional<Topology> read = read_snapshot(altered))
            for (const auto& [name, table] : read->tables) EXPECT_LT(table.map, read->maps.size());
    }
}

}  // namespace
}  // namespace myfabric::topology
