#include "info/type_info.h"

#include <gtest/gtest.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/error.h"
#include "conversion/types.h"

namespace myfabric::info {
namespace {

enum Column { name, data_type, column_size, sql_data_type = 15, datetime_sub = 16 };

std::vector<std::string> names(SQLSMALLINT type) {
    std::vector<std::string> out;
    for (const auto& row : type_info_rows(type, false)) out.push_back(*row[name]);
    return out;
}

TEST(TypeInfo, HasTheColumnsOfTheReference) {
    const auto& columns = type_info_columns(false);
    ASSERT_EQ(columns.size(), 19u);
    EXPECT_EQ(columns[2].name, "COLUMN_SIZE");
    EXPECT_EQ(columns[2].kind, results::Kind::integer);
    EXPECT_EQ(columns[18].name, "INTERVAL_PRECISION");
    EXPECT_EQ(type_info_columns(true)[2].name, "PRECISION");
    EXPECT_EQ(type_info_columns(true)[10].name, "MONEY");
    EXPECT_EQ(type_info_columns(true)[11].name, "AUTO_INCREMENT");
}

TEST(TypeInfo, EveryRowFillsTheColumnsThatMayNotBeNull) {
    const auto& columns = type_info_columns(false);
    for (const auto& row : type_info_rows(SQL_ALL_TYPES, false)) {
        ASSERT_EQ(row.size(), columns.size());
        for (std::size_t i = 0; i < row.size(); ++i)
            EXPECT_TRUE(row[i] || columns[i].nullable) << *row[name] << " " << columns[i].name;
    }
}

TEST(TypeInfo, IsOrderedByDataTypeAndNamesNoTypeTwice) {
    std::set<std::pair<int, std::string>> seen;
    int last = -1000;
    for (const auto& row : type_info_rows(SQL_ALL_TYPES, false)) {
        const int type = std::stoi(*row[data_type]);
        EXPECT_GE(type, last);
        last = type;
        EXPECT_TRUE(seen.emplace(type, *row[name]).second) << type << " " << *row[name];
    }
}

TEST(TypeInfo, EveryTypeIsAnSqlTypeAndCanBeAskedForAlone) {
    std::size_t rows = 0;
    std::set<int> types;
    for (const auto& row : type_info_rows(SQL_ALL_TYPES, false))
        types.insert(std::stoi(*row[data_type]));
    for (const int type : types) {
        EXPECT_TRUE(conversion::is_sql_type(static_cast<SQLSMALLINT>(type))) << type;
        rows += type_info_rows(static_cast<SQLSMALLINT>(type), false).size();
    }
    EXPECT_EQ(rows, type_info_rows(SQL_ALL_TYPES, false).size());
}

TEST(TypeInfo, AgreesWithHowResultColumnsAreDescribed) {
    for (const auto& type : conversion::server_types()) {
        if (type.kind == results::Kind::null || type.kind >= results::Kind::uuid) continue;
        const auto found = names(type.sql_type);
        EXPECT_NE(std::ranges::find(found, type.name), found.end()) << type.name;
    }
}

TEST(TypeInfo, PutsTheClosestTypeFirst) {
    struct {
        SQLSMALLINT type;
        const char* name;
        const char* size;
    } const samples[] = {
        {SQL_VARCHAR, "VARCHAR", "16383"},
        {SQL_WVARCHAR, "VARCHAR", "16383"},
        {SQL_VARBINARY, "VARBINARY", "65535"},
        {SQL_WLONGVARCHAR, "LONGTEXT", "16777215"},
        {SQL_LONGVARCHAR, "LONGTEXT", "16777215"},
        {SQL_LONGVARBINARY, "LONGBLOB", "16777215"},
        {SQL_CHAR, "CHAR", "255"},
        {SQL_BIT, "BIT", "1"},
        {SQL_INTEGER, "INTEGER", "10"},
        {SQL_SMALLINT, "SMALLINT", "5"},
        {SQL_FLOAT, "DOUBLE", "15"},
        {SQL_NUMERIC, "NUMERIC", "65"},
        {SQL_DECIMAL, "DECIMAL", "65"},
        {SQL_TYPE_TIMESTAMP, "DATETIME", "26"},
        {SQL_BINARY, "BINARY", "255"},
    };
    for (const auto& sample : samples) {
        const auto rows = type_info_rows(sample.type, false);
        ASSERT_FALSE(rows.empty()) << sample.type;
        EXPECT_EQ(rows[0][name], sample.name);
        EXPECT_EQ(rows[0][column_size], sample.size) << sample.name;
    }
}

TEST(TypeInfo, GivesOdbc2ApplicationsTheirDateCodes) {
    const SQLSMALLINT pairs[][2] = {
        {SQL_DATE, SQL_TYPE_DATE}, {SQL_TIME, SQL_TYPE_TIME}, {SQL_TIMESTAMP, SQL_TYPE_TIMESTAMP}};
    for (const auto& [odbc_2, odbc_3] : pairs) {
        for (const SQLSMALLINT asked : {odbc_2, odbc_3}) {
            EXPECT_EQ(type_info_rows(asked, true)[0][data_type], std::to_string(odbc_2));
            EXPECT_EQ(type_info_rows(asked, false)[0][data_type], std::to_string(odbc_3));
        }
        const auto row = type_info_rows(odbc_3, false)[0];
        EXPECT_EQ(row[sql_data_type], std::to_string(SQL_DATETIME));
        EXPECT_EQ(row[datetime_sub], std::to_string(odbc_3 - 90));
    }
}

TEST(TypeInfo, IsEmptyForOdbcTypesThatServersLackAndRefusesOtherCodes) {
    EXPECT_TRUE(type_info_rows(SQL_GUID, false).empty());
    EXPECT_TRUE(type_info_rows(SQL_INTERVAL_DAY, false).empty());
    for (const int code : {999, -999, 13, 94}) {
        try {
            type_info_rows(static_cast<SQLSMALLINT>(code), false);
            ADD_FAILURE() << code;
        } catch (const Error& error) {
            EXPECT_TRUE(error.is(state::invalid_sql_type)) << error.state();
        }
    }
}

}  // namespace
}  // namespace myfabric::info
