#include "dsn/programs.h"

#include <gtest/gtest.h>

#include <set>

#include "dsn/options.h"

namespace myfabric::dsn {
namespace {

TEST(Programs, GetKeysThatExistWithValuesThatAreTaken) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const Program& row : programs()) {
        EXPECT_TRUE(seen.emplace(row.name, row.key).second) << row.name;
        EXPECT_FALSE(row.why.empty()) << row.name;
        const Option* option = find_option(row.key);
        ASSERT_NE(option, nullptr) << row.key;
        Options options = default_options();
        EXPECT_EQ(set_option(options, *option, row.value), std::nullopt) << row.key;
        EXPECT_EQ(option_value(options, *option), row.value);
    }
}

TEST(Programs, AreKnownByTheirExecutable) {
    EXPECT_EQ(keys_for("soffice.bin"), (Pairs{{"UnsignedAs", "wider"}}));
    for (const char* name : {"php", "php8.2", "php-fpm8.2"})
        EXPECT_EQ(keys_for(name), (Pairs{{"DisplayBytes", "1"}})) << name;
    for (const char* name : {"unit_dsn", "ph", "myphp", "soffice.bin2", "*", "Php"})
        EXPECT_EQ(keys_for(name), Pairs{}) << name;
    EXPECT_EQ(keys_for(""), Pairs{});
}

}  // namespace
}  // namespace myfabric::dsn
