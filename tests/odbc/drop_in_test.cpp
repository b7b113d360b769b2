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
    EXPECT_EQ(2u, count(SQLStatisticsW(query, c, 5, nullptr, 0, t, 10, SQL_INDEX_ALL, SQL_QUICK)));
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

}  // namespace
}  // namespace myfabric::test
