#include "router/route.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "topology/shard_key.h"

namespace myfabric::router {
namespace {

using topology::KeyProblem;
using topology::Scope;
using topology::Shard;
using topology::ShardMap;
using topology::Table;
using topology::Target;
using topology::Topology;

constexpr std::size_t most_named = 10;  // groups or tables in a message

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

/// The target contradicts itself: nothing in the farm can mend it.
[[noreturn]] void contradiction(const std::string& message) {
    throw Error(state::unable_to_connect, message);
}

/// The farm does not have what is asked for.
[[noreturn]] void not_there(const std::string& message) {
    throw Error::from_fabric(state::connection_rejected, message);
}

template <class Map, class Name>
std::string names_of(const Map& map, Name&& name) {
    std::vector<std::string> names;
    for (const auto& entry : map) names.push_back(name(entry));
    std::ranges::sort(names);
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most_named); ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > most_named) text += ", ...";
    return text.empty() ? "none" : text;
}

void check(const Target& target, const Topology& topology) {
    if (!target.group.empty() && !target.tables.empty())
        contradiction("Group=" + target.group +
                      " and Tables are given together; Group names the servers itself, so remove "
                      "one of them");
    if (target.group.empty() && target.tables.empty() && topology.only_group.empty())
        contradiction(
            "neither Group nor Tables is given; add Group=, or Tables= with ShardKey=, to "
            "say which servers of the farm are meant");
    if (target.tables.empty() && target.key)
        contradiction("ShardKey is given with Group=" + target.group +
                      "; a key belongs to Tables, so remove it or write Tables= instead of Group=");
    if (target.scope == Scope::local && !target.tables.empty() && !target.key)
        contradiction("Scope=LOCAL is given without a ShardKey; add ShardKey= or use Scope=GLOBAL");
}

/// A shard or global group may have lost all its servers; then it is not unknown.
bool is_known(const Topology& topology, const std::string& group) {
    return topology.group(group) || std::ranges::any_of(topology.maps, [&](const ShardMap& map) {
               return map.global_group == group ||
                      std::ranges::find(map.shards, group, &Shard::group) != map.shards.end();
           });
}

std::string full_name(const std::string& table, std::string_view current_database) {
    if (current_database.empty())
        contradiction("Tables names " + quoted(table) +
                      " without its database, and there is no current one; write database." +
                      table + " or add Database=");
    return std::string(current_database) + "." + table;
}

const Table& find_table(const Topology& topology, const std::string& name) {
    if (const Table* table = topology.table(name)) return *table;
    if (!topology.tables_problem.empty())
        not_there("table " + quoted(name) + " cannot be looked up in the farm " + topology.source +
                  ": " + topology.tables_problem);
    not_there("no table " + quoted(name) + " in the farm " + topology.source +
              "; its sharded tables are: " +
              names_of(topology.tables, [](const auto& entry) { return entry.second.name; }));
}

const Shard& find_shard(const ShardMap& map, const Table& table, const std::string& key) {
    if (!map.problem.empty())
        not_there("keys of table " + quoted(table.name) + " cannot be resolved: " + map.problem);
    const topology::FoundShard found = topology::find_shard(map, key);
    switch (found.problem) {
        case KeyProblem::none:
            break;
        case KeyProblem::no_shards:
            not_there("table " + quoted(table.name) +
                      " has no enabled shards; add or enable one, or use Scope=GLOBAL");
        case KeyProblem::wrong_type:
            not_there("the shard key " + quoted(key) + " is not " +
                      std::string(topology::key_description(map.type)) + ", which table " +
                      quoted(table.name) + " (" + map.type_name + ") needs");
        case KeyProblem::below_lowest_bound:
            not_there("the shard key " + quoted(key) + " is below the lowest bound " +
                      quoted(map.shards.front().lower_bound) + " of table " + quoted(table.name));
    }
    if (!found.shard->enabled)
        not_there("the shard key " + quoted(key) + " of table " + quoted(table.name) +
                  " is on shard " + std::to_string(found.shard->id) + " in group " +
                  quoted(found.shard->group) + ", which is disabled");
    return *found.shard;
}

/// Of the snapshot.
struct Place {
    const Table* table = nullptr;
    const std::string* group = nullptr;
    std::optional<int> shard;
};

Place place_of(const Topology& topology, const Target& target, const std::string& name) {
    const Table& table = find_table(topology, name);
    const ShardMap& map = topology.maps[table.map];
    const bool local =
        target.scope.value_or(target.key ? Scope::local : Scope::global) == Scope::local;
    if (local) {
        const Shard& shard = find_shard(map, table, *target.key);
        return {&table, &shard.group, shard.id};
    }
    if (map.global_group.empty())
        not_there("table " + quoted(table.name) + " has no global group; give a ShardKey");
    return {&table, &map.global_group, std::nullopt};
}

}  // namespace

Route resolve(const Topology& topology, const Target& target, std::string_view current_database) {
    check(target, topology);
    if (target.tables.empty()) {
        const std::string& group = target.group.empty() ? topology.only_group : target.group;
        if (!is_known(topology, group))
            not_there("no group " + quoted(group) + " with servers in the farm " + topology.source +
                      "; its groups are: " +
                      names_of(topology.groups, [](const auto& entry) { return entry.first; }));
        return {group, std::nullopt, target.mode};
    }
    Place place;
    for (const std::string& name : target.tables) {
        const Place next = name.find('.') != std::string::npos
                               ? place_of(topology, target, name)
                               : place_of(topology, target, full_name(name, current_database));
        if (!place.group) {
            place = next;
        } else if (*place.group != *next.group) {
            not_there("the tables are on different servers: " + quoted(place.table->name) +
                      " in group " + quoted(*place.group) + ", " + quoted(next.table->name) +
                      " in group " + quoted(*next.group) +
                      "; name only tables that the same group holds for this key");
        }
    }
    return {*place.group, place.shard, target.mode};
}

}  // namespace myfabric::router
