// The custom attributes of include/myfabric/attributes.h.
#include <myfabric/attributes.h>

#include <charconv>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "handles/connection.h"

namespace myfabric::handles {
namespace {

enum class Type : unsigned char { text, number };

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
};

const Attribute* find(SQLINTEGER id) {
    for (const Attribute& row : table)
        if (row.id == id) return &row;
    return nullptr;
}

/// The text behind `value`, whatever the driver manager made of it: it may hand UTF-16 to the
/// narrow entry point, and narrow bytes to the wide one.
std::string sniffed_text(const void* value, SQLINTEGER length, bool wide) {
    if (!value) return {};
    const char* bytes = static_cast<const char*>(value);
    if (length == SQL_NTS) {
        // Without a length only the entry point can tell, but ASCII in UTF-16 has a zero second
        // byte.
        if (wide && bytes[0] != 0 && bytes[1] == 0)
            return text(static_cast<const SQLWCHAR*>(value), SQL_NTS);
        if (!wide || bytes[0] == 0)
            return std::string(text(static_cast<const SQLCHAR*>(value), SQL_NTS));
        return text(static_cast<const SQLWCHAR*>(value), SQL_NTS);
    }
    if (length < 0)
        throw Error(state::invalid_length, "the length of the text is " + std::to_string(length));
    const auto size = static_cast<std::size_t>(length);
    const bool zeros = std::memchr(bytes, 0, size) != nullptr;
    const bool utf16 = size % 2 == 0 && size > 0 && (zeros || (wide && bytes[size] == 0));
    std::string found = utf16 && (zeros || wide)
                            ? text(static_cast<const SQLWCHAR*>(value),
                                   static_cast<SQLLEN>(size / sizeof(SQLWCHAR)))
                            : std::string(bytes, size);
    return found.substr(0, found.find('\0'));
}

unsigned to_number(std::string_view name, std::string_view value) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size())
        throw Error(
            state::invalid_attribute_value,
            std::string(name) + " is '" + std::string(value) + "', which is no whole number");
    return number;
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

router::Mode working_mode(std::string_view value) {
    const router::Mode mode = parsed([&] { return router::parse_mode(value); });
    if (mode == router::Mode::automatic)
        throw Error(state::not_implemented,
                    "Mode=AUTO is not available in this version; use READONLY or READWRITE");
    return mode;
}

void set_early(Connection::EarlyTarget& early, std::string_view name, std::string_view value) {
    if (name == "Group") early.group = value;
    if (name == "ShardKey") early.shard_key = value;
    if (name == "Tables") early.tables = value;
    if (name == "Scope") {
        parsed([&] { return router::parse_scope(value); });
        early.scope = value;
    }
    if (name == "Mode") early.mode = working_mode(value);
    if (name == "Attempts") early.attempts = to_number(name, value);
    if (name == "AttemptDelay") early.attempt_delay = to_number(name, value);
}

std::string join(const std::vector<std::string>& names) {
    std::string joined;
    for (const std::string& name : names) joined += (joined.empty() ? "" : ",") + name;
    return joined;
}

}  // namespace

bool is_fabric_attribute(SQLINTEGER attribute) {
    return find(attribute) != nullptr;
}

void set_fabric_property(Connection& connection, std::string_view name, std::string_view value) {
    const Attribute* row = nullptr;
    for (const Attribute& known : table)
        if (known.property &&
            (equal_ignoring_case(known.property, name) ||
             (equal_ignoring_case(name, "key") && known.id == SQL_ATTR_FABRIC_SHARD_KEY)))
            row = &known;
    if (!row)
        throw Error(state::invalid_attribute_value,
                    "there is no property '" + std::string(name) +
                        "' that can change; use Group, ShardKey, Tables, Mode, Scope, Attempts or "
                        "AttemptDelay");
    const std::string_view property = row->property;
    router::Backend* backend = connection.backend_if_any();
    if (!backend) return set_early(connection.early_target, property, value);
    if (property == "Attempts") {
        backend->settings().attempts = to_number(property, value);
        return;
    }
    if (property == "AttemptDelay") {
        backend->settings().attempt_delay = to_number(property, value);
        return;
    }
    if (!backend->settings().farm)
        throw Error(state::attribute_cannot_be_set,
                    "the connection has no FabricHost, so there is no target to change");
    router::Target target = backend->target();
    if (property == "Group") {
        target.group = value;
        if (!value.empty()) {  // Group excludes Tables: the later choice counts
            target.tables.clear();
            target.key.reset();
        }
    } else if (property == "ShardKey") {
        target.key = value.empty() ? std::nullopt : std::optional<std::string>(value);
    } else if (property == "Tables") {
        target.tables = parsed([&] { return router::parse_tables(value); });
        if (!value.empty()) target.group.clear();
    } else if (property == "Scope") {
        target.scope.reset();
        if (!value.empty()) target.scope = parsed([&] { return router::parse_scope(value); });
    } else if (property == "Mode") {
        target.mode = working_mode(value);
    }
    backend->set_target(std::move(target));
}

void set_fabric_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                          SQLINTEGER length, bool wide) {
    const Attribute& row = *find(attribute);
    if (!row.property)
        throw Error(state::invalid_attribute,
                    "connection attribute " + std::to_string(attribute) + " can only be read");
    set_fabric_property(connection, row.property,
                        row.type == Type::number ? std::to_string(reinterpret_cast<SQLULEN>(value))
                                                 : sniffed_text(value, length, wide));
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
    const auto& early = connection.early_target;
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
            const router::Target& target = backend->target();
            return put_text(router::scope_name(
                target.scope.value_or(target.key ? router::Scope::local : router::Scope::global)));
        }
        case SQL_ATTR_FABRIC_MODE:
            return put_number(static_cast<unsigned>(
                backend ? backend->target().mode : early.mode.value_or(router::Mode::read_write)));
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
        default:
            throw Error(state::invalid_attribute,
                        "there is no connection attribute " + std::to_string(attribute));
    }
}

}  // namespace myfabric::handles
