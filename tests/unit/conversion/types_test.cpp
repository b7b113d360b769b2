#include "conversion/types.h"

#include <set>

#include "base/error.h"
#include "samples.h"

namespace myfabric::conversion::test {
namespace {

TEST(Types, TableHasARowForEachKindInOrder) {
    const auto types = server_types();
    ASSERT_EQ(types.size(), static_cast<std::size_t>(Kind::inet6) + 1);
    std::set<std::string> names;
    for (std::size_t i = 0; i < types.size(); ++i) {
        EXPECT_EQ(static_cast<std::size_t>(types[i].kind), i);
        EXPECT_TRUE(names.emplace(types[i].name).second) << types[i].name;
        EXPECT_TRUE(is_sql_type(types[i].sql_type)) << types[i].name;
    }
}

struct Sample {
    const char* name;
    Column column;
    const char* type_name;
    SQLSMALLINT concise, narrow;
    SQLULEN size;
    int digits;
    SQLLEN octets, display;
    int radix;
};

Column text(Kind kind, std::uint64_t characters) {
    Column out = column(kind, false, 0, characters * 4);
    out.char_bytes = 4;
    return out;
}

TEST(Types, DescribesColumnsAsTheReferenceDefines) {
    // clang-format off
    const Sample samples[] = {
        {"tinyint",   column(Kind::tinyint),               "TINYINT",            SQL_TINYINT,  SQL_TINYINT,  3, 0, 1, 4, 10},
        {"utinyint",  column(Kind::tinyint, true),         "TINYINT UNSIGNED",   SQL_TINYINT,  SQL_TINYINT,  3, 0, 1, 3, 10},
        {"smallint",  column(Kind::smallint),              "SMALLINT",           SQL_SMALLINT, SQL_SMALLINT, 5, 0, 2, 6, 10},
        {"mediumint", column(Kind::mediumint),             "MEDIUMINT",          SQL_INTEGER,  SQL_INTEGER,  7, 0, 4, 8, 10},
        {"int",       column(Kind::integer),               "INTEGER",            SQL_INTEGER,  SQL_INTEGER, 10, 0, 4, 11, 10},
        {"uint",      column(Kind::integer, true),         "INTEGER UNSIGNED",   SQL_INTEGER,  SQL_INTEGER, 10, 0, 4, 10, 10},
        {"bigint",    column(Kind::bigint),                "BIGINT",             SQL_BIGINT,   SQL_BIGINT,  19, 0, 20, 20, 10},
        {"ubigint",   column(Kind::bigint, true),          "BIGINT UNSIGNED",    SQL_BIGINT,   SQL_BIGINT,  20, 0, 20, 20, 10},
        {"decimal",   column(Kind::decimal, false, 3, 12), "DECIMAL",            SQL_DECIMAL,  SQL_DECIMAL, 10, 3, 12, 12, 10},
        {"udecimal",  column(Kind::decimal, true, 3, 11),  "DECIMAL UNSIGNED",   SQL_DECIMAL,  SQL_DECIMAL, 10, 3, 12, 12, 10},
        {"decimal65", column(Kind::decimal, false, 0, 66), "DECIMAL",            SQL_DECIMAL,  SQL_DECIMAL, 65, 0, 67, 67, 10},
        {"float",     column(Kind::real, false, 31),       "FLOAT",              SQL_REAL,     SQL_REAL,     7, 0, 4, 14, 2},
        {"double",    column(Kind::double_precision),      "DOUBLE",             SQL_DOUBLE,   SQL_DOUBLE,  15, 0, 8, 24, 2},
        {"bit",       column(Kind::bit, true, 0, 1),       "BIT",                SQL_BIT,      SQL_BIT,      1, 0, 1, 1, 0},
        {"bit(9)",    column(Kind::bit, true, 0, 9),       "BIT",                SQL_BINARY,   SQL_BINARY,   2, 0, 2, 4, 0},
        {"year",      column(Kind::year, true, 0, 4),      "YEAR",               SQL_SMALLINT, SQL_SMALLINT, 4, 0, 2, 4, 10},
        {"date",      column(Kind::date),                  "DATE",               SQL_TYPE_DATE, SQL_TYPE_DATE, 10, 0, 6, 10, 0},
        {"time",      column(Kind::time),                  "TIME",               SQL_TYPE_TIME, SQL_TYPE_TIME, 8, 0, 6, 10, 0},
        {"time(3)",   column(Kind::time, false, 3),        "TIME",               SQL_TYPE_TIME, SQL_TYPE_TIME, 12, 3, 6, 14, 0},
        {"datetime",  column(Kind::datetime),              "DATETIME",           SQL_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 19, 0, 16, 19, 0},
        {"datetime6", column(Kind::datetime, false, 6),    "DATETIME",           SQL_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 26, 6, 16, 26, 0},
        {"stamp(31)", column(Kind::timestamp, false, 31),  "TIMESTAMP",          SQL_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 19, 0, 16, 19, 0},
        {"char",      text(Kind::character, 10),           "CHAR",               SQL_WCHAR,    SQL_CHAR,    10, 0, 20, 10, 0},
        {"varchar",   text(Kind::varchar, 255),            "VARCHAR",            SQL_WVARCHAR, SQL_VARCHAR, 255, 0, 510, 255, 0},
        {"text",      text(Kind::text, 65535),             "TEXT",               SQL_WLONGVARCHAR, SQL_LONGVARCHAR, 65535, 0, 131070, 65535, 0},
        {"enum",      text(Kind::enumeration, 7),          "ENUM",               SQL_WCHAR,    SQL_CHAR,    7, 0, 14, 7, 0},
        {"uuid",      text(Kind::uuid, 36),                "UUID",               SQL_WCHAR,    SQL_CHAR,    36, 0, 72, 36, 0},
        {"binary",    column(Kind::binary, false, 0, 16),  "BINARY",             SQL_BINARY,   SQL_BINARY,  16, 0, 16, 32, 0},
        {"varbinary", column(Kind::varbinary, false, 0, 9), "VARBINARY",         SQL_VARBINARY, SQL_VARBINARY, 9, 0, 9, 18, 0},
        {"longblob",  column(Kind::longblob, false, 0, 4294967295), "LONGBLOB", SQL_LONGVARBINARY, SQL_LONGVARBINARY, default_long_cap, 0, default_long_cap, 2 * default_long_cap, 0},
        {"longtext",  text(Kind::longtext, 1073741823),    "LONGTEXT",           SQL_WLONGVARCHAR, SQL_LONGVARCHAR, default_long_cap, 0, 2 * default_long_cap, default_long_cap, 0},
        {"json",      text(Kind::json, 1073741823),        "JSON",               SQL_WLONGVARCHAR, SQL_LONGVARCHAR, default_long_cap, 0, 2 * default_long_cap, default_long_cap, 0},
        {"geometry",  column(Kind::geometry, false, 0, 4294967295), "GEOMETRY", SQL_LONGVARBINARY, SQL_LONGVARBINARY, default_long_cap, 0, default_long_cap, 2 * default_long_cap, 0},
        {"null",      column(Kind::null, false, 0, 0),     "NULL",               SQL_WVARCHAR, SQL_VARCHAR, 1, 0, 2, 1, 0},
    };
    // clang-format on
    for (const Sample& s : samples) {
        SCOPED_TRACE(s.name);
        const TypeInfo wide = describe(s.column);
        EXPECT_EQ(wide.type_name, s.type_name);
        EXPECT_EQ(wide.concise_type, s.concise);
        EXPECT_EQ(wide.concise_type, sql_type(s.column));
        EXPECT_EQ(wide.column_size, s.size);
        EXPECT_EQ(wide.decimal_digits, s.digits);
        EXPECT_EQ(wide.octet_length, s.octets);
        EXPECT_EQ(wide.display_size, s.display);
        EXPECT_EQ(wide.num_prec_radix, s.radix);
        EXPECT_EQ(describe(s.column, false).concise_type, s.narrow);
    }
}

TEST(Types, NarrowTextCountsItsBytes) {
    EXPECT_EQ(describe(text(Kind::varchar, 10), false).octet_length, 40);
}

TEST(Types, DatesHaveTheVerboseTypeAndSubCode) {
    const TypeInfo date = describe(column(Kind::date));
    EXPECT_EQ(date.verbose_type, SQL_DATETIME);
    EXPECT_EQ(date.datetime_code, SQL_CODE_DATE);
    EXPECT_EQ(describe(column(Kind::time)).datetime_code, SQL_CODE_TIME);
    EXPECT_EQ(describe(column(Kind::timestamp)).datetime_code, SQL_CODE_TIMESTAMP);
}

TEST(Types, LongCapIsTheCallersChoice) {
    EXPECT_EQ(describe(text(Kind::longtext, 1000), true, 100).column_size, 100u);
}

struct CodeSample {
    SQLSMALLINT code;
    CType type;
    SQLLEN size;
};
TEST(CTypes, CodesOfBothVersionsHaveTheirBuffers) {
    const CodeSample samples[] = {
        {SQL_C_CHAR, CType::character, 0},
        {SQL_C_WCHAR, CType::wide_character, 0},
        {SQL_C_SHORT, CType::sshort, 2},
        {SQL_C_LONG, CType::slong, 4},
        {SQL_C_UBIGINT, CType::ubigint, 8},
        {SQL_C_TINYINT, CType::stinyint, 1},
        {SQL_C_FLOAT, CType::real, 4},
        {SQL_C_DOUBLE, CType::double_precision, 8},
        {SQL_C_BIT, CType::bit, 1},
        {SQL_C_BINARY, CType::binary, 0},
        {SQL_C_DATE, CType::date, 6},
        {SQL_C_TYPE_DATE, CType::date, 6},
        {SQL_C_TYPE_TIME, CType::time, 6},
        {SQL_C_TIMESTAMP, CType::timestamp, 16},
        {SQL_C_NUMERIC, CType::numeric, 19},
        {SQL_C_GUID, CType::guid, 16},
        {SQL_C_INTERVAL_YEAR, CType::interval_year, sizeof(SQL_INTERVAL_STRUCT)},
        {SQL_C_INTERVAL_MINUTE_TO_SECOND, CType::interval_minute_to_second,
         sizeof(SQL_INTERVAL_STRUCT)},
        {SQL_C_DEFAULT, CType::by_default, 0},
    };
    for (const CodeSample& s : samples) {
        SCOPED_TRACE(s.code);
        EXPECT_TRUE(is_c_type(s.code));
        EXPECT_EQ(c_type(s.code), s.type);
        EXPECT_EQ(c_type_size(s.type), s.size);
    }
}

TEST(CTypes, UnknownCodesAreHY003) {
    for (const SQLSMALLINT code : {SQLSMALLINT{0}, SQLSMALLINT{77}, SQLSMALLINT{SQL_ARD_TYPE}}) {
        EXPECT_FALSE(is_c_type(code));
        try {
            c_type(code);
            FAIL() << code;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "HY003");
        }
    }
}

TEST(CTypes, EachServerTypeHasADefault) {
    for (const ServerType& type : server_types())
        EXPECT_TRUE(is_c_type(default_c_type(column(type.kind), true))) << type.name;
    EXPECT_EQ(default_c_type(SQL_INTEGER, true), SQL_C_ULONG);
    EXPECT_EQ(default_c_type(SQL_INTEGER, false), SQL_C_SLONG);
    EXPECT_EQ(default_c_type(SQL_DECIMAL, false), SQL_C_CHAR);
    EXPECT_EQ(default_c_type(SQL_INTERVAL_DAY, false), SQL_C_INTERVAL_DAY);
    EXPECT_EQ(default_c_type(column(Kind::varchar), true), SQL_C_WCHAR);
    EXPECT_EQ(default_c_type(column(Kind::varchar), false), SQL_C_CHAR);
    EXPECT_EQ(default_c_type(column(Kind::bit, true, 0, 1)), SQL_C_BIT);
}

TEST(CTypes, EveryOutcomeButStoredHasAState) {
    EXPECT_EQ(state_of(Outcome::stored), nullptr);
    std::set<std::string_view> codes;
    for (int i = 1; i <= static_cast<int>(Outcome::bad_length); ++i)
        EXPECT_TRUE(codes.insert(state_of(static_cast<Outcome>(i))->code).second);
}

}  // namespace
}  // namespace myfabric::conversion::test
