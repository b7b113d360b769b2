// The server's types as ODBC describes them, and the C types of the reference.
#pragma once

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "results/column.h"

namespace myfabric::conversion {

/// Column sizes of LONGTEXT, LONGBLOB and JSON are reported no larger than this, so that an
/// application that allocates what it reads stays alive.
inline constexpr std::uint64_t default_long_cap = 16 * 1024 * 1024 - 1;

/// One server type; rows of the table in types.cpp, in the order of results::Kind.
struct ServerType {
    results::Kind kind;
    std::string_view name;
    SQLSMALLINT sql_type;  // concise; text types have the wide one
    short digits;          // column size of a number; 0: by the column
    short unsigned_digits;
    short octets;             // transfer octet length; 0: by the column
    short bits;               // precision of an approximate number
    short radix;              // 10, 2, or 0 when not a number
    std::string_view prefix;  // of a literal
    std::string_view suffix;
    SQLSMALLINT searchable;
};
std::span<const ServerType> server_types() noexcept;
const ServerType& server_type(results::Kind kind) noexcept;

/// A result column in ODBC's terms. No size is SQL_NO_TOTAL: all are known or capped.
struct TypeInfo {
    SQLSMALLINT concise_type = SQL_WVARCHAR;  // SQL_DESC_CONCISE_TYPE
    SQLSMALLINT verbose_type = SQL_WVARCHAR;  // SQL_DESC_TYPE
    SQLSMALLINT datetime_code = 0;            // SQL_DESC_DATETIME_INTERVAL_CODE
    SQLULEN column_size = 0;                  // characters, bytes or digits: "Column Size"
    SQLSMALLINT decimal_digits = 0;           // "Decimal Digits"
    SQLSMALLINT precision = 0;  // SQL_DESC_PRECISION: digits, bits (radix 2), fraction digits
    SQLSMALLINT scale = 0;      // SQL_DESC_SCALE
    SQLLEN octet_length = 0;    // bytes without terminator: "Transfer Octet Length"
    SQLLEN display_size = 0;    // characters; TIME counts "-838:59:59"
    bool is_unsigned = true;    // also true for everything that is not a number
    bool auto_increment = false;
    bool case_sensitive = false;
    bool fixed_precision_scale = false;
    SQLSMALLINT searchable = SQL_PRED_SEARCHABLE;
    SQLINTEGER num_prec_radix = 0;
    std::string_view literal_prefix, literal_suffix;
    std::string_view type_name;  // e.g. "INTEGER UNSIGNED"; also the local type name
};

/// Describes `column`; `wide_types` chooses SQL_WVARCHAR over SQL_VARCHAR and so on.
TypeInfo describe(const results::Column& column, bool wide_types = true,
                  std::uint64_t long_cap = default_long_cap);
/// describe().concise_type alone, without allocating.
SQLSMALLINT sql_type(const results::Column& column, bool wide_types = true) noexcept;

/// C data types, one per buffer layout. Codes of ODBC 2.x and 3.x meet here.
// clang-format off
enum class CType : std::uint8_t {
    character, wide_character, sshort, ushort, slong, ulong, real, double_precision, bit,
    stinyint, utinyint, sbigint, ubigint, binary, date, time, timestamp, numeric, guid,
    interval_year, interval_month, interval_day, interval_hour, interval_minute, interval_second,
    interval_year_to_month, interval_day_to_hour, interval_day_to_minute, interval_day_to_second,
    interval_hour_to_minute, interval_hour_to_second, interval_minute_to_second,
    by_default,  // SQL_C_DEFAULT that was not resolved; converts to nothing
};
// clang-format on
inline constexpr std::size_t c_types = static_cast<std::size_t>(CType::by_default) + 1;

/// Whether `code` may be bound: every SQL_C_* code and SQL_C_DEFAULT, but not SQL_ARD_TYPE.
bool is_c_type(SQLSMALLINT code) noexcept;
/// Throws HY003 for a code that is_c_type() refuses.
CType c_type(SQLSMALLINT code);
/// The same for a cell of `column`: the neutral codes SQL_C_TINYINT, SQL_C_SHORT and SQL_C_LONG
/// take the sign of an integer column.
CType c_type(SQLSMALLINT code, const results::Column& column);
/// Bytes of the buffer; 0 for character and binary data, whose length varies.
SQLLEN c_type_size(CType type) noexcept;
bool is_interval(CType type) noexcept;

/// Whether `code` is an SQL type of the reference (SQL_UNKNOWN_TYPE is not).
bool is_sql_type(SQLSMALLINT code) noexcept;

/// Whether numbers of `column` are shown as it is defined: ZEROFILL to its width, FLOAT(M,D) and
/// DOUBLE(M,D) with D decimals. Text rows come so.
bool shown_as_defined(const results::Column& column) noexcept;

/// What SQL_C_DEFAULT means: "Default C Data Types".
SQLSMALLINT default_c_type(SQLSMALLINT sql_type, bool is_unsigned) noexcept;
SQLSMALLINT default_c_type(const results::Column& column, bool wide_types = true) noexcept;

}  // namespace myfabric::conversion
