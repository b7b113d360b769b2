// SQLParamData, SQLPutData: data at execution in parts.
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Texts = std::vector<std::string>;

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class DataAtExecution : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string());
        link.run("DROP TABLE IF EXISTS given");
        link.run(
            "CREATE TABLE given (id INT PRIMARY KEY AUTO_INCREMENT, t LONGTEXT, b LONGBLOB, "
            "l VARCHAR(20) CHARACTER SET latin1, n INT) "
            "ENGINE=MyISAM DEFAULT CHARSET=utf8mb4");  // InnoDB's log bounds what it takes
    }

    /// Asks for the parameter that is next; its token.
    static SQLPOINTER ask(Query& query) {
        SQLPOINTER which = nullptr;
        EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &which)) << query.text();
        return which;
    }

    void bind(Query& query, SQLUSMALLINT n, SQLSMALLINT c_type, SQLSMALLINT sql_type) {
        waiting = SQL_DATA_AT_EXEC;
        EXPECT_EQ(SQL_SUCCESS, SQLBindParameter(query, n, SQL_PARAM_INPUT, c_type, sql_type, 0, 0,
                                                number(n), 0, &waiting));
    }

    SQLLEN waiting = SQL_DATA_AT_EXEC;
    Link link;
};

TEST_F(DataAtExecution, OfAnySizeArrivesWhole) {
    constexpr std::size_t parts = 300;
    std::string text(10007, 't');
    std::string bytes(9001, '\xFF');
    for (const bool prepare : {false, true}) {
        link.run("DELETE FROM given");
        Query query(link);
        bind(query, 1, SQL_C_CHAR, SQL_LONGVARCHAR);
        bind(query, 2, SQL_C_BINARY, SQL_LONGVARBINARY);
        const char* sql = "INSERT INTO given (t, b) VALUES (?, ?)";
        if (prepare) ASSERT_OK(query, query.prepare(sql));
        EXPECT_EQ(SQL_NEED_DATA, prepare ? query.execute() : query.run(sql)) << query.text();
        EXPECT_EQ(number(1), ask(query));
        for (std::size_t i = 0; i < parts; ++i)
            ASSERT_OK(query, SQLPutData(query, text.data(), static_cast<SQLLEN>(text.size())));
        EXPECT_EQ(number(2), ask(query));
        for (std::size_t i = 0; i < parts; ++i)
            ASSERT_OK(query, SQLPutData(query, bytes.data(), static_cast<SQLLEN>(bytes.size())));
        SQLPOINTER which = nullptr;
        EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, &which)) << query.text();
        EXPECT_EQ("3002100|2700300|1|1",
                  link.rows("SELECT LENGTH(t), LENGTH(b), t = REPEAT('t', 3002100), "
                            "b = REPEAT(X'FF', 2700300) FROM given")
                      .at(0));
    }
}

TEST_F(DataAtExecution, OneLargePartArrivesWhole) {
    std::string text(3 * 1024 * 1024, 'x');
    Query query(link);
    bind(query, 1, SQL_C_CHAR, SQL_LONGVARCHAR);
    EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO given (t) VALUES (?)"));
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text.data(), static_cast<SQLLEN>(text.size())));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    EXPECT_EQ("3145728", link.value("SELECT LENGTH(t) FROM given"));
}

TEST_F(DataAtExecution, SplitCharactersArePutTogether) {
    Query query(link);
    const char utf8[] = "\xC3\xA9\xF0\x9F\x98\x80z";
    const SQLWCHAR utf16[] = {0xE9, 0xD83D, 0xDE00, 'z'};
    bind(query, 1, SQL_C_CHAR, SQL_LONGVARCHAR);
    ASSERT_OK(query, query.prepare("INSERT INTO given (t) VALUES (?)"));
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    ask(query);
    for (std::size_t i = 0; i < std::strlen(utf8); ++i)
        ASSERT_OK(query, SQLPutData(query, const_cast<char*>(utf8) + i, 1));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    bind(query, 1, SQL_C_WCHAR, SQL_WLONGVARCHAR);
    for (const SQLLEN step : {2, 1, 3}) {
        EXPECT_EQ(SQL_NEED_DATA, query.execute());
        ask(query);
        for (SQLLEN at = 0; at < static_cast<SQLLEN>(sizeof utf16); at += step) {
            const SQLLEN size = std::min(step, static_cast<SQLLEN>(sizeof utf16) - at);
            ASSERT_OK(
                query,
                SQLPutData(query, const_cast<char*>(reinterpret_cast<const char*>(utf16)) + at,
                           size));
        }
        EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    }
    for (const std::string& row : link.rows("SELECT HEX(t) FROM given"))
        EXPECT_EQ("C3A9F09F98807A", row);
}

TEST_F(DataAtExecution, TextIsConvertedToTheColumnsCharacterSet) {
    Query query(link);
    char text[] = "\xC3\xA9t\xC3\xA9";
    bind(query, 1, SQL_C_CHAR, SQL_VARCHAR);
    EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO given (l) VALUES (?)"));
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, SQL_NTS));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    EXPECT_EQ("E974E9", link.value("SELECT HEX(l) FROM given"));
}

TEST_F(DataAtExecution, MayBeEmptyNullOrANumber) {
    Query query(link);
    char text[] = "42";
    bind(query, 1, SQL_C_CHAR, SQL_VARCHAR);
    bind(query, 2, SQL_C_CHAR, SQL_INTEGER);
    ASSERT_OK(query, query.prepare("INSERT INTO given (t, n) VALUES (?, ?)"));
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, 0));
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, 1));
    ASSERT_OK(query, SQLPutData(query, text + 1, 1));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    ask(query);
    ASSERT_OK(query, SQLPutData(query, nullptr, SQL_NULL_DATA));
    ask(query);
    ASSERT_OK(query, SQLPutData(query, nullptr, SQL_NULL_DATA));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    SQLINTEGER n = 7;
    bind(query, 2, SQL_C_SLONG, SQL_INTEGER);
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, SQL_NTS));
    ask(query);
    ASSERT_OK(query, SQLPutData(query, &n, 0));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    EXPECT_EQ((Texts{"|42", "NULL|NULL", "42|7"}), link.rows("SELECT t, n FROM given ORDER BY id"));
}

TEST_F(DataAtExecution, RefusesWhatTheReferenceRefuses) {
    Query query(link);
    char text[] = "42";
    SQLINTEGER n = 7;
    EXPECT_STATE(query, "HY010", SQLParamData(query, nullptr));
    EXPECT_STATE(query, "HY010", SQLPutData(query, text, 2));
    bind(query, 1, SQL_C_SLONG, SQL_INTEGER);
    EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO given (n) VALUES (?)"));
    EXPECT_STATE(query, "HY010", SQLPutData(query, &n, 0));
    ask(query);
    ASSERT_OK(query, SQLPutData(query, &n, 0));
    EXPECT_STATE(query, "HY019", SQLPutData(query, &n, 0));
    // The driver manager regards the execution as ended by an error of SQLPutData.
    const auto refuse = [&](const char* state, SQLPOINTER data, SQLLEN length, bool second) {
        SQLCancel(query);
        bind(query, 1, SQL_C_CHAR, SQL_VARCHAR);
        EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO given (t) VALUES (?)")) << query.text();
        ask(query);
        if (second) ASSERT_OK(query, SQLPutData(query, text, 1));
        EXPECT_STATE(query, state, SQLPutData(query, data, length));
    };
    refuse("HY090", text, -7, false);
    refuse("HY009", nullptr, 2, false);
    // unixODBC sees it before, as another error.
    refuse(driver_file() ? "HY011" : "HY020", nullptr, SQL_NULL_DATA, true);
    SQLCancel(query);
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM given"));
}

TEST_F(DataAtExecution, OtherCallsMustWait) {
    Query query(link);
    char text[] = "42";
    bind(query, 1, SQL_C_CHAR, SQL_VARCHAR);
    ASSERT_OK(query, query.prepare("INSERT INTO given (t) VALUES (?)"));
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, 2));
    EXPECT_STATE(query, "HY010", query.execute());
    EXPECT_STATE(query, "HY010", query.run("SELECT 1"));
    EXPECT_STATE(query, "HY010", query.prepare("SELECT 1"));
    EXPECT_STATE(query, "HY010", SQLMoreResults(query));
    SQLINTEGER other = 0;
    EXPECT_STATE(query, "HY010",
                 SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &other,
                                  0, nullptr));
    EXPECT_STATE(query, "HY010", SQLBindCol(query, 1, SQL_C_SLONG, &other, 0, nullptr));
    // Another statement may run meanwhile.
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM given"));
    ASSERT_OK(query, SQLPutData(query, text, 2));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    EXPECT_EQ("4242", link.value("SELECT t FROM given"));
}

TEST_F(DataAtExecution, CancelledLeavesNothingBehind) {
    Query query(link);
    char text[] = "forgotten";
    bind(query, 1, SQL_C_CHAR, SQL_VARCHAR);
    ASSERT_OK(query, query.prepare("INSERT INTO given (t) VALUES (?)"));
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, SQL_NTS));
    ASSERT_OK(query, SQLCancel(query));
    EXPECT_EQ(SQL_NEED_DATA, query.execute()) << query.text();
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, 3));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    char given[] = "given";
    SQLLEN length = SQL_NTS;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 9, 0, given, 9, &length);
    ASSERT_OK(query, query.execute());
    EXPECT_EQ((Texts{"for", "given"}), link.rows("SELECT t FROM given ORDER BY id"));
}

TEST_F(DataAtExecution, AnotherParametersErrorLeavesNothingBehind) {
    Query query(link);
    char text[] = "lost";
    char wrong[] = "abc";
    SQLLEN length = SQL_NTS;
    bind(query, 1, SQL_C_CHAR, SQL_VARCHAR);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 0, 0, wrong, 0, &length);
    ASSERT_OK(query, query.prepare("INSERT INTO given (t, n) VALUES (?, ?)"));
    EXPECT_EQ(SQL_NEED_DATA, query.execute());
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, SQL_NTS));
    EXPECT_STATE(query, "22018", SQLParamData(query, nullptr));
    std::strcpy(wrong, "12");
    EXPECT_EQ(SQL_NEED_DATA, query.execute()) << query.text();
    ask(query);
    ASSERT_OK(query, SQLPutData(query, text, 2));
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, nullptr)) << query.text();
    EXPECT_EQ(Texts{"lo|12"}, link.rows("SELECT t, n FROM given"));
}

}  // namespace
}  // namespace myfabric::test
