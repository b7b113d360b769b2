#include "mysql/local_files.h"

#include <gtest/gtest.h>

namespace myfabric::mysql {
namespace {

TEST(LocalFiles, AreThoseThatTheStatementNames) {
    const struct {
        const char* sql;
        const char* name;
        bool named;
    } samples[] = {
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "/tmp/a", true},
        {"load data low_priority local infile \"/tmp/a\" into table t", "/tmp/a", true},
        {"LOAD XML LOCAL INFILE 'it\\'s' INTO TABLE t", "it's", true},
        {"LOAD DATA LOCAL INFILE 'a\\\\b' INTO TABLE t", "a\\b", true},
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "/etc/passwd", false},
        {"LOAD DATA LOCAL INFILE '/tmp/a' INTO TABLE t", "", false},
        {"LOAD DATA INFILE '/tmp/a' INTO TABLE t", "/tmp/a", false},
        {"SELECT '/tmp/a'", "/tmp/a", false},
        {"", "/tmp/a", false},
    };
    for (const auto& [sql, name, named] : samples)
        EXPECT_EQ(named, names_local_file(sql, name)) << sql << " " << name;
}

}  // namespace
}  // namespace myfabric::mysql
