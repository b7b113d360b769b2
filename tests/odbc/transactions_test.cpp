// SQLEndTran: connections, and environments with several of them.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

SQLRETURN run_on(SQLHDBC connection, std::string sql) {
    SQLHSTMT statement = SQL_NULL_HSTMT;
    SQLAllocHandle(SQL_HANDLE_STMT, connection, &statement);
    const SQLRETURN result =
        SQLExecDirect(statement, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS);
    SQLFreeHandle(SQL_HANDLE_STMT, statement);
    return result;
}

class Transactions : public testing::Test {
protected:
    /// Two open connections without autocommit, and one that is not open, of one environment.
    void SetUp() override {
        witness.open(server_string());
        witness.run("DROP TABLE IF EXISTS ended");
        witness.run("CREATE TABLE ended (id INT PRIMARY KEY) ENGINE=InnoDB");
        link.open(server_string());
        SQLAllocHandle(SQL_HANDLE_DBC, link.environment(), &second);
        SQLAllocHandle(SQL_HANDLE_DBC, link.environment(), &closed);
        std::string string = server_string();
        ASSERT_TRUE(SQL_SUCCEEDED(
            SQLDriverConnect(second, nullptr, reinterpret_cast<SQLCHAR*>(string.data()), SQL_NTS,
                             nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT)));
        for (const SQLHDBC connection : {link.handle(), second})
            SQLSetConnectAttr(connection, SQL_ATTR_AUTOCOMMIT,
                              reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_OFF), 0);
    }
    void TearDown() override {
        SQLEndTran(SQL_HANDLE_ENV, link.environment(), SQL_ROLLBACK);
        SQLDisconnect(second);
        SQLFreeHandle(SQL_HANDLE_DBC, second);
        SQLFreeHandle(SQL_HANDLE_DBC, closed);
    }
    void insert() {
        EXPECT_EQ(SQL_SUCCESS, run_on(link.handle(), "INSERT INTO ended VALUES (1)"));
        EXPECT_EQ(SQL_SUCCESS, run_on(second, "INSERT INTO ended VALUES (2)"));
    }
    std::string rows() { return witness.value("SELECT COUNT(*) FROM ended").value_or(""); }

    Link witness, link;
    SQLHDBC second = SQL_NULL_HDBC, closed = SQL_NULL_HDBC;
};

TEST_F(Transactions, OfAnEnvironmentEndOnEachOfItsConnections) {
    insert();
    EXPECT_EQ("0", rows());
    EXPECT_EQ(SQL_SUCCESS, SQLEndTran(SQL_HANDLE_ENV, link.environment(), SQL_ROLLBACK));
    insert();
    EXPECT_EQ(SQL_SUCCESS, SQLEndTran(SQL_HANDLE_ENV, link.environment(), SQL_COMMIT));
    EXPECT_EQ("2", rows());
    // The next ones have begun.
    EXPECT_EQ(SQL_SUCCESS, run_on(second, "INSERT INTO ended VALUES (3)"));
    EXPECT_EQ("2", rows());
}

TEST_F(Transactions, OfAnEnvironmentEndWhereTheyCanAndSayWhereNot) {
    insert();
    SQLHSTMT waiting = SQL_NULL_HSTMT;
    SQLAllocHandle(SQL_HANDLE_STMT, second, &waiting);
    SQLLEN at_execution = SQL_DATA_AT_EXEC;
    SQLBindParameter(waiting, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, &waiting, 0,
                     &at_execution);
    std::string sql = "INSERT INTO ended VALUES (?)";
    ASSERT_EQ(SQL_NEED_DATA,
              SQLExecDirect(waiting, reinterpret_cast<SQLCHAR*>(sql.data()), SQL_NTS));
    EXPECT_EQ(SQL_ERROR, SQLEndTran(SQL_HANDLE_ENV, link.environment(), SQL_COMMIT));
    if (!driver_file()) {  // unixODBC asks no connection then
        EXPECT_EQ("25S01", state(SQL_HANDLE_ENV, link.environment()));
        EXPECT_EQ("HY010", state(SQL_HANDLE_DBC, second));
        EXPECT_EQ("1", rows());
    }
    EXPECT_EQ(SQL_ERROR, SQLEndTran(SQL_HANDLE_DBC, second, SQL_ROLLBACK));
    EXPECT_EQ("HY010", state(SQL_HANDLE_DBC, second));
    SQLCancel(waiting);
    SQLFreeHandle(SQL_HANDLE_STMT, waiting);
    EXPECT_EQ(SQL_SUCCESS, SQLEndTran(SQL_HANDLE_ENV, link.environment(), SQL_COMMIT));
    EXPECT_EQ("2", rows());
}

TEST_F(Transactions, AreRefusedWhatIsNeitherCommitNorRollback) {
    for (const auto& [type, handle] :
         {std::pair<SQLSMALLINT, SQLHANDLE>(SQL_HANDLE_ENV, link.environment()),
          std::pair<SQLSMALLINT, SQLHANDLE>(SQL_HANDLE_DBC, link.handle())}) {
        EXPECT_EQ(SQL_ERROR, SQLEndTran(type, handle, 4711));
        EXPECT_EQ("HY012", state(type, handle));
    }
}

}  // namespace
}  // namespace myfabric::test
