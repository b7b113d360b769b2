#include "router/route.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "fabric/shard_key.h"

namespace myfabric::router {
namespace {

using fabric::KeyProblem;
using fabric::Shard;
using fabric::ShardMap;
using fabric::Table;
using fabric::Topology;

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

void check(const Target& target) {
    if (!target.group.empty() && !target.tables.empty())
        contradiction("Group=" + target.group +
                      " and Tables are given together; Group names the servers itself, so remove "
                      "one of them");
    if (target.group.empty() && target.tables.empty())
        contradiction(
            "neither Group nor Tables is given; add Group=, or Tables= with ShardKey=, to "
            "say which servers of the farm are meant");
    if (!target.group.empty() && target.key)
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
    if (table.find('.') != std::string::npos) return table;
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
    const fabric::FoundShard found = fabric::find_shard(map, key);
    switch (found.problem) {
        case KeyProblem::none:
            break;
        case KeyProblem::no_shards:
            not_there("table " + quoted(table.name) +
                      " has no enabled shards; add or enable one, or use Scope=GLOBAL");
        case KeyProblem::wrong_type:
            not_there("the shard key " + quoted(key) + " is not " +
                      std::string(fabric::key_description(map.type)) + ", which table " +
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

struct Place {
    std::string table;
    std::string group;
    std::optional<int> shard;
};

Place place_of(const Topology& topology, const Target& target, const std::string& name) {
    const Table& table = find_table(topology, name);
    const ShardMap& map = topology.maps[table.map];
    const bool local =
        target.scope.value_or(target.key ? Scope::local : Scope::global) == Scope::local;
    if (local) {
        const Shard& shard = find_shard(map, table, *target.key);
        return {table.name, shard.group, shard.id};
    }
    if (map.global_group.empty())
        not_there("table " + quoted(table.name) + " has no global group; give a ShardKey");
    return {table.name, map.global_group, std::nullopt};
}

std::string_view without_backticks(std::string_view part) {
    if (part.size() >= 2 && part.front() == '`' && part.back() == '`')
        return part.substr(1, part.size() - 2);
    return part;
}

/// "db.t" or "t" in its plain form.
std::string parse_table(std::string_view text, std::string_view current_database) {
    const std::size_t dot = text.find('.');
    std::string name;
    if (dot != std::string_view::npos)
        name = std::string(without_backticks(trim(text.substr(0, dot)))) + ".";
    else if (!current_database.empty())
        name = std::string(current_database) + ".";
    const std::string_view table =
        without_backticks(trim(dot == std::string_view::npos ? text : text.substr(dot + 1)));
    if (table.empty() || name == "." || table.find('.') != std::string_view::npos)
        contradiction("Tables names " + quoted(text) + ", which is not written as database.table");
    return name.append(table);
}

}  // namespace

Mode parse_mode(std::string_view text) {
    struct Name {
        std::string_view text;
        Mode mode;
    };
    static constexpr Name names[] = {
        {"", Mode::read_write},           {"READWRITE", Mode::read_write},
        {"READ_WRITE", Mode::read_write}, {"RW", Mode::read_write},
        {"2", Mode::read_write},          {"3", Mode::read_write},
        {"READONLY", Mode::read_only},    {"READ_ONLY", Mode::read_only},
        {"RO", Mode::read_only},          {"1", Mode::read_only},
        {"AUTO", Mode::automatic},        {"4", Mode::automatic},
    };
    for (const Name& name : names)
        if (equal_ignoring_case(name.text, trim(text))) return name.mode;
    contradiction("Mode is " + quoted(text) + "; use READONLY, READWRITE or AUTO");
}

std::string_view mode_name(Mode mode) {
    switch (mode) {
        case Mode::read_only:
            return "READONLY";
        case Mode::automatic:
            return "AUTO";
        case Mode::read_write:
            break;
    }
    return "READWRITE";
}

Scope parse_scope(std::string_view text) {
    if (equal_ignoring_case(trim(text), "LOCAL")) return Scope::local;
    if (equal_ignoring_case(trim(text), "GLOBAL")) return Scope::global;
    contradiction("Scope is " + quoted(text) + "; use LOCAL or GLOBAL");
}

std::string_view scope_name(Scope scope) {
    return scope == Scope::local ? "LOCAL" : "GLOBAL";
}

std::vector<std::string> parse_tables(std::string_view text, std::string_view current_database) {
    std::vector<std::string> tables;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view one = trim(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (!one.empty()) tables.push_back(parse_table(one, current_database));
    }
    return tables;
}

Route resolve(const Topology& topology, const Target& target, std::string_view current_database) {
    check(target);
    if (!target.group.empty()) {
        if (!is_known(topology, target.group))
            not_there("no group " + quoted(target.group) + " with servers in the farm " +
                      topology.source + "; its groups are: " +
                      names_of(topology.groups, [](const auto& entry) { return entry.first; }));
        return {target.group, std::nullopt, target.mode};
    }
    std::optional<Place> place;
    for (const std::string& name : target.tables) {
        Place next = place_of(topology, target, full_name(name, current_database));
        if (!place) {
            place = std::move(next);
        } else if (place->group != next.group) {
            not_there("the tables are on different servers: " + quoted(place->table) +
                      " in group " + quoted(place->group) + ", " + quoted(next.table) +
                      " in group " + quoted(next.group) +
                      "; name only tables that the same group holds for this key");
        }
    }
    return {place->group, place->shard, target.mode};
}

}  // namespace myfabric::router
