// SQLSetPos with SQL_UPDATE, SQL_DELETE and SQL_ADD; UPDATE and DELETE ... WHERE CURRENT OF.
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

class UpdatableCursors : public testing::Test {
protected:
    static constexpr SQLULEN size = 3;
    struct Buffers {
        SQLINTEGER id[size]{};
        SQLLEN id_length[size]{};
        char name[size][20]{};
        SQLLEN name_length[size]{};
        SQLUSMALLINT status[size]{};
        SQLUSMALLINT operation[size]{};
    };

    void SetUp() override {
        link.open(server_string());
        link.run("DROP TABLE IF EXISTS changed");
        link.run(
            "CREATE TABLE changed (id INT PRIMARY KEY, name VARCHAR(20), note LONGTEXT, "
            "price DECIMAL(30,4)) ENGINE=InnoDB");
        link.run(
            "INSERT INTO changed VALUES (1,'one','n1',1.5),(2,'two',NULL,"
            "12345678901234567890.1234),(3,'three','n3',NULL),(4,'four','n4',0)");
    }
    void TearDown() override { link.run("DROP TABLE changed"); }

    void attribute(Query& query, SQLINTEGER id, SQLULEN value) {
        ASSERT_OK(query, SQLSetStmtAttr(query, id, number(value), 0));
    }
    void updatable(Query& query, SQLULEN rows = 1) {
        attribute(query, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
        attribute(query, SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES);
        attribute(query, SQL_ATTR_ROW_ARRAY_SIZE, rows);
    }
    void bind(Query& query) {
        ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, b.id, 0, b.id_length));
        ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_CHAR, b.name, sizeof b.name[0], b.name_length));
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_STATUS_PTR, b.status, 0));
    }
    void set(SQLULEN row, const std::string& name) {
        name.copy(b.name[row], sizeof b.name[row] - 1);
        b.name[row][name.size()] = 0;
        b.name_length[row] = SQL_NTS;
    }
    std::vector<std::string> table() {
        return link.rows("SELECT id, name FROM changed ORDER BY id");
    }
    SQLLEN count(Query& query) {
        SQLLEN rows = -9;
        SQLRowCount(query, &rows);
        return rows;
    }

    Link link;
    Buffers b;
};

TEST_F(UpdatableCursors, UpdatesOneRowAndSeesIt) {
    for (const bool prepared : {false, true}) {
        Query query(link);
        updatable(query, size);
        bind(query);
        const char* sql = "SELECT id, name, note, price FROM changed ORDER BY id";
        if (prepared) {
            ASSERT_OK(query, query.prepare(sql));
            ASSERT_OK(query, query.execute());
        } else {
            ASSERT_OK(query, query.run(sql));
        }
        ASSERT_OK(query, query.fetch());
        set(1, prepared ? "zwei" : "deux");
        ASSERT_OK(query, SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ(SQL_ROW_UPDATED, b.status[1]);
        EXPECT_EQ(1, count(query));
        EXPECT_EQ(prepared ? "2|zwei" : "2|deux", table()[1]);
        EXPECT_EQ(prepared ? "zwei" : "deux", query.get(2));
        EXPECT_EQ("12345678901234567890.1234", query.get(4));
        // It is seen, as a row like others, when it is fetched again.
        ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_FIRST, 0));
        EXPECT_STREQ(prepared ? "zwei" : "deux", b.name[1]);
        EXPECT_EQ(SQL_ROW_SUCCESS, b.status[1]);
        // And may be changed again.
        set(1, "two");
        ASSERT_OK(query, SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ("2|two", table()[1]);
    }
}

TEST_F(UpdatableCursors, UpdatesTheKeyToo) {
    Query query(link);
    updatable(query);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed WHERE id = 3"));
    ASSERT_OK(query, query.fetch());
    b.id[0] = 33;
    b.name_length[0] = SQL_COLUMN_IGNORE;
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("33|three", table()[3]);
    EXPECT_EQ("33", query.get(1));
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ(3u, table().size());
}

TEST_F(UpdatableCursors, ChangesTheWholeRowsetButForIgnoredRowsAndColumns) {
    Query query(link);
    updatable(query, size);
    bind(query);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_OPERATION_PTR, b.operation, 0));
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    ASSERT_OK(query, query.fetch());
    set(0, "a");
    set(1, "b");
    b.name_length[2] = SQL_NULL_DATA;
    b.operation[1] = SQL_ROW_IGNORE;
    for (SQLLEN& length : b.id_length) length = SQL_COLUMN_IGNORE;
    ASSERT_OK(query, SQLSetPos(query, 0, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((std::vector<std::string>{"1|a", "2|two", "3|NULL", "4|four"}), table());
    EXPECT_EQ(SQL_ROW_UPDATED, b.status[0]);
    EXPECT_EQ(SQL_ROW_SUCCESS, b.status[1]);
    EXPECT_EQ(SQL_ROW_UPDATED, b.status[2]);
    EXPECT_EQ(2, count(query));
    ASSERT_OK(query, SQLSetPos(query, 0, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((std::vector<std::string>{"2|two", "4|four"}), table());
    EXPECT_EQ(SQL_ROW_DELETED, b.status[0]);
}

TEST_F(UpdatableCursors, DeletedRowsStayAsHoles) {
    Query query(link);
    updatable(query, size);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ(SQL_ROW_DELETED, b.status[1]);
    EXPECT_EQ(3u, table().size());
    EXPECT_STATE(query, "HY109", SQLSetPos(query, 2, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_STATE(query, "HY109", SQLSetPos(query, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    char text[10];
    EXPECT_STATE(query, "HY109", SQLGetData(query, 1, SQL_C_CHAR, text, sizeof text, nullptr));
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_FIRST, 0));
    EXPECT_EQ(SQL_ROW_DELETED, b.status[1]);
    EXPECT_EQ(SQL_ROW_SUCCESS, b.status[2]);
    ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_ABSOLUTE, 3));
    EXPECT_EQ(3, b.id[0]);
}

TEST_F(UpdatableCursors, TellsAConflictAndLeavesTheRowAlone) {
    for (const SQLUSMALLINT operation : {SQLUSMALLINT{SQL_UPDATE}, SQLUSMALLINT{SQL_DELETE}}) {
        for (const char* change : {"UPDATE changed SET note = 'other' WHERE id = 1",
                                   "DELETE FROM changed WHERE id = 1"}) {
            link.run("REPLACE INTO changed VALUES (1,'one','n1',1.5)");
            Query query(link);
            updatable(query);
            bind(query);
            ASSERT_OK(query, query.run("SELECT id, name, note, price FROM changed ORDER BY id"));
            ASSERT_OK(query, query.fetch());
            link.run(change);
            set(0, "mine");
            EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLSetPos(query, 1, operation, SQL_LOCK_NO_CHANGE));
            EXPECT_EQ("01001", query.state()) << query.text();
            EXPECT_EQ(SQL_ROW_ERROR, b.status[0]);
            EXPECT_EQ(0, count(query));
            EXPECT_NE("1|mine", table()[0]);
        }
    }
}

TEST_F(UpdatableCursors, ErrorsOfSingleRowsHaveTheirStates) {
    struct Sample {
        const char* state;
        SQLSMALLINT c_type;
        const char* text;
        SQLUSMALLINT column;
    };
    const Sample samples[] = {
        {"22018", SQL_C_CHAR, "x", 1},
        {"22003", SQL_C_CHAR, "99999999999", 1},
        {"23000", SQL_C_CHAR, "4", 1},
        {"07006", SQL_C_TYPE_DATE, "0000000000000000", 1},
    };
    for (const Sample& sample : samples) {
        Query query(link);
        updatable(query);
        ASSERT_OK(query, query.run("SELECT id, name, note, price FROM changed ORDER BY id"));
        ASSERT_OK(query, query.fetch());
        char text[32];
        std::string(sample.text).copy(text, sizeof text);
        text[std::string(sample.text).size()] = 0;
        SQLLEN length = SQL_NTS;
        ASSERT_OK(query,
                  SQLBindCol(query, sample.column, sample.c_type, text, sizeof text, &length));
        EXPECT_STATE(query, sample.state, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    }
    Query query(link);
    updatable(query, size);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    ASSERT_OK(query, query.fetch());
    b.id[0] = 100;
    b.id[1] = 4;  // is there already
    b.id[2] = 300;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLSetPos(query, 0, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("23000", query.state()) << query.text();
    SQLLEN row = 0;
    SQLGetDiagField(SQL_HANDLE_STMT, query, 1, SQL_DIAG_ROW_NUMBER, &row, 0, nullptr);
    EXPECT_EQ(2, row);
    EXPECT_EQ(SQL_ROW_UPDATED, b.status[0]);
    EXPECT_EQ(SQL_ROW_ERROR, b.status[1]);
    EXPECT_EQ(SQL_ROW_UPDATED, b.status[2]);
    EXPECT_EQ(2, count(query));
}

TEST_F(UpdatableCursors, WrongCallsAreTold) {
    Query query(link);
    updatable(query, 2);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    EXPECT_STATE(query, "24000", SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    ASSERT_OK(query, query.fetch());
    EXPECT_STATE(query, "21S02", SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_STATE(query, "HY107", SQLSetPos(query, 3, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_STATE(query, "HYC00", SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_EXCLUSIVE));
    EXPECT_STATE(query, "HY092", SQLSetPos(query, 1, 17, SQL_LOCK_NO_CHANGE));
    EXPECT_STATE(query, "HY092", SQLSetPos(query, 1, SQL_DELETE, 17));
    bind(query);
    char text[10];
    EXPECT_STATE(query, "07009", SQLBindCol(query, 3, SQL_C_CHAR, text, sizeof text, nullptr));
    EXPECT_EQ(4u, table().size());
}

TEST_F(UpdatableCursors, ResultsWhoseRowsCannotBeToldApartAreRefused) {
    link.run("CREATE TEMPORARY TABLE loose (a INT, f FLOAT, d DOUBLE)");
    link.run("INSERT INTO loose VALUES (1, 0.1, 0.1)");
    const char* samples[] = {
        "SELECT name FROM changed",                                      // no key
        "SELECT a.id, b.name FROM changed a JOIN changed b USING (id)",  // two tables
        "SELECT 1, 'x'",                                                 // none
        "SELECT a FROM loose",                                           // not all columns
        "SELECT id FROM changed UNION SELECT a FROM loose",
    };
    for (const char* sql : samples) {
        Query query(link);
        updatable(query);
        ASSERT_OK(query, query.run(sql));
        ASSERT_OK(query, query.fetch());
        SCOPED_TRACE(sql);
        EXPECT_STATE(query, "HYC00", SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    }
    EXPECT_EQ(4u, table().size());
}

TEST_F(UpdatableCursors, WithoutAKeyOneOfSeveralEqualRowsIsChanged) {
    link.run(
        "CREATE TEMPORARY TABLE loose (a INT, t VARCHAR(9), d DOUBLE, e DECIMAL(40,10), "
        "w DATETIME, v VARBINARY(9), n INT)");
    const char* row = "(1, 'A', 0.1, 123456789012345678901.5, '2020-02-03 04:05:06', 'v', NULL)";
    link.run(std::string("INSERT INTO loose VALUES ") + row + "," + row +
             ", (1, 'a', 0.1, 123456789012345678901.5, '2020-02-03 04:05:06', 'v', NULL)");
    Query query(link);
    updatable(query);
    ASSERT_OK(query, query.run("SELECT * FROM loose"));
    ASSERT_OK(query, query.fetch());
    SQLINTEGER n = 7;
    SQLLEN length = 0;
    ASSERT_OK(query, SQLBindCol(query, 7, SQL_C_SLONG, &n, 0, &length));
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("", query.text());
    EXPECT_EQ("1", link.value("SELECT COUNT(*) FROM loose WHERE n = 7 AND BINARY t = 'A'"));
    EXPECT_EQ("7", query.get(7));
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("2", link.value("SELECT COUNT(*) FROM loose"));
    EXPECT_EQ("0", link.value("SELECT COUNT(n) FROM loose"));
}

TEST_F(UpdatableCursors, KeysOfAllKindsFindTheirRow) {
    const char* samples[][2] = {
        {"BIGINT", "9007199254740993"},
        {"BIGINT UNSIGNED", "18446744073709551615"},
        {"VARCHAR(20) CHARACTER SET latin1", "'K\xc3\xa4se'"},
        {"VARBINARY(8)", "x'00ff27'"},
        {"DECIMAL(40,5)", "12345678901234567890123456789.12345"},
        {"DATE", "'2020-02-29'"},
        {"DATETIME(6)", "'2020-02-29 01:02:03.123456'"},
        {"TIME", "'-12:34:56'"},
        {"BIT(9)", "b'100000001'"},
        {"ENUM('x','y')", "'y'"},
        {"DOUBLE", "0.1"},
        {"YEAR", "1999"},
    };
    for (const auto& sample : samples) {
        for (const bool prepared : {false, true}) {
            link.run(std::string("CREATE TEMPORARY TABLE keyed (k ") + sample[0] +
                     " NOT NULL, UNIQUE (k), v INT)");
            link.run(std::string("INSERT INTO keyed VALUES (") + sample[1] + ", 1)");
            Query query(link);
            updatable(query);
            const char* sql = "SELECT k, v, v + 1 FROM keyed";
            if (prepared) {
                ASSERT_OK(query, query.prepare(sql));
                ASSERT_OK(query, query.execute());
            } else {
                ASSERT_OK(query, query.run(sql));
            }
            ASSERT_OK(query, query.fetch());
            const auto key = query.get(1);
            SQLINTEGER v = 5;
            ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_SLONG, &v, 0, nullptr));
            EXPECT_EQ(SQL_SUCCESS, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE))
                << sample[0] << query.text();
            EXPECT_EQ("5", link.value("SELECT v FROM keyed")) << sample[0];
            EXPECT_EQ(key, query.get(1)) << sample[0];
            EXPECT_EQ("5", query.get(2)) << sample[0];
            EXPECT_EQ("2", query.get(3)) << sample[0];  // an expression stays
            ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
            EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM keyed")) << sample[0];
            link.run("DROP TEMPORARY TABLE keyed");
        }
    }
}

TEST_F(UpdatableCursors, DataComesAtExecution) {
    Query query(link);
    updatable(query, 2);
    char note[2][8] = {};
    SQLLEN length[2];
    ASSERT_OK(query, query.run("SELECT id, note FROM changed ORDER BY id"));
    ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_CHAR, note, sizeof note[0], length));
    ASSERT_OK(query, query.fetch());
    length[0] = SQL_LEN_DATA_AT_EXEC(0);
    length[1] = SQL_DATA_AT_EXEC;
    ASSERT_EQ(SQL_NEED_DATA, SQLSetPos(query, 0, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    for (int row = 0; row < 2; ++row) {
        SQLPOINTER token = nullptr;
        ASSERT_EQ(SQL_NEED_DATA, SQLParamData(query, &token)) << query.text();
        EXPECT_EQ(note[row], token);
        ASSERT_OK(query, SQLPutData(query, const_cast<char*>("part "), SQL_NTS));
        ASSERT_OK(query, SQLPutData(query, const_cast<char*>(row ? "B" : "A"), 1));
    }
    SQLPOINTER token = nullptr;
    ASSERT_OK(query, SQLParamData(query, &token));
    EXPECT_EQ((std::vector<std::string>{"part A", "part B"}),
              link.rows("SELECT note FROM changed WHERE id < 3 ORDER BY id"));

    // Cancelled: nothing is done, and the cursor stays.
    length[0] = SQL_DATA_AT_EXEC;
    ASSERT_EQ(SQL_NEED_DATA, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    ASSERT_EQ(SQL_NEED_DATA, SQLParamData(query, &token));
    ASSERT_OK(query, SQLCancel(query));
    EXPECT_EQ("part A", link.value("SELECT note FROM changed WHERE id = 1"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("3", query.get(1));
}

TEST_F(UpdatableCursors, ForwardOnlyCursorsCanBeChanged) {
    Query query(link);
    attribute(query, SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    EXPECT_STATE(query, "HY106", SQLFetchScroll(query, SQL_FETCH_LAST, 0));
    int rows = 0;
    for (; query.fetch() == SQL_SUCCESS; ++rows) {
        set(0, "row " + std::to_string(b.id[0]));
        ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    }
    EXPECT_EQ(4, rows);
    EXPECT_EQ("4|row 4", table()[3]);
}

TEST_F(UpdatableCursors, ConcurrencyIsToldAsItIs) {
    const struct {
        SQLULEN asked, got;
        const char* state;
    } samples[] = {
        {SQL_CONCUR_READ_ONLY, SQL_CONCUR_READ_ONLY, ""},
        {SQL_CONCUR_VALUES, SQL_CONCUR_VALUES, ""},
        {SQL_CONCUR_LOCK, SQL_CONCUR_LOCK, ""},
        {SQL_CONCUR_ROWVER, SQL_CONCUR_ROWVER, ""},
    };
    for (const auto& sample : samples) {
        Query query(link);
        const SQLRETURN result =
            SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(sample.asked), 0);
        EXPECT_EQ(*sample.state ? SQL_SUCCESS_WITH_INFO : SQL_SUCCESS, result);
        EXPECT_EQ(sample.state, query.state());
        SQLULEN got = 0;
        SQLGetStmtAttr(query, SQL_ATTR_CONCURRENCY, &got, 0, nullptr);
        EXPECT_EQ(sample.got, got);
        attribute(query, SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
        SQLULEN sensitivity = 9;
        SQLGetStmtAttr(query, SQL_ATTR_CURSOR_SENSITIVITY, &sensitivity, 0, nullptr);
        EXPECT_EQ(sample.got == SQL_CONCUR_READ_ONLY ? SQL_INSENSITIVE : SQL_UNSPECIFIED,
                  sensitivity);
        attribute(query, SQL_ATTR_CURSOR_SENSITIVITY, SQL_INSENSITIVE);
        SQLGetStmtAttr(query, SQL_ATTR_CONCURRENCY, &got, 0, nullptr);
        EXPECT_EQ(SQLULEN{SQL_CONCUR_READ_ONLY}, got);
    }
    Query query(link);
    EXPECT_STATE(query, "HY024", SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(9), 0));
    ASSERT_OK(query, query.run("SELECT 1"));
    EXPECT_EQ(SQL_ERROR, SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_VALUES), 0));
    EXPECT_EQ("24000", query.state());
}

TEST_F(UpdatableCursors, Odbc2ProgramsAddRowsBySetPos) {
    Link old(SQL_OV_ODBC2);
    old.open(server_string());
    Query query(old);
    updatable(query);
    attribute(query, SQL_ROWSET_SIZE, size);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed WHERE id = 1"));
    SQLULEN fetched = 0;
    SQLUSMALLINT status[size] = {};
    ASSERT_OK(query, SQLExtendedFetch(query, SQL_FETCH_NEXT, 1, &fetched, status));
    EXPECT_EQ(1u, fetched);
    b.id[2] = 9;
    b.id_length[2] = 0;
    set(2, "nine");
    ASSERT_OK(query, SQLSetPos(query, 3, SQL_ADD, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ(SQL_ROW_ADDED, status[2]);
    EXPECT_EQ("9|nine", table()[4]);
    set(0, "first");
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ(SQL_ROW_UPDATED, status[0]);
    EXPECT_EQ("1|first", table()[0]);
}

TEST_F(UpdatableCursors, ARowThatStaysAsItIsWasFound) {
    for (const char* option : {"Found_Rows=1;", "Found_Rows=0;"}) {
        Link other;
        other.open(server_string(option));
        Query query(other);
        updatable(query);
        bind(query);
        ASSERT_OK(query, query.run("SELECT id, name, price FROM changed ORDER BY id"));
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ(SQL_SUCCESS, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE))
            << option << query.text();
    }
}

TEST_F(UpdatableCursors, CutValuesAreNotCompared) {
    Query query(link);
    updatable(query);
    attribute(query, SQL_ATTR_MAX_LENGTH, 2);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed WHERE id = 3"));
    ASSERT_OK(query, query.fetch());
    EXPECT_STREQ("th", b.name[0]);
    set(0, "drei");
    EXPECT_EQ(SQL_SUCCESS, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE)) << query.text();
    EXPECT_EQ("3|drei", table()[2]);
}

TEST_F(UpdatableCursors, ViewsAreChangedOrRefusedButNeverWrongly) {
    link.run(
        "CREATE OR REPLACE VIEW seen AS SELECT id, name FROM changed WHERE id < 3 "
        "WITH CHECK OPTION");
    Query query(link);
    updatable(query);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, name FROM seen ORDER BY id"));
    ASSERT_OK(query, query.fetch());
    set(0, "by view");
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((std::vector<std::string>{"1|by view", "2|two", "3|three", "4|four"}), table());
    b.id[0] = 50;
    const SQLRETURN result = SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE);
    EXPECT_EQ(SQL_ERROR, result);
    EXPECT_EQ("44000", query.state()) << query.text();
    link.run("DROP VIEW seen");
}

// ---- WHERE CURRENT OF --------------------------------------------------------------------------

TEST_F(UpdatableCursors, AnotherStatementChangesTheCurrentRow) {
    Query query(link);
    updatable(query, size);
    bind(query);
    ASSERT_OK(query, SQLSetCursorName(query, reinterpret_cast<SQLCHAR*>(const_cast<char*>("c one")),
                                      SQL_NTS));
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    Query other(link);
    ASSERT_OK(other, other.run("UPDATE changed SET name = 'current' WHERE CURRENT OF `C One`"));
    SQLINTEGER code = 0;
    SQLGetDiagField(SQL_HANDLE_STMT, other, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE, &code, 0, nullptr);
    EXPECT_EQ(SQL_DIAG_DYNAMIC_UPDATE_CURSOR, code);
    EXPECT_EQ(1, count(other));
    EXPECT_EQ("2|current", table()[1]);
    EXPECT_EQ("current", query.get(2));

    ASSERT_OK(other,
              other.prepare("UPDATE changed SET name = ?, note = ? WHERE CURRENT OF `c one`"));
    SQLSMALLINT markers = 0;
    ASSERT_OK(other, SQLNumParams(other, &markers));
    EXPECT_EQ(2, markers);
    char name[10] = "given";
    SQLLEN length = SQL_NTS, later = SQL_DATA_AT_EXEC;
    ASSERT_OK(other, SQLBindParameter(other, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0,
                                      name, sizeof name, &length));
    ASSERT_OK(other, SQLBindParameter(other, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 10, 0,
                                      name, 0, &later));
    for (SQLULEN row = 1; row <= 3; ++row) {
        ASSERT_OK(query, SQLSetPos(query, static_cast<SQLSETPOSIROW>(row), SQL_POSITION,
                                   SQL_LOCK_NO_CHANGE));
        ASSERT_EQ(SQL_NEED_DATA, other.execute()) << other.text();
        SQLPOINTER token;
        ASSERT_EQ(SQL_NEED_DATA, SQLParamData(other, &token));
        ASSERT_OK(other, SQLPutData(other, const_cast<char*>("late"), 4));
        ASSERT_OK(other, SQLParamData(other, &token));
    }
    EXPECT_EQ("3", link.value("SELECT COUNT(*) FROM changed WHERE name='given' AND note='late'"));

    ASSERT_OK(other, other.run("DELETE FROM changed WHERE CURRENT OF `c one`"));
    EXPECT_EQ(3u, table().size());
    EXPECT_STATE(other, "24000", other.run("DELETE FROM changed WHERE CURRENT OF `c one`"));
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    link.run("UPDATE changed SET name = 'else' WHERE id = 1");
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, other.run("DELETE FROM changed WHERE CURRENT OF `c one`"));
    EXPECT_EQ("01001", other.state());
    EXPECT_EQ(0, count(other));
}

TEST_F(UpdatableCursors, PositionedStatementsNeedACursorOnARow) {
    Query other(link);
    EXPECT_STATE(other, "34000", other.run("DELETE FROM changed WHERE CURRENT OF nobody"));
    Query query(link);
    SQLCHAR name[70];
    ASSERT_OK(query, SQLGetCursorName(query, name, sizeof name, nullptr));
    const std::string sql =
        std::string("DELETE FROM changed WHERE CURRENT OF ") + reinterpret_cast<char*>(name);
    EXPECT_STATE(other, "24000", other.run(sql));
    attribute(query, SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    EXPECT_STATE(other, "24000", other.run(sql));
    ASSERT_OK(query, query.fetch());
    EXPECT_STATE(other, "42000", other.run(sql));
    query.close();
    attribute(query, SQL_ATTR_CONCURRENCY, SQL_CONCUR_VALUES);
    ASSERT_OK(query, query.run("SELECT id, name FROM changed ORDER BY id"));
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(other, other.run(sql));
    EXPECT_EQ((std::vector<std::string>{"1|one", "3|three", "4|four"}), table());
    while (query.fetch() != SQL_NO_DATA) {
    }
    EXPECT_STATE(other, "24000", other.run(sql));
}

}  // namespace
}  // namespace myfabric::test
