// SQLBindParameter, data at execution, arrays of parameters.
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Texts = std::vector<std::string>;

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class Parameters : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string());
        link.run("DROP TABLE IF EXISTS passed");
        link.run(
            "CREATE TABLE passed (id INT PRIMARY KEY, t LONGTEXT, b LONGBLOB) "
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    }

    /// What `SELECT ?` (or `sql`) gives as text for one bound value.
    std::optional<std::string> echo(SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN size,
                                    SQLSMALLINT digits, SQLPOINTER value, SQLLEN length,
                                    const std::string& sql = "SELECT ?") {
        Query query(link);
        SQLRETURN result = SQLBindParameter(query, 1, SQL_PARAM_INPUT, c_type, sql_type, size,
                                            digits, value, 0, &length);
        EXPECT_EQ(SQL_SUCCESS, result) << query.text();
        result = query.run(sql);
        EXPECT_EQ(SQL_SUCCESS, result) << query.text();
        EXPECT_EQ(SQL_SUCCESS, query.fetch()) << query.text();
        return query.get(1);
    }

    Link link;
};

TEST_F(Parameters, OfEveryNumericCTypeReachTheServer) {
    SQLSCHAR tiny = -5;
    SQLCHAR unsigned_tiny = 200;
    SQLSMALLINT small = -30000;
    SQLUSMALLINT unsigned_small = 60000;
    SQLINTEGER integer = -2000000000;
    SQLUINTEGER unsigned_integer = 4000000000u;
    SQLBIGINT big = -9000000000000000000;
    SQLUBIGINT unsigned_big = 18000000000000000000u;
    SQLCHAR bit = 1;
    SQLREAL real = 1.5f;
    SQLDOUBLE twice = 2.25;
    EXPECT_EQ("-5", echo(SQL_C_STINYINT, SQL_TINYINT, 0, 0, &tiny, 0));
    EXPECT_EQ("200", echo(SQL_C_UTINYINT, SQL_SMALLINT, 0, 0, &unsigned_tiny, 0));
    EXPECT_EQ("-30000", echo(SQL_C_SSHORT, SQL_SMALLINT, 0, 0, &small, 0));
    EXPECT_EQ("60000", echo(SQL_C_USHORT, SQL_INTEGER, 0, 0, &unsigned_small, 0));
    EXPECT_EQ("-2000000000", echo(SQL_C_SLONG, SQL_INTEGER, 0, 0, &integer, 0));
    EXPECT_EQ("4000000000", echo(SQL_C_ULONG, SQL_BIGINT, 0, 0, &unsigned_integer, 0));
    EXPECT_EQ("-9000000000000000000", echo(SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &big, 0));
    EXPECT_EQ("18000000000000000000", echo(SQL_C_UBIGINT, SQL_DECIMAL, 20, 0, &unsigned_big, 0));
    EXPECT_EQ("1", echo(SQL_C_BIT, SQL_BIT, 0, 0, &bit, 0, "SELECT ?+0"));
    EXPECT_EQ("1.5", echo(SQL_C_FLOAT, SQL_REAL, 0, 0, &real, 0));
    EXPECT_EQ("2.25", echo(SQL_C_DOUBLE, SQL_DOUBLE, 0, 0, &twice, 0));
}

TEST_F(Parameters, TimesAndNumericStructuresReachTheServer) {
    SQL_DATE_STRUCT date{2026, 2, 28};
    SQL_TIME_STRUCT time{23, 59, 58};
    SQL_TIMESTAMP_STRUCT stamp{2026, 2, 28, 12, 34, 56, 789012000};
    SQL_NUMERIC_STRUCT numeric{};
    numeric.precision = 5;
    numeric.sign = 0;
    numeric.val[0] = 0x39;
    numeric.val[1] = 0x30;
    EXPECT_EQ("2026-02-28",
              echo(SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &date, 0, "SELECT CAST(? AS DATE)"));
    EXPECT_EQ("23:59:58",
              echo(SQL_C_TYPE_TIME, SQL_TYPE_TIME, 8, 0, &time, 0, "SELECT CAST(? AS TIME)"));
    EXPECT_EQ("2026-02-28 12:34:56.789012", echo(SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 26, 6,
                                                 &stamp, 0, "SELECT CAST(? AS DATETIME(6))"));
    EXPECT_EQ("-12345", echo(SQL_C_NUMERIC, SQL_DECIMAL, 5, 0, &numeric, 0,
                             "SELECT CAST(? AS DECIMAL(7,0))"));
}

TEST_F(Parameters, TextsReachTheServerByLengthAndTerminator) {
    char text[] = "O'Reilly \\ \"x\" ?";
    SQLWCHAR emoji[] = {'a', 0xD83D, 0xDE00, 0x20AC, 0};
    unsigned char binary[] = {0x00, 0xFF, 0x27, 0x5C};
    EXPECT_EQ(text, echo(SQL_C_CHAR, SQL_VARCHAR, 100, 0, text, SQL_NTS));
    EXPECT_EQ("O'R", echo(SQL_C_CHAR, SQL_VARCHAR, 100, 0, text, 3));
    EXPECT_EQ("", echo(SQL_C_CHAR, SQL_VARCHAR, 100, 0, text, 0));
    EXPECT_EQ("61F09F9880E282AC",
              echo(SQL_C_WCHAR, SQL_WVARCHAR, 100, 0, emoji, SQL_NTS, "SELECT HEX(?)"));
    EXPECT_EQ("61", echo(SQL_C_WCHAR, SQL_WVARCHAR, 100, 0, emoji, 2, "SELECT HEX(?)"));
    EXPECT_EQ("00FF275C", echo(SQL_C_BINARY, SQL_VARBINARY, 100, 0, binary, 4, "SELECT HEX(?)"));
    EXPECT_EQ("1", echo(SQL_C_CHAR, SQL_VARCHAR, 100, 0, text, SQL_NULL_DATA, "SELECT ? IS NULL"));
    EXPECT_EQ("1", echo(SQL_C_CHAR, SQL_VARCHAR, 0, 0, nullptr, SQL_NULL_DATA, "SELECT ? IS NULL"));
    char digits[] = "42";
    EXPECT_EQ("43", echo(SQL_C_CHAR, SQL_INTEGER, 0, 0, digits, SQL_NTS, "SELECT ?+1"));
}

TEST_F(Parameters, InsideLiteralsAndCommentsAreNone) {
    Query query(link);
    ASSERT_OK(query, query.prepare("SELECT '?', \"?\", `id` /* ? */ FROM passed WHERE id=? -- ?"));
    SQLSMALLINT count = -1;
    ASSERT_OK(query, SQLNumParams(query, &count));
    EXPECT_EQ(1, count);
}

TEST_F(Parameters, AreKeptBetweenExecutionsAndReadAnew) {
    Query query(link);
    SQLINTEGER id = 1;
    SQLLEN length = 0;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id, 0, &length);
    ASSERT_OK(query, query.prepare("INSERT INTO passed (id) VALUES (?)"));
    for (id = 1; id <= 3; ++id) ASSERT_OK(query, query.execute());
    EXPECT_EQ((Texts{"1", "2", "3"}), link.rows("SELECT id FROM passed ORDER BY id"));
}

TEST_F(Parameters, TooFewAreRefused) {
    Query query(link);
    EXPECT_STATE(query, "07002", query.run("SELECT ?"));
    SQLINTEGER value = 1;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr);
    ASSERT_OK(query, query.run("SELECT ?"));
    query.close();
    EXPECT_STATE(query, "07002", query.run("SELECT ?, ?"));
    ASSERT_OK(query, SQLFreeStmt(query, SQL_RESET_PARAMS));
    EXPECT_STATE(query, "07002", query.run("SELECT ?"));
}

TEST_F(Parameters, WrongBindingsAreRefused) {
    Query query(link);
    SQLINTEGER value = 1;
    EXPECT_STATE(query, "07009",
                 SQLBindParameter(query, 0, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value,
                                  0, nullptr));
    EXPECT_STATE(
        query, "HY003",
        SQLBindParameter(query, 1, SQL_PARAM_INPUT, 12345, SQL_INTEGER, 0, 0, &value, 0, nullptr));
    EXPECT_STATE(
        query, "HY105",
        SQLBindParameter(query, 1, 77, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr));
}

TEST_F(Parameters, TextThatIsNoNumberIsRefusedForANumber) {
    Query query(link);
    char text[] = "abc";
    SQLLEN length = SQL_NTS;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0, 0, text, 0, &length);
    EXPECT_STATE(query, "22018", query.run("SELECT ?"));
}

TEST_F(Parameters, DataAtExecutionComesInParts) {
    Query query(link);
    SQLINTEGER id = 7;
    SQLLEN text_length = SQL_LEN_DATA_AT_EXEC(0);
    SQLLEN binary_length = SQL_DATA_AT_EXEC;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &id, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0, number(2), 0,
                     &text_length);
    SQLBindParameter(query, 3, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_LONGVARBINARY, 0, 0, number(3), 0,
                     &binary_length);
    EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO passed VALUES (?,?,?)"));
    SQLPOINTER which = nullptr;
    EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &which));
    EXPECT_EQ(number(2), which);
    char part[] = "abc";
    for (int i = 0; i < 3; ++i) ASSERT_OK(query, SQLPutData(query, part, 3));
    ASSERT_OK(query, SQLPutData(query, part, SQL_NTS));
    EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &which));
    EXPECT_EQ(number(3), which);
    unsigned char bytes[] = {0, 0xFF};
    for (int i = 0; i < 2; ++i) ASSERT_OK(query, SQLPutData(query, bytes, 2));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, &which)) << query.text();
    EXPECT_EQ(Texts{"7|abcabcabcabc|00FF00FF"}, link.rows("SELECT id, t, HEX(b) FROM passed"));
}

TEST_F(Parameters, DataAtExecutionMayBeWideOrNull) {
    Query query(link);
    SQLLEN length = SQL_DATA_AT_EXEC;
    SQLPOINTER which = nullptr;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WLONGVARCHAR, 0, 0, number(1), 0,
                     &length);
    ASSERT_OK(query, query.prepare("INSERT INTO passed (id, t) VALUES (1, ?)"));
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &which));
    SQLWCHAR first[] = {'a', 0xD83D};
    SQLWCHAR second[] = {0xDE00, 0};
    ASSERT_OK(query, SQLPutData(query, first, 4));
    ASSERT_OK(query, SQLPutData(query, second, SQL_NTS));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, &which)) << query.text();
    ASSERT_OK(query, query.prepare("INSERT INTO passed (id, t) VALUES (2, ?)"));
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &which));
    ASSERT_OK(query, SQLPutData(query, nullptr, SQL_NULL_DATA));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, &which)) << query.text();
    EXPECT_EQ((Texts{"1|61F09F9880", "2|NULL"}),
              link.rows("SELECT id, HEX(t) FROM passed ORDER BY id"));
}

TEST_F(Parameters, CancelEndsDataAtExecution) {
    Query query(link);
    SQLLEN length = SQL_DATA_AT_EXEC;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, number(1), 0,
                     &length);
    EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO passed (id, t) VALUES (1, ?)"));
    EXPECT_STATE(query, "HY010", query.execute());
    ASSERT_OK(query, SQLCancel(query));
    SQLPOINTER which = nullptr;
    EXPECT_STATE(query, "HY010", SQLParamData(query, &which));
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM passed"));
}

// "SQL_SUCCESS_WITH_INFO is returned if some of the sets of parameters failed."
TEST_F(Parameters, ArrayWithOneFailingRowRunsTheOthers) {
    Query query(link);
    SQLINTEGER id[4] = {1, 2, 1, 4};
    char t[4][8] = {"one", "two", "again", "four"};
    SQLLEN lengths[4] = {SQL_NTS, SQL_NULL_DATA, SQL_NTS, 2};
    SQLUSMALLINT status[4] = {};
    SQLULEN processed = 0;
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(4), 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, status, 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, id, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 8, 0, t, sizeof t[0],
                     lengths);
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run("INSERT INTO passed (id, t) VALUES (?,?)"))
        << query.text();
    EXPECT_EQ("23000", query.state()) << query.text();
    SQLLEN row = 0;
    SQLGetDiagField(SQL_HANDLE_STMT, query, 1, SQL_DIAG_ROW_NUMBER, &row, 0, nullptr);
    EXPECT_EQ(3, row);
    EXPECT_EQ(4u, processed);
    const SQLUSMALLINT expected[] = {SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS, SQL_PARAM_ERROR,
                                     SQL_PARAM_SUCCESS};
    for (int i = 0; i < 4; ++i) EXPECT_EQ(expected[i], status[i]) << i;
    EXPECT_EQ((Texts{"1|one", "2|NULL", "4|fo"}),
              link.rows("SELECT id, t FROM passed ORDER BY id"));
}

TEST_F(Parameters, RowWiseArrayWithOffsetAndOperations) {
    struct Row {
        SQLINTEGER id;
        char t[8];
        SQLLEN length;
    };
    Row rows[4] = {
        {0, "skipped", SQL_NTS}, {1, "one", SQL_NTS}, {2, "two", SQL_NTS}, {3, "three", SQL_NTS}};
    Query query(link);
    SQLULEN offset = sizeof(Row);
    SQLUSMALLINT operations[3] = {SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_PROCEED};
    SQLUSMALLINT status[3] = {};
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_BIND_TYPE, number(sizeof(Row)), 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset, 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_OPERATION_PTR, operations, 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, status, 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(3), 0);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &rows[0].id, 0,
                     nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 8, 0, rows[0].t,
                     sizeof rows[0].t, &rows[0].length);
    ASSERT_OK(query, query.prepare("INSERT INTO passed (id, t) VALUES (?,?)"));
    EXPECT_EQ(SQL_SUCCESS, query.execute()) << query.text();
    EXPECT_EQ(SQL_PARAM_SUCCESS, status[0]);
    EXPECT_EQ(SQL_PARAM_UNUSED, status[1]);
    EXPECT_EQ(SQL_PARAM_SUCCESS, status[2]);
    EXPECT_EQ((Texts{"1|one", "3|three"}), link.rows("SELECT id, t FROM passed ORDER BY id"));
}

TEST_F(Parameters, DescribeParamTellsTheColumnsType) {
    Query query(link);
    ASSERT_OK(query, query.prepare("SELECT t FROM passed WHERE id = ?"));
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    SQLSMALLINT digits = -1;
    SQLSMALLINT nullable = -1;
    ASSERT_OK(query, SQLDescribeParam(query, 1, &type, &size, &digits, &nullable));
    EXPECT_EQ(SQL_INTEGER, type);
    EXPECT_EQ(10u, size);
    EXPECT_EQ(0, digits);
    EXPECT_STATE(query, "07009", SQLDescribeParam(query, 2, &type, &size, &digits, &nullable));
}

}  // namespace
}  // namespace myfabric::test
