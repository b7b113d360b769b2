#include "results/memory_results.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace myfabric::results {
namespace {

Columns columns(std::initializer_list<const char*> names) {
    Columns made;
    for (const char* name : names) made.emplace_back().name = name;
    return made;
}

MemoryRow current(const Results& results) {
    MemoryRow cells;
    for (std::size_t i = 0; i < results.columns().size(); ++i) {
        const char* value = results.row().values[i];
        cells.push_back(value ? std::optional(std::string(value, results.row().lengths[i]))
                              : std::nullopt);
    }
    return cells;
}

std::vector<MemoryRow> rest(Results& results) {
    std::vector<MemoryRow> rows;
    while (results.next_row()) rows.push_back(current(results));
    return rows;
}

TEST(MemoryResults, GiveRowsInOrderWithNullAndZeroBytes) {
    const std::vector<MemoryRow> rows = {
        {"1", std::nullopt}, {"", std::string("\0x", 2)}, {std::nullopt, "y"}};
    MemoryResults results(columns({"a", "b"}), rows);
    EXPECT_TRUE(results.has_rows());
    EXPECT_EQ(results.columns()[1].name, "b");
    EXPECT_EQ(rest(results), rows);
    EXPECT_FALSE(results.next_row());
    EXPECT_FALSE(results.next_result());
    EXPECT_FALSE(results.has_rows());
}

TEST(MemoryResults, MayHaveNoRowsAtAll) {
    MemoryResults results(columns({"a"}), {});
    EXPECT_TRUE(results.has_rows());
    EXPECT_FALSE(results.next_row());
}

TEST(MemoryResults, FollowOneAnotherWithColumnsOfTheirOwn) {
    MemoryResults results({{columns({"a"}), {{"1"}, {"2"}}},
                           {{}, {}},  // a row count
                           {columns({"b", "c"}), {{"3", "4"}}}});
    ASSERT_TRUE(results.next_row());  // the second row is left unread
    ASSERT_TRUE(results.next_result());
    EXPECT_FALSE(results.has_rows());
    EXPECT_FALSE(results.next_row());
    EXPECT_EQ(results.counts().affected_rows, 0u);
    ASSERT_TRUE(results.next_result());
    EXPECT_EQ(rest(results), (std::vector<MemoryRow>{{"3", "4"}}));
    EXPECT_FALSE(results.next_result());
    EXPECT_FALSE(results.next_row());
}

TEST(DescribedResults, HaveTheRowsOfTheirSourceUnderOtherNames) {
    DescribedResults results(
        std::make_unique<MemoryResults>(columns({"TABLE_SCHEMA"}),
                                        std::vector<MemoryRow>{{"shop"}, {std::nullopt}}),
        columns({"TABLE_CAT"}));
    EXPECT_EQ(results.columns()[0].name, "TABLE_CAT");
    EXPECT_EQ(rest(results), (std::vector<MemoryRow>{{"shop"}, {std::nullopt}}));
    EXPECT_FALSE(results.next_result());
    EXPECT_FALSE(results.has_rows());
}

}  // namespace
}  // namespace myfabric::results
