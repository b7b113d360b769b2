#include "conversion/types.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "conversion/type_codes.h"

namespace myfabric::conversion {
namespace {

using results::Column;
using results::Kind;

constexpr SQLSMALLINT any = SQL_PRED_SEARCHABLE;
constexpr SQLSMALLINT basic = SQL_PRED_BASIC;  // all comparisons but LIKE

// What the choices are:
// - BIT(1) is SQL_BIT; BIT(n) is SQL_BINARY of as many bytes as the server sends.
// - YEAR is a number of four digits. MEDIUMINT has its own digits but SQL_INTEGER's layout.
// - UUID is a character type of 36 characters: few programs know SQL_GUID. SQL_C_GUID works.
// - ENUM and SET are SQL_WCHAR, as with both vendors' drivers, though nothing is padded.
// clang-format off
constexpr ServerType types[] = {
    //                                                      digits octets bits radix
    {Kind::null,             "NULL",       SQL_WVARCHAR,       0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::tinyint,          "TINYINT",    SQL_TINYINT,        3,  3,  1,  0, 10, "",   "",  any},
    {Kind::smallint,         "SMALLINT",   SQL_SMALLINT,       5,  5,  2,  0, 10, "",   "",  any},
    {Kind::mediumint,        "MEDIUMINT",  SQL_INTEGER,        7,  8,  4,  0, 10, "",   "",  any},
    {Kind::integer,          "INTEGER",    SQL_INTEGER,       10, 10,  4,  0, 10, "",   "",  any},
    {Kind::bigint,           "BIGINT",     SQL_BIGINT,        19, 20, 20,  0, 10, "",   "",  any},
    {Kind::decimal,          "DECIMAL",    SQL_DECIMAL,        0,  0,  0,  0, 10, "",   "",  any},
    {Kind::real,             "FLOAT",      SQL_REAL,           7,  7,  4, 24,  2, "",   "",  any},
    {Kind::double_precision, "DOUBLE",     SQL_DOUBLE,        15, 15,  8, 53,  2, "",   "",  any},
    {Kind::bit,              "BIT",        SQL_BINARY,         0,  0,  0,  0,  0, "0x", "",  basic},
    {Kind::year,             "YEAR",       SQL_SMALLINT,       4,  4,  2,  0, 10, "",   "",  any},
    {Kind::date,             "DATE",       SQL_TYPE_DATE,      0,  0,  6,  0,  0, "'",  "'", any},
    {Kind::time,             "TIME",       SQL_TYPE_TIME,      0,  0,  6,  0,  0, "'",  "'", any},
    {Kind::datetime,         "DATETIME",   SQL_TYPE_TIMESTAMP, 0,  0, 16,  0,  0, "'",  "'", any},
    {Kind::timestamp,        "TIMESTAMP",  SQL_TYPE_TIMESTAMP, 0,  0, 16,  0,  0, "'",  "'", any},
    {Kind::character,        "CHAR",       SQL_WCHAR,          0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::varchar,          "VARCHAR",    SQL_WVARCHAR,       0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::tinytext,         "TINYTEXT",   SQL_WLONGVARCHAR,   0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::text,             "TEXT",       SQL_WLONGVARCHAR,   0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::mediumtext,       "MEDIUMTEXT", SQL_WLONGVARCHAR,   0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::longtext,         "LONGTEXT",   SQL_WLONGVARCHAR,   0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::binary,           "BINARY",     SQL_BINARY,         0,  0,  0,  0,  0, "0x", "",  any},
    {Kind::varbinary,        "VARBINARY",  SQL_VARBINARY,      0,  0,  0,  0,  0, "0x", "",  any},
    {Kind::tinyblob,         "TINYBLOB",   SQL_LONGVARBINARY,  0,  0,  0,  0,  0, "0x", "",  any},
    {Kind::blob,             "BLOB",       SQL_LONGVARBINARY,  0,  0,  0,  0,  0, "0x", "",  any},
    {Kind::mediumblob,       "MEDIUMBLOB", SQL_LONGVARBINARY,  0,  0,  0,  0,  0, "0x", "",  any},
    {Kind::longblob,         "LONGBLOB",   SQL_LONGVARBINARY,  0,  0,  0,  0,  0, "0x", "",  any},
    {Kind::enumeration,      "ENUM",       SQL_WCHAR,          0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::set,              "SET",        SQL_WCHAR,          0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::json,             "JSON",       SQL_WLONGVARCHAR,   0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::geometry,         "GEOMETRY",   SQL_LONGVARBINARY,  0,  0,  0,  0,  0, "0x", "",  basic},
    {Kind::uuid,             "UUID",       SQL_WCHAR,          0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::inet4,            "INET4",      SQL_WVARCHAR,       0,  0,  0,  0,  0, "'",  "'", any},
    {Kind::inet6,            "INET6",      SQL_WVARCHAR,       0,  0,  0,  0,  0, "'",  "'", any},
};

/// Of the numbers that may be unsigned, from Kind::tinyint on.
constexpr std::string_view unsigned_names[] = {
    "TINYINT UNSIGNED", "SMALLINT UNSIGNED", "MEDIUMINT UNSIGNED", "INTEGER UNSIGNED",
    "BIGINT UNSIGNED",  "DECIMAL UNSIGNED",  "FLOAT UNSIGNED",     "DOUBLE UNSIGNED",
};

constexpr std::string_view name_of(const ServerType& type, bool is_unsigned) {
    const std::size_t number =
        static_cast<std::size_t>(type.kind) - static_cast<std::size_t>(Kind::tinyint);
    return is_unsigned && number < std::size(unsigned_names) ? unsigned_names[number] : type.name;
}

struct CTypeRow {
    SQLSMALLINT code;
    CType type;
};
constexpr CTypeRow c_codes[] = {  // in the order of the reference's "C Data Types"
    {SQL_C_CHAR,                      CType::character},
    {SQL_C_WCHAR,                     CType::wide_character},
    {SQL_C_SSHORT,                    CType::sshort},
    {SQL_C_USHORT,                    CType::ushort},
    {SQL_C_SLONG,                     CType::slong},
    {SQL_C_ULONG,                     CType::ulong},
    {SQL_C_FLOAT,                     CType::real},
    {SQL_C_DOUBLE,                    CType::double_precision},
    {SQL_C_BIT,                       CType::bit},
    {SQL_C_STINYINT,                  CType::stinyint},
    {SQL_C_UTINYINT,                  CType::utinyint},
    {SQL_C_SBIGINT,                   CType::sbigint},
    {SQL_C_UBIGINT,                   CType::ubigint},
    {SQL_C_BINARY,                    CType::binary},
    {SQL_C_TYPE_DATE,                 CType::date},
    {SQL_C_TYPE_TIME,                 CType::time},
    {SQL_C_TYPE_TIMESTAMP,            CType::timestamp},
    {SQL_C_NUMERIC,                   CType::numeric},
    {SQL_C_GUID,                      CType::guid},
    {SQL_C_INTERVAL_YEAR,             CType::interval_year},
    {SQL_C_INTERVAL_MONTH,            CType::interval_month},
    {SQL_C_INTERVAL_DAY,              CType::interval_day},
    {SQL_C_INTERVAL_HOUR,             CType::interval_hour},
    {SQL_C_INTERVAL_MINUTE,           CType::interval_minute},
    {SQL_C_INTERVAL_SECOND,           CType::interval_second},
    {SQL_C_INTERVAL_YEAR_TO_MONTH,    CType::interval_year_to_month},
    {SQL_C_INTERVAL_DAY_TO_HOUR,      CType::interval_day_to_hour},
    {SQL_C_INTERVAL_DAY_TO_MINUTE,    CType::interval_day_to_minute},
    {SQL_C_INTERVAL_DAY_TO_SECOND,    CType::interval_day_to_second},
    {SQL_C_INTERVAL_HOUR_TO_MINUTE,   CType::interval_hour_to_minute},
    {SQL_C_INTERVAL_HOUR_TO_SECOND,   CType::interval_hour_to_second},
    {SQL_C_INTERVAL_MINUTE_TO_SECOND, CType::interval_minute_to_second},
    // ODBC 1.0 and 2.x
    {SQL_C_TINYINT,                   CType::stinyint},
    {SQL_C_SHORT,                     CType::sshort},
    {SQL_C_LONG,                      CType::slong},
    {SQL_C_DATE,                      CType::date},
    {SQL_C_TIME,                      CType::time},
    {SQL_C_TIMESTAMP,                 CType::timestamp},
    {SQL_C_DEFAULT,                   CType::by_default},
};

constexpr SQLLEN sizes[c_types] = {  // in the order of CType
    0, 0, sizeof(SQLSMALLINT), sizeof(SQLUSMALLINT), sizeof(SQLINTEGER), sizeof(SQLUINTEGER),
    sizeof(SQLREAL), sizeof(SQLDOUBLE), sizeof(SQLCHAR), sizeof(SQLSCHAR), sizeof(SQLCHAR),
    sizeof(SQLBIGINT), sizeof(SQLUBIGINT), 0,
    sizeof(SQL_DATE_STRUCT), sizeof(SQL_TIME_STRUCT), sizeof(SQL_TIMESTAMP_STRUCT),
    sizeof(SQL_NUMERIC_STRUCT), sizeof(SQLGUID),
    sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT),
    sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT),
    sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT),
    sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT), sizeof(SQL_INTERVAL_STRUCT),
    sizeof(SQL_INTERVAL_STRUCT),
    0,
};

struct DefaultRow {
    SQLSMALLINT sql_type;
    SQLSMALLINT c_type;
    SQLSMALLINT unsigned_c_type;
};
constexpr DefaultRow defaults[] = {  // "Converting Data from SQL to C Data Types", the default ones
    {SQL_CHAR,           SQL_C_CHAR,           SQL_C_CHAR},
    {SQL_VARCHAR,        SQL_C_CHAR,           SQL_C_CHAR},
    {SQL_LONGVARCHAR,    SQL_C_CHAR,           SQL_C_CHAR},
    {SQL_WCHAR,          SQL_C_WCHAR,          SQL_C_WCHAR},
    {SQL_WVARCHAR,       SQL_C_WCHAR,          SQL_C_WCHAR},
    {SQL_WLONGVARCHAR,   SQL_C_WCHAR,          SQL_C_WCHAR},
    {SQL_DECIMAL,        SQL_C_CHAR,           SQL_C_CHAR},
    {SQL_NUMERIC,        SQL_C_CHAR,           SQL_C_CHAR},
    {SQL_BIT,            SQL_C_BIT,            SQL_C_BIT},
    {SQL_TINYINT,        SQL_C_STINYINT,       SQL_C_UTINYINT},
    {SQL_SMALLINT,       SQL_C_SSHORT,         SQL_C_USHORT},
    {SQL_INTEGER,        SQL_C_SLONG,          SQL_C_ULONG},
    {SQL_BIGINT,         SQL_C_SBIGINT,        SQL_C_UBIGINT},
    {SQL_REAL,           SQL_C_FLOAT,          SQL_C_FLOAT},
    {SQL_FLOAT,          SQL_C_DOUBLE,         SQL_C_DOUBLE},
    {SQL_DOUBLE,         SQL_C_DOUBLE,         SQL_C_DOUBLE},
    {SQL_BINARY,         SQL_C_BINARY,         SQL_C_BINARY},
    {SQL_VARBINARY,      SQL_C_BINARY,         SQL_C_BINARY},
    {SQL_LONGVARBINARY,  SQL_C_BINARY,         SQL_C_BINARY},
    {SQL_TYPE_DATE,      SQL_C_TYPE_DATE,      SQL_C_TYPE_DATE},
    {SQL_TYPE_TIME,      SQL_C_TYPE_TIME,      SQL_C_TYPE_TIME},
    {SQL_TYPE_TIMESTAMP, SQL_C_TYPE_TIMESTAMP, SQL_C_TYPE_TIMESTAMP},
    {SQL_DATE,           SQL_C_TYPE_DATE,      SQL_C_TYPE_DATE},  // ODBC 2.x codes
    {SQL_TIME,           SQL_C_TYPE_TIME,      SQL_C_TYPE_TIME},
    {SQL_TIMESTAMP,      SQL_C_TYPE_TIMESTAMP, SQL_C_TYPE_TIMESTAMP},
    {SQL_GUID,           SQL_C_GUID,           SQL_C_GUID},
};
// clang-format on

constexpr unsigned not_fixed = 31;  // Column::decimals

bool is_sql_interval(SQLSMALLINT code) {
    return code >= SQL_INTERVAL_YEAR && code <= SQL_INTERVAL_MINUTE_TO_SECOND;
}

const DefaultRow* find_default(SQLSMALLINT code) {
    const auto* const row = std::ranges::find(defaults, code, &DefaultRow::sql_type);
    return row == std::end(defaults) ? nullptr : row;
}

constexpr int lowest_code = -128;
constexpr std::uint8_t no_row = 0xFF;

/// c_codes by code: SQLGetData asks for each cell.
constexpr auto rows_by_code = [] {
    std::array<std::uint8_t, 256> rows{};
    rows.fill(no_row);
    for (std::size_t i = 0; i < std::size(c_codes); ++i)
        rows[static_cast<std::size_t>(c_codes[i].code - lowest_code)] =
            static_cast<std::uint8_t>(i);
    return rows;
}();

const CTypeRow* find_c_type(SQLSMALLINT code) {
    const auto index = static_cast<std::size_t>(code - lowest_code);
    if (index >= rows_by_code.size() || rows_by_code[index] == no_row) return nullptr;
    return &c_codes[rows_by_code[index]];
}

bool is_wide(SQLSMALLINT type) {
    return narrow_code(type) != type;
}

/// Digits of a DECIMAL: its display width has room for a sign and a point.
SQLULEN decimal_precision(const Column& column) {
    const std::uint64_t marks = (column.decimals ? 1u : 0u) + (column.is_unsigned ? 0u : 1u);
    return column.length > marks ? column.length - marks : 1;
}

// Columns that are described as another type: UnsignedAs=wider takes the type that holds the values
// of an unsigned one, for programs that do not look at the sign; No_BigInt has no BIGINT.
bool is_widened(const Column& column) {
    if (column.reading.no_bigint && column.kind == Kind::bigint) return true;
    return column.reading.wider_unsigned && column.is_unsigned && column.kind >= Kind::tinyint &&
           column.kind <= Kind::bigint;
}

Kind next_wider(const Column& column) {
    if (column.reading.no_bigint && column.kind == Kind::bigint) return Kind::integer;
    switch (column.kind) {
        case Kind::tinyint:
            return Kind::smallint;
        case Kind::smallint:
        case Kind::mediumint:
            return Kind::integer;
        case Kind::integer:
            return Kind::bigint;
        default:
            return Kind::decimal;
    }
}

Column widened(Column column) {
    constexpr std::uint64_t bigint_digits = 20;
    column.kind = next_wider(column);
    if (column.reading.wider_unsigned) column.is_unsigned = false;
    if (column.kind == Kind::decimal) column.length = bigint_digits + 1;  // with the sign
    return column;
}

constexpr SQLLEN display_size_of(const ServerType& type, bool is_unsigned, SQLULEN digits) {
    switch (type.kind) {
        case Kind::real:
            return 14;
        case Kind::double_precision:
            return 24;
        case Kind::year:
            return 4;
        default:
            return static_cast<SQLLEN>(digits) + !is_unsigned;
    }
}

/// What all columns of a type have in common.
constexpr TypeInfo common_to(const ServerType& type, bool is_unsigned) {
    TypeInfo info;
    info.concise_type = info.verbose_type = type.sql_type;
    info.octet_length = type.octets;
    info.searchable = type.searchable;
    info.literal_prefix = type.prefix;
    info.literal_suffix = type.suffix;
    info.type_name = name_of(type, is_unsigned);
    if (!type.radix) return info;
    info.is_unsigned = is_unsigned;
    info.num_prec_radix = type.radix;
    info.precision = type.bits;
    if (!type.digits) return info;
    info.column_size = static_cast<SQLULEN>(is_unsigned ? type.unsigned_digits : type.digits);
    if (type.radix == 10) info.precision = static_cast<SQLSMALLINT>(info.column_size);
    info.display_size = display_size_of(type, is_unsigned, info.column_size);
    return info;
}

/// By kind and sign: programs ask for each column of each result.
constexpr auto common = [] {
    std::array<std::array<TypeInfo, 2>, std::size(types)> all{};
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = {common_to(types[i], false), common_to(types[i], true)};
    return all;
}();

void describe_decimal(const Column& column, TypeInfo& info) {
    info.column_size = decimal_precision(column);
    info.precision = static_cast<SQLSMALLINT>(info.column_size);
    info.scale = info.decimal_digits = static_cast<SQLSMALLINT>(column.decimals);
    info.octet_length = info.display_size = static_cast<SQLLEN>(info.column_size + 2);
}

void describe_datetime(const Column& column, TypeInfo& info) {
    const unsigned digits = column.decimals >= not_fixed ? 0 : column.decimals;
    const unsigned fraction = digits ? digits + 1 : 0;  // with the point
    info.verbose_type = SQL_DATETIME;
    info.datetime_code =
        static_cast<SQLSMALLINT>(info.concise_type - SQL_TYPE_DATE + SQL_CODE_DATE);
    switch (info.concise_type) {
        case SQL_TYPE_DATE:
            info.column_size = 10;
            break;
        case SQL_TYPE_TIME:
            info.column_size = 8 + fraction;
            break;
        default:
            info.column_size = 19 + fraction;
    }
    if (info.concise_type != SQL_TYPE_DATE)
        info.decimal_digits = info.precision = static_cast<SQLSMALLINT>(digits);
    info.display_size = static_cast<SQLLEN>(info.column_size);
    if (info.concise_type == SQL_TYPE_TIME) info.display_size += 2;  // "-838:59:59"
}

void describe_bytes(const Column& column, std::uint64_t long_cap, TypeInfo& info) {
    const std::uint64_t bytes =
        std::min(column.kind == Kind::bit ? (column.length + 7) / 8 : column.length, long_cap);
    info.column_size = bytes;
    info.octet_length = static_cast<SQLLEN>(bytes);
    info.display_size = static_cast<SQLLEN>(2 * bytes);
    info.case_sensitive = column.case_sensitive;
}

void describe_text(const Column& column, std::uint64_t long_cap, TypeInfo& info) {
    const std::uint64_t char_bytes = std::max(column.char_bytes, 1u);
    const std::uint64_t characters =
        std::clamp<std::uint64_t>(column.kind == Kind::uuid ? 36 : column.length / char_bytes, 1,
                                  std::max<std::uint64_t>(long_cap, 1));
    info.column_size = characters;
    if (is_wide(info.concise_type)) {
        info.octet_length = static_cast<SQLLEN>(characters * sizeof(SQLWCHAR));
        info.display_size = static_cast<SQLLEN>(characters);
    } else {
        info.octet_length = static_cast<SQLLEN>(std::min(characters * char_bytes, long_cap));
        // Some programs allocate what is displayed.
        info.display_size =
            column.reading.display_bytes ? info.octet_length : static_cast<SQLLEN>(characters);
    }
    info.case_sensitive = column.case_sensitive;
}

}  // namespace

std::span<const ServerType> server_types() noexcept {
    return types;
}

const ServerType& server_type(results::Kind kind) noexcept {
    return types[static_cast<std::size_t>(kind)];
}

SQLSMALLINT sql_type(const results::Column& column, bool wide_types) noexcept {
    if (is_widened(column)) return server_type(next_wider(column)).sql_type;
    if (column.kind == Kind::bit && column.length <= 1) return SQL_BIT;
    const SQLSMALLINT type = server_type(column.kind).sql_type;
    return wide_types ? type : narrow_code(type);
}

/// Of a column that is described as what it is.
static TypeInfo described(const Column& column, bool wide_types, std::uint64_t long_cap) {
    const ServerType& type = server_type(column.kind);
    TypeInfo info = common[static_cast<std::size_t>(column.kind)][column.is_unsigned];
    info.auto_increment = column.auto_increment;
    if (type.digits) return info;
    info.concise_type = info.verbose_type = sql_type(column, wide_types);
    switch (info.concise_type) {
        case SQL_BIT:
            info.column_size = 1;
            info.octet_length = info.display_size = 1;
            info.literal_prefix = "";
            break;
        case SQL_TYPE_DATE:
        case SQL_TYPE_TIME:
        case SQL_TYPE_TIMESTAMP:
            describe_datetime(column, info);
            break;
        case SQL_BINARY:
        case SQL_VARBINARY:
        case SQL_LONGVARBINARY:
            describe_bytes(column, long_cap, info);
            break;
        default:
            if (type.radix)
                describe_decimal(column, info);
            else
                describe_text(column, long_cap, info);
    }
    return info;
}

TypeInfo describe(const Column& column, bool wide_types, std::uint64_t long_cap) {
    if (is_widened(column)) [[unlikely]]
        return described(widened(column), wide_types, long_cap);
    return described(column, wide_types, long_cap);
}

bool is_c_type(SQLSMALLINT code) noexcept {
    return find_c_type(code) != nullptr;
}

CType c_type(SQLSMALLINT code) {
    const CTypeRow* row = find_c_type(code);
    if (!row) throw Error(state::invalid_buffer_type, "there is no C type " + std::to_string(code));
    return row->type;
}

CType c_type(SQLSMALLINT code, const results::Column& column) {
    const CType type = c_type(code);
    const bool integer = column.kind >= Kind::tinyint && column.kind <= Kind::bigint;
    if (!column.is_unsigned || !integer || is_widened(column)) return type;
    switch (code) {
        case SQL_C_TINYINT:
            return CType::utinyint;
        case SQL_C_SHORT:
            return CType::ushort;
        case SQL_C_LONG:
            return CType::ulong;
        default:
            return type;
    }
}

SQLLEN c_type_size(CType type) noexcept {
    return sizes[static_cast<std::size_t>(type)];
}

bool is_interval(CType type) noexcept {
    return type >= CType::interval_year && type <= CType::interval_minute_to_second;
}

bool shown_as_defined(const Column& column) noexcept {
    const bool real = column.kind == Kind::real || column.kind == Kind::double_precision;
    const bool integer = column.kind >= Kind::tinyint && column.kind <= Kind::bigint;
    return (column.zerofill && integer) || (real && column.decimals < not_fixed);
}

bool is_sql_type(SQLSMALLINT code) noexcept {
    return find_default(code) || is_sql_interval(code);
}

SQLSMALLINT default_c_type(SQLSMALLINT sql_type, bool is_unsigned) noexcept {
    // The codes of interval types are those of their C types.
    if (is_sql_interval(sql_type)) return sql_type;
    const DefaultRow* row = find_default(sql_type);
    if (!row) return SQL_C_CHAR;
    return is_unsigned ? row->unsigned_c_type : row->c_type;
}

SQLSMALLINT default_c_type(const results::Column& column, bool wide_types) noexcept {
    return default_c_type(
        sql_type(column, wide_types),
        column.is_unsigned && !(is_widened(column) && column.reading.wider_unsigned));
}

}  // namespace myfabric::conversion
