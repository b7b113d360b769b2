// Rows are read where the client library has read them ahead (PlainReader=1), or as it copies them:
// programs see the same, wherever packets are cut.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/proxy.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Rows = std::vector<std::string>;

struct Sample {
    const char* reader;  // of PlainReader
    bool prepared;
};

class RowsInPlace : public testing::TestWithParam<Sample> {
protected:
    RowsInPlace() : proxy(server()["port"].get<int>()) {}

    void SetUp() override {
        const nlohmann::json& at = server();
        link.open(driver_key() + "PlainReader=" + GetParam().reader +
                  ";Server=127.0.0.1;SSLMode=DISABLED;Multi_Statements=1;Port=" +
                  std::to_string(proxy.port()) + ";User=" + at["user"].get<std::string>() +
                  ";Password=" + at["password"].get<std::string>() +
                  ";Database=" + at["database"].get<std::string>());
        direct.open(server_string());
        direct.run("DROP TABLE IF EXISTS in_place");
        direct.run(
            "CREATE TABLE in_place (id INT PRIMARY KEY, t MEDIUMTEXT, n BIGINT, d DATETIME) "
            "CHARACTER SET utf8mb4");
    }
    /// A text of its own for each row.
    void insert(int id, std::size_t length) {
        direct.run("INSERT INTO in_place VALUES (" + std::to_string(id) + ", REPEAT('" +
                   std::string(1, static_cast<char>('a' + id % 26)) + "', " +
                   std::to_string(length) + "), " + std::to_string(id * 1'000'003LL) +
                   ", '2020-02-03 04:05:06')");
    }
    /// What `sql` gives.
    Rows rows(const std::string& sql) {
        Query query(link);
        SQLRETURN result = GetParam().prepared ? query.prepare(sql) : query.run(sql);
        if (GetParam().prepared && SQL_SUCCEEDED(result)) result = query.execute();
        if (!SQL_SUCCEEDED(result)) return {query.text()};
        return query.rows();
    }

    Proxy proxy;
    Link link, direct;
};

TEST_P(RowsInPlace, AreTheSameOfEveryLengthAndWhereverTheLinkCutsThem) {
    // The library reads 16 KiB ahead: rows end just before, at and behind that.
    int id = 0;
    Rows expected;
    const auto add = [&](std::size_t length) {
        insert(++id, length);
        expected.push_back(std::to_string(id) + "|" +
                           std::string(length, static_cast<char>('a' + id % 26)) + "|" +
                           std::to_string(id * 1'000'003LL) + "|2020-02-03 04:05:06");
    };
    for (std::size_t length = 16'300; length < 16'400; length += 7) add(length);
    for (const std::size_t length : {0, 1, 249, 250, 251, 252, 5000, 65'535, 65'536, 200'000})
        add(length);
    for (std::size_t length = 0; length < 60; ++length) add(length * 13);
    for (const std::size_t piece : {65'536u, 16'384u, 16'383u, 1'000u, 61u}) {
        proxy.deliver_in_pieces(piece);
        EXPECT_EQ(expected, rows("SELECT * FROM in_place ORDER BY id")) << piece;
        EXPECT_EQ(Rows(expected.rbegin(), expected.rend()),
                  rows("SELECT * FROM in_place ORDER BY id DESC"))
            << piece;
    }
}

TEST_P(RowsInPlace, EveryByteMayComeAlone) {
    insert(1, 300);
    insert(2, 0);
    const std::string sql = "SELECT id, LENGTH(t), n, d FROM in_place ORDER BY id";
    const Rows expected = rows(sql);
    ASSERT_EQ(2u, expected.size());
    proxy.deliver_in_pieces(1);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(expected, rows(sql));
}

TEST_P(RowsInPlace, SettingsThatAreRestoredTogetherAreAnsweredOneByOne) {
    link.run("SET SESSION sql_mode='ANSI_QUOTES'");
    link.run("SET SESSION group_concat_max_len=1234");
    link.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    link.run("SET SESSION lock_wait_timeout=17");
    const std::string sql =
        "SELECT @@sql_mode, @@group_concat_max_len, @@lock_wait_timeout, @@autocommit, 'end'";
    const Rows expected{"ANSI_QUOTES|1234|17|1|end"};
    ASSERT_EQ(expected, rows(sql));
    int times = proxy.seen("lock_wait_timeout=17");
    for (const std::size_t piece : {65'536u, 7u, 1u}) {
        proxy.cut();
        proxy.deliver_in_pieces(piece);
        EXPECT_EQ(expected, rows(sql)) << piece;
        EXPECT_EQ(expected, rows(sql)) << piece;
        EXPECT_EQ(++times, proxy.seen("lock_wait_timeout=17"));
    }
    // A link that is cut among the answers is lost, and the next one is whole.
    proxy.deliver_in_pieces(65'536);
    for (const std::size_t bytes : {0u, 1u, 11u, 16u, 20u}) {
        proxy.cut();
        proxy.cut_reply_of("lock_wait_timeout=17", bytes);
        rows(sql);
        EXPECT_EQ(expected, rows(sql)) << bytes;
        EXPECT_EQ(expected, rows(sql)) << bytes;
    }
}

TEST_P(RowsInPlace, ASessionIsResetInOneTurnWhereverTheLinkCutsTheAnswers) {
    const std::string sql = "SELECT @@group_concat_max_len, @a, DATABASE(), @@autocommit, 'end'";
    const Rows fresh = rows(sql);
    const auto use = [&] {
        link.run("SET SESSION group_concat_max_len=1234");
        link.run("SET @a = 'mine'");
        link.run("BEGIN");
        link.run("INSERT INTO in_place VALUES (77, 'left open', 0, NULL)");
        link.run("USE mysql");
        ASSERT_EQ(Rows{"1234|mine|mysql|1|end"}, rows(sql));
    };
    const auto reset = [&] {
        return link.set_attribute(SQL_ATTR_RESET_CONNECTION, SQLULEN{SQL_RESET_CONNECTION_YES});
    };
    const auto expect_fresh = [&](std::size_t how) {
        for (int times = 0; times < 2; ++times) EXPECT_EQ(fresh, rows(sql)) << how;
        EXPECT_EQ("0", direct.value("SELECT COUNT(*) FROM in_place")) << how;
    };
    // MySQL 5.6 cannot reset a session but by another login.
    const bool together = GetParam().reader[0] == '1' && server_kind() != "mysql56";
    for (const std::size_t piece : {65'536u, 7u, 1u}) {
        proxy.deliver_in_pieces(piece);
        use();
        const int before = proxy.turns();
        ASSERT_OK(link, reset());
        EXPECT_EQ(together, proxy.turns() - before == 1) << proxy.turns() - before;
        expect_fresh(piece);
    }
    proxy.deliver_in_pieces(65'536);
    for (std::size_t bytes = 0; bytes < (together ? 64u : 20u); bytes += 3) {
        use();
        proxy.cut_reply_of("SET NAMES", bytes);
        ASSERT_OK(link, reset());
        expect_fresh(bytes);
    }
    // A server, or a proxy, that does not know the command: what was open is not committed.
    proxy.cut_reply_of("", 0);
    const std::string head("\1\0\0\0", 4);
    proxy.alter(head + '\x1f', head + '\x7f');
    use();
    ASSERT_OK(link, reset());
    proxy.alter("", "");
    expect_fresh(1'000);
}

TEST_P(RowsInPlace, PacketsOfSixteenMegabytesAreOne) {
    direct.run("SET GLOBAL max_allowed_packet = 67108864");
    Link large;
    large.open(server_string(std::string("PlainReader=") + GetParam().reader + ";"));
    for (const std::size_t length : {(1u << 24) - 6, (1u << 24) - 5, (1u << 24) - 4, 1u << 24}) {
        Query query(large);
        const std::string sql = "SELECT REPEAT('x', " + std::to_string(length) + "), 7";
        ASSERT_OK(query, GetParam().prepared ? query.prepare(sql) : query.run(sql));
        if (GetParam().prepared) ASSERT_OK(query, query.execute());
        ASSERT_OK(query, query.fetch());
        std::string text(length + 1, '\0');
        SQLLEN bytes = 0;
        ASSERT_OK(query, SQLGetData(query, 1, SQL_C_CHAR, text.data(),
                                    static_cast<SQLLEN>(text.size()), &bytes));
        EXPECT_EQ(static_cast<SQLLEN>(length), bytes);
        EXPECT_EQ(std::string(length, 'x'), text.substr(0, length));
        EXPECT_EQ("7", query.get(2));
        EXPECT_EQ(SQL_NO_DATA, query.fetch());
    }
}

TEST_P(RowsInPlace, DescriptionsThatAlternateOrChangeAreSeen) {
    insert(1, 3);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(Rows{"1"}, rows("SELECT id FROM in_place"));
        EXPECT_EQ((Rows{"bbb|1"}), rows("SELECT t, id FROM in_place"));
        EXPECT_EQ(Rows{"1"}, rows("SELECT id AS other FROM in_place"));
    }
    Query query(link);
    ASSERT_OK(query, query.prepare("SELECT * FROM in_place"));
    for (const char* change :
         {"ADD c VARCHAR(10) DEFAULT 'new'", "MODIFY c VARCHAR(20) NOT NULL DEFAULT 'new'",
          "DROP c", "MODIFY n VARCHAR(30)", "MODIFY n BIGINT", "CHANGE n m BIGINT"}) {
        for (int again = 0; again < 2; ++again) {
            if (GetParam().prepared)
                ASSERT_OK(query, query.execute());
            else
                ASSERT_OK(query, query.run("SELECT * FROM in_place"));
            const Rows seen = query.rows();
            query.close();
            EXPECT_EQ(direct.rows("SELECT * FROM in_place"), seen) << change;
        }
        direct.run(std::string("ALTER TABLE in_place ") + change);
        if (!GetParam().prepared) continue;
        // Columns of a prepared statement are described anew.
        ASSERT_OK(query, query.execute());
        SQLSMALLINT columns = 0;
        ASSERT_OK(query, SQLNumResultCols(query, &columns));
        EXPECT_EQ(std::string(change).starts_with("ADD") ||
                          std::string(change).find("NOT NULL") != std::string::npos
                      ? 5
                      : 4,
                  columns)
            << change;
        query.close();
    }
}

TEST_P(RowsInPlace, ErrorsWarningsAndOtherAnswersComeBetween) {
    insert(1, 3);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(Rows{"1"}, rows("SELECT id FROM in_place"));
        Query query(link);
        EXPECT_EQ(SQL_ERROR, query.run("SELECT nothing FROM in_place"));
        EXPECT_EQ("42S22", query.state());
        EXPECT_EQ(Rows{"1"}, rows("SELECT id FROM in_place"));
        ASSERT_OK(query, query.run("UPDATE in_place SET n = n + 1"));
        SQLLEN count = 0;
        ASSERT_OK(query, SQLRowCount(query, &count));
        EXPECT_EQ(1, count);
        EXPECT_EQ(Rows{"1"}, rows("SELECT id FROM in_place"));
        EXPECT_EQ(Rows(), rows("SELECT id FROM in_place WHERE id > 1"));
        // An error behind the rows that came before it.
        const Rows cut = rows("SELECT id FROM in_place WHERE id = (SELECT 1 UNION SELECT 2)");
        ASSERT_EQ(1u, cut.size());
        EXPECT_NE(std::string::npos, cut[0].find("21000")) << cut[0];
        EXPECT_EQ(Rows{"1"}, rows("SELECT id FROM in_place"));
        ASSERT_OK(query, query.run("SELECT CAST('x' AS SIGNED) AS id"));
        EXPECT_EQ(Rows{"0"}, query.rows());
        query.close();
        ASSERT_OK(query, query.run("SHOW WARNINGS"));
        EXPECT_EQ(1u, query.rows().size());
    }
}

TEST_P(RowsInPlace, SeveralResultsHaveEachTheirColumns) {
    insert(1, 3);
    direct.run("DROP PROCEDURE IF EXISTS in_place_results");
    direct.run(
        "CREATE PROCEDURE in_place_results() BEGIN SELECT id FROM in_place; SELECT t, n FROM "
        "in_place; SELECT id FROM in_place; END");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(Rows{"1"}, rows("SELECT id FROM in_place"));
        Query query(link);
        ASSERT_OK(query, GetParam().prepared ? query.prepare("{CALL in_place_results()}")
                                             : query.run("{CALL in_place_results()}"));
        if (GetParam().prepared) ASSERT_OK(query, query.execute());
        EXPECT_EQ(Rows{"1"}, query.rows());
        ASSERT_OK(query, SQLMoreResults(query));
        EXPECT_EQ(Rows{"bbb|1000003"}, query.rows());
        ASSERT_OK(query, SQLMoreResults(query));
        EXPECT_EQ(Rows{"1"}, query.rows());
    }
}

TEST_P(RowsInPlace, LinksCutInsideAnAnswerAreLost) {
    for (int id = 1; id < 50; ++id) insert(id, 1000);
    const std::string sql = "SELECT t, n FROM in_place ORDER BY id";
    const Rows whole = rows(sql);
    ASSERT_EQ(49u, whole.size());
    ASSERT_EQ(whole, rows(sql));  // described as before
    for (const std::size_t bytes : {1u, 3u, 4u, 5u, 60u, 150u, 600u, 5000u, 16'384u, 20'000u}) {
        link.run("SET AUTOCOMMIT = 0");  // no statement is run again inside a transaction
        link.run("UPDATE in_place SET n = n WHERE id = 1");
        Query query(link);
        ASSERT_OK(query, query.prepare(sql));
        proxy.cut_reply_of(GetParam().prepared ? std::string("\x17") : sql, bytes);
        SQLRETURN result = GetParam().prepared ? query.execute() : query.run(sql);
        Rows seen;
        while (SQL_SUCCEEDED(result) && SQL_SUCCEEDED(result = query.fetch()))
            seen.push_back(query.get(1).value_or("NULL"));
        EXPECT_EQ(SQL_ERROR, result) << bytes;
        EXPECT_EQ("40001", query.state()) << bytes << query.text();
        for (std::size_t i = 0; i < seen.size(); ++i)
            EXPECT_EQ(whole[i].substr(0, 1000), seen[i]) << bytes;
        query.close();
        SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK);
        link.run("SET AUTOCOMMIT = 1");
        EXPECT_EQ(whole, rows(sql)) << bytes;
    }
}

INSTANTIATE_TEST_SUITE_P(Of, RowsInPlace,
                         testing::Values(Sample{"1", false}, Sample{"1", true}, Sample{"0", false},
                                         Sample{"0", true}),
                         [](const auto& tested) {
                             return std::string(tested.param.prepared ? "Prepared" : "Direct") +
                                    (tested.param.reader[0] == '1' ? "InPlace" : "Copied");
                         });

}  // namespace
}  // namespace myfabric::test
