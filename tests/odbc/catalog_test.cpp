// SQLTables, SQLColumns and the other catalog functions: arguments, patterns, enumerations.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Rows = std::vector<std::string>;

/// A text argument of a catalog function; null by default.
struct Arg {
    Arg() = default;
    Arg(const char* value) : text(value), given(true) {}
    SQLCHAR* pointer() { return given ? reinterpret_cast<SQLCHAR*>(text.data()) : nullptr; }
    std::string text;
    bool given = false;
};

class Catalog : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string());
        for (const char* sql :
             {"SET foreign_key_checks = 0", "DROP DATABASE IF EXISTS cat_two",
              "DROP TABLE IF EXISTS cat_orders, cat_items, catXorders, cat_loose",
              "DROP VIEW IF EXISTS cat_view", "DROP PROCEDURE IF EXISTS cat_proc",
              "DROP FUNCTION IF EXISTS cat_func", "CREATE DATABASE cat_two",
              "CREATE TABLE cat_two.cat_orders (x INT)",
              "CREATE TABLE cat_orders (id INT NOT NULL, part INT NOT NULL, note VARCHAR(20) "
              "COMMENT 'a remark', changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE "
              "CURRENT_TIMESTAMP, PRIMARY KEY (id, part), UNIQUE KEY u (note), KEY k (part)) "
              "ENGINE=InnoDB COMMENT 'all orders'",
              "CREATE TABLE cat_items (item INT PRIMARY KEY, order_id INT, order_part INT, "
              "CONSTRAINT cat_fk FOREIGN KEY (order_id, order_part) REFERENCES cat_orders (id, "
              "part) ON DELETE CASCADE) ENGINE=InnoDB",
              "CREATE TABLE catXorders (a INT) ENGINE=InnoDB",
              "CREATE TABLE cat_loose (n INT, m INT NOT NULL, UNIQUE KEY a_null (n), UNIQUE KEY "
              "b_full (m)) ENGINE=InnoDB",
              "CREATE VIEW cat_view AS SELECT 1 AS one",
              "CREATE PROCEDURE cat_proc(IN a INT, INOUT b VARCHAR(9), OUT c DECIMAL(5,2)) DO 0",
              "CREATE FUNCTION cat_func(a INT) RETURNS INT DETERMINISTIC RETURN a"})
            link.run(sql);
    }
    void TearDown() override { link.run("DROP DATABASE IF EXISTS cat_two"); }

    /// The rows of the result that is open, of these columns, separated by '|'.
    static Rows rows(Query& query, std::initializer_list<SQLUSMALLINT> columns) {
        Rows found;
        while (SQL_SUCCEEDED(query.fetch())) {
            std::string row;
            for (const SQLUSMALLINT column : columns) {
                if (!row.empty()) row += '|';
                row += query.get(column).value_or("NULL");
            }
            found.push_back(row);
        }
        query.close();
        return found;
    }
    Rows tables(Arg catalog, Arg schema, Arg table, Arg types,
                std::initializer_list<SQLUSMALLINT> columns, SQLULEN metadata_id = SQL_FALSE) {
        Query query(link);
        SQLSetStmtAttr(query, SQL_ATTR_METADATA_ID, reinterpret_cast<SQLPOINTER>(metadata_id), 0);
        EXPECT_EQ(SQL_SUCCESS,
                  SQLTables(query, catalog.pointer(), SQL_NTS, schema.pointer(), SQL_NTS,
                            table.pointer(), SQL_NTS, types.pointer(), SQL_NTS))
            << query.text();
        return rows(query, columns);
    }

    Link link;
};

TEST_F(Catalog, TablesByPatternEscapeAndType) {
    EXPECT_EQ((Rows{"test|NULL|catXorders|TABLE|", "test|NULL|cat_orders|TABLE|all orders"}),
              tables("test", {}, "cat_orders", {}, {1, 2, 3, 4, 5}));
    EXPECT_EQ((Rows{"cat_orders"}), tables("test", {}, "cat\\_orders", {}, {3}));
    EXPECT_EQ((Rows{"cat_view|VIEW"}), tables("test", {}, "cat%", "VIEW", {3, 4}));
    EXPECT_EQ((Rows{"cat_items", "cat_loose", "cat_orders"}),
              tables("test", {}, "cat\\_%", "'TABLE'", {3}));
    EXPECT_EQ(4u, tables("test", {}, "cat\\_%", "TABLE,VIEW", {3}).size());
    EXPECT_EQ((Rows{"cat_two", "test"}), tables("%", {}, "cat\\_orders", "TABLE", {1}));
    EXPECT_EQ(Rows{}, tables("test", {}, "no such table", {}, {3}));
    EXPECT_EQ(Rows{}, tables("test", {}, "cat%", "SYNONYM", {3}));
}

// "If SQL_ATTR_METADATA_ID is SQL_TRUE, arguments are identifiers": no patterns, names by case.
TEST_F(Catalog, IdentifiersAreNoPatterns) {
    EXPECT_EQ((Rows{"cat_orders"}), tables("test", "", "cat_orders", "TABLE", {3}, SQL_TRUE));
    EXPECT_EQ(Rows{}, tables("test", "", "cat%", "TABLE", {3}, SQL_TRUE));
    EXPECT_EQ((Rows{"cat_orders"}), tables("`test`", "", "`cat_orders`", "TABLE", {3}, SQL_TRUE));
}

// "CatalogName is SQL_ALL_CATALOGS and the others are empty", and so on
TEST_F(Catalog, TablesEnumeratesCatalogsSchemasAndTypes) {
    const Rows catalogs = tables(SQL_ALL_CATALOGS, "", "", "", {1, 3, 4});
    EXPECT_NE(catalogs.end(), std::find(catalogs.begin(), catalogs.end(), "test|NULL|NULL"));
    EXPECT_NE(catalogs.end(), std::find(catalogs.begin(), catalogs.end(), "cat_two|NULL|NULL"));
    EXPECT_EQ(Rows{}, tables("", SQL_ALL_SCHEMAS, "", "", {2}));
    const Rows types = tables("", "", "", SQL_ALL_TABLE_TYPES, {4});
    for (const char* type : {"TABLE", "VIEW", "SYSTEM VIEW"})
        EXPECT_NE(types.end(), std::find(types.begin(), types.end(), type)) << type;
}

TEST_F(Catalog, ColumnsInOrderWithTheirRemarksAndDefaults) {
    Query query(link);
    Arg catalog("test"), table("cat\\_orders"), all("%");
    ASSERT_OK(query, SQLColumns(query, catalog.pointer(), SQL_NTS, nullptr, 0, table.pointer(),
                                SQL_NTS, all.pointer(), SQL_NTS));
    EXPECT_EQ((Rows{"id|4|INTEGER|0||NO|1", "part|4|INTEGER|0||NO|2",
                    "note|12|VARCHAR|1|a remark|YES|3", "changed|93|TIMESTAMP|1||YES|4"}),
              rows(query, {4, 5, 6, 11, 12, 18, 17}));
    Arg one("no_e");
    ASSERT_OK(query, SQLColumns(query, catalog.pointer(), SQL_NTS, nullptr, 0, table.pointer(),
                                SQL_NTS, one.pointer(), SQL_NTS));
    EXPECT_EQ((Rows{"note|20|80"}), rows(query, {4, 7, 8}));
}

TEST_F(Catalog, KeysOfBothSides) {
    Query query(link);
    Arg orders("cat_orders"), items("cat_items");
    ASSERT_OK(query, SQLPrimaryKeys(query, nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS));
    EXPECT_EQ((Rows{"test|NULL|cat_orders|id|1|PRIMARY", "test|NULL|cat_orders|part|2|PRIMARY"}),
              rows(query, {1, 2, 3, 4, 5, 6}));
    const Rows keys{"cat_orders|id|cat_items|order_id|1|0|cat_fk",
                    "cat_orders|part|cat_items|order_part|2|0|cat_fk"};
    ASSERT_OK(query, SQLForeignKeys(query, nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS,
                                    nullptr, 0, nullptr, 0, nullptr, 0));
    EXPECT_EQ(keys, rows(query, {3, 4, 7, 8, 9, 11, 12}));
    ASSERT_OK(query, SQLForeignKeys(query, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0, nullptr,
                                    0, items.pointer(), SQL_NTS));
    EXPECT_EQ(keys, rows(query, {3, 4, 7, 8, 9, 11, 12}));
    ASSERT_OK(query, SQLForeignKeys(query, nullptr, 0, nullptr, 0, items.pointer(), SQL_NTS,
                                    nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS));
    EXPECT_EQ(Rows{}, rows(query, {3}));
}

// Without a row of the table itself, as with both vendors' drivers.
TEST_F(Catalog, StatisticsAreTheIndexes) {
    Query query(link);
    Arg orders("cat_orders");
    ASSERT_OK(query, SQLStatistics(query, nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS,
                                   SQL_INDEX_ALL, SQL_QUICK));
    EXPECT_EQ(
        (Rows{"0|PRIMARY|3|1|id|A", "0|PRIMARY|3|2|part|A", "0|u|3|1|note|A", "1|k|3|1|part|A"}),
        rows(query, {4, 6, 7, 8, 9, 10}));
    ASSERT_OK(query, SQLStatistics(query, nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS,
                                   SQL_INDEX_UNIQUE, SQL_ENSURE));
    EXPECT_EQ((Rows{"PRIMARY", "PRIMARY", "u"}), rows(query, {6}));
    EXPECT_STATE(
        query, "HY100",
        SQLStatistics(query, nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS, 9, SQL_QUICK));
    EXPECT_STATE(
        query, "HY101",
        SQLStatistics(query, nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS, SQL_INDEX_ALL, 9));
}

TEST_F(Catalog, SpecialColumnsPreferKeysWithoutNull) {
    Query query(link);
    Arg orders("cat_orders"), loose("cat_loose"), none("catXorders");
    const auto special = [&](Arg& table, SQLUSMALLINT type, SQLUSMALLINT nullable) {
        EXPECT_EQ(SQL_SUCCESS,
                  SQLSpecialColumns(query, type, nullptr, 0, nullptr, 0, table.pointer(), SQL_NTS,
                                    SQL_SCOPE_CURROW, nullable))
            << query.text();
        return rows(query, {1, 2, 3, 8});
    };
    EXPECT_EQ((Rows{"2|id|4|1", "2|part|4|1"}), special(orders, SQL_BEST_ROWID, SQL_NULLABLE));
    EXPECT_EQ((Rows{"2|m|4|1"}), special(loose, SQL_BEST_ROWID, SQL_NULLABLE));
    EXPECT_EQ((Rows{"2|m|4|1"}), special(loose, SQL_BEST_ROWID, SQL_NO_NULLS));
    EXPECT_EQ(Rows{}, special(none, SQL_BEST_ROWID, SQL_NULLABLE));
    EXPECT_EQ((Rows{"NULL|changed|93|1"}), special(orders, SQL_ROWVER, SQL_NULLABLE));
}

TEST_F(Catalog, ProceduresAndTheirColumns) {
    Query query(link);
    Arg name("cat\\_%"), proc("cat_proc"), func("cat_func");
    ASSERT_OK(query, SQLProcedures(query, nullptr, 0, nullptr, 0, name.pointer(), SQL_NTS));
    EXPECT_EQ((Rows{"test|cat_func|2", "test|cat_proc|1"}), rows(query, {1, 3, 8}));
    ASSERT_OK(query, SQLProcedureColumns(query, nullptr, 0, nullptr, 0, proc.pointer(), SQL_NTS,
                                         nullptr, 0));
    EXPECT_EQ((Rows{"a|1|4|1", "b|2|12|2", "c|4|3|3"}), rows(query, {4, 5, 6, 18}));
    ASSERT_OK(query, SQLProcedureColumns(query, nullptr, 0, nullptr, 0, func.pointer(), SQL_NTS,
                                         nullptr, 0));
    EXPECT_EQ((Rows{"5|4|0", "1|4|1"}), rows(query, {5, 6, 18}));
}

TEST_F(Catalog, PrivilegesOfTablesAndColumns) {
    link.run("GRANT SELECT, UPDATE ON test.cat_items TO 'cat_user'@'localhost' IDENTIFIED BY 'x'");
    link.run("GRANT SELECT (note) ON test.cat_orders TO 'cat_user'@'localhost'");
    Query query(link);
    Arg items("cat_items"), orders("cat_orders"), note("note");
    ASSERT_OK(query, SQLTablePrivileges(query, nullptr, 0, nullptr, 0, items.pointer(), SQL_NTS));
    const Rows of_table = rows(query, {3, 5, 6, 7});
    for (const char* row : {"cat_items|'cat_user'@'localhost'|SELECT|NO",
                            "cat_items|'cat_user'@'localhost'|UPDATE|NO"})
        EXPECT_NE(of_table.end(), std::find(of_table.begin(), of_table.end(), row))
            << row << "\n"
            << testing::PrintToString(of_table);
    ASSERT_OK(query, SQLColumnPrivileges(query, nullptr, 0, nullptr, 0, orders.pointer(), SQL_NTS,
                                         note.pointer(), SQL_NTS));
    const Rows of_column = rows(query, {4, 6, 7});
    EXPECT_NE(of_column.end(),
              std::find(of_column.begin(), of_column.end(), "note|'cat_user'@'localhost'|SELECT"))
        << testing::PrintToString(of_column);
    link.run("DROP USER 'cat_user'@'localhost'");
}

TEST_F(Catalog, RequiredNamesAreRequired) {
    Query query(link);
    EXPECT_STATE(query, "HY009", SQLPrimaryKeys(query, nullptr, 0, nullptr, 0, nullptr, 0));
    EXPECT_STATE(
        query, "HY009",
        SQLStatistics(query, nullptr, 0, nullptr, 0, nullptr, 0, SQL_INDEX_ALL, SQL_QUICK));
    EXPECT_STATE(query, "HY009",
                 SQLForeignKeys(query, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0,
                                nullptr, 0));
}

}  // namespace
}  // namespace myfabric::test
