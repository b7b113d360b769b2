// SQLExecDirect, SQLPrepare, SQLExecute, SQLRowCount, SQLMoreResults, SQLNativeSql.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Texts = std::vector<std::string>;

class Execute : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string("MULTI_STATEMENTS=1;"));
        link.run("DROP TABLE IF EXISTS executed");
        link.run("CREATE TABLE executed (id INT PRIMARY KEY, t VARCHAR(20)) ENGINE=InnoDB");
        link.run("INSERT INTO executed VALUES (1,'a'),(2,'b'),(3,'c')");
    }

    static SQLLEN row_count(const Query& query) {
        SQLLEN count = -7;
        EXPECT_EQ(SQL_SUCCESS, SQLRowCount(query, &count));
        return count;
    }

    static SQLSMALLINT columns(const Query& query) {
        SQLSMALLINT count = -7;
        EXPECT_EQ(SQL_SUCCESS, SQLNumResultCols(query, &count)) << query.text();
        return count;
    }

    Link link;
};

TEST_F(Execute, PreparedStatementGivesFreshRowsEachTime) {
    Query query(link);
    ASSERT_OK(query, query.prepare("SELECT t FROM executed ORDER BY id"));
    EXPECT_EQ(1, columns(query));
    for (int time = 0; time < 3; ++time) {
        ASSERT_OK(query, query.execute());
        EXPECT_EQ((Texts{"a", "b", "c"}), query.rows());
        query.close();
    }
}

struct Change {
    const char* name;
    const char* sql;
    SQLRETURN result;
    SQLLEN rows;
};

class Changes : public Execute, public testing::WithParamInterface<Change> {};

// "If SQLExecDirect executes a searched update, insert, or delete statement that does not affect
// any rows at the data source, the call to SQLExecDirect returns SQL_NO_DATA."
TEST_P(Changes, TellTheRowsTheyMet) {
    Query direct(link);
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    EXPECT_EQ(GetParam().result, direct.run(GetParam().sql)) << direct.text();
    EXPECT_EQ(GetParam().rows, row_count(direct));
    EXPECT_EQ(0, columns(direct));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
    Query prepared(link);
    ASSERT_OK(prepared, prepared.prepare(GetParam().sql));
    EXPECT_EQ(GetParam().result, prepared.execute()) << prepared.text();
    EXPECT_EQ(GetParam().rows, row_count(prepared));
    EXPECT_EQ(0, columns(prepared));
}

INSTANTIATE_TEST_SUITE_P(
    , Changes,
    testing::Values(Change{"Insert", "INSERT INTO executed VALUES (4,'d'),(5,'e')", SQL_SUCCESS, 2},
                    Change{"Update", "UPDATE executed SET t='x' WHERE id>1", SQL_SUCCESS, 2},
                    Change{"UpdateToTheSame", "UPDATE executed SET t='a' WHERE id=1", SQL_SUCCESS,
                           1},
                    Change{"UpdateOfNone", "UPDATE executed SET t='x' WHERE id=9", SQL_NO_DATA, 0},
                    Change{"Delete", "DELETE FROM executed", SQL_SUCCESS, 3},
                    Change{"DeleteOfNone", "DELETE FROM executed WHERE id=9", SQL_NO_DATA, 0}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(Execute, SelectOfNoRowsSucceedsAndHasColumns) {
    Query query(link);
    EXPECT_EQ(SQL_SUCCESS, query.run("SELECT id, t FROM executed WHERE id=9")) << query.text();
    EXPECT_EQ(2, columns(query));
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
}

TEST_F(Execute, SeveralStatementsGiveTheirResultsInOrder) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT id FROM executed ORDER BY id; "
                               "UPDATE executed SET t='z' WHERE id<3; SELECT 'end', 2"));
    EXPECT_EQ((Texts{"1", "2", "3"}), query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(0, columns(query));
    EXPECT_EQ(2, row_count(query));
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(2, columns(query));
    EXPECT_EQ(Texts{"end|2"}, query.rows());
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
}

TEST_F(Execute, ResultsThatNobodyWantedAreSkipped) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT id FROM executed; SELECT 2; SELECT 3"));
    ASSERT_OK(query, query.fetch());
    ASSERT_OK(query, SQLMoreResults(query));
    query.close();
    EXPECT_EQ("4", link.value("SELECT 4"));
    ASSERT_OK(query, query.run("SELECT 5"));
    EXPECT_EQ(Texts{"5"}, query.rows());
}

TEST_F(Execute, ErrorInALaterStatementIsToldByMoreResults) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 1; SELECT * FROM no_such_table"));
    EXPECT_EQ(Texts{"1"}, query.rows());
    EXPECT_STATE(query, "42S02", SQLMoreResults(query));
    EXPECT_EQ("6", link.value("SELECT 6"));
}

TEST_F(Execute, SeveralStatementsAreASyntaxErrorUnlessAllowed) {
    Link plain;
    plain.open(server_string());
    Query query(plain);
    EXPECT_STATE(query, "42000", query.run("SELECT 1; SELECT 2"));
}

TEST_F(Execute, BackslashesAreWhatTheSessionSaysTheyAre) {
    Query query(link);
    ASSERT_OK(query, query.run(R"(SELECT 'a\\'' {d ''1''}', '?')"));
    EXPECT_EQ(query.rows(), std::vector<std::string>{R"(a\' {d '1'}|?)"});
    query.close();
    link.run("SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')");
    // The text ends behind the backslash, so a marker follows.
    ASSERT_OK(query, query.prepare(R"(SELECT 'a\', {fn UCASE('b')}, ?)"));
    SQLSMALLINT parameters = -1;
    ASSERT_OK(query, SQLNumParams(query, &parameters));
    EXPECT_EQ(1, parameters);
    SQLINTEGER value = 3;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0, nullptr);
    ASSERT_OK(query, query.execute());
    EXPECT_EQ(query.rows(), std::vector<std::string>{R"(a\|B|3)"});
    query.close();
    ASSERT_OK(query, query.run(R"(SELECT 'a\', '{call ''x''}')"));
    EXPECT_EQ(query.rows(), std::vector<std::string>{R"(a\|{call 'x'})"});
}

TEST_F(Execute, EscapesAreLeftAloneWhenTheProgramSaysSo) {
    Query query(link);
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_NOSCAN,
                                    reinterpret_cast<SQLPOINTER>(SQL_NOSCAN_ON), 0));
    EXPECT_STATE(query, "42000", query.run("{call no_such_procedure()}"));
    EXPECT_NE(std::string::npos, query.text().find("syntax")) << query.text();
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_NOSCAN,
                                    reinterpret_cast<SQLPOINTER>(SQL_NOSCAN_OFF), 0));
    EXPECT_STATE(query, "42000", query.run("{call no_such_procedure()}"));
    EXPECT_NE(std::string::npos, query.text().find("no_such_procedure does not exist"))
        << query.text();
}

TEST_F(Execute, ProcedureGivesAllItsResults) {
    link.run("DROP PROCEDURE IF EXISTS several");
    link.run("CREATE PROCEDURE several() BEGIN SELECT 1; SELECT 'two', 2; END");
    for (const char* sql : {"CALL several()", "{call several()}"}) {
        Query query(link);
        ASSERT_OK(query, query.run(sql));
        EXPECT_EQ(Texts{"1"}, query.rows());
        ASSERT_OK(query, SQLMoreResults(query));
        EXPECT_EQ(Texts{"two|2"}, query.rows());
        while (SQL_SUCCEEDED(SQLMoreResults(query))) EXPECT_EQ(0, columns(query));
    }
}

TEST_F(Execute, SecondStatementRunsWhileTheFirstStreams) {
    const std::string ten =
        "(SELECT 0 n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 "
        "UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL "
        "SELECT 9)";
    Query first(link);
    ASSERT_OK(first, first.run("SELECT a.n + 10*b.n + 100*c.n + 1000*d.n + 10000*e.n FROM " + ten +
                               " a, " + ten + " b, " + ten + " c, " + ten + " d, " + ten + " e"));
    SQLBIGINT number = 0;
    ASSERT_OK(first, SQLBindCol(first, 1, SQL_C_SBIGINT, &number, 0, nullptr));
    SQLBIGINT sum = 0;
    int rows = 0;
    SQLRETURN result;
    while (SQL_SUCCEEDED(result = first.fetch())) {
        sum += number;
        if (++rows % 25000 == 10) {
            EXPECT_EQ("3", link.value("SELECT COUNT(*) FROM executed"));
        }
    }
    EXPECT_EQ(SQL_NO_DATA, result) << first.text();
    EXPECT_EQ(100000, rows);
    EXPECT_EQ(SQLBIGINT{99999} * 100000 / 2, sum);
}

struct Wrong {
    const char* name;
    const char* sql;
    const char* state;
    int native;
};

class WrongStatements : public Execute, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongStatements, GiveTheStateAndTheServersNumber) {
    Query direct(link);
    EXPECT_STATE(direct, GetParam().state, direct.run(GetParam().sql));
    const auto records = diagnostics(SQL_HANDLE_STMT, direct);
    ASSERT_FALSE(records.empty());
    EXPECT_EQ(GetParam().native, records[0].native);
    // The server may refuse it when it is prepared or when it runs.
    Query prepared(link);
    if (SQL_SUCCEEDED(prepared.prepare(GetParam().sql))) prepared.execute();
    EXPECT_EQ(GetParam().state, prepared.state()) << prepared.text();
}

INSTANTIATE_TEST_SUITE_P(
    , WrongStatements,
    testing::Values(Wrong{"Syntax", "SELEC 1", "42000", 1064},
                    Wrong{"UnknownTable", "SELECT * FROM no_such_table", "42S02", 1146},
                    Wrong{"UnknownColumn", "SELECT no_such FROM executed", "42S22", 1054},
                    Wrong{"TableExists", "CREATE TABLE executed (id INT)", "42S01", 1050},
                    Wrong{"DuplicateKey", "INSERT INTO executed VALUES (1,'x')", "23000", 1062},
                    Wrong{"ValueCount", "INSERT INTO executed VALUES (1)", "21S01", 1136},
                    Wrong{"DroppedTable", "DROP TABLE no_such_table", "42S02", 1051}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(Execute, WithoutPrepareIsASequenceError) {
    Query query(link);
    EXPECT_STATE(query, "HY010", query.execute());
}

TEST_F(Execute, StatementAfterAFailedOneWorks) {
    Query query(link);
    EXPECT_EQ(SQL_ERROR, query.run("SELEC 1"));
    ASSERT_OK(query, query.run("SELECT 1"));
    EXPECT_EQ(Texts{"1"}, query.rows());
}

TEST_F(Execute, StatementTextMayCarryItsLengthAndBeWide) {
    Query query(link);
    std::string sql = "SELECT 1 this is not part of it";
    ASSERT_OK(query, SQLExecDirect(query, reinterpret_cast<SQLCHAR*>(sql.data()), 8));
    EXPECT_EQ(Texts{"1"}, query.rows());
    query.close();
    std::vector<SQLWCHAR> text = wide("SELECT HEX('_')");
    text[12] = 0x20AC;
    ASSERT_OK(query, SQLExecDirectW(query, text.data(), SQL_NTS));
    EXPECT_EQ(Texts{"E282AC"}, query.rows());
}

TEST_F(Execute, EscapesReachTheServerTranslated) {
    EXPECT_EQ("2026-02-28", link.value("SELECT {d '2026-02-28'}"));
    EXPECT_EQ("3", link.value("SELECT {fn LENGTH('abc')}"));
    EXPECT_EQ("{d '1'}", link.value("SELECT '{d ''1''}'"));
}

TEST_F(Execute, NativeSqlTellsTheTranslationAndTruncation) {
    std::string in = "SELECT {d '2026-02-28'}";
    SQLCHAR out[100];
    SQLINTEGER length = 0;
    ASSERT_OK(link, SQLNativeSql(link.handle(), reinterpret_cast<SQLCHAR*>(in.data()), SQL_NTS, out,
                                 sizeof out, &length));
    const std::string native = reinterpret_cast<char*>(out);
    EXPECT_EQ(std::string::npos, native.find('{')) << native;
    EXPECT_NE(std::string::npos, native.find("2026-02-28")) << native;
    EXPECT_EQ(native.size(), static_cast<std::size_t>(length));
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO,
              SQLNativeSql(link.handle(), reinterpret_cast<SQLCHAR*>(in.data()), SQL_NTS, out, 8,
                           &length));
    EXPECT_EQ("01004", link.state());
    EXPECT_EQ(native.substr(0, 7), reinterpret_cast<char*>(out));
}

}  // namespace
}  // namespace myfabric::test
