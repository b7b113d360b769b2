#include "results/chained_results.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "results/memory_results.h"

namespace myfabric::results {
namespace {

std::unique_ptr<Results> one(const char* value) {
    Columns columns(1);
    columns[0].name = value;
    return std::make_unique<MemoryResults>(std::move(columns),
                                           std::vector<MemoryRow>{{{std::string(value)}}});
}

TEST(ChainedResults, ComeOneAfterTheOther) {
    ChainedResults chain;
    EXPECT_TRUE(chain.empty());
    chain.add(one("a"));
    chain.add(one("b"));
    EXPECT_EQ("a", chain.columns()[0].name);
    ASSERT_TRUE(chain.next_row());
    EXPECT_STREQ("a", chain.row().values[0]);
    EXPECT_FALSE(chain.next_row());
    ASSERT_TRUE(chain.next_result());
    EXPECT_EQ("b", chain.columns()[0].name);
    ASSERT_TRUE(chain.next_row());
    EXPECT_STREQ("b", chain.row().values[0]);
    EXPECT_FALSE(chain.next_result());
    EXPECT_FALSE(chain.has_rows());
}

TEST(ChainedResults, AFailureComesWhereItsResultWouldBe) {
    ChainedResults chain;
    chain.add(one("a"));
    chain.fail(std::make_exception_ptr(std::runtime_error("no")));
    EXPECT_TRUE(chain.next_row());
    EXPECT_THROW(chain.next_result(), std::runtime_error);
    EXPECT_FALSE(chain.next_result());
}

}  // namespace
}  // namespace myfabric::results
