#include <myfabric/fabric.h>

#include <mutex>
#include <utility>

#include "library/guarded.h"
#include "library/impl.h"
#include "router/farm_service.h"

namespace myfabric {
namespace {

using library::guarded;
using library::refuse;

topology::FarmOptions farm_options(FabricConfig config) {
    topology::FarmOptions options;
    options.protocol = topology::parse_protocol(config.protocol);
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

topology::Target target_of(const std::vector<std::string>& tables,
                           const std::optional<ShardKey>& key, const std::string& group) {
    topology::Target target;
    target.group = group;
    for (const std::string& table : tables)
        for (std::string& name : topology::parse_tables(table)) target.tables.push_back(name);
    if (key) target.key = key->text();
    return target;
}

ShardingInfo sharding_info(const router::TableShard& shard) {
    ShardingInfo info;
    const std::size_t dot = shard.table.find('.');
    info.schema = shard.table.substr(0, dot);
    info.table = shard.table.substr(dot + 1);
    info.column = info.sharding_key = shard.column;
    info.sharding_type = shard.type_name;
    info.global_group = shard.global_group;
    info.group_id = shard.group;
    info.shard_id = shard.shard.value_or(0);
    info.lower_bound = shard.lower_bound;
    info.state = shard.enabled ? "ENABLED" : "DISABLED";
    return info;
}

std::string error_text(int code, const std::string& message) {
    return std::to_string(code) + (message.empty() ? "" : ": " + message);
}

}  // namespace

namespace library {

ServerInfo server_info(const topology::Server& server) {
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

topology::Mode routing_mode(int mode) {
    if (mode == MODE_READONLY) return topology::Mode::read_only;
    if (mode == MODE_READWRITE || mode == 3)
        return topology::Mode::read_write;  // 3: Fabric's number
    refuse("mode " + std::to_string(mode) + " is none; use MODE_READONLY or MODE_READWRITE");
}

std::vector<ResultSet> result_sets(std::vector<topology::ResultSet> sets) {
    std::vector<ResultSet> result;
    for (topology::ResultSet& set : sets)
        result.push_back({std::move(set.names), std::move(set.rows)});
    return result;
}

}  // namespace library

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
        topology::Target target = target_of(tables, key, group);
        if (mode) target.mode = library::routing_mode(mode);
        const auto find = mode ? router::candidates : router::members;
        impl_->topology();
        std::vector<ServerInfo> found;
        for (const topology::Server& server : find(*impl_->farm(), target, {}))
            found.push_back(library::server_info(server));
        return found;
    });
}

std::vector<ShardingInfo> Fabric::get_sharding_information(const std::vector<std::string>& tables,
                                                           const std::string& scope) const {
    return guarded([&] {
        impl_->topology();
        std::vector<ShardingInfo> found;
        for (const router::TableShard& shard :
             router::shards(*impl_->farm(), tables, topology::parse_scope(scope)))
            found.push_back(sharding_info(shard));
        return found;
    });
}

// ---- reporting -------------------------------------------------------------------------------

void Fabric::report_error(const std::string& uuid, int code, const std::string& message) {
    guarded("threat.report_error",
            [&] { router::report_error(*impl_->farm(), uuid, error_text(code, message)); });
}

void Fabric::report_failure(const std::string& uuid, int code) {
    guarded("threat.report_failure",
            [&] { router::report_failure(*impl_->farm(), uuid, std::to_string(code)); });
}

// ---- administration --------------------------------------------------------------------------

void Fabric::create_group(const std::string& group, const std::string& description) {
    guarded("group.create", [&] { router::create_group(*impl_->farm(), group, description); });
}

void Fabric::destroy_group(const std::string& group) {
    guarded("group.destroy", [&] { router::destroy_group(*impl_->farm(), group); });
}

ServerInfo Fabric::add_server(const std::string& group, const std::string& address, double weight) {
    return guarded("group.add", [&] {
        return library::server_info(router::add_server(*impl_->farm(), group, address, weight));
    });
}

void Fabric::remove_server(const std::string& uuid) {
    guarded("group.remove", [&] { router::remove_server(*impl_->farm(), uuid); });
}

void Fabric::promote_server(const std::string& group, const std::string& uuid) {
    guarded("group.promote", [&] { router::promote_server(*impl_->farm(), group, uuid); });
}

void Fabric::set_server_weight(const std::string& uuid, double weight) {
    guarded("server.set_weight", [&] { router::set_server_weight(*impl_->farm(), uuid, weight); });
}

std::vector<ResultSet> Fabric::execute(const std::string& command,
                                       const std::vector<Value>& arguments) {
    return guarded(command, [&] {
        return library::result_sets(impl_->farm()->execute(command, arguments).result_sets);
    });
}

std::string Fabric::name() const {
    return guarded([&] { return impl_->farm()->name(); });
}

std::string Fabric::last_error() const {
    return guarded([&] { return impl_->farm()->last_error(); });
}

}  // namespace myfabric
