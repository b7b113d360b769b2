#include "sql/trace_comment.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "sql/shown_text.h"

namespace myfabric::sql {
namespace {

TEST(TraceComment, TakesW3CsFormAlone) {
    struct Sample {
        std::string value;
        bool right;
    };
    const Sample samples[] = {
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true},
        {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true},
        {"", false},
        {"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
        {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
        {"00-4Bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false},
        {"00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba90*/7-01", false},
        {std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\0", 55), false},
    };
    for (const Sample& sample : samples) {
        EXPECT_EQ(sample.right, is_traceparent(sample.value)) << sample.value;
        if (sample.value.empty()) continue;
        if (sample.right)
            EXPECT_EQ("/*traceparent='" + sample.value + "'*/", trace_comment(sample.value));
        else
            EXPECT_THROW(trace_comment(sample.value), Error) << sample.value;
    }
    EXPECT_EQ("", trace_comment(""));
}

TEST(ShownText, HasNoValues) {
    const std::pair<const char*, const char*> samples[] = {
        {"", ""},
        {"SELECT 1", "SELECT ?"},
        {"  SELECT\n a.b, `c d`  FROM t WHERE x='se''cret' AND y=1.5e3",
         "SELECT a.b, `c d` FROM t WHERE x=? AND y=?"},
        {"SET PASSWORD FOR 'u'@'h' = PASSWORD(\"secret\")", "SET PASSWORD FOR ?@? = PASSWORD(?)"},
        {"CREATE USER u IDENTIFIED BY 'it''s \\' secret'", "CREATE USER u IDENTIFIED BY ?"},
        {"/* secret */ SELECT /*! 1 */ x'41', 0x42, ? -- secret", "SELECT ? x?, ?, ?"},
        {"INSERT INTO t VALUES ('unended secret", "INSERT INTO t VALUES (?"},
    };
    for (const auto& [sql, shown] : samples) EXPECT_EQ(shown, without_values(sql)) << sql;
    EXPECT_EQ("SELECT ? AND ?", without_values("SELECT 'a\\' AND 'b'", false));
    EXPECT_EQ("SELECT aaaa...", without_values("SELECT aaaa, bbbb", true, 11));
}

}  // namespace
}  // namespace myfabric::sql
