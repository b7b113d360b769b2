#include "sources/decode.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/untrusted.h"
#include "topology/shard_key.h"

namespace myfabric::sources {
namespace {

[[noreturn]] void refuse(const std::string& predicate) {
    throw topology::MalformedReply(predicate);
}

/// The rows of one command, with their columns by name.
class Rows {
public:
    Rows(const char* command, const topology::ResultSet& set) : command_(command), set_(set) {}

    const std::vector<topology::Row>& all() const { return set_.rows; }

    std::string text(const topology::Row& row, const char* column) const {
        const topology::Value& value = at(row, column);
        if (const auto* text = std::get_if<std::string>(&value)) return *text;
        if (std::holds_alternative<std::monostate>(value)) return {};
        if (const auto* integer = std::get_if<std::int64_t>(&value))
            return std::to_string(*integer);
        wrong(column);
    }

    /// Nodes send the word None for what is absent.
    std::string optional_text(const topology::Row& row, const char* column) const {
        std::string given = text(row, column);
        return given == "None" ? std::string() : given;
    }

    std::int64_t integer(const topology::Row& row, const char* column) const {
        const double value = number(row, column);
        if (value != std::floor(value) || std::abs(value) > 1e15) wrong(column);
        return static_cast<std::int64_t>(value);
    }

    double number(const topology::Row& row, const char* column) const {
        const topology::Value& value = at(row, column);
        if (const auto* integer = std::get_if<std::int64_t>(&value))
            return static_cast<double>(*integer);
        if (const auto* real = std::get_if<double>(&value)) return *real;
        if (const auto* text = std::get_if<std::string>(&value)) {
            double parsed = 0;
            const auto [end, error] =
                std::from_chars(text->data(), text->data() + text->size(), parsed);
            if (error == std::errc{} && end == text->data() + text->size()) return parsed;
        }
        wrong(column);
    }

    /// The name of a group or server.
    std::string name(const topology::Row& row, const char* column) const {
        std::string given = text(row, column);
        if (const std::string why = why_no_name(given); !why.empty())
            unusable(column, given, ", which cannot be used: " + why);
        return given;
    }

    std::string host(const topology::Row& row, const char* column) const {
        std::string given = text(row, column);
        if (const std::string why = why_no_host(given); !why.empty())
            unusable(column, given, ", which is no host: " + why);
        return given;
    }

    [[noreturn]] void wrong(const char* column) const {
        refuse(std::string("gives a ") + column + " in " + command_ + " that cannot be meant");
    }

private:
    [[noreturn]] void unusable(const char* column, const std::string& given,
                               const std::string& why) const {
        std::string predicate = "gives the ";
        predicate.append(column).append(" '").append(printable(given)).append("' in ");
        refuse(predicate.append(command_).append(why));
    }

    const topology::Value& at(const topology::Row& row, const char* column) const {
        const auto index = set_.column(column);
        if (!index || *index >= row.size())
            refuse(std::string("gives no column ") + column + " in " + command_);
        return row[*index];
    }

    const char* command_;
    const topology::ResultSet& set_;
};

void decode_servers(const topology::ResultSet& set, topology::Topology& topology) {
    const Rows rows("dump.servers", set);
    std::map<std::string, std::string> group_of;  // by uuid
    for (const topology::Row& row : rows.all()) {
        topology::Server server;
        server.uuid = rows.name(row, "server_uuid");
        server.group = rows.name(row, "group_id");
        server.host = rows.host(row, "host");
        const std::int64_t port = rows.integer(row, "port");
        if (port < 1 || port > 65535) rows.wrong("port");
        server.port = static_cast<unsigned>(port);
        // A status beyond the four, CONFIGURING for one, is not for use: it counts as a spare.
        const std::int64_t status = rows.integer(row, "status");
        server.status = status >= 0 && status <= 3 ? static_cast<topology::Status>(status)
                                                   : topology::Status::spare;
        const std::int64_t mode = rows.integer(row, "mode");
        if (mode < 0 || mode > 3) rows.wrong("mode");
        server.mode = static_cast<topology::ServerMode>(mode);
        server.weight = rows.number(row, "weight");
        if (!std::isfinite(server.weight) || server.weight < 0) rows.wrong("weight");
        // A server is in one group; of several the first by name, whatever the rows' order is.
        std::string& group = group_of[server.uuid];
        if (!group.empty() && group <= server.group) {
            topology.groups.try_emplace(server.group);
            continue;
        }
        if (!group.empty())
            std::erase_if(topology.groups[group],
                          [&](const auto& known) { return known.uuid == server.uuid; });
        group = server.group;
        topology.groups[group].push_back(std::move(server));
    }
}

/// Two primaries: the dump fell into a switchover. Neither may be written to before the next one.
void distrust_two_primaries(topology::Topology& topology) {
    for (auto& [group, members] : topology.groups) {
        if (std::ranges::count(members, topology::Status::primary, &topology::Server::status) < 2)
            continue;
        for (topology::Server& server : members)
            if (server.status == topology::Status::primary)
                server.status = topology::Status::secondary;
    }
}

using MapIndex = std::map<std::int64_t, std::size_t>;  // mapping id to Topology::maps

MapIndex decode_maps(const Dump& dump, topology::Topology& topology) {
    MapIndex index;
    const Rows maps("dump.shard_maps", dump.shard_maps);
    for (const topology::Row& row : maps.all()) {
        const std::int64_t id = maps.integer(row, "mapping_id");
        if (!index.try_emplace(id, topology.maps.size()).second) continue;
        topology::ShardMap map;
        map.type_name = maps.text(row, "type_name");
        map.type = topology::parse_shard_type(map.type_name);
        map.global_group = maps.optional_text(row, "global_group_id");
        topology.maps.push_back(std::move(map));
    }
    const Rows shards("dump.shard_index", dump.shard_index);
    std::set<std::pair<std::size_t, int>> seen;
    for (const topology::Row& row : shards.all()) {
        const auto found = index.find(shards.integer(row, "mapping_id"));
        if (found == index.end()) continue;  // a mapping that came or went between two commands
        topology::Shard shard;
        shard.id = static_cast<int>(shards.integer(row, "shard_id"));
        shard.group = shards.name(row, "group_id");
        shard.lower_bound = shards.text(row, "lower_bound");
        if (seen.insert({found->second, shard.id}).second)
            topology.maps[found->second].shards.push_back(std::move(shard));
    }
    for (topology::ShardMap& map : topology.maps) topology::prepare(map);
    return index;
}

void decode_tables(const topology::ResultSet& set, const MapIndex& index,
                   topology::Topology& topology) {
    const Rows rows("dump.shard_tables", set);
    for (const topology::Row& row : rows.all()) {
        const auto found = index.find(rows.integer(row, "mapping_id"));
        if (found == index.end()) continue;
        topology::Table table;
        table.name = rows.text(row, "schema_name") + "." + rows.text(row, "table_name");
        table.column = rows.optional_text(row, "column_name");
        table.map = found->second;
        std::string key = to_lower(table.name);
        topology.tables.try_emplace(std::move(key), std::move(table));
    }
}

}  // namespace

topology::ResultSet first_set(topology::Reply reply, const std::string& command) {
    if (reply.result_sets.empty()) refuse("gives no result set for " + command);
    return std::move(reply.result_sets.front());
}

topology::Topology decode_topology(const Dump& dump) {
    topology::Topology topology;
    topology.ttl = std::chrono::seconds(std::max(0, dump.ttl));
    decode_servers(dump.servers, topology);
    distrust_two_primaries(topology);
    const MapIndex index = decode_maps(dump, topology);
    decode_tables(dump.shard_tables, index, topology);
    if (!dump.tables_error.empty())
        topology.tables_problem =
            "the node cannot list its sharded tables ('" + dump.tables_error +
            "'); a table that was added without its database does that: remove it with "
            "sharding.remove_table and add it as database.table";
    return topology;
}

}  // namespace myfabric::sources
