// Bookmarks: column 0 by all ways, and fetching from a bookmark.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

constexpr const char* kTen =
    "SELECT n FROM (SELECT 1 n UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL "
    "SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9 UNION "
    "ALL SELECT 10) q ORDER BY n";

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class Bookmarks : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }
    void use(Query& query, SQLULEN kind, SQLULEN type = SQL_CURSOR_STATIC) {
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(type), 0));
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_USE_BOOKMARKS, number(kind), 0));
    }
    Link link;
};

TEST_F(Bookmarks, ColumnZeroIsDescribed) {
    const struct {
        SQLULEN kind;
        SQLSMALLINT type;
        SQLLEN octets;
    } samples[] = {{SQL_UB_VARIABLE, SQL_BINARY, 8}, {SQL_UB_FIXED, SQL_BIGINT, 20}};
    for (const auto& sample : samples) {
        Query query(link);
        use(query, sample.kind);
        ASSERT_OK(query, query.run(kTen));
        SQLSMALLINT type = 0, nullable = 9;
        SQLULEN size = 0;
        ASSERT_OK(query,
                  SQLDescribeCol(query, 0, nullptr, 0, nullptr, &type, &size, nullptr, &nullable));
        EXPECT_EQ(sample.type, type);
        EXPECT_EQ(SQL_NO_NULLS, nullable);
        SQLLEN octets = 0;
        ASSERT_OK(query,
                  SQLColAttribute(query, 0, SQL_DESC_OCTET_LENGTH, nullptr, 0, nullptr, &octets));
        EXPECT_EQ(sample.octets, octets);
        SQLHDESC ird = SQL_NULL_HDESC;
        ASSERT_OK(query, SQLGetStmtAttr(query, SQL_ATTR_IMP_ROW_DESC, &ird, 0, nullptr));
        SQLLEN length = 0;
        EXPECT_EQ(SQL_SUCCESS, SQLGetDescField(ird, 0, SQL_DESC_OCTET_LENGTH, &length, 0, nullptr));
        EXPECT_EQ(sample.octets, length);
    }
}

TEST_F(Bookmarks, RowsAreFetchedFromABookmark) {
    for (const SQLULEN kind : {SQL_UB_VARIABLE, SQL_UB_FIXED}) {
        Query query(link);
        use(query, kind);
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0));
        SQLULEN marks[2] = {};
        SQLLEN lengths[2] = {};
        SQLINTEGER n[2] = {};
        const SQLSMALLINT c_type = kind == SQL_UB_FIXED ? SQL_C_BOOKMARK : SQL_C_VARBOOKMARK;
        ASSERT_OK(query, SQLBindCol(query, 0, c_type, marks, sizeof marks[0], lengths));
        ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, n, 0, nullptr));
        ASSERT_OK(query, query.run(kTen));
        ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_ABSOLUTE, 4));
        EXPECT_EQ(8, lengths[1]);
        EXPECT_NE(marks[0], marks[1]);
        SQLULEN fifth = marks[1];
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_FETCH_BOOKMARK_PTR, &fifth, 0));
        const struct {
            SQLLEN offset;
            SQLRETURN result;
            int first;
        } samples[] = {
            {0, SQL_SUCCESS, 5}, {3, SQL_SUCCESS, 8},  {-4, SQL_SUCCESS, 1},
            {6, SQL_NO_DATA, 0}, {-5, SQL_NO_DATA, 0},
        };
        for (const auto& sample : samples) {
            EXPECT_EQ(sample.result, SQLFetchScroll(query, SQL_FETCH_BOOKMARK, sample.offset));
            if (sample.first) {
                EXPECT_EQ(sample.first, n[0]) << sample.offset;
            }
        }
        for (const SQLULEN wrong : {SQLULEN{0}, SQLULEN{11}, ~SQLULEN{0}}) {
            fifth = wrong;
            EXPECT_STATE(query, "HY111", SQLFetchScroll(query, SQL_FETCH_BOOKMARK, 0));
        }
    }
}

TEST_F(Bookmarks, GetDataGivesThem) {
    for (const SQLULEN type : {SQL_CURSOR_STATIC, SQL_CURSOR_FORWARD_ONLY}) {
        Query query(link);
        use(query, SQL_UB_VARIABLE, type);
        ASSERT_OK(query, query.run(kTen));
        ASSERT_OK(query, query.fetch());
        ASSERT_OK(query, query.fetch());
        SQLULEN bytes = 0, fixed = 0;
        SQLLEN length = 0;
        ASSERT_OK(query, SQLGetData(query, 0, SQL_C_VARBOOKMARK, &bytes, sizeof bytes, &length));
        EXPECT_EQ(8, length);
        ASSERT_OK(query, SQLGetData(query, 0, SQL_C_BOOKMARK, &fixed, sizeof fixed, &length));
        EXPECT_EQ(bytes, fixed);
        EXPECT_EQ(2u, bytes);
        EXPECT_EQ("2", query.get(1));
    }
}

TEST_F(Bookmarks, AreAnAttributeForProgramsOfOdbc2) {
    Query query(link);
    SQLULEN mark = 0;
    EXPECT_STATE(query, "24000", SQLGetStmtAttr(query, SQL_GET_BOOKMARK, &mark, 0, nullptr));
    use(query, SQL_UB_FIXED);
    ASSERT_OK(query, query.run(kTen));
    EXPECT_STATE(query, "24000", SQLGetStmtAttr(query, SQL_GET_BOOKMARK, &mark, 0, nullptr));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_ABSOLUTE, 4));
    ASSERT_OK(query, SQLGetStmtAttr(query, SQL_GET_BOOKMARK, &mark, 0, nullptr));
    EXPECT_EQ(4u, mark);
    Query without(link);
    ASSERT_OK(without, without.run(kTen));
    ASSERT_OK(without, without.fetch());
    EXPECT_STATE(without, "HY092", SQLGetStmtAttr(without, SQL_GET_BOOKMARK, &mark, 0, nullptr));
}

TEST_F(Bookmarks, WithoutThemColumnZeroIsRefused) {
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0));
    ASSERT_OK(query, query.run(kTen));
    ASSERT_OK(query, query.fetch());
    SQLULEN value = 0;
    SQLLEN length = 0;
    EXPECT_STATE(query, "07009",
                 SQLGetData(query, 0, SQL_C_VARBOOKMARK, &value, sizeof value, &length));
    EXPECT_STATE(query, "07009",
                 SQLDescribeCol(query, 0, nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr));
    value = 1;
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_FETCH_BOOKMARK_PTR, &value, 0));
    EXPECT_STATE(query, "HY106", SQLFetchScroll(query, SQL_FETCH_BOOKMARK, 0));
    EXPECT_STATE(query, "24000",
                 SQLSetStmtAttr(query, SQL_ATTR_USE_BOOKMARKS, number(SQL_UB_VARIABLE), 0));
}

}  // namespace
}  // namespace myfabric::test
