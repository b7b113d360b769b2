// No wait is without an end where the application asked for one; other threads look and cancel.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "support/odbc_client.h"
#include "support/proxy.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

class Timeouts : public testing::Test {
protected:
    Timeouts() : proxy(server()["port"].get<int>()) {}

    std::string through_proxy(const std::string& more = {}) const {
        const nlohmann::json& at = server();
        return driver_key() + more + "Server=127.0.0.1;Port=" + std::to_string(proxy.port()) +
               ";SSLMode=DISABLED;User=" + at["user"].get<std::string>() +
               ";Password=" + at["password"].get<std::string>() +
               ";Database=" + at["database"].get<std::string>();
    }
    template <class Body>
    static double seconds(Body&& body) {
        const auto start = Clock::now();
        body();
        return std::chrono::duration<double>(Clock::now() - start).count();
    }
    static void query_timeout(Query& query, SQLULEN limit) {
        ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_QUERY_TIMEOUT,
                                        reinterpret_cast<SQLPOINTER>(limit), 0));
    }

    Proxy proxy;
    Link link;
};

TEST_F(Timeouts, QueryTimeoutEndsTheWaitForAServerThatIsSilent) {
    link.open(through_proxy());
    Query query(link);
    query_timeout(query, 1);
    proxy.freeze(true);
    const double took = seconds([&] { EXPECT_STATE(query, "HYT00", query.run("SELECT 1")); });
    EXPECT_GE(took, 1.0);
    EXPECT_LE(took, 4.0);
    proxy.freeze(false);
    EXPECT_EQ("7", link.value("SELECT 7"));
}

TEST_F(Timeouts, QueryTimeoutIsNeverASuccess) {
    link.open(server_string());
    Query query(link);
    query_timeout(query, 1);
    const double took = seconds([&] { EXPECT_STATE(query, "HYT00", query.run("DO SLEEP(8)")); });
    EXPECT_LE(took, 4.0);
    EXPECT_EQ("7", link.value("SELECT 7"));
}

TEST_F(Timeouts, QueryTimeoutBoundsMoreResults) {
    link.open(server_string());
    link.run("DROP PROCEDURE IF EXISTS slow_second");
    link.run("CREATE PROCEDURE slow_second() BEGIN SELECT 1; DO SLEEP(8); SELECT 2; END");
    Query query(link);
    query_timeout(query, 1);
    ASSERT_OK(query, query.run("CALL slow_second()"));
    const double took = seconds([&] { EXPECT_STATE(query, "HYT00", SQLMoreResults(query)); });
    EXPECT_LE(took, 4.0);
    EXPECT_EQ("7", link.value("SELECT 7"));
}

TEST_F(Timeouts, QueryTimeoutBoundsFetch) {
    link.open(server_string());
    Query query(link);
    query_timeout(query, 1);
    // Each row takes a quarter of a second, and several fit into the server's buffer.
    ASSERT_OK(query, query.run("SELECT REPEAT('x', 9000), SLEEP(0.25) FROM "
                               "information_schema.collations LIMIT 40"));
    SQLRETURN result = SQL_SUCCESS;
    double longest = 0;
    while (SQL_SUCCEEDED(result))
        longest = std::max(longest, seconds([&] { result = query.fetch(); }));
    EXPECT_LE(longest, 4.0);
}

TEST_F(Timeouts, ReadTimeoutEndsTheWaitOnceAndRunsNothingAgain) {
    link.open(through_proxy("ReadTimeout=1;"));
    Query query(link);
    const double took =
        seconds([&] { EXPECT_STATE(query, "HYT01", query.run("SELECT SLEEP(6)")); });
    EXPECT_GE(took, 1.0);
    EXPECT_LE(took, 3.0);
    EXPECT_EQ(1, proxy.seen("SELECT SLEEP(6)"));
    EXPECT_EQ("7", link.value("SELECT 7"));
}

TEST_F(Timeouts, ConnectionTimeoutMayBeSetOnAnOpenConnection) {
    link.open(through_proxy());
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_CONNECTION_TIMEOUT, SQLULEN{1}));
    Query query(link);
    proxy.silence_reply_of("SELECT 4711");
    const double took = seconds([&] { EXPECT_STATE(query, "HYT01", query.run("SELECT 4711")); });
    EXPECT_LE(took, 3.0);
}

TEST_F(Timeouts, TransactionThatATimeoutEndedIsToldAtTheNextStatement) {
    link.open(through_proxy("ReadTimeout=1;"));
    link.run("DROP TABLE IF EXISTS timed");
    link.run("CREATE TABLE timed (id INT) ENGINE=InnoDB");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    link.run("INSERT INTO timed VALUES (1)");
    Query query(link);
    EXPECT_STATE(query, "HYT01", query.run("SELECT SLEEP(4)"));
    EXPECT_STATE(query, "40001", query.run("INSERT INTO timed VALUES (2)"));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
}

TEST_F(Timeouts, LoginTimeoutBoundsTheWholeOfConnecting) {
    proxy.freeze(true);
    ASSERT_OK(link, SQLSetConnectAttr(link.handle(), SQL_ATTR_LOGIN_TIMEOUT,
                                      reinterpret_cast<SQLPOINTER>(SQLULEN{1}), 0));
    const double took = seconds([&] {
        EXPECT_EQ(SQL_ERROR, link.try_open(through_proxy()));
        EXPECT_EQ("HYT00", link.state()) << link.text();
    });
    EXPECT_LE(took, 3.0);
    proxy.freeze(false);
    ASSERT_OK(link, link.try_open(through_proxy()));
    EXPECT_EQ("7", link.value("SELECT 7"));
}

TEST_F(Timeouts, ClosingACursorWithUnreadRowsTakesAMoment) {
    link.open(server_string());
    Query query(link);
    ASSERT_OK(query, query.run("SELECT REPEAT('x', 1000), a.id, b.id FROM "
                               "information_schema.collations a, information_schema.collations b, "
                               "information_schema.collations c"));
    ASSERT_OK(query, query.fetch());
    EXPECT_LE(seconds([&] { query.close(); }), 3.0);
    EXPECT_EQ("7", link.value("SELECT 7"));
}

TEST_F(Timeouts, DisconnectingWithUnreadRowsFromASilentServerTakesAMoment) {
    link.open(through_proxy());
    SQLHSTMT statement = nullptr;  // freed by disconnecting
    ASSERT_OK(link, SQLAllocHandle(SQL_HANDLE_STMT, link.handle(), &statement));
    std::string sql =
        "SELECT REPEAT('x', 1000), a.id, b.id FROM information_schema.collations a, "
        "information_schema.collations b";
    ASSERT_EQ(SQL_SUCCESS,
              SQLExecDirect(statement, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS));
    ASSERT_EQ(SQL_SUCCESS, SQLFetch(statement));
    proxy.freeze(true);
    EXPECT_LE(seconds([&] { ASSERT_OK(link, SQLDisconnect(link.handle())); }), 3.0);
    proxy.freeze(false);
}

TEST_F(Timeouts, CancelEndsAStatementOfASilentServer) {
    link.open(through_proxy());
    Query query(link);
    proxy.silence_reply_of("SELECT 4712");
    std::thread other([&] {
        while (!proxy.seen("SELECT 4712")) std::this_thread::sleep_for(1ms);
        proxy.freeze(true);
        EXPECT_LE(seconds([&] { EXPECT_EQ(SQL_SUCCESS, SQLCancel(query)); }), 3.0);
    });
    const double took = seconds([&] { EXPECT_STATE(query, "HY008", query.run("SELECT 4712")); });
    other.join();
    EXPECT_LE(took, 4.0);
    proxy.freeze(false);
    EXPECT_EQ("7", link.value("SELECT 7"));
}

TEST_F(Timeouts, WhetherTheConnectionIsDeadIsToldWhileAStatementWaits) {
    if (driver_file())
        return;  // the manager itself lets one call of a connection at a time through
    link.open(through_proxy());
    Query query(link);
    std::atomic<bool> done{false};
    std::thread other([&] {
        while (!proxy.seen("SELECT SLEEP(2)")) std::this_thread::sleep_for(1ms);
        SQLUINTEGER dead = 7;
        EXPECT_LE(seconds([&] {
                      EXPECT_EQ(SQL_SUCCESS,
                                SQLGetConnectAttr(link.handle(), SQL_ATTR_CONNECTION_DEAD, &dead, 0,
                                                  nullptr));
                  }),
                  1.0);
        EXPECT_EQ(SQLUINTEGER{SQL_CD_FALSE}, dead);
        EXPECT_FALSE(done);
    });
    ASSERT_OK(query, query.run("SELECT SLEEP(2)"));
    done = true;
    other.join();
}

TEST_F(Timeouts, DisconnectingWhileAStatementRunsByItselfIsASequenceError) {
    if (driver_file()) return;  // the manager says it itself
    link.open(server_string());
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ASYNC_ENABLE,
                                    reinterpret_cast<SQLPOINTER>(SQL_ASYNC_ENABLE_ON), 0));
    const std::string sql = "SELECT SLEEP(0.5)";  // has to live until the call has ended
    ASSERT_EQ(SQL_STILL_EXECUTING, query.run(sql));
    EXPECT_STATE(link, "HY010", SQLDisconnect(link.handle()));
    SQLRETURN result;
    while ((result = query.run(sql)) == SQL_STILL_EXECUTING) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(SQL_SUCCESS, result) << query.text();
}

}  // namespace
}  // namespace myfabric::test
