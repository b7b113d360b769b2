#include "router/farm_service.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "router/selector.h"

namespace myfabric::router {
namespace {

using topology::Farm;
using topology::Server;
using topology::Topology;
using topology::Value;

[[noreturn]] void not_there(const std::string& message) {
    throw Error::from_fabric(state::connection_rejected, message);
}

/// `ask(topology)`, once more on a new snapshot when the present one lacks what is asked for.
template <class Ask>
auto asked(Farm& farm, Ask&& ask) {
    const std::shared_ptr<const Topology> now = farm.topology();
    try {
        return ask(*now);
    } catch (const Error&) {
        return ask(*farm.refresh(*now));
    }
}

void check_weight(double weight) {
    if (!(weight > 0) || !std::isfinite(weight))
        throw Error(state::invalid_attribute_value,
                    "weight " + std::to_string(weight) + " is none; give a number above 0");
}

std::string text_at(const topology::ResultSet& set, std::size_t row, std::string_view name) {
    const auto column = set.column(name);
    const auto* text = column ? std::get_if<std::string>(&set.rows[row][*column]) : nullptr;
    return text ? *text : std::string();
}

/// The value of `wanted` in the row of the first result set that has the server's `uuid`.
std::optional<std::string> in_row_of(const topology::Reply& reply, const std::string& uuid,
                                     std::string_view wanted) {
    if (reply.result_sets.empty()) return std::nullopt;
    const topology::ResultSet& set = reply.result_sets.front();
    for (std::size_t row = 0; row < set.rows.size(); ++row)
        if (text_at(set, row, "server_uuid") == uuid) return text_at(set, row, wanted);
    return std::nullopt;
}

/// Faulty servers are not in what connectors read; the group's own list has them.
std::string group_of(Farm& farm, const std::string& uuid) {
    const topology::Reply listed = farm.execute("dump.servers", {std::int64_t{0}, ""});
    if (const auto group = in_row_of(listed, uuid, "group_id")) return *group;
    const topology::Reply groups = farm.execute("group.lookup_groups", {});
    const topology::ResultSet none;
    const topology::ResultSet& set = groups.result_sets.empty() ? none : groups.result_sets.front();
    for (std::size_t row = 0; row < set.rows.size(); ++row) {
        const std::string group = text_at(set, row, "group_id");
        if (in_row_of(farm.execute("group.lookup_servers", {group}), uuid, "server_uuid"))
            return group;
    }
    not_there("no server " + uuid + " in the farm " + farm.name());
}

}  // namespace

std::vector<Server> members(Farm& farm, const topology::Target& target,
                            std::string_view current_database) {
    return asked(farm, [&](const Topology& topology) {
        const Route route = resolve(topology, target, current_database);
        const std::vector<Server>* listed = topology.group(route.group);
        std::vector<Server> found = listed ? *listed : std::vector<Server>();
        std::ranges::sort(found, {}, &Server::address);
        return found;
    });
}

std::vector<Server> candidates(Farm& farm, const topology::Target& target,
                               std::string_view current_database) {
    Random random;
    return asked(farm, [&](const Topology& topology) {
        const Route route = resolve(topology, target, current_database);
        Choice choice = select(topology, route, random, [&](const Server& server) {
            return farm.is_quarantined(server.address());
        });
        if (choice.servers.empty()) not_there(choice.why_not);
        return std::move(choice.servers);
    });
}

std::vector<TableShard> shards(Farm& farm, const std::vector<std::string>& tables,
                               topology::Scope scope) {
    return asked(farm, [&](const Topology& topology) {
        std::vector<const topology::Table*> wanted;
        for (const std::string& name : tables) {
            wanted.push_back(topology.table(name));
            if (!wanted.back())
                not_there("no table '" + name + "' in the farm " + topology.source +
                          (topology.tables_problem.empty() ? "" : ": " + topology.tables_problem));
        }
        if (tables.empty()) {
            for (const auto& [key, table] : topology.tables) wanted.push_back(&table);
            std::ranges::sort(wanted, {}, [](const topology::Table* table) { return table->name; });
        }
        std::vector<TableShard> found;
        for (const topology::Table* table : wanted) {
            const topology::ShardMap& map = topology.maps[table->map];
            TableShard common;
            common.table = table->name;
            common.column = table->column;
            common.type_name = map.type_name;
            common.global_group = common.group = map.global_group;
            if (scope == topology::Scope::global) found.push_back(common);
            for (const topology::Shard& shard : map.shards) {
                if (scope == topology::Scope::global) break;
                TableShard& one = found.emplace_back(common);
                one.shard = shard.id;
                one.group = shard.group;
                one.lower_bound = shard.lower_bound;
                one.enabled = shard.enabled;
            }
        }
        return found;
    });
}

void report_error(Farm& farm, const std::string& uuid, const std::string& error) {
    farm.execute("threat.report_error", {uuid, topology::reporter_name({}), error});
}

void report_failure(Farm& farm, const std::string& uuid, const std::string& error) {
    farm.execute("threat.report_failure", {uuid, topology::reporter_name({}), error});
}

void create_group(Farm& farm, const std::string& group, const std::string& description) {
    std::vector<Value> arguments{group};
    if (!description.empty()) arguments.emplace_back(description);
    farm.execute("group.create", arguments);
}

void destroy_group(Farm& farm, const std::string& group) {
    farm.execute("group.destroy", {group});
}

Server add_server(Farm& farm, const std::string& group, const std::string& address, double weight) {
    check_weight(weight);
    farm.execute("group.add", {group, address});
    if (weight != 1.0) farm.execute("server.set_weight", {address, weight});
    topology::Target target;
    target.group = group;
    const std::vector<Server> servers = members(farm, target, {});
    const bool has_port = address.find(':') != std::string::npos;
    const auto added =
        std::ranges::find(servers, has_port ? address : address + ":3306", &Server::address);
    if (added == servers.end())
        not_there("the farm took the server " + address + " into group '" + group +
                  "', but does not list it there");
    return *added;
}

void remove_server(Farm& farm, const std::string& uuid) {
    farm.execute("group.remove", {group_of(farm, uuid), uuid});
}

void promote_server(Farm& farm, const std::string& group, const std::string& uuid) {
    std::vector<Value> arguments{group};
    if (!uuid.empty()) arguments.emplace_back(uuid);
    farm.execute("group.promote", arguments);
}

void set_server_weight(Farm& farm, const std::string& uuid, double weight) {
    check_weight(weight);
    farm.execute("server.set_weight", {uuid, weight});
}

}  // namespace myfabric::router
