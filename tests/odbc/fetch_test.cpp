// SQLBindCol, SQLFetch, SQLFetchScroll: bound columns and row arrays.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

constexpr const char* kFive =
    "SELECT 1 AS n, 'one' AS t UNION ALL SELECT 2, 'two' UNION ALL SELECT 3, NULL "
    "UNION ALL SELECT 4, 'four' UNION ALL SELECT 5, 'five'";

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class Fetch : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    Link link;
};

TEST_F(Fetch, IntegersArriveInEveryCType) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT -5, 200, -30000, 60000, -2000000000, 4000000000, "
                               "-9000000000000000000, 18000000000000000000, 1"));
    SQLSCHAR tiny = 0;
    SQLCHAR unsigned_tiny = 0;
    SQLSMALLINT small = 0;
    SQLUSMALLINT unsigned_small = 0;
    SQLINTEGER integer = 0;
    SQLUINTEGER unsigned_integer = 0;
    SQLBIGINT big = 0;
    SQLUBIGINT unsigned_big = 0;
    SQLCHAR bit = 9;
    SQLLEN length = 0;
    SQLBindCol(query, 1, SQL_C_STINYINT, &tiny, 0, nullptr);
    SQLBindCol(query, 2, SQL_C_UTINYINT, &unsigned_tiny, 0, nullptr);
    SQLBindCol(query, 3, SQL_C_SSHORT, &small, 0, nullptr);
    SQLBindCol(query, 4, SQL_C_USHORT, &unsigned_small, 0, nullptr);
    SQLBindCol(query, 5, SQL_C_SLONG, &integer, 0, &length);
    SQLBindCol(query, 6, SQL_C_ULONG, &unsigned_integer, 0, nullptr);
    SQLBindCol(query, 7, SQL_C_SBIGINT, &big, 0, nullptr);
    SQLBindCol(query, 8, SQL_C_UBIGINT, &unsigned_big, 0, nullptr);
    SQLBindCol(query, 9, SQL_C_BIT, &bit, 0, nullptr);
    EXPECT_EQ(SQL_SUCCESS, query.fetch()) << query.text();
    EXPECT_EQ(-5, tiny);
    EXPECT_EQ(200, unsigned_tiny);
    EXPECT_EQ(-30000, small);
    EXPECT_EQ(60000, unsigned_small);
    EXPECT_EQ(-2000000000, integer);
    EXPECT_EQ(4, length);
    EXPECT_EQ(4000000000u, unsigned_integer);
    EXPECT_EQ(SQLBIGINT{-9000000000000000000}, big);
    EXPECT_EQ(SQLUBIGINT{18000000000000000000u}, unsigned_big);
    EXPECT_EQ(1, bit);
}

TEST_F(Fetch, RealsTimesAndTextsArriveInTheirCTypes) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 1.5, 2.25e10, CAST('2026-02-28' AS DATE), "
                               "CAST('23:59:58' AS TIME), "
                               "CAST('2026-02-28 12:34:56.789012' AS DATETIME(6)), 'text', "
                               "CONVERT(UNHEX('F09F9880') USING utf8mb4), UNHEX('00FF')"));
    SQLREAL real = 0;
    SQLDOUBLE twice = 0;
    SQL_DATE_STRUCT date{};
    SQL_TIME_STRUCT time{};
    SQL_TIMESTAMP_STRUCT stamp{};
    char text[10] = {};
    SQLWCHAR emoji[4] = {};
    unsigned char binary[4] = {};
    SQLLEN text_length = 0;
    SQLLEN emoji_length = 0;
    SQLLEN binary_length = 0;
    SQLBindCol(query, 1, SQL_C_FLOAT, &real, 0, nullptr);
    SQLBindCol(query, 2, SQL_C_DOUBLE, &twice, 0, nullptr);
    SQLBindCol(query, 3, SQL_C_TYPE_DATE, &date, 0, nullptr);
    SQLBindCol(query, 4, SQL_C_TYPE_TIME, &time, 0, nullptr);
    SQLBindCol(query, 5, SQL_C_TYPE_TIMESTAMP, &stamp, 0, nullptr);
    SQLBindCol(query, 6, SQL_C_CHAR, text, sizeof text, &text_length);
    SQLBindCol(query, 7, SQL_C_WCHAR, emoji, sizeof emoji, &emoji_length);
    SQLBindCol(query, 8, SQL_C_BINARY, binary, sizeof binary, &binary_length);
    EXPECT_EQ(SQL_SUCCESS, query.fetch()) << query.text();
    EXPECT_EQ(1.5f, real);
    EXPECT_EQ(2.25e10, twice);
    EXPECT_EQ(2026, date.year);
    EXPECT_EQ(28, date.day);
    EXPECT_EQ(58, time.second);
    EXPECT_EQ(23, time.hour);
    EXPECT_EQ(56, stamp.second);
    EXPECT_EQ(789012000u, stamp.fraction);
    EXPECT_STREQ("text", text);
    EXPECT_EQ(4, text_length);
    EXPECT_EQ(0xD83D, emoji[0]);
    EXPECT_EQ(0xDE00, emoji[1]);
    EXPECT_EQ(0, emoji[2]);
    EXPECT_EQ(4, emoji_length);
    EXPECT_EQ(2, binary_length);
    EXPECT_EQ(0xFF, binary[1]);
}

TEST_F(Fetch, NullNeedsAnIndicator) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT NULL"));
    SQLINTEGER value = 7;
    SQLBindCol(query, 1, SQL_C_SLONG, &value, 0, nullptr);
    EXPECT_STATE(query, "22002", query.fetch());
    query.close();
    SQLLEN length = 0;
    SQLBindCol(query, 1, SQL_C_SLONG, &value, 0, &length);
    ASSERT_OK(query, query.run("SELECT NULL"));
    EXPECT_EQ(SQL_SUCCESS, query.fetch());
    EXPECT_EQ(SQL_NULL_DATA, length);
}

TEST_F(Fetch, TruncatedTextIsAWarningWithTheFullLength) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 'abcdefgh'"));
    char text[4];
    SQLLEN length = 0;
    SQLBindCol(query, 1, SQL_C_CHAR, text, sizeof text, &length);
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.fetch());
    EXPECT_EQ("01004", query.state());
    EXPECT_STREQ("abc", text);
    EXPECT_EQ(8, length);
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
}

TEST_F(Fetch, NumberOutOfRangeIsAnError) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 300"));
    SQLSCHAR tiny = 0;
    SQLBindCol(query, 1, SQL_C_STINYINT, &tiny, 0, nullptr);
    EXPECT_STATE(query, "22003", query.fetch());
}

TEST_F(Fetch, UnboundAndUnwantedColumnsAreNoTrouble) {
    Query query(link);
    ASSERT_OK(query, query.run(kFive));
    SQLINTEGER n = 0;
    SQLBindCol(query, 1, SQL_C_SLONG, &n, 0, nullptr);
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(1, n);
    EXPECT_EQ("one", query.get(2));
    ASSERT_OK(query, SQLFreeStmt(query, SQL_UNBIND));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(1, n);
    EXPECT_EQ("2", query.get(1));
}

TEST_F(Fetch, RowArrayFillsColumnsAndTellsTheRest) {
    Query query(link);
    SQLINTEGER n[3] = {};
    char t[3][8] = {};
    SQLLEN lengths[3] = {};
    SQLUSMALLINT status[3] = {};
    SQLULEN fetched = 0;
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(3), 0);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_STATUS_PTR, status, 0);
    SQLSetStmtAttr(query, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    ASSERT_OK(query, query.run(kFive));
    SQLBindCol(query, 1, SQL_C_SLONG, n, 0, nullptr);
    SQLBindCol(query, 2, SQL_C_CHAR, t, sizeof t[0], lengths);
    EXPECT_EQ(SQL_SUCCESS, query.fetch()) << query.text();
    EXPECT_EQ(3u, fetched);
    EXPECT_EQ(3, n[2]);
    EXPECT_STREQ("two", t[1]);
    EXPECT_EQ(SQL_NULL_DATA, lengths[2]);
    EXPECT_EQ(SQL_ROW_SUCCESS, status[2]);
    EXPECT_EQ(SQL_SUCCESS, SQLFetchScroll(query, SQL_FETCH_NEXT, 0)) << query.text();
    EXPECT_EQ(2u, fetched);
    EXPECT_EQ(5, n[1]);
    EXPECT_EQ(SQL_ROW_SUCCESS, status[1]);
    EXPECT_EQ(SQL_ROW_NOROW, status[2]);
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
    EXPECT_EQ(0u, fetched);
}

// "If an error occurs on one row of several, SQL_SUCCESS_WITH_INFO is returned and the row's
// status is SQL_ROW_ERROR."
TEST_F(Fetch, OneBadRowOfAnArrayDoesNotSpoilTheOthers) {
    Query query(link);
    SQLSCHAR n[3] = {};
    SQLUSMALLINT status[3] = {};
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(3), 0);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_STATUS_PTR, status, 0);
    ASSERT_OK(query, query.run("SELECT 1 UNION ALL SELECT 300 UNION ALL SELECT 3"));
    SQLBindCol(query, 1, SQL_C_STINYINT, n, 0, nullptr);
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.fetch());
    EXPECT_EQ("22003", query.state());
    SQLLEN row = 0;
    SQLGetDiagField(SQL_HANDLE_STMT, query, 1, SQL_DIAG_ROW_NUMBER, &row, 0, nullptr);
    EXPECT_EQ(2, row);
    EXPECT_EQ(SQL_ROW_SUCCESS, status[0]);
    EXPECT_EQ(SQL_ROW_ERROR, status[1]);
    EXPECT_EQ(SQL_ROW_SUCCESS, status[2]);
    EXPECT_EQ(3, n[2]);
}

TEST_F(Fetch, RowWiseBindingWithAnOffset) {
    struct Row {
        SQLINTEGER n;
        SQLLEN n_length;
        char t[8];
        SQLLEN t_length;
    };
    Row rows[6];
    std::memset(rows, 0, sizeof rows);
    Query query(link);
    SQLULEN offset = 0;
    SQLSetStmtAttr(query, SQL_ATTR_ROW_BIND_TYPE, number(sizeof(Row)), 0);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset, 0);
    ASSERT_OK(query, query.run(kFive));
    SQLBindCol(query, 1, SQL_C_SLONG, &rows[0].n, 0, &rows[0].n_length);
    SQLBindCol(query, 2, SQL_C_CHAR, rows[0].t, sizeof rows[0].t, &rows[0].t_length);
    while (SQL_SUCCEEDED(query.fetch())) offset += 2 * sizeof(Row);
    EXPECT_EQ(3 * 2 * sizeof(Row), offset);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(i + 1, rows[i].n);
    EXPECT_STREQ("four", rows[3].t);
    EXPECT_EQ(SQL_NULL_DATA, rows[2].t_length);
    EXPECT_EQ(4, rows[4].t_length);
    EXPECT_EQ(0, rows[5].n);
}

TEST_F(Fetch, StaticCursorScrolls) {
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0));
    ASSERT_OK(query, query.run(kFive));
    SQLINTEGER n = 0;
    SQLBindCol(query, 1, SQL_C_SLONG, &n, 0, nullptr);
    const struct {
        SQLSMALLINT where;
        SQLLEN offset;
        SQLRETURN result;
        int n;
    } steps[] = {{SQL_FETCH_LAST, 0, SQL_SUCCESS, 5},      {SQL_FETCH_PRIOR, 0, SQL_SUCCESS, 4},
                 {SQL_FETCH_FIRST, 0, SQL_SUCCESS, 1},     {SQL_FETCH_ABSOLUTE, 3, SQL_SUCCESS, 3},
                 {SQL_FETCH_RELATIVE, -2, SQL_SUCCESS, 1}, {SQL_FETCH_ABSOLUTE, -1, SQL_SUCCESS, 5},
                 {SQL_FETCH_NEXT, 0, SQL_NO_DATA, 5},      {SQL_FETCH_PRIOR, 0, SQL_SUCCESS, 5},
                 {SQL_FETCH_ABSOLUTE, 9, SQL_NO_DATA, 5},  {SQL_FETCH_ABSOLUTE, 0, SQL_NO_DATA, 5},
                 {SQL_FETCH_NEXT, 0, SQL_SUCCESS, 1}};
    for (const auto& step : steps) {
        EXPECT_EQ(step.result, SQLFetchScroll(query, step.where, step.offset))
            << step.where << " " << step.offset << "\n"
            << query.text();
        EXPECT_EQ(step.n, n) << step.where << " " << step.offset;
    }
}

TEST_F(Fetch, ForwardOnlyCursorDoesNotGoBack) {
    Query query(link);
    ASSERT_OK(query, query.run(kFive));
    EXPECT_STATE(query, "HY106", SQLFetchScroll(query, SQL_FETCH_PRIOR, 0));
}

TEST_F(Fetch, WithoutAResultIsRefused) {
    Query query(link);
    EXPECT_STATE(query, "HY010", query.fetch());
    ASSERT_OK(query, query.run("SET @nothing = 1"));
    EXPECT_STATE(query, "24000", query.fetch());
}

TEST_F(Fetch, CloseOfNoCursorIsAnErrorOnlyForCloseCursor) {
    Query query(link);
    EXPECT_EQ(SQL_SUCCESS, SQLFreeStmt(query, SQL_CLOSE));
    EXPECT_STATE(query, "24000", SQLCloseCursor(query));
    ASSERT_OK(query, query.run("SELECT 1"));
    EXPECT_EQ(SQL_SUCCESS, SQLCloseCursor(query));
}

TEST_F(Fetch, MaxRowsEndsTheResult) {
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_MAX_ROWS, number(2), 0));
    ASSERT_OK(query, query.run(kFive));
    EXPECT_EQ(2u, query.rows().size());
}

}  // namespace
}  // namespace myfabric::test
