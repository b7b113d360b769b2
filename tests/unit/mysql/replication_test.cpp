#include "mysql/replication.h"

#include <gtest/gtest.h>

namespace myfabric::mysql {
namespace {

TEST(Position, IsWhatTheSecondariesCanReach) {
    const struct {
        const char* logged;
        const char* current;
        const char* expected;
    } samples[] = {
        {"0-1-100", "0-9-200", "0-9-200"},  // a primary that was one before, and a replica since
        {"0-1-100", "0-1-100,7-2-5", "0-1-100"},
        {"0-1-100,7-1-5", "0-1-100,7-2-6,8-1-1", "7-1-5,0-1-100"},
        {"7-1-5", "7-2-6", "7-1-5"},
        {"", "0-9-200,7-2-5", "0-9-200,7-2-5"},
        {"10-1-1", "1-1-1,10-1-1", "10-1-1"},
        {"", "", ""},
    };
    for (const auto& [logged, current, expected] : samples)
        EXPECT_EQ(reachable_position(logged, current, "0"), expected) << logged << " " << current;
}

}  // namespace
}  // namespace myfabric::mysql
