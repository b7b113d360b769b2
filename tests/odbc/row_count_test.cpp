// SQLRowCount of results: known where they are small or read to the end, and without reading much.
#include <gtest/gtest.h>

#include <chrono>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Texts = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class RowCount : public testing::TestWithParam<bool> {
protected:
    void SetUp() override {
        link.open(server_string("MULTI_STATEMENTS=1;"));
        link.run("DROP TABLE IF EXISTS counted");
        link.run("CREATE TABLE counted (id INT PRIMARY KEY, t VARCHAR(20)) ENGINE=InnoDB");
        link.run("INSERT INTO counted VALUES (1,'one'),(2,'two'),(3,NULL)");
    }
    void TearDown() override { link.run("DROP TABLE IF EXISTS counted"); }

    /// By the text protocol, or prepared.
    static void start(Query& query, const std::string& sql) {
        if (GetParam()) {
            ASSERT_OK(query, query.prepare(sql));
            ASSERT_OK(query, query.execute());
        } else {
            ASSERT_OK(query, query.run(sql));
        }
    }
    static SQLLEN count(Query& query) {
        SQLLEN rows = -9;
        EXPECT_EQ(SQL_SUCCESS, SQLRowCount(query, &rows));
        return rows;
    }
    /// `rows` rows of `bytes` bytes each.
    static std::string wide(int rows, int bytes) {
        return "SELECT REPEAT('x', " + std::to_string(bytes) + ") FROM (" + numbers(rows) + ") n";
    }
    static std::string numbers(int rows) {
        std::string sql = "SELECT 1 AS n";
        for (int i = 2; i <= rows; ++i) sql += " UNION ALL SELECT " + std::to_string(i);
        return sql;
    }

    Link link;
};

constexpr const char* all = "SELECT id, t FROM counted ORDER BY id";

TEST_P(RowCount, IsKnownOfASmallResultBeforeAnythingIsFetched) {
    Query query(link);
    start(query, all);
    EXPECT_EQ(3, count(query));
    EXPECT_EQ(3, count(query));
    EXPECT_EQ((Texts{"1|one", "2|two", "3|NULL"}), query.rows());
    EXPECT_EQ(3, count(query));
    query.close();
    start(query, "SELECT id FROM counted WHERE id > 7");
    EXPECT_EQ(0, count(query));
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
}

TEST_P(RowCount, LeavesTheCurrentRowAsItIs) {
    Query query(link);
    start(query, all);
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("1", query.get(1));
    char part[3]{};
    SQLLEN length = 0;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLGetData(query, 2, SQL_C_CHAR, part, 3, &length));
    EXPECT_EQ(3, count(query));
    ASSERT_OK(query, SQLGetData(query, 2, SQL_C_CHAR, part, 3, &length));
    EXPECT_STREQ("e", part);
    EXPECT_EQ((Texts{"2|two", "3|NULL"}), query.rows());
}

TEST_P(RowCount, CountsRowsOfRowsetsAndOfTheMaximum) {
    Query query(link);
    SQLINTEGER ids[2]{};
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(2), 0));
    ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_SLONG, ids, 0, nullptr));
    start(query, all);
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(3, count(query));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ(3, ids[0]);
    EXPECT_EQ(SQL_NO_DATA, query.fetch());
    query.close();
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_ROW_ARRAY_SIZE, number(1), 0));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_MAX_ROWS, number(2), 0));
    start(query, all);
    EXPECT_EQ(2, count(query));
    EXPECT_EQ(2u, query.rows().size());
    EXPECT_EQ(2, count(query));
}

TEST_P(RowCount, OfALargeResultIsKnownAtItsEnd) {
    for (const auto& [rows, known] : {std::pair{62, true}, {200, false}}) {
        Query query(link);
        start(query, wide(rows, 1024));
        EXPECT_EQ(known ? rows : -1, count(query)) << rows;
        EXPECT_EQ(known ? rows : -1, count(query)) << rows;
        ASSERT_OK(query, query.fetch());
        EXPECT_EQ(known ? rows : -1, count(query)) << rows;
        const Texts rest = query.rows();
        ASSERT_EQ(static_cast<std::size_t>(rows - 1), rest.size());
        for (const std::string& row : rest) ASSERT_EQ(std::string(1024, 'x'), row);
        EXPECT_EQ(rows, count(query));
    }
}

TEST_P(RowCount, IsThereWhereOtherStatementsRunMeanwhile) {
    for (const int rows : {3, 200}) {
        Query query(link);
        start(query, wide(rows, 1000));
        ASSERT_OK(query, query.fetch());
        count(query);
        EXPECT_EQ("3", link.value("SELECT COUNT(*) FROM counted"));
        EXPECT_EQ(std::string(1000, 'x'), query.get(1));
        EXPECT_EQ(rows, count(query));
        EXPECT_EQ(static_cast<std::size_t>(rows - 1), query.rows().size());
    }
}

TEST_P(RowCount, IsOfEachOfSeveralResults) {
    link.run("DROP PROCEDURE IF EXISTS two_counted");
    link.run("CREATE PROCEDURE two_counted() BEGIN " + std::string(all) +
             "; SELECT id FROM counted WHERE id < 3; END");
    Query query(link);
    start(query, "CALL two_counted()");
    EXPECT_EQ(3, count(query));
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(2, count(query));
    EXPECT_EQ((Texts{"1", "2"}), query.rows());
    query.close();
    start(query, "CALL two_counted()");
    EXPECT_EQ(3, count(query));
    EXPECT_EQ("3", link.value("SELECT COUNT(*) FROM counted"));
    EXPECT_EQ((Texts{"1|one", "2|two", "3|NULL"}), query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(2, count(query));
    EXPECT_EQ((Texts{"1", "2"}), query.rows());
    link.run("DROP PROCEDURE two_counted");
}

TEST_P(RowCount, LeavesAnErrorAmongTheRowsToWhereItBelongs) {
    const std::string sql =
        "SELECT IF(id = 3, (SELECT n FROM (SELECT 1 AS n UNION SELECT 2) two), id) FROM counted "
        "ORDER BY id";
    Query query(link);
    // The server may find the error before it sends the first row.
    SQLRETURN started = SQL_SUCCESS;
    if (GetParam()) {
        ASSERT_OK(query, query.prepare(sql));
        started = query.execute();
    } else {
        started = query.run(sql);
    }
    if (started == SQL_ERROR) {
        EXPECT_EQ("21000", query.state());
        return;
    }
    EXPECT_EQ(-1, count(query));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("1", query.get(1));
    ASSERT_OK(query, query.fetch());
    EXPECT_STATE(query, "21000", query.fetch());
    EXPECT_EQ("3", link.value("SELECT COUNT(*) FROM counted"));
}

TEST_P(RowCount, DoesNotWaitForAServerThatSendsSlowly) {
    Query query(link);
    // The first rows fill the server's buffer of 16 KiB, the later ones take seconds.
    start(query, "SELECT REPEAT('x', 6000), SLEEP(IF(n > 4, 1, 0)) FROM (" + numbers(7) + ") n");
    const auto begin = Clock::now();
    EXPECT_EQ(-1, count(query));
    EXPECT_GT(std::chrono::milliseconds(1500), Clock::now() - begin);
    EXPECT_EQ(7u, query.rows().size());
    EXPECT_EQ(7, count(query));
}

INSTANTIATE_TEST_SUITE_P(, RowCount, testing::Values(false, true),
                         [](const auto& of) { return of.param ? "Prepared" : "Direct"; });

}  // namespace
}  // namespace myfabric::test
