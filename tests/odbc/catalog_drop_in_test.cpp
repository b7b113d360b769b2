// Catalog functions as programs meet them: temporary tables, any session, JSON, odd arguments.
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Rows = std::vector<std::string>;

SQLCHAR* chars(const std::string& text) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.c_str()));
}

bool is_mariadb() {
    return server_kind() == "mariadb";
}

class CatalogOf : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    /// The rows of the open result, of these columns.
    Rows rows(SQLRETURN result, std::initializer_list<SQLUSMALLINT> columns) {
        EXPECT_EQ(SQL_SUCCESS, result) << query().text();
        Rows found;
        while (SQL_SUCCEEDED(query().fetch())) {
            std::string row;
            for (const SQLUSMALLINT column : columns)
                row += (row.empty() ? "" : "|") + query().get(column).value_or("NULL");
            found.push_back(row);
        }
        query().close();
        return found;
    }
    Rows columns_of(const std::string& table, std::initializer_list<SQLUSMALLINT> wanted) {
        return rows(SQLColumns(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS, nullptr, 0),
                    wanted);
    }
    Query& query() {
        if (!query_) query_.emplace(link);
        return *query_;
    }

    Link link;

private:
    std::optional<Query> query_;
};

const std::string temporary_definition =
    "(id INT NOT NULL AUTO_INCREMENT COMMENT 'the key', name VARCHAR(20) CHARACTER SET utf8mb4 "
    "DEFAULT 'x''y', price DECIMAL(10,2) NOT NULL, kind ENUM('a','b,c','d''e'), seen TIMESTAMP(3) "
    "NULL, flags BIT(5), body TEXT, u BIGINT UNSIGNED, code CHAR(3) NOT NULL, PRIMARY KEY (id), "
    "UNIQUE KEY by_code (code, id), KEY by_name (name))";

// What is told of a temporary table is what is told of a permanent one with the same columns.
TEST_F(CatalogOf, TemporaryTablesAreSeenAsPermanentOnes) {
    link.run("DROP TABLE IF EXISTS permanent_twin");
    link.run("CREATE TABLE permanent_twin " + temporary_definition);
    link.run("CREATE TEMPORARY TABLE temporary_twin " + temporary_definition);
    const std::initializer_list<SQLUSMALLINT> all = {4,  5,  6,  7,  8,  9,  10, 11,
                                                     12, 13, 14, 15, 16, 17, 18};
    const Rows wanted = columns_of("permanent_twin", all);
    EXPECT_EQ(9u, wanted.size());
    EXPECT_EQ(wanted, columns_of("temporary_twin", all));
    const auto keys = [&](const std::string& table) {
        return rows(SQLPrimaryKeys(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS),
                    {4, 5, 6});
    };
    EXPECT_EQ((Rows{"id|1|PRIMARY"}), keys("permanent_twin"));
    EXPECT_EQ((Rows{"id|1|PRIMARY"}), keys("temporary_twin"));
    const auto statistics = [&](const std::string& table) {
        return rows(SQLStatistics(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS,
                                  SQL_INDEX_ALL, SQL_QUICK),
                    {4, 6, 7, 8, 9, 10});
    };
    EXPECT_EQ(4u, statistics("permanent_twin").size());
    EXPECT_EQ(statistics("permanent_twin"), statistics("temporary_twin"));
    const auto best = [&](const std::string& table) {
        return rows(SQLSpecialColumns(query(), SQL_BEST_ROWID, nullptr, 0, nullptr, 0, chars(table),
                                      SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE),
                    {2, 3, 4, 5});
    };
    EXPECT_EQ(1u, best("permanent_twin").size());
    EXPECT_EQ(best("permanent_twin"), best("temporary_twin"));
    const std::string table = "temporary_twin";
    EXPECT_EQ((Rows{"test|temporary_twin|LOCAL TEMPORARY"}),
              rows(SQLTables(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS, nullptr, 0),
                   {1, 3, 4}));
    link.run("DROP TABLE permanent_twin");
}

TEST_F(CatalogOf, TemporaryTableHidesThePermanentOneOfItsName) {
    link.run("DROP TABLE IF EXISTS hidden");
    link.run("CREATE TABLE hidden (old_one INT PRIMARY KEY, old_two INT)");
    link.run("CREATE TEMPORARY TABLE hidden (fresh VARCHAR(9))");
    EXPECT_EQ((Rows{"fresh|VARCHAR|9"}), columns_of("hidden", {4, 6, 7}));
    const std::string table = "hidden";
    EXPECT_EQ(Rows{},
              rows(SQLPrimaryKeys(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS), {4}));
    link.run("DROP TEMPORARY TABLE hidden");
    EXPECT_EQ((Rows{"old_one|INTEGER|10", "old_two|INTEGER|10"}), columns_of("hidden", {4, 6, 7}));
    link.run("DROP TABLE hidden");
}

TEST_F(CatalogOf, TemporaryTablesAreWholeWhateverTheLimitOfRowsIs) {
    link.run("CREATE TEMPORARY TABLE limited (a INT, b INT, c INT, PRIMARY KEY (a, b))");
    link.run("SET sql_select_limit = 1");
    EXPECT_EQ((Rows{"a|1", "b|2", "c|3"}), columns_of("limited", {4, 17}));
    const std::string table = "limited";
    EXPECT_EQ((Rows{"a", "b"}),
              rows(SQLPrimaryKeys(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS), {4}));
    EXPECT_EQ("1", link.value("SELECT @@SESSION.sql_select_limit"));
    EXPECT_EQ(Rows{"1"}, link.rows("SELECT 1 UNION ALL SELECT 2"));
    link.run("DROP TEMPORARY TABLE limited");
}

TEST_F(CatalogOf, SessionChangesNoAnswer) {
    link.run("DROP TABLE IF EXISTS any_session");
    link.run("CREATE TABLE any_session (`id` INT PRIMARY KEY, `od``d` " +
             std::string(is_mariadb() ? "JSON" : "TEXT") +
             ", t LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, n VARCHAR(20) DEFAULT '', "
             "KEY k (n), UNIQUE KEY u (n, id))");
    const auto answers = [&] {
        Rows all = columns_of("any_session", {2, 4, 5, 6, 7, 8, 11, 13});
        const std::string table = "any_session", some = "any\\_sess%";
        for (const Rows& more :
             {rows(SQLTables(query(), nullptr, 0, nullptr, 0, chars(some), SQL_NTS, nullptr, 0),
                   {3, 4, 5}),
              rows(SQLStatistics(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS,
                                 SQL_INDEX_ALL, SQL_QUICK),
                   {4, 6, 9, 10}),
              rows(SQLSpecialColumns(query(), SQL_BEST_ROWID, nullptr, 0, nullptr, 0, chars(table),
                                     SQL_NTS, SQL_SCOPE_CURROW, SQL_NULLABLE),
                   {2, 4}),
              rows(SQLColumnPrivileges(query(), nullptr, 0, nullptr, 0, chars(table), SQL_NTS,
                                       nullptr, 0),
                   {4, 7})})
            all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    const Rows wanted = answers();
    EXPECT_LT(12u, wanted.size());
    if (is_mariadb()) {
        EXPECT_EQ((Rows{"INTEGER", "JSON", "LONGTEXT", "VARCHAR"}), columns_of("any_session", {6}));
    }
    for (const std::string setting :
         {"sql_select_limit=1", "sql_mode='ANSI_QUOTES'", "sql_mode='ANSI'", "sql_mode='ORACLE'",
          "sql_mode='NO_BACKSLASH_ESCAPES'", "sql_mode='PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT'",
          "collation_connection=utf8mb4_bin", "collation_connection=utf8mb4_unicode_ci",
          "sql_mode='ONLY_FULL_GROUP_BY'"}) {
        link.run("SET " + setting);
        EXPECT_EQ(wanted, answers()) << setting;
        link.run("SET sql_select_limit=DEFAULT, sql_mode=DEFAULT, collation_connection=DEFAULT");
    }
    link.run("DROP TABLE any_session");
}

// 64 characters, of four bytes each in a result.
TEST_F(CatalogOf, LongestNamesAreFoundAndLongerOnesRefused) {
    std::string name;
    for (int i = 0; i < 64; ++i) name += "\xC3\xA9";
    link.run("DROP TABLE IF EXISTS `" + name + "`");
    link.run("CREATE TABLE `" + name + "` (`" + name + "` INT)");
    EXPECT_EQ((Rows{name + "|" + name}), columns_of(name, {3, 4}));
    link.run("DROP TABLE `" + name + "`");
    const std::string escaped = [] {
        std::string text;
        for (int i = 0; i < 64; ++i) text += "\\_";
        return text;
    }();
    EXPECT_EQ(Rows{}, columns_of(escaped, {3}));
    const std::string percents(300, '%');
    EXPECT_EQ(SQL_SUCCESS,
              SQLTables(query(), nullptr, 0, nullptr, 0, chars(percents), SQL_NTS, nullptr, 0));
    query().close();
    for (const std::size_t length : {65u, 1024u}) {
        const std::string longer(length, 'a');
        SQLCHAR* const n = chars(longer);
        EXPECT_STATE(query(), "HY090",
                     SQLTables(query(), nullptr, 0, nullptr, 0, n, SQL_NTS, nullptr, 0));
        EXPECT_STATE(query(), "HY090",
                     SQLTables(query(), n, SQL_NTS, nullptr, 0, nullptr, 0, nullptr, 0));
        EXPECT_STATE(query(), "HY090",
                     SQLColumns(query(), nullptr, 0, nullptr, 0, nullptr, 0, n, SQL_NTS));
        EXPECT_STATE(query(), "HY090", SQLPrimaryKeys(query(), nullptr, 0, nullptr, 0, n, SQL_NTS));
        EXPECT_STATE(
            query(), "HY090",
            SQLStatistics(query(), nullptr, 0, n, SQL_NTS, n, SQL_NTS, SQL_INDEX_ALL, SQL_QUICK));
    }
}

// SQLTables, "Comments": what enumerates, and what is a search.
TEST_F(CatalogOf, TablesEnumeratesInTheSpecialCallsOnly) {
    const auto call = [&](const char* catalog, const char* schema, const char* table,
                          const char* type) {
        const auto argument = [](const char* text) {
            return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text));
        };
        return rows(SQLTables(query(), argument(catalog), SQL_NTS, argument(schema), SQL_NTS,
                              argument(table), SQL_NTS, argument(type), SQL_NTS),
                    {1, 3, 4});
    };
    link.run("DROP TABLE IF EXISTS enumerated");
    link.run("CREATE TABLE enumerated (a INT)");
    const auto contains = [](const Rows& found, const std::string& row) {
        return std::ranges::find(found, row) != found.end();
    };
    const char* none = nullptr;
    for (const char* absent : {none, ""}) {
        const Rows catalogs = call("%", absent, "", absent);
        EXPECT_TRUE(contains(catalogs, "test|NULL|NULL"));
        const Rows types = call(absent, absent, "", "%");
        EXPECT_TRUE(contains(types, "NULL|NULL|TABLE"));
        EXPECT_TRUE(contains(types, "NULL|NULL|VIEW"));
        EXPECT_EQ(Rows{}, call(absent, "%", "", absent));
    }
    // A table that is a null pointer means any table.
    EXPECT_TRUE(contains(call(none, none, none, "%"), "test|enumerated|TABLE"));
    EXPECT_TRUE(contains(call("%", none, none, none), "test|enumerated|TABLE"));
    EXPECT_TRUE(contains(call("%", "%", "%", none), "test|enumerated|TABLE"));
    link.run("DROP TABLE enumerated");
}

TEST_F(CatalogOf, ColumnsThatFillThemselvesMayBeLeftOut) {
    link.run("DROP TABLE IF EXISTS filled");
    link.run(
        "CREATE TABLE filled (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, stamp TIMESTAMP NOT "
        "NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, must INT NOT NULL, may "
        "INT)");
    EXPECT_EQ((Rows{"id|1|YES", "stamp|1|YES", "must|0|NO", "may|1|YES"}),
              columns_of("filled", {4, 11, 18}));
    ASSERT_OK(query(), query().run("SELECT id, stamp, must, may FROM filled"));
    const SQLSMALLINT wanted[] = {SQL_NULLABLE, SQL_NULLABLE, SQL_NO_NULLS, SQL_NULLABLE};
    for (SQLUSMALLINT column = 1; column <= 4; ++column) {
        SQLSMALLINT nullable = -1;
        SQLLEN attribute = -1;
        ASSERT_OK(query(), SQLDescribeCol(query(), column, nullptr, 0, nullptr, nullptr, nullptr,
                                          nullptr, &nullable));
        ASSERT_OK(query(), SQLColAttribute(query(), column, SQL_DESC_NULLABLE, nullptr, 0, nullptr,
                                           &attribute));
        EXPECT_EQ(wanted[column - 1], nullable) << column;
        EXPECT_EQ(wanted[column - 1], attribute) << column;
    }
    query().close();
    link.run("DROP TABLE filled");
}

// PHP's odbc_foreignkeys() gives empty texts for the side that it does not mean.
TEST_F(CatalogOf, ForeignKeysWithAnEmptyOtherSide) {
    link.run("DROP TABLE IF EXISTS fk_child, fk_parent");
    link.run("CREATE TABLE fk_parent (id INT PRIMARY KEY) ENGINE=InnoDB");
    link.run(
        "CREATE TABLE fk_child (id INT, FOREIGN KEY (id) REFERENCES fk_parent (id)) "
        "ENGINE=InnoDB");
    const std::string parent = "fk_parent", child = "fk_child", empty;
    EXPECT_EQ(
        (Rows{"fk_parent|fk_child"}),
        rows(SQLForeignKeys(query(), nullptr, 0, nullptr, 0, chars(parent), SQL_NTS, chars(empty),
                            SQL_NTS, chars(empty), SQL_NTS, chars(empty), SQL_NTS),
             {3, 7}));
    EXPECT_EQ(
        (Rows{"fk_parent|fk_child"}),
        rows(SQLForeignKeys(query(), chars(empty), SQL_NTS, chars(empty), SQL_NTS, chars(empty),
                            SQL_NTS, nullptr, 0, nullptr, 0, chars(child), SQL_NTS),
             {3, 7}));
    link.run("DROP TABLE fk_child, fk_parent");
}

// One look at the checks of the tables that have such columns, however many there are.
TEST_F(CatalogOf, JsonColumnsAreToldWithOneQuery) {
    if (!is_mariadb()) {
        // MySQL 5.6 has no JSON; a LONGTEXT is what it is.
        link.run("CREATE TEMPORARY TABLE longs (a LONGTEXT)");
        EXPECT_EQ((Rows{"LONGTEXT"}), columns_of("longs", {6}));
        return;
    }
    link.run("DROP DATABASE IF EXISTS json_many");
    link.run("CREATE DATABASE json_many");
    std::string columns;
    for (int i = 0; i < 40; ++i) columns += ", j" + std::to_string(i) + " JSON";
    for (int i = 0; i < 120; ++i)
        link.run("CREATE TABLE json_many.t" + std::to_string(i) +
                 " (a LONGTEXT CHARACTER SET "
                 "utf8mb4 COLLATE utf8mb4_bin" +
                 (i < 2 ? columns : ", j JSON") + ")");
    const auto asked = [&] {
        Link other;
        other.open(server_string());
        return std::stoll(
            *other.value("SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE "
                         "VARIABLE_NAME = 'COM_SELECT'"));
    };
    const long long before = asked();
    const std::string catalog = "json_many";
    const Rows names =
        rows(SQLColumns(query(), chars(catalog), SQL_NTS, nullptr, 0, nullptr, 0, nullptr, 0), {6});
    const long long statements = asked() - before;
    EXPECT_EQ(120, std::ranges::count(names, "LONGTEXT"));
    EXPECT_EQ(118 + 2 * 40, std::ranges::count(names, "JSON"));
    EXPECT_GE(5, statements);  // two of them are the look at the counter
    link.run("DROP DATABASE json_many");
}

// The empty name of a column is one that was not given.
TEST_F(CatalogOf, ColumnsOfAnEmptyNameAreAll) {
    link.run("DROP TABLE IF EXISTS no_column_named");
    link.run("CREATE TABLE no_column_named (a INT, b INT)");
    std::string table = "no_column_named", none;
    EXPECT_EQ((Rows{"a", "b"}), rows(SQLColumns(query(), nullptr, 0, nullptr, 0, chars(table),
                                                SQL_NTS, chars(none), SQL_NTS),
                                     {4}));
    link.run("DROP TABLE no_column_named");
}

}  // namespace
}  // namespace myfabric::test
