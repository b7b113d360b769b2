// Keys of an application against the bounds of a farm: the shard that is found is the one with the
// largest bound that is not above the key.
#include "topology/shard_key.h"

#include <cstdint>
#include <string>

#include "fuzz/bytes.h"

using namespace myfabric;
using namespace myfabric::topology;
using fuzz::must;

namespace {

constexpr const char* types[] = {"RANGE",          "RANGE_INTEGER", "RANGE_STRING",
                                 "RANGE_DATETIME", "HASH",          "range_Hash"};

/// As the server compares texts: the shorter one goes on with blanks.
bool greater(std::string a, std::string b) {
    a.resize(std::max(a.size(), b.size()), ' ');
    b.resize(a.size(), ' ');
    return a > b;
}

/// Whether the shard's bound is above the key, in the plain way.
bool above(const ShardMap& map, const Shard& shard, std::string_view key) {
    switch (map.type) {
        case ShardType::range_integer:
            return shard.number > *parse_integer_key(key);
        case ShardType::range_datetime:
            return shard.number > *parse_datetime_key(key);
        case ShardType::range_string:
            return greater(shard.text, std::string(key));
        case ShardType::hash:
            return shard.text > md5(key);
        case ShardType::unknown:
            break;
    }
    return true;
}

void search(const ShardMap& map, std::string_view key) {
    const FoundShard found = find_shard(map, key);
    must((found.shard == nullptr) == (found.problem != KeyProblem::none));
    if (!found.shard) {
        if (found.problem == KeyProblem::below_lowest_bound)
            for (const Shard& shard : map.shards) must(above(map, shard, key));
        return;
    }
    bool all_above = true;
    for (const Shard& shard : map.shards) all_above &= above(map, shard, key);
    if (map.type == ShardType::hash && all_above) {
        must(found.shard == &map.shards.back());
        return;
    }
    must(!above(map, *found.shard, key));
    for (const Shard* later = found.shard + 1; later < map.shards.data() + map.shards.size();
         ++later)
        must(above(map, *later, key));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Bytes in(data, size);
    ShardMap map;
    map.type_name = types[in.below(std::size(types))];
    map.type = parse_shard_type(map.type_name);
    const std::size_t keys = 1 + in.below(4);
    std::vector<std::string> asked;
    for (std::size_t i = 0; i < keys; ++i) asked.emplace_back(in.until('\n'));
    while (!in.empty() && map.shards.size() < 200) {
        Shard shard;
        shard.id = static_cast<int>(map.shards.size());
        shard.group = "g";
        shard.lower_bound = in.until('\n');
        map.shards.push_back(std::move(shard));
    }
    Topology before;
    before.maps.push_back(map);
    before.tables["db.t"] = Table{"db.t", "id", 0};
    prepare(map);
    Topology now = before;
    now.maps[0] = map;
    prepare(before.maps[0]);
    if (!now.maps[0].shards.empty()) now.maps[0].shards.pop_back();
    prepare(now.maps[0]);
    keep_disabled_shards(before, now);
    for (const std::string& key : asked) {
        if (map.problem.empty()) search(map, key);
        if (now.maps[0].problem.empty()) search(now.maps[0], key);
    }
    return 0;
}
