#include "setup/similar.h"

#include <gtest/gtest.h>

namespace myfabric::setup {
namespace {

TEST(LettersApart, CountsInsertedRemovedReplacedAndSwapped) {
    struct Sample {
        const char *a, *b;
        std::size_t distance;
    };
    for (const auto& [a, b, distance] :
         {Sample{"", "", 0}, Sample{"", "ab", 2}, Sample{"a", "A", 0}, Sample{"chek", "check", 1},
          Sample{"hceck", "check", 1}, Sample{"stats", "status", 1}, Sample{"list", "lost", 1},
          Sample{"kitten", "sitting", 3}}) {
        EXPECT_EQ(letters_apart(a, b), distance) << a << " " << b;
        EXPECT_EQ(letters_apart(b, a), distance) << b << " " << a;
    }
}

TEST(MostSimilar, IsNearOrNone) {
    const std::vector<std::string> known{"check", "list", "status", "new"};
    EXPECT_EQ(most_similar("chck", known), "check");
    EXPECT_EQ(most_similar("statsu", known), "status");
    EXPECT_EQ(most_similar("promote", known), "");
    EXPECT_EQ(most_similar("x", {}), "");
}

}  // namespace
}  // namespace myfabric::setup
