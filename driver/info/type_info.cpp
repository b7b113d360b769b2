#include "info/type_info.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "conversion/type_codes.h"
#include "conversion/types.h"

namespace myfabric::info {
namespace {

using results::Kind;

constexpr short no = -1;  // NULL in the result

struct Type {
    const char* name;
    SQLSMALLINT data_type;  // text types have the wide one; the narrow row is derived
    long column_size;
    const char* prefix;  // of a literal; empty: NULL
    const char* suffix;
    const char* create_params;  // empty: NULL
    SQLSMALLINT searchable;
    short is_unsigned;  // no for what is not a number
    short max_scale;    // the least one is 0; no: there is no scale
    short radix;        // no for what is not a number
};

constexpr SQLSMALLINT any = SQL_SEARCHABLE;
constexpr SQLSMALLINT basic = SQL_ALL_EXCEPT_LIKE;
constexpr long long_size = conversion::default_long_cap;  // what a column of it is described with

// Text is counted in characters of up to 4 bytes. Within one DATA_TYPE the closest comes first: an
// application that creates a table takes that one, so the long types begin with the longest.
// clang-format off
constexpr Type types[] = {
    {"LONGTEXT",           SQL_WLONGVARCHAR,   long_size,  "'",  "'", "",                any,   no, no, no},
    {"MEDIUMTEXT",         SQL_WLONGVARCHAR,   16777215/4, "'",  "'", "",                any,   no, no, no},
    {"TEXT",               SQL_WLONGVARCHAR,   65535/4,    "'",  "'", "",                any,   no, no, no},
    {"TINYTEXT",           SQL_WLONGVARCHAR,   255/4,      "'",  "'", "",                any,   no, no, no},
    {"JSON",               SQL_WLONGVARCHAR,   long_size,  "'",  "'", "",                any,   no, no, no},
    {"VARCHAR",            SQL_WVARCHAR,       65535/4,    "'",  "'", "max length",      any,   no, no, no},
    {"CHAR",               SQL_WCHAR,          255,        "'",  "'", "length",          any,   no, no, no},
    {"ENUM",               SQL_WCHAR,          255,        "'",  "'", "value,...",       any,   no, no, no},
    {"SET",                SQL_WCHAR,          65535/4,    "'",  "'", "value,...",       any,   no, no, no},
    {"BIT",                SQL_BIT,            1,          "",   "",  "",                basic, no, no, no},
    {"TINYINT",            SQL_TINYINT,        3,          "",   "",  "",                any,   0,  0,  10},
    {"TINYINT UNSIGNED",   SQL_TINYINT,        3,          "",   "",  "",                any,   1,  0,  10},
    {"BIGINT",             SQL_BIGINT,         19,         "",   "",  "",                any,   0,  0,  10},
    {"BIGINT UNSIGNED",    SQL_BIGINT,         20,         "",   "",  "",                any,   1,  0,  10},
    {"LONGBLOB",           SQL_LONGVARBINARY,  long_size,  "0x", "",  "",                any,   no, no, no},
    {"MEDIUMBLOB",         SQL_LONGVARBINARY,  16777215,   "0x", "",  "",                any,   no, no, no},
    {"BLOB",               SQL_LONGVARBINARY,  65535,      "0x", "",  "",                any,   no, no, no},
    {"TINYBLOB",           SQL_LONGVARBINARY,  255,        "0x", "",  "",                any,   no, no, no},
    {"GEOMETRY",           SQL_LONGVARBINARY,  long_size,  "0x", "",  "",                basic, no, no, no},
    {"VARBINARY",          SQL_VARBINARY,      65535,      "0x", "",  "max length",      any,   no, no, no},
    {"BINARY",             SQL_BINARY,         255,        "0x", "",  "length",          any,   no, no, no},
    {"BIT",                SQL_BINARY,         8,          "0x", "",  "length",          basic, no, no, no},
    {"NUMERIC",            SQL_NUMERIC,        65,         "",   "",  "precision,scale", any,   0,  30, 10},
    {"DECIMAL",            SQL_DECIMAL,        65,         "",   "",  "precision,scale", any,   0,  30, 10},
    {"DECIMAL UNSIGNED",   SQL_DECIMAL,        65,         "",   "",  "precision,scale", any,   1,  30, 10},
    {"INTEGER",            SQL_INTEGER,        10,         "",   "",  "",                any,   0,  0,  10},
    {"INTEGER UNSIGNED",   SQL_INTEGER,        10,         "",   "",  "",                any,   1,  0,  10},
    {"MEDIUMINT",          SQL_INTEGER,        7,          "",   "",  "",                any,   0,  0,  10},
    {"MEDIUMINT UNSIGNED", SQL_INTEGER,        8,          "",   "",  "",                any,   1,  0,  10},
    {"SMALLINT",           SQL_SMALLINT,       5,          "",   "",  "",                any,   0,  0,  10},
    {"SMALLINT UNSIGNED",  SQL_SMALLINT,       5,          "",   "",  "",                any,   1,  0,  10},
    {"YEAR",               SQL_SMALLINT,       4,          "",   "",  "",                any,   1,  0,  10},
    {"DOUBLE",             SQL_FLOAT,          15,         "",   "",  "",                any,   0,  no, 10},
    {"FLOAT",              SQL_REAL,           7,          "",   "",  "",                any,   0,  no, 10},
    {"DOUBLE",             SQL_DOUBLE,         15,         "",   "",  "",                any,   0,  no, 10},
    {"DATE",               SQL_TYPE_DATE,      10,         "'",  "'", "",                any,   no, no, no},
    {"TIME",               SQL_TYPE_TIME,      15,         "'",  "'", "fraction digits", any,   no, 6,  no},
    {"DATETIME",           SQL_TYPE_TIMESTAMP, 26,         "'",  "'", "fraction digits", any,   no, 6,  no},
    {"TIMESTAMP",          SQL_TYPE_TIMESTAMP, 26,         "'",  "'", "fraction digits", any,   no, 6,  no},
};

struct Field {
    const char* name;
    const char* odbc_2_name;
    Kind kind;
    bool nullable;
};
constexpr Field fields[] = {
    {"TYPE_NAME",          "TYPE_NAME",          Kind::varchar,  false},
    {"DATA_TYPE",          "DATA_TYPE",          Kind::smallint, false},
    {"COLUMN_SIZE",        "PRECISION",          Kind::integer,  true},
    {"LITERAL_PREFIX",     "LITERAL_PREFIX",     Kind::varchar,  true},
    {"LITERAL_SUFFIX",     "LITERAL_SUFFIX",     Kind::varchar,  true},
    {"CREATE_PARAMS",      "CREATE_PARAMS",      Kind::varchar,  true},
    {"NULLABLE",           "NULLABLE",           Kind::smallint, false},
    {"CASE_SENSITIVE",     "CASE_SENSITIVE",     Kind::smallint, false},
    {"SEARCHABLE",         "SEARCHABLE",         Kind::smallint, false},
    {"UNSIGNED_ATTRIBUTE", "UNSIGNED_ATTRIBUTE", Kind::smallint, true},
    {"FIXED_PREC_SCALE",   "MONEY",              Kind::smallint, false},
    {"AUTO_UNIQUE_VALUE",  "AUTO_INCREMENT",     Kind::smallint, true},
    {"LOCAL_TYPE_NAME",    "LOCAL_TYPE_NAME",    Kind::varchar,  true},
    {"MINIMUM_SCALE",      "MINIMUM_SCALE",      Kind::smallint, true},
    {"MAXIMUM_SCALE",      "MAXIMUM_SCALE",      Kind::smallint, true},
    {"SQL_DATA_TYPE",      "SQL_DATA_TYPE",      Kind::smallint, false},
    {"SQL_DATETIME_SUB",   "SQL_DATETIME_SUB",   Kind::smallint, true},
    {"NUM_PREC_RADIX",     "NUM_PREC_RADIX",     Kind::integer,  true},
    {"INTERVAL_PRECISION", "INTERVAL_PRECISION", Kind::smallint, true},
};
// clang-format on

results::Columns make_columns(bool odbc_2) {
    results::Columns out;
    for (const Field& field : fields) {
        results::Column column;
        column.name = odbc_2 ? field.odbc_2_name : field.name;
        column.kind = field.kind;
        column.nullable = field.nullable;
        if (field.kind == Kind::varchar) {
            column.charset = 45;  // utf8mb4
            column.char_bytes = 4;
            column.length = 64 * 4;
        } else {
            column.length = field.kind == Kind::smallint ? 6 : 11;
        }
        out.push_back(column);
    }
    return out;
}

bool is_datetime(SQLSMALLINT type) {
    return type >= SQL_TYPE_DATE && type <= SQL_TYPE_TIMESTAMP;
}

std::optional<std::string> text(const char* value) {
    if (!*value) return std::nullopt;
    return value;
}

std::optional<std::string> number(short value) {
    if (value == no) return std::nullopt;
    return std::to_string(value);
}

std::vector<std::optional<std::string>> make_row(const Type& type, bool odbc_2) {
    const bool datetime = is_datetime(type.data_type);
    const bool binary = type.data_type == SQL_BINARY || type.data_type == SQL_VARBINARY ||
                        type.data_type == SQL_LONGVARBINARY;
    const int shown = odbc_2 ? conversion::odbc_2_code(type.data_type) : type.data_type;
    return {
        type.name,
        std::to_string(shown),
        std::to_string(type.column_size),
        text(type.prefix),
        text(type.suffix),
        text(type.create_params),
        std::to_string(SQL_NULLABLE),
        binary ? "1" : "0",  // text compares by its collation, which by default ignores case
        std::to_string(type.searchable),
        number(type.is_unsigned),
        "0",
        type.radix == no ? std::nullopt : std::optional<std::string>("0"),
        type.name,
        type.max_scale == no ? std::nullopt : std::optional<std::string>("0"),
        number(type.max_scale),
        std::to_string(datetime ? SQL_DATETIME : type.data_type),
        datetime ? std::optional(std::to_string(type.data_type - SQL_TYPE_DATE + SQL_CODE_DATE))
                 : std::nullopt,
        number(type.radix),
        std::nullopt,
    };
}

}  // namespace

const results::Columns& type_info_columns(bool odbc_2) {
    static const results::Columns columns = make_columns(false);
    static const results::Columns odbc_2_columns = make_columns(true);
    return odbc_2 ? odbc_2_columns : columns;
}

std::vector<std::vector<std::optional<std::string>>> type_info_rows(SQLSMALLINT data_type,
                                                                    bool odbc_2,
                                                                    std::uint64_t long_cap) {
    if (data_type != SQL_ALL_TYPES && !conversion::is_sql_type(data_type))
        throw Error(state::invalid_sql_type, "there is no SQL type " + std::to_string(data_type));
    const SQLSMALLINT wanted = conversion::odbc_3_code(data_type);
    std::vector<Type> chosen;
    const auto choose = [&](const Type& type) {
        if (wanted == SQL_ALL_TYPES || type.data_type == wanted) chosen.push_back(type);
    };
    for (const Type& type : types) {
        choose(type);
        if (conversion::narrow_code(type.data_type) == type.data_type) continue;
        Type other = type;
        other.data_type = conversion::narrow_code(type.data_type);
        choose(other);
    }
    std::ranges::stable_sort(chosen, {}, &Type::data_type);
    std::vector<std::vector<std::optional<std::string>>> out;
    for (Type& type : chosen) {
        if (type.column_size == long_size) type.column_size = static_cast<long>(long_cap);
        out.push_back(make_row(type, odbc_2));
    }
    return out;
}

}  // namespace myfabric::info
