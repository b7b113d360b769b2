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
    };
    for (const Read& sample : samples)
        EXPECT_EQ(sample.plain, analyse(sample.sql).plain_read) << sample.sql;
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

TEST(Analysis, SeesEscapesOutsideTexts) {
    EXPECT_TRUE(analyse("{call p()}").has_escapes);
    EXPECT_TRUE(analyse("SELECT {fn NOW()}").has_escapes);
    EXPECT_FALSE(analyse("SELECT '{', `{` /* { */").has_escapes);
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
