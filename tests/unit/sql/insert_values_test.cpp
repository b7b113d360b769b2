#include "sql/insert_values.h"

#include <gtest/gtest.h>

namespace myfabric::sql {
namespace {

TEST(InsertValues, RowIsFoundAndRepeated) {
    struct Sample {
        const char* sql;
        const char* three;  // null: nothing to repeat
    };
    const Sample samples[] = {
        {"INSERT INTO t VALUES (?)", "INSERT INTO t VALUES (?),(?),(?)"},
        {"insert t (a, b) values (?, f(?, ')'))",
         "insert t (a, b) values (?, f(?, ')')),(?, f(?, ')')),(?, f(?, ')'))"},
        {"REPLACE INTO d.t VALUE(?) ; ", "REPLACE INTO d.t VALUE(?),(?),(?) ; "},
        {"INSERT t (`values`) VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a)",
         "INSERT t (`values`) VALUES (?),(?),(?) ON DUPLICATE KEY UPDATE a = VALUES(a)"},
        {"INSERT INTO t VALUES (?), (?)", nullptr},
        {"INSERT INTO t SELECT ?", nullptr},
        {"INSERT INTO t VALUES ((SELECT ?))", nullptr},
        {"INSERT INTO t SET a = ?", nullptr},
        {"INSERT INTO t VALUES (?) ON DUPLICATE KEY UPDATE a = ?", nullptr},
        {"INSERT INTO t VALUES (?) RETURNING a", nullptr},
        {"INSERT INTO t VALUES (?); SELECT 1", nullptr},
        {"INSERT INTO t VALUES (?", nullptr},
        {"UPDATE t SET a = ?", nullptr},
        {"", nullptr},
    };
    for (const Sample& sample : samples) {
        const std::optional<ValuesRow> row = values_row(sample.sql);
        ASSERT_EQ(sample.three != nullptr, row.has_value()) << sample.sql;
        if (row) {
            EXPECT_EQ(sample.three, with_rows(sample.sql, *row, 3));
            EXPECT_EQ(sample.sql, with_rows(sample.sql, *row, 1));
        }
    }
}

TEST(InsertValues, ChangedTableIsNamed) {
    struct Sample {
        const char* sql;
        std::optional<TableName> table;
    };
    const Sample samples[] = {
        {"INSERT INTO t VALUES (1)", TableName{"", "t"}},
        {"INSERT IGNORE d.t SET a=1", TableName{"d", "t"}},
        {"REPLACE `a``b`.`t` VALUES (1)", TableName{"a`b", "t"}},
        {"UPDATE LOW_PRIORITY t SET a=1", TableName{"", "t"}},
        {"UPDATE t x SET x.a=1", TableName{"", "t"}},
        {"UPDATE t, s SET a=1", std::nullopt},
        {"UPDATE t JOIN s SET a=1", std::nullopt},
        {"DELETE FROM t WHERE a=1", TableName{"", "t"}},
        {"DELETE t FROM t JOIN s", std::nullopt},
        {"SELECT 1 FROM t", std::nullopt},
        {"INSERT INTO 'x'", std::nullopt},
    };
    for (const Sample& sample : samples)
        EXPECT_EQ(sample.table, changed_table(sample.sql)) << sample.sql;
}

}  // namespace
}  // namespace myfabric::sql
