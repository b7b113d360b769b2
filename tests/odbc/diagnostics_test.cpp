// SQLGetDiagRec, SQLGetDiagField; SQLGetCursorName, SQLSetCursorName.
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

class DiagnosticFields : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    template <class T>
    static T number(const Query& query, SQLSMALLINT record, SQLSMALLINT field) {
        T value{};
        EXPECT_EQ(SQL_SUCCESS, SQLGetDiagField(SQL_HANDLE_STMT, query.handle(), record, field,
                                               &value, 0, nullptr));
        return value;
    }
    static std::string text(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT record,
                            SQLSMALLINT field) {
        SQLCHAR value[600] = {};
        SQLSMALLINT length = 0;
        EXPECT_TRUE(SQL_SUCCEEDED(
            SQLGetDiagField(type, handle, record, field, value, sizeof value, &length)));
        EXPECT_EQ(std::strlen(reinterpret_cast<char*>(value)), static_cast<std::size_t>(length));
        return reinterpret_cast<char*>(value);
    }

    Link link;
};

TEST_F(DiagnosticFields, ARecordSaysWhoDefinedItsState) {
    Query query(link);
    struct Sample {
        const char* sql;
        const char* state;
        int native;
        const char* class_origin;
        const char* subclass_origin;
    };
    const Sample samples[] = {
        {"bogus", "42000", 1064, "ISO 9075", "ISO 9075"},
        {"SELECT * FROM nowhere", "42S02", 1146, "ISO 9075", "ODBC 3.0"},
        {"SELECT nothing", "42S22", 1054, "ISO 9075", "ODBC 3.0"},
    };
    for (const Sample& sample : samples) {
        SCOPED_TRACE(sample.sql);
        EXPECT_EQ(SQL_ERROR, query.run(sample.sql));
        EXPECT_EQ(1, number<SQLINTEGER>(query, 0, SQL_DIAG_NUMBER));
        EXPECT_EQ(sample.state, text(SQL_HANDLE_STMT, query, 1, SQL_DIAG_SQLSTATE));
        EXPECT_EQ(sample.native, number<SQLINTEGER>(query, 1, SQL_DIAG_NATIVE));
        EXPECT_EQ(sample.class_origin, text(SQL_HANDLE_STMT, query, 1, SQL_DIAG_CLASS_ORIGIN));
        EXPECT_EQ(sample.subclass_origin,
                  text(SQL_HANDLE_STMT, query, 1, SQL_DIAG_SUBCLASS_ORIGIN));
        EXPECT_EQ(diagnostics(SQL_HANDLE_STMT, query)[0].message,
                  text(SQL_HANDLE_STMT, query, 1, SQL_DIAG_MESSAGE_TEXT));
        EXPECT_NE("", text(SQL_HANDLE_STMT, query, 1, SQL_DIAG_CONNECTION_NAME));
        text(SQL_HANDLE_STMT, query, 1, SQL_DIAG_SERVER_NAME);
    }
}

TEST_F(DiagnosticFields, ThereIsNoRecordBehindTheLast) {
    Query query(link);
    EXPECT_EQ(SQL_ERROR, query.run("bogus"));
    SQLCHAR state[6], message[20];
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    EXPECT_EQ(SQL_NO_DATA, SQLGetDiagRec(SQL_HANDLE_STMT, query, 2, state, &native, message,
                                         sizeof message, &length));
    EXPECT_EQ(SQL_NO_DATA,
              SQLGetDiagField(SQL_HANDLE_STMT, query, 2, SQL_DIAG_NATIVE, &native, 0, nullptr));
    EXPECT_EQ(SQL_ERROR, SQLGetDiagRec(SQL_HANDLE_STMT, query, 0, state, &native, message,
                                       sizeof message, &length));
    EXPECT_EQ(SQL_ERROR,
              SQLGetDiagRec(SQL_HANDLE_STMT, query, 1, state, &native, message, -1, &length));
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLGetDiagRec(SQL_HANDLE_STMT, query, 1, state, &native,
                                                   message, sizeof message, &length));
    EXPECT_EQ(sizeof message - 1, std::strlen(reinterpret_cast<char*>(message)));
    EXPECT_GT(length, 19);
    EXPECT_EQ(SQL_INVALID_HANDLE, SQLGetDiagRec(SQL_HANDLE_STMT, SQL_NULL_HSTMT, 1, state, &native,
                                                message, sizeof message, &length));
    // reading leaves the records; the next call takes them away
    EXPECT_EQ("42000", query.state());
    ASSERT_OK(query, query.run("SELECT 1"));
    EXPECT_EQ("", query.state());
}

// "Values of the Dynamic Function Fields"
TEST_F(DiagnosticFields, TheDynamicFunctionIsThatOfTheStatement) {
    struct Sample {
        const char* sql;
        const char* name;
        int code;
        long long rows;
    };
    const Sample samples[] = {
        {"DROP TABLE IF EXISTS functions", "DROP TABLE", SQL_DIAG_DROP_TABLE, 0},
        {"CREATE TABLE functions (a INT)", "CREATE TABLE", SQL_DIAG_CREATE_TABLE, 0},
        {"CREATE UNIQUE INDEX one ON functions (a)", "CREATE INDEX", SQL_DIAG_CREATE_INDEX, 0},
        {"ALTER TABLE functions ADD b INT", "ALTER TABLE", SQL_DIAG_ALTER_TABLE, 0},
        {"INSERT INTO functions VALUES (1, 1), (2, 2)", "INSERT", SQL_DIAG_INSERT, 2},
        {"/* c */ UPDATE functions SET b = 3", "UPDATE WHERE", SQL_DIAG_UPDATE_WHERE, 2},
        {"DELETE FROM functions WHERE a = 1", "DELETE WHERE", SQL_DIAG_DELETE_WHERE, 1},
        {"DROP INDEX one ON functions", "DROP INDEX", SQL_DIAG_DROP_INDEX, 0},
        {"CREATE OR REPLACE VIEW functions_v AS SELECT 1", "CREATE VIEW", SQL_DIAG_CREATE_VIEW, 0},
        {"DROP VIEW functions_v", "DROP VIEW", SQL_DIAG_DROP_VIEW, 0},
        {"SET @a = 1", "", SQL_DIAG_UNKNOWN_STATEMENT, 0},
    };
    Query query(link);
    for (const Sample& sample : samples) {
        SCOPED_TRACE(sample.sql);
        const SQLRETURN result = query.run(sample.sql);
        ASSERT_TRUE(SQL_SUCCEEDED(result)) << query.text();
        EXPECT_EQ(sample.name, text(SQL_HANDLE_STMT, query, 0, SQL_DIAG_DYNAMIC_FUNCTION));
        EXPECT_EQ(sample.code, number<SQLINTEGER>(query, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE));
        if (std::strstr(sample.name, "TABLE") == nullptr &&
            std::strstr(sample.name, "INDEX") == nullptr) {
            EXPECT_EQ(sample.rows, number<SQLLEN>(query, 0, SQL_DIAG_ROW_COUNT));
        }
    }
    ASSERT_OK(query, query.run("SELECT 1"));
    EXPECT_EQ("SELECT CURSOR", text(SQL_HANDLE_STMT, query, 0, SQL_DIAG_DYNAMIC_FUNCTION));
    EXPECT_EQ(SQL_DIAG_SELECT_CURSOR, number<SQLINTEGER>(query, 0, SQL_DIAG_DYNAMIC_FUNCTION_CODE));
    EXPECT_EQ(SQL_SUCCESS, number<SQLRETURN>(query, 0, SQL_DIAG_RETURNCODE));
}

TEST_F(DiagnosticFields, FieldsOfStatementsAreNotThoseOfConnections) {
    SQLLEN count = 0;
    EXPECT_EQ(SQL_ERROR, SQLGetDiagField(SQL_HANDLE_DBC, link.handle(), 0, SQL_DIAG_ROW_COUNT,
                                         &count, 0, nullptr));
    SQLINTEGER records = -1;
    EXPECT_EQ(SQL_SUCCESS, SQLGetDiagField(SQL_HANDLE_DBC, link.handle(), 0, SQL_DIAG_NUMBER,
                                           &records, 0, nullptr));
}

TEST_F(DiagnosticFields, RowsAndColumnsOfTheErrorAreTold) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 1, 'text'"));
    SQLINTEGER value = 0;
    SQLBindCol(query, 2, SQL_C_SLONG, &value, 0, nullptr);
    EXPECT_EQ(SQL_ERROR, query.fetch());
    EXPECT_EQ("22018", query.state());
    EXPECT_EQ(1, number<SQLLEN>(query, 1, SQL_DIAG_ROW_NUMBER));
    EXPECT_EQ(2, number<SQLINTEGER>(query, 1, SQL_DIAG_COLUMN_NUMBER));
    EXPECT_EQ(SQL_ERROR, query.run("bogus"));
    query.close();
    EXPECT_EQ(SQL_ERROR, query.run("bogus"));
    EXPECT_EQ(SQL_ROW_NUMBER_UNKNOWN, number<SQLLEN>(query, 1, SQL_DIAG_ROW_NUMBER));
    EXPECT_EQ(SQL_COLUMN_NUMBER_UNKNOWN, number<SQLINTEGER>(query, 1, SQL_DIAG_COLUMN_NUMBER));
}

std::string cursor_name(const Query& query) {
    SQLCHAR name[100] = {};
    SQLSMALLINT length = 0;
    EXPECT_EQ(SQL_SUCCESS, SQLGetCursorName(query.handle(), name, sizeof name, &length));
    EXPECT_EQ(std::strlen(reinterpret_cast<char*>(name)), static_cast<std::size_t>(length));
    return reinterpret_cast<char*>(name);
}

SQLRETURN set_cursor_name(const Query& query, std::string name) {
    return SQLSetCursorName(query.handle(), reinterpret_cast<SQLCHAR*>(name.data()), SQL_NTS);
}

TEST_F(DiagnosticFields, CursorsHaveNamesOfTheirOwn) {
    Query one(link), two(link);
    EXPECT_EQ("SQL_CUR", cursor_name(one).substr(0, 7));
    EXPECT_NE(cursor_name(one), cursor_name(two));
    EXPECT_EQ(cursor_name(one), cursor_name(one));
    EXPECT_EQ(SQL_SUCCESS, set_cursor_name(one, "chosen"));
    EXPECT_EQ("chosen", cursor_name(one));
    EXPECT_STATE(two, "3C000", set_cursor_name(two, "Chosen"));
    EXPECT_EQ(SQL_SUCCESS, set_cursor_name(one, "chosen"));
    for (const char* bad : {"", "SQL_CUR1", "sqlcur"})
        EXPECT_STATE(two, "34000", set_cursor_name(two, bad));
    EXPECT_EQ(SQL_SUCCESS, set_cursor_name(two, std::string(64, 'n')));
    EXPECT_STATE(two, "34000", set_cursor_name(two, std::string(65, 'n')));
    SQLUSMALLINT longest = 0;
    SQLGetInfo(link.handle(), SQL_MAX_CURSOR_NAME_LEN, &longest, sizeof longest, nullptr);
    EXPECT_EQ(64, longest);
    ASSERT_OK(one, one.run("SELECT 1"));
    EXPECT_STATE(one, "24000", set_cursor_name(one, "later"));
    SQLCHAR part[4];
    SQLSMALLINT length = 0;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLGetCursorName(one, part, sizeof part, &length));
    EXPECT_EQ("01004", one.state());
    EXPECT_EQ(6, length);
    auto wide_name = wide("breit");
    one.close();
    EXPECT_EQ(SQL_SUCCESS, SQLSetCursorNameW(one, wide_name.data(), SQL_NTS)) << one.text();
    EXPECT_EQ("breit", cursor_name(one));
}

}  // namespace
}  // namespace myfabric::test
