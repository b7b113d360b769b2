#include "sources/file_answers.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.h"
#include "topology/names.h"
#include "topology/shard_key.h"
#include "topology/source.h"

namespace myfabric::sources {
namespace {

std::int64_t code(auto value) {
    return static_cast<std::int64_t>(value);
}

/// The arguments of one call, as text.
struct Call {
    const topology::Topology& topology;
    const std::string& source;
    const std::string& command;
    const std::vector<topology::Value>& arguments;

    std::string text(std::size_t index) const {
        struct Text {
            std::string operator()(std::monostate) const { return {}; }
            std::string operator()(bool b) const { return b ? "1" : "0"; }
            std::string operator()(const std::string& s) const { return s; }
            std::string operator()(std::int64_t n) const { return std::to_string(n); }
            std::string operator()(double n) const { return std::to_string(n); }
        };
        return index < arguments.size() ? std::visit(Text{}, arguments[index]) : std::string();
    }

    [[noreturn]] void fail(const std::string& reason) const {
        throw topology::CommandFailed(
            Error::from_fabric(state::general_error,
                               source + " answered " + command + " with an error: " + reason),
            command, reason);
    }
};

// ---- patterns --------------------------------------------------------------------------------

/// LIKE without an escape character, without regard to case.
bool like(std::string_view text, std::string_view pattern) {
    if (pattern.empty()) return text.empty();
    if (pattern.front() == '%') {
        for (std::size_t skip = 0; skip <= text.size(); ++skip)
            if (like(text.substr(skip), pattern.substr(1))) return true;
        return false;
    }
    if (text.empty()) return false;
    const bool one =
        pattern.front() == '_' || equal_ignoring_case(text.substr(0, 1), pattern.substr(0, 1));
    return one && like(text.substr(1), pattern.substr(1));
}

/// The parts of a comma-separated list; one pattern for everything when it is empty.
std::vector<std::string> patterns(const std::string& list, bool inside) {
    std::vector<std::string> parts;
    std::string_view rest = list;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const std::string part(trim(rest.substr(0, comma)));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        if (!part.empty()) parts.push_back(inside ? "%" + part + "%" : part);
    }
    if (parts.empty()) parts.emplace_back("%");
    return parts;
}

bool any_like(std::string_view text, const std::vector<std::string>& list) {
    return std::ranges::any_of(list, [&](const std::string& one) { return like(text, one); });
}

// ---- the farm in order -----------------------------------------------------------------------

std::map<std::string, const std::vector<topology::Server>*> groups(
    const topology::Topology& topology) {
    std::map<std::string, const std::vector<topology::Server>*> sorted;
    for (const auto& [name, servers] : topology.groups) sorted.emplace(name, &servers);
    return sorted;
}

std::map<std::string, const topology::Table*> tables(const topology::Topology& topology) {
    std::map<std::string, const topology::Table*> sorted;
    for (const auto& [key, table] : topology.tables) sorted.emplace(key, &table);
    return sorted;
}

std::string mapping_id(std::size_t map) {
    return std::to_string(map + 1);
}

std::pair<std::string, std::string> split(const std::string& table) {
    const std::size_t dot = table.find('.');
    return {table.substr(0, dot), table.substr(dot + 1)};
}

using Sets = std::vector<topology::ResultSet>;

// ---- dump ------------------------------------------------------------------------------------

Sets fabric_nodes(const Call&) {
    return {{{"host", "port"}, {}}};
}

Sets dump_servers(const Call& call) {
    topology::ResultSet set{{"server_uuid", "group_id", "host", "port", "mode", "status", "weight"},
                            {}};
    for (const std::string& pattern : patterns(call.text(1), true))
        for (const auto& [group, servers] : groups(call.topology)) {
            if (!like(group, pattern)) continue;
            for (const topology::Server& server : *servers)
                if (server.status != topology::Status::faulty)
                    set.rows.push_back({server.uuid, group, server.host, std::int64_t{server.port},
                                        code(server.mode), code(server.status), server.weight});
        }
    return {set};
}

Sets shard_maps(const Call& call) {
    topology::ResultSet set{{"mapping_id", "type_name", "global_group_id"}, {}};
    const auto wanted = patterns(call.text(1), true);
    for (std::size_t i = 0; i < call.topology.maps.size(); ++i)
        if (any_like(mapping_id(i), wanted))
            set.rows.push_back({static_cast<std::int64_t>(i + 1), call.topology.maps[i].type_name,
                                call.topology.maps[i].global_group});
    return {set};
}

Sets shard_index(const Call& call) {
    topology::ResultSet set{{"lower_bound", "mapping_id", "shard_id", "group_id"}, {}};
    const auto wanted = patterns(call.text(1), true);
    for (std::size_t i = 0; i < call.topology.maps.size(); ++i) {
        if (!any_like(mapping_id(i), wanted)) continue;
        for (const topology::Shard& shard : call.topology.maps[i].shards)
            if (shard.enabled)
                set.rows.push_back({shard.lower_bound, static_cast<std::int64_t>(i + 1),
                                    std::int64_t{shard.id}, shard.group});
    }
    return {set};
}

Sets shard_tables(const Call& call) {
    topology::ResultSet set{{"schema_name", "table_name", "column_name", "mapping_id"}, {}};
    const auto wanted = patterns(call.text(1), true);
    for (const auto& [key, table] : tables(call.topology)) {
        if (!any_like(mapping_id(table->map), wanted)) continue;
        const auto [schema, name] = split(table->name);
        set.rows.push_back(
            {schema, name, table->column, static_cast<std::int64_t>(table->map + 1)});
    }
    return {set};
}

Sets sharding_information(const Call& call) {
    topology::ResultSet set{{"schema_name", "table_name", "column_name", "lower_bound", "shard_id",
                             "type_name", "group_id", "global_group"},
                            {}};
    const auto wanted = patterns(call.text(1), false);
    for (const auto& [key, table] : tables(call.topology)) {
        if (!any_like(table->name, wanted)) continue;
        const auto [schema, name] = split(table->name);
        const topology::ShardMap& map = call.topology.maps[table->map];
        for (const topology::Shard& shard : map.shards)
            if (shard.enabled)
                set.rows.push_back({schema, name, table->column, shard.lower_bound,
                                    std::int64_t{shard.id}, map.type_name, shard.group,
                                    map.global_group});
    }
    return {set};
}

// ---- group and sharding ----------------------------------------------------------------------

topology::ResultSet server_rows(const Call& call, const std::string& group) {
    const std::vector<topology::Server>* servers = call.topology.group(group);
    if (!servers) call.fail("Group (" + group + ") does not exist.");
    std::map<std::string, const topology::Server*> by_uuid;
    for (const topology::Server& server : *servers) by_uuid.emplace(server.uuid, &server);
    topology::ResultSet set{{"server_uuid", "address", "status", "mode", "weight"}, {}};
    for (const auto& [uuid, server] : by_uuid)
        set.rows.push_back({uuid, server->address(), topology::status_name(server->status),
                            topology::mode_name(server->mode), server->weight});
    return set;
}

/// Rows whose `column` is the name or code that the argument names; all of them without one.
void keep_named(const Call& call, std::size_t argument, std::size_t column, const auto& names,
                topology::ResultSet& set) {
    std::string wanted = call.text(argument);
    if (wanted.empty()) return;
    if (wanted.size() == 1 && wanted[0] >= '0' && wanted[0] <= '3') wanted = names[wanted[0] - '0'];
    std::erase_if(set.rows, [&](const topology::Row& row) {
        return !equal_ignoring_case(std::get<std::string>(row[column]), wanted);
    });
}

Sets group_lookup_servers(const Call& call) {
    topology::ResultSet set = server_rows(call, call.text(0));
    if (const std::string id = call.text(1); !id.empty())
        std::erase_if(set.rows, [&](const topology::Row& row) {
            return std::get<std::string>(row[0]) != id && std::get<std::string>(row[1]) != id;
        });
    keep_named(call, 2, 2, topology::status_names, set);
    keep_named(call, 3, 3, topology::mode_names, set);
    return {set};
}

Sets lookup_groups(const Call& call) {
    topology::ResultSet set{{"group_id", "description", "failure_detector", "master_uuid"}, {}};
    const std::string wanted = call.text(0);
    if (!wanted.empty() && !call.topology.group(wanted))
        call.fail("Group (" + wanted + ") does not exist.");
    for (const auto& [group, servers] : groups(call.topology)) {
        if (!wanted.empty() && group != wanted) continue;
        const auto primary =
            std::ranges::find(*servers, topology::Status::primary, &topology::Server::status);
        set.rows.push_back(
            {group, "None", false, primary == servers->end() ? "None" : primary->uuid});
    }
    return {set};
}

Sets sharding_lookup_servers(const Call& call) {
    const std::string hint = call.text(2);
    if (equal_ignoring_case(hint, "GLOBAL")) {
        std::size_t id = 0;
        const std::string text = call.text(0);
        std::from_chars(text.data(), text.data() + text.size(), id);
        if (id == 0 || id > call.topology.maps.size()) call.fail("list index out of range");
        return {server_rows(call, call.topology.maps[id - 1].global_group)};
    }
    if (!hint.empty() && !equal_ignoring_case(hint, "LOCAL"))
        call.fail("Unknown lookup hint (" + hint + ").");
    const topology::Table* table = call.topology.table(call.text(0));
    if (!table) call.fail("Table name " + call.text(0) + " not found");
    const topology::ShardMap& map = call.topology.maps[table->map];
    if (!map.problem.empty()) call.fail(map.problem);
    const topology::FoundShard found = topology::find_shard(map, call.text(1));
    if (!found.shard) call.fail("Invalid Key " + call.text(1));
    if (!found.shard->enabled) call.fail("Shard not enabled");
    return {server_rows(call, found.shard->group)};
}

Sets list_definitions(const Call& call) {
    return shard_maps({call.topology, call.source, call.command, {}});
}

topology::ResultSet table_rows(const Call& call, const auto& wanted) {
    topology::ResultSet set{
        {"mapping_id", "type_name", "table_name", "global_group", "column_name"}, {}};
    for (const auto& [key, table] : tables(call.topology)) {
        const topology::ShardMap& map = call.topology.maps[table->map];
        if (wanted(*table, map))
            set.rows.push_back({static_cast<std::int64_t>(table->map + 1), map.type_name,
                                table->name, map.global_group, table->column});
    }
    return set;
}

Sets lookup_table(const Call& call) {
    const std::string name = call.text(0);
    topology::ResultSet set =
        table_rows(call, [&](const topology::Table& table, const topology::ShardMap&) {
            return equal_ignoring_case(table.name, name);
        });
    if (set.rows.empty()) set.rows.push_back({"", "", "", "", ""});
    return {set};
}

Sets list_tables(const Call& call) {
    const std::string type = call.text(0);
    return {table_rows(call, [&](const topology::Table&, const topology::ShardMap& map) {
        return equal_ignoring_case(map.type_name, type);
    })};
}

Sets ping(const Call&) {
    return {};
}

struct Known {
    std::string_view command;
    std::size_t least;  // arguments
    std::size_t most;
    Sets (*answer)(const Call&);
};

// clang-format off
constexpr Known known[] = {
    {"dump.fabric_nodes",         0, 1, fabric_nodes},
    {"dump.servers",              0, 2, dump_servers},
    {"dump.shard_index",          0, 2, shard_index},
    {"dump.shard_maps",           0, 2, shard_maps},
    {"dump.shard_tables",         0, 2, shard_tables},
    {"dump.sharding_information", 0, 2, sharding_information},
    {"group.lookup_groups",       0, 1, lookup_groups},
    {"group.lookup_servers",      1, 4, group_lookup_servers},
    {"manage.ping",               0, 0, ping},
    {"sharding.list_definitions", 0, 0, list_definitions},
    {"sharding.list_tables",      1, 1, list_tables},
    {"sharding.lookup_servers",   2, 3, sharding_lookup_servers},
    {"sharding.lookup_table",     1, 1, lookup_table},
};
// clang-format on

}  // namespace

topology::Reply answer_from(const topology::Topology& topology, const std::string& source,
                            const std::string& command,
                            const std::vector<topology::Value>& arguments) {
    const auto found = std::ranges::find_if(
        known, [&](const Known& one) { return equal_ignoring_case(one.command, command); });
    if (found == std::end(known)) {
        std::string list;
        for (const Known& one : known)
            list += (list.empty() ? "" : ", ") + std::string(one.command);
        throw Error(state::not_implemented,
                    source + " cannot run " + command + "; it answers " + list);
    }
    if (arguments.size() < found->least || arguments.size() > found->most)
        throw Error(state::wrong_parameter_count,
                    command + " takes " + std::to_string(found->least) + " to " +
                        std::to_string(found->most) + " arguments, " +
                        std::to_string(arguments.size()) + " were given");
    topology::Reply reply;
    reply.ttl = static_cast<int>(topology.ttl.count());
    reply.result_sets = found->answer({topology, source, command, arguments});
    return reply;
}

}  // namespace myfabric::sources
