// Statements stay prepared on their connection for the next time that their text is prepared.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Texts = std::vector<std::string>;

/// Commands of this session that the server has counted.
struct Counts {
    long prepared = 0, executed = 0, closed = 0;
    bool operator==(const Counts&) const = default;
};

void PrintTo(const Counts& counts, std::ostream* out) {
    *out << counts.prepared << " prepared, " << counts.executed << " executed, " << counts.closed
         << " closed";
}

class StatementCache : public testing::Test {
protected:
    void SetUp() override { open({}); }

    void open(const std::string& keys) {
        link.close();
        link.open(server_string(keys));
        link.run("DROP TABLE IF EXISTS cached");
        link.run("CREATE TABLE cached (id INT PRIMARY KEY, v INT)");
        link.run("INSERT INTO cached VALUES (1, 10), (2, 20)");
        before = counted();
    }

    Counts counted() {
        Counts counts;
        for (const std::string& row : link.rows("SHOW SESSION STATUS LIKE 'Com\\_stmt\\_%'")) {
            const std::size_t bar = row.find('|');
            const std::string name = row.substr(0, bar);
            const long count = std::stol(row.substr(bar + 1));
            if (name == "Com_stmt_prepare") counts.prepared = count;
            if (name == "Com_stmt_execute") counts.executed = count;
            if (name == "Com_stmt_close") counts.closed = count;
        }
        return counts;
    }

    /// The commands since the last call.
    Counts since() {
        const Counts now = counted();
        const Counts more{now.prepared - before.prepared, now.executed - before.executed,
                          now.closed - before.closed};
        before = now;
        return more;
    }

    /// A statement's whole life: allocated, prepared, executed, fetched, freed.
    Texts cycle(const std::string& sql) {
        Query query(link);
        EXPECT_EQ(SQL_SUCCESS, query.prepare(sql)) << query.text();
        EXPECT_EQ(SQL_SUCCESS, query.execute()) << query.text();
        return query.rows();
    }

    static std::string name_of(const Query& query, SQLUSMALLINT column, SQLSMALLINT& type) {
        SQLCHAR name[64];
        SQLSMALLINT length = 0;
        EXPECT_EQ(SQL_SUCCESS, SQLDescribeCol(query, column, name, sizeof name, &length, &type,
                                              nullptr, nullptr, nullptr))
            << query.text();
        return {reinterpret_cast<char*>(name), static_cast<std::size_t>(length)};
    }

    Link link;
    Counts before;
};

TEST_F(StatementCache, ATextThatRepeatsTakesOneRoundTrip) {
    for (int time = 0; time < 5; ++time)
        EXPECT_EQ((Texts{"10", "20"}), cycle("SELECT v FROM cached ORDER BY id"));
    EXPECT_EQ((Counts{1, 5, 0}), since());
}

TEST_F(StatementCache, StatementsInUseAtTheSameTimeHaveTheirOwn) {
    {
        Query one(link), two(link);
        ASSERT_OK(one, one.prepare("SELECT v FROM cached ORDER BY id"));
        ASSERT_OK(two, two.prepare("SELECT v FROM cached ORDER BY id"));
        ASSERT_OK(one, one.execute());
        ASSERT_OK(one, one.fetch());
        ASSERT_OK(two, two.execute());
        EXPECT_EQ((Texts{"10", "20"}), two.rows());
        EXPECT_EQ((Texts{"20"}), one.rows());
    }
    EXPECT_EQ((Counts{2, 2, 0}), since());
    cycle("SELECT v FROM cached ORDER BY id");
    EXPECT_EQ((Counts{0, 1, 0}), since());
}

TEST_F(StatementCache, PreparingAnotherTextKeepsTheOneBefore) {
    Query query(link);
    for (const char* sql : {"SELECT 1", "SELECT 2", "SELECT 1", "SELECT 2"})
        ASSERT_OK(query, query.prepare(sql));
    EXPECT_EQ((Counts{2, 0, 0}), since());
}

TEST_F(StatementCache, TheOneUnusedForLongestGoesFirst) {
    open("PSCacheSize=2;");
    for (const char* sql : {"SELECT 1", "SELECT 2", "SELECT 1", "SELECT 3"}) cycle(sql);
    EXPECT_EQ((Counts{3, 4, 1}), since());  // 2 had to go
    cycle("SELECT 1");
    cycle("SELECT 3");
    EXPECT_EQ((Counts{0, 2, 0}), since());
    cycle("SELECT 2");
    EXPECT_EQ((Counts{1, 1, 1}), since());
}

TEST_F(StatementCache, NoneIsKeptWhereTheSizeIsZero) {
    open("PSCacheSize=0;");
    cycle("SELECT 1");
    cycle("SELECT 1");
    EXPECT_EQ((Counts{2, 2, 2}), since());
}

TEST_F(StatementCache, ParametersHaveTheTypesOfTheirExecution) {
    const auto find = [&](SQLSMALLINT c_type, SQLSMALLINT type, SQLPOINTER value,
                          SQLLEN indicator) {
        Query query(link);
        EXPECT_EQ(SQL_SUCCESS, query.prepare("SELECT v FROM cached WHERE id = ?"));
        EXPECT_EQ(SQL_SUCCESS, SQLBindParameter(query, 1, SQL_PARAM_INPUT, c_type, type, 10, 0,
                                                value, 0, &indicator));
        EXPECT_EQ(SQL_SUCCESS, query.execute()) << query.text();
        return query.rows();
    };
    SQLINTEGER number = 2;
    char text[] = "1";
    SQLDOUBLE real = 2;
    for (int time = 0; time < 2; ++time) {
        EXPECT_EQ((Texts{"20"}), find(SQL_C_SLONG, SQL_INTEGER, &number, sizeof number));
        EXPECT_EQ((Texts{"10"}), find(SQL_C_CHAR, SQL_VARCHAR, text, 1));
        EXPECT_EQ((Texts{}), find(SQL_C_SLONG, SQL_INTEGER, nullptr, SQL_NULL_DATA));
        EXPECT_EQ((Texts{"20"}), find(SQL_C_DOUBLE, SQL_DOUBLE, &real, sizeof real));
    }
    EXPECT_EQ((Counts{1, 8, 0}), since());
}

TEST_F(StatementCache, ATableThatChangedIsDescribedAsItIsNow) {
    const std::string sql = "SELECT * FROM cached ORDER BY id";
    SQLSMALLINT type = 0, columns = 0;
    EXPECT_EQ((Texts{"1|10", "2|20"}), cycle(sql));
    link.run("ALTER TABLE cached CHANGE v w VARCHAR(20)");
    {
        Query query(link);
        ASSERT_OK(query, query.prepare(sql));
        EXPECT_EQ("w", name_of(query, 2, type));
        EXPECT_EQ(SQL_VARCHAR, type);
    }
    link.run("ALTER TABLE cached ADD x DOUBLE DEFAULT 0.5");
    Query query(link);
    ASSERT_OK(query, query.prepare(sql));
    ASSERT_OK(query, query.execute());
    ASSERT_OK(query, SQLNumResultCols(query, &columns));
    EXPECT_EQ(3, columns);
    EXPECT_EQ((Texts{"1|10|0.5", "2|20|0.5"}), query.rows());
}

TEST_F(StatementCache, ATableThatChangesBetweenExecutionsGivesItsNewTypes) {
    Query query(link);
    SQLSMALLINT type = 0;
    ASSERT_OK(query, query.prepare("SELECT * FROM cached ORDER BY id"));
    ASSERT_OK(query, query.execute());
    EXPECT_EQ("v", name_of(query, 2, type));
    EXPECT_EQ(SQL_INTEGER, type);
    EXPECT_EQ((Texts{"1|10", "2|20"}), query.rows());
    query.close();

    // The second time the description is the same again: the server may leave it out.
    for (const char* change :
         {"ALTER TABLE cached CHANGE v w VARCHAR(20)", "UPDATE cached SET w = 'x' WHERE id = 2"}) {
        link.run(change);
        ASSERT_OK(query, query.execute());
        EXPECT_EQ("w", name_of(query, 2, type));
        EXPECT_EQ(SQL_VARCHAR, type);
        EXPECT_EQ("1|10", query.rows().front());
        query.close();
    }
}

TEST_F(StatementCache, AnotherDatabaseGivesTheTextAnotherMeaning) {
    link.run("CREATE DATABASE IF NOT EXISTS cached_elsewhere");
    link.run("CREATE TABLE IF NOT EXISTS cached_elsewhere.cached (id INT PRIMARY KEY, v INT)");
    const std::string here = link.value("SELECT DATABASE()").value_or("");
    EXPECT_EQ((Texts{"2"}), cycle("SELECT COUNT(*) FROM cached"));
    link.run("USE cached_elsewhere");
    EXPECT_EQ((Texts{"0"}), cycle("SELECT COUNT(*) FROM cached"));
    link.run("USE `" + here + "`");
    EXPECT_EQ((Texts{"2"}), cycle("SELECT COUNT(*) FROM cached"));
    link.run("DROP DATABASE cached_elsewhere");
}

TEST_F(StatementCache, AStatementThatFailedIsPreparedAnew) {
    link.run("INSERT INTO cached VALUES (3, 30)");
    for (int time = 0; time < 2; ++time) {
        Query query(link);
        ASSERT_OK(query, query.prepare("INSERT INTO cached VALUES (3, 31)"));
        EXPECT_STATE(query, "23000", query.execute());
    }
    EXPECT_EQ((Texts{"30"}), cycle("SELECT v FROM cached WHERE id = 3"));
}

}  // namespace
}  // namespace myfabric::test
