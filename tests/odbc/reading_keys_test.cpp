// Connection keys that have values read and written as the vendors' drivers and some programs do.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

/// Text and binary rows: SQLExecDirect and SQLPrepare.
enum class Way { direct, prepared };

SQLRETURN start(Query& query, Way way, const std::string& sql) {
    if (way == Way::direct) return query.run(sql);
    const SQLRETURN result = query.prepare(sql);
    return SQL_SUCCEEDED(result) ? query.execute() : result;
}

class Keys : public testing::TestWithParam<Way> {
protected:
    Keys() { link.open(server_string()); }

    template <class T>
    SQLRETURN read(Query& query, const std::string& sql, SQLSMALLINT c_type, T& value) {
        SQLLEN length = 0;
        if (!SQL_SUCCEEDED(start(query, GetParam(), sql))) return SQL_ERROR;
        SQLRETURN result = SQLFetch(query);
        if (SQL_SUCCEEDED(result))
            result = SQLGetData(query, 1, c_type, &value, sizeof value, &length);
        return result;
    }
    /// By a bound column, which takes another way than SQLGetData().
    template <class T>
    SQLRETURN read_bound(Query& query, const std::string& sql, SQLSMALLINT c_type, T& value) {
        SQLLEN length = 0;
        SQLBindCol(query, 1, c_type, &value, sizeof value, &length);
        if (!SQL_SUCCEEDED(start(query, GetParam(), sql))) return SQL_ERROR;
        return SQLFetch(query);
    }
    void make_numbers() {
        link.run("DROP TABLE IF EXISTS signs");
        link.run(
            "CREATE TABLE signs (ut TINYINT UNSIGNED, us SMALLINT UNSIGNED, um MEDIUMINT "
            "UNSIGNED, ui INT UNSIGNED, ub BIGINT UNSIGNED, t TINYINT, s SMALLINT, i INT, b "
            "BIGINT)");
        link.run(
            "INSERT INTO signs VALUES (200, 60000, 16000000, 4000000000, "
            "18446744073709551615, -5, -5, -5, -5)");
    }
    Link link;
};

// "SQL_C_TINYINT, SHORT, LONG": the neutral types take the column's sign.
TEST_P(Keys, NeutralIntegersTakeTheColumnsSign) {
    make_numbers();
    Query query(link);
    SQLCHAR tiny = 0;
    SQLUSMALLINT small = 0;
    SQLUINTEGER integer = 0;
    ASSERT_OK(query, read(query, "SELECT ut FROM signs", SQL_C_TINYINT, tiny));
    EXPECT_EQ(200, tiny);
    query.close();
    ASSERT_OK(query, read_bound(query, "SELECT us FROM signs", SQL_C_SHORT, small));
    EXPECT_EQ(60000, small);
    query.close();
    ASSERT_OK(query, read_bound(query, "SELECT ui FROM signs", SQL_C_LONG, integer));
    EXPECT_EQ(4000000000u, integer);
    query.close();
    SQLFreeStmt(query, SQL_UNBIND);
    // The others are checked.
    SQLSCHAR checked = 0;
    EXPECT_STATE(query, "22003", read(query, "SELECT ut FROM signs", SQL_C_STINYINT, checked));
    EXPECT_NE(std::string::npos, query.text().find("UnsignedAs=wider")) << query.text();
    query.close();
    SQLUINTEGER positive = 0;
    EXPECT_STATE(query, "22003", read(query, "SELECT i FROM signs", SQL_C_ULONG, positive));
    EXPECT_NE(std::string::npos, query.text().find("WrapIntegers=1")) << query.text();
}

TEST_P(Keys, UnsignedAsWiderTellsTypesThatHoldTheValues) {
    make_numbers();
    Link wide;
    wide.open(server_string("UnsignedAs=wider;"));
    struct {
        const char* column;
        SQLSMALLINT type;
        SQLULEN size;
        const char* value;
    } const samples[] = {
        {"ut", SQL_SMALLINT, 5, "200"},
        {"us", SQL_INTEGER, 10, "60000"},
        {"um", SQL_INTEGER, 10, "16000000"},
        {"ui", SQL_BIGINT, 19, "4000000000"},
        {"ub", SQL_DECIMAL, 20, "18446744073709551615"},
        {"i", SQL_INTEGER, 10, "-5"},
    };
    std::vector<std::string> catalog;
    {
        Query query(wide);
        std::string table = "signs";
        ASSERT_OK(query, SQLColumns(query, nullptr, 0, nullptr, 0,
                                    reinterpret_cast<SQLCHAR*>(table.data()), SQL_NTS, nullptr, 0));
        while (SQL_SUCCEEDED(query.fetch()))
            catalog.push_back(*query.get(4) + "|" + *query.get(5) + "|" + *query.get(7));
    }
    for (const auto& sample : samples) {
        Query query(wide);
        ASSERT_OK(query,
                  start(query, GetParam(), "SELECT " + std::string(sample.column) + " FROM signs"));
        SQLSMALLINT type = 0;
        SQLULEN size = 0;
        SQLLEN is_unsigned = -1;
        ASSERT_OK(query,
                  SQLDescribeCol(query, 1, nullptr, 0, nullptr, &type, &size, nullptr, nullptr));
        ASSERT_OK(query,
                  SQLColAttribute(query, 1, SQL_DESC_UNSIGNED, nullptr, 0, nullptr, &is_unsigned));
        EXPECT_EQ(sample.type, type) << sample.column;
        EXPECT_EQ(sample.size, size) << sample.column;
        EXPECT_EQ(SQL_FALSE, is_unsigned) << sample.column;
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ(sample.value, query.get(1)) << sample.column;
        const std::string row = std::string(sample.column) + "|" + std::to_string(sample.type) +
                                "|" + std::to_string(sample.size);
        EXPECT_NE(catalog.end(), std::find(catalog.begin(), catalog.end(), row)) << row;
    }
    Query query(wide);
    SQLBIGINT number = 0;
    ASSERT_OK(query, read_bound(query, "SELECT ui FROM signs", SQL_C_SBIGINT, number));
    EXPECT_EQ(4000000000, number);
}

TEST_P(Keys, WrapIntegersKeepsBitsOfTheOtherSign) {
    make_numbers();
    Link wrapping;
    wrapping.open(server_string("WrapIntegers=1;"));
    Query query(wrapping);
    SQLUINTEGER number = 0;
    for (const char* column : {"t", "s", "i", "b"}) {
        ASSERT_OK(query, read(query, std::string("SELECT ") + column + " FROM signs", SQL_C_ULONG,
                              number));
        EXPECT_EQ(static_cast<SQLUINTEGER>(-5), number) << column;
        query.close();
    }
    SQLSCHAR tiny = 0;
    ASSERT_OK(query, read_bound(query, "SELECT ut FROM signs", SQL_C_STINYINT, tiny));
    EXPECT_EQ(-56, tiny);
    query.close();
    SQLFreeStmt(query, SQL_UNBIND);
    SQLBIGINT big = 0;
    ASSERT_OK(query, read(query, "SELECT ub FROM signs", SQL_C_SBIGINT, big));
    EXPECT_EQ(-1, big);
    query.close();
    // What does not fit with either sign is still told.
    EXPECT_STATE(query, "22003", read(query, "SELECT us FROM signs", SQL_C_STINYINT, tiny));
}

TEST_P(Keys, BinaryAsBytesGivesBytesAsText) {
    link.run("DROP TABLE IF EXISTS raw_bytes");
    link.run("CREATE TABLE raw_bytes (b VARBINARY(20), k BLOB, f BINARY(4), n BIT(16))");
    link.run("INSERT INTO raw_bytes VALUES ('ab\\0c', 'blob', 'four', 0x4142)");
    Link raw;
    raw.open(server_string("BinaryAsBytes=1;"));
    Query query(raw);
    char text[21] = {};
    ASSERT_OK(query, read_bound(query, "SELECT b FROM raw_bytes", SQL_C_CHAR, text));
    EXPECT_EQ(0, std::memcmp("ab\0c\0", text, 5));
    query.close();
    SQLFreeStmt(query, SQL_UNBIND);
    for (const auto& [column, wanted] : {std::pair{"k", "blob"}, {"f", "four"}, {"n", "AB"}}) {
        ASSERT_OK(query,
                  start(query, GetParam(), std::string("SELECT ") + column + " FROM raw_bytes"));
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ(wanted, query.get(1)) << column;
        query.close();
    }
    // In parts, too; and without the key it is hexadecimal.
    ASSERT_OK(query, start(query, GetParam(), "SELECT k FROM raw_bytes"));
    ASSERT_OK(query, query.fetch());
    char part[3];
    SQLLEN length = 0;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLGetData(query, 1, SQL_C_CHAR, part, 3, &length));
    EXPECT_STREQ("bl", part);
    EXPECT_EQ(4, length);
    EXPECT_EQ(SQL_SUCCESS, SQLGetData(query, 1, SQL_C_CHAR, part, 3, &length));
    EXPECT_STREQ("ob", part);
    EXPECT_EQ("626C6F62", link.value("SELECT k FROM raw_bytes"));
    link.run("DROP TABLE raw_bytes");
}

TEST_P(Keys, TrimNulDropsOneNulOfTextParameters) {
    link.run("DROP TABLE IF EXISTS trimmed");
    link.run("CREATE TABLE trimmed (t VARCHAR(20), i INT, e ENUM('a', 'b'))");
    for (const bool trims : {true, false}) {
        Link other;
        other.open(server_string(trims ? "TrimNul=1;" : ""));
        Query query(other);
        ASSERT_OK(query, query.prepare("INSERT INTO trimmed (t) VALUES (?)"));
        std::vector<SQLWCHAR> units = wide("ab");
        SQLLEN wide_length = 6, narrow_length = 3;
        char narrow[] = "ab";
        ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 20,
                                          0, units.data(), 6, &wide_length));
        ASSERT_OK(query, query.execute());
        ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
                                          narrow, 3, &narrow_length));
        ASSERT_OK(query, query.execute());
        EXPECT_EQ((std::vector<std::string>(2, trims ? "6162" : "616200")),
                  link.rows("SELECT HEX(t) FROM trimmed"));
        link.run("DELETE FROM trimmed");
        if (!trims) continue;
        // Qt 6 binds numbers and enumerations so.
        Query more(other);
        ASSERT_OK(more, more.prepare("INSERT INTO trimmed (i, e) VALUES (?, ?)"));
        std::vector<SQLWCHAR> number = wide("42"), member = wide("b");
        SQLLEN number_length = 6, member_length = 4;
        ASSERT_OK(more, SQLBindParameter(more, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 20, 0,
                                         number.data(), 6, &number_length));
        ASSERT_OK(more, SQLBindParameter(more, 2, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 20, 0,
                                         member.data(), 4, &member_length));
        ASSERT_OK(more, more.execute());
        EXPECT_EQ((std::vector<std::string>{"42|b"}), link.rows("SELECT i, e FROM trimmed"));
        link.run("DELETE FROM trimmed");
    }
    link.run("DROP TABLE trimmed");
}

TEST_P(Keys, ZeroDatesAndTheLeastDate) {
    link.run("SET sql_mode=''");
    link.run("DROP TABLE IF EXISTS zero_dates");
    link.run("CREATE TABLE zero_dates (d DATE, t DATETIME, p DATE)");
    link.run("INSERT INTO zero_dates VALUES ('0000-00-00', '0000-00-00 00:00:00', '2020-00-00')");
    Link least;
    least.open(server_string("Zero_Date_To_Min=1;Min_Date_To_Zero=1;InitStmt={SET sql_mode=''};"));
    Query query(least);
    SQL_DATE_STRUCT date{};
    ASSERT_OK(query, read(query, "SELECT d FROM zero_dates", SQL_C_TYPE_DATE, date));
    EXPECT_EQ(0, date.year);
    EXPECT_EQ(1, date.month);
    EXPECT_EQ(1, date.day);
    query.close();
    ASSERT_OK(query, read_bound(query, "SELECT p FROM zero_dates", SQL_C_TYPE_DATE, date));
    EXPECT_EQ(2020, date.year);
    EXPECT_EQ(1, date.month);
    EXPECT_EQ(1, date.day);
    query.close();
    SQL_TIMESTAMP_STRUCT stamp{};
    ASSERT_OK(query, read_bound(query, "SELECT t FROM zero_dates", SQL_C_TYPE_TIMESTAMP, stamp));
    EXPECT_EQ(0, stamp.year);
    EXPECT_EQ(1, stamp.month);
    EXPECT_EQ(1, stamp.day);
    query.close();
    SQLFreeStmt(query, SQL_UNBIND);
    ASSERT_OK(query, start(query, GetParam(), "SELECT d FROM zero_dates"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("0000-00-00", query.get(1));
    query.close();
    // And back.
    ASSERT_OK(query, query.prepare("INSERT INTO zero_dates (d, t) VALUES (?, ?)"));
    date = {0, 1, 1};
    stamp = {0, 1, 1, 0, 0, 0, 0};
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10,
                                      0, &date, 0, nullptr));
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP,
                                      SQL_TYPE_TIMESTAMP, 19, 0, &stamp, 0, nullptr));
    ASSERT_OK(query, query.execute());
    EXPECT_EQ("0000-00-00|0000-00-00 00:00:00",
              link.rows("SELECT CAST(d AS CHAR), CAST(t AS CHAR) FROM zero_dates").back());
    link.run("DROP TABLE zero_dates");
}

TEST_P(Keys, ServerNameIsWhatTheProductIsCalled) {
    Link other;
    other.open(server_string("Server_Name=MySQL;"));
    SQLCHAR name[40];
    SQLSMALLINT length = 0;
    ASSERT_OK(other, SQLGetInfo(other.handle(), SQL_DBMS_NAME, name, sizeof name, &length));
    EXPECT_STREQ("MySQL", reinterpret_cast<char*>(name));
    ASSERT_OK(link, SQLGetInfo(link.handle(), SQL_DBMS_NAME, name, sizeof name, &length));
    EXPECT_STREQ(server_kind() == "mariadb" ? "MariaDB" : "MySQL", reinterpret_cast<char*>(name));
}

// ---- further keys of the vendors' drivers
// --------------------------------------------------------

TEST_P(Keys, NoBigIntDescribesIntegers) {
    link.run("DROP TABLE IF EXISTS big_ones");
    link.run("CREATE TABLE big_ones (a BIGINT, b BIGINT UNSIGNED)");
    link.run("INSERT INTO big_ones VALUES (-7, 7)");
    Link other;
    other.open(server_string("No_BigInt=1;"));
    Query query(other);
    ASSERT_OK(query, start(query, GetParam(), "SELECT a, b FROM big_ones"));
    for (const auto column : {SQLUSMALLINT{1}, SQLUSMALLINT{2}}) {
        SQLSMALLINT type = 0;
        ASSERT_OK(query, SQLDescribeCol(query, column, nullptr, 0, nullptr, &type, nullptr, nullptr,
                                        nullptr));
        EXPECT_EQ(SQL_INTEGER, type) << column;
    }
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("-7", query.get(1));
    EXPECT_EQ("7", query.get(2));
    link.run("DROP TABLE big_ones");
}

TEST_P(Keys, FullColumnNamesHaveTheirTable) {
    Link other;
    other.open(server_string("Full_Column_Names=1;"));
    Query query(other);
    ASSERT_OK(query, start(query, GetParam(), "SELECT x.a, x.a + 1 AS b FROM (SELECT 1 AS a) x"));
    const auto name = [&](SQLUSMALLINT column) {
        SQLCHAR text[40];
        SQLDescribeCol(query, column, text, sizeof text, nullptr, nullptr, nullptr, nullptr,
                       nullptr);
        return std::string(reinterpret_cast<char*>(text));
    };
    EXPECT_EQ("x.a", name(1));
    EXPECT_EQ("b", name(2));
}

TEST_P(Keys, NoBinaryResultTakesBytesOfFunctionsAsText) {
    Link other;
    other.open(server_string("No_Binary_Result=1;"));
    link.run("DROP TABLE IF EXISTS kept_binary");
    link.run("CREATE TABLE kept_binary (b VARBINARY(10))");
    link.run("INSERT INTO kept_binary VALUES ('abc')");
    Query query(other);
    ASSERT_OK(query, start(query, GetParam(), "SELECT CAST('abc' AS BINARY), b FROM kept_binary"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("abc", query.get(1));
    EXPECT_EQ("616263", query.get(2));
    link.run("DROP TABLE kept_binary");
}

TEST_P(Keys, SessionKeysSetVariables) {
    Link other;
    other.open(server_string("Pad_Space=1;Auto_Is_Null=1;"));
    other.run("CREATE TEMPORARY TABLE padded (c CHAR(5))");
    other.run("INSERT INTO padded VALUES ('ab')");
    EXPECT_EQ("ab   ", other.value("SELECT c FROM padded"));
    EXPECT_EQ("1", other.value("SELECT @@sql_auto_is_null"));
    EXPECT_EQ("0", link.value("SELECT @@sql_auto_is_null"));
}

TEST_P(Keys, NoDateOverflowDropsTheTime) {
    link.run("DROP TABLE IF EXISTS days");
    link.run("CREATE TABLE days (d DATE)");
    for (const bool cuts : {true, false}) {
        Link other;
        other.open(server_string(cuts ? "No_Date_Overflow=1;" : ""));
        Query query(other);
        SQL_TIMESTAMP_STRUCT stamp{2024, 2, 29, 12, 34, 56, 0};
        ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP,
                                          SQL_TYPE_DATE, 10, 0, &stamp, 0, nullptr));
        const SQLRETURN result = query.run("INSERT INTO days VALUES (?)");
        if (cuts)
            EXPECT_EQ(SQL_SUCCESS, result) << query.text();
        else
            EXPECT_EQ("22008", query.state());
    }
    EXPECT_EQ((std::vector<std::string>{"2024-02-29"}), link.rows("SELECT d FROM days"));
    link.run("DROP TABLE days");
}

TEST_P(Keys, CatalogKeysWidenTheArguments) {
    link.run("DROP TABLE IF EXISTS everywhere_seen");
    link.run("CREATE TABLE everywhere_seen (a INT)");
    const auto found = [](const std::string& keys, const char* schema) {
        Link other;
        other.open(server_string(keys));
        other.run("USE information_schema");
        Query query(other);
        std::string table = "everywhere_seen";
        EXPECT_EQ(
            SQL_SUCCESS,
            SQLTables(query, nullptr, 0, reinterpret_cast<SQLCHAR*>(const_cast<char*>(schema)),
                      SQL_NTS, reinterpret_cast<SQLCHAR*>(table.data()), SQL_NTS, nullptr, 0));
        return query.rows().size();
    };
    EXPECT_EQ(0u, found("", nullptr));
    EXPECT_EQ(1u, found("NullIsCurrent=0;", nullptr));
    EXPECT_EQ(0u, found("NullIsCurrent=0;", "dbo"));
    EXPECT_EQ(1u, found("NullIsCurrent=0;SchemaNoError=1;", "dbo"));
    link.run("DROP TABLE everywhere_seen");
}

// ---- values that the server describes in its own way -------------------------------------------

// MAX(bit) and the like arrive as decimal digits under the type BIT.
TEST_P(Keys, BitsOfExpressionsAreTheirNumbers) {
    link.run("DROP TABLE IF EXISTS bit_rows");
    link.run("CREATE TABLE bit_rows (a BIT(1), b BIT(8), c BIT(64))");
    link.run("INSERT INTO bit_rows VALUES (1, 129, 18446744073709551615)");
    const std::pair<const char*, SQLUBIGINT> samples[] = {
        {"SELECT a FROM bit_rows", 1},
        {"SELECT b FROM bit_rows", 129},
        {"SELECT MAX(a) FROM bit_rows", 1},
        {"SELECT MAX(b) FROM bit_rows", 129},
        {"SELECT MAX(c) FROM bit_rows", 18446744073709551615u},
        {"SELECT IFNULL(a, a) FROM bit_rows", 1},
        {"SELECT COALESCE(b, b) FROM bit_rows", 129},
        {"SELECT (SELECT a FROM bit_rows LIMIT 1)", 1},
        {"SELECT (SELECT b FROM bit_rows LIMIT 1)", 129},
        {"SELECT b FROM (SELECT b FROM bit_rows LIMIT 5) x", 129},
        {"SELECT b FROM bit_rows UNION SELECT b FROM bit_rows", 129},
        {"SELECT b FROM bit_rows GROUP BY b WITH ROLLUP LIMIT 1", 129},
    };
    Query query(link);
    for (const auto& [sql, wanted] : samples) {
        SQLUBIGINT number = 0;
        ASSERT_OK(query, read(query, sql, SQL_C_UBIGINT, number));
        EXPECT_EQ(wanted, number) << sql;
        query.close();
    }
    SQLCHAR bit = 9;
    ASSERT_OK(query, read(query, "SELECT MAX(a) FROM bit_rows", SQL_C_BIT, bit));
    EXPECT_EQ(1, bit);
    query.close();
    ASSERT_OK(query, start(query, GetParam(), "SELECT MAX(b) FROM bit_rows"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("129", query.get(1));
    query.close();
    link.run("DROP PROCEDURE IF EXISTS bit_out");
    link.run("CREATE PROCEDURE bit_out(OUT a BIT(1), OUT b BIT(8)) SET a = 1, b = 129");
    SQLINTEGER one = 0, many = 0;
    ASSERT_OK(query, query.prepare("{call bit_out(?, ?)}"));
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_BIT, 1, 0, &one,
                                      0, nullptr));
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0,
                                      &many, 0, nullptr));
    ASSERT_OK(query, query.execute());
    EXPECT_EQ(1, one);
    EXPECT_EQ(129, many);
    link.run("DROP PROCEDURE bit_out");
    link.run("DROP TABLE bit_rows");
}

// Column sizes are characters, octet lengths bytes; what an ANSI program is told to display has
// room for its bytes, since PHP and DBD::ODBC allocate that.
TEST_P(Keys, SizesOfTextAreCharacters) {
    link.run("DROP TABLE IF EXISTS sized");
    link.run("CREATE TABLE sized (v VARCHAR(20) CHARACTER SET utf8mb4)");
    for (const auto& [sql, size] : {std::pair<std::string, SQLLEN>{"SELECT v FROM sized", 20},
                                    {"SELECT CAST('x' AS CHAR(1000))", 1000},
                                    {"SELECT CAST('x' AS CHAR(1048576))", 1048576}}) {
        Query query(link);
        ASSERT_OK(query, start(query, GetParam(), sql));
        SQLULEN column_size = 0;
        SQLLEN display = 0, octets = 0;
        ASSERT_OK(query, SQLDescribeCol(query, 1, nullptr, 0, nullptr, nullptr, &column_size,
                                        nullptr, nullptr));
        ASSERT_OK(query,
                  SQLColAttribute(query, 1, SQL_DESC_DISPLAY_SIZE, nullptr, 0, nullptr, &display));
        ASSERT_OK(query,
                  SQLColAttribute(query, 1, SQL_DESC_OCTET_LENGTH, nullptr, 0, nullptr, &octets));
        EXPECT_EQ(size, static_cast<SQLLEN>(column_size)) << sql;
        EXPECT_EQ(size, display) << sql;
        EXPECT_EQ(4 * size, octets) << sql;
    }
    link.run("DROP TABLE sized");
}

// ZEROFILL, FLOAT(M,D) and DOUBLE(M,D): the same text by both protocols.
TEST_P(Keys, NumbersAreShownAsTheirColumnsAreDefined) {
    link.run("DROP TABLE IF EXISTS defined_numbers");
    link.run(
        "CREATE TABLE defined_numbers (t TINYINT ZEROFILL, s SMALLINT(4) ZEROFILL, m "
        "MEDIUMINT(7) ZEROFILL, i INT(5) ZEROFILL, b BIGINT(12) ZEROFILL, f FLOAT(8,2), d "
        "DOUBLE(8,2), w DOUBLE(30,0), e DECIMAL(6,2) ZEROFILL)");
    link.run("INSERT INTO defined_numbers VALUES (7, 42, 42, 42, 42, 1.1, -1.1, 1e20, 1.5)");
    const std::vector<std::string> wanted = {
        "007",          "0042", "0000042", "00042",
        "000000000042", "1.10", "-1.10",   "100000000000000000000",
        "0001.50"};
    const std::string sql = "SELECT * FROM defined_numbers";
    Query query(link);
    ASSERT_OK(query, start(query, GetParam(), sql));
    ASSERT_OK(query, query.fetch());
    for (SQLUSMALLINT column = 1; column <= wanted.size(); ++column)
        EXPECT_EQ(wanted[column - 1], query.get(column)) << column;
    query.close();
    // Bound columns, narrow and wide, and several rows: SQLGetData takes another way from then on.
    link.run("INSERT INTO defined_numbers SELECT * FROM defined_numbers");
    for (const auto type : {SQLSMALLINT{SQL_C_CHAR}, SQLSMALLINT{SQL_C_WCHAR}}) {
        char texts[9][80];
        SQLLEN lengths[9];
        for (SQLUSMALLINT column = 1; column <= wanted.size(); ++column)
            SQLBindCol(query, column, type, texts[column - 1], 80, &lengths[column - 1]);
        ASSERT_OK(query, start(query, GetParam(), sql));
        ASSERT_OK(query, query.fetch());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            std::string text;
            const std::size_t unit = type == SQL_C_CHAR ? 1 : sizeof(SQLWCHAR);
            for (SQLLEN at = 0; at < lengths[i]; at += static_cast<SQLLEN>(unit))
                text += texts[i][at];
            EXPECT_EQ(wanted[i], text) << i;
        }
        query.close();
        SQLFreeStmt(query, SQL_UNBIND);
    }
    ASSERT_OK(query, start(query, GetParam(), sql));
    for (int row = 0; row < 2; ++row) {
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ("00042", query.get(4));
        EXPECT_EQ("1.10", query.get(6));
    }
    SQLINTEGER number = 0;
    query.close();
    ASSERT_OK(query, read(query, "SELECT i FROM defined_numbers", SQL_C_SLONG, number));
    EXPECT_EQ(42, number);
    link.run("DROP TABLE defined_numbers");
}

// SQL_DECIMAL parameters are computed with as DECIMAL.
TEST_P(Keys, DecimalParametersAreDecimal) {
    struct {
        const char* sql;
        const char* value;
        const char* wanted;
    } const samples[] = {
        {"SELECT ROUND(?, 2)", "1.005", "1.01"},
        {"SELECT ? + 0.2", "0.1", "0.3"},
        {"SELECT ? * 10", "12345678901234567890.12", "123456789012345678901.20"},
    };
    for (const auto& sample : samples) {
        for (const auto type : {SQLSMALLINT{SQL_DECIMAL}, SQLSMALLINT{SQL_NUMERIC}}) {
            Query query(link);
            std::string value = sample.value;
            SQLLEN length = SQL_NTS;
            ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, type, 30, 5,
                                              value.data(), 0, &length));
            if (GetParam() == Way::direct) {
                ASSERT_OK(query, query.run(sample.sql));
            } else {
                ASSERT_OK(query, query.prepare(sample.sql));
                ASSERT_OK(query, query.execute());
            }
            ASSERT_OK(query, query.fetch());
            EXPECT_EQ(sample.wanted, query.get(1)) << sample.sql;
        }
    }
}

// Bytes for a character type are a text in UTF-8.
TEST_P(Keys, BinaryBuffersForCharacterColumnsAreText) {
    link.run("DROP TABLE IF EXISTS latin_text");
    link.run("CREATE TABLE latin_text (t VARCHAR(20) CHARACTER SET latin1)");
    Query query(link);
    char bytes[] = "\xC3\xA9";
    SQLLEN length = 2;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_VARCHAR, 20, 0,
                                      bytes, 2, &length));
    if (GetParam() == Way::direct) {
        ASSERT_OK(query, query.run("INSERT INTO latin_text VALUES (?)"));
    } else {
        ASSERT_OK(query, query.prepare("INSERT INTO latin_text VALUES (?)"));
        ASSERT_OK(query, query.execute());
        // With data at execution it is the same.
        SQLLEN later = SQL_DATA_AT_EXEC;
        ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_LONGVARCHAR,
                                          20, 0, bytes, 2, &later));
        EXPECT_EQ(SQL_NEED_DATA, query.execute());
        SQLPOINTER token = nullptr;
        EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &token));
        ASSERT_OK(query, SQLPutData(query, bytes, 2));
        ASSERT_OK(query, SQLParamData(query, &token));
    }
    for (const std::string& stored : link.rows("SELECT HEX(t) FROM latin_text"))
        EXPECT_EQ("E9", stored);
    link.run("DROP TABLE latin_text");
}

// MariaDB's type of its own.
TEST_P(Keys, BinaryBuffersForUuidsAreText) {
    if (server_kind() != "mariadb") return;
    link.run("DROP TABLE IF EXISTS uuids");
    link.run("CREATE TABLE uuids (u UUID)");
    std::string text = "61626364-6566-6768-696a-6b6c6d6e6f70";
    SQLLEN length = static_cast<SQLLEN>(text.size());
    Query query(link);
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_CHAR, 36, 0,
                                      text.data(), length, &length));
    ASSERT_OK(query, start(query, GetParam(), "INSERT INTO uuids VALUES (?)"));
    EXPECT_EQ(text, link.value("SELECT u FROM uuids"));
    link.run("DROP TABLE uuids");
}

INSTANTIATE_TEST_SUITE_P(Ways, Keys, testing::Values(Way::direct, Way::prepared),
                         [](const auto& way) {
                             return way.param == Way::direct ? "Direct" : "Prepared";
                         });

}  // namespace
}  // namespace myfabric::test
