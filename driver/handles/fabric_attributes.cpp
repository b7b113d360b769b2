// The custom attributes of include/myfabric/attributes.h.
#include <myfabric/attributes.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "handles/connection.h"
#include "handles/fabric_calls.h"

namespace myfabric::handles {
namespace {

enum class Type : unsigned char { text, number, action };

struct Attribute {
    SQLINTEGER id;
    const char* property;  // the connection key; null for what can only be read
    Type type;
};

constexpr Attribute table[] = {
    {SQL_ATTR_FABRIC_GROUP, "Group", Type::text},
    {SQL_ATTR_FABRIC_SHARD_KEY, "ShardKey", Type::text},
    {SQL_ATTR_FABRIC_TABLES, "Tables", Type::text},
    {SQL_ATTR_FABRIC_MODE, "Mode", Type::number},
    {SQL_ATTR_FABRIC_SCOPE, "Scope", Type::text},
    {SQL_ATTR_FABRIC_ATTEMPTS, "Attempts", Type::number},
    {SQL_ATTR_FABRIC_ATTEMPT_DELAY, "AttemptDelay", Type::number},
    {SQL_ATTR_FABRIC_SERVER_UUID, nullptr, Type::text},
    {SQL_ATTR_FABRIC_SERVER, nullptr, Type::text},
    {SQL_ATTR_FABRIC_SERVER_GROUP, nullptr, Type::text},
    {SQL_ATTR_FABRIC_FAILOVER, nullptr, Type::action},
    {SQL_ATTR_FABRIC_RESET_CACHE, nullptr, Type::action},
    {SQL_ATTR_FABRIC_REPORT_ERROR, nullptr, Type::action},
};

const Attribute* find(SQLINTEGER id) {
    for (const Attribute& row : table)
        if (row.id == id) return &row;
    return nullptr;
}

/// An error of the value's form is HY024 for an attribute, whatever it is for a connection string.
template <class Parse>
auto parsed(Parse&& parse) {
    try {
        return parse();
    } catch (const Error& error) {
        throw Error(state::invalid_attribute_value, error.message());
    }
}

/// What a connection key means, checked as in a connection string.
dsn::Options checked(std::string_view name, std::string_view value) {
    return parsed([&] {
        dsn::Options options = dsn::default_options();
        dsn::set_option(options, *dsn::find_option(name), value);
        return options;
    });
}

/// Keys that are no part of the target and may change on an open connection.
struct Tunable {
    std::string_view key;
    void (*set)(router::Settings&, const dsn::Options&);
    std::string (*get)(const router::Settings&);
};

std::string reports_name(router::Reports reports) {
    return reports == router::Reports::no        ? "no"
           : reports == router::Reports::failure ? "failure"
                                                 : "error";
}

constexpr Tunable tunables[] = {
    {"Attempts", [](auto& settings, const auto& options) { settings.attempts = options.attempts; },
     [](const auto& settings) { return std::to_string(settings.attempts); }},
    {"AttemptDelay",
     [](auto& settings, const auto& options) { settings.attempt_delay = options.attempt_delay; },
     [](const auto& settings) { return std::to_string(settings.attempt_delay); }},
    {"MaxLag", [](auto& settings, const auto& options) { settings.max_lag = options.max_lag; },
     [](const auto& settings) { return std::to_string(settings.max_lag); }},
    {"ReadYourWritesTimeout",
     [](auto& settings, const auto& options) {
         settings.read_your_writes_timeout = options.read_your_writes_timeout;
     },
     [](const auto& settings) { return std::to_string(settings.read_your_writes_timeout); }},
    {"ParkedServers",
     [](auto& settings, const auto& options) { settings.parked_servers = options.parked_servers; },
     [](const auto& settings) { return std::to_string(settings.parked_servers); }},
    {"ParkedTimeout",
     [](auto& settings, const auto& options) {
         settings.parked_timeout = std::chrono::seconds(options.parked_timeout);
     },
     [](const auto& settings) { return std::to_string(settings.parked_timeout.count()); }},
    {"ReportErrors",
     [](auto& settings, const auto& options) {
         settings.reports = Connection::reports_of(options);
     },
     [](const auto& settings) { return reports_name(settings.reports); }},
};

const Tunable* find_tunable(std::string_view name) {
    for (const Tunable& row : tunables)
        if (equal_ignoring_case(row.key, name)) return &row;
    return nullptr;
}

void note_target(Connection::TargetAsSet& early, std::string_view name, std::string_view value) {
    if (name == "Group") early.group = value;
    if (name == "ShardKey") early.shard_key = value;
    if (name == "Tables") early.tables = value;
    if (name == "Scope") {
        parsed([&] { return topology::parse_scope(value); });
        early.scope = value;
    }
    if (name == "Mode") early.mode = parsed([&] { return topology::parse_mode(value); });
    if (name == "Attempts") early.attempts = checked(name, value).attempts;
    if (name == "AttemptDelay") early.attempt_delay = checked(name, value).attempt_delay;
}

std::string join(const std::vector<std::string>& names) {
    std::string joined;
    for (const std::string& name : names) joined += (joined.empty() ? "" : ",") + name;
    return joined;
}

}  // namespace

bool is_known_of_the_link(SQLINTEGER attribute) {
    return attribute == SQL_ATTR_CONNECTION_DEAD || attribute == SQL_ATTR_FABRIC_SERVER_UUID ||
           attribute == SQL_ATTR_FABRIC_SERVER || attribute == SQL_ATTR_FABRIC_SERVER_GROUP;
}

SQLRETURN get_from_link(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                        SQLINTEGER capacity, SQLINTEGER* length, bool wide) noexcept {
    try {
        if (attribute == SQL_ATTR_CONNECTION_DEAD) {
            if (value)
                *static_cast<SQLUINTEGER*>(value) =
                    connection.live().usable() ? SQL_CD_FALSE : SQL_CD_TRUE;
            if (length) *length = sizeof(SQLUINTEGER);
            return SQL_SUCCESS;
        }
        const auto here = connection.live().here();
        std::string text;
        if (here && attribute == SQL_ATTR_FABRIC_SERVER_UUID) text = here->server.uuid;
        if (here && attribute == SQL_ATTR_FABRIC_SERVER) text = here->server.address();
        if (here && attribute == SQL_ATTR_FABRIC_SERVER_GROUP) text = here->group;
        const TextOut out{value, capacity, length, sizeof(SQLINTEGER), Unit::bytes, wide};
        return out.put(text) ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
    } catch (...) {
        return SQL_ERROR;
    }
}

bool is_fabric_attribute(SQLINTEGER attribute) {
    return find(attribute) != nullptr;
}

void set_fabric_property(Connection& connection, std::string_view name, std::string_view value) {
    const dsn::Option* option =
        dsn::find_option(equal_ignoring_case(name, "key") ? "ShardKey" : name);
    if (!option || option->part != dsn::Part::farm)
        throw Error(state::invalid_attribute_value,
                    "there is no property '" + std::string(name) +
                        "'; the properties are the keys of the farm, see CALL fabric.properties()");
    const std::string_view property = option->name;
    router::Backend* backend = connection.backend_if_any();
    if (!backend) return note_target(connection.as_set.target, property, value);
    if (const Tunable* tunable = find_tunable(property)) {
        tunable->set(backend->settings(), checked(property, value));
        return;
    }
    const bool of_target = std::ranges::any_of(
        table, [&](const Attribute& row) { return row.property && property == row.property; });
    if (!of_target)
        throw Error(state::attribute_cannot_be_set,
                    std::string(property) +
                        " cannot change on an open connection; set it in the DSN or the connection "
                        "string");
    if (!backend->settings().farm)
        throw Error(state::attribute_cannot_be_set,
                    "the connection has no FabricHost, so there is no target to change");
    topology::Target target = backend->target();
    if (property == "Group") {
        target.group = value;
        if (!value.empty()) {  // Group excludes Tables: the later choice counts
            target.tables.clear();
            target.key.reset();
        }
    } else if (property == "ShardKey") {
        target.key = value.empty() ? std::nullopt : std::optional<std::string>(value);
    } else if (property == "Tables") {
        target.tables = parsed([&] { return topology::parse_tables(value); });
        if (!value.empty()) target.group.clear();
    } else if (property == "Scope") {
        target.scope.reset();
        if (!value.empty()) target.scope = parsed([&] { return topology::parse_scope(value); });
    } else if (property == "Mode") {
        target.mode = parsed([&] { return topology::parse_mode(value); });
    }
    backend->set_target(std::move(target));
}

std::vector<std::pair<std::string, std::string>> fabric_properties(Connection& connection) {
    const router::Settings& settings = connection.backend().settings();
    const topology::Target& target = settings.target;
    std::vector<std::pair<std::string, std::string>> properties;
    for (const dsn::Option& option : dsn::option_table()) {
        if (option.part != dsn::Part::farm) continue;
        std::string value;
        if (const Tunable* tunable = find_tunable(option.name))
            value = tunable->get(settings);
        else if (option.name == "Group")
            value = target.group;
        else if (option.name == "Tables")
            value = join(target.tables);
        else if (option.name == "ShardKey")
            value = target.key.value_or("");
        else if (option.name == "Scope")
            value = topology::scope_name(target.scope.value_or(
                target.key ? topology::Scope::local : topology::Scope::global));
        else if (option.name == "Mode")
            value = topology::mode_name(target.mode);
        else if (!option.detail.secret)
            value = dsn::option_value(connection.options(), option);
        properties.emplace_back(option.name, std::move(value));
    }
    return properties;
}

/// SQL_ATTR_FABRIC_FAILOVER and its siblings: setting them does something.
static void act(Connection& connection, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length,
                bool wide) {
    farm_backend(connection);
    if (attribute == SQL_ATTR_FABRIC_REPORT_ERROR)
        return report_server(connection, attribute_text(value, length, wide));
    if (reinterpret_cast<SQLULEN>(value) != 1)
        throw Error(state::invalid_attribute_value,
                    "connection attribute " + std::to_string(attribute) + " takes 1 alone, not " +
                        std::to_string(reinterpret_cast<SQLULEN>(value)));
    if (attribute == SQL_ATTR_FABRIC_RESET_CACHE) return reset_farm_cache(connection);
    farm_backend(connection).fail_over();
    connection.tell_notices(connection.diagnostics());
}

void set_fabric_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                          SQLINTEGER length, bool wide) {
    const Attribute& row = *find(attribute);
    if (row.type == Type::action) return act(connection, attribute, value, length, wide);
    if (!row.property)
        throw Error(state::invalid_attribute,
                    "connection attribute " + std::to_string(attribute) + " can only be read");
    const std::string text = row.type == Type::number
                                 ? std::to_string(reinterpret_cast<SQLULEN>(value))
                                 : attribute_text(value, length, wide);
    set_fabric_property(connection, row.property, text);
    note_target(connection.as_set.target, row.property, text);
    if (!connection.backend_if_any() || text.empty()) return;
    // The later choice counts, over the next connect, too.
    Connection::TargetAsSet& target = connection.as_set.target;
    if (attribute == SQL_ATTR_FABRIC_GROUP) target.tables = target.shard_key = "";
    if (attribute == SQL_ATTR_FABRIC_TABLES) target.group = "";
}

bool get_fabric_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                          SQLINTEGER capacity, SQLINTEGER* length, bool wide) {
    const auto put_text = [&](std::string_view found) {
        return TextOut{value, capacity, length, sizeof(SQLINTEGER), Unit::bytes, wide}.put(found);
    };
    const auto put_number = [&](unsigned number) {
        if (value) *static_cast<SQLUINTEGER*>(value) = number;
        if (length) *length = sizeof(SQLUINTEGER);
        return true;
    };
    router::Backend* backend = connection.backend_if_any();
    const auto& early = connection.as_set.target;
    const dsn::Options& options = connection.options();
    const auto here = backend ? backend->here() : std::nullopt;
    switch (attribute) {
        case SQL_ATTR_FABRIC_GROUP:
            return put_text(backend ? backend->target().group : early.group.value_or(""));
        case SQL_ATTR_FABRIC_SHARD_KEY:
            return put_text(backend ? backend->target().key.value_or("")
                                    : early.shard_key.value_or(""));
        case SQL_ATTR_FABRIC_TABLES:
            return put_text(backend ? join(backend->target().tables) : early.tables.value_or(""));
        case SQL_ATTR_FABRIC_SCOPE: {
            if (!backend) return put_text(early.scope.value_or(""));
            const topology::Target& target = backend->target();
            return put_text(topology::scope_name(target.scope.value_or(
                target.key ? topology::Scope::local : topology::Scope::global)));
        }
        case SQL_ATTR_FABRIC_MODE:
            return put_number(
                static_cast<unsigned>(backend ? backend->target().mode
                                              : early.mode.value_or(topology::Mode::read_write)));
        case SQL_ATTR_FABRIC_ATTEMPTS:
            return put_number(backend ? backend->settings().attempts
                                      : early.attempts.value_or(options.attempts));
        case SQL_ATTR_FABRIC_ATTEMPT_DELAY:
            return put_number(backend ? backend->settings().attempt_delay
                                      : early.attempt_delay.value_or(options.attempt_delay));
        case SQL_ATTR_FABRIC_SERVER_UUID:
            return put_text(here ? here->server.uuid : "");
        case SQL_ATTR_FABRIC_SERVER:
            return put_text(here ? here->server.address() : "");
        case SQL_ATTR_FABRIC_SERVER_GROUP:
            return put_text(here ? here->group : "");
        case SQL_ATTR_FABRIC_FAILOVER:
        case SQL_ATTR_FABRIC_RESET_CACHE:
        case SQL_ATTR_FABRIC_REPORT_ERROR:
            throw Error(state::invalid_attribute,
                        "connection attribute " + std::to_string(attribute) + " can only be set");
        default:
            throw Error(state::invalid_attribute,
                        "there is no connection attribute " + std::to_string(attribute));
    }
}

}  // namespace myfabric::handles
