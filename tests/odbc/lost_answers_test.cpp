// A command reaches the server, and its answer is lost: what applications are told is never a
// guess.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/proxy.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

class LostAnswers : public testing::Test {
protected:
    LostAnswers() : proxy(server()["port"].get<int>()) {}

    void SetUp() override {
        direct.open(server_string("Multi_Statements=1;"));
        direct.run("DROP TABLE IF EXISTS lost, lost_plain, lost_ids");
        direct.run("CREATE TABLE lost (id INT PRIMARY KEY, t VARCHAR(20)) ENGINE=InnoDB");
        direct.run("CREATE TABLE lost_plain (id INT) ENGINE=MyISAM");
        direct.run(
            "CREATE TABLE lost_ids (id INT AUTO_INCREMENT PRIMARY KEY, t INT) ENGINE=InnoDB");
        open(link);
    }

    /// Through the proxy.
    void open(Link& opened, const std::string& more = {}) {
        const nlohmann::json& at = server();
        opened.open(driver_key() + more + "Server=127.0.0.1;Port=" + std::to_string(proxy.port()) +
                    ";SSLMode=DISABLED;Multi_Statements=1;User=" + at["user"].get<std::string>() +
                    ";Password=" + at["password"].get<std::string>() +
                    ";Database=" + at["database"].get<std::string>());
    }
    void autocommit(bool on) {
        ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT,
                                           SQLULEN{on ? SQL_AUTOCOMMIT_ON : SQL_AUTOCOMMIT_OFF}));
    }
    std::string count(const std::string& table = "lost") {
        return direct.value("SELECT COUNT(*) FROM " + table).value_or("NULL");
    }
    /// The driver's connection goes on after whatever happened.
    void expect_usable() { EXPECT_EQ("7", link.value("SELECT 7")); }

    Proxy proxy;
    Link direct;
    Link link;
};

TEST_F(LostAnswers, AutocommitWriteIsUnknownAndIsNotRepeated) {
    Query query(link);
    proxy.cut_reply_of("INSERT INTO lost");
    EXPECT_STATE(query, "40003", query.run("INSERT INTO lost VALUES (1, 'x')"));
    EXPECT_EQ("1", count());
    EXPECT_EQ(1, proxy.seen("INSERT INTO lost"));
    expect_usable();
}

TEST_F(LostAnswers, PlainReadSucceeds) {
    proxy.cut_reply_of("SELECT COUNT(*)");
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM lost"));
    EXPECT_EQ(2, proxy.seen("SELECT COUNT(*)"));
}

struct Commit {
    const char* name;
    const char* sql;
};

class LostCommits : public LostAnswers, public testing::WithParamInterface<Commit> {};

TEST_P(LostCommits, AreUnknown) {
    direct.run("DROP PROCEDURE IF EXISTS commits");
    direct.run("CREATE PROCEDURE commits() COMMIT");
    direct.run("DROP TABLE IF EXISTS lost_other");
    direct.run("CREATE TABLE lost_other (a INT)");
    autocommit(false);
    link.run("INSERT INTO lost VALUES (1, 'x')");
    Query query(link);
    proxy.cut_reply_of(GetParam().sql);
    EXPECT_STATE(query, "08007", query.run(GetParam().sql));
    EXPECT_EQ("1", count());
    expect_usable();
}

INSTANTIATE_TEST_SUITE_P(, LostCommits,
                         testing::Values(Commit{"Commit", "COMMIT"}, Commit{"Begin", "BEGIN"},
                                         Commit{"Start", "START TRANSACTION"},
                                         Commit{"CreateTable", "CREATE TABLE lost_new (a INT)"},
                                         Commit{"Truncate", "TRUNCATE lost_other"},
                                         Commit{"Autocommit", "SET autocommit=1"},
                                         Commit{"Lock", "LOCK TABLES lost_other READ"},
                                         Commit{"Procedure", "CALL commits()"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(LostAnswers, EndOfATransactionIsUnknown) {
    autocommit(false);
    link.run("INSERT INTO lost VALUES (1, 'x')");
    proxy.cut_reply_of("COMMIT");
    EXPECT_STATE(link, "08007", SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ("1", count());
}

TEST_F(LostAnswers, SwitchingAutocommitOnIsACommit) {
    autocommit(false);
    link.run("INSERT INTO lost VALUES (1, 'x')");
    proxy.cut_reply_of("SET autocommit=1");
    EXPECT_STATE(link, "08007",
                 link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_ON}));
    EXPECT_EQ("1", count());
}

TEST_F(LostAnswers, TransactionIsRolledBackAndTheConnectionGoesOn) {
    autocommit(false);
    link.run("INSERT INTO lost VALUES (1, 'x')");
    Query query(link);
    proxy.cut_reply_of("INSERT INTO lost VALUES (2");
    EXPECT_STATE(query, "40001", query.run("INSERT INTO lost VALUES (2, 'x')"));
    link.run("INSERT INTO lost VALUES (3, 'x')");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ("1", count());
}

TEST_F(LostAnswers, NewTransactionAfterACommitDoesNotFailForTheOldOne) {
    autocommit(false);
    link.run("INSERT INTO lost VALUES (1, 'x')");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    proxy.cut();
    link.run("INSERT INTO lost VALUES (2, 'x')");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ("2", count());
}

TEST_F(LostAnswers, RollbackSucceeds) {
    autocommit(false);
    link.run("INSERT INTO lost VALUES (1, 'x')");
    proxy.cut_reply_of("ROLLBACK");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
    link.run("INSERT INTO lost VALUES (2, 'x')");
    proxy.cut_reply_of("ROLLBACK");
    link.run("ROLLBACK");
    EXPECT_EQ("0", count());
    expect_usable();
}

TEST_F(LostAnswers, FirstStatementOfATransactionRunsAgainWhereTheLinkTookItAlong) {
    autocommit(false);
    proxy.cut_reply_of("INSERT INTO lost");
    link.run("INSERT INTO lost VALUES (1, 'x')");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ("1", count());
}

TEST_F(LostAnswers, FirstStatementOfATransactionIsUnknownWithoutTransactions) {
    autocommit(false);
    Query query(link);
    proxy.cut_reply_of("INSERT INTO lost_plain");
    EXPECT_STATE(query, "40003", query.run("INSERT INTO lost_plain VALUES (1)"));
    EXPECT_EQ("1", count("lost_plain"));
}

TEST_F(LostAnswers, TransactionThatWroteWithoutTransactionsIsUnknown) {
    struct Sample {
        const char* name;
        bool autocommit;
        std::vector<const char*> statements;
        const char* expected;  // of the next one, whose answer is lost
    };
    direct.run("DROP PROCEDURE IF EXISTS lost_call");
    direct.run("CREATE PROCEDURE lost_call() INSERT INTO lost_plain VALUES (1)");
    const Sample samples[] = {
        {"a table with transactions", true, {"BEGIN", "INSERT INTO lost VALUES (1, 'x')"}, "40001"},
        {"BEGIN, then one without", true, {"BEGIN", "INSERT INTO lost_plain VALUES (1)"}, "40003"},
        {"by a procedure", true, {"START TRANSACTION", "CALL lost_call()"}, "40003"},
        {"behind one with transactions",
         false,
         {"INSERT INTO lost VALUES (1, 'x')", "INSERT INTO lost_plain VALUES (1)"},
         "40003"},
        {"in a transaction before this one",
         false,
         {"INSERT INTO lost VALUES (1, 'x')", "INSERT INTO lost_plain VALUES (1)", "ROLLBACK",
          "INSERT INTO lost VALUES (2, 'x')"},
         "40001"},
    };
    for (const Sample& sample : samples) {
        direct.run("DELETE FROM lost_plain");
        Link opened;
        open(opened);
        ASSERT_OK(opened, opened.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{sample.autocommit}));
        for (const char* sql : sample.statements) {
            Query query(opened);
            const bool ran = SQL_SUCCEEDED(query.run(sql));
            // MySQL with GTIDs refuses it; how much of a refused statement stays is not known.
            EXPECT_TRUE(ran || query.text().find("(1785)") != std::string::npos) << query.text();
        }
        Query query(opened);
        proxy.cut_reply_of("UPDATE lost");
        EXPECT_STATE(query, sample.expected, query.run("UPDATE lost SET t = 'y'"));
        EXPECT_EQ("0", count()) << sample.name;
        EXPECT_EQ("7", opened.value("SELECT 7")) << sample.name;
    }
}

TEST_F(LostAnswers, FunctionThatWritesIsAWriteWhereverItStands) {
    direct.run("DROP FUNCTION IF EXISTS lost_f");
    direct.run(
        "CREATE FUNCTION lost_f(a INT) RETURNS INT DETERMINISTIC BEGIN INSERT INTO lost VALUES "
        "(a, 'f'); RETURN a; END");
    int id = 0;
    for (const char* sql : {"SELECT lost_f(%)", "SELECT 1 FROM DUAL WHERE lost_f(%) > 0",
                            "SELECT * FROM (SELECT lost_f(%)) d", "SELECT /* c */ lost_f (%)"}) {
        std::string text = sql;
        text.replace(text.find('%'), 1, std::to_string(++id));
        Query query(link);
        proxy.cut_reply_of(text);
        EXPECT_STATE(query, "40003", query.run(text));
        EXPECT_EQ(std::to_string(id), count()) << text;
    }
}

TEST_F(LostAnswers, StatementsBehindTheFirstAreUnknown) {
    Query query(link);
    // The OK of the first is 11 bytes; what comes behind it is lost.
    proxy.cut_reply_of("INSERT INTO lost", 11);
    const SQLRETURN first =
        query.run("INSERT INTO lost VALUES (1, 'x'); INSERT INTO lost VALUES (2, 'x')");
    if (SQL_SUCCEEDED(first)) {
        EXPECT_EQ(SQL_ERROR, SQLMoreResults(query));
    }
    EXPECT_EQ("40003", query.state()) << query.text();
    expect_usable();
}

TEST_F(LostAnswers, LaterResultIsNeverTheEndOfTheResults) {
    direct.run("DROP PROCEDURE IF EXISTS three");
    direct.run(
        "CREATE PROCEDURE three() BEGIN SELECT 1; SELECT a.table_name FROM "
        "information_schema.tables a LIMIT 50; SELECT 3; END");
    for (std::size_t bytes = 40; bytes < 200; bytes += 7) {
        for (const bool prepared : {false, true}) {
            Query query(link);
            if (prepared) ASSERT_OK(query, query.prepare("CALL three()"));
            proxy.cut_reply_of(prepared ? std::string("\x17", 1) : "CALL three()", bytes);
            SQLRETURN result = prepared ? query.execute() : query.run("CALL three()");
            int results = 0;
            while (SQL_SUCCEEDED(result)) {
                ++results;
                while (SQL_SUCCEEDED(result = query.fetch())) {
                }
                if (result == SQL_NO_DATA) result = SQLMoreResults(query);
            }
            EXPECT_EQ(SQL_ERROR, result) << bytes << " bytes, " << results << " results";
            EXPECT_TRUE(query.state() == "08S01" || query.state() == "40003")
                << bytes << ": " << query.text();
            proxy.cut_reply_of("no such text");
            expect_usable();
        }
    }
}

TEST_F(LostAnswers, WhatAProcedureLeftInTheSessionIsToldToBeLost) {
    direct.run("DROP PROCEDURE IF EXISTS lost_sets");
    direct.run("DROP PROCEDURE IF EXISTS lost_sets_not");
    direct.run("CREATE PROCEDURE lost_sets() BEGIN SELECT 1; SET @left = 5; END");
    direct.run(
        "CREATE PROCEDURE lost_sets_not() BEGIN INSERT INTO lost VALUES (1, 'x'); SELECT 1; END");
    const bool tracks = !direct.rows("SHOW VARIABLES LIKE 'session_track_state_change'").empty();
    for (const bool prepared : {false, true})
        for (const bool sets : {false, true}) {
            direct.run("DELETE FROM lost");
            const std::string call = sets ? "CALL lost_sets()" : "CALL lost_sets_not()";
            Link opened;
            open(opened);
            {
                Query query(opened);
                if (prepared) {
                    ASSERT_OK(query, query.prepare(call));
                    ASSERT_OK(query, query.execute());
                } else {
                    ASSERT_OK(query, query.run(call));
                }
                while (SQL_SUCCEEDED(SQLMoreResults(query))) {
                }
            }
            EXPECT_EQ("7", opened.value("SELECT 7"));
            proxy.cut();
            Query query(opened);
            // MySQL 5.6 does not tell.
            if (sets && tracks) {
                EXPECT_STATE(query, "08S01", query.run("SELECT @left"));
                EXPECT_NE(std::string::npos, query.text().find("a procedure")) << query.text();
            } else {
                ASSERT_OK(query, query.run("SELECT @left"));
            }
        }
}

TEST_F(LostAnswers, LastInsertIdIsToldToBeLostOnce) {
    link.run("INSERT INTO lost_ids (t) VALUES (1)");
    proxy.cut();
    Query query(link);
    EXPECT_STATE(query, "08S01", query.run("SELECT LAST_INSERT_ID()"));
    EXPECT_NE(std::string::npos, query.text().find("last insert id")) << query.text();
    link.run("INSERT INTO lost_ids (t) VALUES (2)");
    EXPECT_EQ("2", link.value("SELECT LAST_INSERT_ID()"));
}

TEST_F(LostAnswers, DescribingAfterExecutionAsksNobody) {
    {
        Query first(link);  // leaves its statement to the next one with the text
        ASSERT_OK(first, first.prepare("INSERT INTO lost VALUES (1, 'x')"));
    }
    Query query(link);
    ASSERT_OK(query, query.prepare("INSERT INTO lost VALUES (1, 'x')"));
    ASSERT_OK(query, query.execute());
    proxy.cut();
    SQLSMALLINT columns = -1;
    EXPECT_EQ(SQL_SUCCESS, SQLNumResultCols(query, &columns)) << query.text();
    EXPECT_EQ(0, columns);
}

TEST_F(LostAnswers, NoSetOfAnArrayIsReportedSuccessfulThatWasRolledBack) {
    autocommit(false);
    Query query(link);
    constexpr std::size_t sets = 5000;  // more than one command holds
    std::vector<SQLINTEGER> ids(sets);
    for (std::size_t i = 0; i < sets; ++i) ids[i] = static_cast<SQLINTEGER>(i);
    std::vector<SQLUSMALLINT> status(sets, SQL_PARAM_UNUSED);
    ASSERT_OK(query, query.prepare("INSERT INTO lost VALUES (?, 'array')"));
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(sets), 0);
    SQLSetStmtAttr(query, SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0);
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      ids.data(), 0, nullptr));
    link.run("INSERT INTO lost VALUES (-1, 'first')");
    // The last set's value, as the binary protocol sends it: in the second command.
    const SQLINTEGER last = sets - 1;
    proxy.cut_reply_of(std::string(reinterpret_cast<const char*>(&last), sizeof last));
    EXPECT_STATE(query, "40001", query.execute());
    for (std::size_t i = 0; i < sets; ++i)
        ASSERT_TRUE(status[i] != SQL_PARAM_SUCCESS && status[i] != SQL_PARAM_SUCCESS_WITH_INFO)
            << i;
    EXPECT_EQ("0", count());
}

}  // namespace
}  // namespace myfabric::test
