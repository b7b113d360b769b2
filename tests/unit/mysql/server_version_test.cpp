#include "mysql/server_version.h"

#include <gtest/gtest.h>

namespace myfabric::mysql {
namespace {

TEST(ServerVersion, IsTheServersOwn) {
    EXPECT_EQ("10.11.6-MariaDB-log", own_version("5.5.5-10.11.6-MariaDB-log"));
    for (const char* same : {"11.4.2-MariaDB", "10.11.6-MariaDB", "5.5.5", "5.5.5-log", "5.6.24",
                             "9.7.4", "", "5.5.5-"})
        EXPECT_EQ(same, own_version(same));
}

TEST(ServerVersion, IsANumber) {
    const struct {
        const char* text;
        unsigned number;
    } samples[] = {{"10.11.6-MariaDB-log", 101106},
                   {"5.6.24", 50624},
                   {"9.7.4-2", 90704},
                   {"1.5.5-fabric", 10505},
                   {"", 0},
                   {"8", 0},
                   {"8.0", 0},
                   {"x.y.z", 0},
                   {"8..1", 0},
                   {"99999999999.0.0", 0}};
    for (const auto& [text, number] : samples) EXPECT_EQ(number, version_number(text)) << text;
}

}  // namespace
}  // namespace myfabric::mysql
