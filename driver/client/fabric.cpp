#include <myfabric/fabric.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "base/text.h"
#include "client/guarded.h"
#include "client/impl.h"
#include "fabric/shard_key.h"
#include "router/route.h"
#include "router/selector.h"

namespace myfabric {
namespace {

using client::guarded;
using client::refuse;

fabric::FarmOptions farm_options(FabricConfig config) {
    fabric::FarmOptions options;
    options.protocol = fabric::parse_protocol(config.protocol);
    options.hosts = std::move(config.host);
    options.port = config.port;
    options.user = std::move(config.user);
    options.password = std::move(config.password);
    options.ssl_ca = std::move(config.ssl_ca);
    options.ssl_cert = std::move(config.ssl_cert);
    options.ssl_key = std::move(config.ssl_key);
    options.ssl_verify = config.ssl_verify;
    options.connection_timeout = config.connection_timeout;
    options.connection_attempts = config.connection_attempts;
    options.connection_delay = config.connection_delay;
    options.ttl = config.ttl;
    return options;
}

FabricConfig config_of(std::string host, unsigned port, std::string user, std::string password) {
    FabricConfig config;
    config.host = std::move(host);
    config.port = port;
    config.user = std::move(user);
    config.password = std::move(password);
    return config;
}

router::Target target_of(const std::vector<std::string>& tables, const std::optional<ShardKey>& key,
                         const std::string& group) {
    router::Target target;
    target.group = group;
    for (const std::string& table : tables)
        for (std::string& name : router::parse_tables(table)) target.tables.push_back(name);
    if (key) target.key = key->text();
    return target;
}

const fabric::Table& table_of(const fabric::Topology& topology, const std::string& name) {
    const fabric::Table* table = topology.table(name);
    if (!table)
        refuse("no table '" + name + "' in the farm " + topology.source +
               (topology.tables_problem.empty() ? "" : ": " + topology.tables_problem));
    return *table;
}

ShardingInfo sharding_info(const fabric::Table& table, const fabric::ShardMap& map) {
    ShardingInfo info;
    const std::size_t dot = table.name.find('.');
    info.schema = table.name.substr(0, dot);
    info.table = table.name.substr(dot + 1);
    info.column = info.sharding_key = table.column;
    info.sharding_type = map.type_name;
    info.global_group = info.group_id = map.global_group;
    info.state = "ENABLED";
    return info;
}

std::string text_of(const Value* value) {
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    return text ? *text : std::string();
}

/// Faulty servers are not in what connectors read; the group's own list has them.
std::string group_of(Fabric& farm, const std::string& uuid) {
    const std::vector<ResultSet> listed = farm.execute("dump.servers", {std::int64_t{0}, ""});
    for (std::size_t row = 0; !listed.empty() && row < listed.front().rows.size(); ++row)
        if (text_of(listed.front().find(row, "server_uuid")) == uuid)
            return text_of(listed.front().find(row, "group_id"));
    const std::vector<ResultSet> groups = farm.execute("group.lookup_groups");
    for (std::size_t row = 0; !groups.empty() && row < groups.front().rows.size(); ++row) {
        const std::string group = text_of(groups.front().find(row, "group_id"));
        const std::vector<ResultSet> members = farm.execute("group.lookup_servers", {group});
        for (std::size_t i = 0; !members.empty() && i < members.front().rows.size(); ++i)
            if (text_of(members.front().find(i, "server_uuid")) == uuid) return group;
    }
    refuse("no server " + uuid + " in the farm " + farm.name());
}

}  // namespace

namespace client {

ServerInfo server_info(const fabric::Server& server) {
    ServerInfo info;
    info.uuid = server.uuid;
    info.group = server.group;
    info.host = server.host;
    info.port = server.port;
    info.weight = server.weight;
    info.status = static_cast<ServerStatus>(server.status);
    info.mode = static_cast<ServerMode>(server.mode);
    return info;
}

router::Mode routing_mode(int mode) {
    if (mode == MODE_READONLY) return router::Mode::read_only;
    if (mode == MODE_READWRITE || mode == 3) return router::Mode::read_write;  // 3: Fabric's number
    refuse("mode " + std::to_string(mode) + " is none; use MODE_READONLY or MODE_READWRITE");
}

std::vector<ResultSet> result_sets(std::vector<fabric::ResultSet> sets) {
    std::vector<ResultSet> result;
    for (fabric::ResultSet& set : sets)
        result.push_back({std::move(set.names), std::move(set.rows)});
    return result;
}

}  // namespace client

Fabric::Fabric(FabricConfig config)
    : impl_(guarded([&] { return std::make_shared<Impl>(farm_options(std::move(config))); })) {
    guarded([&] { impl_->farm(); });
}
Fabric::Fabric(std::string host, unsigned port, std::string user, std::string password)
    : Fabric(config_of(std::move(host), port, std::move(user), std::move(password))) {}
Fabric::Fabric(const Fabric&) = default;
Fabric::Fabric(Fabric&&) noexcept = default;
Fabric& Fabric::operator=(const Fabric&) = default;
Fabric& Fabric::operator=(Fabric&&) noexcept = default;
Fabric::~Fabric() = default;

void Fabric::connect() {
    guarded([&] { impl_->topology(); });
}

void Fabric::disconnect() noexcept {
    impl_->forget();
}

bool Fabric::is_connected() const noexcept {
    try {
        if (!impl_->loaded()) return false;
        impl_->farm()->execute("dump.fabric_nodes", {});
        return true;
    } catch (...) {
        return false;
    }
}

// ---- looking up ------------------------------------------------------------------------------

std::vector<ServerInfo> Fabric::get_group_servers(const std::string& group) const {
    return guarded([&] { return lookup_servers({}, std::nullopt, group, 0); });
}

ServerInfo Fabric::get_group_server(const std::string& group, int mode) const {
    return lookup_servers({}, std::nullopt, group, mode ? mode : MODE_READWRITE).front();
}

std::vector<ServerInfo> Fabric::lookup_servers(const std::vector<std::string>& tables,
                                               const std::optional<ShardKey>& key,
                                               const std::string& group, int mode) const {
    return guarded([&] {
        const std::shared_ptr<fabric::Farm> farm = impl_->farm();
        router::Target target = target_of(tables, key, group);
        if (mode) target.mode = client::routing_mode(mode);
        std::shared_ptr<const fabric::Topology> topology = impl_->topology();
        const auto resolve = [&] { return router::resolve(*topology, target, {}); };
        const router::Route route = [&] {
            try {
                return resolve();
            } catch (const Error&) {
                // The snapshot may be older than the group or table: one look at the farm decides.
                topology = farm->refresh(*topology);
                return resolve();
            }
        }();
        std::vector<ServerInfo> found;
        if (mode == 0) {
            const std::vector<fabric::Server>* members = topology->group(route.group);
            if (members)
                for (const fabric::Server& server : *members)
                    found.push_back(client::server_info(server));
            std::ranges::sort(found, {}, &ServerInfo::address);
            return found;
        }
        router::Random random;
        const auto is_aside = [&](const fabric::Server& server) {
            return farm->is_aside(server.address());
        };
        router::Choice choice = router::select(*topology, route, random, is_aside);
        if (choice.servers.empty()) {
            topology = farm->refresh(*topology);
            choice = router::select(*topology, route, random, is_aside);
        }
        if (choice.servers.empty()) refuse(choice.why_not);
        for (const fabric::Server& server : choice.servers)
            found.push_back(client::server_info(server));
        return found;
    });
}

std::vector<ShardingInfo> Fabric::get_sharding_information(const std::vector<std::string>& tables,
                                                           const std::string& scope) const {
    return guarded([&] {
        const bool local = router::parse_scope(scope) == router::Scope::local;
        std::shared_ptr<const fabric::Topology> topology = impl_->topology();
        const auto known = [&](const std::string& name) { return topology->table(name); };
        if (!std::ranges::all_of(tables, known)) topology = impl_->farm()->refresh(*topology);
        std::vector<const fabric::Table*> wanted;
        for (const std::string& name : tables) wanted.push_back(&table_of(*topology, name));
        if (tables.empty()) {
            for (const auto& [key, table] : topology->tables) wanted.push_back(&table);
            std::ranges::sort(wanted, {}, [](const fabric::Table* table) { return table->name; });
        }
        std::vector<ShardingInfo> found;
        for (const fabric::Table* table : wanted) {
            const fabric::ShardMap& map = topology->maps[table->map];
            const ShardingInfo common = sharding_info(*table, map);
            if (!local) found.push_back(common);
            for (const fabric::Shard& shard : map.shards) {
                if (!local) break;
                ShardingInfo& info = found.emplace_back(common);
                info.shard_id = shard.id;
                info.group_id = shard.group;
                info.lower_bound = shard.lower_bound;
                if (!shard.enabled) info.state = "DISABLED";
            }
        }
        return found;
    });
}

// ---- reporting -------------------------------------------------------------------------------

void Fabric::report_error(const std::string& uuid, int code, const std::string& message) {
    const std::string error = std::to_string(code) + (message.empty() ? "" : ": " + message);
    execute("threat.report_error", {uuid, fabric::reporter_name({}), error});
}

void Fabric::report_failure(const std::string& uuid, int code) {
    execute("threat.report_failure", {uuid, fabric::reporter_name({}), std::to_string(code)});
}

// ---- administration --------------------------------------------------------------------------

void Fabric::create_group(const std::string& group, const std::string& description) {
    std::vector<Value> arguments{group};
    if (!description.empty()) arguments.emplace_back(description);
    execute("group.create", arguments);
}

void Fabric::destroy_group(const std::string& group) {
    execute("group.destroy", {group});
}

ServerInfo Fabric::add_server(const std::string& group, const std::string& address, double weight) {
    if (!(weight > 0) || !std::isfinite(weight))
        refuse("weight " + std::to_string(weight) + " is none; give a number above 0");
    execute("group.add", {group, address});
    if (weight != 1.0) execute("server.set_weight", {address, weight});
    const std::vector<ServerInfo> servers = get_group_servers(group);
    const bool has_port = address.find(':') != std::string::npos;
    const auto added =
        std::ranges::find(servers, has_port ? address : address + ":3306", &ServerInfo::address);
    if (added == servers.end())
        refuse("the farm took the server " + address + " into group '" + group +
               "', but does not list it there");
    return *added;
}

void Fabric::remove_server(const std::string& uuid) {
    execute("group.remove", {group_of(*this, uuid), uuid});
}

void Fabric::promote_server(const std::string& group, const std::string& uuid) {
    std::vector<Value> arguments{group};
    if (!uuid.empty()) arguments.emplace_back(uuid);
    execute("group.promote", arguments);
}

void Fabric::set_server_weight(const std::string& uuid, double weight) {
    if (!(weight > 0) || !std::isfinite(weight))
        refuse("weight " + std::to_string(weight) + " is none; give a number above 0");
    execute("server.set_weight", {uuid, weight});
}

std::vector<ResultSet> Fabric::execute(const std::string& command,
                                       const std::vector<Value>& arguments) {
    return guarded(command, [&] {
        return client::result_sets(impl_->farm()->execute(command, arguments).result_sets);
    });
}

std::string Fabric::name() const {
    return guarded([&] { return impl_->farm()->name(); });
}

std::string Fabric::last_error() const {
    return guarded([&] { return impl_->farm()->last_error(); });
}

}  // namespace myfabric
