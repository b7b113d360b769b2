// "Converting Data from SQL to C Data Types" through SQLGetData: directly (the server's text) and
// prepared (its binary form) give the same.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

/// What a buffer of C type `type` holds, as text.
std::string shown(SQLSMALLINT type, const void* value, SQLLEN length) {
    char text[200] = {};
    const auto as = [&](auto sample) {
        std::memcpy(&sample, value, sizeof sample);
        return sample;
    };
    switch (type) {
        case SQL_C_CHAR:
            return static_cast<const char*>(value);
        case SQL_C_WCHAR: {
            std::string out;
            const auto* units = static_cast<const SQLWCHAR*>(value);
            while (*units) out += static_cast<char>(*units++);
            return out;
        }
        case SQL_C_BINARY: {
            std::string out;
            for (SQLLEN i = 0; i < length; ++i) {
                std::snprintf(text, sizeof text, "%02X", static_cast<const SQLCHAR*>(value)[i]);
                out += text;
            }
            return out;
        }
        case SQL_C_BIT:
        case SQL_C_UTINYINT:
            return std::to_string(as(SQLCHAR{}));
        case SQL_C_STINYINT:
            return std::to_string(as(SQLSCHAR{}));
        case SQL_C_SSHORT:
            return std::to_string(as(SQLSMALLINT{}));
        case SQL_C_USHORT:
            return std::to_string(as(SQLUSMALLINT{}));
        case SQL_C_SLONG:
            return std::to_string(as(SQLINTEGER{}));
        case SQL_C_ULONG:
            return std::to_string(as(SQLUINTEGER{}));
        case SQL_C_SBIGINT:
            return std::to_string(as(SQLBIGINT{}));
        case SQL_C_UBIGINT:
            return std::to_string(as(SQLUBIGINT{}));
        case SQL_C_FLOAT:
            std::snprintf(text, sizeof text, "%g", static_cast<double>(as(SQLREAL{})));
            return text;
        case SQL_C_DOUBLE:
            std::snprintf(text, sizeof text, "%g", as(SQLDOUBLE{}));
            return text;
        case SQL_C_TYPE_DATE: {
            const auto d = as(SQL_DATE_STRUCT{});
            std::snprintf(text, sizeof text, "%04d-%02u-%02u", d.year, d.month, d.day);
            return text;
        }
        case SQL_C_TYPE_TIME: {
            const auto t = as(SQL_TIME_STRUCT{});
            std::snprintf(text, sizeof text, "%02u:%02u:%02u", t.hour, t.minute, t.second);
            return text;
        }
        case SQL_C_TYPE_TIMESTAMP: {
            const auto t = as(SQL_TIMESTAMP_STRUCT{});
            std::snprintf(text, sizeof text, "%04d-%02u-%02u %02u:%02u:%02u.%09u", t.year, t.month,
                          t.day, t.hour, t.minute, t.second, t.fraction);
            return text;
        }
        case SQL_C_NUMERIC: {
            const auto n = as(SQL_NUMERIC_STRUCT{});
            unsigned long long magnitude = 0;
            std::memcpy(&magnitude, n.val, sizeof magnitude);
            return (n.sign ? "" : "-") + std::to_string(magnitude) + "e-" + std::to_string(n.scale);
        }
        case SQL_C_INTERVAL_DAY_TO_SECOND: {
            const auto i = as(SQL_INTERVAL_STRUCT{});
            const auto& d = i.intval.day_second;
            std::snprintf(text, sizeof text, "%s%u %u:%u:%u",
                          i.interval_sign == SQL_TRUE ? "-" : "", d.day, d.hour, d.minute,
                          d.second);
            return text;
        }
        case SQL_C_GUID: {
            const auto g = as(SQLGUID{});
            std::snprintf(text, sizeof text, "%08X-%04X-%04X-%02X%02X",
                          static_cast<unsigned>(g.Data1), g.Data2, g.Data3, g.Data4[0], g.Data4[1]);
            return text;
        }
        default:
            return "?";
    }
}

struct Sample {
    const char* column;  // the type of a table's column
    const char* value;   // as an SQL literal
    SQLSMALLINT c_type;
    const char* expected;    // "" with an error
    const char* state = "";  // of the error or the warning
    SQLLEN capacity = 200;
};
// clang-format off
const Sample kSamples[] = {
    // exact numbers
    {"INT", "-5", SQL_C_CHAR, "-5"},
    {"INT", "-5", SQL_C_WCHAR, "-5"},
    {"INT", "12345", SQL_C_CHAR, "", "22003", 5},
    {"INT", "1234", SQL_C_CHAR, "1234", "", 5},
    {"INT", "12345", SQL_C_WCHAR, "", "22003", 10},
    {"INT", "127", SQL_C_STINYINT, "127"},
    {"INT", "128", SQL_C_STINYINT, "", "22003"},
    {"INT", "-129", SQL_C_STINYINT, "", "22003"},
    {"INT", "255", SQL_C_UTINYINT, "255"},
    {"INT", "-1", SQL_C_UTINYINT, "", "22003"},
    {"INT", "32767", SQL_C_SSHORT, "32767"},
    {"INT", "32768", SQL_C_SSHORT, "", "22003"},
    {"INT", "65535", SQL_C_USHORT, "65535"},
    {"INT", "65536", SQL_C_USHORT, "", "22003"},
    {"BIGINT", "2147483647", SQL_C_SLONG, "2147483647"},
    {"BIGINT", "2147483648", SQL_C_SLONG, "", "22003"},
    {"BIGINT", "4294967295", SQL_C_ULONG, "4294967295"},
    {"BIGINT", "4294967296", SQL_C_ULONG, "", "22003"},
    {"BIGINT", "-9223372036854775808", SQL_C_SBIGINT, "-9223372036854775808"},
    {"BIGINT", "-1", SQL_C_UBIGINT, "", "22003"},
    {"BIGINT UNSIGNED", "18446744073709551615", SQL_C_UBIGINT, "18446744073709551615"},
    {"BIGINT UNSIGNED", "9223372036854775808", SQL_C_SBIGINT, "", "22003"},
    {"INT", "1", SQL_C_BIT, "1"},
    {"INT", "0", SQL_C_BIT, "0"},
    {"INT", "2", SQL_C_BIT, "", "22003"},
    {"INT", "7", SQL_C_FLOAT, "7"},
    {"INT", "7", SQL_C_DOUBLE, "7"},
    {"INT", "7", SQL_C_NUMERIC, "7e-0"},
    {"INT", "7", SQL_C_TYPE_DATE, "", "07006"},
    {"INT", "7", SQL_C_TYPE_TIME, "", "07006"},
    {"INT", "7", SQL_C_TYPE_TIMESTAMP, "", "07006"},
    {"INT", "7", SQL_C_GUID, "", "07006"},
    {"DECIMAL(10,2)", "-12.75", SQL_C_CHAR, "-12.75"},
    {"DECIMAL(10,2)", "-12.75", SQL_C_CHAR, "-12.", "01004", 5},
    {"DECIMAL(10,2)", "-1234.75", SQL_C_CHAR, "", "22003", 4},
    {"DECIMAL(10,2)", "12.75", SQL_C_SLONG, "12", "01S07"},
    {"DECIMAL(10,2)", "12.00", SQL_C_SLONG, "12"},
    {"DECIMAL(10,2)", "128.00", SQL_C_STINYINT, "", "22003"},
    {"DECIMAL(10,2)", "12.75", SQL_C_DOUBLE, "12.75"},
    {"DECIMAL(10,2)", "1.50", SQL_C_BIT, "1", "01S07"},
    {"DECIMAL(10,2)", "2.50", SQL_C_BIT, "", "22003"},
    // approximate numbers
    {"DOUBLE", "2.5", SQL_C_SLONG, "2", "01S07"},
    {"DOUBLE", "3", SQL_C_SLONG, "3"},
    {"DOUBLE", "3e9", SQL_C_SLONG, "", "22003"},
    {"DOUBLE", "1e300", SQL_C_DOUBLE, "1e+300"},
    {"DOUBLE", "1e300", SQL_C_FLOAT, "", "22003"},
    {"DOUBLE", "-1.5", SQL_C_CHAR, "-1.5"},
    {"DOUBLE", "0.5", SQL_C_BIT, "0", "01S07"},
    {"FLOAT", "0.25", SQL_C_DOUBLE, "0.25"},
    {"FLOAT", "0.25", SQL_C_TYPE_DATE, "", "07006"},
    // text
    {"VARCHAR(50)", "'text'", SQL_C_CHAR, "text"},
    {"VARCHAR(50)", "'text'", SQL_C_CHAR, "tex", "01004", 4},
    {"VARCHAR(50)", "'text'", SQL_C_WCHAR, "tex", "01004", 8},
    {"VARCHAR(50)", "'text'", SQL_C_BINARY, "74657874"},
    {"VARCHAR(50)", "'text'", SQL_C_SLONG, "", "22018"},
    {"VARCHAR(50)", "' 42 '", SQL_C_SLONG, "42"},
    {"VARCHAR(50)", "'42.5'", SQL_C_SLONG, "42", "01S07"},
    {"VARCHAR(50)", "'300'", SQL_C_UTINYINT, "", "22003"},
    {"VARCHAR(50)", "'-1.5e2'", SQL_C_DOUBLE, "-150"},
    {"VARCHAR(50)", "'1e999'", SQL_C_DOUBLE, "", "22003"},
    {"VARCHAR(50)", "'x'", SQL_C_DOUBLE, "", "22018"},
    {"VARCHAR(50)", "'1'", SQL_C_BIT, "1"},
    {"VARCHAR(50)", "'9'", SQL_C_BIT, "", "22003"},
    {"VARCHAR(50)", "'no'", SQL_C_BIT, "", "22018"},
    {"VARCHAR(50)", "'12.50'", SQL_C_NUMERIC, "12e-0", "01S07"},
    {"VARCHAR(50)", "'2020-02-29'", SQL_C_TYPE_DATE, "2020-02-29"},
    {"VARCHAR(50)", "'2021-02-29'", SQL_C_TYPE_DATE, "", "22018"},
    {"VARCHAR(50)", "'2020-02-29 00:00:00'", SQL_C_TYPE_DATE, "2020-02-29"},
    {"VARCHAR(50)", "'2020-02-29 01:02:03'", SQL_C_TYPE_DATE, "2020-02-29", "01S07"},
    {"VARCHAR(50)", "'01:02:03'", SQL_C_TYPE_TIME, "01:02:03"},
    {"VARCHAR(50)", "'01:02:03.5'", SQL_C_TYPE_TIME, "01:02:03", "01S07"},
    {"VARCHAR(50)", "'noon'", SQL_C_TYPE_TIME, "", "22018"},
    {"VARCHAR(50)", "'2020-02-29 01:02:03.5'", SQL_C_TYPE_TIMESTAMP, "2020-02-29 01:02:03.500000000"},
    {"VARCHAR(50)", "'2020-02-29'", SQL_C_TYPE_TIMESTAMP, "2020-02-29 00:00:00.000000000"},
    {"VARCHAR(50)", "'c0a8012e-7b1f-4d3a-9a53-1f0e2d3c4b5a'", SQL_C_GUID, "C0A8012E-7B1F-4D3A-9A53"},
    {"VARCHAR(50)", "'no guid'", SQL_C_GUID, "", "22018"},
    {"VARCHAR(50)", "'1 02:03:04'", SQL_C_INTERVAL_DAY_TO_SECOND, "1 2:3:4"},
    {"VARCHAR(50)", "'soon'", SQL_C_INTERVAL_DAY_TO_SECOND, "", "22018"},
    {"ENUM('a','b')", "'b'", SQL_C_CHAR, "b"},
    {"SET('a','b')", "'a,b'", SQL_C_WCHAR, "a,b"},
    {"LONGTEXT", "REPEAT('x', 10)", SQL_C_CHAR, "xxxx", "01004", 5},
    // bytes
    {"VARBINARY(9)", "x'00FF80'", SQL_C_BINARY, "00FF80"},
    {"VARBINARY(9)", "x'00FF80'", SQL_C_BINARY, "00FF", "01004", 2},
    {"VARBINARY(9)", "x'00FF80'", SQL_C_CHAR, "00FF80"},
    {"VARBINARY(9)", "x'00FF80'", SQL_C_CHAR, "00FF", "01004", 6},
    {"VARBINARY(9)", "x'00FF80'", SQL_C_WCHAR, "00FF80"},
    {"VARBINARY(9)", "x'31'", SQL_C_SLONG, "", "07006"},
    {"VARBINARY(9)", "x'31'", SQL_C_TYPE_DATE, "", "07006"},
    {"BIT(1)", "1", SQL_C_BIT, "1"},
    {"BIT(1)", "1", SQL_C_SLONG, "1"},
    {"BIT(1)", "0", SQL_C_CHAR, "0"},
    {"BIT(12)", "b'101010111100'", SQL_C_BINARY, "0ABC"},
    // dates and times
    {"DATE", "'2020-02-29'", SQL_C_TYPE_DATE, "2020-02-29"},
    {"DATE", "'2020-02-29'", SQL_C_TYPE_TIMESTAMP, "2020-02-29 00:00:00.000000000"},
    {"DATE", "'2020-02-29'", SQL_C_CHAR, "2020-02-29"},
    {"DATE", "'2020-02-29'", SQL_C_CHAR, "", "22003", 10},
    {"DATE", "'2020-02-29'", SQL_C_TYPE_TIME, "", "07006"},
    {"DATE", "'2020-02-29'", SQL_C_SLONG, "", "07006"},
    {"TIME(3)", "'01:02:03.5'", SQL_C_TYPE_TIME, "01:02:03", "01S07"},
    {"TIME", "'01:02:03'", SQL_C_TYPE_TIME, "01:02:03"},
    {"TIME", "'01:02:03'", SQL_C_CHAR, "01:02:03"},
    {"TIME", "'-838:59:59'", SQL_C_CHAR, "-838:59:59"},
    {"TIME", "'01:02:03'", SQL_C_TYPE_DATE, "", "07006"},
    {"DATETIME(6)", "'2020-02-29 01:02:03.000004'", SQL_C_TYPE_TIMESTAMP, "2020-02-29 01:02:03.000004000"},
    {"DATETIME(6)", "'2020-02-29 01:02:03.000004'", SQL_C_CHAR, "2020-02-29 01:02:03.000004"},
    {"DATETIME(6)", "'2020-02-29 01:02:03.000004'", SQL_C_CHAR, "2020-02-29 01:02:03.", "01004", 21},
    {"DATETIME(6)", "'2020-02-29 01:02:03.000004'", SQL_C_CHAR, "", "22003", 19},
    {"DATETIME", "'2020-02-29 01:02:03'", SQL_C_TYPE_DATE, "2020-02-29", "01S07"},
    {"DATETIME", "'2020-02-29 00:00:00'", SQL_C_TYPE_DATE, "2020-02-29"},
    {"DATETIME(1)", "'2020-02-29 01:02:03.5'", SQL_C_TYPE_TIME, "01:02:03", "01S07"},
    {"DATETIME", "'2020-02-29 01:02:03'", SQL_C_DOUBLE, "", "07006"},
};
// clang-format on

TEST(Conversion, ValuesArriveAlikeByBothProtocols) {
    Link link;
    link.open(server_string());
    std::string column;
    for (const Sample& sample : kSamples) {
        SCOPED_TRACE(std::string(sample.column) + " " + sample.value + " to C type " +
                     std::to_string(sample.c_type) + ", capacity " +
                     std::to_string(sample.capacity));
        if (column != sample.column) {
            column = sample.column;
            link.run("DROP TABLE IF EXISTS converted");
            link.run("CREATE TABLE converted (v " + column + ") CHARACTER SET utf8mb4");
        }
        link.run("DELETE FROM converted");
        link.run(std::string("INSERT INTO converted VALUES (") + sample.value + ")");
        for (const bool direct : {true, false}) {
            SCOPED_TRACE(direct ? "direct" : "prepared");
            Query query(link);
            const std::string sql = "SELECT v FROM converted";
            if (direct) {
                ASSERT_OK(query, query.run(sql));
            } else {
                ASSERT_OK(query, query.prepare(sql));
                ASSERT_OK(query, query.execute());
            }
            ASSERT_OK(query, query.fetch());
            alignas(16) char value[256] = {};
            SQLLEN length = 0;
            const SQLRETURN result =
                SQLGetData(query, 1, sample.c_type, value, sample.capacity, &length);
            const std::string state = query.state();
            EXPECT_EQ(sample.state, state) << query.text();
            if (*sample.expected || SQL_SUCCEEDED(result)) {
                EXPECT_TRUE(SQL_SUCCEEDED(result));
                const SQLLEN bytes = length > sample.capacity ? sample.capacity : length;
                EXPECT_EQ(sample.expected, shown(sample.c_type, value, bytes));
            }
        }
    }
}

TEST(Conversion, NullNeedsAnIndicator) {
    Link link;
    link.open(server_string());
    Query query(link);
    ASSERT_OK(query, query.run("SELECT NULL"));
    ASSERT_OK(query, query.fetch());
    SQLINTEGER value = 0;
    SQLLEN indicator = 0;
    EXPECT_STATE(query, "22002", SQLGetData(query, 1, SQL_C_SLONG, &value, 0, nullptr));
    EXPECT_EQ(SQL_SUCCESS, SQLGetData(query, 1, SQL_C_SLONG, &value, 0, &indicator));
    EXPECT_EQ(SQL_NULL_DATA, indicator);
}

// The text protocol shows six digits of a FLOAT. Prepared statements, and with EDServer=1 direct
// ones, give the number.
TEST(Conversion, FloatsAreExactWherePreparedAndWithEDServer) {
    const struct {
        const char* literal;
        double exact;
    } samples[] = {{"16777216", 16777216.0},
                   {"1234567.75", 1234567.75},
                   {"-0.333333333333", static_cast<double>(-0.333333333333f)},
                   {"3.4028234e38", 3.4028234663852886e38}};
    for (const bool direct : {false, true}) {
        Link link;
        link.open(server_string() + (direct ? ";EDServer=1" : ""));
        link.run("DROP TABLE IF EXISTS floats");
        link.run("CREATE TABLE floats (f FLOAT, b FLOAT, t TEXT) ENGINE=InnoDB");
        for (const auto& [literal, exact] : samples) {
            link.run("DELETE FROM floats");
            link.run(std::string("INSERT INTO floats VALUES (") + literal + ", NULL, 'x')");
            for (int time = 0; time < 3; ++time) {
                Query query(link);
                SQLDOUBLE number = 0;
                SQLLEN length = 0;
                ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_DOUBLE, &number, 0, &length));
                const char* sql = "SELECT f, b, t FROM floats";
                if (direct) {
                    ASSERT_OK(query, query.run(sql));
                } else {
                    ASSERT_OK(query, query.prepare(sql));
                    ASSERT_OK(query, query.execute());
                }
                ASSERT_OK(query, query.fetch());
                EXPECT_EQ(exact, number) << literal;
                EXPECT_EQ(std::nullopt, query.get(2));
                EXPECT_EQ("x", query.get(3));
                EXPECT_EQ(SQL_NO_DATA, query.fetch());
            }
        }
        link.run("DROP TABLE floats");
    }
}

// What is no query, what the server does not prepare and several statements run as ever.
TEST(Conversion, WithEDServerOtherStatementsRunAsWithout) {
    Link link;
    link.open(server_string() + ";EDServer=1;Multi_Statements=1");
    link.run("DROP TABLE IF EXISTS floats");
    link.run("CREATE TABLE floats (f FLOAT)");
    link.run("INSERT INTO floats VALUES (1), (2)");
    EXPECT_EQ(link.rows("SHOW TABLES LIKE 'floats'"), std::vector<std::string>{"floats"});
    EXPECT_EQ(link.rows("SELECT f FROM floats; SELECT 3").size(), 2u);
    Query query(link);
    EXPECT_STATE(query, "42S02", query.run("SELECT * FROM no_such_table"));
    EXPECT_STATE(query, "HY010", query.execute());
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE,
                                    reinterpret_cast<SQLPOINTER>(SQL_CURSOR_DYNAMIC), 0));
    ASSERT_OK(query, query.run("SELECT f FROM floats"));
    EXPECT_EQ(query.rows().size(), 2u);
    link.run("DROP TABLE floats");
}

// "Converting Data from C to SQL: Binary": what reading an unsigned column gives is what writing it
// takes.
TEST(Conversion, BytesOfIntegersHaveTheSignOfTheirColumn) {
    Link link;
    link.open(server_string());
    const struct {
        const char* type;
        SQLSMALLINT sql_type;
        SQLLEN size;
        const char* when_unsigned;
        const char* when_signed;
    } samples[] = {{"BIGINT", SQL_BIGINT, 8, "18446744073709551615", "-1"},
                   {"INT", SQL_INTEGER, 4, "4294967295", "-1"},
                   {"SMALLINT", SQL_SMALLINT, 2, "65535", "-1"},
                   {"TINYINT", SQL_TINYINT, 1, "255", "-1"}};
    for (const auto& sample : samples)
        for (const bool is_unsigned : {false, true}) {
            const char* const expected = is_unsigned ? sample.when_unsigned : sample.when_signed;
            link.run("DROP TABLE IF EXISTS whole");
            link.run(std::string("CREATE TABLE whole (id INT, n ") + sample.type +
                     (is_unsigned ? " UNSIGNED)" : ")"));
            Query query(link);
            char all[8];
            std::memset(all, 0xFF, sizeof all);
            SQLLEN length = sample.size;
            ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_BINARY,
                                              sample.sql_type, 0, 0, all, 0, &length));
            for (const char* sql : {"INSERT INTO whole (n) VALUES (?)", "UPDATE whole SET n = ?"}) {
                ASSERT_OK(query, query.run(sql));
                EXPECT_EQ(expected, link.value("SELECT n FROM whole")) << sample.type;
            }
            ASSERT_OK(query, query.run("SELECT n FROM whole WHERE n = ?"));
            ASSERT_OK(query, query.fetch());
            char bytes[8] = {};
            ASSERT_OK(query, SQLGetData(query, 1, SQL_C_BINARY, bytes, sizeof bytes, &length));
            EXPECT_EQ(sample.size, length);
            EXPECT_EQ(0, std::memcmp(all, bytes, static_cast<std::size_t>(length)));
        }
    link.run("DROP TABLE whole");
}

}  // namespace
}  // namespace myfabric::test
