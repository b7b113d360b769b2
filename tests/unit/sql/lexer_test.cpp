#include "sql/lexer.h"

#include <gtest/gtest.h>

namespace myfabric::sql {
namespace {

struct Markers {
    const char* sql;
    std::size_t count;
};

TEST(Lexer, CountsMarkersOutsideTextsAndComments) {
    const Markers samples[] = {
        {"SELECT 1", 0},
        {"SELECT ?", 1},
        {"INSERT INTO t VALUES (?,?,?)", 3},
        {"SELECT '?', \"?\", `?`, ?", 1},
        {"SELECT 'it''s ?', ?", 1},
        {"SELECT 'back\\'slash ?', ?", 1},
        {"SELECT ? -- ?\n, ?", 2},
        {"SELECT 1--?", 1},
        {"SELECT ? # ?\n", 1},
        {"SELECT /* ? */ ?", 1},
        {"SELECT /*!50000 ?, */ ?", 2},
        {"SELECT /*M! ?, */ ?", 2},
        {"SELECT 'open ?", 0},
        {"SELECT /* open ?", 0},
    };
    for (const Markers& sample : samples)
        EXPECT_EQ(sample.count, analyse(sample.sql).parameter_count) << sample.sql;
    EXPECT_EQ(1u, analyse("SELECT 'a\\', ?", false).parameter_count);
}

struct Read {
    const char* sql;
    bool plain;
};

TEST(Analysis, TellsPlainReads) {
    const Read samples[] = {
        {"SELECT * FROM t", true},
        {"  /* hint */ select 1", true},
        {"(SELECT 1) UNION (SELECT 2)", true},
        {"SHOW TABLES", true},
        {"DESCRIBE t", true},
        {"EXPLAIN SELECT 1", true},
        {"WITH a AS (SELECT 1) SELECT * FROM a", true},
        {"WITH a AS (SELECT 1) DELETE FROM t", false},
        {"SELECT * FROM t FOR UPDATE", false},
        {"SELECT * FROM t FOR SHARE", false},
        {"SELECT * FROM t LOCK IN SHARE MODE", false},
        {"SELECT 1 INTO @x", false},
        {"SELECT @x := 1", false},
        {"SELECT * FROM t INTO OUTFILE '/tmp/x'", false},
        {"SELECT GET_LOCK('a', 1)", false},
        {"SELECT NEXT VALUE FOR s", false},
        {"SELECT LAST_INSERT_ID()", false},
        {"SELECT 'FOR UPDATE'", true},
        {"SELECT `update` FROM t", true},
        {"INSERT INTO t VALUES (1)", false},
        {"CALL p()", false},
        {"SELECT 1; DELETE FROM t", false},
        {"SELECT 1;", true},
        {"", false},
        // A word counts only where it is what it seems to be.
        {"WITH a AS (SELECT 1) SELECT REPLACE('x', 'a', 'b') FROM a", true},
        {"WITH a AS (SELECT 1) SELECT (SELECT INSERT('x', 1, 1, 'y'))", true},
        {"WITH a AS (SELECT 1) UPDATE t SET b = 1", false},
        {"SELECT sleep FROM t", true},
        {"SELECT SLEEP (1)", false},
        {"SHOW GRANTS FOR app@localhost", true},
        {"SELECT @@server_id", true},
        {"SELECT CONNECTION_ID()", true},  // the new session's is the right answer
        {"EXPLAIN ANALYZE DELETE FROM t", false},
        // What another session would answer differently.
        {"SELECT @x", false},
        {"SELECT @@identity", false},
        {"SELECT FOUND_ROWS()", false},
        {"SELECT ROW_COUNT()", false},
        {"SELECT SQL_CALC_FOUND_ROWS * FROM t", false},
        {"SELECT PREVIOUS VALUE FOR s", false},
        {"SHOW WARNINGS", false},
        {"SHOW COUNT(*) ERRORS", false},
        // What may be somebody's own function may write.
        {"SELECT wf('x')", false},
        {"SELECT db.wf('x')", false},
        {"SELECT db . concat ('x')", false},
        {"SELECT `concat`('x')", false},
        {"SELECT 1 FROM t WHERE a = wf(1)", false},
        {"SELECT * FROM (SELECT wf(1)) d", false},
        {"VALUES (wf(1))", false},
        {"WITH a AS (SELECT wf(1)) SELECT * FROM a", false},
        {"WITH a AS (SELECT 1) SELECT wf(1) FROM a", false},
        {"SELECT wf /* c */ (1)", false},
        {"SELECT wf -- in\n (1)", false},
        {"SELECT db./* c */count(*)", false},
        {"SELECT /*! wf(1) */", false},
        {"EXPLAIN ANALYZE SELECT wf(1)", false},
        {"SELECT BENCHMARK(10, wf(1))", false},
        // The servers' own, and words that only seem to be functions.
        {"SELECT COUNT(*), Max(a), json_extract(b, '$') FROM t", true},
        {"SELECT /* c */ COUNT(*) FROM t WHERE a IN (1, 2) AND (b = 1)", true},
        {"SELECT /*fabric: key=1*/ * FROM t WHERE a IN /* c */ (1)", true},
        {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n", true},
        {"WITH a(x) AS (SELECT 1), b(y, z) AS (SELECT 1, 2) SELECT * FROM a, b", true},
        {"SELECT CAST(a AS DECIMAL(10, 2)) FROM t JOIN u USING (a) FORCE INDEX (i)", true},
        {"SELECT a FROM t WHERE EXISTS (SELECT 1) OR NOT (a) GROUP BY (a)", true},
        {"SELECT ROW_NUMBER() OVER (PARTITION BY a) FROM t", true},
        {"SELECT 'wf(1)', \"wf(1)\"", true},
    };
    for (const Read& sample : samples)
        EXPECT_EQ(sample.plain, analyse(sample.sql).plain_read) << sample.sql;
}

TEST(Analysis, TellsWhatMayEndATransactionAndWhatRunsInParts) {
    const struct {
        const char* sql;
        bool may_commit, in_parts;
    } samples[] = {
        {"SELECT 1", false, false},
        {"INSERT INTO t VALUES (1)", false, false},
        {"UPDATE t SET a = 1", false, false},
        {"WITH a AS (SELECT 1) DELETE FROM t", false, false},
        {"ROLLBACK", false, false},
        {"SAVEPOINT a", false, false},
        {"ROLLBACK TO a", false, false},
        {"SET @a = 1", false, false},
        {"SET sql_mode = ''", false, false},
        {"CREATE TEMPORARY TABLE t (a INT)", false, false},
        {"COMMIT", true, false},
        {"BEGIN", true, false},
        {"START TRANSACTION", true, false},
        {"CREATE TABLE t (a INT)", true, false},
        {"TRUNCATE t", true, false},
        {"SET autocommit = 1", true, false},
        {"SET @@session.AUTOCOMMIT = ON", true, false},
        {"LOCK TABLES t WRITE", true, false},
        {"UNLOCK TABLES", true, false},
        {"CALL p()", true, true},
        {"INSERT INTO t VALUES (1); SELECT 1", true, true},
        {"BEGIN NOT ATOMIC INSERT INTO t VALUES (1); END", true, true},
        {"EXECUTE s", true, true},
        {"SELECT wf(1)", false, true},
        {"DO wf(1)", false, true},
    };
    for (const auto& sample : samples) {
        EXPECT_EQ(sample.may_commit, analyse(sample.sql).may_commit()) << sample.sql;
        EXPECT_EQ(sample.in_parts, analyse(sample.sql).in_parts()) << sample.sql;
    }
}

TEST(Analysis, TellsWhoAsksAboutTheStatementBefore) {
    EXPECT_TRUE(analyse("SELECT LAST_INSERT_ID()").asks_insert_id);
    EXPECT_TRUE(analyse("INSERT INTO t VALUES (LAST_INSERT_ID())").asks_insert_id);
    EXPECT_TRUE(analyse("SELECT @@identity").asks_insert_id);
    EXPECT_TRUE(analyse("SELECT ROW_COUNT()").asks_last_statement);
    EXPECT_TRUE(analyse("SELECT FOUND_ROWS()").asks_last_statement);
    EXPECT_TRUE(analyse("SHOW WARNINGS").asks_last_statement);
    EXPECT_FALSE(analyse("SELECT last_insert_id FROM t").asks_insert_id);
    EXPECT_FALSE(analyse("SELECT 1").asks_last_statement);
}

TEST(Analysis, KnowsCallsOfOthersFunctionsInAnyStatement) {
    for (const char* sql :
         {"INSERT INTO t VALUES (1)", "INSERT INTO t (a, b) VALUES (NOW(), 'f(1)')",
          "INSERT INTO t (a) SELECT MAX(a) FROM u",
          "UPDATE t SET a = CONCAT(a, 'x') WHERE b IN (1)", "DELETE FROM t WHERE (a = 1)",
          "SELECT COUNT(*) FROM t FOR UPDATE"})
        EXPECT_TRUE(calls_only_builtins(sql)) << sql;
    for (const char* sql :
         {"INSERT INTO t VALUES (f(1))", "INSERT INTO t (a) VALUES (f(1))",
          "INSERT INTO t SELECT f(1)", "UPDATE t SET a = f(1)", "DELETE FROM t WHERE a = db.f(1)"})
        EXPECT_FALSE(calls_only_builtins(sql)) << sql;
}

TEST(Analysis, NotesWhatCannotBeRestored) {
    EXPECT_TRUE(analyse("CREATE TEMPORARY TABLE t (a INT)").creates_temporary_table);
    EXPECT_FALSE(analyse("CREATE TABLE temporary_t (a INT)").creates_temporary_table);
    EXPECT_TRUE(analyse("LOCK TABLES t READ").locks_tables);
    EXPECT_TRUE(analyse("SELECT GET_LOCK('a', 1)").takes_user_lock);
    EXPECT_TRUE(analyse("SET @a = 1").sets_user_variable);
    EXPECT_TRUE(analyse("SELECT @a := 1").sets_user_variable);
    EXPECT_FALSE(analyse("SELECT 1").changes_session());
}

struct Settings {
    const char* sql;
    bool repeatable;
    bool unrepeatable;
};

TEST(Analysis, TellsWhichSettingsCanBeRepeatedElsewhere) {
    const Settings samples[] = {
        {"SET sql_mode=''", true, false},
        {"SET SESSION sql_mode=''", true, false},
        {"SET LOCAL a=1, b=CONCAT('x', 'y')", true, false},
        {"SET NAMES utf8mb4", true, false},
        {"SET autocommit := 1", true, false},
        {"SET @@sql_mode=''", true, false},
        {"SET @@session.sql_mode=''", true, false},
        {"SET sql_mode=(SELECT @@global.sql_mode)", true, false},
        {"SET SESSION TRANSACTION READ ONLY", true, false},
        {"SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY", true, false},
        {"SET TRANSACTION READ ONLY", false, false},
        {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY", false, false},
        {"SET GLOBAL max_connections=1", false, false},
        {"SET GLOBAL a=1, b=2", false, false},  // the scope holds for what follows
        {"SET @@global.max_connections=1", false, false},
        {"SET PERSIST max_connections=1", false, false},
        {"SET PASSWORD = 'x'", false, false},
        {"SET DEFAULT ROLE r FOR u", false, false},
        {"SET STATEMENT a=1, b=2 FOR SELECT 1", false, false},
        {"SET @a = 1", false, false},
        {"UPDATE t SET a = 1", false, false},
        {"SET a=1, GLOBAL b=2", false, true},
        {"SET GLOBAL a=1, SESSION b=2", false, true},
        {"SET @a=1, sql_mode=''", false, true},
        {"SET sql_mode=@old", false, true},
        {"SET sql_mode=?", false, true},
        {"SET sql_mode=''; DELETE FROM t", false, true},
        {"SELECT 1; SET sql_mode=''", false, true},
    };
    for (const Settings& sample : samples) {
        const Analysis found = analyse(sample.sql);
        EXPECT_EQ(sample.repeatable, found.sets_session_variable) << sample.sql;
        EXPECT_EQ(sample.unrepeatable, found.sets_unrepeatable) << sample.sql;
    }
}

struct Effect {
    const char* sql;
    bool temporary, tables, user_lock, variable, database;
};

TEST(Analysis, NotesWhatEveryStatementOfATextLeavesBehind) {
    const Effect samples[] = {
        {"CREATE OR REPLACE TEMPORARY TABLE t (a INT)", true, false, false, false, false},
        {"CREATE TABLE t (temporary INT)", false, false, false, false, false},
        {"SELECT 1; CREATE TEMPORARY TABLE t (a INT)", true, false, false, false, false},
        {"FLUSH TABLES WITH READ LOCK", false, true, false, false, false},
        {"SELECT 1; LOCK TABLES t READ", false, true, false, false, false},
        {"SELECT RELEASE_LOCK('a')", false, false, false, false, false},
        {"SELECT get_lock FROM t", false, false, false, false, false},
        {"DO GET_LOCK('a', 1)", false, false, true, false, false},
        {"CALL p(@result)", false, false, false, true, false},
        {"LOAD DATA INFILE 'x' INTO TABLE t (a, @b)", false, false, false, true, false},
        {"SELECT 1 INTO @a", false, false, false, true, false},
        {"SELECT @a", false, false, false, false, false},
        {"SELECT 1; SET @a = 1", false, false, false, true, false},
        {"USE db", false, false, false, false, true},
        {"SELECT 1; USE db", false, false, false, false, true},
        {"SELECT * FROM t USE INDEX (i)", false, false, false, false, false},
    };
    for (const Effect& sample : samples) {
        const Analysis found = analyse(sample.sql);
        EXPECT_EQ(sample.temporary, found.creates_temporary_table) << sample.sql;
        EXPECT_EQ(sample.tables, found.locks_tables) << sample.sql;
        EXPECT_EQ(sample.user_lock, found.takes_user_lock) << sample.sql;
        EXPECT_EQ(sample.variable, found.sets_user_variable) << sample.sql;
        EXPECT_EQ(sample.database, found.changes_database) << sample.sql;
        EXPECT_EQ(sample.temporary || sample.tables || sample.user_lock || sample.variable ||
                      sample.database,
                  found.changes_session())
            << sample.sql;
    }
}

struct First {
    const char* sql;
    Verb verb;
    bool several;
};

TEST(Analysis, TellsTheVerbAndWhetherThereAreSeveral) {
    const First samples[] = {
        {"", Verb::none, false},
        {"-- nothing\n", Verb::none, false},
        {";;", Verb::none, false},
        {"((SELECT 1))", Verb::select, false},
        {"/*!50000 insert */ INTO t VALUES (1)", Verb::insert, false},
        {"START TRANSACTION", Verb::begin, false},
        {"START SLAVE", Verb::other, false},
        {"BEGIN", Verb::begin, false},
        {"BEGIN NOT ATOMIC SELECT 1; SELECT 2; END", Verb::other, false},
        {"ROLLBACK", Verb::rollback, false},
        {"ROLLBACK TO SAVEPOINT s", Verb::savepoint, false},
        {"CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END", Verb::ddl, false},
        {"CREATE DEFINER=a@b TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a=1; END",
         Verb::ddl, false},
        {"CREATE TABLE event (a INT); SELECT 1", Verb::ddl, true},
        {"SELECT 1; ", Verb::select, false},
        {"SELECT 1;; SELECT 2", Verb::select, true},
        {"SELECT ';'", Verb::select, false},
        {"frobnicate", Verb::other, false},
        {"? = 1", Verb::other, false},
    };
    for (const First& sample : samples) {
        const Analysis found = analyse(sample.sql);
        EXPECT_EQ(sample.verb, found.first_verb) << sample.sql;
        EXPECT_EQ(sample.several, found.several_statements) << sample.sql;
    }
}

TEST(Analysis, ReadsTextsThatEndTooEarly) {
    for (const char* sql :
         {"SELECT '", "SELECT 'a\\", "SELECT `", "SELECT \"a", "/*", "/*!", "/*!5", "--", "#", "@",
          "@@", "SET", "SET @", "SELECT :", ")", "*/", "\xff\xfe"})
        EXPECT_FALSE(analyse(sql).several_statements) << sql;
}

TEST(Lexer, TellsOffsetsAndCanBeMoved) {
    const std::string_view sql = "a  `b c` ? 1.5e2";
    Lexer lexer(sql);
    lexer.next();
    const Token quoted = lexer.next();
    EXPECT_EQ(TokenKind::quoted, quoted.kind);
    EXPECT_EQ("`b c`", quoted.text);
    EXPECT_EQ(3u, quoted.offset);
    lexer.seek(sql.find("1.5"));
    EXPECT_EQ("1.5e2", lexer.next().text);
    EXPECT_EQ(TokenKind::end, lexer.next().kind);
    EXPECT_EQ(TokenKind::end, lexer.next().kind);
}

}  // namespace
}  // namespace myfabric::sql
