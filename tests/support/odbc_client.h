// A small ODBC client for tests: handles that free themselves, diagnostics as text.
#pragma once

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include <optional>
#include <string>
#include <vector>

namespace myfabric::test {

struct Diagnostic {
    std::string state;
    int native = 0;
    std::string message;
};

/// All records of a handle.
std::vector<Diagnostic> diagnostics(SQLSMALLINT type, SQLHANDLE handle);
/// The records as one text, for failure messages.
std::string diagnostic_text(SQLSMALLINT type, SQLHANDLE handle);
/// The first record's SQLSTATE, empty when there is none.
std::string state(SQLSMALLINT type, SQLHANDLE handle);

/// One environment and one connection. The connection is not opened yet.
class Link {
public:
    explicit Link(SQLINTEGER odbc_version = SQL_OV_ODBC3_80);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// Connects; a failure fails the running test and shows the diagnostics.
    void open(const std::string& connection_string);
    SQLRETURN try_open(const std::string& connection_string);
    void close();

    SQLHENV environment() const { return environment_; }
    SQLHDBC handle() const { return connection_; }
    std::string state() const { return test::state(SQL_HANDLE_DBC, connection_); }
    std::string text() const { return diagnostic_text(SQL_HANDLE_DBC, connection_); }

    /// Runs `sql` and drops what it gives; fails the test when it fails.
    void run(const std::string& sql);
    /// The first value of the first row; fails the test when the statement fails.
    std::optional<std::string> value(const std::string& sql);
    /// All rows as texts, NULL as "NULL", columns separated by '|'.
    std::vector<std::string> rows(const std::string& sql);
    /// A text attribute of the connection.
    std::string attribute(SQLINTEGER id);
    SQLRETURN set_attribute(SQLINTEGER id, const std::string& text);
    SQLRETURN set_attribute(SQLINTEGER id, SQLULEN number);

private:
    SQLHENV environment_ = SQL_NULL_HENV;
    SQLHDBC connection_ = SQL_NULL_HDBC;
    bool open_ = false;
};

/// One statement of a link.
class Query {
public:
    explicit Query(Link& link);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    SQLHSTMT handle() const { return statement_; }
    operator SQLHSTMT() const { return statement_; }
    SQLRETURN run(const std::string& sql);
    SQLRETURN prepare(const std::string& sql);
    SQLRETURN execute() { return SQLExecute(statement_); }
    SQLRETURN fetch() { return SQLFetch(statement_); }
    void close() { SQLFreeStmt(statement_, SQL_CLOSE); }
    std::string state() const { return test::state(SQL_HANDLE_STMT, statement_); }
    std::string text() const { return diagnostic_text(SQL_HANDLE_STMT, statement_); }
    /// Column `number` of the current row as text by SQLGetData; nullopt for NULL.
    std::optional<std::string> get(SQLUSMALLINT number);
    /// The rest of the rows as in Link::rows().
    std::vector<std::string> rows();

private:
    SQLHSTMT statement_ = SQL_NULL_HSTMT;
};

std::vector<SQLWCHAR> wide(const std::string& ascii);

}  // namespace myfabric::test

/// Asserts SQL_SUCCESS or SQL_SUCCESS_WITH_INFO and shows the diagnostics of a Link or Query.
#define ASSERT_OK(object, call)                                                         \
    do {                                                                                \
        const SQLRETURN result_of_call = (call);                                        \
        ASSERT_TRUE(SQL_SUCCEEDED(result_of_call)) << #call << "\n" << (object).text(); \
    } while (false)
/// Expects SQL_ERROR with this SQLSTATE in the first record.
#define EXPECT_STATE(object, expected, call)                                       \
    do {                                                                           \
        EXPECT_EQ(SQL_ERROR, (call)) << #call;                                     \
        EXPECT_EQ(expected, (object).state()) << #call << "\n" << (object).text(); \
    } while (false)
