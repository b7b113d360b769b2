#include "support/odbc_client.h"

#include <gtest/gtest.h>

namespace myfabric::test {
namespace {

SQLCHAR* chars(const std::string& text) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.c_str()));
}

std::vector<std::string> read_rows(SQLHSTMT statement) {
    std::vector<std::string> rows;
    SQLSMALLINT columns = 0;
    SQLNumResultCols(statement, &columns);
    for (SQLRETURN result; (result = SQLFetch(statement)) != SQL_NO_DATA;) {
        if (!SQL_SUCCEEDED(result)) {
            ADD_FAILURE() << diagnostic_text(SQL_HANDLE_STMT, statement);
            break;
        }
        std::string row;
        for (SQLSMALLINT column = 1; column <= columns; ++column) {
            if (column > 1) row += '|';
            char part[512];
            SQLLEN length = 0;
            SQLRETURN got;
            while (SQL_SUCCEEDED(got = SQLGetData(statement, static_cast<SQLUSMALLINT>(column),
                                                  SQL_C_CHAR, part, sizeof part, &length))) {
                row += length == SQL_NULL_DATA ? "NULL" : part;
                if (got == SQL_SUCCESS) break;
            }
            if (got == SQL_ERROR) {
                ADD_FAILURE() << diagnostic_text(SQL_HANDLE_STMT, statement);
                return rows;
            }
        }
        rows.push_back(row);
    }
    return rows;
}

}  // namespace

std::vector<Diagnostic> diagnostics(SQLSMALLINT type, SQLHANDLE handle) {
    std::vector<Diagnostic> found;
    SQLCHAR state[6];
    SQLCHAR message[2000];
    SQLINTEGER native = 0;
    for (SQLSMALLINT number = 1; SQL_SUCCEEDED(
             SQLGetDiagRec(type, handle, number, state, &native, message, sizeof message, nullptr));
         ++number)
        found.push_back({reinterpret_cast<char*>(state), native, reinterpret_cast<char*>(message)});
    return found;
}

std::string diagnostic_text(SQLSMALLINT type, SQLHANDLE handle) {
    std::string text;
    for (const Diagnostic& record : diagnostics(type, handle))
        text += record.state + " (" + std::to_string(record.native) + ") " + record.message + "\n";
    return text;
}

std::string state(SQLSMALLINT type, SQLHANDLE handle) {
    const auto records = diagnostics(type, handle);
    return records.empty() ? std::string() : records.front().state;
}

Link::Link(SQLINTEGER odbc_version) {
    SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment_);
    SQLSetEnvAttr(environment_, SQL_ATTR_ODBC_VERSION,
                  reinterpret_cast<SQLPOINTER>(static_cast<SQLLEN>(odbc_version)), 0);
    SQLAllocHandle(SQL_HANDLE_DBC, environment_, &connection_);
}

Link::~Link() {
    close();
    SQLFreeHandle(SQL_HANDLE_DBC, connection_);
    SQLFreeHandle(SQL_HANDLE_ENV, environment_);
}

SQLRETURN Link::try_open(const std::string& connection_string) {
    const SQLRETURN result = SQLDriverConnect(connection_, nullptr, chars(connection_string),
                                              SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
    open_ = SQL_SUCCEEDED(result);
    return result;
}

void Link::open(const std::string& connection_string) {
    ASSERT_TRUE(SQL_SUCCEEDED(try_open(connection_string))) << text();
}

void Link::close() {
    if (!open_) return;
    SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK);
    SQLDisconnect(connection_);
    open_ = false;
}

void Link::run(const std::string& sql) {
    Query query(*this);
    const SQLRETURN result = query.run(sql);
    ASSERT_TRUE(SQL_SUCCEEDED(result) || result == SQL_NO_DATA) << sql << "\n" << query.text();
}

std::vector<std::string> Link::rows(const std::string& sql) {
    Query query(*this);
    const SQLRETURN result = query.run(sql);
    if (!SQL_SUCCEEDED(result)) {
        ADD_FAILURE() << sql << "\n" << query.text();
        return {};
    }
    return query.rows();
}

std::optional<std::string> Link::value(const std::string& sql) {
    Query query(*this);
    if (!SQL_SUCCEEDED(query.run(sql)) || !SQL_SUCCEEDED(query.fetch())) {
        ADD_FAILURE() << sql << "\n" << query.text();
        return std::nullopt;
    }
    return query.get(1);
}

std::string Link::attribute(SQLINTEGER id) {
    SQLCHAR text[512] = {};
    SQLINTEGER length = 0;
    SQLGetConnectAttr(connection_, id, text, sizeof text, &length);
    return reinterpret_cast<char*>(text);
}

SQLRETURN Link::set_attribute(SQLINTEGER id, const std::string& text) {
    return SQLSetConnectAttr(connection_, id, chars(text), SQL_NTS);
}

SQLRETURN Link::set_attribute(SQLINTEGER id, SQLULEN number) {
    return SQLSetConnectAttr(connection_, id, reinterpret_cast<SQLPOINTER>(number),
                             SQL_IS_UINTEGER);
}

Query::Query(Link& link) {
    SQLAllocHandle(SQL_HANDLE_STMT, link.handle(), &statement_);
}

Query::~Query() {
    SQLFreeHandle(SQL_HANDLE_STMT, statement_);
}

SQLRETURN Query::run(const std::string& sql) {
    return SQLExecDirect(statement_, chars(sql), SQL_NTS);
}

SQLRETURN Query::prepare(const std::string& sql) {
    return SQLPrepare(statement_, chars(sql), SQL_NTS);
}

std::optional<std::string> Query::get(SQLUSMALLINT number) {
    std::string whole;
    char part[1024];
    SQLLEN length = 0;
    SQLRETURN result;
    while (SQL_SUCCEEDED(
        result = SQLGetData(statement_, number, SQL_C_CHAR, part, sizeof part, &length))) {
        if (length == SQL_NULL_DATA) return std::nullopt;
        whole += part;
        if (result == SQL_SUCCESS) break;
    }
    if (result == SQL_ERROR) ADD_FAILURE() << text();
    return whole;
}

std::vector<std::string> Query::rows() {
    return read_rows(statement_);
}

std::vector<SQLWCHAR> wide(const std::string& ascii) {
    std::vector<SQLWCHAR> text(ascii.begin(), ascii.end());
    text.push_back(0);
    return text;
}

}  // namespace myfabric::test
