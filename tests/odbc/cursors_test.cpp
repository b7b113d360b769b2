// SQLFetchScroll, SQLExtendedFetch, SQLSetPos and SQLGetData in rowsets of several rows.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

constexpr const char* kTen =
    "SELECT n, CONCAT('row ', n), IF(n = 4, NULL, n * 10) FROM (SELECT 1 n UNION ALL SELECT 2 "
    "UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT "
    "7 "
    "UNION ALL SELECT 8 UNION ALL SELECT 9 UNION ALL SELECT 10) q ORDER BY n";

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class Cursors : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    Link link;

    void scrollable(Query& query) {
        ASSERT_OK(query,
                  SQLSetStmtAttr(query, SQL_ATTR_CURSOR_SCROLLABLE, number(SQL_SCROLLABLE), 0));
    }
    std::string cell(Query& query, SQLUSMALLINT column) {
        char text[40] = "";
        SQLLEN length = 0;
        if (!SQL_SUCCEEDED(SQLGetData(query, column, SQL_C_CHAR, text, sizeof text, &length)))
            return "failed: " + query.text();
        return length == SQL_NULL_DATA ? "NULL" : text;
    }
};

TEST_F(Cursors, AttributesFollowEachOther) {
    const struct {
        SQLINTEGER attribute;
        SQLULEN value;
        const char* state;  // of the warning
        SQLULEN type, can_scroll, sensitivity;
    } samples[] = {
        {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC, "", SQL_CURSOR_STATIC, SQL_SCROLLABLE,
         SQL_INSENSITIVE},
        {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY, "", SQL_CURSOR_FORWARD_ONLY,
         SQL_NONSCROLLABLE, SQL_UNSPECIFIED},
        {SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE, "", SQL_CURSOR_STATIC, SQL_SCROLLABLE,
         SQL_INSENSITIVE},
        {SQL_ATTR_CURSOR_SCROLLABLE, SQL_NONSCROLLABLE, "", SQL_CURSOR_FORWARD_ONLY,
         SQL_NONSCROLLABLE, SQL_UNSPECIFIED},
        {SQL_ATTR_CURSOR_SENSITIVITY, SQL_INSENSITIVE, "", SQL_CURSOR_STATIC, SQL_SCROLLABLE,
         SQL_INSENSITIVE},
        {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_KEYSET_DRIVEN, "", SQL_CURSOR_KEYSET_DRIVEN,
         SQL_SCROLLABLE, SQL_UNSPECIFIED},
        {SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_DYNAMIC, "", SQL_CURSOR_DYNAMIC, SQL_SCROLLABLE,
         SQL_SENSITIVE},
        {SQL_ATTR_CURSOR_SENSITIVITY, SQL_SENSITIVE, "", SQL_CURSOR_DYNAMIC, SQL_SCROLLABLE,
         SQL_SENSITIVE},
    };
    for (const auto& sample : samples) {
        Query query(link);
        const SQLRETURN result = SQLSetStmtAttr(query, sample.attribute, number(sample.value), 0);
        EXPECT_EQ(*sample.state ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS, result) << query.text();
        if (*sample.state) {
            EXPECT_EQ(sample.state, query.state());
        }
        const auto read = [&](SQLINTEGER attribute) {
            SQLULEN value = 99;
            SQLGetStmtAttr(query, attribute, &value, 0, nullptr);
            return value;
        };
        EXPECT_EQ(sample.type, read(SQL_ATTR_CURSOR_TYPE));
        EXPECT_EQ(sample.can_scroll, read(SQL_ATTR_CURSOR_SCROLLABLE));
        EXPECT_EQ(sample.sensitivity, read(SQL_ATTR_CURSOR_SENSITIVITY));
    }
}

TEST_F(Cursors, RowsetsScrollWithTheirStatus) {
    Query query(link);
    scrollable(query);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(4), 0));
    SQLUSMALLINT status[4];
    SQLULEN fetched = 0;
    SQLINTEGER n[4];
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_STATUS_PTR, status, 0));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    ASSERT_OK(query, query.run(kTen));
    ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, n, 0, nullptr));
    const struct {
        SQLSMALLINT where;
        SQLLEN offset;
        SQLRETURN result;
        int first;
        SQLULEN rows;
    } steps[] = {
        {SQL_FETCH_NEXT, 0, SQL_SUCCESS, 1, 4},
        {SQL_FETCH_NEXT, 0, SQL_SUCCESS, 5, 4},
        {SQL_FETCH_NEXT, 0, SQL_SUCCESS, 9, 2},
        {SQL_FETCH_NEXT, 0, SQL_NO_DATA, 0, 0},
        {SQL_FETCH_PRIOR, 0, SQL_SUCCESS, 7, 4},
        {SQL_FETCH_RELATIVE, -4, SQL_SUCCESS, 3, 4},
        {SQL_FETCH_PRIOR, 0, SQL_SUCCESS_WITH_INFO, 1, 4},
        {SQL_FETCH_PRIOR, 0, SQL_NO_DATA, 0, 0},
        {SQL_FETCH_ABSOLUTE, -3, SQL_SUCCESS, 8, 3},
        {SQL_FETCH_LAST, 0, SQL_SUCCESS, 7, 4},
    };
    for (const auto& step : steps) {
        EXPECT_EQ(step.result, SQLFetchScroll(query, step.where, step.offset)) << query.text();
        EXPECT_EQ(step.rows, fetched);
        for (SQLULEN i = 0; i < 4; ++i)
            EXPECT_EQ(i < step.rows ? SQL_ROW_SUCCESS : SQL_ROW_NOROW, status[i]) << step.first;
        for (SQLULEN i = 0; i < step.rows; ++i) EXPECT_EQ(step.first + static_cast<int>(i), n[i]);
        if (step.result == SQL_SUCCESS_WITH_INFO) {
            EXPECT_EQ("01S06", query.state());
        }
        if (step.rows == 0) continue;
        SQLULEN row = 99;
        ASSERT_OK(query, SQLGetStmtAttr(query, SQL_ATTR_ROW_NUMBER, &row, 0, nullptr));
        EXPECT_EQ(static_cast<SQLULEN>(step.first), row);
    }
}

TEST_F(Cursors, CellsOfEveryRowOfARowset) {
    for (const SQLULEN type : {SQLULEN{SQL_CURSOR_FORWARD_ONLY}, SQLULEN{SQL_CURSOR_STATIC}}) {
        Query query(link);
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(type), 0));
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(4), 0));
        ASSERT_OK(query, query.run(kTen));
        SQLINTEGER n[4];
        ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, n, 0, nullptr));
        for (int first = 1; first <= 5; first += 4) {
            ASSERT_OK(query, query.fetch());
            EXPECT_EQ("row " + std::to_string(first), cell(query, 2));
            for (const int row : {4, 1, 3, 2}) {
                ASSERT_OK(query, SQLSetPos(query, static_cast<SQLSETPOSIROW>(row), SQL_POSITION,
                                           SQL_LOCK_NO_CHANGE));
                const int expected = first + row - 1;
                EXPECT_EQ(expected == 4 ? "NULL" : std::to_string(expected * 10), cell(query, 3));
                EXPECT_EQ("row " + std::to_string(expected), cell(query, 2));
                EXPECT_EQ(expected, n[row - 1]);
            }
        }
        EXPECT_STATE(query, "HY107", SQLSetPos(query, 5, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    }
}

TEST_F(Cursors, StaticOnesKnowHowManyRowsTheyHave) {
    for (const auto& [type, kept] :
         {std::pair{SQL_CURSOR_STATIC, SQLLEN{3}}, std::pair{SQL_CURSOR_FORWARD_ONLY, SQLLEN{0}}}) {
        Query query(link);
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE,
                                        reinterpret_cast<SQLPOINTER>(SQLULEN{type}), 0));
        ASSERT_OK(query, query.run("SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"));
        ASSERT_OK(query, query.fetch());
        SQLLEN rows = -2;
        ASSERT_OK(query, SQLRowCount(query, &rows));
        EXPECT_EQ(3, rows);
        ASSERT_OK(query, SQLGetDiagField(SQL_HANDLE_STMT, query, 0, SQL_DIAG_CURSOR_ROW_COUNT,
                                         &rows, SQL_IS_INTEGER, nullptr));
        EXPECT_EQ(kept, rows);
    }
}

TEST_F(Cursors, RefreshFillsTheBuffersAgain) {
    Query query(link);
    scrollable(query);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(3), 0));
    ASSERT_OK(query, query.run(kTen));
    SQLINTEGER n[3];
    ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, n, 0, nullptr));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_ABSOLUTE, 5));
    n[0] = n[1] = n[2] = 0;
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((std::vector<SQLINTEGER>{0, 6, 0}), std::vector<SQLINTEGER>(n, n + 3));
    ASSERT_OK(query, SQLSetPos(query, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((std::vector<SQLINTEGER>{5, 6, 7}), std::vector<SQLINTEGER>(n, n + 3));
}

TEST_F(Cursors, ExtendedFetchHasItsOwnRowsetSize) {
    Query query(link);
    scrollable(query);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ROWSET_SIZE, number(3), 0));
    ASSERT_OK(query, query.run(kTen));
    SQLINTEGER n[3] = {};
    SQLULEN rows = 0;
    SQLUSMALLINT status[3];
    ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, n, 0, nullptr));
    ASSERT_OK(query, SQLExtendedFetch(query, SQL_FETCH_LAST, 0, &rows, status));
    EXPECT_EQ(3u, rows);
    EXPECT_EQ(8, n[0]);
    EXPECT_EQ(10, n[2]);
    EXPECT_EQ(SQL_NO_DATA, SQLExtendedFetch(query, SQL_FETCH_NEXT, 0, &rows, status));
}

TEST_F(Cursors, MaxLengthCutsSilentlyBetweenCharacters) {
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_MAX_LENGTH, number(5), 0));
    ASSERT_OK(query,
              query.run("SELECT 'abcdefgh', 123456789, CONCAT('abcd', _utf8mb4 0xC3A9), NULL"));
    ASSERT_EQ(SQL_SUCCESS, query.fetch());
    EXPECT_EQ("abcde", cell(query, 1));
    EXPECT_EQ("123456789", cell(query, 2));
    EXPECT_EQ("abcd", cell(query, 3));
    EXPECT_EQ("NULL", cell(query, 4));
}

TEST_F(Cursors, RetrieveDataOffMovesWithoutStoring) {
    Query query(link);
    ASSERT_OK(query, query.run(kTen));
    SQLINTEGER n = 77;
    ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, &n, 0, nullptr));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_RETRIEVE_DATA, number(SQL_RD_OFF), 0));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(77, n);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_RETRIEVE_DATA, number(SQL_RD_ON), 0));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(2, n);
}

TEST_F(Cursors, MaxRowsBoundsAScrollableResult) {
    Query query(link);
    scrollable(query);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_MAX_ROWS, number(6), 0));
    ASSERT_OK(query, query.run(kTen));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_LAST, 0));
    EXPECT_EQ("row 6", cell(query, 2));
}

TEST_F(Cursors, EveryResultOfSeveralScrolls) {
    Query procedure(link);
    procedure.run("DROP PROCEDURE IF EXISTS two_results");
    ASSERT_OK(procedure, procedure.run("CREATE PROCEDURE two_results() BEGIN SELECT 1 UNION ALL "
                                       "SELECT 2; SELECT 'x' UNION ALL SELECT 'y'; END"));
    Query query(link);
    scrollable(query);
    ASSERT_OK(query, query.run("CALL two_results()"));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_LAST, 0));
    EXPECT_EQ("2", cell(query, 1));
    ASSERT_OK(query, SQLMoreResults(query));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_LAST, 0));
    EXPECT_EQ("y", cell(query, 1));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_FIRST, 0));
    EXPECT_EQ("x", cell(query, 1));
    EXPECT_EQ(SQL_SUCCESS, SQLMoreResults(query));  // the completion of the CALL
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
}

TEST_F(Cursors, ReadOnlyRowsAreNotChanged) {
    Query query(link);
    scrollable(query);
    SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_READ_ONLY), 0);
    ASSERT_OK(query, query.run(kTen));
    ASSERT_OK(query, query.fetch());
    EXPECT_STATE(query, "HY092", SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_STATE(query, "HYC00", SQLSetPos(query, 1, SQL_POSITION, SQL_LOCK_EXCLUSIVE));
}

}  // namespace
}  // namespace myfabric::test
