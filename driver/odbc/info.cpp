// SQLGetInfo, SQLGetFunctions, SQLGetTypeInfo.
#include "info/functions.h"
#include "info/get_info.h"
#include "info/type_info.h"
#include "odbc/call.h"
#include "results/memory_results.h"

namespace myfabric::odbc {
namespace {

/// What needs no open connection.
bool is_of_the_driver(SQLUSMALLINT type) {
    return type == SQL_ODBC_VER || type == SQL_DRIVER_NAME || type == SQL_DRIVER_VER ||
           type == SQL_DRIVER_ODBC_VER;
}

SQLRETURN get_info(SQLHDBC handle, SQLUSMALLINT type, SQLPOINTER out, SQLSMALLINT capacity,
                   SQLSMALLINT* length, bool wide) noexcept {
    return call<Connection>(handle, [&](Connection& c) {
        if (!c.connected() && !is_of_the_driver(type))
            throw Error(state::not_connected, "the connection is not open");
        const auto found = info::get_info(type, c.facts());
        if (!found)
            throw Error(state::invalid_information_type,
                        "there is no information type " + std::to_string(type));
        std::visit(
            [&](const auto& value) {
                using Value = std::remove_cvref_t<decltype(value)>;
                if constexpr (std::is_same_v<Value, std::string>) {
                    put(c, TextOut{out, capacity, length, sizeof(SQLSMALLINT), Unit::bytes, wide},
                        value);
                } else {
                    if (out) *static_cast<Value*>(out) = value;
                    if (length) *length = sizeof(Value);
                }
            },
            *found);
    });
}

SQLRETURN get_type_info(SQLHSTMT handle, SQLSMALLINT type) noexcept {
    return call<Statement>(handle, [&](Statement& s) {
        const bool odbc_2 = s.connection().environment().odbc_2();
        s.answer(std::make_unique<results::MemoryResults>(
            info::type_info_columns(odbc_2),
            info::type_info_rows(type, odbc_2, s.connection().long_cap())));
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric;
using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLGetInfo(SQLHDBC c, SQLUSMALLINT type, SQLPOINTER out, SQLSMALLINT capacity,
                             SQLSMALLINT* length) {
    return get_info(c, type, out, capacity, length, false);
}
SQLRETURN SQL_API SQLGetInfoW(SQLHDBC c, SQLUSMALLINT type, SQLPOINTER out, SQLSMALLINT capacity,
                              SQLSMALLINT* length) {
    return get_info(c, type, out, capacity, length, true);
}

SQLRETURN SQL_API SQLGetFunctions(SQLHDBC handle, SQLUSMALLINT function, SQLUSMALLINT* supported) {
    return call<Connection>(handle, [&](Connection&) {
        if (!supported) throw Error(state::invalid_null_pointer);
        if (function == SQL_API_ODBC3_ALL_FUNCTIONS)
            info::fill_odbc3(supported);
        else if (function == SQL_API_ALL_FUNCTIONS)
            info::fill_odbc2(supported);
        else
            *supported = info::supported(function) ? SQL_TRUE : SQL_FALSE;
    });
}

SQLRETURN SQL_API SQLGetTypeInfo(SQLHSTMT s, SQLSMALLINT type) {
    return get_type_info(s, type);
}
SQLRETURN SQL_API SQLGetTypeInfoW(SQLHSTMT s, SQLSMALLINT type) {
    return get_type_info(s, type);
}

}  // extern "C"
