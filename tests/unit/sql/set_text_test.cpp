#include "sql/set_text.h"

#include <gtest/gtest.h>

namespace myfabric::sql {
namespace {

using Names = std::vector<std::string>;

TEST(SetText, TellsVariablesAndWhetherTheTextMayBeRepeated) {
    const struct {
        const char* sql;
        Names variables;
        bool literal, next;
    } samples[] = {
        {"SET sql_mode = 'ANSI'", {"sql_mode"}, true, false},
        {"SET SESSION a = 1, LOCAL b = -2.5, c = ON", {"a", "b", "c"}, true, false},
        {"SET @@session.a := DEFAULT", {"a"}, true, false},
        {"SET @@a = 'x', @@local.b = 2", {"a", "b"}, true, false},
        {"SET `a` = 1", {"a"}, true, false},
        {"SET sql_mode = f()", {"sql_mode"}, false, false},
        {"SET timestamp = NEXTVAL(s), a = 1", {"timestamp", "a"}, false, false},
        {"SET a = (SELECT MAX(b, 1) FROM t), c = 2", {"a", "c"}, false, false},
        {"SET a = @@b", {"a"}, false, false},
        {"SET insert_id = 5", {"insert_id"}, true, true},
        {"SET a = 1, LAST_INSERT_ID = 7", {"a", "LAST_INSERT_ID"}, true, true},
    };
    for (const auto& sample : samples) {
        const SetText found = set_text(sample.sql);
        EXPECT_EQ(sample.variables, found.variables) << sample.sql;
        EXPECT_EQ(sample.literal, found.literal) << sample.sql;
        EXPECT_EQ(sample.next, found.for_next_statement) << sample.sql;
    }
}

}  // namespace
}  // namespace myfabric::sql
