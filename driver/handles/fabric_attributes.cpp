// The custom attributes of include/myfabric/attributes.h.
#include <myfabric/attributes.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "farm_sql/calls.h"
#include "handles/connection.h"

namespace myfabric::handles {
namespace {

/// What is not a property of the target: the server in use, what setting does at once, and the
/// trace that statements are of.
enum class Kind : unsigned char { in_use, action, trace };

struct Attribute {
    SQLINTEGER id;
    Kind kind;
};

constexpr Attribute others[] = {
    {SQL_ATTR_FABRIC_SERVER_UUID, Kind::in_use},  {SQL_ATTR_FABRIC_SERVER, Kind::in_use},
    {SQL_ATTR_FABRIC_SERVER_GROUP, Kind::in_use}, {SQL_ATTR_FABRIC_FAILOVER, Kind::action},
    {SQL_ATTR_FABRIC_RESET_CACHE, Kind::action},  {SQL_ATTR_FABRIC_REPORT_ERROR, Kind::action},
    {SQL_ATTR_FABRIC_TRACEPARENT, Kind::trace},
};

const Attribute* find_other(SQLINTEGER id) {
    const auto* found = std::ranges::find(others, id, &Attribute::id);
    return found == std::end(others) ? nullptr : found;
}

std::string text_in_use(const std::shared_ptr<const router::Here>& here, SQLINTEGER attribute) {
    if (!here) return {};
    return attribute == SQL_ATTR_FABRIC_SERVER_UUID ? here->server.uuid
           : attribute == SQL_ATTR_FABRIC_SERVER    ? here->server.address()
                                                    : here->group;
}

/// SQL_ATTR_FABRIC_FAILOVER and its siblings: setting them does something.
void act(Connection& connection, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length,
         bool wide) {
    router::Backend& backend = connection.backend();
    farm_sql::farm_of(backend);
    if (attribute == SQL_ATTR_FABRIC_REPORT_ERROR)
        return farm_sql::report_server(backend, attribute_text(value, length, wide));
    if (reinterpret_cast<SQLULEN>(value) != 1)
        throw Error(state::invalid_attribute_value,
                    "connection attribute " + std::to_string(attribute) + " takes 1 alone, not " +
                        std::to_string(reinterpret_cast<SQLULEN>(value)));
    if (attribute == SQL_ATTR_FABRIC_RESET_CACHE) return farm_sql::reset_cache(backend);
    backend.fail_over();
    connection.report_notices(connection.diagnostics());
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
        const std::string text = text_in_use(connection.live().here(), attribute);
        const TextOut out{value, capacity, length, sizeof(SQLINTEGER), Unit::bytes, wide};
        return out.put(text) ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
    } catch (...) {
        return SQL_ERROR;
    }
}

bool is_fabric_attribute(SQLINTEGER attribute) {
    return router::find_property(attribute) || find_other(attribute);
}

void set_fabric_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                          SQLINTEGER length, bool wide) {
    const router::Property* property = router::find_property(attribute);
    if (!property) {
        const Kind kind = find_other(attribute)->kind;
        if (kind == Kind::trace) return connection.traceparent(attribute_text(value, length, wide));
        if (kind == Kind::in_use)
            throw Error(state::invalid_attribute,
                        "connection attribute " + std::to_string(attribute) + " can only be read");
        return act(connection, attribute, value, length, wide);
    }
    const std::string text = property->number ? std::to_string(reinterpret_cast<SQLULEN>(value))
                                              : attribute_text(value, length, wide);
    if (router::Backend* backend = connection.backend_if_any()) {
        router::set_property(*backend, *property, text);
    } else {
        router::Settings checked;
        router::set_property(checked, *property, text);
    }
    connection.wanted().properties.note(*property, text);
}

bool get_fabric_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                          SQLINTEGER capacity, SQLINTEGER* length, bool wide) {
    const auto put_text = [&](std::string_view found) {
        return TextOut{value, capacity, length, sizeof(SQLINTEGER), Unit::bytes, wide}.put(found);
    };
    router::Backend* backend = connection.backend_if_any();
    const router::Property* property = router::find_property(attribute);
    if (!property) {
        const Kind kind = find_other(attribute)->kind;
        if (kind == Kind::trace) return put_text(connection.traceparent());
        if (kind == Kind::action)
            throw Error(state::invalid_attribute,
                        "connection attribute " + std::to_string(attribute) + " can only be set");
        return put_text(text_in_use(backend ? backend->here() : nullptr, attribute));
    }
    router::Settings not_connected;
    if (!backend) {
        router::set_properties(not_connected, dsn::default_options());
        connection.wanted().properties.apply(not_connected);
    }
    const router::Settings& settings = backend ? backend->settings() : not_connected;
    if (!property->number) return put_text(property->get(settings));
    if (value) *static_cast<SQLUINTEGER*>(value) = property->number(settings);
    if (length) *length = sizeof(SQLUINTEGER);
    return true;
}

}  // namespace myfabric::handles
