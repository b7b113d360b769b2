#include "handles/fabric_calls.h"

#include <ctime>
#include <functional>

#include "base/error.h"
#include "base/text.h"
#include "cursor/memory_results.h"

namespace myfabric::handles {
namespace {

using Arguments = std::vector<std::optional<std::string>>;

std::string text_of(const mysql::Parameter& value, std::size_t number) {
    using Type = mysql::Parameter::Type;
    switch (value.type) {
        case Type::signed_integer:
            return std::to_string(value.integer);
        case Type::unsigned_integer:
            return std::to_string(value.unsigned_integer);
        case Type::text:
        case Type::binary:
            return std::string(value.bytes);
        case Type::date:
        case Type::datetime: {
            char text[40];
            const mysql::Moment& m = value.moment;
            std::snprintf(text, sizeof text, "%04u-%02u-%02u %02u:%02u:%02u.%06u", m.year, m.month,
                          m.day, m.hour, m.minute, m.second, m.microsecond);
            return std::string(text, value.type == Type::date ? 10 : m.microsecond ? 26 : 19);
        }
        case Type::null:
        case Type::real:
        case Type::time:
            break;
    }
    throw Error(state::syntax_error, "argument " + std::to_string(number) +
                                         " of the call must be a text, an integer or a date");
}

Arguments arguments(const statement::FabricCall& call,
                    std::span<const mysql::Parameter> parameters) {
    Arguments values;
    std::size_t next = 0;
    for (const statement::Argument& argument : call.arguments) {
        if (!argument.is_parameter) {
            values.push_back(argument.value);
            continue;
        }
        const mysql::Parameter& parameter = parameters[next++];
        if (parameter.type == mysql::Parameter::Type::null)
            values.emplace_back();
        else
            values.emplace_back(text_of(parameter, values.size() + 1));
    }
    return values;
}

mysql::Column text_column(std::string name) {
    mysql::Column column;
    column.name = std::move(name);
    column.kind = mysql::Kind::varchar;
    column.length = 255 * 4;
    column.char_bytes = 4;
    column.charset = 45;
    return column;
}

mysql::Column number_column(std::string name, mysql::Kind kind) {
    mysql::Column column;
    column.name = std::move(name);
    column.kind = kind;
    column.length = 22;
    column.decimals = kind == mysql::Kind::double_precision ? 31 : 0;
    return column;
}

/// A call without rows: it counts as a statement that affected nothing.
std::unique_ptr<mysql::Results> nothing() {
    return std::make_unique<cursor::MemoryResults>(mysql::Columns{},
                                                   std::vector<cursor::MemoryRow>{});
}

const std::string& need(const Arguments& values, std::size_t index, const char* what) {
    if (index >= values.size() || !values[index])
        throw Error(state::syntax_error, std::string("the call needs ") + what + " as argument " +
                                             std::to_string(index + 1));
    return *values[index];
}

/// Sets several properties as one change: all or none.
router::Backend& farm_backend(Connection& connection) {
    router::Backend& backend = connection.backend();
    if (!backend.settings().farm)
        throw Error(state::attribute_cannot_be_set,
                    "the connection has no FabricHost, so there is no target to change");
    return backend;
}

void switch_to(router::Backend& backend, router::Target target) {
    if (backend.in_transaction())
        throw Error(state::invalid_transaction_state,
                    "the target cannot change inside a transaction; commit or roll back first");
    if (target.mode == router::Mode::automatic)
        throw Error(state::not_implemented,
                    "mode AUTO is not available in this version; use READONLY or READWRITE");
    // A target that leads nowhere is refused here, where the mistake is, and changes nothing.
    router::resolve(*backend.settings().farm->topology(), target, backend.session().database);
    backend.set_target(std::move(target));
}

router::Mode mode_of(const Arguments& values, std::size_t index, router::Mode otherwise) {
    if (index >= values.size() || !values[index]) return otherwise;
    return router::parse_mode(*values[index]);
}

std::unique_ptr<mysql::Results> use_group(Connection& connection, const Arguments& values) {
    router::Backend& backend = farm_backend(connection);
    router::Target target;
    target.group = need(values, 0, "a group");
    target.mode = mode_of(values, 1, backend.target().mode);
    switch_to(backend, std::move(target));
    return nothing();
}

std::unique_ptr<mysql::Results> use_shard(Connection& connection, const Arguments& values) {
    router::Backend& backend = farm_backend(connection);
    router::Target target;
    target.tables =
        router::parse_tables(need(values, 0, "a table, or tables separated by commas,"));
    target.key = need(values, 1, "a shard key");
    target.mode = mode_of(values, 2, backend.target().mode);
    switch_to(backend, std::move(target));
    return nothing();
}

std::unique_ptr<mysql::Results> use_global(Connection& connection, const Arguments& values) {
    router::Backend& backend = farm_backend(connection);
    router::Target target;
    target.tables = router::parse_tables(need(values, 0, "a table"));
    target.scope = router::Scope::global;
    target.mode = mode_of(values, 1, backend.target().mode);
    switch_to(backend, std::move(target));
    return nothing();
}

std::unique_ptr<mysql::Results> set_property(Connection& connection, const Arguments& values) {
    set_fabric_property(connection, need(values, 0, "a property's name"),
                        need(values, 1, "its value"));
    return nothing();
}

std::string scope_of(const router::Target& target) {
    return std::string(router::scope_name(
        target.scope.value_or(target.key ? router::Scope::local : router::Scope::global)));
}

std::unique_ptr<mysql::Results> properties(Connection& connection, const Arguments&) {
    const router::Backend& backend = connection.backend();
    const router::Target& target = backend.target();
    std::string tables;
    for (const std::string& table : target.tables) tables += (tables.empty() ? "" : ",") + table;
    const auto present = [](const std::string& text) {
        return text.empty() ? std::optional<std::string>() : std::optional(text);
    };
    const router::Settings& settings = connection.backend().settings();
    std::vector<cursor::MemoryRow> rows = {
        {"Group", present(target.group)},
        {"Tables", present(tables)},
        {"ShardKey", target.key},
        {"Scope", scope_of(target)},
        {"Mode", std::string(router::mode_name(target.mode))},
        {"Attempts", std::to_string(settings.attempts)},
        {"AttemptDelay", std::to_string(settings.attempt_delay)},
    };
    return std::make_unique<cursor::MemoryResults>(
        mysql::Columns{text_column("name"), text_column("value")}, std::move(rows));
}

std::string status_name(fabric::Status status) {
    static constexpr const char* names[] = {"FAULTY", "SPARE", "SECONDARY", "PRIMARY"};
    return names[static_cast<int>(status)];
}

std::unique_ptr<mysql::Results> server(Connection& connection, const Arguments&) {
    router::Backend& backend = connection.backend();
    // What the next statement will use: a target that has changed is followed now.
    backend.run({router::Effect::read}, [](const auto&) {});
    const std::optional<router::Here> here = backend.here();
    std::vector<cursor::MemoryRow> rows;
    if (here) {
        const std::time_t since = std::chrono::system_clock::to_time_t(here->since);
        std::tm utc{};
        gmtime_r(&since, &utc);
        char text[32];
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
        const bool farm = backend.settings().farm != nullptr;
        char weight[32];
        std::snprintf(weight, sizeof weight, "%g", here->server.weight);
        const auto of_farm = [farm](std::string value) {
            return farm ? std::optional(std::move(value)) : std::nullopt;
        };
        rows.push_back({of_farm(here->server.uuid), here->server.host,
                        std::to_string(here->server.port), of_farm(here->group),
                        here->shard ? std::optional(std::to_string(*here->shard)) : std::nullopt,
                        of_farm(std::string(router::mode_name(backend.target().mode))),
                        of_farm(status_name(here->server.status)), of_farm(weight), text});
    }
    return std::make_unique<cursor::MemoryResults>(
        mysql::Columns{
            text_column("uuid"), text_column("host"), number_column("port", mysql::Kind::integer),
            text_column("group"), number_column("shard", mysql::Kind::integer), text_column("mode"),
            text_column("status"), number_column("weight", mysql::Kind::double_precision),
            number_column("since", mysql::Kind::datetime)},
        std::move(rows));
}

struct Call {
    const char* name;
    std::size_t most_arguments;
    bool without_farm;  // the driver's on a connection without FabricHost, too
    std::unique_ptr<mysql::Results> (*answer)(Connection&, const Arguments&);
};

constexpr Call calls[] = {
    {"use_group", 2, false, use_group},   {"use_shard", 3, false, use_shard},
    {"use_global", 2, false, use_global}, {"set_property", 2, false, set_property},
    {"properties", 0, false, properties}, {"server", 0, true, server},
};

}  // namespace

std::unique_ptr<mysql::Results> answer_fabric_call(Connection& connection,
                                                   const statement::FabricCall& call,
                                                   std::span<const mysql::Parameter> parameters) {
    const bool farm = connection.backend().settings().farm != nullptr;
    for (const Call& known : calls) {
        if (!equal_ignoring_case(known.name, call.name)) continue;
        if (!farm && !known.without_farm) return nullptr;
        if (call.arguments.size() > known.most_arguments)
            throw Error(state::syntax_error,
                        "fabric." + std::string(known.name) + " takes at most " +
                            std::to_string(known.most_arguments) + " arguments, not " +
                            std::to_string(call.arguments.size()));
        return known.answer(connection, arguments(call, parameters));
    }
    if (!farm) return nullptr;
    throw Error(state::not_implemented,
                "fabric." + call.name + " is not available in this version");
}

}  // namespace myfabric::handles
