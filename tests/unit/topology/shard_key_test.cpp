#include "topology/shard_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "support/folders.h"

namespace myfabric::topology {
namespace {

using nlohmann::json;

json read_vectors() {
    std::ifstream file(test::test_data("sharding-vectors.json"));
    return json::parse(file);
}

/// A farm of one table with shards of these bounds, ids from 1.
Topology farm_of(const std::vector<std::string>& bounds) {
    Topology farm;
    ShardMap map;
    map.type_name = "RANGE";
    map.type = parse_shard_type(map.type_name);
    int id = 0;
    for (const std::string& bound : bounds) {
        ++id;
        if (bound.empty()) continue;  // not told
        Shard shard;
        shard.id = id;
        shard.group = "shard" + std::to_string(id);
        shard.lower_bound = bound;
        map.shards.push_back(shard);
    }
    prepare(map);
    farm.maps.push_back(map);
    farm.tables["shop.orders"] = {"shop.orders", "id", 0};
    return farm;
}

TEST(DisabledShards, KeepTheirKeysWhileNobodyTookTheirBoundsOver) {
    const Topology before = farm_of({"1", "1000", "2000"});
    Topology now = farm_of({"1", "", "2000"});
    keep_disabled_shards(before, now);
    const auto found = find_shard(now.maps[0], "1500");
    ASSERT_NE(nullptr, found.shard);
    EXPECT_EQ(2, found.shard->id);
    EXPECT_FALSE(found.shard->enabled);
    EXPECT_TRUE(find_shard(now.maps[0], "500").shard->enabled);
    EXPECT_TRUE(find_shard(now.maps[0], "2500").shard->enabled);

    Topology later = farm_of({"1", "", "2000"});
    keep_disabled_shards(now, later);
    EXPECT_FALSE(find_shard(later.maps[0], "1500").shard->enabled);
    Topology again = farm_of({"1", "1000", "2000"});
    keep_disabled_shards(later, again);
    EXPECT_TRUE(find_shard(again.maps[0], "1500").shard->enabled);
}

TEST(DisabledShards, AreNotKeptWhenAnotherShardHasTheBound) {
    const Topology before = farm_of({"1", "1000"});
    Topology split = farm_of({"1", "", "1000", "1500"});
    keep_disabled_shards(before, split);
    EXPECT_EQ(3u, split.maps[0].shards.size());
    EXPECT_EQ(3, find_shard(split.maps[0], "1200").shard->id);
}

std::map<std::string, ShardMap> maps_of(const json& vectors) {
    std::map<std::string, ShardMap> maps;
    for (const json& table : vectors.at("tables")) {
        ShardMap& map = maps[table.at("table")];
        map.type_name = table.at("type");
        map.type = parse_shard_type(map.type_name);
        for (const json& given : table.at("shards")) {
            Shard shard;
            shard.id = given.at("shard_id");
            shard.group = given.at("group");
            shard.lower_bound = given.at("lower_bound");
            map.shards.push_back(shard);
        }
        prepare(map);
    }
    return maps;
}

std::string key_text(const json& key) {
    return key.is_string() ? key.get<std::string>() : key.dump();
}

std::string group_of(const FoundShard& found) {
    return found.shard ? found.shard->group : "-";
}

/// The node takes the digits at the start of a text and ignores the rest; a client refuses the
/// text.
const std::set<std::pair<std::string, std::string>> no_numbers{
    {"shop.orders", "1001abc"},  // the node: 1001
    {"shop.points", "abc"},      // the node: 0
};

TEST(ShardKey, AgreesWithEveryDecisionOfARealNode) {
    const json vectors = read_vectors();
    const std::map<std::string, ShardMap> maps = maps_of(vectors);
    ASSERT_EQ(vectors.at("vectors").size(), 315u);
    for (const json& vector : vectors.at("vectors")) {
        const std::string table = vector.at("table");
        const std::string key = key_text(vector.at("key"));
        SCOPED_TRACE(table + " key '" + key + "'");
        const FoundShard found = find_shard(maps.at(table), key);
        if (no_numbers.contains({table, key})) {
            EXPECT_EQ(found.problem, KeyProblem::wrong_type);
            continue;
        }
        const json& group = vector.at("client_group");
        EXPECT_EQ(group_of(found), group.is_null() ? "-" : group.get<std::string>());
        if (vector.contains("md5")) {
            EXPECT_EQ(to_hex(md5(key)), vector.at("md5").get<std::string>());
        }
    }
}

ShardMap map_of(ShardType type, const std::vector<std::string>& bounds) {
    ShardMap map;
    map.type = type;
    map.type_name = "T";
    for (const std::string& bound : bounds) {
        Shard shard;
        shard.id = static_cast<int>(map.shards.size()) + 1;
        shard.lower_bound = bound;
        shard.group = bound;
        map.shards.push_back(shard);
    }
    prepare(map);
    return map;
}

TEST(ShardKey, IntegersAreFloorsOfDecimalNumbersWithinSixtyFourBits) {
    constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
    const struct {
        const char* text;
        std::optional<std::int64_t> expected;
    } samples[] = {
        {"0", 0},
        {"-0", 0},
        {"+5", 5},
        {" 42 ", 42},
        {"007", 7},
        {"9223372036854775806", highest - 1},
        {"9223372036854775807", highest},
        {"9223372036854775808", highest},
        {"99999999999999999999999999", highest},
        {"-9223372036854775807", lowest + 1},
        {"-9223372036854775808", lowest},
        {"-9223372036854775809", lowest},
        {"-9223372036854775808.5", lowest},
        {"1000.99", 1000},
        {"-0.5", -1},
        {"-1.0", -1},
        {"-1.000001", -2},
        {".5", 0},
        {"5.", 5},
        {"1e3", 1000},
        {"5.001E+3", 5001},
        {"12345e-2", 123},
        {"-12345e-2", -124},
        {"1e999999999", highest},
        {"-1e999999999", lowest},
        {"0e999999999", 0},
        {"1e-999999999", 0},
        {"-1e-999999999", -1},
        {"", std::nullopt},
        {" ", std::nullopt},
        {"-", std::nullopt},
        {".", std::nullopt},
        {"abc", std::nullopt},
        {"1001abc", std::nullopt},
        {"0x10", std::nullopt},
        {"1e", std::nullopt},
        {"1 2", std::nullopt},
        {"--1", std::nullopt},
        {"nan", std::nullopt},
        {"inf", std::nullopt},
    };
    for (const auto& [text, expected] : samples)
        EXPECT_EQ(parse_integer_key(text), expected) << "'" << text << "'";
}

TEST(ShardKey, DatesAreUnderstoodAsMySqlUnderstandsLiterals) {
    const struct {
        const char* text;
        std::optional<std::int64_t> expected;
    } samples[] = {
        {"2015-01-01", 20150101000000},
        {"2015-1-1", 20150101000000},
        {"15-01-01", 20150101000000},
        {"69-12-31", 20691231000000},
        {"70-01-01", 19700101000000},
        {"20150101", 20150101000000},
        {"150101", 20150101000000},
        {"20150630235958", 20150630235958},
        {"150630235958", 20150630235958},
        {"20150630T235958", 20150630235958},
        {"2016-07-01T12:30", 20160701123000},
        {"2016-07-01 12:30", 20160701123000},
        {"2016-07-01 12", 20160701120000},
        {"2016-07-01 1:2:3", 20160701010203},
        {"2016/07/01 12.5", 20160701120000 + 1},
        {" 2015-06-30  23:59:59 ", 20150630235959},
        {"2015-06-30 23:59:59.4", 20150630235959},
        {"2015-06-30 23:59:59.499999", 20150630235959},
        {"2015-06-30 23:59:59.5", 20150701000000},
        {"2014-12-31 23:59:59.999999", 20150101000000},
        {"2016-02-28 23:59:59.9", 20160229000000},
        {"2020-02-29", 20200229000000},
        {"2000-02-29", 20000229000000},
        {"0001-01-01", 10101000000},
        {"9999-12-31 23:59:59", 99991231235959},
        {"1900-02-29", std::nullopt},
        {"2015-02-30", std::nullopt},
        {"2015-13-01", std::nullopt},
        {"2015-00-10", std::nullopt},
        {"0000-00-00", std::nullopt},
        {"2015-01-01 24:00:00", std::nullopt},
        {"2015-01-01 10:60", std::nullopt},
        {"2015-01-01 10:00:60", std::nullopt},
        {"2015-01", std::nullopt},
        {"2015-01-01 ", 20150101000000},
        {"2015-01-01x", std::nullopt},
        {"2015-01-01 10:00:00 UTC", std::nullopt},
        {"2015-01-01T", std::nullopt},
        {"12345", std::nullopt},
        {"2015011", std::nullopt},
        {"notadate", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& [text, expected] : samples)
        EXPECT_EQ(parse_datetime_key(text), expected) << "'" << text << "'";
}

TEST(ShardKey, RangeTakesLargestBoundNotAboveKey) {
    const ShardMap map = map_of(ShardType::range_integer, {"1001", "-5", "1"});
    EXPECT_EQ(group_of(find_shard(map, "-5")), "-5");
    EXPECT_EQ(group_of(find_shard(map, "0")), "-5");
    EXPECT_EQ(group_of(find_shard(map, "1000")), "1");
    EXPECT_EQ(group_of(find_shard(map, "1001")), "1001");
    EXPECT_EQ(find_shard(map, "-6").problem, KeyProblem::below_lowest_bound);
    EXPECT_EQ(find_shard(map, "x").problem, KeyProblem::wrong_type);
}

TEST(ShardKey, BoundsMayBeTheLimitsOfSixtyFourBits) {
    const ShardMap map =
        map_of(ShardType::range_integer, {"-9223372036854775808", "9223372036854775807"});
    EXPECT_TRUE(map.problem.empty());
    EXPECT_EQ(group_of(find_shard(map, "0")), "-9223372036854775808");
    EXPECT_EQ(group_of(find_shard(map, "9223372036854775807")), "9223372036854775807");
}

TEST(ShardKey, TheThreeFormsOfDatetimeBoundsAreOrdered) {
    const ShardMap map =
        map_of(ShardType::range_datetime, {"2016-07-01T12:30", "2014-01-01", "2015-06-01 12:30"});
    EXPECT_EQ(group_of(find_shard(map, "2015-06-01 12:29:59")), "2014-01-01");
    EXPECT_EQ(group_of(find_shard(map, "2015-06-01 12:30")), "2015-06-01 12:30");
    EXPECT_EQ(group_of(find_shard(map, "2016-07-01 12:30:00")), "2016-07-01T12:30");
}

TEST(ShardKey, ShorterStringsAreExtendedWithBlanks) {
    const ShardMap map = map_of(ShardType::range_string, {"h", "a", "h!"});
    const struct {
        const char* key;
        const char* group;
    } samples[] = {{"h", "h"},   {"h   ", "h"}, {"h\t", "a"}, {"h ~", "h"},
                   {"h!", "h!"}, {"h! ", "h!"}, {"ha", "h!"}, {"\xC3\xA9", "h!"},
                   {"A", "-"},   {"", "-"},     {" ", "-"},   {"a\x1F", "-"}};
    for (const auto& [key, group] : samples)
        EXPECT_EQ(group_of(find_shard(map, key)), group) << "'" << key << "'";
}

TEST(ShardKey, AHashBelowAllBoundsIsOnTheHighestOne) {
    const ShardMap map = map_of(
        ShardType::hash, {"6D3D69AB699C9856EC045B72DD627EF7", "E6C81F2F91025F5719B5D173C6E330B7"});
    EXPECT_EQ(group_of(find_shard(map, "hello")), "E6C81F2F91025F5719B5D173C6E330B7");
    EXPECT_EQ(group_of(find_shard(map, "abc")), "6D3D69AB699C9856EC045B72DD627EF7");
}

TEST(ShardKey, LowerCaseDigestsAreTheSameBound) {
    const ShardMap map = map_of(ShardType::hash, {"6d3d69ab699c9856ec045b72dd627ef7"});
    EXPECT_TRUE(map.problem.empty());
    EXPECT_EQ(to_hex(map.shards[0].text), "6D3D69AB699C9856EC045B72DD627EF7");
}

TEST(ShardKey, AMapWithoutShardsHasNoPlaceForAKey) {
    EXPECT_EQ(find_shard(map_of(ShardType::hash, {}), "1").problem, KeyProblem::no_shards);
}

TEST(ShardKey, ABoundThatDoesNotFitItsTypeIsNamed) {
    const struct {
        ShardType type;
        const char* bound;
    } samples[] = {{ShardType::range_integer, "x"},
                   {ShardType::range_integer, "1.5"},
                   {ShardType::range_integer, ""},
                   {ShardType::range_integer, "9223372036854775808"},
                   {ShardType::range_datetime, "2015-02-30"},
                   {ShardType::hash, "ABC"},
                   {ShardType::hash, "ZZ3D69AB699C9856EC045B72DD627EF7"}};
    for (const auto& [type, bound] : samples)
        EXPECT_THAT(map_of(type, {bound}).problem,
                    testing::HasSubstr("lower bound '" + std::string(bound) + "'"));
    EXPECT_THAT(map_of(ShardType::unknown, {}).problem, testing::HasSubstr("'T' is not known"));
}

TEST(ShardKey, TypesAreKnownByTheNamesANodeUses) {
    EXPECT_EQ(parse_shard_type("RANGE"), ShardType::range_integer);
    EXPECT_EQ(parse_shard_type("range_integer"), ShardType::range_integer);
    EXPECT_EQ(parse_shard_type("RANGE_STRING"), ShardType::range_string);
    EXPECT_EQ(parse_shard_type("RANGE_DATETIME"), ShardType::range_datetime);
    EXPECT_EQ(parse_shard_type("HASH"), ShardType::hash);
    EXPECT_EQ(parse_shard_type("LIST"), ShardType::unknown);
}

}  // namespace
}  // namespace myfabric::topology
