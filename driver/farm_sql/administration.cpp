// CALL fabric....: look-ups, reports and administration, as include/myfabric/fabric.h has them.
#include <algorithm>

#include "base/error.h"
#include "farm_sql/calls.h"
#include "farm_sql/results.h"
#include "router/farm_service.h"
#include "topology/command_kind.h"
#include "topology/names.h"

namespace myfabric::farm_sql {
namespace {

using Answer = std::unique_ptr<results::Results>;
using topology::Farm;

constexpr std::size_t any_number = 64;

Farm& farm(const Context& context) {
    return farm_of(context.backend);
}

Answer servers(const std::vector<topology::Server>& found) {
    std::vector<results::MemoryRow> rows;
    for (const topology::Server& server : found)
        rows.push_back({server.uuid, server.group, server.host, std::to_string(server.port),
                        topology::number_text(server.weight), topology::status_name(server.status),
                        topology::mode_name(server.mode)});
    return rows_of({text_column("uuid"), text_column("group"), text_column("host"),
                    number_column("port", results::Kind::integer),
                    number_column("weight", results::Kind::double_precision), text_column("status"),
                    text_column("mode")},
                   std::move(rows));
}

/// Mode 0, or none: all servers, whatever their status.
Answer lookup(const Context& context, topology::Target target,
              const std::optional<std::string>& mode) {
    const std::string database = context.backend.session().database;
    if (!mode || *mode == "0") return servers(router::members(farm(context), target, database));
    target.mode = topology::parse_mode(*mode);
    return servers(router::candidates(farm(context), target, database));
}

topology::Target group_target(const Arguments& values) {
    topology::Target target;
    target.group = values.need(0, "a group");
    return target;
}

Answer get_group_servers(const Context& context, const Arguments& values) {
    return lookup(context, group_target(values), std::nullopt);
}

Answer get_group_server(const Context& context, const Arguments& values) {
    topology::Target target = group_target(values);
    target.mode = topology::parse_mode(values.text_or(1, "READWRITE"));
    std::vector<topology::Server> found =
        router::candidates(farm(context), target, context.backend.session().database);
    found.resize(1);
    return servers(found);
}

Answer lookup_servers(const Context& context, const Arguments& values) {
    topology::Target target;
    target.tables = topology::parse_tables(values.text_or(0, ""));
    target.key = values.text(1);
    target.group = values.text_or(2, "");
    return lookup(context, std::move(target), values.text(3));
}

Answer get_sharding_information(const Context& context, const Arguments& values) {
    const std::vector<std::string> tables =
        topology::parse_tables(values.text_or(0, ""), context.backend.session().database);
    const topology::Scope scope = topology::parse_scope(values.text_or(1, "LOCAL"));
    std::vector<results::MemoryRow> rows;
    for (const router::TableShard& shard : router::shards(farm(context), tables, scope)) {
        const std::size_t dot = shard.table.find('.');
        const auto of_shard = [&](std::string text) {
            return shard.shard ? std::optional(std::move(text)) : std::nullopt;
        };
        rows.push_back({shard.table.substr(0, dot), shard.table.substr(dot + 1), shard.column,
                        shard.type_name, of_shard(std::to_string(shard.shard.value_or(0))),
                        of_shard(shard.lower_bound), shard.group, shard.global_group,
                        shard.enabled ? "ENABLED" : "DISABLED"});
    }
    return rows_of({text_column("schema"), text_column("table"), text_column("column"),
                    text_column("sharding_type"), number_column("shard", results::Kind::integer),
                    text_column("lower_bound"), text_column("group"), text_column("global_group"),
                    text_column("state")},
                   std::move(rows));
}

/// (message): the server in use; (uuid, error [, message]): any.
Answer report_error(const Context& context, const Arguments& values) {
    if (values.size() == 1) {
        report_server(context.backend, values.need(0, "a message"));
        return no_rows();
    }
    const std::optional<std::string> message = values.text(2);
    router::report_error(farm(context), values.need(0, "a server's uuid"),
                         values.need(1, "an error number") + (message ? ": " + *message : ""));
    return no_rows();
}

Answer report_failure(const Context& context, const Arguments& values) {
    router::report_failure(farm(context), values.need(0, "a server's uuid"),
                           values.text_or(1, "2013"));
    return no_rows();
}

Answer create_group(const Context& context, const Arguments& values) {
    router::create_group(farm(context), values.need(0, "a group"), values.text_or(1, ""));
    return no_rows();
}

Answer destroy_group(const Context& context, const Arguments& values) {
    router::destroy_group(farm(context), values.need(0, "a group"));
    return no_rows();
}

Answer add_server(const Context& context, const Arguments& values) {
    return servers({router::add_server(farm(context), values.need(0, "a group"),
                                       values.need(1, "a server as host:port"),
                                       values.number_or(2, 1.0, "a weight"))});
}

Answer remove_server(const Context& context, const Arguments& values) {
    router::remove_server(farm(context), values.need(0, "a server's uuid"));
    return no_rows();
}

Answer promote_server(const Context& context, const Arguments& values) {
    router::promote_server(farm(context), values.need(0, "a group"), values.text_or(1, ""));
    return no_rows();
}

Answer set_server_weight(const Context& context, const Arguments& values) {
    const std::string uuid = values.need(0, "a server's uuid");
    values.need(1, "a weight");
    router::set_server_weight(farm(context), uuid, values.number_or(1, 0, "a weight"));
    return no_rows();
}

Answer execute(const Context& context, const Arguments& values) {
    const std::string command = values.need(0, "a command, e.g. 'group.lookup_groups',");
    if (topology::command_kind(command) == topology::CommandKind::administers)
        must_administer(context, command);
    std::vector<topology::Value> arguments;
    for (std::size_t i = 1; i < values.size(); ++i) arguments.push_back(values.value(i));
    return results_of(farm(context).execute(command, arguments).result_sets);
}

constexpr Row calls[] = {
    // clang-format off
    {"get_group_servers",        1, 1, false, false, get_group_servers},
    {"get_group_server",         1, 2, false, false, get_group_server},
    {"lookup_servers",           1, 4, false, false, lookup_servers},
    {"get_sharding_information", 0, 2, false, false, get_sharding_information},
    {"report_error",             1, 3, false, false, report_error},
    {"report_failure",           1, 2, false, false, report_failure},
    {"create_group",             1, 2, false, true,  create_group},
    {"destroy_group",            1, 1, false, true,  destroy_group},
    {"add_server",               2, 3, false, true,  add_server},
    {"remove_server",            1, 1, false, true,  remove_server},
    {"promote_server",           1, 2, false, true,  promote_server},
    {"set_server_weight",        2, 2, false, true,  set_server_weight},
    {"execute",                  1, any_number, false, false, execute},
    // clang-format on
};

}  // namespace

std::span<const Row> administration_calls() {
    return calls;
}

void must_administer(const Context& context, const std::string& what) {
    if (!context.options.fabric_admin)
        throw Error(state::syntax_error, what +
                                             " changes the farm, which this connection may not; "
                                             "add FabricAdmin=1 to its keys");
}

void report_server(router::Backend& backend, const std::string& message) {
    topology::Farm& farm = farm_of(backend);
    const std::shared_ptr<const router::Here> here = backend.here();
    if (!here || here->server.uuid.empty())
        throw Error(state::attribute_cannot_be_set,
                    "the connection is on no server of the farm that could be reported");
    router::report_error(farm, here->server.uuid, message);
}

}  // namespace myfabric::farm_sql
