// What programs do with statements that were written against the vendors' drivers: cursors,
// results, parameters, the order of calls.
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

class DropIn : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string());
        link.run("DROP TABLE IF EXISTS dropped_in");
        link.run("CREATE TABLE dropped_in (id INT PRIMARY KEY, t VARCHAR(20)) ENGINE=InnoDB");
        link.run("INSERT INTO dropped_in VALUES (1,'one'),(2,'two'),(3,'three')");
    }
    void TearDown() override { link.run("DROP TABLE IF EXISTS dropped_in"); }

    Texts table() { return link.rows("SELECT id, t FROM dropped_in ORDER BY id"); }
    static SQLLEN count(Query& query) {
        SQLLEN rows = -9;
        SQLRowCount(query, &rows);
        return rows;
    }
    static SQLSMALLINT columns(Query& query) {
        SQLSMALLINT found = -9;
        SQLNumResultCols(query, &found);
        return found;
    }
    void bind(Query& query) {
        SQLBindCol(query, 1, SQL_C_SLONG, id, 0, id_length);
        SQLBindCol(query, 2, SQL_C_CHAR, text, sizeof text[0], text_length);
    }

    Link link;
    SQLINTEGER id[4]{};
    char text[4][20]{};
    SQLLEN id_length[4]{}, text_length[4]{};
};

constexpr const char* select_all = "SELECT id, t FROM dropped_in ORDER BY id";

// ---- rows are changed without SQL_ATTR_CONCURRENCY ----------------------------------------------

TEST_F(DropIn, RowsOfAStreamAreChangedBySetPos) {
    for (const bool prepared : {false, true}) {
        Query query(link);
        bind(query);
        if (prepared) ASSERT_OK(query, query.prepare(select_all));
        ASSERT_OK(query, prepared ? query.execute() : query.run(select_all));
        ASSERT_OK(query, query.fetch());
        std::strcpy(text[0], prepared ? "uno" : "eins");
        text_length[0] = SQL_NTS;
        ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ(1, count(query));
        EXPECT_EQ(prepared ? "uno" : "eins", query.get(2));
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ(2, id[0]);
        ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
        char cell[9];
        SQLLEN length = 0;
        EXPECT_STATE(query, "HY109", SQLGetData(query, 2, SQL_C_CHAR, cell, 9, &length));
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ(3, id[0]);
        EXPECT_EQ(SQL_NO_DATA, query.fetch());
        EXPECT_EQ((Texts{prepared ? "1|uno" : "1|eins", "3|three"}), table());
        link.run("INSERT INTO dropped_in VALUES (2, 'two')");
    }
}

TEST_F(DropIn, RowsOfAStaticCursorAreChangedBySetPos) {
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(3), 0);
    bind(query);
    ASSERT_OK(query, query.run(select_all));
    ASSERT_OK(query, query.fetch());
    std::strcpy(text[2], "drei");
    text_length[2] = SQL_NTS;
    ASSERT_OK(query, SQLSetPos(query, 3, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ((Texts{"2|two", "3|drei"}), table());
}

TEST_F(DropIn, RowsOfARowsetThatIsNotBoundWholeAreChanged) {
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0);
    SQLBindCol(query, 2, SQL_C_CHAR, text, sizeof text[0], text_length);
    ASSERT_OK(query, query.run(select_all));
    ASSERT_OK(query, query.fetch());
    std::strcpy(text[1], "zwei");
    text_length[1] = SQL_NTS;
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("zwei", query.get(2));
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("3", query.get(1));
    EXPECT_EQ((Texts{"2|zwei", "3|three"}), table());
}

// All columns are bound, so of a stream's rows the keys alone are kept.
TEST_F(DropIn, RowsOfARowsetThatIsBoundWholeAreReadAndChanged) {
    for (const bool prepared : {false, true}) {
        Query query(link);
        SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(3), 0);
        SQLUSMALLINT status[3]{};
        SQLSetStmtAttr(query, SQL_ATTR_ROW_STATUS_PTR, status, 0);
        bind(query);
        if (prepared) ASSERT_OK(query, query.prepare(select_all));
        ASSERT_OK(query, prepared ? query.execute() : query.run(select_all));
        ASSERT_OK(query, query.fetch());
        ASSERT_OK(query, SQLSetPos(query, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ("two", query.get(2));
        EXPECT_EQ("2", query.get(1));
        ASSERT_OK(query, SQLSetPos(query, 3, SQL_POSITION, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ("three", query.get(2));

        std::strcpy(text[1], "zwei");
        text_length[1] = SQL_NTS;
        ASSERT_OK(query, SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ(SQL_ROW_UPDATED, status[1]);
        EXPECT_EQ("zwei", query.get(2));
        ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ(SQL_ROW_DELETED, status[0]);
        EXPECT_STATE(query, "HY109", SQLSetPos(query, 1, SQL_REFRESH, SQL_LOCK_NO_CHANGE));

        link.run("UPDATE dropped_in SET t = 'drei' WHERE id = 3");
        ASSERT_OK(query, SQLSetPos(query, 3, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
        EXPECT_STREQ("drei", text[2]);
        EXPECT_EQ(SQL_ROW_SUCCESS, status[2]);
        link.run("DELETE FROM dropped_in WHERE id = 3");
        ASSERT_OK(query, SQLSetPos(query, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE));
        EXPECT_EQ(SQL_ROW_DELETED, status[0]);
        EXPECT_EQ(SQL_ROW_SUCCESS, status[1]);
        EXPECT_STREQ("zwei", text[1]);
        EXPECT_EQ(SQL_ROW_DELETED, status[2]);
        EXPECT_EQ(SQL_NO_DATA, query.fetch());
        EXPECT_EQ(Texts{"2|zwei"}, table());
        link.run("REPLACE INTO dropped_in VALUES (1,'one'),(2,'two'),(3,'three')");
    }
}

TEST_F(DropIn, RowsetsThatFollowEachOtherKeepTheirOwnKeys) {
    Query query(link), change(link);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0);
    bind(query);
    ASSERT_OK(query, SQLSetCursorName(query, reinterpret_cast<SQLCHAR*>(const_cast<char*>("two")),
                                      SQL_NTS));
    ASSERT_OK(query, query.run(select_all));
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("three", query.get(2));
    ASSERT_OK(change, change.run("UPDATE dropped_in SET t = 'drei' WHERE CURRENT OF two"));
    EXPECT_EQ("drei", query.get(2));
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
    EXPECT_EQ((Texts{"1|one", "3|drei"}), table());
}

TEST_F(DropIn, RowsOfATableWithoutAKeyAreToldByTheirValues) {
    link.run("DROP TABLE dropped_in");
    link.run("CREATE TABLE dropped_in (id INT, t VARCHAR(20))");
    link.run("INSERT INTO dropped_in VALUES (1,'one'),(2,NULL)");
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0);
    bind(query);
    ASSERT_OK(query, query.run(select_all));
    ASSERT_OK(query, query.fetch());
    std::strcpy(text[1], "zwei");
    text_length[1] = SQL_NTS;
    ASSERT_OK(query, SQLSetPos(query, 2, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ(Texts{"2|zwei"}, table());
}

TEST_F(DropIn, RowsAreAddedBySetPosAndBulkOperations) {
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0);
    bind(query);
    ASSERT_OK(query, query.run("SELECT id, t FROM dropped_in WHERE id < 0"));
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
    for (int row = 0; row < 2; ++row) {
        id[row] = 10 + row;
        std::strcpy(text[row], "added");
        text_length[row] = SQL_NTS;
        id_length[row] = 0;
    }
    ASSERT_OK(query, SQLBulkOperations(query, SQL_ADD));
    EXPECT_EQ(2, count(query));
    EXPECT_EQ((Texts{"1|one", "2|two", "3|three", "10|added", "11|added"}), table());
}

// ODBC 2.x: the rows of the buffers, of which none needs to have been fetched.
TEST_F(DropIn, RowsAreAddedToAnEmptyRowset) {
    if (driver_file()) return;  // unixODBC lets no SQLSetPos through before a row was fetched
    for (const bool at_execution : {false, true}) {
        Query query(link);
        SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, number(SQL_CONCUR_VALUES), 0);
        SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0);
        bind(query);
        ASSERT_OK(query, query.run("SELECT id, t FROM dropped_in WHERE id < 0"));
        EXPECT_EQ(SQL_NO_DATA, query.fetch());
        for (int row = 0; row < 2; ++row) {
            id[row] = (at_execution ? 20 : 10) + row;
            std::strcpy(text[row], "added");
            text_length[row] = at_execution ? SQL_DATA_AT_EXEC : SQL_NTS;
            id_length[row] = 0;
        }
        SQLRETURN result = SQLSetPos(query, 0, SQL_ADD, SQL_LOCK_NO_CHANGE);
        SQLPOINTER token = nullptr;
        char part[] = "part";
        if (at_execution) {
            EXPECT_EQ(SQL_NEED_DATA, result);
            while ((result = SQLParamData(query, &token)) == SQL_NEED_DATA)
                ASSERT_OK(query, SQLPutData(query, part, SQL_NTS));
        }
        ASSERT_OK(query, result);
        EXPECT_EQ(2, count(query));
    }
    EXPECT_EQ((Texts{"10|added", "11|added", "20|part", "21|part"}),
              link.rows("SELECT id, t FROM dropped_in WHERE id > 9 ORDER BY id"));
}

TEST_F(DropIn, RowsAreAddedToATableWithoutAKey) {
    link.run("DROP TABLE dropped_in");
    link.run("CREATE TABLE dropped_in (id INT, f FLOAT, t VARCHAR(20))");
    Query query(link);
    SQLINTEGER new_id = 7;
    SQLREAL real = 1.5F;
    SQLBindCol(query, 1, SQL_C_SLONG, &new_id, 0, nullptr);
    SQLBindCol(query, 2, SQL_C_FLOAT, &real, 0, nullptr);
    ASSERT_OK(query, query.run("SELECT id, f, t FROM dropped_in"));
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
    new_id = 7;
    real = 1.5F;
    ASSERT_OK(query, SQLBulkOperations(query, SQL_ADD));
    EXPECT_EQ(Texts{"7|1.5|NULL"}, link.rows("SELECT id, f, t FROM dropped_in"));
    Query change(link);
    ASSERT_OK(change, change.run("SELECT id, f FROM dropped_in"));  // not all columns
    ASSERT_OK(change, change.fetch());
    EXPECT_STATE(change, "HYC00", SQLSetPos(change, 1, SQL_DELETE, SQL_LOCK_NO_CHANGE));
}

TEST_F(DropIn, WhereCurrentOfWorks) {
    Query query(link), other(link);
    ASSERT_OK(query, query.run("SELECT id, t FROM dropped_in ORDER BY id"));
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(query, query.fetch());
    SQLCHAR name[40];
    SQLSMALLINT length = 0;
    ASSERT_OK(query, SQLGetCursorName(query, name, sizeof name, &length));
    EXPECT_STREQ("SQL_CUR0", reinterpret_cast<char*>(name));
    ASSERT_OK(other, other.run("UPDATE dropped_in SET t='zwei' WHERE CURRENT OF SQL_CUR0"));
    EXPECT_EQ("zwei", query.get(2));
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(other, other.run("DELETE FROM dropped_in WHERE CURRENT OF SQL_CUR0"));
    EXPECT_EQ((Texts{"1|one", "2|zwei"}), table());
}

// ---- results -----------------------------------------------------------------------------------

TEST_F(DropIn, RowCountsAreKnownOfWhatWasReadWhole) {
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0);
    ASSERT_OK(query, query.run(select_all));
    EXPECT_EQ(3, count(query));
    Query stream(link);
    ASSERT_OK(stream, stream.run(select_all));
    while (SQL_SUCCEEDED(stream.fetch())) {
    }
    EXPECT_EQ(3, count(stream));
    Query catalog(link);
    ASSERT_OK(catalog, SQLTables(catalog, nullptr, 0, nullptr, 0,
                                 reinterpret_cast<SQLCHAR*>(const_cast<char*>("dropped\\_in")),
                                 SQL_NTS, nullptr, 0));
    EXPECT_EQ(1, count(catalog));
    Query types(link);
    ASSERT_OK(types, SQLGetTypeInfo(types, SQL_INTEGER));
    EXPECT_LT(0, count(types));
}

TEST_F(DropIn, AnOpenCursorMakesWay) {
    Query query(link);
    ASSERT_OK(query, query.run(select_all));
    ASSERT_OK(query, query.run("SELECT 7"));
    EXPECT_EQ(Texts{"7"}, query.rows());
    query.close();
    ASSERT_OK(query, query.run(select_all));
    if (!driver_file()) {  // unixODBC's own checks are stricter
        ASSERT_OK(query, query.fetch());
        ASSERT_OK(query, query.run(select_all));
        ASSERT_OK(query, SQLGetTypeInfo(query, SQL_INTEGER));
        ASSERT_OK(query, SQLTables(query, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0));
        ASSERT_OK(query, query.prepare("SELECT 8"));
        ASSERT_OK(query, query.execute());
        ASSERT_OK(query, query.execute());
        EXPECT_EQ(Texts{"8"}, query.rows());
    }
}

TEST_F(DropIn, BindingsOfAnOlderResultAreLeftAlone) {
    Query query(link);
    SQLINTEGER a = 0, b = 0;
    SQLLEN lengths[2] = {-7, -7};
    ASSERT_OK(query, query.run("SELECT 1, 2"));
    ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, &a, 0, &lengths[0]));
    ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_SLONG, &b, 0, &lengths[1]));
    query.close();
    ASSERT_OK(query, query.run("SELECT 7"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(7, a);
    EXPECT_EQ(0, b);
    EXPECT_EQ(-7, lengths[1]);
    EXPECT_STATE(query, "07009", SQLBindCol(query, 5, SQL_C_SLONG, &b, 0, nullptr));
}

TEST_F(DropIn, ALengthIsToldWithoutABuffer) {
    Query query(link);
    SQLLEN length = -7;
    ASSERT_OK(query, query.run("SELECT 1, 'four', NULL"));
    ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_WCHAR, nullptr, 0, &length));
    ASSERT_TRUE(SQL_SUCCEEDED(query.fetch()));
    EXPECT_EQ(SQLLEN{4 * sizeof(SQLWCHAR)}, length);
    query.close();
    length = -7;
    ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_WCHAR, nullptr, 0, nullptr));  // no longer
    ASSERT_OK(query, query.run("SELECT 1, 'four'"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(-7, length);
}

TEST_F(DropIn, ZeroDatesAreNullForDates) {
    link.run("SET sql_mode=''");
    link.run("DROP TABLE dropped_in");
    link.run("CREATE TABLE dropped_in (d DATE, t DATETIME, s TIMESTAMP NULL)");
    link.run("INSERT INTO dropped_in VALUES ('0000-00-00','0000-00-00 00:00:00','0000-00-00')");
    for (const bool prepared : {false, true}) {
        Query query(link);
        const char* sql = "SELECT d, t, s FROM dropped_in";
        SQL_DATE_STRUCT date;
        SQL_TIMESTAMP_STRUCT stamp;
        SQLLEN lengths[2] = {};
        SQLBindCol(query, 1, SQL_C_TYPE_DATE, &date, 0, &lengths[0]);
        SQLBindCol(query, 2, SQL_C_TYPE_TIMESTAMP, &stamp, 0, &lengths[1]);
        if (prepared) ASSERT_OK(query, query.prepare(sql));
        ASSERT_OK(query, prepared ? query.execute() : query.run(sql));
        EXPECT_EQ(SQL_SUCCESS, query.fetch()) << query.text();
        EXPECT_EQ(SQL_NULL_DATA, lengths[0]);
        EXPECT_EQ(SQL_NULL_DATA, lengths[1]);
        SQLLEN length = 0;
        EXPECT_EQ(SQL_SUCCESS,
                  SQLGetData(query, 3, SQL_C_TYPE_TIMESTAMP, &stamp, sizeof stamp, &length));
        EXPECT_EQ(SQL_NULL_DATA, length);
        EXPECT_EQ("0000-00-00", query.get(1));
    }
}

TEST_F(DropIn, ZeroDatesInTextAreNullForDates) {
    for (const char* sql : {"SELECT '0000-00-00'", "SELECT '0000-00-00 00:00:00'"}) {
        SQL_DATE_STRUCT date;
        SQL_TIMESTAMP_STRUCT stamp;
        SQLINTEGER number;
        SQLLEN bound = 0, length = 0;
        Query query(link);
        SQLBindCol(query, 1, SQL_C_TYPE_DATE, &date, 0, &bound);
        ASSERT_OK(query, query.run(sql));
        EXPECT_EQ(SQL_SUCCESS, query.fetch()) << query.text();
        EXPECT_EQ(SQL_NULL_DATA, bound);
        EXPECT_STATE(query, "22018", SQLGetData(query, 1, SQL_C_SLONG, &number, 0, &length));
        ASSERT_OK(query, SQLGetData(query, 1, SQL_C_TYPE_TIMESTAMP, &stamp, 0, &length));
        EXPECT_EQ(SQL_NULL_DATA, length);
    }
}

TEST_F(DropIn, SeveralStatementsRunPreparedAndWithParameters) {
    Link several;
    several.open(server_string("MULTI_STATEMENTS=1;"));
    for (const bool prepared : {false, true}) {
        Query query(several);
        SQLINTEGER value = prepared ? 41 : 40;
        SQLLEN length = 0;
        SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0,
                         &length);
        SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0,
                         &length);
        const char* sql =
            "INSERT INTO dropped_in VALUES (?, ';?'); SELECT t FROM dropped_in WHERE id = ?; "
            "SELECT 'x' ;";
        if (prepared) ASSERT_OK(query, query.prepare(sql));
        ASSERT_OK(query, prepared ? query.execute() : query.run(sql));
        EXPECT_EQ(0, columns(query));
        EXPECT_EQ(1, count(query));
        ASSERT_OK(query, SQLMoreResults(query));
        EXPECT_EQ(Texts{";?"}, query.rows());
        ASSERT_OK(query, SQLMoreResults(query));
        EXPECT_EQ(Texts{"x"}, query.rows());
        EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
    }
    Query query(several);
    ASSERT_OK(query, query.prepare("SELECT 1; SELECT 2"));
    ASSERT_OK(query, query.execute());
    EXPECT_EQ(Texts{"1"}, query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(Texts{"2"}, query.rows());
    query.close();
    // An error of a later one comes where its result would be.
    SQLINTEGER value = 50;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr);
    ASSERT_OK(query, query.run("INSERT INTO dropped_in(id) VALUES (?); SELECT * FROM no_such"));
    EXPECT_STATE(query, "42S02", SQLMoreResults(query));
    EXPECT_EQ("50", link.value("SELECT id FROM dropped_in WHERE id = 50"));
}

// ---- procedures --------------------------------------------------------------------------------

TEST_F(DropIn, ACallHasNoColumnsBeforeItsResults) {
    link.run("DROP PROCEDURE IF EXISTS gives");
    link.run("CREATE PROCEDURE gives(a INT, OUT b INT, OUT c INT) SET b = a, c = a + 1");
    link.run("DROP FUNCTION IF EXISTS doubled");
    link.run("CREATE FUNCTION doubled(a INT) RETURNS INT DETERMINISTIC RETURN a * 2");
    Query query(link);
    SQLINTEGER a = 5, b = 0, c = 0;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &b, 0, nullptr);
    SQLBindParameter(query, 3, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &c, 0, nullptr);
    ASSERT_OK(query, query.prepare("{call gives(?,?,?)}"));
    EXPECT_EQ(0, columns(query));
    ASSERT_OK(query, query.execute());
    EXPECT_EQ(0, columns(query));
    EXPECT_EQ(6, c);
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
    Query function(link);
    SQLBindParameter(function, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &b, 0, nullptr);
    SQLBindParameter(function, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    ASSERT_OK(function, function.prepare("{?=call doubled(?)}"));
    EXPECT_EQ(0, columns(function));
    ASSERT_OK(function, function.execute());
    EXPECT_EQ(0, columns(function));
    EXPECT_EQ(10, b);
}

TEST_F(DropIn, OutputThatIsBoundAsInputIsARow) {
    link.run("DROP PROCEDURE IF EXISTS gives");
    link.run(
        "CREATE PROCEDURE gives(a INT, OUT b INT, INOUT c VARCHAR(20)) BEGIN SELECT a; SET b = a + "
        "1, c = CONCAT(c, '!'); END");
    Query query(link);
    SQLINTEGER a = 5, b = 0;
    char c[20] = "hi";
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &b, 0, nullptr);
    SQLBindParameter(query, 3, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, c, 20, nullptr);
    ASSERT_OK(query, query.run("{call gives(?,?,?)}"));
    EXPECT_EQ(Texts{"5"}, query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(2, columns(query));
    EXPECT_EQ(Texts{"6|hi!"}, query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(0, columns(query));
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
}

// ---- parameters --------------------------------------------------------------------------------

TEST_F(DropIn, OneSetOfParametersHasAStatus) {
    Query query(link);
    SQLUSMALLINT status = 99;
    SQLULEN processed = 99;
    SQLINTEGER value = 60;
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, &status, 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr);
    ASSERT_OK(query, query.run("INSERT INTO dropped_in(id) VALUES (?)"));
    EXPECT_EQ(SQL_PARAM_SUCCESS, status);
    EXPECT_EQ(1u, processed);
    EXPECT_STATE(query, "23000", query.run("INSERT INTO dropped_in(id) VALUES (?)"));
    EXPECT_EQ(SQL_PARAM_ERROR, status);
}

TEST_F(DropIn, BytesMayEndAtTheirNul) {
    Query query(link);
    char bytes[] = "abc";
    SQLLEN length = SQL_NTS;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_VARBINARY, 20, 0, bytes, 4,
                     &length);
    ASSERT_OK(query, query.run("SELECT HEX(?)"));
    EXPECT_EQ(Texts{"616263"}, query.rows());
}

TEST_F(DropIn, ANumericsScaleIsTheBindingsWhereItHasNone) {
    Query query(link);
    SQL_NUMERIC_STRUCT value{};
    value.sign = 1;
    value.val[0] = 0x39;
    value.val[1] = 0x30;  // 12345
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_NUMERIC, SQL_NUMERIC, 10, 2, &value,
                     sizeof value, nullptr);
    ASSERT_OK(query, query.run("SELECT CAST(? AS DECIMAL(10,2))"));
    EXPECT_EQ(Texts{"123.45"}, query.rows());
}

TEST_F(DropIn, SetParamOfOdbc1Works) {
    Query query(link);
    SQLINTEGER value = 7;
    SQLLEN length = 0;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                      0, &value, SQL_SETPARAM_VALUE_MAX, &length));
    ASSERT_OK(query, query.run("SELECT ? + 1"));
    EXPECT_EQ(Texts{"8"}, query.rows());
}

TEST_F(DropIn, AFractionIsNotLostInATime) {
    Query query(link);
    SQL_TIMESTAMP_STRUCT stamp{2020, 1, 2, 3, 4, 5, 600000000};
    const auto run = [&](SQLSMALLINT digits) {
        SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIME, 8, digits,
                         &stamp, 0, nullptr);
        return query.run("SELECT CONCAT(?, '')");
    };
    EXPECT_STATE(query, "22008", run(0));
    ASSERT_OK(query, run(1));
    query.close();
    stamp.fraction = 0;
    ASSERT_OK(query, run(0));
}

TEST_F(DropIn, ALossThatNobodyCouldSeeIsAnError) {
    for (const bool seen : {false, true}) {
        link.run("DELETE FROM dropped_in");
        Query query(link);
        SQLINTEGER values[] = {1, 2, 2, 3};
        SQLUSMALLINT status[4] = {};
        SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(4), 0);
        if (seen) SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, status, 0);
        SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0,
                         nullptr);
        EXPECT_EQ(seen ? SQL_SUCCESS_WITH_INFO : SQL_ERROR,
                  query.run("INSERT INTO dropped_in(id) VALUES (?)"));
        EXPECT_EQ("23000", query.state());
    }
}

TEST_F(DropIn, ALengthThatIsNotKnownIsLong) {
    for (const char* sql :
         {"SELECT CONCAT(?, '')", "SELECT IFNULL(?, '')", "SELECT CAST(? AS CHAR)"}) {
        Query query(link);
        ASSERT_OK(query, query.prepare(sql));
        SQLULEN size = 0;
        ASSERT_OK(query,
                  SQLDescribeCol(query, 1, nullptr, 0, nullptr, nullptr, &size, nullptr, nullptr));
        EXPECT_TRUE(size == 0 || size > 100000) << sql << ": " << size;
    }
}

TEST_F(DropIn, NoErrorHasTheClassOfWarnings) {
    link.run("DROP TABLE dropped_in");
    link.run("CREATE TABLE dropped_in (e ENUM('a','b'))");
    link.run("SET sql_mode='STRICT_ALL_TABLES'");
    Query query(link);
    EXPECT_EQ(SQL_ERROR, query.run("INSERT INTO dropped_in(e) VALUES ('zz')"));
    EXPECT_EQ("22018", query.state());
}

// ---- the order of calls, where no driver manager checks it
// ---------------------------------------

TEST_F(DropIn, CallsOutOfOrderAreToldByTheDriver) {
    if (driver_file()) return;  // the driver manager tells them itself
    Query query(link);
    SQLSMALLINT some = 0;
    SQLLEN rows = 0;
    EXPECT_STATE(query, "HY010", SQLRowCount(query, &rows));
    EXPECT_STATE(query, "HY010", SQLNumResultCols(query, &some));
    EXPECT_STATE(query, "HY010", SQLNumParams(query, &some));
    EXPECT_STATE(query, "HY010",
                 SQLDescribeCol(query, 1, nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr));
    EXPECT_STATE(query, "HY010",
                 SQLColAttribute(query, 1, SQL_DESC_TYPE, nullptr, 0, nullptr, &rows));
    EXPECT_STATE(query, "HY010", SQLBulkOperations(query, SQL_ADD));
    EXPECT_STATE(query, "HY010", query.fetch());
    SQLULEN row = 0;
    EXPECT_STATE(query, "24000", SQLGetStmtAttr(query, SQL_ATTR_ROW_NUMBER, &row, 0, nullptr));
    ASSERT_OK(query, query.run("SELECT 1"));
    ASSERT_OK(query, query.fetch());
    EXPECT_STATE(query, "HY009", SQLGetData(query, 1, SQL_C_CHAR, nullptr, 0, nullptr));
}

TEST_F(DropIn, WhileDataIsNeededOthersMustWait) {
    if (driver_file()) return;  // the driver manager tells them itself
    Query query(link);
    SQLLEN at_execution = SQL_DATA_AT_EXEC, rows = 0;
    SQLSMALLINT some = 0;
    char value[20];
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, value, 20,
                     &at_execution);
    ASSERT_EQ(SQL_NEED_DATA, query.run("SELECT ?"));
    EXPECT_STATE(query, "HY010", SQLTables(query, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0));
    EXPECT_STATE(query, "HY010", SQLNumResultCols(query, &some));
    EXPECT_STATE(query, "HY010", SQLNumParams(query, &some));
    EXPECT_STATE(query, "HY010", SQLRowCount(query, &rows));
    EXPECT_STATE(query, "HY010", query.fetch());
    EXPECT_STATE(query, "HY010", SQLSetPos(query, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE));
    EXPECT_STATE(query, "HY010", SQLCloseCursor(query));
    EXPECT_STATE(link, "HY010", SQLDisconnect(link.handle()));
    ASSERT_OK(query, SQLCancel(query));
    ASSERT_OK(query, query.run("SELECT 1"));
}

TEST_F(DropIn, WhileACallRunsByItselfOthersMustWait) {
    if (driver_file()) return;  // the driver manager tells them itself
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ASYNC_ENABLE, number(SQL_ASYNC_ENABLE_ON), 0));
    const std::string sleep = "SELECT SLEEP(1)";  // read by the call whenever it gets to it
    SQLRETURN result = query.run(sleep);
    ASSERT_EQ(SQL_STILL_EXECUTING, result);
    SQLLEN rows = 0;
    SQLSMALLINT some = 0;
    EXPECT_STATE(query, "HY010", SQLFreeStmt(query, SQL_CLOSE));
    EXPECT_STATE(query, "HY010", SQLCloseCursor(query));
    EXPECT_STATE(query, "HY010", SQLRowCount(query, &rows));
    EXPECT_STATE(query, "HY010", SQLNumParams(query, &some));
    EXPECT_STATE(query, "HY010", SQLSetStmtAttr(query, SQL_ATTR_QUERY_TIMEOUT, number(5), 0));
    while (result == SQL_STILL_EXECUTING) result = query.run(sleep);
    ASSERT_OK(query, result);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ASYNC_ENABLE, number(SQL_ASYNC_ENABLE_OFF), 0));
    EXPECT_EQ(Texts{"0"}, query.rows());
}

}  // namespace
}  // namespace myfabric::test
