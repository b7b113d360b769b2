// The application's memory: what is bound, what is released, and nothing beside it. The tests show
// what is wrong under AddressSanitizer, where they are linked to the driver.
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <thread>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

SQLPOINTER number(SQLLEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class Buffers : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    void create(const std::string& kind, const std::string& head, const std::string& body) {
        link.run("DROP " + kind + " IF EXISTS " + head.substr(0, head.find('(')));
        link.run("CREATE " + kind + " " + head + " " + body);
    }

    Link link;
};

// A rowset of one row, with all its columns bound, is one that SQLGetData reads without SQLSetPos.
TEST_F(Buffers, LastRowOfABlockCanBeReadAgain) {
    for (const bool prepare : {false, true})
        for (const SQLLEN rows : {1, 8, 15}) {
            Query query(link);
            ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(7), 0));
            SQLINTEGER numbers[7] = {};
            char texts[7][100] = {};
            ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, numbers, 0, nullptr));
            ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_CHAR, texts, sizeof texts[0], nullptr));
            std::string sql = "SELECT 1 AS n, REPEAT('x', 99) AS t";
            for (SQLLEN row = 2; row <= rows; ++row)
                sql += " UNION ALL SELECT " + std::to_string(row) + ", REPEAT('y', 99)";
            if (prepare) ASSERT_OK(query, query.prepare(sql));
            ASSERT_OK(query, prepare ? query.execute() : query.run(sql));
            for (SQLLEN row = 0; row < rows; row += 7) ASSERT_OK(query, query.fetch());
            const std::string last = std::to_string(rows);
            EXPECT_EQ(last, query.get(1)) << rows;
            EXPECT_EQ(std::string(99, rows == 1 ? 'x' : 'y'), query.get(2));
            ASSERT_OK(query, SQLSetPos(query, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE));
            EXPECT_EQ(last, query.get(1));
            EXPECT_EQ(SQL_NO_DATA, query.fetch());
            SQLLEN indicator = 0;
            char text[9];
            EXPECT_STATE(query, "24000",
                         SQLGetData(query, 1, SQL_C_CHAR, text, sizeof text, &indicator));
        }
}

// The function's value is no marker of the statement: it has no data, and an input is not written.
TEST_F(Buffers, ValueOfAFunctionNeverAsksForData) {
    create("FUNCTION", "twice(a INT) RETURNS INT DETERMINISTIC", "RETURN a * 2");
    for (const int direction : {SQL_PARAM_INPUT, SQL_PARAM_INPUT_OUTPUT, SQL_PARAM_OUTPUT}) {
        Query query(link);
        SQLINTEGER value = 1;
        SQLLEN value_length = SQL_DATA_AT_EXEC, argument_length = SQL_DATA_AT_EXEC;
        ASSERT_OK(query,
                  SQLBindParameter(query, 1, static_cast<SQLSMALLINT>(direction), SQL_C_SLONG,
                                   SQL_INTEGER, 0, 0, &value, 0, &value_length));
        ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                          number(2), 0, &argument_length));
        ASSERT_EQ(SQL_NEED_DATA, query.run("{?=call twice(?)}")) << query.text();
        SQLPOINTER token = nullptr;
        ASSERT_EQ(SQL_NEED_DATA, SQLParamData(query, &token));
        EXPECT_EQ(number(2), token);
        SQLINTEGER argument = 21;
        ASSERT_OK(query, SQLPutData(query, &argument, 0));
        ASSERT_OK(query, SQLParamData(query, &token));
        if (direction == SQL_PARAM_INPUT) {
            EXPECT_EQ(1, value);
            ASSERT_OK(query, query.fetch());
            EXPECT_EQ("42", query.get(1));
        } else {
            EXPECT_EQ(42, value);
            EXPECT_EQ(4, value_length);
        }
    }
}

TEST_F(Buffers, TextAttributesAreReadWithinTheirLength) {
    if (driver_file()) return;  // the manager keeps what is set before connecting, read its own way
    const SQLWCHAR middle = 0x4E2D;  // no zero byte, and each one looks like ASCII
    const auto exact = [](const void* bytes, std::size_t size) {
        auto memory = std::make_unique<unsigned char[]>(size);
        std::memcpy(memory.get(), bytes, size);
        return memory;
    };
    Link fresh;
    const auto text = exact(&middle, sizeof middle);
    ASSERT_OK(fresh, SQLSetConnectAttrW(fresh.handle(), 20001, text.get(), sizeof middle));
    EXPECT_EQ("\xE4\xB8\xAD", fresh.attribute(20001));
    ASSERT_OK(fresh, SQLSetConnectAttrW(fresh.handle(), SQL_ATTR_CURRENT_CATALOG, text.get(),
                                        sizeof middle));
    const auto narrow = exact("shard1", 6);
    ASSERT_OK(fresh, SQLSetConnectAttr(fresh.handle(), 20001, narrow.get(), 6));
    EXPECT_EQ("shard1", fresh.attribute(20001));
    const auto counted = exact("group\0", 6);
    ASSERT_OK(fresh, SQLSetConnectAttr(fresh.handle(), 20001, counted.get(), 6));
    EXPECT_EQ("group", fresh.attribute(20001));
}

// Buffers that the application has taken back are its own.
TEST_F(Buffers, ReleasedParametersAreNotWritten) {
    create("PROCEDURE", "rows_and_output(a INT, OUT b VARCHAR(20))",
           "BEGIN SELECT a; SET b = 'written'; END");
    Query query(link);
    SQLINTEGER argument = 1;
    SQLLEN length = 0;
    auto text = std::make_unique<char[]>(20);
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      &argument, 0, nullptr));
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
                                      text.get(), 20, &length));
    ASSERT_OK(query, query.run("{call rows_and_output(?,?)}"));
    ASSERT_OK(query, SQLFreeStmt(query, SQL_RESET_PARAMS));
    text.reset();
    while (SQL_SUCCEEDED(SQLMoreResults(query))) {
    }
    EXPECT_EQ(0, length);

    // Bound again elsewhere: that is where the value goes.
    text = std::make_unique<char[]>(20);
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      &argument, 0, nullptr));
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
                                      text.get(), 20, &length));
    ASSERT_OK(query, query.run("{call rows_and_output(?,?)}"));
    text.reset();
    char other[20] = {};
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
                                      other, sizeof other, &length));
    while (SQL_SUCCEEDED(SQLMoreResults(query))) {
    }
    EXPECT_STREQ("written", other);
}

TEST_F(Buffers, ReleasedArraysAreNotRead) {
    create("PROCEDURE", "gives_rows(a INT)", "BEGIN SELECT a; END");
    Query query(link);
    auto numbers = std::make_unique<SQLINTEGER[]>(3);
    auto status = std::make_unique<SQLUSMALLINT[]>(3);
    for (int i = 0; i < 3; ++i) numbers[i] = i;
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(3), 0));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, status.get(), 0));
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      numbers.get(), 0, nullptr));
    ASSERT_OK(query, query.run("{call gives_rows(?)}"));
    ASSERT_OK(query, SQLFreeStmt(query, SQL_RESET_PARAMS));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, nullptr, 0));
    numbers.reset();
    status.reset();
    EXPECT_EQ(SQL_SUCCESS, SQLMoreResults(query));  // the completion of the first CALL
    EXPECT_STATE(query, "07002", SQLMoreResults(query));
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
    EXPECT_EQ("1", link.value("SELECT 1"));
}

TEST_F(Buffers, DescriptorAtTheSamePlaceIsAnotherOne) {
    Query query(link);
    SQLINTEGER kept = 0;
    for (int time = 0; time < 20; ++time) {
        SQLHDESC descriptor = SQL_NULL_HDESC;
        ASSERT_OK(link, SQLAllocHandle(SQL_HANDLE_DESC, link.handle(), &descriptor));
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_APP_ROW_DESC, descriptor, 0));
        auto value = std::make_unique<SQLINTEGER>(0);
        SQLINTEGER* const where = time % 2 ? &kept : value.get();
        ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, where, 0, nullptr));
        ASSERT_OK(query, query.run("SELECT " + std::to_string(time + 1)));
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ(time + 1, *where);
        query.close();
        ASSERT_EQ(SQL_SUCCESS, SQLFreeHandle(SQL_HANDLE_DESC, descriptor));
    }
}

TEST_F(Buffers, OffsetsWithoutBoundAreOutOfTheResult) {
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0));
    ASSERT_OK(query, query.run("SELECT 1 UNION SELECT 2"));
    for (const int orientation : {SQL_FETCH_ABSOLUTE, SQL_FETCH_RELATIVE})
        for (const SQLLEN offset :
             {std::numeric_limits<SQLLEN>::min(), std::numeric_limits<SQLLEN>::max()}) {
            ASSERT_OK(query, SQLFetchScroll(query, SQL_FETCH_FIRST, 0));
            EXPECT_EQ(SQL_NO_DATA,
                      SQLFetchScroll(query, static_cast<SQLSMALLINT>(orientation), offset))
                << offset;
        }
}

// SQLCancel comes after the call has failed, and before anybody asked how it went.
TEST_F(Buffers, CancelLeavesTheRecordsOfACallThatHasEnded) {
    link.run("CREATE TEMPORARY TABLE once_only (a INT PRIMARY KEY)");
    link.run("INSERT INTO once_only VALUES (1)");
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ASYNC_ENABLE, number(SQL_ASYNC_ENABLE_ON), 0));
    SQLCHAR sql[] = "INSERT INTO once_only SELECT 1 FROM (SELECT SLEEP(0.1)) AS slept";
    const auto call = [&] { return SQLExecDirect(query, sql, SQL_NTS); };
    Link other;
    other.open(server_string());
    const auto runs = [&] {
        return other.value(
                   "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE "
                   "'INSERT INTO once_only%'") != "0";
    };
    // The driver's end of the call cannot be asked for without taking the result: where a cancel
    // still came in time, the next one waits longer.
    for (auto wait = std::chrono::milliseconds(20); wait.count() < 10000; wait *= 4) {
        ASSERT_EQ(SQL_STILL_EXECUTING, call());
        for (int asked = 0; asked < 100 && !runs(); ++asked) std::this_thread::yield();
        while (runs()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(wait);
        SQLCancel(query);
        SQLRETURN result = SQL_STILL_EXECUTING;
        while ((result = call()) == SQL_STILL_EXECUTING)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        EXPECT_EQ(SQL_ERROR, result);
        if (query.state() != "HY008") break;
    }
    EXPECT_EQ("23000", query.state()) << query.text();
}

// A client library would take the rest for options: plug-ins to load, files to send, checks to
// skip.
TEST_F(Buffers, HostsAreNoConnectionStrings) {
    for (const char* more :
         {";local-infile=1", ";plugin-dir=/tmp;default-auth=evil", ";init-command=SELECT 1",
          ";ssl-verify-server-cert=0;ssl-enforce=0", ",127.0.0.2", " ", "\n", "=1"}) {
        Link refused;
        const std::string host = std::string("Server={127.0.0.1") + more + "};";
        std::string string = driver_key() + host + "UID=u;PWD=p;";
        EXPECT_EQ(SQL_ERROR, refused.try_open(string)) << more;
        EXPECT_EQ("08001", refused.state());
        EXPECT_NE(std::string::npos, refused.text().find("key Server")) << refused.text();
    }
}

}  // namespace
}  // namespace myfabric::test
