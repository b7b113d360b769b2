#include "sql/dynamic_function.h"

#include <gtest/gtest.h>
#include <sql.h>
#include <sqlext.h>

namespace myfabric::sql {
namespace {

TEST(DynamicFunction, IsThatOfTheFirstStatement) {
    const struct {
        const char* sql;
        const char* name;
        int code;
    } samples[] = {
        {"SELECT 1", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR},
        {"  /* why */ select 1", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR},
        {"((SELECT 1) UNION (SELECT 2))", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR},
        {"WITH x AS (SELECT 1) SELECT * FROM x", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR},
        {"VALUES (1)", "SELECT CURSOR", SQL_DIAG_SELECT_CURSOR},
        {"INSERT INTO t VALUES (1)", "INSERT", SQL_DIAG_INSERT},
        {"REPLACE INTO t VALUES (1)", "INSERT", SQL_DIAG_INSERT},
        {"UPDATE t SET a = 1", "UPDATE WHERE", SQL_DIAG_UPDATE_WHERE},
        {"DELETE FROM t", "DELETE WHERE", SQL_DIAG_DELETE_WHERE},
        {"CALL p()", "CALL", SQL_DIAG_CALL},
        {"CREATE TABLE t (a INT)", "CREATE TABLE", SQL_DIAG_CREATE_TABLE},
        {"CREATE TEMPORARY TABLE t (a INT)", "CREATE TABLE", SQL_DIAG_CREATE_TABLE},
        {"CREATE OR REPLACE TABLE t (a INT)", "CREATE TABLE", SQL_DIAG_CREATE_TABLE},
        {"create unique index i ON t (a)", "CREATE INDEX", SQL_DIAG_CREATE_INDEX},
        {"CREATE DATABASE d", "CREATE SCHEMA", SQL_DIAG_CREATE_SCHEMA},
        {"DROP SCHEMA d", "DROP SCHEMA", SQL_DIAG_DROP_SCHEMA},
        {"ALTER IGNORE TABLE t ADD b INT", "ALTER TABLE", SQL_DIAG_ALTER_TABLE},
        {"GRANT SELECT ON t TO u", "GRANT", SQL_DIAG_GRANT},
        {"REVOKE SELECT ON t FROM u", "REVOKE", SQL_DIAG_REVOKE},
        {"INSERT INTO t VALUES (1); SELECT 1", "INSERT", SQL_DIAG_INSERT},
    };
    for (const auto& sample : samples) {
        const DynamicFunction function = dynamic_function(sample.sql);
        EXPECT_EQ(function.name, sample.name) << sample.sql;
        EXPECT_EQ(function.code, sample.code) << sample.sql;
    }
}

TEST(DynamicFunction, IsUnknownForWhatTheReferenceDoesNotList) {
    for (const char* sql : {"", "   ", "/* only */", "SHOW TABLES", "SET @a = 1", "CREATE USER u",
                            "ALTER DATABASE d", "CREATE", "DROP OR", "(((", "SELECTED"}) {
        EXPECT_EQ(dynamic_function(sql).name, "") << sql;
        EXPECT_EQ(dynamic_function(sql).code, SQL_DIAG_UNKNOWN_STATEMENT) << sql;
    }
}

TEST(DynamicFunction, OfAPositionedStatementNamesTheCursor) {
    EXPECT_EQ(dynamic_function("UPDATE t SET a = 1 WHERE CURRENT OF c", true).code,
              SQL_DIAG_DYNAMIC_UPDATE_CURSOR);
    EXPECT_EQ(dynamic_function("DELETE FROM t WHERE CURRENT OF c", true).name,
              "DYNAMIC DELETE CURSOR");
}

}  // namespace
}  // namespace myfabric::sql
