// The client library's header, and where the two libraries differ: MariaDB Connector/C and Oracle's
// libmysqlclient. Private to driver/mysql; included from .cpp files only.
#pragma once

#include <mysql.h>

#include <string>
#include <type_traits>

#include "mysql/connection_gates.h"

#if defined(MARIADB_PACKAGE_VERSION_ID) || defined(MARIADB_BASE_VERSION)
#define MYFABRIC_CONNECTOR_C 1
#else
#define MYFABRIC_CONNECTOR_C 0
#endif

namespace myfabric::mysql {

/// my_bool (Connector/C) or bool (libmysqlclient).
using Flag = std::remove_pointer_t<decltype(MYSQL_BIND::is_null)>;

inline MYSQL* raw(NativeConnection* connection) {
    return reinterpret_cast<MYSQL*>(connection);
}
inline MYSQL_STMT* raw(NativeStatement* statement) {
    return reinterpret_cast<MYSQL_STMT*>(statement);
}
inline MYSQL* raw(const Connection& connection) {
    return raw(LibraryGate::handle(connection));
}

/// The connection's socket, -1 when it is closed.
inline long long socket_of(MYSQL* handle) {
#if MYFABRIC_CONNECTOR_C
    // The library keeps it there for its callers; asking it takes three calls.
    return handle->net.pvio ? static_cast<long long>(handle->net.fd) : -1;
#else
    return handle->net.vio ? static_cast<long long>(handle->net.fd) : -1;
#endif
}

/// Escapes for text between single quotes; `to` has room for 2 * length + 1 bytes.
inline unsigned long escape_text(MYSQL* handle, char* to, const char* from, unsigned long length) {
#if MYFABRIC_CONNECTOR_C
    return mysql_real_escape_string(handle, to, from, length);
#else
    // The plain function refuses to work under the SQL mode NO_BACKSLASH_ESCAPES.
    return mysql_real_escape_string_quote(handle, to, from, length, '\'');
#endif
}

/// Sets one option, whose value is a Flag, an unsigned int or a text.
template <class Option, class Value>
void set_option(MYSQL* handle, Option option, const Value& value) {
    if constexpr (std::is_same_v<Value, std::string>) {
        if (!value.empty()) mysql_options(handle, option, value.c_str());
    } else {
        mysql_options(handle, option, &value);
    }
}

}  // namespace myfabric::mysql
