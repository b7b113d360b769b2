// What programs do that were written against the vendors' drivers: texts, sessions, catalogs.
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

SQLCHAR* chars(std::string& text) {
    return reinterpret_cast<SQLCHAR*>(text.data());
}

/// `text` in a buffer of `size` characters that holds something else behind the NUL.
std::string in_buffer(std::string text, std::size_t size) {
    text += '\0';
    text.resize(size, '~');
    return text;
}

std::vector<SQLWCHAR> in_wide_buffer(const std::string& text, std::size_t size) {
    std::vector<SQLWCHAR> units = wide(text);
    units.resize(size, '~');
    return units;
}

// ---- texts end at a NUL within their length ----------------------------------------------------

TEST(TextWithNul, ConnectionStringEndsThere) {
    std::string narrow = in_buffer(server_string(), 2048);
    Link link;
    ASSERT_OK(link, SQLDriverConnect(link.handle(), nullptr, chars(narrow), 2048, nullptr, 0,
                                     nullptr, SQL_DRIVER_NOPROMPT));
    EXPECT_EQ("1", link.value("SELECT 1"));
    SQLDisconnect(link.handle());
    std::vector<SQLWCHAR> units = in_wide_buffer(server_string(), 2048);
    ASSERT_OK(link, SQLDriverConnectW(link.handle(), nullptr, units.data(), 2048, nullptr, 0,
                                      nullptr, SQL_DRIVER_NOPROMPT));
    EXPECT_EQ("1", link.value("SELECT 1"));
    SQLDisconnect(link.handle());
}

TEST(TextWithNul, StatementsAndCursorNamesEndThere) {
    Link link;
    link.open(server_string());
    Query query(link);
    std::string sql = in_buffer("SELECT 7", 100);
    std::vector<SQLWCHAR> wide_sql = in_wide_buffer("SELECT 7", 100);
    const auto seven = [&] { return query.rows() == std::vector<std::string>{"7"}; };
    ASSERT_OK(query, SQLExecDirect(query, chars(sql), 100));
    EXPECT_TRUE(seven());
    query.close();
    ASSERT_OK(query, SQLExecDirectW(query, wide_sql.data(), 100));
    EXPECT_TRUE(seven());
    query.close();
    ASSERT_OK(query, SQLPrepare(query, chars(sql), 9));
    ASSERT_OK(query, query.execute());
    EXPECT_TRUE(seven());
    query.close();
    ASSERT_OK(query, SQLPrepareW(query, wide_sql.data(), 9));
    ASSERT_OK(query, query.execute());
    EXPECT_TRUE(seven());
    query.close();
    std::string name = in_buffer("c_name", 20);
    SQLCHAR read[30];
    SQLSMALLINT length = 0;
    ASSERT_OK(query, SQLSetCursorName(query, chars(name), 7));
    ASSERT_OK(query, SQLGetCursorName(query, read, sizeof read, &length));
    EXPECT_STREQ("c_name", reinterpret_cast<char*>(read));
    SQLINTEGER native = 0;
    ASSERT_OK(link, SQLNativeSql(link.handle(), chars(sql), 100, read, sizeof read, &native));
    EXPECT_STREQ("SELECT 7", reinterpret_cast<char*>(read));
}

TEST(TextWithNul, CurrentCatalogEndsThere) {
    Link link;
    link.open(server_string());
    std::string narrow = in_buffer("mysql", 10);
    std::vector<SQLWCHAR> units = in_wide_buffer("mysql", 10);
    ASSERT_OK(link, SQLSetConnectAttr(link.handle(), SQL_ATTR_CURRENT_CATALOG, narrow.data(), 6));
    EXPECT_EQ("mysql", link.value("SELECT DATABASE()"));
    EXPECT_EQ("mysql", link.attribute(SQL_ATTR_CURRENT_CATALOG));
    for (const SQLINTEGER length : {6, 10}) {
        ASSERT_OK(link, link.set_attribute(SQL_ATTR_CURRENT_CATALOG, "test"));
        ASSERT_OK(link, SQLSetConnectAttrW(link.handle(), SQL_ATTR_CURRENT_CATALOG, units.data(),
                                           2 * length));
        EXPECT_EQ("mysql", link.value("SELECT DATABASE()")) << length;
        Query query(link);
        std::string table = "db";
        ASSERT_OK(query,
                  SQLColumns(query, nullptr, 0, nullptr, 0, chars(table), SQL_NTS, nullptr, 0));
        EXPECT_FALSE(query.rows().empty()) << length;
    }
}

TEST(CurrentCatalog, IsNotLeftByAnEmptyName) {
    Link link;
    link.open(server_string());
    EXPECT_STATE(link, "3D000", link.set_attribute(SQL_ATTR_CURRENT_CATALOG, ""));
    EXPECT_EQ("test", link.attribute(SQL_ATTR_CURRENT_CATALOG));
    EXPECT_EQ("test", link.value("SELECT DATABASE()"));
}

// Qt 6 counts the NUL of names and of the list of types.
TEST(TextWithNul, CatalogArgumentsEndThere) {
    Link link;
    link.open(server_string());
    link.run("DROP TABLE IF EXISTS nul_child, nul_table");
    link.run(
        "CREATE TABLE nul_table (id INT PRIMARY KEY, changed TIMESTAMP NOT NULL DEFAULT "
        "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB");
    link.run(
        "CREATE TABLE nul_child (id INT, FOREIGN KEY (id) REFERENCES nul_table (id)) "
        "ENGINE=InnoDB");
    Query query(link);
    std::vector<SQLWCHAR> catalog = in_wide_buffer("test", 5),
                          table = in_wide_buffer("nul_table", 10),
                          type = in_wide_buffer("TABLE", 6), column = in_wide_buffer("id", 3),
                          child = in_wide_buffer("nul_child", 10);
    const auto count = [&](SQLRETURN result) {
        EXPECT_EQ(SQL_SUCCESS, result) << query.text();
        const std::size_t found = query.rows().size();
        query.close();
        return found;
    };
    SQLWCHAR *c = catalog.data(), *t = table.data();
    EXPECT_EQ(1u, count(SQLTablesW(query, c, 5, nullptr, 0, t, 10, type.data(), 6)));
    EXPECT_EQ(1u, count(SQLColumnsW(query, c, 5, nullptr, 0, t, 10, column.data(), 3)));
    EXPECT_EQ(1u, count(SQLPrimaryKeysW(query, c, 5, nullptr, 0, t, 10)));
    EXPECT_EQ(1u, count(SQLStatisticsW(query, c, 5, nullptr, 0, t, 10, SQL_INDEX_ALL, SQL_QUICK)));
    EXPECT_EQ(1u, count(SQLSpecialColumnsW(query, SQL_BEST_ROWID, c, 5, nullptr, 0, t, 10,
                                           SQL_SCOPE_CURROW, SQL_NULLABLE)));
    EXPECT_EQ(1u, count(SQLForeignKeysW(query, c, 5, nullptr, 0, t, 10, nullptr, 0, nullptr, 0,
                                        child.data(), 10)));
    EXPECT_LT(0u, count(SQLTablePrivilegesW(query, c, 5, nullptr, 0, t, 10)));
    EXPECT_LT(0u, count(SQLColumnPrivilegesW(query, c, 5, nullptr, 0, t, 10, column.data(), 3)));
    std::string narrow_table = in_buffer("nul_table", 10), narrow_type = in_buffer("TABLE", 6);
    EXPECT_EQ(1u, count(SQLTables(query, nullptr, 0, nullptr, 0, chars(narrow_table), 10,
                                  chars(narrow_type), 6)));
    link.run("DROP TABLE nul_child, nul_table");
}

// ---- the session is what the driver says it is -------------------------------------------------

/// A server whose sessions begin without autocommit, for as long as this object lives.
class ServerWithoutAutocommit {
public:
    ServerWithoutAutocommit() {
        link_.open(server_string());
        link_.run("SET GLOBAL autocommit=0");
    }
    ~ServerWithoutAutocommit() { link_.run("SET GLOBAL autocommit=1"); }

private:
    Link link_;
};

void expect_kept(Link& link) {
    Query query(link);
    SQLULEN on = 99;
    ASSERT_OK(link, SQLGetConnectAttr(link.handle(), SQL_ATTR_AUTOCOMMIT, &on, 0, nullptr));
    EXPECT_EQ(SQL_AUTOCOMMIT_ON, static_cast<SQLUINTEGER>(on));
    EXPECT_EQ("1", link.value("SELECT @@autocommit"));
    link.run("INSERT INTO auto_rows VALUES (1)");
    // The rows are there for everybody, and there is nothing to end before disconnecting.
    Link other;
    other.open(server_string());
    EXPECT_EQ("1", other.value("SELECT COUNT(*) FROM auto_rows"));
}

TEST(Autocommit, IsOnWhateverTheServersDefaultIs) {
    Link owner;
    owner.open(server_string());
    owner.run("DROP TABLE IF EXISTS auto_rows");
    owner.run("CREATE TABLE auto_rows (a INT) ENGINE=InnoDB");
    {
        const ServerWithoutAutocommit here;
        Link link;
        ASSERT_OK(link, link.try_open(server_string()));
        expect_kept(link);
        EXPECT_EQ(SQL_SUCCESS, SQLDisconnect(link.handle())) << link.text();
        // Set before connecting, it is off, and rows are the transaction's.
        owner.run("DELETE FROM auto_rows");
        Link manual;
        ASSERT_OK(manual, manual.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
        manual.open(server_string());
        EXPECT_EQ("0", manual.value("SELECT @@autocommit"));
    }
    owner.run("DELETE FROM auto_rows");
    Link link;
    link.open(server_string("InitStmt={SET autocommit=0};"));
    expect_kept(link);
    owner.run("DELETE FROM auto_rows");
    // A pool's reset puts the session back, and the server its default.
    {
        const ServerWithoutAutocommit here;
        Link pooled;
        pooled.open(server_string());
        ASSERT_OK(pooled, pooled.set_attribute(SQL_ATTR_RESET_CONNECTION,
                                               SQLULEN{SQL_RESET_CONNECTION_YES}));
        expect_kept(pooled);
    }
    owner.run("DROP TABLE auto_rows");
}

/// SET statements that would have texts travel in another character set.
const char* const character_sets[] = {
    "SET NAMES latin1",
    "SET NAMES utf8",
    "SET CHARACTER SET latin1",
    "SET character_set_results = latin1",
    "SET character_set_results = NULL",
    "SET character_set_client = gbk",
    "SET SESSION character_set_connection = latin1",
    "SET @@character_set_client = latin1, @@character_set_results = latin1",
};

void expect_texts_whole(Link& link, const std::string& how) {
    link.run("DELETE FROM wire_texts");
    Query query(link);
    std::vector<SQLWCHAR> text = {0xE9, 0xD83D, 0xDE00, 0};
    SQLLEN length = SQL_NTS;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 10, 0,
                                      text.data(), 0, &length));
    ASSERT_OK(query, query.run("INSERT INTO wire_texts VALUES (?)"));
    link.run("INSERT INTO wire_texts VALUES ('\xC3\xA9\xF0\x9F\x98\x80')");
    EXPECT_EQ((std::vector<std::string>(2, "C3A9F09F9880")),
              link.rows("SELECT HEX(t) FROM wire_texts"))
        << how;
    EXPECT_EQ((std::vector<std::string>(2, "\xC3\xA9\xF0\x9F\x98\x80")),
              link.rows("SELECT t FROM wire_texts"))
        << how;
}

TEST(WireText, StaysUtf8mb4WhateverTheSessionIsToldByText) {
    Link link;
    link.open(server_string());
    link.run("DROP TABLE IF EXISTS wire_texts");
    link.run("CREATE TABLE wire_texts (t VARCHAR(10) CHARACTER SET utf8mb4)");
    for (const std::string set : character_sets) {
        Query query(link);
        EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run(set)) << set;
        EXPECT_EQ("01000", query.state()) << set;
        EXPECT_NE(std::string::npos, query.text().find("utf8mb4")) << query.text();
        expect_texts_whole(link, set);
    }
    for (const std::string set : character_sets) {
        Link other;
        other.open(server_string("InitStmt={" + set + "};"));
        expect_texts_whole(other, "InitStmt " + set);
    }
    // What is utf8mb4 anyway is as it was asked for, with its collation.
    Query query(link);
    EXPECT_EQ(SQL_SUCCESS, query.run("SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci"));
    EXPECT_EQ("utf8mb4_unicode_ci", link.value("SELECT @@collation_connection"));
    EXPECT_EQ(SQL_SUCCESS, query.run("SET collation_connection = utf8mb4_bin"));
    EXPECT_EQ("utf8mb4_bin", link.value("SELECT @@collation_connection"));
    link.run("DROP TABLE wire_texts");
}

TEST(SessionAttributes, TellTheTruthAfterSqlTextChangedTheThing) {
    Link link;
    link.open(server_string());
    const auto number = [&](SQLINTEGER attribute) {
        SQLUINTEGER value = 99;
        EXPECT_EQ(SQL_SUCCESS,
                  SQLGetConnectAttr(link.handle(), attribute, &value, sizeof value, nullptr));
        return value;
    };
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_TXN_ISOLATION, SQLULEN{SQL_TXN_READ_COMMITTED}));
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_TXN_READ_COMMITTED), number(SQL_ATTR_TXN_ISOLATION));
    link.run("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_TXN_SERIALIZABLE), number(SQL_ATTR_TXN_ISOLATION));
    // And it can be set back to what was set first.
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_TXN_ISOLATION, SQLULEN{SQL_TXN_READ_COMMITTED}));
    EXPECT_EQ("READ-COMMITTED", link.value("SELECT @@tx_isolation"));
    link.run("SET tx_isolation = 'READ-UNCOMMITTED'");
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_TXN_READ_UNCOMMITTED), number(SQL_ATTR_TXN_ISOLATION));
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_MODE_READ_WRITE), number(SQL_ATTR_ACCESS_MODE));
    link.run("SET SESSION TRANSACTION READ ONLY");
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_MODE_READ_ONLY), number(SQL_ATTR_ACCESS_MODE));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_ACCESS_MODE, SQLULEN{SQL_MODE_READ_WRITE}));
    EXPECT_EQ("0", link.value("SELECT @@tx_read_only"));
    link.run("SET autocommit = 0");
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_AUTOCOMMIT_OFF), number(SQL_ATTR_AUTOCOMMIT));
    link.run("SET autocommit = 1");
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_AUTOCOMMIT_ON), number(SQL_ATTR_AUTOCOMMIT));
    link.run("USE mysql");
    EXPECT_EQ("mysql", link.attribute(SQL_ATTR_CURRENT_CATALOG));
    Link other;
    other.open(server_string("InitStmt={SET SESSION TRANSACTION READ ONLY};"));
    SQLUINTEGER mode = 99;
    ASSERT_OK(other, SQLGetConnectAttr(other.handle(), SQL_ATTR_ACCESS_MODE, &mode, 0, nullptr));
    EXPECT_EQ(static_cast<SQLUINTEGER>(SQL_MODE_READ_ONLY), mode);
}

}  // namespace
}  // namespace myfabric::test
