// SQLSetConnectAttr and SQLGetConnectAttr, but for the custom attributes.
#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "handles/statement.h"

namespace myfabric::handles {
namespace {

struct Isolation {
    SQLULEN id;
    const char* name;
};

constexpr Isolation isolations[] = {
    {SQL_TXN_READ_UNCOMMITTED, "READ UNCOMMITTED"},
    {SQL_TXN_READ_COMMITTED, "READ COMMITTED"},
    {SQL_TXN_REPEATABLE_READ, "REPEATABLE READ"},
    {SQL_TXN_SERIALIZABLE, "SERIALIZABLE"},
};

/// Plain numbers that are kept in the handle.
struct Number {
    SQLINTEGER id;
    SQLULEN ConnectionAttributes::*member;
    bool changed_before_connecting_only;
    const char* no_effect;  // why a value other than 0 is 01S02
};

constexpr Number numbers[] = {
    {SQL_ATTR_LOGIN_TIMEOUT, &ConnectionAttributes::login_timeout, false, nullptr},
    {SQL_ATTR_CONNECTION_TIMEOUT, &ConnectionAttributes::connection_timeout, false, nullptr},
    {SQL_ATTR_PACKET_SIZE, &ConnectionAttributes::packet_size, true, nullptr},
    {SQL_ATTR_ODBC_CURSORS, &ConnectionAttributes::odbc_cursors, false, nullptr},
    {SQL_ATTR_TRACE, &ConnectionAttributes::trace, false, nullptr},
    {SQL_ATTR_METADATA_ID, &ConnectionAttributes::metadata_id, false, nullptr},
    {SQL_ATTR_TRANSLATE_OPTION, &ConnectionAttributes::translate_option, false, nullptr},
};

const Number* find_number(SQLINTEGER attribute) {
    const auto* found = std::ranges::find(numbers, attribute, &Number::id);
    return found == std::end(numbers) ? nullptr : found;
}

/// 0 to 65535: the range in which ODBC itself and ODBC 2.x statement options live.
bool is_statement_attribute(SQLINTEGER attribute) {
    static constexpr SQLINTEGER ids[] = {
        SQL_ATTR_QUERY_TIMEOUT, SQL_ATTR_MAX_ROWS,      SQL_ATTR_NOSCAN,
        SQL_ATTR_MAX_LENGTH,    SQL_ATTR_CURSOR_TYPE,   SQL_ATTR_CONCURRENCY,
        SQL_ATTR_KEYSET_SIZE,   SQL_ROWSET_SIZE,        SQL_SIMULATE_CURSOR,
        SQL_ATTR_RETRIEVE_DATA, SQL_ATTR_USE_BOOKMARKS, SQL_ATTR_ROW_BIND_TYPE,
        SQL_ATTR_ASYNC_ENABLE,
    };
    return std::ranges::find(ids, attribute) != std::end(ids);
}

Error wrong_value(SQLINTEGER attribute, SQLULEN value) {
    return Error(state::invalid_attribute_value, "value " + std::to_string(value) +
                                                     " is not one of connection attribute " +
                                                     std::to_string(attribute));
}

std::string text_value(SQLPOINTER value, SQLINTEGER length, bool wide) {
    if (!value) throw Error(state::invalid_null_pointer, "the attribute's text is missing");
    return attribute_text(value, length, wide);
}

void change_session(Connection& connection,
                    const std::function<void(router::SessionState&)>& change) {
    if (router::Backend* backend = connection.backend_if_any())
        backend->change_session(change);
    else
        change(connection.wanted().chosen);
}

const router::SessionState& session(Connection& connection) {
    router::Backend* backend = connection.backend_if_any();
    return backend ? backend->session() : connection.wanted().chosen;
}

/// The isolation in force: what was set, or what the server's session says.
SQLUINTEGER isolation(Connection& connection) {
    std::string name = session(connection).isolation;
    if (name.empty() && connection.connected())
        name = connection.backend().run({router::Effect::read}, [](const auto& server) {
            const bool renamed = !server->is_mariadb() && server->server_version_number() >= 80000;
            return server->query_value(renamed ? "SELECT @@transaction_isolation"
                                               : "SELECT @@tx_isolation");
        });
    std::ranges::replace(name, '-', ' ');
    for (const Isolation& row : isolations)
        if (name == row.name) return static_cast<SQLUINTEGER>(row.id);
    return SQL_TXN_REPEATABLE_READ;
}

void set_isolation(Connection& connection, SQLULEN value) {
    const auto* row = std::ranges::find(isolations, value, &Isolation::id);
    if (row == std::end(isolations)) throw wrong_value(SQL_ATTR_TXN_ISOLATION, value);
    if (router::Backend* backend = connection.backend_if_any();
        backend && backend->in_transaction())
        throw Error(state::attribute_cannot_be_set,
                    "the isolation level cannot change inside a transaction");
    change_session(connection, [&](router::SessionState& wanted) { wanted.isolation = row->name; });
}

}  // namespace

void set_connection_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                              SQLINTEGER length, bool wide) {
    if (is_fabric_attribute(attribute))
        return set_fabric_attribute(connection, attribute, value, length, wide);
    const SQLULEN number = reinterpret_cast<SQLULEN>(value);
    if (const Number* row = find_number(attribute)) {
        if (row->changed_before_connecting_only && connection.connected() &&
            connection.attributes.*row->member != number)
            throw Error(state::attribute_cannot_be_set, "connection attribute " +
                                                            std::to_string(attribute) +
                                                            " must be set before connecting");
        connection.attributes.*row->member = number;
        if (attribute == SQL_ATTR_CONNECTION_TIMEOUT) connection.limit_waits();
        return;
    }
    switch (attribute) {
        case SQL_ATTR_AUTOCOMMIT:
            if (number != SQL_AUTOCOMMIT_ON && number != SQL_AUTOCOMMIT_OFF)
                throw wrong_value(attribute, number);
            return change_session(connection, [&](router::SessionState& wanted) {
                wanted.autocommit = number == SQL_AUTOCOMMIT_ON;
            });
        case SQL_ATTR_ACCESS_MODE:
            if (number != SQL_MODE_READ_WRITE && number != SQL_MODE_READ_ONLY)
                throw wrong_value(attribute, number);
            return change_session(connection, [&](router::SessionState& wanted) {
                wanted.read_only = number == SQL_MODE_READ_ONLY;
            });
        case SQL_ATTR_TXN_ISOLATION:
            return set_isolation(connection, number);
        case SQL_ATTR_CURRENT_CATALOG: {
            const std::string database = text_value(value, length, wide);
            if (database.empty() && connection.connected())
                throw Error(state::invalid_catalog,
                            "a session cannot leave its database for none; name another one");
            change_session(connection,
                           [&](router::SessionState& wanted) { wanted.database = database; });
            connection.wanted().database_chosen = true;
            return;
        }
        case SQL_ATTR_QUIET_MODE:
            connection.attributes.quiet_mode = value;
            return;
        case SQL_ATTR_ANSI_APP:
            // Texts are converted by entry point; this is of the types that columns have.
            connection.application.ansi = number == SQL_AA_TRUE;
            return;
        case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
            if (number > SQL_ASYNC_DBC_ENABLE_ON) throw wrong_value(attribute, number);
            connection.attributes.async_functions = number;
            return;
        case SQL_ATTR_ASYNC_ENABLE:
            if (number > SQL_ASYNC_ENABLE_ON) throw wrong_value(attribute, number);
            connection.attributes.async_statements = number;
            break;
        case SQL_ATTR_QUERY_TIMEOUT:
            connection.attributes.query_timeout = number;
            break;
        case SQL_ATTR_RESET_CONNECTION:
            // A pool hands the connection to its next user.
            if (number != SQL_RESET_CONNECTION_YES) throw wrong_value(attribute, number);
            return connection.reset();
        case SQL_ATTR_ENLIST_IN_DTC:
        case SQL_ATTR_TRANSLATE_LIB:
            throw Error(state::not_implemented,
                        "connection attribute " + std::to_string(attribute));
        case SQL_ATTR_AUTO_IPD:
        case SQL_ATTR_CONNECTION_DEAD:
            throw Error(state::invalid_attribute,
                        "connection attribute " + std::to_string(attribute) + " is read-only");
        default:
            break;
    }
    if (is_statement_attribute(attribute)) {
        // ODBC 2.x: a statement option set on the connection holds for its statements.
        for (const auto& statement : connection.statements())
            set_statement_attribute(*statement, attribute, value, length);
        auto& defaults = connection.attributes.statement_defaults;
        std::erase_if(defaults, [&](const auto& known) { return known.first == attribute; });
        defaults.emplace_back(attribute, value);
        return;
    }
    throw Error(state::invalid_attribute,
                "there is no connection attribute " + std::to_string(attribute));
}

namespace {

// unixODBC (2.3.0 to 2.3.14, DriverManager/SQLConnect.c) asks SQL_ATTR_CONNECTION_DEAD of a pooled
// connection before it hands it out, by the ANSI function, with SQL_IS_INTEGER and without a
// pointer for the length. It resets nothing for programs of ODBC 3, and no other call reports the
// driver that the user is another one. Programs that ask for themselves mostly do it differently.
bool asked_by_pool(SQLINTEGER capacity, const SQLINTEGER* length, bool wide) {
    return !wide && capacity == SQL_IS_INTEGER && !length;
}

bool ready_for_next_user(Connection& connection) {
    if (!connection.connected()) return false;
    try {
        connection.reset();
        return connection.backend().usable();
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

bool get_connection_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                              SQLINTEGER capacity, SQLINTEGER* length, bool wide) {
    if (is_fabric_attribute(attribute))
        return get_fabric_attribute(connection, attribute, value, capacity, length, wide);
    const auto put = [&](SQLULEN number) {
        if (value) *static_cast<SQLUINTEGER*>(value) = static_cast<SQLUINTEGER>(number);
        if (length) *length = sizeof(SQLUINTEGER);
        return true;
    };
    if (const Number* row = find_number(attribute)) return put(connection.attributes.*row->member);
    const router::SessionState& wanted = session(connection);
    switch (attribute) {
        case SQL_ATTR_AUTOCOMMIT:
            return put(wanted.autocommit ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF);
        case SQL_ATTR_ACCESS_MODE:
            return put(wanted.read_only ? SQL_MODE_READ_ONLY : SQL_MODE_READ_WRITE);
        case SQL_ATTR_TXN_ISOLATION:
            return put(isolation(connection));
        case SQL_ATTR_CURRENT_CATALOG:
            return TextOut{value,       capacity, length, sizeof(SQLINTEGER),
                           Unit::bytes, wide,     false,  connection.narrow()}
                .put(wanted.database);
        case SQL_ATTR_CONNECTION_DEAD:
            if (connection.options().pool_reset && asked_by_pool(capacity, length, wide))
                return put(ready_for_next_user(connection) ? SQL_CD_FALSE : SQL_CD_TRUE);
            return put(connection.connected() && connection.backend().usable() ? SQL_CD_FALSE
                                                                               : SQL_CD_TRUE);
        case SQL_ATTR_AUTO_IPD:
            return put(SQL_TRUE);
        case SQL_ATTR_ASYNC_ENABLE:
            return put(connection.attributes.async_statements);
        case SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE:
            return put(connection.attributes.async_functions);
        case SQL_ATTR_QUIET_MODE:
            if (value) *static_cast<SQLPOINTER*>(value) = connection.attributes.quiet_mode;
            return true;
        case SQL_ATTR_TRANSLATE_LIB:
        case SQL_ATTR_ENLIST_IN_DTC:
            throw Error(state::not_implemented,
                        "connection attribute " + std::to_string(attribute));
        default:
            throw Error(state::invalid_attribute,
                        "there is no connection attribute " + std::to_string(attribute));
    }
}

}  // namespace myfabric::handles
