// Types of information_schema as SQLColumns tells them.
#include "catalog/types.h"

#include <gtest/gtest.h>

#include "catalog/typed_rows.h"
#include "results/memory_results.h"

namespace myfabric::catalog::test {
namespace {

using Number = TypeCells::Number;
constexpr std::nullopt_t null = std::nullopt;

struct Sample {
    StoredType type;
    long long data_type;
    const char* name;
    Number size, buffer, digits, radix;
    long long sql_data_type;
    Number sub, octets;
};
// clang-format off
const Sample samples[] = {
    {{"int", "int(11)", {}, 10, 0, {}},             SQL_INTEGER, "INTEGER", 10, 4, 0, 10, SQL_INTEGER, null, null},
    {{"int", "int(10) unsigned", {}, 10, 0, {}},    SQL_INTEGER, "INTEGER UNSIGNED", 10, 4, 0, 10, SQL_INTEGER, null, null},
    {{"bigint", "bigint(20) unsigned", {}, 20, 0, {}}, SQL_BIGINT, "BIGINT UNSIGNED", 20, 20, 0, 10, SQL_BIGINT, null, null},
    {{"decimal", "decimal(9,2)", {}, 9, 2, {}},     SQL_DECIMAL, "DECIMAL", 9, 11, 2, 10, SQL_DECIMAL, null, null},
    {{"decimal", "decimal(9,0) unsigned", {}, 9, 0, {}}, SQL_DECIMAL, "DECIMAL UNSIGNED", 9, 11, 0, 10, SQL_DECIMAL, null, null},
    {{"double", "double", {}, 22, {}, {}},          SQL_DOUBLE, "DOUBLE", 15, 8, null, 10, SQL_DOUBLE, null, null},
    {{"float", "float(7,3)", {}, 7, 3, {}},         SQL_REAL, "FLOAT", 7, 4, null, 10, SQL_REAL, null, null},
    {{"year", "year(4)", {}, {}, {}, {}},           SQL_SMALLINT, "YEAR", 4, 2, 0, 10, SQL_SMALLINT, null, null},
    {{"bit", "bit(1)", {}, 1, {}, {}},              SQL_BIT, "BIT", 1, 1, 0, null, SQL_BIT, null, null},
    {{"bit", "bit(12)", {}, 12, {}, {}},            SQL_BINARY, "BIT", 2, 2, null, null, SQL_BINARY, null, 2},
    {{"date", "date", {}, {}, {}, {}},              SQL_TYPE_DATE, "DATE", 10, 6, null, null, SQL_DATETIME, SQL_CODE_DATE, null},
    {{"time", "time(3)", {}, {}, {}, 3},            SQL_TYPE_TIME, "TIME", 12, 6, 3, null, SQL_DATETIME, SQL_CODE_TIME, null},
    {{"datetime", "datetime", {}, {}, {}, 0},       SQL_TYPE_TIMESTAMP, "DATETIME", 19, 16, 0, null, SQL_DATETIME, SQL_CODE_TIMESTAMP, null},
    {{"varchar", "varchar(20)", 20, {}, {}, {}},    SQL_WVARCHAR, "VARCHAR", 20, 40, null, null, SQL_WVARCHAR, null, 40},
    {{"char", "char(0)", 0, {}, {}, {}},            SQL_WCHAR, "CHAR", 1, 2, null, null, SQL_WCHAR, null, 2},
    {{"enum", "enum('a','bcd')", 3, {}, {}, {}},    SQL_WCHAR, "ENUM", 3, 6, null, null, SQL_WCHAR, null, 6},
    {{"uuid", "uuid", {}, {}, {}, {}},              SQL_WCHAR, "UUID", 36, 72, null, null, SQL_WCHAR, null, 72},
    {{"longtext", "longtext", 4294967295, {}, {}, {}}, SQL_WLONGVARCHAR, "LONGTEXT", 16777215, 33554430, null, null, SQL_WLONGVARCHAR, null, 33554430},
    {{"json", "json", {}, {}, {}, {}},              SQL_WLONGVARCHAR, "JSON", 16777215, 33554430, null, null, SQL_WLONGVARCHAR, null, 33554430},
    {{"varbinary", "varbinary(9)", 9, {}, {}, {}},  SQL_VARBINARY, "VARBINARY", 9, 9, null, null, SQL_VARBINARY, null, 9},
    {{"point", "point", {}, {}, {}, {}},            SQL_LONGVARBINARY, "GEOMETRY", 16777215, 16777215, null, null, SQL_LONGVARBINARY, null, 16777215},
    {{"xmltype", "xmltype", {}, {}, {}, {}},        SQL_WVARCHAR, "XMLTYPE", 16777215, 33554430, null, null, SQL_WVARCHAR, null, 33554430},
};
// clang-format on

TEST(TypeCells, AreThoseThatADescribedColumnHas) {
    for (const Sample& sample : samples) {
        SCOPED_TRACE(sample.type.full_type);
        const TypeCells cells = type_cells(sample.type, Facts{});
        EXPECT_EQ(sample.data_type, cells.data_type);
        EXPECT_EQ(sample.name, cells.type_name);
        EXPECT_EQ(sample.size, cells.column_size);
        EXPECT_EQ(sample.buffer, cells.buffer_length);
        EXPECT_EQ(sample.digits, cells.decimal_digits);
        EXPECT_EQ(sample.radix, cells.num_prec_radix);
        EXPECT_EQ(sample.sql_data_type, cells.sql_data_type);
        EXPECT_EQ(sample.sub, cells.sql_datetime_sub);
        EXPECT_EQ(sample.octets, cells.char_octet_length);
    }
}

TEST(TypeCells, FollowTheKeysAndTheProgram) {
    Facts facts;
    facts.wide_types = false;
    facts.odbc_2 = true;
    facts.reading.wider_unsigned = true;
    facts.reading.no_bigint = true;
    EXPECT_EQ(SQL_VARCHAR, type_cells({"varchar", "varchar(9)", 9, {}, {}, {}}, facts).data_type);
    EXPECT_EQ(36, type_cells({"varchar", "varchar(9)", 9, {}, {}, {}}, facts).buffer_length);
    EXPECT_EQ(SQL_TIMESTAMP, type_cells({"datetime", "datetime", {}, {}, {}, 0}, facts).data_type);
    EXPECT_EQ(SQL_SMALLINT,
              type_cells({"tinyint", "tinyint(3) unsigned", {}, 3, 0, {}}, facts).data_type);
    EXPECT_EQ(20, type_cells({"bigint", "bigint(20) unsigned", {}, 20, 0, {}},
                             Facts{.reading = {.wider_unsigned = true}})
                      .column_size);
    EXPECT_EQ("INTEGER", type_cells({"bigint", "bigint(20)", {}, 19, 0, {}}, facts).type_name);
}

TEST(TypedRows, FillTheCellsAndLeaveTheSources) {
    results::Columns columns(8 + type_source_count);
    std::vector<results::MemoryRow> stored = {
        {"t", null, null, null, null, null, "x", null, "int", null, "10", "0", null, "int(11)"},
        {null, null, null, null, null, null, "y", null, "date", null, null, null, null, "date"}};
    const auto rows = with_types(
        std::make_unique<results::MemoryResults>(columns, stored), 8,
        {.data_type = 1, .type_name = 2, .column_size = 3, .buffer_length = 4, .decimal_digits = 5},
        Facts{});
    const auto row = [&] {
        std::string text;
        for (std::size_t i = 0; i < 8; ++i)
            text +=
                (rows->row().values[i] ? std::string(rows->row().values[i], rows->row().lengths[i])
                                       : "-") +
                " ";
        return text;
    };
    ASSERT_TRUE(rows->next_row());
    EXPECT_EQ("t 4 INTEGER 10 4 0 x - ", row());
    ASSERT_TRUE(rows->next_row());
    EXPECT_EQ("- 91 DATE 10 6 - y - ", row());
    EXPECT_FALSE(rows->next_row());
}

}  // namespace
}  // namespace myfabric::catalog::test
