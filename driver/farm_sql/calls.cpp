#include "farm_sql/calls.h"

#include <algorithm>
#include <ctime>

#include "base/error.h"
#include "base/text.h"
#include "farm_sql/results.h"
#include "platform/socket.h"
#include "router/properties.h"
#include "topology/farm.h"
#include "topology/names.h"

namespace myfabric::farm_sql {
namespace {

using Answer = std::unique_ptr<results::Results>;

topology::Mode mode_of(const Arguments& values, std::size_t index, topology::Mode otherwise) {
    const std::optional<std::string> mode = values.text(index);
    return mode ? topology::parse_mode(*mode) : otherwise;
}

Answer use_group(const Context& context, const Arguments& values) {
    router::Backend& backend = context.backend;
    farm_of(backend);
    topology::Target target;
    target.group = values.need(0, "a group");
    target.mode = mode_of(values, 1, backend.target().mode);
    backend.switch_target(std::move(target));
    return no_rows();
}

Answer use_shard(const Context& context, const Arguments& values) {
    router::Backend& backend = context.backend;
    farm_of(backend);
    topology::Target target;
    target.tables =
        topology::parse_tables(values.need(0, "a table, or tables separated by commas,"));
    target.key = values.need(1, "a shard key");
    target.mode = mode_of(values, 2, backend.target().mode);
    backend.switch_target(std::move(target));
    return no_rows();
}

Answer use_global(const Context& context, const Arguments& values) {
    router::Backend& backend = context.backend;
    farm_of(backend);
    topology::Target target;
    target.tables = topology::parse_tables(values.need(0, "a table"));
    target.scope = topology::Scope::global;
    target.mode = mode_of(values, 1, backend.target().mode);
    backend.switch_target(std::move(target));
    return no_rows();
}

Answer set_property(const Context& context, const Arguments& values) {
    const std::string name = values.need(0, "a property's name");
    const std::string value = values.text_or(1, "");
    const router::Property* property = router::find_property(name);
    if (property) {
        router::set_property(context.backend, *property, value);
        return no_rows();
    }
    const dsn::Option* option = dsn::find_option(name);
    if (!option || option->part != dsn::Part::farm)
        throw Error(state::invalid_attribute_value,
                    "there is no property '" + name +
                        "'; the properties are the keys of the farm, see CALL fabric.properties()");
    throw Error(state::attribute_cannot_be_set,
                std::string(option->name) +
                    " cannot change on an open connection; set it in the DSN or the connection "
                    "string");
}

/// The farm's keys and what they are now; secrets are empty.
Answer properties(const Context& context, const Arguments&) {
    std::vector<results::MemoryRow> rows;
    for (const dsn::Option& option : dsn::option_table()) {
        if (option.part != dsn::Part::farm) continue;
        std::string value;
        if (const router::Property* property = router::find_property(option.name))
            value = property->get(context.backend.settings());
        else if (!option.detail.secret)
            value = dsn::option_value(context.options, option);
        rows.push_back({std::string(option.name),
                        value.empty() ? std::nullopt : std::optional(std::move(value))});
    }
    return rows_of({text_column("name"), text_column("value")}, std::move(rows));
}

Answer failover(const Context& context, const Arguments&) {
    farm_of(context.backend);
    context.backend.fail_over();
    return no_rows();
}

Answer reset_farm(const Context& context, const Arguments&) {
    reset_cache(context.backend);
    return no_rows();
}

Answer reset_session(const Context& context, const Arguments&) {
    if (context.backend.in_transaction())
        throw Error(state::invalid_transaction_state,
                    "a transaction is open; commit it or roll it back before the session is reset");
    context.reset();
    return no_rows();
}

Answer server(const Context& context, const Arguments&) {
    router::Backend& backend = context.backend;
    // What the next statement will use: a target that has changed is followed now.
    backend.run({router::Effect::read}, [](const auto&) {});
    const std::shared_ptr<const router::Here> here = backend.here();
    std::vector<results::MemoryRow> rows;
    if (here) {
        const std::time_t since = std::chrono::system_clock::to_time_t(backend.since());
        std::tm utc{};
        gmtime_r(&since, &utc);
        char text[32];
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
        const bool farm = backend.settings().farm != nullptr;
        const auto of_farm = [farm](std::string value) {
            return farm ? std::optional(std::move(value)) : std::nullopt;
        };
        rows.push_back({of_farm(here->server.uuid), here->server.host,
                        std::to_string(here->server.port), of_farm(here->group),
                        here->shard ? std::optional(std::to_string(*here->shard)) : std::nullopt,
                        of_farm(std::string(topology::mode_name(backend.target().mode))),
                        of_farm(topology::status_name(here->server.status)),
                        of_farm(topology::number_text(here->server.weight)), text});
    }
    return rows_of(
        {text_column("uuid"), text_column("host"), number_column("port", results::Kind::integer),
         text_column("group"), number_column("shard", results::Kind::integer), text_column("mode"),
         text_column("status"), number_column("weight", results::Kind::double_precision),
         number_column("since", results::Kind::datetime)},
        std::move(rows));
}

/// Two result sets: what the driver knows, by name; and the servers of the farm as it sees them.
Answer status(const Context& context, const Arguments&) {
    router::Backend& backend = context.backend;
    const router::Counters& counters = backend.counters();
    std::vector<results::MemoryRow> facts;
    const auto fact = [&](const char* name, std::string value) {
        facts.push_back({name, value.empty() ? std::nullopt : std::optional(std::move(value))});
    };
    const auto join = [](const std::vector<std::string>& names) {
        std::string text;
        for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
        return text;
    };
    const std::shared_ptr<const router::Here> here = backend.here();
    std::vector<results::MemoryRow> servers;
    const std::shared_ptr<topology::Farm> farm = backend.settings().farm;
    if (farm) {
        const std::shared_ptr<const topology::Topology> topology = farm->topology();
        const auto age = std::chrono::steady_clock::now() - topology->loaded();
        fact("source", topology->source);
        fact("topology_version", std::to_string(topology->version));
        fact("topology_age",
             std::to_string(std::chrono::duration_cast<std::chrono::seconds>(age).count()));
        fact("topology_ttl", std::to_string(topology->ttl.count()));
        fact("groups", std::to_string(topology->groups.size()));
        fact("sharded_tables", std::to_string(topology->tables.size()));
        fact("last_error", farm->last_error());
        std::vector<const topology::Server*> sorted;
        for (const auto& [group, members] : topology->groups)
            for (const topology::Server& member : members) sorted.push_back(&member);
        std::ranges::sort(sorted, {}, [](const topology::Server* member) {
            return std::pair(member->group, member->address());
        });
        for (const topology::Server* member : sorted) {
            servers.push_back({member->group, member->uuid, member->host,
                               std::to_string(member->port), topology::status_name(member->status),
                               topology::number_text(member->weight),
                               farm->is_quarantined(member->address()) ? "1" : "0",
                               here && here->server.address() == member->address() ? "1" : "0"});
        }
    }
    fact("server", here ? here->server.address() : "");
    fact("parked", join(backend.parked_servers()));
    fact("logins", std::to_string(counters.logins));
    fact("moves", std::to_string(counters.moves));
    fact("switches", std::to_string(counters.switches));
    fact("parked_taken", std::to_string(counters.parked_taken));
    fact("retries", std::to_string(counters.retries));
    if (farm) {
        const topology::FarmCounters of_farm = farm->counters();
        fact("refreshes", std::to_string(of_farm.refreshes));
        fact("node_calls", std::to_string(of_farm.node_calls));
        fact("cache_hits", std::to_string(of_farm.cache_hits));
    }
    const std::optional<platform::Carried> bytes =
        platform::carried(backend.on() ? backend.on()->socket() : -1);
    fact("bytes_sent", bytes ? std::to_string(bytes->sent) : "");
    fact("bytes_received", bytes ? std::to_string(bytes->received) : "");
    return std::make_unique<results::MemoryResults>(std::vector<results::MemorySet>{
        {{text_column("name"), text_column("value")}, std::move(facts)},
        {{text_column("group"), text_column("uuid"), text_column("host"),
          number_column("port", results::Kind::integer), text_column("status"),
          number_column("weight", results::Kind::double_precision),
          number_column("aside", results::Kind::tinyint),
          number_column("in_use", results::Kind::tinyint)},
         std::move(servers)}});
}

constexpr Row calls[] = {
    // clang-format off
    {"use_group",     1, 2, false, false, use_group},
    {"use_shard",     2, 3, false, false, use_shard},
    {"use_global",    1, 2, false, false, use_global},
    {"set_property",  2, 2, false, false, set_property},
    {"properties",    0, 0, false, false, properties},
    {"server",        0, 0, true,  false, server},
    {"failover",      0, 0, false, false, failover},
    {"reset_cache",   0, 0, false, false, reset_farm},
    {"reset_session", 0, 0, true,  false, reset_session},
    {"status",        0, 0, true,  false, status},
    // clang-format on
};

const Row* find(std::string_view name) {
    for (const std::span<const Row> table : {connection_calls(), administration_calls()})
        for (const Row& row : table)
            if (equal_ignoring_case(row.name, name)) return &row;
    return nullptr;
}

std::string names() {
    std::string text;
    for (const std::span<const Row> table : {connection_calls(), administration_calls()})
        for (const Row& row : table) text += (text.empty() ? "" : ", ") + std::string(row.name);
    return text;
}

}  // namespace

std::span<const Row> connection_calls() {
    return calls;
}

topology::Farm& farm_of(router::Backend& backend) {
    if (!backend.settings().farm)
        throw Error(state::attribute_cannot_be_set,
                    "the connection has no FabricHost, so it knows no farm");
    return *backend.settings().farm;
}

void reset_cache(router::Backend& backend) {
    topology::Farm& farm = farm_of(backend);
    farm.refresh(*farm.topology());
    if (const std::string error = farm.last_error(); !error.empty())
        throw Error::from_fabric(
            state::link_failure,
            "the farm could not be asked, what was known goes on serving: " + error);
}

std::unique_ptr<results::Results> answer(const Context& context, const sql::FabricCall& call,
                                         std::span<const results::Parameter> parameters) {
    const bool farm = context.backend.settings().farm != nullptr;
    const Row* row = find(call.name);
    if (!farm && (!row || !row->without_farm)) return nullptr;
    if (!row)
        throw Error(state::syntax_error,
                    "there is no fabric." + call.name + "; there are " + names());
    const std::size_t given = call.arguments.size();
    if (given < row->least_arguments || given > row->most_arguments) {
        std::string range = std::to_string(row->least_arguments);
        if (row->most_arguments != row->least_arguments)
            range += " to " + std::to_string(row->most_arguments);
        throw Error(state::syntax_error, "fabric." + std::string(row->name) + " takes " + range +
                                             " arguments, not " + std::to_string(given));
    }
    if (row->administers) must_administer(context, "fabric." + std::string(row->name));
    return row->answer(context, Arguments(call, parameters));
}

}  // namespace myfabric::farm_sql
