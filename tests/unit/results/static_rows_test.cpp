#include "results/static_rows.h"

#include <gtest/gtest.h>

#include "results/memory_results.h"

namespace myfabric::results {
namespace {

std::string at(StaticRows& rows, std::size_t row) {
    rows.seek(row);
    if (!rows.next_row()) return "none";
    return {rows.row().values[0], rows.row().lengths[0]};
}

TEST(StaticRows, ChangesAreSeen) {
    Columns columns(1);
    StaticRows rows(
        std::make_unique<MemoryResults>(columns, std::vector<MemoryRow>{{{"a"}}, {{"b"}}, {{"c"}}}),
        0);
    EXPECT_EQ("c", at(rows, 2));
    const char* value = "new";
    const unsigned long length = 3;
    rows.replaced(1, {&value, &length});
    EXPECT_EQ("new", at(rows, 1));
    ASSERT_TRUE(rows.next_row());  // and on
    EXPECT_EQ("c", std::string(rows.row().values[0], rows.row().lengths[0]));
    EXPECT_FALSE(rows.next_row());
    EXPECT_EQ(3u, rows.added({&value, &length}));
    EXPECT_EQ(4u, rows.rows());
    EXPECT_EQ("new", at(rows, 3));
    EXPECT_EQ("none", at(rows, 4));
    rows.removed(0);
    EXPECT_TRUE(rows.is_removed(0));
    EXPECT_FALSE(rows.is_removed(1));
    EXPECT_EQ("a", at(rows, 0));
    EXPECT_EQ(4u, rows.rows());
}

}  // namespace
}  // namespace myfabric::results
