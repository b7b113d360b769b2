// Keyset-driven and dynamic cursors, locks and row versions: what others change while one is open.
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

class LiveCursors : public testing::TestWithParam<bool> {
protected:
    static constexpr SQLULEN size = 4;

    void SetUp() override {
        link.open(server_string());
        other.open(server_string());
        link.run("DROP TABLE IF EXISTS living");
        link.run(
            "CREATE TABLE living (id INT PRIMARY KEY, t VARCHAR(20), f FLOAT, v TIMESTAMP NOT NULL "
            "DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB");
        for (int i = 1; i <= 5; ++i)
            link.run("INSERT INTO living VALUES (" + std::to_string(i * 10) + ", 'row " +
                     std::to_string(i) + "', 1.1, '2020-01-01')");
    }
    void TearDown() override { link.run("DROP TABLE IF EXISTS living"); }

    void open(Query& query, SQLULEN type, const std::string& sql, SQLULEN rows = size) {
        ASSERT_EQ(SQL_SUCCESS, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(type), 0));
        SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(rows), 0);
        SQLSetStmtAttr(query, SQL_ATTR_ROW_STATUS_PTR, status, 0);
        SQLSetStmtAttr(query, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
        SQLBindCol(query, 1, SQL_C_SLONG, id, 0, nullptr);
        SQLBindCol(query, 2, SQL_C_CHAR, text, sizeof text[0], length);
        start(query, sql);
    }
    static void start(Query& query, const std::string& sql) {
        if (GetParam()) {
            ASSERT_OK(query, query.prepare(sql));
            ASSERT_OK(query, query.execute());
        } else {
            ASSERT_OK(query, query.run(sql));
        }
    }
    static SQLULEN attribute(Query& query, SQLINTEGER which) {
        SQLULEN value = 99;
        EXPECT_EQ(SQL_SUCCESS, SQLGetStmtAttr(query, which, &value, 0, nullptr));
        return value;
    }
    /// What a fetch gives: "10 row 1 | 20 gone | 30 row 3 changed".
    std::string scroll(Query& query, SQLSMALLINT where, SQLLEN offset = 0) {
        const SQLRETURN result = SQLFetchScroll(query, where, offset);
        if (result == SQL_NO_DATA) return "none";
        if (!SQL_SUCCEEDED(result)) return query.text();
        std::string seen;
        for (SQLULEN row = 0; row < fetched; ++row) {
            if (row) seen += " | ";
            if (status[row] == SQL_ROW_DELETED) {
                seen += "gone";
                continue;
            }
            seen += std::to_string(id[row]) + " " + text[row];
            if (status[row] == SQL_ROW_UPDATED) seen += " changed";
        }
        return seen;
    }

    Link link, other;
    SQLINTEGER id[size]{};
    char text[size][20]{};
    SQLLEN length[size]{};
    SQLUSMALLINT status[size]{};
    SQLULEN fetched = 0;
};

constexpr const char* all = "SELECT id, t FROM living ORDER BY id";

TEST_P(LiveCursors, KeysetSeesChangesAndHolesButNoNewRows) {
    Query query(link);
    open(query, SQL_CURSOR_KEYSET_DRIVEN, all, 3);
    EXPECT_EQ(SQLULEN{SQL_CURSOR_KEYSET_DRIVEN}, attribute(query, SQL_ATTR_CURSOR_TYPE));
    EXPECT_EQ("10 row 1 | 20 row 2 | 30 row 3", scroll(query, SQL_FETCH_FIRST));
    other.run("UPDATE living SET t = 'new' WHERE id = 20");
    other.run("DELETE FROM living WHERE id = 30");
    other.run("INSERT INTO living (id, t) VALUES (25, 'added')");
    EXPECT_EQ("10 row 1 | 20 new changed | gone", scroll(query, SQL_FETCH_FIRST));
    EXPECT_EQ("10 row 1 | 20 new | gone", scroll(query, SQL_FETCH_FIRST));
    EXPECT_STATE(query, "HY109", SQLSetPos(query, 3, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("40 row 4 | 50 row 5", scroll(query, SQL_FETCH_NEXT));
    EXPECT_EQ("none", scroll(query, SQL_FETCH_NEXT));
    // A row may come back, and a key may be another one.
    other.run("INSERT INTO living (id, t) VALUES (30, 'again')");
    other.run("UPDATE living SET id = 11 WHERE id = 10");
    EXPECT_EQ("gone | 20 new | 30 again changed", scroll(query, SQL_FETCH_FIRST));
}

TEST_P(LiveCursors, KeysetReadsChangesBeforeTheFirstFetchAsTheyAre) {
    Query query(link);
    open(query, SQL_CURSOR_KEYSET_DRIVEN, all, 2);
    other.run("UPDATE living SET t = 'new' WHERE id = 10");
    EXPECT_EQ("10 new | 20 row 2", scroll(query, SQL_FETCH_FIRST));
    EXPECT_EQ("new", query.get(2));
}

TEST_P(LiveCursors, KeysetChangesRowsThatOthersChanged) {
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_VALUES), 0);
    open(query, SQL_CURSOR_KEYSET_DRIVEN, all, 2);
    scroll(query, SQL_FETCH_FIRST);
    other.run("UPDATE living SET t = 'theirs' WHERE id = 20");
    std::strcpy(text[1], "mine");
    length[1] = SQL_NTS;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("01001", query.state());
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    EXPECT_STREQ("theirs", text[1]);
    std::strcpy(text[1], "mine");
    ASSERT_EQ(SQL_SUCCESS, SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("mine", other.value("SELECT t FROM living WHERE id = 20"));
    id[0] = 60;
    std::strcpy(text[0], "added");
    length[0] = SQL_NTS;
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(1), 0));
    ASSERT_OK(query, SQLBulkOperations(query, SQL_ADD));
    EXPECT_EQ("60 added", scroll(query, SQL_FETCH_LAST));
}

TEST_P(LiveCursors, DynamicSeesEverythingThatOthersDo) {
    Query query(link);
    open(query, SQL_CURSOR_DYNAMIC, all, 2);
    EXPECT_EQ(SQLULEN{SQL_CURSOR_DYNAMIC}, attribute(query, SQL_ATTR_CURSOR_TYPE));
    EXPECT_EQ(SQLULEN{SQL_SENSITIVE}, attribute(query, SQL_ATTR_CURSOR_SENSITIVITY));
    other.run("INSERT INTO living (id, t) VALUES (5, 'five')");
    EXPECT_EQ("5 five | 10 row 1", scroll(query, SQL_FETCH_NEXT));
    // "Insert row between rows 30 and 31, NEXT: inserted row, 31 to 39"
    other.run("INSERT INTO living (id, t) VALUES (15, 'fifteen')");
    EXPECT_EQ("15 fifteen | 20 row 2", scroll(query, SQL_FETCH_NEXT));
    // "Delete row 21, NEXT: 31 to 40"
    other.run("DELETE FROM living WHERE id = 15");
    EXPECT_EQ("30 row 3 | 40 row 4", scroll(query, SQL_FETCH_NEXT));
    // "Delete row 20, PRIOR: 10 to 19"
    other.run("DELETE FROM living WHERE id = 20");
    EXPECT_EQ("5 five | 10 row 1", scroll(query, SQL_FETCH_PRIOR));
    // "Insert row between rows 21 and 22, RELATIVE 0: 21, inserted row"
    other.run("INSERT INTO living (id, t) VALUES (7, 'seven')");
    EXPECT_EQ("5 five | 7 seven", scroll(query, SQL_FETCH_RELATIVE, 0));
    // "Delete row 21, RELATIVE 1: 22 to 31"
    other.run("DELETE FROM living WHERE id = 5");
    EXPECT_EQ("7 seven | 10 row 1", scroll(query, SQL_FETCH_RELATIVE, 1));
    EXPECT_EQ("40 row 4 | 50 row 5", scroll(query, SQL_FETCH_LAST));
    other.run("INSERT INTO living (id, t) VALUES (60, 'sixty')");
    EXPECT_EQ("60 sixty", scroll(query, SQL_FETCH_NEXT));
    EXPECT_EQ("none", scroll(query, SQL_FETCH_NEXT));
    other.run("DELETE FROM living");
    EXPECT_EQ("none", scroll(query, SQL_FETCH_PRIOR));
    EXPECT_EQ("none", scroll(query, SQL_FETCH_FIRST));
}

TEST_P(LiveCursors, DynamicKeepsTheValuesOfItsParameters) {
    Query query(link);
    SQLINTEGER from = 30;
    char to[8] = "row 5";
    SQLLEN to_length = SQL_NTS;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      &from, 0, nullptr));
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, to,
                                      sizeof to, &to_length));
    open(query, SQL_CURSOR_DYNAMIC,
         "SELECT id, t FROM living WHERE id >= ? AND t <= ? ORDER BY id");
    EXPECT_EQ(SQLULEN{SQL_CURSOR_DYNAMIC}, attribute(query, SQL_ATTR_CURSOR_TYPE));
    from = 0;
    std::strcpy(to, "aaa");
    other.run("INSERT INTO living (id, t) VALUES (35, 'row 3b')");
    EXPECT_EQ("30 row 3 | 35 row 3b | 40 row 4 | 50 row 5", scroll(query, SQL_FETCH_FIRST));
}

TEST_P(LiveCursors, ResultsWithoutAKeyAreStatic) {
    const char* samples[] = {
        "SELECT COUNT(*), 'x' FROM living",
        "SELECT a.id, b.t FROM living a JOIN living b USING (id)",
        "SELECT 1, t FROM living",
        "SELECT id, t FROM living UNION SELECT 1, 'x'",
        "SELECT 1, 'x'",
    };
    for (const SQLULEN type : {SQL_CURSOR_KEYSET_DRIVEN, SQL_CURSOR_DYNAMIC})
        for (const char* sql : samples) {
            SCOPED_TRACE(sql);
            Query query(link);
            open(query, type, sql);
            EXPECT_EQ("01S02", query.state());
            EXPECT_EQ(SQLULEN{SQL_CURSOR_STATIC}, attribute(query, SQL_ATTR_CURSOR_TYPE));
            ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_LAST, 0));
            query.close();
            EXPECT_EQ(type, attribute(query, SQL_ATTR_CURSOR_TYPE));
        }
}

TEST_P(LiveCursors, KeysOfTextsAndSeveralColumnsAndExpressionsAreServed) {
    link.run("DROP TABLE living");
    link.run(
        "CREATE TABLE living (a VARCHAR(20) NOT NULL, b DATE NOT NULL, d DECIMAL(10,2), f DOUBLE, "
        "PRIMARY KEY (a, b)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    link.run(
        "INSERT INTO living VALUES ('Ä''\\\\x', '2020-01-01', 1.50, 0.1), ('b', '2020-01-02', "
        "NULL, "
        "1e100), ('c', '2020-01-03', -3, 2)");
    Query query(link);
    ASSERT_OK(query,
              SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_KEYSET_DRIVEN), 0));
    start(query, "SELECT a, b, d, f, CONCAT(a, '!') FROM living ORDER BY b");
    EXPECT_EQ(SQLULEN{SQL_CURSOR_KEYSET_DRIVEN}, attribute(query, SQL_ATTR_CURSOR_TYPE));
    const auto row = [&] {
        std::string seen;
        for (SQLUSMALLINT column = 1; column <= 5; ++column)
            seen += query.get(column).value_or("NULL") + (column < 5 ? " " : "");
        return seen;
    };
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("Ä'\\x 2020-01-01 1.50 0.1 Ä'\\x!", row());
    other.run("UPDATE living SET d = 7 WHERE b = '2020-01-01'");
    other.run("UPDATE living SET a = 'B', d = 8 WHERE a = 'b'");
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_FIRST, 0));
    EXPECT_EQ("Ä'\\x 2020-01-01 7.00 0.1 Ä'\\x!", row());
    ASSERT_OK(query, query.fetch());  // the same key for the collation
    EXPECT_EQ("B 2020-01-02 8.00 ", row().substr(0, 18));
}

TEST_P(LiveCursors, LargeOnesAreReadThroughWithoutReadingAnewEachTime) {
    link.run("DELETE FROM living");
    link.run("INSERT INTO living (id, t) VALUES (0, 'x')");
    for (int rows = 1; rows < 4096; rows *= 2)
        link.run("INSERT INTO living (id, t) SELECT id + " + std::to_string(rows) +
                 ", t FROM living");
    for (const SQLULEN type : {SQL_CURSOR_KEYSET_DRIVEN, SQL_CURSOR_DYNAMIC}) {
        Query query(link);
        const auto asked = [&] {
            return std::stoll(link.rows("SHOW SESSION STATUS LIKE 'Handler_read_next'")[0].substr(
                std::strlen("Handler_read_next|")));
        };
        open(query, type, all, 4);
        const long long before = asked();
        SQLULEN rows = 0;
        SQLRETURN result;
        while ((result = query.fetch()) != SQL_NO_DATA) {
            ASSERT_OK(query, result);
            rows += fetched;
        }
        EXPECT_EQ(4096u, rows);
        EXPECT_GT(4 * 4096, asked() - before);
    }
}

TEST_P(LiveCursors, KeysetSizeIsAtLeastARowset) {
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_KEYSET_SIZE, number(2), 0));
    open(query, SQL_CURSOR_KEYSET_DRIVEN, all, 3);
    EXPECT_STATE(query, "HY107", SQLFetchScroll(query, SQL_FETCH_FIRST, 0));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0));
    EXPECT_EQ("10 row 1 | 20 row 2", scroll(query, SQL_FETCH_FIRST));
}

// ---- locks and versions -------------------------------------------------------------------------

TEST_P(LiveCursors, RowsAreLockedInATransaction) {
    other.run("SET innodb_lock_wait_timeout = 1");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    {
        Query query(link), change(other);
        ASSERT_EQ(SQL_SUCCESS,
                  SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_LOCK), 0));
        open(query, SQL_CURSOR_STATIC, "SELECT id, t FROM living WHERE id = 10; -- one");
        EXPECT_EQ(SQLULEN{SQL_CONCUR_LOCK}, attribute(query, SQL_ATTR_CONCURRENCY));
        EXPECT_EQ("10 row 1", scroll(query, SQL_FETCH_FIRST));
        EXPECT_EQ(SQL_ERROR, change.run("UPDATE living SET t = 'x' WHERE id = 10"));
        ASSERT_OK(change, change.run("UPDATE living SET t = 'x' WHERE id = 20"));
        std::strcpy(text[0], "mine");
        length[0] = SQL_NTS;
        ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    }
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ("mine", other.value("SELECT t FROM living WHERE id = 10"));
    {
        Query query(link), change(other);
        open(query, SQL_CURSOR_KEYSET_DRIVEN, all, 3);
        scroll(query, SQL_FETCH_FIRST);
        ASSERT_OK(query, SQLSetPos(query, 2, SQL_POSITION, SQL_LOCK_EXCLUSIVE));
        EXPECT_EQ(SQL_ERROR, change.run("UPDATE living SET t = 'y' WHERE id = 20"));
        ASSERT_OK(change, change.run("UPDATE living SET t = 'y' WHERE id = 30"));
        EXPECT_STATE(query, "HYC00", SQLSetPos(query, 2, SQL_POSITION, SQL_LOCK_UNLOCK));
        query.close();
    }
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
}

TEST_P(LiveCursors, LocksNeedATransaction) {
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_LOCK), 0);
    open(query, SQL_CURSOR_STATIC, all, 2);
    EXPECT_EQ("01S02", query.state());
    EXPECT_EQ(SQLULEN{SQL_CONCUR_VALUES}, attribute(query, SQL_ATTR_CONCURRENCY));
    scroll(query, SQL_FETCH_FIRST);
    EXPECT_STATE(query, "HYC00", SQLSetPos(query, 1, SQL_POSITION, SQL_LOCK_EXCLUSIVE));
}

TEST_P(LiveCursors, VersionsAreComparedInsteadOfValues) {
    Query query(link);
    ASSERT_EQ(SQL_SUCCESS,
              SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_ROWVER), 0));
    open(query, SQL_CURSOR_STATIC, "SELECT id, t, v FROM living ORDER BY id", 3);
    EXPECT_EQ(SQLULEN{SQL_CONCUR_ROWVER}, attribute(query, SQL_ATTR_CONCURRENCY));
    scroll(query, SQL_FETCH_FIRST);
    other.run("UPDATE living SET t = 'same version', v = v WHERE id = 10");
    other.run("UPDATE living SET t = 'theirs' WHERE id = 20");
    for (int row = 0; row < 2; ++row) {
        std::strcpy(text[row], "mine");
        length[row] = SQL_NTS;
    }
    ASSERT_EQ(SQL_SUCCESS, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE)) << query.text();
    SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE);
    EXPECT_EQ("01001", query.state());
    EXPECT_EQ((Texts{"mine", "theirs"}), other.rows("SELECT t FROM living WHERE id < 30"));
    query.close();
    start(query, all);
    EXPECT_EQ("01S02", query.state());
    EXPECT_EQ(SQLULEN{SQL_CONCUR_VALUES}, attribute(query, SQL_ATTR_CONCURRENCY));
}

// ---- what rows are told by ----------------------------------------------------------------------

TEST_P(LiveCursors, FloatsAreCompared) {
    link.run("DROP TABLE living");
    link.run("CREATE TABLE living (id INT, t VARCHAR(20), f FLOAT)");
    link.run("INSERT INTO living VALUES (1, 'one', 1.1), (2, 'two', 3.4e30), (3, 'three', NULL)");
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_VALUES), 0);
    open(query, SQL_CURSOR_STATIC, "SELECT id, t, f FROM living ORDER BY id", 3);
    scroll(query, SQL_FETCH_FIRST);
    for (int row = 0; row < 3; ++row) {
        std::strcpy(text[row], "mine");
        length[row] = SQL_NTS;
    }
    ASSERT_EQ(SQL_SUCCESS, SQLSetPos(query, 0, SQL_UPDATE, SQL_LOCK_NO_CHANGE)) << query.text();
    EXPECT_EQ((Texts{"mine", "mine", "mine"}), link.rows("SELECT t FROM living"));
    other.run("UPDATE living SET f = 1.2 WHERE id = 1");
    SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE);
    EXPECT_EQ("01001", query.state());
}

TEST_P(LiveCursors, ARowWhoseKeyIsADefaultIsSeen) {
    link.run("DROP TABLE living");
    link.run("CREATE TABLE living (id INT NOT NULL DEFAULT 77 PRIMARY KEY, t VARCHAR(20))");
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_VALUES), 0);
    open(query, SQL_CURSOR_STATIC, all, 1);
    EXPECT_EQ("none", scroll(query, SQL_FETCH_FIRST));
    SQLBindCol(query, 1, SQL_C_SLONG, nullptr, 0, nullptr);
    std::strcpy(text[0], "added");
    length[0] = SQL_NTS;
    ASSERT_OK(query, SQLBulkOperations(query, SQL_ADD));
    SQLBindCol(query, 1, SQL_C_SLONG, id, 0, nullptr);
    EXPECT_EQ("77 added", scroll(query, SQL_FETCH_LAST));
}

TEST_P(LiveCursors, PositionedChangesReachTheTableThatIsNamed) {
    link.run("DROP TABLE IF EXISTS living_too");
    link.run("CREATE TABLE living_too (id INT PRIMARY KEY, n INT) ENGINE=InnoDB");
    link.run("INSERT INTO living_too VALUES (10, 1), (20, 2)");
    link.run("CREATE OR REPLACE VIEW living_view AS SELECT id, t FROM living");
    for (const char* sql : {"SELECT l.id, l.t, m.id, m.n FROM living l JOIN living_too m ON l.id = "
                            "m.id ORDER BY l.id",
                            "SELECT id, t FROM living_view ORDER BY id"}) {
        SCOPED_TRACE(sql);
        Query query(link), change(link);
        SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_VALUES), 0);
        ASSERT_OK(query,
                  SQLSetCursorName(query, reinterpret_cast<SQLCHAR*>(const_cast<char*>("both")),
                                   SQL_NTS));
        start(query, sql);
        ASSERT_OK(query, query.fetch());
        ASSERT_OK(query, query.fetch());
        const bool joins = std::strstr(sql, "JOIN");
        ASSERT_OK(change,
                  change.run(joins ? "UPDATE living_too SET n = 22 WHERE CURRENT OF both"
                                   : "UPDATE living_view SET t = 'view' WHERE CURRENT OF both"));
        if (joins) {
            EXPECT_EQ("22", query.get(4));  // of the view no key is known to read it again by
        }
    }
    EXPECT_EQ((Texts{"10|1", "20|22"}), link.rows("SELECT * FROM living_too ORDER BY id"));
    EXPECT_EQ("view", link.value("SELECT t FROM living WHERE id = 20"));
    link.run("DROP VIEW living_view");
    link.run("DROP TABLE living_too");
}

TEST_P(LiveCursors, RowsOfJoinsAreUpdatedWhereTheValuesAreOfOneTable) {
    link.run("DROP TABLE IF EXISTS living_too");
    link.run("CREATE TABLE living_too (id INT PRIMARY KEY, n INT, t VARCHAR(20)) ENGINE=InnoDB");
    link.run("INSERT INTO living_too VALUES (10, 1, 'a'), (20, 2, 'b')");
    const std::string before = link.value("SELECT t FROM living WHERE id = 10").value_or("");
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_VALUES), 0);
    SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0);
    SQLINTEGER n = 0;
    SQLCHAR texts[2][20] = {};
    SQLLEN n_length = 0, lengths[2] = {};
    ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_CHAR, texts[0], sizeof texts[0], &lengths[0]));
    ASSERT_OK(query, SQLBindCol(query, 4, SQL_C_SLONG, &n, 0, &n_length));
    ASSERT_OK(query, SQLBindCol(query, 5, SQL_C_CHAR, texts[1], sizeof texts[1], &lengths[1]));
    start(query,
          "SELECT l.id, l.t, m.id, m.n, m.t FROM living l JOIN living_too m ON l.id = m.id "
          "ORDER BY l.id");
    ASSERT_OK(query, query.fetch());
    const auto put = [](SQLCHAR* to, SQLLEN& bytes, const char* word) {
        std::strcpy(reinterpret_cast<char*>(to), word);
        bytes = SQL_NTS;
    };
    // Of the second table.
    n = 11;
    n_length = 0;
    put(texts[1], lengths[1], "joined");
    lengths[0] = SQL_COLUMN_IGNORE;
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((Texts{"10|11|joined", "20|2|b"}), link.rows("SELECT * FROM living_too ORDER BY id"));
    EXPECT_EQ(before, link.value("SELECT t FROM living WHERE id = 10"));
    EXPECT_EQ("11", query.get(4));
    // Of the first one.
    put(texts[0], lengths[0], "first");
    n_length = lengths[1] = SQL_COLUMN_IGNORE;
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("first", link.value("SELECT t FROM living WHERE id = 10"));
    // Of both, and a row as a whole: which table is meant is not known.
    put(texts[1], lengths[1], "both");
    EXPECT_STATE(query, "HYC00", SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_STATE(query, "HYC00", SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((Texts{"10|11|joined", "20|2|b"}), link.rows("SELECT * FROM living_too ORDER BY id"));
    query.close();
    link.run("DROP TABLE living_too");
}

INSTANTIATE_TEST_SUITE_P(, LiveCursors, testing::Values(false, true),
                         [](const auto& of) { return of.param ? "Prepared" : "Direct"; });

}  // namespace
}  // namespace myfabric::test
