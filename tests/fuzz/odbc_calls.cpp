// All functions of the driver, called in any order with any arguments that an application may have
// memory for. What fails says why; nothing reads or writes beyond what it was given.
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string>

#include "fuzz/odbc_world.h"
#include "support/odbc_client.h"
#include "support/servers.h"

using namespace myfabric;
using fuzz::most_rows;
using fuzz::must;
using fuzz::World;

namespace {

struct Call {
    const char* name;
    SQLRETURN (*run)(World&);
};

SQLPOINTER pointer(SQLLEN number) {
    return reinterpret_cast<SQLPOINTER>(number);
}

// Values of attributes and fields: the driver takes some of them for addresses.

bool contains(std::initializer_list<SQLINTEGER> list, SQLINTEGER id) {
    return std::ranges::find(list, id) != list.end();
}

SQLINTEGER statement_attribute(World& w) {
    constexpr SQLINTEGER more[] = {SQL_ATTR_APP_ROW_DESC,
                                   SQL_ATTR_APP_PARAM_DESC,
                                   SQL_ATTR_IMP_ROW_DESC,
                                   SQL_ATTR_IMP_PARAM_DESC,
                                   SQL_ATTR_CURSOR_SCROLLABLE,
                                   SQL_ATTR_CURSOR_SENSITIVITY,
                                   SQL_ATTR_METADATA_ID,
                                   1227,
                                   10015};
    return w.in.below(4) ? static_cast<SQLINTEGER>(w.in.below(33))
                         : more[w.in.below(std::size(more))];
}

struct Given {
    SQLPOINTER value;
    SQLINTEGER length;
};

/// Zeroed room for addresses that point to the driver's arrays and offsets.
SQLPOINTER address(World& w) {
    return w.in.one_in(5) ? nullptr : w.room(fuzz::roomy);
}

Given statement_value(World& w, SQLINTEGER id) {
    if (contains({SQL_ATTR_PARAM_BIND_OFFSET_PTR, SQL_ATTR_ROW_BIND_OFFSET_PTR}, id)) {
        SQLLEN* const offset = w.cell<SQLLEN>();
        if (w.loose) *offset = static_cast<SQLLEN>(8 * w.in.below(3));
        return {w.in.below(2) ? offset : nullptr, 0};
    }
    if (contains(
            {SQL_ATTR_PARAM_OPERATION_PTR, SQL_ATTR_PARAM_STATUS_PTR, SQL_ATTR_PARAMS_PROCESSED_PTR,
             SQL_ATTR_ROW_OPERATION_PTR, SQL_ATTR_ROW_STATUS_PTR, SQL_ATTR_ROWS_FETCHED_PTR,
             SQL_ATTR_FETCH_BOOKMARK_PTR, 29, 30, 31},
            id))
        return {address(w), SQL_IS_POINTER};
    if (contains({SQL_ATTR_APP_ROW_DESC, SQL_ATTR_APP_PARAM_DESC}, id)) {
        if (!w.loose) return {nullptr, 0};
        const auto statement = w.picked;
        const SQLHDESC descriptor = w.descriptor();
        w.picked = statement;
        w.picked_type = SQL_HANDLE_STMT;
        return {descriptor, 0};
    }
    if (contains({SQL_ATTR_ROW_ARRAY_SIZE, SQL_ATTR_PARAMSET_SIZE, SQL_ROWSET_SIZE}, id))
        return {pointer(static_cast<SQLLEN>(w.in.below(w.rows) + 1)), 0};
    if (contains({SQL_ATTR_ROW_BIND_TYPE, SQL_ATTR_PARAM_BIND_TYPE}, id))
        return {pointer(w.loose ? static_cast<SQLLEN>(w.in.below(3) * 64) : 0), 0};
    return {pointer(w.number()), 0};
}

SQLINTEGER connection_attribute(World& w) {
    constexpr SQLINTEGER ids[] = {SQL_ATTR_ACCESS_MODE,
                                  SQL_ATTR_AUTOCOMMIT,
                                  SQL_ATTR_CONNECTION_TIMEOUT,
                                  SQL_ATTR_CURRENT_CATALOG,
                                  SQL_ATTR_LOGIN_TIMEOUT,
                                  SQL_ATTR_ODBC_CURSORS,
                                  SQL_ATTR_PACKET_SIZE,
                                  SQL_ATTR_QUIET_MODE,
                                  SQL_ATTR_TRACE,
                                  SQL_ATTR_TRACEFILE,
                                  SQL_ATTR_TRANSLATE_LIB,
                                  SQL_ATTR_TRANSLATE_OPTION,
                                  SQL_ATTR_TXN_ISOLATION,
                                  SQL_ATTR_CONNECTION_DEAD,
                                  SQL_ATTR_METADATA_ID,
                                  SQL_ATTR_AUTO_IPD,
                                  SQL_ATTR_ASYNC_ENABLE,
                                  SQL_ATTR_ANSI_APP,
                                  SQL_ATTR_RESET_CONNECTION,
                                  117,
                                  20001,
                                  20002,
                                  20003,
                                  20004,
                                  20005,
                                  20006,
                                  20007,
                                  20010,
                                  20011,
                                  20012,
                                  20020,
                                  20021,
                                  20022,
                                  4711};
    return ids[w.in.below(std::size(ids))];
}

bool is_text_attribute(SQLINTEGER id) {
    return contains({SQL_ATTR_CURRENT_CATALOG, SQL_ATTR_TRACEFILE, SQL_ATTR_TRANSLATE_LIB, 20001,
                     20002, 20003, 20005, 20010, 20011, 20012, 20022, 4711},
                    id);
}

Given connection_value(World& w, SQLINTEGER id, bool wide) {
    if (id == SQL_ATTR_QUIET_MODE) return {nullptr, 0};
    if (!is_text_attribute(id)) return {pointer(w.number()), 0};
    if (!wide) {
        const auto [text, length] = w.narrow(w.name());
        return {text, length};
    }
    const auto [text, length] = w.wide(w.name());
    return {text, length > 0 ? length * 2 : length};
}

SQLSMALLINT field(World& w) {
    constexpr SQLSMALLINT more[] = {SQL_DESC_ARRAY_SIZE, SQL_DESC_ARRAY_STATUS_PTR,
                                    SQL_DESC_BIND_OFFSET_PTR, SQL_DESC_BIND_TYPE,
                                    SQL_DESC_ROWS_PROCESSED_PTR};
    if (w.in.below(3) == 0) return more[w.in.below(std::size(more))];
    return static_cast<SQLSMALLINT>(w.in.below(2) ? 1001 + w.in.below(30) : w.in.below(36));
}

Given field_value(World& w, SQLSMALLINT id) {
    switch (id) {
        case SQL_DESC_DATA_PTR:
        case SQL_DESC_INDICATOR_PTR:
        case SQL_DESC_OCTET_LENGTH_PTR:
        case SQL_DESC_ARRAY_STATUS_PTR:
        case SQL_DESC_ROWS_PROCESSED_PTR:
            return {address(w), SQL_IS_POINTER};
        case SQL_DESC_BIND_OFFSET_PTR:
            return statement_value(w, SQL_ATTR_ROW_BIND_OFFSET_PTR);
        case SQL_DESC_ARRAY_SIZE:
            return {pointer(static_cast<SQLLEN>(w.in.below(w.rows) + 1)), SQL_IS_UINTEGER};
        case SQL_DESC_BIND_TYPE:
            return {pointer(static_cast<SQLLEN>(w.in.below(3) * 64)), SQL_IS_INTEGER};
        case SQL_DESC_OCTET_LENGTH:
        case SQL_DESC_LENGTH:
            return {pointer(static_cast<SQLLEN>(w.in.below(1000))), SQL_IS_INTEGER};
        case SQL_DESC_CONCISE_TYPE:
        case SQL_DESC_TYPE:
            return {pointer(w.in.below(2) ? w.c_type() : w.sql_type()), SQL_IS_SMALLINT};
        case SQL_DESC_COUNT:
            return {pointer(static_cast<SQLLEN>(w.in.below(20))), SQL_IS_SMALLINT};
        case SQL_DESC_NAME: {
            const auto [text, length] = w.narrow(w.name());
            return {text, length};
        }
        default: {
            // Either a number, or a text where it is a text's.
            const bool number = contains(
                {SQL_DESC_PRECISION, SQL_DESC_SCALE, SQL_DESC_NULLABLE, SQL_DESC_PARAMETER_TYPE,
                 SQL_DESC_UNNAMED, SQL_DESC_DATETIME_INTERVAL_CODE, SQL_DESC_NUM_PREC_RADIX,
                 SQL_DESC_DATETIME_INTERVAL_PRECISION},
                id);
            return {number ? pointer(w.number()) : w.room(64), 0};
        }
    }
}

// ---- handles and connecting --------------------------------------------------------------------

SQLRETURN allocate(World& w) {
    const SQLSMALLINT type = w.handle_type();
    if (w.count(type) >= (type == SQL_HANDLE_ENV ? 2u : 4u)) return SQL_SUCCESS;
    const SQLSMALLINT parent = type == SQL_HANDLE_ENV   ? SQLSMALLINT{0}
                               : type == SQL_HANDLE_DBC ? SQLSMALLINT{SQL_HANDLE_ENV}
                                                        : SQLSMALLINT{SQL_HANDLE_DBC};
    SQLHANDLE made = nullptr;
    w.picked = nullptr;
    const SQLHANDLE from = parent ? w.handle(parent) : nullptr;
    const SQLRETURN result = SQLAllocHandle(type, from, w.in.one_in(30) ? nullptr : &made);
    if (SQL_SUCCEEDED(result) && made) w.add(type, made, from);
    return result;
}

SQLRETURN free_handle(World& w) {
    const SQLSMALLINT type = w.handle_type();
    const SQLHANDLE handle = w.handle(type);
    const SQLRETURN result = SQLFreeHandle(type, handle);
    if (SQL_SUCCEEDED(result)) w.drop(handle);
    return result;
}

SQLRETURN disconnect(World& w) {
    if (w.in.below(4)) return SQL_SUCCESS;
    return w.disconnect(w.connection());
}

SQLRETURN driver_connect(World& w) {
    const auto [text, length] = w.narrow(w.connection_string());
    const auto [data, capacity] = w.out();
    return SQLDriverConnect(w.connection(), nullptr, text, length, reinterpret_cast<SQLCHAR*>(data),
                            capacity, w.maybe<SQLSMALLINT>(),
                            static_cast<SQLUSMALLINT>(w.in.one_in(10) ? 9 : SQL_DRIVER_NOPROMPT));
}

SQLRETURN driver_connect_w(World& w) {
    const auto [text, length] = w.wide(w.connection_string());
    const auto [data, capacity] = w.out(2);
    return SQLDriverConnectW(w.connection(), nullptr, text, length,
                             reinterpret_cast<SQLWCHAR*>(data), capacity, w.maybe<SQLSMALLINT>(),
                             SQL_DRIVER_NOPROMPT);
}

SQLRETURN browse(World& w) {
    const auto [text, length] = w.narrow(w.in.below(2) ? w.connection_string() : w.name());
    const auto [data, capacity] = w.out();
    return SQLBrowseConnect(w.connection(), text, length, reinterpret_cast<SQLCHAR*>(data),
                            capacity, w.maybe<SQLSMALLINT>());
}

SQLRETURN browse_w(World& w) {
    const auto [text, length] = w.wide(w.name());
    const auto [data, capacity] = w.out(2);
    return SQLBrowseConnectW(w.connection(), text, length, reinterpret_cast<SQLWCHAR*>(data),
                             capacity, w.maybe<SQLSMALLINT>());
}

// ---- parameters, columns, descriptors ----------------------------------------------------------

SQLRETURN bind_column(World& w) {
    const SQLSMALLINT type = w.c_type();
    const auto [data, capacity, lengths] = w.bound(type, false);
    return SQLBindCol(w.statement(), w.column(), type, data, w.in.one_in(30) ? -5 : capacity,
                      lengths);
}

SQLRETURN bind_parameter(World& w) {
    constexpr SQLSMALLINT ways[] = {SQL_PARAM_INPUT,         SQL_PARAM_INPUT,
                                    SQL_PARAM_INPUT_OUTPUT,  SQL_PARAM_OUTPUT,
                                    SQL_PARAM_OUTPUT_STREAM, 9};
    const SQLSMALLINT type = w.c_type();
    const auto [data, capacity, lengths] = w.bound(type, true);
    const SQLSMALLINT scale = static_cast<SQLSMALLINT>(w.in.below(8));
    return SQLBindParameter(w.statement(), static_cast<SQLUSMALLINT>(w.in.below(6)),
                            ways[w.in.below(std::size(ways))], type, w.sql_type(), w.in.below(100),
                            scale, data, capacity, lengths);
}

SQLRETURN set_descriptor_record(World& w) {
    if (!w.loose) return SQL_SUCCESS;
    return SQLSetDescRec(
        w.descriptor(), static_cast<SQLSMALLINT>(w.in.below(5)), w.c_type(),
        static_cast<SQLSMALLINT>(w.in.below(8)), static_cast<SQLLEN>(w.in.below(1000)),
        static_cast<SQLSMALLINT>(w.in.below(20)), static_cast<SQLSMALLINT>(w.in.below(10)),
        address(w), reinterpret_cast<SQLLEN*>(w.room(fuzz::roomy)),
        reinterpret_cast<SQLLEN*>(w.room(fuzz::roomy)));
}

template <bool wide>
SQLRETURN set_field(World& w) {
    if (!w.loose) return SQL_SUCCESS;
    const SQLSMALLINT id = field(w);
    const auto [value, length] = field_value(w, id);
    const auto record = static_cast<SQLSMALLINT>(w.in.below(6));
    if (wide && id != SQL_DESC_NAME)
        return SQLSetDescFieldW(w.descriptor(), record, id, value, length);
    return SQLSetDescField(w.descriptor(), record, id, value, length);
}

SQLRETURN copy_descriptor(World& w) {
    if (!w.loose) return SQL_SUCCESS;
    const SQLHDESC from = w.descriptor();
    if (w.wrong) return SQL_SUCCESS;
    return SQLCopyDesc(from, w.descriptor());
}

SQLRETURN get_data(World& w) {
    constexpr SQLLEN sizes[] = {0, 1, 2, 3, 8, 40, 400};
    const SQLSMALLINT type = w.c_type();
    const std::size_t fixed = fuzz::fixed_size(type);
    const SQLLEN capacity =
        fixed ? static_cast<SQLLEN>(fixed) : sizes[w.in.below(std::size(sizes))];
    // The descriptor may say another type for SQL_ARD_TYPE.
    const std::size_t size = w.loose ? fuzz::roomy : static_cast<std::size_t>(capacity);
    return SQLGetData(w.statement(), w.column(), type, w.in.one_in(10) ? nullptr : w.room(size),
                      capacity, w.maybe<SQLLEN>());
}

SQLRETURN put_data(World& w) {
    const std::string_view text = w.in.text(w.in.below(80));
    // A number's type has its own length.
    char* const data = w.copy(text, 200);
    const SQLLEN size = static_cast<SQLLEN>(text.size());
    const SQLLEN lengths[] = {size, size, SQL_NTS, SQL_NULL_DATA, SQL_DEFAULT_PARAM, -4711};
    return SQLPutData(w.statement(), w.in.one_in(12) ? nullptr : data,
                      lengths[w.in.below(std::size(lengths))]);
}

SQLRETURN parameter_data(World& w) {
    return SQLParamData(w.statement(), w.maybe<SQLPOINTER>());
}

// ---- texts -------------------------------------------------------------------------------------

template <SQLRETURN (*function)(SQLHSTMT, SQLCHAR*, SQLINTEGER)>
SQLRETURN with_sql(World& w) {
    const auto [text, length] = w.narrow(w.sql());
    return function(w.statement(), text, length);
}
template <SQLRETURN (*function)(SQLHSTMT, SQLWCHAR*, SQLINTEGER)>
SQLRETURN with_wide_sql(World& w) {
    const auto [text, length] = w.wide(w.sql());
    return function(w.statement(), text, length);
}

SQLRETURN native(World& w) {
    const auto [text, length] = w.narrow(w.sql());
    const auto [data, capacity] = w.out();
    return SQLNativeSql(w.connection(), text, length, reinterpret_cast<SQLCHAR*>(data), capacity,
                        w.maybe<SQLINTEGER>());
}
SQLRETURN native_w(World& w) {
    const auto [text, length] = w.wide(w.sql());
    const auto [data, capacity] = w.out(2);
    return SQLNativeSqlW(w.connection(), text, length, reinterpret_cast<SQLWCHAR*>(data), capacity,
                         w.maybe<SQLINTEGER>());
}

template <class Function>
SQLRETURN three_names(World& w, Function function) {
    const auto a = w.narrow(w.name()), b = w.narrow(w.name()), c = w.narrow(w.name());
    return function(w.statement(), a.text, a.length, b.text, b.length, c.text, c.length);
}
template <class Function>
SQLRETURN three_wide_names(World& w, Function function) {
    const auto a = w.wide(w.name()), b = w.wide(w.name()), c = w.wide(w.name());
    return function(w.statement(), a.text, a.length, b.text, b.length, c.text, c.length);
}
template <class Function>
SQLRETURN four_names(World& w, Function function) {
    const auto d = w.narrow(w.name());
    return three_names(
        w, [&](SQLHSTMT s, SQLCHAR* a, SQLSMALLINT an, SQLCHAR* b, SQLSMALLINT bn, SQLCHAR* c,
               SQLSMALLINT cn) { return function(s, a, an, b, bn, c, cn, d.text, d.length); });
}
template <class Function>
SQLRETURN four_wide_names(World& w, Function function) {
    const auto d = w.wide(w.name());
    return three_wide_names(
        w, [&](SQLHSTMT s, SQLWCHAR* a, SQLSMALLINT an, SQLWCHAR* b, SQLSMALLINT bn, SQLWCHAR* c,
               SQLSMALLINT cn) { return function(s, a, an, b, bn, c, cn, d.text, d.length); });
}
SQLRETURN foreign_keys(World& w) {
    const auto d = w.narrow(w.name()), e = w.narrow(w.name()), f = w.narrow(w.name());
    return three_names(w, [&](SQLHSTMT s, SQLCHAR* a, SQLSMALLINT an, SQLCHAR* b, SQLSMALLINT bn,
                              SQLCHAR* c, SQLSMALLINT cn) {
        return SQLForeignKeys(s, a, an, b, bn, c, cn, d.text, d.length, e.text, e.length, f.text,
                              f.length);
    });
}
SQLRETURN foreign_keys_w(World& w) {
    const auto d = w.wide(w.name()), e = w.wide(w.name()), f = w.wide(w.name());
    return three_wide_names(w, [&](SQLHSTMT s, SQLWCHAR* a, SQLSMALLINT an, SQLWCHAR* b,
                                   SQLSMALLINT bn, SQLWCHAR* c, SQLSMALLINT cn) {
        return SQLForeignKeysW(s, a, an, b, bn, c, cn, d.text, d.length, e.text, e.length, f.text,
                               f.length);
    });
}
SQLUSMALLINT small(World& w) {
    return static_cast<SQLUSMALLINT>(w.in.below(5));
}

// ---- answers -----------------------------------------------------------------------------------

SQLRETURN get_info(World& w, bool wide) {
    const auto [data, capacity] = w.out();
    const auto id = static_cast<SQLUSMALLINT>(w.in.below(2)   ? w.in.below(180)
                                              : w.in.below(2) ? 10000 + w.in.below(40)
                                                              : w.in.take<std::uint16_t>());
    return wide ? SQLGetInfoW(w.connection(), id, data, capacity, w.maybe<SQLSMALLINT>())
                : SQLGetInfo(w.connection(), id, data, capacity, w.maybe<SQLSMALLINT>());
}

SQLRETURN get_functions(World& w) {
    const auto id = static_cast<SQLUSMALLINT>(w.in.below(2) ? w.in.below(1100) : w.in.below(1000));
    auto* const answer = reinterpret_cast<SQLUSMALLINT*>(
        w.room(sizeof(SQLUSMALLINT) * (id == SQL_API_ODBC3_ALL_FUNCTIONS ? 250
                                       : id == 0                         ? 100
                                                                         : 1)));
    return SQLGetFunctions(w.connection(), id, answer);
}

SQLRETURN column_attribute(World& w, bool wide) {
    const auto [data, capacity] = w.out();
    const SQLUSMALLINT id = static_cast<SQLUSMALLINT>(field(w));
    const auto ask = wide ? SQLColAttributeW : SQLColAttribute;
    return ask(w.statement(), w.column(), id, data, capacity, w.maybe<SQLSMALLINT>(),
               w.maybe<SQLLEN>());
}

SQLRETURN diagnostic_field(World& w, bool wide) {
    const SQLSMALLINT type = w.handle_type();
    const auto [data, capacity] = w.out();
    const auto id = static_cast<SQLSMALLINT>(
        w.in.below(2) ? w.in.below(15) : -1250 + static_cast<int>(w.in.below(10)));
    const auto ask = wide ? SQLGetDiagFieldW : SQLGetDiagField;
    return ask(type, w.handle(type), static_cast<SQLSMALLINT>(w.in.below(4)), id, data, capacity,
               w.maybe<SQLSMALLINT>());
}

/// An answer in the first record's place, in a buffer of bytes.
template <class Function>
SQLRETURN field_answer(World& w, Function function) {
    const auto [data, capacity] = w.out();
    return function(data, static_cast<SQLINTEGER>(capacity), w.maybe<SQLINTEGER>());
}

#define NARROW(buffer) reinterpret_cast<SQLCHAR*>(buffer)
#define WIDE(buffer) reinterpret_cast<SQLWCHAR*>(buffer)

// clang-format off
const Call calls[] = {
    {"SQLAllocHandle", allocate},
    {"SQLFreeHandle", free_handle},
    {"SQLConnect", [](World& w) { const auto a = w.narrow(w.name()), b = w.narrow(w.name()), c = w.narrow(w.name());
        return SQLConnect(w.connection(), a.text, a.length, b.text, b.length, c.text, c.length); }},
    {"SQLConnectW", [](World& w) { const auto a = w.wide(w.name()), b = w.wide(w.name()), c = w.wide(w.name());
        return SQLConnectW(w.connection(), a.text, a.length, b.text, b.length, c.text, c.length); }},
    {"SQLDriverConnect", driver_connect},
    {"SQLDriverConnectW", driver_connect_w},
    {"SQLBrowseConnect", browse},
    {"SQLBrowseConnectW", browse_w},
    {"SQLDisconnect", disconnect},
    {"SQLEndTran", [](World& w) { const SQLSMALLINT type = w.in.below(2) ? SQL_HANDLE_DBC : w.handle_type();
        const SQLHANDLE handle = w.handle(type); w.wrong |= type != SQL_HANDLE_DBC && type != SQL_HANDLE_ENV;
        return SQLEndTran(type, handle, static_cast<SQLSMALLINT>(w.in.below(3))); }},
    {"SQLSetEnvAttr", [](World& w) { return SQLSetEnvAttr(w.environment(), static_cast<SQLINTEGER>(w.in.below(2) ? 200 : 200 + w.in.below(3) * 1000),
        pointer(w.number()), 0); }},
    {"SQLGetEnvAttr", [](World& w) { return field_answer(w, [&](char* data, SQLINTEGER capacity, SQLINTEGER* length) {
        return SQLGetEnvAttr(w.environment(), static_cast<SQLINTEGER>(200 + w.in.below(3)), data, capacity, length); }); }},
    {"SQLSetConnectAttr", [](World& w) { const SQLINTEGER id = connection_attribute(w); const auto [value, length] = connection_value(w, id, false);
        return SQLSetConnectAttr(w.connection(), id, value, length); }},
    {"SQLSetConnectAttrW", [](World& w) { const SQLINTEGER id = connection_attribute(w); const auto [value, length] = connection_value(w, id, true);
        return SQLSetConnectAttrW(w.connection(), id, value, length); }},
    {"SQLGetConnectAttr", [](World& w) { return field_answer(w, [&](char* data, SQLINTEGER capacity, SQLINTEGER* length) {
        return SQLGetConnectAttr(w.connection(), connection_attribute(w), data, capacity, length); }); }},
    {"SQLGetConnectAttrW", [](World& w) { return field_answer(w, [&](char* data, SQLINTEGER capacity, SQLINTEGER* length) {
        return SQLGetConnectAttrW(w.connection(), connection_attribute(w), data, capacity, length); }); }},
    {"SQLSetStmtAttr", [](World& w) { const SQLHSTMT s = w.statement(); const SQLINTEGER id = statement_attribute(w);
        const bool wrong = w.wrong; const auto [value, length] = statement_value(w, id); w.wrong = wrong;
        return SQLSetStmtAttr(s, id, value, length); }},
    {"SQLSetStmtAttrW", [](World& w) { const SQLHSTMT s = w.statement(); const SQLINTEGER id = statement_attribute(w);
        const bool wrong = w.wrong; const auto [value, length] = statement_value(w, id); w.wrong = wrong;
        return SQLSetStmtAttrW(s, id, value, length); }},
    {"SQLGetStmtAttr", [](World& w) { return field_answer(w, [&](char* data, SQLINTEGER capacity, SQLINTEGER* length) {
        return SQLGetStmtAttr(w.statement(), statement_attribute(w), data, capacity, length); }); }},
    {"SQLGetStmtAttrW", [](World& w) { return field_answer(w, [&](char* data, SQLINTEGER capacity, SQLINTEGER* length) {
        return SQLGetStmtAttrW(w.statement(), statement_attribute(w), data, capacity, length); }); }},
    {"SQLGetInfo", [](World& w) { return get_info(w, false); }},
    {"SQLGetInfoW", [](World& w) { return get_info(w, true); }},
    {"SQLGetFunctions", get_functions},
    {"SQLGetTypeInfo", [](World& w) { return SQLGetTypeInfo(w.statement(), w.sql_type()); }},
    {"SQLGetTypeInfoW", [](World& w) { return SQLGetTypeInfoW(w.statement(), w.sql_type()); }},
    {"SQLPrepare", with_sql<SQLPrepare>},
    {"SQLPrepareW", with_wide_sql<SQLPrepareW>},
    {"SQLExecDirect", with_sql<SQLExecDirect>},
    {"SQLExecDirectW", with_wide_sql<SQLExecDirectW>},
    {"SQLExecute", [](World& w) { return SQLExecute(w.statement()); }},
    {"SQLNativeSql", native},
    {"SQLNativeSqlW", native_w},
    {"SQLBindCol", bind_column},
    {"SQLBindParameter", bind_parameter},
    {"SQLNumParams", [](World& w) { return SQLNumParams(w.statement(), w.maybe<SQLSMALLINT>()); }},
    {"SQLDescribeParam", [](World& w) { return SQLDescribeParam(w.statement(), static_cast<SQLUSMALLINT>(w.in.below(6)), w.maybe<SQLSMALLINT>(),
        w.maybe<SQLULEN>(), w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>()); }},
    {"SQLParamData", parameter_data},
    {"SQLPutData", put_data},
    {"SQLFetch", [](World& w) { return SQLFetch(w.statement()); }},
    {"SQLFetchScroll", [](World& w) { return SQLFetchScroll(w.statement(), static_cast<SQLSMALLINT>(w.in.below(10)), w.number()); }},
    {"SQLExtendedFetch", [](World& w) { return SQLExtendedFetch(w.statement(), static_cast<SQLUSMALLINT>(w.in.below(10)), w.number(), w.maybe<SQLULEN>(),
        w.in.below(2) ? nullptr : reinterpret_cast<SQLUSMALLINT*>(w.room(most_rows * sizeof(SQLUSMALLINT)))); }},
    {"SQLGetData", get_data},
    {"SQLSetPos", [](World& w) { return SQLSetPos(w.statement(), w.in.below(10), static_cast<SQLUSMALLINT>(w.in.below(6)), small(w)); }},
    {"SQLBulkOperations", [](World& w) { return SQLBulkOperations(w.statement(), static_cast<SQLSMALLINT>(w.in.below(9))); }},
    {"SQLMoreResults", [](World& w) { return SQLMoreResults(w.statement()); }},
    {"SQLRowCount", [](World& w) { return SQLRowCount(w.statement(), w.maybe<SQLLEN>()); }},
    {"SQLNumResultCols", [](World& w) { return SQLNumResultCols(w.statement(), w.maybe<SQLSMALLINT>()); }},
    {"SQLDescribeCol", [](World& w) { const auto [data, capacity] = w.out();
        return SQLDescribeCol(w.statement(), w.column(), NARROW(data), capacity, w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>(), w.maybe<SQLULEN>(),
                              w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>()); }},
    {"SQLDescribeColW", [](World& w) { const auto [data, capacity] = w.out(2);
        return SQLDescribeColW(w.statement(), w.column(), WIDE(data), capacity, w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>(), w.maybe<SQLULEN>(),
                               w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>()); }},
    {"SQLColAttribute", [](World& w) { return column_attribute(w, false); }},
    {"SQLColAttributeW", [](World& w) { return column_attribute(w, true); }},
    {"SQLCloseCursor", [](World& w) { return SQLCloseCursor(w.statement()); }},
    {"SQLFreeStmt", [](World& w) { const SQLHSTMT s = w.statement(); const SQLUSMALLINT way = small(w); const SQLRETURN result = SQLFreeStmt(s, way);
        if (way == SQL_DROP && SQL_SUCCEEDED(result)) w.drop(s);
        return result; }},
    {"SQLCancel", [](World& w) { return SQLCancel(w.statement()); }},
    {"SQLCancelHandle", [](World& w) { const SQLSMALLINT type = w.handle_type(); const SQLHANDLE handle = w.handle(type);
        w.wrong |= type != SQL_HANDLE_DBC && type != SQL_HANDLE_STMT; return SQLCancelHandle(type, handle); }},
    {"SQLGetCursorName", [](World& w) { const auto [data, capacity] = w.out(); return SQLGetCursorName(w.statement(), NARROW(data), capacity, w.maybe<SQLSMALLINT>()); }},
    {"SQLGetCursorNameW", [](World& w) { const auto [data, capacity] = w.out(2); return SQLGetCursorNameW(w.statement(), WIDE(data), capacity, w.maybe<SQLSMALLINT>()); }},
    {"SQLSetCursorName", [](World& w) { const auto a = w.narrow(w.name()); return SQLSetCursorName(w.statement(), a.text, a.length); }},
    {"SQLSetCursorNameW", [](World& w) { const auto a = w.wide(w.name()); return SQLSetCursorNameW(w.statement(), a.text, a.length); }},
    {"SQLGetDescField", [](World& w) { return field_answer(w, [&](char* data, SQLINTEGER capacity, SQLINTEGER* length) {
        return SQLGetDescField(w.descriptor(), static_cast<SQLSMALLINT>(w.in.below(6)), field(w), data, capacity, length); }); }},
    {"SQLGetDescFieldW", [](World& w) { return field_answer(w, [&](char* data, SQLINTEGER capacity, SQLINTEGER* length) {
        return SQLGetDescFieldW(w.descriptor(), static_cast<SQLSMALLINT>(w.in.below(6)), field(w), data, capacity, length); }); }},
    {"SQLGetDescRec", [](World& w) { const auto [data, capacity] = w.out();
        return SQLGetDescRec(w.descriptor(), static_cast<SQLSMALLINT>(w.in.below(6)), NARROW(data), capacity, w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>(),
                             w.maybe<SQLSMALLINT>(), w.maybe<SQLLEN>(), w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>()); }},
    {"SQLGetDescRecW", [](World& w) { const auto [data, capacity] = w.out(2);
        return SQLGetDescRecW(w.descriptor(), static_cast<SQLSMALLINT>(w.in.below(6)), WIDE(data), capacity, w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>(),
                              w.maybe<SQLSMALLINT>(), w.maybe<SQLLEN>(), w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>(), w.maybe<SQLSMALLINT>()); }},
    {"SQLSetDescField", set_field<false>},
    {"SQLSetDescFieldW", set_field<true>},
    {"SQLSetDescRec", set_descriptor_record},
    {"SQLCopyDesc", copy_descriptor},
    {"SQLGetDiagField", [](World& w) { return diagnostic_field(w, false); }},
    {"SQLGetDiagFieldW", [](World& w) { return diagnostic_field(w, true); }},
    {"SQLGetDiagRec", [](World& w) { const SQLSMALLINT type = w.handle_type(); const auto [data, capacity] = w.out();
        return SQLGetDiagRec(type, w.handle(type), static_cast<SQLSMALLINT>(w.in.below(4)), NARROW(w.room(6)), w.maybe<SQLINTEGER>(), NARROW(data), capacity,
                             w.maybe<SQLSMALLINT>()); }},
    {"SQLGetDiagRecW", [](World& w) { const SQLSMALLINT type = w.handle_type(); const auto [data, capacity] = w.out(2);
        return SQLGetDiagRecW(type, w.handle(type), static_cast<SQLSMALLINT>(w.in.below(4)), WIDE(w.room(12)), w.maybe<SQLINTEGER>(), WIDE(data), capacity,
                              w.maybe<SQLSMALLINT>()); }},
    {"SQLTables", [](World& w) { return four_names(w, SQLTables); }},
    {"SQLTablesW", [](World& w) { return four_wide_names(w, SQLTablesW); }},
    {"SQLColumns", [](World& w) { return four_names(w, SQLColumns); }},
    {"SQLColumnsW", [](World& w) { return four_wide_names(w, SQLColumnsW); }},
    {"SQLColumnPrivileges", [](World& w) { return four_names(w, SQLColumnPrivileges); }},
    {"SQLColumnPrivilegesW", [](World& w) { return four_wide_names(w, SQLColumnPrivilegesW); }},
    {"SQLTablePrivileges", [](World& w) { return three_names(w, SQLTablePrivileges); }},
    {"SQLTablePrivilegesW", [](World& w) { return three_wide_names(w, SQLTablePrivilegesW); }},
    {"SQLPrimaryKeys", [](World& w) { return three_names(w, SQLPrimaryKeys); }},
    {"SQLPrimaryKeysW", [](World& w) { return three_wide_names(w, SQLPrimaryKeysW); }},
    {"SQLForeignKeys", foreign_keys},
    {"SQLForeignKeysW", foreign_keys_w},
    {"SQLProcedures", [](World& w) { return three_names(w, SQLProcedures); }},
    {"SQLProceduresW", [](World& w) { return three_wide_names(w, SQLProceduresW); }},
    {"SQLProcedureColumns", [](World& w) { return four_names(w, SQLProcedureColumns); }},
    {"SQLProcedureColumnsW", [](World& w) { return four_wide_names(w, SQLProcedureColumnsW); }},
    {"SQLStatistics", [](World& w) { return three_names(w, [&](auto... names) { return SQLStatistics(names..., small(w), small(w)); }); }},
    {"SQLStatisticsW", [](World& w) { return three_wide_names(w, [&](auto... names) { return SQLStatisticsW(names..., small(w), small(w)); }); }},
    {"SQLSpecialColumns", [](World& w) { return three_names(w, [&](SQLHSTMT s, auto... names) {
        return SQLSpecialColumns(s, small(w), names..., small(w), small(w)); }); }},
    {"SQLSpecialColumnsW", [](World& w) { return three_wide_names(w, [&](SQLHSTMT s, auto... names) {
        return SQLSpecialColumnsW(s, small(w), names..., small(w), small(w)); }); }},
};
// clang-format on

/// Whether what a call returned may be, and an error says why.
void judge(const World& w, const Call& call, SQLRETURN result) {
    static const bool shown = std::getenv("MYFABRIC_FUZZ_SHOW") != nullptr;
    if (shown) std::fprintf(stderr, "%s = %d\n", call.name, result);
    switch (result) {
        case SQL_SUCCESS:
        case SQL_SUCCESS_WITH_INFO:
        case SQL_NO_DATA:
        case SQL_NEED_DATA:
        case SQL_PARAM_DATA_AVAILABLE:
        case SQL_STILL_EXECUTING:
        case SQL_ERROR:
            break;
        default:
            must(result == SQL_INVALID_HANDLE);
            if (!w.wrong) std::fprintf(stderr, "%s: the handle was right\n", call.name);
            must(w.wrong);
            return;
    }
    if (result != SQL_ERROR || std::strncmp(call.name, "SQLGetDiag", 10) == 0) return;
    if (!w.picked || w.wrong) return;
    const std::string state = test::state(w.picked_type, w.picked);
    if (shown)
        std::fprintf(stderr, "  %s\n", test::diagnostic_text(w.picked_type, w.picked).c_str());
    if (state.size() != 5) std::fprintf(stderr, "%s: an error without a record\n", call.name);
    must(state.size() == 5);
}

std::string connection_string() {
    return "InitStmt={SET SESSION lock_wait_timeout=1, innodb_lock_wait_timeout=1};" +
           test::server_string();
}

void make_tables() {
    test::Link link;
    link.open(test::server_string());
    for (const char* sql : {"CREATE TABLE IF NOT EXISTS fuzz_t (id INT PRIMARY KEY AUTO_INCREMENT, "
                            "c VARCHAR(50), w TEXT, "
                            "b BLOB, d DECIMAL(20,5), ts DATETIME(6), t TIME(3), dt DATE, f FLOAT, "
                            "dd DOUBLE, bi BIGINT "
                            "UNSIGNED, bits BIT(8), e ENUM('a','b'))",
                            "DELETE FROM fuzz_t",
                            "INSERT INTO fuzz_t VALUES (1, 'one', REPEAT('w', 300), 'b', 1.5, "
                            "'2015-01-02 03:04:05.6', "
                            "'-12:34:56', '2015-01-02', 1.5, 2.5, 18446744073709551615, 5, 'a'), "
                            "(2, '\xc3\xa4\xf0\x9f\x98\x80', NULL, NULL, NULL, NULL, NULL, NULL, "
                            "NULL, NULL, NULL, NULL, NULL), "
                            "(3, '', '', '', 0, '0000-00-00', 0, '0000-00-00', 0, 0, 0, 0, 'b')",
                            "DROP PROCEDURE IF EXISTS fuzz_p", "DROP PROCEDURE IF EXISTS fuzz_rows",
                            "DROP FUNCTION IF EXISTS fuzz_f",
                            "CREATE PROCEDURE fuzz_p(a INT, INOUT b VARCHAR(20), OUT c "
                            "VARCHAR(20)) BEGIN SET b = 'b', c = 'c'; "
                            "END",
                            "CREATE PROCEDURE fuzz_rows(a INT) BEGIN SELECT 1, 'x'; SELECT a; END",
                            "CREATE FUNCTION fuzz_f(a INT) RETURNS INT DETERMINISTIC RETURN a + 1"})
        link.run(sql);
}

}  // namespace

/// The server starts before any input's time is counted.
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments);
extern "C" int LLVMFuzzerInitialize(int*, char***) {
    make_tables();
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string string = connection_string();
    static unsigned inputs = 0;
    if (++inputs % 200 == 0) make_tables();
    World w(fuzz::Bytes(data, size), string);
    SQLHENV environment = nullptr;
    SQLHDBC connection = nullptr;
    must(SQLAllocHandle(SQL_HANDLE_ENV, nullptr, &environment) == SQL_SUCCESS);
    w.add(SQL_HANDLE_ENV, environment, nullptr);
    SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION,
                  pointer(w.in.one_in(4) ? SQL_OV_ODBC2 : SQL_OV_ODBC3_80), 0);
    must(SQLAllocHandle(SQL_HANDLE_DBC, environment, &connection) == SQL_SUCCESS);
    w.add(SQL_HANDLE_DBC, connection, environment);
    if (w.in.below(10)) {
        std::string in = string;
        must(SQL_SUCCEEDED(SQLDriverConnect(connection, nullptr,
                                            reinterpret_cast<SQLCHAR*>(in.data()), SQL_NTS, nullptr,
                                            0, nullptr, SQL_DRIVER_NOPROMPT)));
        for (std::size_t left = 1 + w.in.below(2); left; --left) {
            SQLHSTMT statement = nullptr;
            must(SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement) == SQL_SUCCESS);
            w.add(SQL_HANDLE_STMT, statement, connection);
        }
    }
    for (std::size_t done = 0; !w.in.empty() && done < 300; ++done) {
        const Call& call = calls[w.in.below(std::size(calls))];
        judge(w, call, call.run(w));
    }
    return 0;
}
