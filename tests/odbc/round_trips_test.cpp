// How often servers are waited for: what can go to them together does, and whoever cuts the link,
// refuses or answers otherwise finds programs as they would be without it.
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/proxy.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Rows = std::vector<std::string>;

/// A statement with one parameter, and what it is to be.
struct Value {
    SQLINTEGER number = 0;
    SQLLEN length = 0;

    SQLRETURN bind(Query& query) {
        return SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &number,
                                sizeof number, &length);
    }
};

class RoundTrips : public testing::Test {
protected:
    RoundTrips() : proxy(server()["port"].get<int>()) {}

    void SetUp() override {
        direct.open(server_string());
        direct.run("DROP TABLE IF EXISTS turns");
        direct.run("CREATE TABLE turns (id INT PRIMARY KEY, t VARCHAR(2000))");
        for (int id = 1; id < 4; ++id)
            direct.run("INSERT INTO turns VALUES (" + std::to_string(id) + ", 'row')");
        link.open(string());
        proxy.gather(std::chrono::milliseconds(5));
    }
    std::string string(const std::string& more = {}) const {
        const nlohmann::json& at = server();
        return driver_key() + more +
               "Server=127.0.0.1;SSLMode=DISABLED;Port=" + std::to_string(proxy.port()) +
               ";User=" + at["user"].get<std::string>() +
               ";Password=" + at["password"].get<std::string>() +
               ";Database=" + at["database"].get<std::string>();
    }
    /// A text that nobody has prepared before.
    std::string fresh(const std::string& sql) { return sql + std::string(++texts_, ' '); }
    /// The rows of SQLExecDirect with this parameter; the record of a failure.
    Rows rows(const std::string& sql, SQLINTEGER number) {
        Query query(link);
        Value value{number};
        EXPECT_EQ(SQL_SUCCESS, value.bind(query));
        if (!SQL_SUCCEEDED(query.run(sql))) return {query.state()};
        return query.rows();
    }
    std::string change(const std::string& sql, SQLINTEGER number) {
        Query query(link);
        Value value{number};
        EXPECT_EQ(SQL_SUCCESS, value.bind(query));
        return SQL_SUCCEEDED(query.run(sql)) ? "" : query.state();
    }
    template <class Body>
    int turns(Body&& body) {
        const int before = proxy.turns();
        body();
        return proxy.turns() - before;
    }
    std::string count(const std::string& where = "1") {
        return direct.value("SELECT COUNT(*) FROM turns WHERE " + where).value_or("none");
    }

    /// Of preparing and executing.
    const int together = server_kind() == "mariadb" ? 1 : 2;
    Proxy proxy;
    Link link, direct;

private:
    std::size_t texts_ = 0;
};

const char* const select = "SELECT id, t FROM turns WHERE id >= ? ORDER BY id";

TEST_F(RoundTrips, ParametersOfANewTextTakeOneWhereTheServerKnowsIt) {
    const Rows expected{"2|row", "3|row"};
    for (const std::size_t piece : {65'536u, 7u, 1u}) {
        proxy.deliver_in_pieces(piece);
        const std::string sql = fresh(select);
        EXPECT_EQ(together, turns([&] { EXPECT_EQ(expected, rows(sql, 2)); })) << piece;
        EXPECT_EQ(1, turns([&] { EXPECT_EQ(expected, rows(sql, 2)); })) << "it is kept prepared";
        EXPECT_EQ(Rows{}, rows(sql, 4));
        EXPECT_EQ(Rows{"3|row"}, rows(sql, 3));
    }
    proxy.deliver_in_pieces(65'536);
    // A change may follow what only reads, not another change: see below.
    rows(fresh(select), 1);
    const std::string insert = fresh("INSERT INTO turns VALUES (?, 'new')");
    EXPECT_EQ(together, turns([&] { EXPECT_EQ("", change(insert, 10)); }));
    EXPECT_EQ(1, turns([&] { EXPECT_EQ("", change(insert, 11)); }));
    EXPECT_EQ(2,
              turns([&] { EXPECT_EQ("", change(fresh("DELETE FROM turns WHERE id = ?"), 10)); }));
    EXPECT_EQ("1", count("t = 'new'"));
    EXPECT_EQ("23000", change(insert, 11));
    EXPECT_EQ("", change(insert, 12));
    EXPECT_EQ("2", count("t = 'new'"));
}

TEST_F(RoundTrips, DeferPrepareLeavesThePreparingToTheFirstExecution) {
    link.close();
    link.open(string("DeferPrepare=1;"));
    for (SQLINTEGER number = 1; number < 4; ++number) {
        Query query(link);
        Value value{3};
        const std::string sql = fresh(select);
        EXPECT_EQ(0, turns([&] { EXPECT_EQ(SQL_SUCCESS, query.prepare(sql)); }));
        SQLSMALLINT count = 0;
        ASSERT_OK(query, SQLNumParams(query, &count));
        EXPECT_EQ(1, count);
        ASSERT_OK(query, value.bind(query));
        EXPECT_EQ(together, turns([&] { EXPECT_EQ(SQL_SUCCESS, query.execute()); }));
        EXPECT_EQ(Rows{"3|row"}, query.rows());
        ASSERT_OK(query, SQLNumResultCols(query, &count));
        EXPECT_EQ(2, count);
        query.close();
        EXPECT_EQ(1, turns([&] { EXPECT_EQ(SQL_SUCCESS, query.execute()); }));
    }
    // Who asks about columns first has it prepared, and hears what is wrong with the text.
    for (const char* sql :
         {"SELECT id, t FROM turns WHERE id = ?", "SELECT id FROM nowhere WHERE a = ?"}) {
        Query query(link);
        ASSERT_EQ(SQL_SUCCESS, query.prepare(sql));
        SQLSMALLINT count = 0;
        const SQLRETURN result = SQLNumResultCols(query, &count);
        if (std::strstr(sql, "nowhere")) {
            EXPECT_EQ(SQL_ERROR, result);
            EXPECT_EQ("42S02", query.state());
            Value value{1};
            ASSERT_OK(query, value.bind(query));
            EXPECT_STATE(query, "42S02", query.execute());
        } else {
            EXPECT_EQ(SQL_SUCCESS, result);
            EXPECT_EQ(2, count);
        }
    }
    // Without parameters nothing is gained by waiting.
    Query query(link);
    EXPECT_STATE(query, "42S02", query.prepare("SELECT id FROM nowhere"));
}

TEST_F(RoundTrips, EveryKindOfValueArrivesWithTheText) {
    const struct {
        SQLSMALLINT c_type, sql_type;
        std::string bytes;
        SQLLEN length;
        const char* expected;
    } samples[] = {
        {SQL_C_CHAR, SQL_VARCHAR, "a text", SQL_NTS, "a text"},
        {SQL_C_CHAR, SQL_DECIMAL, "-12.50", SQL_NTS, "-12.50"},
        {SQL_C_CHAR, SQL_TYPE_TIMESTAMP, "2020-02-03 04:05:06", SQL_NTS, "2020-02-03 04:05:06"},
        {SQL_C_BINARY, SQL_VARBINARY, "bytes", 5, "bytes"},
        {SQL_C_CHAR, SQL_VARCHAR, std::string(15'000, 'x'), SQL_NTS, nullptr},
        {SQL_C_CHAR, SQL_VARCHAR, std::string(20'000, 'y'), SQL_NTS, nullptr},
        {SQL_C_CHAR, SQL_VARCHAR, "", SQL_NULL_DATA, "NULL"},
    };
    for (const auto& sample : samples) {
        Query query(link);
        std::string bytes = sample.bytes;
        SQLLEN length = sample.length;
        ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, sample.c_type, sample.sql_type,
                                          30'000, 2, bytes.data(),
                                          static_cast<SQLLEN>(bytes.size()), &length));
        const std::string sql = fresh("SELECT CAST(? AS CHAR)");
        ASSERT_OK(query, query.run(sql));
        EXPECT_EQ(Rows{sample.expected ? sample.expected : sample.bytes}, query.rows());
        // The next time with the server's number.
        ASSERT_OK(query, query.run(sql));
        EXPECT_EQ(1u, query.rows().size());
    }
}

TEST_F(RoundTrips, WhatTheServerSaysToTheTextIsReported) {
    for (int times = 0; times < 2; ++times) {
        Query query(link);
        Value value{1};
        ASSERT_OK(query, value.bind(query));
        EXPECT_STATE(query, "42S02", query.run("SELECT nothing FROM nowhere_at_all WHERE id = ?"));
        EXPECT_EQ(1u, diagnostics(SQL_HANDLE_STMT, query).size()) << query.text();
        EXPECT_STATE(query, "42000", query.run("SELECT ? FROM WHERE"));
        EXPECT_EQ((Rows{"3|row"}), rows(fresh(select), 3));
    }
    // An error of executing, after the server had prepared it.
    EXPECT_EQ(Rows{"21000"}, rows("SELECT (SELECT id FROM turns WHERE id >= ?)", 1));
    EXPECT_EQ(Rows{"3"}, rows("SELECT (SELECT id FROM turns WHERE id >= ?)", 3));
}

TEST_F(RoundTrips, ALinkThatIsCutAmongTheAnswersIsLost) {
    for (std::size_t bytes = 0; bytes < 300; bytes += bytes < 40 ? 1 : 13) {
        // What only reads is read again.
        proxy.cut_reply_of("ORDER BY id", bytes);
        {
            Query query(link);
            Value value{2};
            ASSERT_OK(query, value.bind(query));
            ASSERT_OK(query, query.run(fresh(select)));
            std::string ids;
            SQLRETURN fetched = SQL_SUCCESS;
            while (SQL_SUCCEEDED(fetched = query.fetch())) ids += *query.get(1);
            EXPECT_TRUE(fetched == SQL_NO_DATA ? ids == "23" : query.state() == "08S01")
                << bytes << ids << query.text();
        }
        // A change is not repeated, and never done twice.
        proxy.cut_reply_of("'cut'", bytes);
        const std::string state = change(fresh("INSERT INTO turns VALUES (?, 'cut')"), 20);
        // The link's end was cut off, or the outcome is not known.
        EXPECT_TRUE(state.empty() || state == "40003") << state << bytes;
        if (state.empty()) {
            EXPECT_EQ("1", count("t = 'cut'")) << bytes;
        }
        direct.run("DELETE FROM turns WHERE t = 'cut'");
        proxy.cut();
        EXPECT_EQ((Rows{"3|row"}),
                  rows(fresh("SELECT id, t FROM turns WHERE t = 'row' AND id = ?"), 3));
    }
}

TEST_F(RoundTrips, AServerThatCannotPrepareMoreExecutesNothingElse) {
    // What was prepared before must not run with the values of what was not.
    const std::string limit = *direct.value("SELECT @@global.max_prepared_stmt_count");
    for (const char* before : {"DELETE FROM turns WHERE id > ?", select}) {
        link.close();
        link.open(string("PSCacheSize=0;"));
        Query kept(link);
        Value none{1'000};
        ASSERT_OK(kept, none.bind(kept));
        ASSERT_OK(kept, kept.prepare(before));
        SQLExecute(kept);
        kept.close();
        direct.run("SET GLOBAL max_prepared_stmt_count=1");
        EXPECT_EQ(Rows{"42000"}, rows(fresh(select), 1));
        EXPECT_EQ("42000", change(fresh("UPDATE turns SET t = 'changed' WHERE id > ?"), 0));
        direct.run("SET GLOBAL max_prepared_stmt_count=" + limit);
        EXPECT_EQ("3", count("t = 'row'")) << before;
        EXPECT_EQ((Rows{"3|row"}), rows(fresh(select), 3));
    }
}

TEST_F(RoundTrips, AProxyThatNumbersStatementsItselfIsFollowed) {
    const std::string execute("\x17\xff\xff\xff\xff", 5), unknown("\x17\xfe\xff\xff\x7f", 5);
    proxy.alter(execute, unknown);
    EXPECT_EQ((Rows{"3|row"}), rows(fresh(select), 3));
    EXPECT_EQ(2, turns([&] { EXPECT_EQ((Rows{"3|row"}), rows(fresh(select), 3)); }));
    proxy.cut();
    EXPECT_EQ("", change(fresh("INSERT INTO turns VALUES (?, 'once')"), 30));
    EXPECT_EQ("1", count("t = 'once'"));
}

TEST_F(RoundTrips, AServerThatAnswersOneOfTwoIsWaitedForAsLongAsTheProgramSays) {
    proxy.silence_reply_of("ORDER BY id");
    Query query(link);
    Value value{1};
    ASSERT_OK(query, value.bind(query));
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1),
                                    SQL_IS_UINTEGER));
    EXPECT_STATE(query, "HYT00", query.run(fresh(select)));
    EXPECT_EQ((Rows{"3|row"}), rows(fresh(select), 3));
}

TEST_F(RoundTrips, ParametersThatServersMayCountDifferentlyAreCountedByThemFirst) {
    for (const char* text : {"UPDATE turns SET t = 'a\\\\' WHERE id = ?",
                             "UPDATE turns /*! SET */ t = 'b' WHERE id = ?",
                             "UPDATE turns SET t = 'c' WHERE id = ? -- '",
                             "UPDATE turns SET t = 'd' WHERE id = ? # ?"}) {
        rows(fresh(select), 1);
        EXPECT_EQ(2, turns([&] { change(text, 1); })) << text;
    }
}

}  // namespace
}  // namespace myfabric::test
