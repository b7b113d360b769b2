// SQLBulkOperations: adding, and updating, deleting and fetching by bookmark.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class BulkOperations : public testing::Test {
protected:
    static constexpr SQLULEN size = 3;
    struct Row {  // bound by row
        SQLULEN bookmark = 0;
        SQLLEN bookmark_length = 8;
        SQLINTEGER id = 0;
        SQLLEN id_length = 0;
        char name[20] = "";
        SQLLEN name_length = SQL_NTS;
    };

    void SetUp() override {
        link.open(server_string());
        link.run(
            "CREATE TEMPORARY TABLE bulk (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) "
            "DEFAULT 'none')");
        link.run("INSERT INTO bulk VALUES (1,'a'),(2,'b'),(3,'c'),(4,'d'),(5,'e')");
    }
    void open(Query& query, SQLULEN concurrency = SQL_CONCUR_VALUES) {
        const auto set = [&](SQLINTEGER id, SQLPOINTER value) {
            ASSERT_OK(query, SQLSetStmtAttr(query, id, value, 0));
        };
        set(SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC));
        set(SQL_ATTR_CONCURRENCY, number(concurrency));
        set(SQL_ATTR_USE_BOOKMARKS, number(SQL_UB_VARIABLE));
        set(SQL_ATTR_ROW_ARRAY_SIZE, number(size));
        set(SQL_ATTR_ROW_BIND_TYPE, number(sizeof(Row)));
        set(SQL_ATTR_ROW_STATUS_PTR, status);
        set(SQL_ATTR_ROWS_FETCHED_PTR, &rows);
        ASSERT_OK(query, query.run("SELECT id, name FROM bulk ORDER BY id"));
        ASSERT_OK(query, SQLBindCol(query, 0, SQL_C_VARBOOKMARK, &row[0].bookmark, 8,
                                    &row[0].bookmark_length));
        ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, &row[0].id, 0, &row[0].id_length));
        ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_CHAR, row[0].name, sizeof row[0].name,
                                    &row[0].name_length));
    }
    void set(Row& to, const std::string& name) {
        name.copy(to.name, sizeof to.name - 1);
        to.name[name.size()] = 0;
        to.name_length = SQL_NTS;
    }
    std::vector<std::string> table() { return link.rows("SELECT id, name FROM bulk ORDER BY id"); }
    SQLLEN count(Query& query) {
        SQLLEN found = -9;
        SQLRowCount(query, &found);
        return found;
    }

    Link link;
    Row row[size];
    SQLUSMALLINT status[size] = {};
    SQLULEN rows = 0;
};

TEST_F(BulkOperations, AddsRowsAndGivesTheirBookmarks) {
    Query query(link);
    open(query);
    row[0].id = 20;
    set(row[0], "twenty");
    row[1].id_length = SQL_COLUMN_IGNORE;  // generated
    set(row[1], "next");
    row[2].id = 7;
    row[2].name_length = SQL_COLUMN_IGNORE;  // its default
    ASSERT_OK(query, SQLBulkOperations(query, SQL_ADD));
    EXPECT_EQ(3u, rows);
    EXPECT_EQ(3, count(query));
    for (const SQLUSMALLINT each : status) EXPECT_EQ(SQL_ROW_ADDED, each);
    const auto all = table();
    EXPECT_EQ((std::vector<std::string>{"7|none", "20|twenty", "21|next"}),
              std::vector<std::string>(all.begin() + 5, all.end()));
    // The cursor has them behind the others.
    const SQLULEN third = row[2].bookmark;
    SQLULEN from = row[0].bookmark;
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_FETCH_BOOKMARK_PTR, &from, 0));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_BOOKMARK, 0));
    EXPECT_EQ(20, row[0].id);
    EXPECT_EQ(21, row[1].id);
    EXPECT_EQ(third, row[2].bookmark);
    EXPECT_STREQ("none", row[2].name);
    EXPECT_EQ(SQL_ROW_SUCCESS, status[0]);
}

TEST_F(BulkOperations, UpdatesAndDeletesAndFetchesByBookmark) {
    Query query(link);
    open(query);
    ASSERT_OK(query, query.fetch());
    const SQLULEN first = row[0].bookmark;
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_LAST, 0));
    std::swap(row[0].bookmark, row[2].bookmark);  // 5, 4, 3
    row[1].bookmark = first;                      // 5, 1, 3
    const char* names[] = {"five", "one", "three"};
    for (SQLULEN i = 0; i < size; ++i) {
        row[i].id_length = SQL_COLUMN_IGNORE;
        set(row[i], names[i]);
    }
    ASSERT_OK(query, SQLBulkOperations(query, SQL_UPDATE_BY_BOOKMARK));
    EXPECT_EQ((std::vector<std::string>{"1|one", "2|b", "3|three", "4|d", "5|five"}), table());
    for (const SQLUSMALLINT each : status) EXPECT_EQ(SQL_ROW_UPDATED, each);
    EXPECT_EQ(3u, rows);
    EXPECT_STATE(query, "HY109", SQLSetPos(query, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE));

    for (Row& each : row) {
        each.id = 0;
        each.name[0] = 0;
    }
    ASSERT_OK(query, SQLBulkOperations(query, SQL_FETCH_BY_BOOKMARK));
    EXPECT_EQ(5, row[0].id);
    EXPECT_STREQ("one", row[1].name);
    EXPECT_EQ(3, row[2].id);
    EXPECT_EQ(SQL_ROW_SUCCESS, status[2]);

    row[1].bookmark = 99;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLBulkOperations(query, SQL_DELETE_BY_BOOKMARK));
    EXPECT_EQ("HY111", query.state()) << query.text();
    EXPECT_EQ(SQL_ROW_DELETED, status[0]);
    EXPECT_EQ(SQL_ROW_ERROR, status[1]);
    EXPECT_EQ(2u, rows);
    EXPECT_EQ((std::vector<std::string>{"1|one", "2|b", "4|d"}), table());
}

TEST_F(BulkOperations, DataComesAtExecution) {
    Query query(link);
    open(query);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0));
    for (int i = 0; i < 2; ++i) {
        row[i].id = 30 + i;
        row[i].name_length = SQL_LEN_DATA_AT_EXEC(3);
    }
    ASSERT_EQ(SQL_NEED_DATA, SQLBulkOperations(query, SQL_ADD));
    for (int i = 0; i < 2; ++i) {
        SQLPOINTER token = nullptr;
        ASSERT_EQ(SQL_NEED_DATA, SQLParamData(query, &token)) << query.text();
        EXPECT_EQ(row[i].name, token);
        ASSERT_OK(query, SQLPutData(query, const_cast<char*>("ab"), 2));
        ASSERT_OK(query, SQLPutData(query, const_cast<char*>(i ? "d" : "c"), 1));
    }
    SQLPOINTER token = nullptr;
    ASSERT_OK(query, SQLParamData(query, &token));
    EXPECT_EQ("30|abc", table()[5]);
    EXPECT_EQ("31|abd", table()[6]);
    EXPECT_EQ(2u, rows);
}

TEST_F(BulkOperations, ErrorsOfRowsAreTold) {
    Query query(link);
    open(query);
    row[0].id = 5;  // is there
    row[1].id = 8;
    row[2].id = 5;
    for (Row& each : row) set(each, "x");
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLBulkOperations(query, SQL_ADD));
    EXPECT_EQ("23000", query.state()) << query.text();
    EXPECT_EQ(SQL_ROW_ERROR, status[0]);
    EXPECT_EQ(SQL_ROW_ADDED, status[1]);
    EXPECT_EQ(SQL_ROW_ERROR, status[2]);
    row[1].id = 5;
    EXPECT_STATE(query, "23000", SQLBulkOperations(query, SQL_ADD));
    EXPECT_STATE(query, "HY092", SQLBulkOperations(query, 77));
    ASSERT_OK(query, SQLBindCol(query, 0, SQL_C_VARBOOKMARK, &row[0].bookmark, 5, nullptr));
    EXPECT_STATE(query, "HY090", SQLBulkOperations(query, SQL_ADD));
    ASSERT_OK(query, SQLBindCol(query, 0, SQL_C_VARBOOKMARK, nullptr, 0, nullptr));
    EXPECT_STATE(query, "HY092", SQLBulkOperations(query, SQL_DELETE_BY_BOOKMARK));
    Query fixed(link);
    open(fixed, SQL_CONCUR_READ_ONLY);
    EXPECT_STATE(fixed, "HY092", SQLBulkOperations(fixed, SQL_ADD));
}

}  // namespace
}  // namespace myfabric::test
