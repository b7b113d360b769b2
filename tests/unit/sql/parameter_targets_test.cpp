#include "sql/parameter_targets.h"

#include <gtest/gtest.h>

namespace myfabric::sql {
namespace {

std::string shown(const std::vector<ParameterTarget>& targets) {
    std::string text;
    for (const ParameterTarget& target : targets) {
        if (!text.empty()) text += " | ";
        switch (target.kind) {
            case ParameterTarget::Kind::unknown:
                text += "unknown";
                break;
            case ParameterTarget::Kind::expression:
                text += target.text + (target.tables.empty() ? "" : " of " + target.tables);
                break;
            case ParameterTarget::Kind::column:
                text += "#" + std::to_string(target.index) + " of " + target.text;
                break;
            case ParameterTarget::Kind::argument:
                text += "argument " + std::to_string(target.index) + " of " +
                        target.routine.database + "." + target.routine.table;
                break;
            case ParameterTarget::Kind::type:
                text += "type " + std::to_string(target.type);
                break;
        }
    }
    return text;
}

TEST(ParameterTargets, AreReadFromTheText) {
    struct Sample {
        const char* sql;
        const char* targets;
    };
    const Sample samples[] = {
        {"SELECT ?", "unknown"},
        {"?", "unknown"},
        {"", ""},
        {"SELECT * FROM t WHERE a = ? AND ? >= b.c", "a of t | b.c of t"},
        {"SELECT * FROM t WHERE a <=> ? OR a != -?", "a of t | a of t"},
        {"SELECT * FROM t WHERE a+b*2 > ?", "a+b*2 of t"},
        {"SELECT * FROM t WHERE a = b + ?", "b of t"},
        {"SELECT * FROM t x, `d`.`u` AS y WHERE f(x.a, 1) < ?",
         "f(x.a, 1) of t AS x, `d`.`u` AS y"},
        {"SELECT * FROM t LEFT JOIN u ON t.a = u.a AND u.b = ? WHERE c = ?",
         "u.b of t, u | c of t, u"},
        {"SELECT * FROM t WHERE a BETWEEN ? AND ? AND b = ?", "a of t | a of t | b of t"},
        {"SELECT * FROM t WHERE a NOT BETWEEN 1 AND ?", "a of t"},
        {"SELECT * FROM t WHERE a IN (1, ?, (?)) AND ? IN (b, 2)", "a of t | a of t | b of t"},
        {"SELECT * FROM t WHERE ? IN (SELECT DISTINCT c FROM u)", "c of u"},
        {"SELECT * FROM t WHERE EXISTS (SELECT 1 FROM u WHERE c = ?) AND d = ?", "c of u | d of t"},
        {"SELECT a FROM t WHERE a = ? UNION ALL SELECT b FROM u WHERE b = ?", "a of t | b of u"},
        {"SELECT * FROM (SELECT a FROM t WHERE a = ?) x WHERE 1", "a of t"},
        {"SELECT a, COUNT(*) AS n FROM t GROUP BY a HAVING n > ?", "COUNT(*) of t"},
        {"SELECT * FROM t LIMIT ? OFFSET ?", "type -5 | type -5"},
        {"SELECT LEFT(?, ?)", "type 12 | type -5"},
        {"SELECT IFNULL(a, ?), COALESCE(?, b) FROM t", "a of t | b of t"},
        {"SELECT CAST(? AS CHAR(3))", "CAST(? AS CHAR(3))"},
        {"SELECT NOW() - INTERVAL ? HOUR", "type -5"},
        {"SELECT d.f(1, ?)", "argument 1 of d.f"},
        {"INSERT INTO t VALUES (?, 1, ?)", "#0 of t | #2 of t"},
        {"INSERT INTO d.t (a, `b c`) VALUES (?, UPPER(?)), (? + 1, ?)",
         "a of d.t | type 12 | a of d.t | `b c` of d.t"},
        {"INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE b = ?", "a of t | b of t"},
        {"REPLACE t SET a = ?, b = ?", "a of t | b of t"},
        {"INSERT INTO t (a) SELECT b FROM u WHERE c LIKE ?", "c of u"},
        {"UPDATE t, u SET t.a = ?, b = u.c * ? WHERE d = ?",
         "t.a of t, u | u.c of t, u | d of t, u"},
        {"DELETE FROM t WHERE a = ? LIMIT ?", "a of t | type -5"},
        {"CALL d.`p`(?, 1, ?)", "argument 0 of d.p | argument 2 of d.p"},
        {"SELECT * FROM t WHERE a = '?' AND b = ? -- ?", "b of t"},
        {"SELECT (((?", "unknown"},
        {"SELECT ? IN (", "unknown"},
        {"SELECT * FROM t WHERE ? BETWEEN", "unknown"},
    };
    for (const Sample& sample : samples)
        EXPECT_EQ(sample.targets, shown(parameter_targets(sample.sql))) << sample.sql;
}

TEST(ParameterTargets, CalledProcedureIsNamed) {
    EXPECT_EQ((TableName{"", "p"}), called_procedure("call p(?)"));
    EXPECT_EQ((TableName{"d", "p q"}), called_procedure("CALL `d`.`p q`"));
    EXPECT_EQ(std::nullopt, called_procedure("SELECT p(?)"));
}

}  // namespace
}  // namespace myfabric::sql
