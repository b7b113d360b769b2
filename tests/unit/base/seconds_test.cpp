#include "base/seconds.h"

#include <gtest/gtest.h>

namespace myfabric::test {
namespace {

TEST(Seconds, ThatNoClockHasAreAHundredYears) {
    EXPECT_EQ(std::chrono::seconds(0), seconds_of(0));
    EXPECT_EQ(std::chrono::seconds(30), seconds_of(30));
    const auto begun = std::chrono::steady_clock::now();
    for (const std::uint64_t given : {std::uint64_t{1} << 62, ~std::uint64_t{0}}) {
        EXPECT_EQ(std::chrono::hours(24 * 365 * 100), seconds_of(given));
        EXPECT_GT(begun + seconds_of(given), begun);
    }
}

}  // namespace
}  // namespace myfabric::test
