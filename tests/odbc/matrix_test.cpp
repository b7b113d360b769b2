// Appendix D's two tables: which C type goes with which SQL type. '+' may be converted (whether the
// value at hand can is another question), '-' is 07006.
#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

struct Named {
    SQLSMALLINT type;
    const char* name;
};

// clang-format off
constexpr Named c_types[] = {
    {SQL_C_CHAR, "CHAR"}, {SQL_C_WCHAR, "WCHAR"}, {SQL_C_BIT, "BIT"}, {SQL_C_STINYINT, "STINYINT"},
    {SQL_C_UTINYINT, "UTINYINT"}, {SQL_C_TINYINT, "TINYINT"}, {SQL_C_SSHORT, "SSHORT"},
    {SQL_C_USHORT, "USHORT"}, {SQL_C_SHORT, "SHORT"}, {SQL_C_SLONG, "SLONG"}, {SQL_C_ULONG, "ULONG"},
    {SQL_C_LONG, "LONG"}, {SQL_C_SBIGINT, "SBIGINT"}, {SQL_C_UBIGINT, "UBIGINT"},
    {SQL_C_FLOAT, "FLOAT"}, {SQL_C_DOUBLE, "DOUBLE"}, {SQL_C_NUMERIC, "NUMERIC"},
    {SQL_C_BINARY, "BINARY"}, {SQL_C_TYPE_DATE, "DATE"}, {SQL_C_TYPE_TIME, "TIME"},
    {SQL_C_TYPE_TIMESTAMP, "TIMESTAMP"}, {SQL_C_GUID, "GUID"},
    {SQL_C_INTERVAL_YEAR, "YEAR"}, {SQL_C_INTERVAL_MONTH, "MONTH"}, {SQL_C_INTERVAL_DAY, "DAY"},
    {SQL_C_INTERVAL_HOUR, "HOUR"}, {SQL_C_INTERVAL_MINUTE, "MINUTE"},
    {SQL_C_INTERVAL_SECOND, "SECOND"}, {SQL_C_INTERVAL_YEAR_TO_MONTH, "YEAR TO MONTH"},
    {SQL_C_INTERVAL_DAY_TO_HOUR, "DAY TO HOUR"}, {SQL_C_INTERVAL_DAY_TO_MINUTE, "DAY TO MINUTE"},
    {SQL_C_INTERVAL_DAY_TO_SECOND, "DAY TO SECOND"},
    {SQL_C_INTERVAL_HOUR_TO_MINUTE, "HOUR TO MINUTE"},
    {SQL_C_INTERVAL_HOUR_TO_SECOND, "HOUR TO SECOND"},
    {SQL_C_INTERVAL_MINUTE_TO_SECOND, "MINUTE TO SECOND"},
};

struct ToC {
    const char* expression;
    //                  integers     real, numeric   moments   intervals
    //        CHAR WCHAR BIT            BINARY          GUID
    const char* cells;
};

constexpr ToC to_c[] = {
    {"CAST(1 AS SIGNED)",                   "+++" "+++++++++++" "+++" "+" "---" "-" "+++++++++++++"},
    {"CAST(1 AS UNSIGNED)",                 "+++" "+++++++++++" "+++" "+" "---" "-" "+++++++++++++"},
    {"CAST(1 AS DECIMAL(5,2))",             "+++" "+++++++++++" "+++" "+" "---" "-" "+++++++++++++"},
    {"1e0",                                 "+++" "+++++++++++" "+++" "+" "---" "-" "-------------"},
    {"CAST('1' AS CHAR CHARACTER SET utf8)","+++" "+++++++++++" "+++" "+" "+++" "+" "+++++++++++++"},
    {"CAST('1' AS BINARY(1))",              "++-" "-----------" "---" "+" "---" "+" "-------------"},
    {"DATE'2015-06-30'",                    "++-" "-----------" "---" "+" "+-+" "-" "-------------"},
    // A TIME of the servers is a span of time as well.
    {"TIME'12:30:45'",                      "++-" "-----------" "---" "+" "-++" "-" "--++++-++++++"},
    {"TIMESTAMP'2015-06-30 12:30:45'",      "++-" "-----------" "---" "+" "+++" "-" "-------------"},
};

struct ToSql {
    SQLSMALLINT type;
    const char* name;
    const char* cells;
};

constexpr ToSql to_sql[] = {
    {SQL_VARCHAR, "VARCHAR",                "+++" "+++++++++++" "+++" "+" "+++" "+" "+++++++++++++"},
    {SQL_WLONGVARCHAR, "WLONGVARCHAR",      "+++" "+++++++++++" "+++" "+" "+++" "+" "+++++++++++++"},
    {SQL_BIT, "BIT",                        "+++" "+++++++++++" "+++" "+" "---" "-" "-------------"},
    {SQL_TINYINT, "TINYINT",                "+++" "+++++++++++" "+++" "+" "---" "-" "++++++-------"},
    {SQL_BIGINT, "BIGINT",                  "+++" "+++++++++++" "+++" "+" "---" "-" "++++++-------"},
    {SQL_DECIMAL, "DECIMAL",                "+++" "+++++++++++" "+++" "+" "---" "-" "++++++-------"},
    {SQL_DOUBLE, "DOUBLE",                  "+++" "+++++++++++" "+++" "+" "---" "-" "-------------"},
    {SQL_VARBINARY, "VARBINARY",            "++-" "-----------" "---" "+" "---" "+" "-------------"},
    {SQL_TYPE_DATE, "DATE",                 "++-" "-----------" "---" "+" "+-+" "-" "-------------"},
    {SQL_TYPE_TIME, "TIME",                 "++-" "-----------" "---" "+" "-++" "-" "--++++-++++++"},
    {SQL_TYPE_TIMESTAMP, "TIMESTAMP",       "++-" "-----------" "---" "+" "+++" "-" "-------------"},
    {SQL_GUID, "GUID",                      "++-" "-----------" "---" "+" "---" "+" "-------------"},
};
// clang-format on

class Matrix : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }
    Link link;
};

TEST_F(Matrix, OfSqlToC) {
    for (const bool prepared : {false, true})
        for (const ToC& row : to_c) {
            std::string found;
            ASSERT_EQ(std::size(c_types), std::strlen(row.cells)) << row.expression;
            for (const Named& type : c_types) {
                Query query(link);
                const std::string sql = std::string("SELECT ") + row.expression;
                if (prepared) {
                    ASSERT_OK(query, query.prepare(sql));
                    ASSERT_OK(query, query.execute());
                } else {
                    ASSERT_OK(query, query.run(sql));
                }
                ASSERT_OK(query, query.fetch());
                std::array<char, 256> value{};
                SQLLEN length = 0;
                const SQLRETURN result =
                    SQLGetData(query, 1, type.type, value.data(), value.size(), &length);
                found += result == SQL_ERROR && query.state() == "07006" ? '-' : '+';
                if (result == SQL_ERROR && query.state() != "07006") {
                    EXPECT_EQ("22", query.state().substr(0, 2))
                        << row.expression << " to " << type.name << ": " << query.text();
                }
            }
            EXPECT_EQ(row.cells, found) << row.expression << (prepared ? " prepared" : "");
        }
}

TEST_F(Matrix, OfCToSql) {
    for (const ToSql& row : to_sql) {
        std::string found;
        ASSERT_EQ(std::size(c_types), std::strlen(row.cells)) << row.name;
        for (const Named& type : c_types) {
            Query query(link);
            std::array<char, 256> value{};
            SQLLEN length = type.type == SQL_C_CHAR || type.type == SQL_C_WCHAR ? SQL_NTS : 1;
            SQLRETURN result = SQLBindParameter(query, 1, SQL_PARAM_INPUT, type.type, row.type, 20,
                                                0, value.data(), value.size(), &length);
            if (SQL_SUCCEEDED(result)) result = query.run("SELECT ?");
            found += result == SQL_ERROR && query.state() == "07006" ? '-' : '+';
            if (result == SQL_ERROR && query.state() != "07006") {
                EXPECT_EQ("22", query.state().substr(0, 2))
                    << type.name << " to " << row.name << ": " << query.text();
            }
        }
        EXPECT_EQ(row.cells, found) << row.name;
    }
}

}  // namespace
}  // namespace myfabric::test
