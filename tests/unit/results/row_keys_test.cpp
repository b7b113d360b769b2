#include "results/row_keys.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace myfabric::results {
namespace {

TEST(RowKeys, GiveTheKeysOfEachRowAndNullForTheRest) {
    const unsigned key[] = {2, 0};
    RowKeys keys;
    for (int rowset = 0; rowset < 2; ++rowset) {
        keys.begin(3, key);
        EXPECT_FALSE(keys.any());
        for (int row = 0; row < 100; ++row) {
            const std::string first(static_cast<std::size_t>(row * 7), 'x');
            const std::string last = std::to_string(rowset * 1000 + row);
            const char* values[] = {first.c_str(), "not kept", last.c_str()};
            const unsigned long lengths[] = {first.size(), 8, last.size()};
            keys.keep({values, lengths});
        }
        ASSERT_TRUE(keys.any());
        for (const std::size_t row : {99u, 0u, 50u}) {
            const Row& found = keys.row(row);
            EXPECT_EQ(std::string(row * 7, 'x'),
                      std::string_view(found.values[0], found.lengths[0]));
            EXPECT_EQ(nullptr, found.values[1]);
            EXPECT_EQ(std::to_string(static_cast<std::size_t>(rowset) * 1000 + row),
                      std::string_view(found.values[2], found.lengths[2]));
        }
    }
    keys.clear();
    EXPECT_FALSE(keys.any());
}

}  // namespace
}  // namespace myfabric::results
