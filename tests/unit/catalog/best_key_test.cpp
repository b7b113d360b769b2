// The key that tells the rows of a table apart.
#include "catalog/best_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace myfabric::catalog::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const KeyPart part_of_name{"n", "name", 1, false, true};

TEST(BestKey, IsThePrimaryOneInItsOwnOrder) {
    EXPECT_THAT(best_key({{"PRIMARY", "b", 2}, {"u", "c", 1}, {"PRIMARY", "a", 1}}, false),
                ElementsAre("a", "b"));
}

TEST(BestKey, IsElseTheShortestOneWithoutNulls) {
    const std::vector<KeyPart> keys = {
        {"a", "x", 1, true}, {"b", "y", 1}, {"b", "z", 2}, {"c", "z", 1}, {"d", "y", 1}};
    EXPECT_THAT(best_key(keys, false), ElementsAre("z"));
    EXPECT_THAT(best_key(keys, true), ElementsAre("z")) << "one without NULLs goes first";
}

TEST(BestKey, MayHoldNullsOnlyWhereThatIsAllowed) {
    const std::vector<KeyPart> keys = {{"a", "x", 1, true}};
    EXPECT_THAT(best_key(keys, false), IsEmpty());
    EXPECT_THAT(best_key(keys, true), ElementsAre("x"));
}

TEST(BestKey, IsNoneOverPartsOfColumns) {
    EXPECT_THAT(best_key({part_of_name}, true), IsEmpty());
    EXPECT_THAT(best_key({part_of_name, {"u", "x", 1, true}}, true), ElementsAre("x"));
    EXPECT_THAT(best_key({}, true), IsEmpty());
}

}  // namespace
}  // namespace myfabric::catalog::test
