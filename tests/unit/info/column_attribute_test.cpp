#include "info/column_attribute.h"

#include <gtest/gtest.h>

namespace myfabric::info {
namespace {

using Attribute = std::variant<std::string, SQLLEN>;

results::Column price() {
    results::Column column;
    column.name = "cost";
    column.base_name = "price";
    column.table = "i";
    column.base_table = "items";
    column.database = "shop";
    column.kind = results::Kind::decimal;
    column.length = 12;  // DECIMAL(10,2): sign and point
    column.decimals = 2;
    column.nullable = false;
    return column;
}

std::optional<Attribute> read(int field, const results::Column& column) {
    const auto found =
        column_attribute(static_cast<SQLUSMALLINT>(field), column, conversion::describe(column));
    if (!found) return std::nullopt;
    if (const auto* number = std::get_if<SQLLEN>(&*found)) return *number;
    if (const auto* view = std::get_if<std::string_view>(&*found)) return std::string(*view);
    return std::get<std::string>(*found);
}

TEST(ColumnAttribute, DescribesANumberForOdbc3AndOdbc2) {
    const struct {
        int field;
        Attribute expected;
    } samples[] = {
        {SQL_DESC_NAME, "cost"},
        {SQL_COLUMN_NAME, "cost"},
        {SQL_DESC_LABEL, "cost"},
        {SQL_DESC_BASE_COLUMN_NAME, "price"},
        {SQL_DESC_TABLE_NAME, "i"},
        {SQL_DESC_BASE_TABLE_NAME, "items"},
        {SQL_DESC_CATALOG_NAME, "shop"},
        {SQL_DESC_SCHEMA_NAME, ""},
        {SQL_DESC_TYPE_NAME, "DECIMAL"},
        {SQL_DESC_LOCAL_TYPE_NAME, "DECIMAL"},
        {SQL_DESC_LITERAL_PREFIX, ""},
        {SQL_DESC_CONCISE_TYPE, SQLLEN{SQL_DECIMAL}},
        {SQL_DESC_TYPE, SQLLEN{SQL_DECIMAL}},
        {SQL_DESC_LENGTH, SQLLEN{10}},
        {SQL_DESC_PRECISION, SQLLEN{10}},
        {SQL_DESC_SCALE, SQLLEN{2}},
        {SQL_DESC_OCTET_LENGTH, SQLLEN{12}},
        {SQL_DESC_DISPLAY_SIZE, SQLLEN{12}},
        {SQL_DESC_NULLABLE, SQLLEN{SQL_NO_NULLS}},
        {SQL_DESC_UNNAMED, SQLLEN{SQL_NAMED}},
        {SQL_DESC_UNSIGNED, SQLLEN{SQL_FALSE}},
        {SQL_DESC_NUM_PREC_RADIX, SQLLEN{10}},
        {SQL_DESC_UPDATABLE, SQLLEN{SQL_ATTR_READWRITE_UNKNOWN}},
        {SQL_COLUMN_LENGTH, SQLLEN{12}},
        {SQL_COLUMN_PRECISION, SQLLEN{10}},
        {SQL_COLUMN_SCALE, SQLLEN{2}},
        {SQL_COLUMN_NULLABLE, SQLLEN{SQL_NO_NULLS}},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(read(sample.field, price()), sample.expected) << sample.field;
}

TEST(ColumnAttribute, SplitsDateTypesIntoVerboseTypeAndCode) {
    results::Column column;
    column.kind = results::Kind::datetime;
    column.decimals = 3;
    EXPECT_EQ(read(SQL_DESC_CONCISE_TYPE, column), Attribute(SQLLEN{SQL_TYPE_TIMESTAMP}));
    EXPECT_EQ(read(SQL_DESC_TYPE, column), Attribute(SQLLEN{SQL_DATETIME}));
    EXPECT_EQ(read(SQL_DESC_DATETIME_INTERVAL_CODE, column), Attribute(SQLLEN{SQL_CODE_TIMESTAMP}));
    EXPECT_EQ(read(SQL_DESC_PRECISION, column), Attribute(SQLLEN{3}));
    EXPECT_EQ(read(SQL_COLUMN_PRECISION, column), Attribute(SQLLEN{23}));
    EXPECT_EQ(read(SQL_DESC_UNNAMED, column), Attribute(SQLLEN{SQL_UNNAMED}));
}

TEST(ColumnAttribute, KnowsEveryFieldOfAColumnAndNoOther) {
    for (int field = SQL_COLUMN_NAME; field <= SQL_COLUMN_LABEL; ++field)
        EXPECT_TRUE(read(field, price())) << field;
    for (const int field : {SQL_DESC_COUNT, SQL_COLUMN_COUNT, SQL_DESC_DATA_PTR, 1999, 65535})
        EXPECT_FALSE(read(field, price())) << field;
}

}  // namespace
}  // namespace myfabric::info
