#include "sql/local_file.h"

#include <gtest/gtest.h>

namespace myfabric::sql {
namespace {

TEST(LocalFile, IsTheOneThatTheStatementNames) {
    const struct {
        const char* sql;
        const char* name;
        bool named;
    } samples[] = {
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "/tmp/a", true},
        {"load data low_priority local infile \"/tmp/a\" into table t", "/tmp/a", true},
        {"LOAD DATA CONCURRENT LOCAL /* all */ INFILE '/tmp/a' INTO TABLE t", "/tmp/a", true},
        {"LOAD XML LOCAL INFILE 'it\\'s' INTO TABLE t", "it's", true},
        {"LOAD XML LOCAL INFILE 'it''s' INTO TABLE t", "it's", true},
        {"LOAD DATA LOCAL INFILE 'a\\\\b' INTO TABLE t", "a\\b", true},
        {"SET @a = 1; LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "/tmp/a", true},
        {"SET STATEMENT a=1 FOR LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "/tmp/a", true},
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "/etc/passwd", false},
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "", false},
        // Parts of the text, and what stands elsewhere in it.
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "/tmp", false},
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "tmp/a", false},
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "t", false},
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t LINES STARTING BY '/b'", "/b", false},
        {"LOAD DATA INFILE '/tmp/a' INTO TABLE t", "/tmp/a", false},
        {"LOAD DATA LOCAL INFILE /* '/tmp/a' */ '/tmp/b' INTO TABLE t", "/tmp/a", false},
        // Texts of users.
        {"INSERT INTO t VALUES ('LOAD DATA LOCAL INFILE \"/tmp/a\"')", "/tmp/a", false},
        {"SELECT 'load', 'local', '/tmp/a'", "/tmp/a", false},
        {"-- LOAD DATA LOCAL INFILE '/tmp/a'\nSELECT 1", "/tmp/a", false},
        {"SELECT '/tmp/a'", "/tmp/a", false},
        {"LOAD DATA LOCAL INFILE", "/tmp/a", false},
        {"LOAD", "/tmp/a", false},
        {"", "/tmp/a", false},
    };
    for (const auto& [sql, name, named] : samples)
        EXPECT_EQ(named, names_local_file(sql, name, true)) << sql << " " << name;
}

TEST(LocalFile, IsReadAsTheSqlModeSays) {
    const char* sql = R"(LOAD DATA LOCAL INFILE 'a\b' INTO TABLE t)";
    EXPECT_TRUE(names_local_file(sql, R"(a\b)", false));
    EXPECT_FALSE(names_local_file(sql, R"(a\b)", true));
}

}  // namespace
}  // namespace myfabric::sql
