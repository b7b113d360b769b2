#include "router/properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <myfabric/attributes.h>

#include <set>

#include "base/error.h"
#include "dsn/profile.h"
#include "router/backend.h"
#include "unit/router/scripted_farm.h"

namespace myfabric::router {
namespace {

Settings settings_of(std::string_view text) {
    Settings settings;
    set_properties(settings, dsn::from_connection_string("DRIVER=x;" + std::string(text)).options);
    return settings;
}

TEST(Properties, HaveEachAKeyOfTheFarmAndAtMostOneAttribute) {
    std::set<std::string_view> names;
    std::set<int> attributes;
    for (const Property& row : properties()) {
        const dsn::Option* option = dsn::find_option(row.name);
        ASSERT_NE(option, nullptr) << row.name;
        EXPECT_EQ(option->part, dsn::Part::farm) << row.name;
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        if (row.attribute) {
            EXPECT_TRUE(attributes.insert(row.attribute).second) << row.name;
            EXPECT_EQ(find_property(row.attribute), &row);
        }
        EXPECT_EQ(find_property(row.name), &row);
        if (!row.alias.empty()) {
            EXPECT_EQ(find_property(row.alias), &row);
        }
    }
    EXPECT_EQ(find_property("colour"), nullptr);
    EXPECT_EQ(find_property(""), nullptr);
    EXPECT_EQ(find_property(0), nullptr);
    EXPECT_EQ(find_property(SQL_ATTR_FABRIC_SERVER), nullptr);
}

TEST(Properties, AreReadAsTheyWereSet) {
    const struct {
        const char* name;
        const char* value;
        const char* read;
        unsigned number;
    } samples[] = {
        {"Group", "g", "g", 0},
        {"Tables", "shop.a, `shop`.b", "shop.a,shop.b", 0},
        {"key", "42", "42", 0},
        {"Scope", "local", "LOCAL", 0},
        {"Scope", "", "GLOBAL", 0},
        {"mode", "3", "READWRITE", 2},
        {"Mode", "RO", "READONLY", 1},
        {"Mode", "AUTO", "AUTO", 4},
        {"MaxLag", "5", "5", 0},
        {"ReadYourWritesTimeout", "0", "0", 0},
        {"attempts", "7", "7", 7},
        {"attempt_delay", "0", "0", 0},
        {"ParkedServers", "1", "1", 0},
        {"ParkedTimeout", "9", "9", 0},
        {"ReportErrors", "FAILURE", "failure", 0},
        {"ReportErrors", "no", "no", 0},
    };
    for (const auto& sample : samples) {
        const Property& row = *find_property(sample.name);
        Settings settings;
        set_property(settings, row, sample.value);
        EXPECT_EQ(row.get(settings), sample.read) << sample.name;
        EXPECT_EQ(row.number ? row.number(settings) : 0, sample.number) << sample.name;
    }
}

TEST(Properties, AreRefusedWhenTheirValueCannotBeMeant) {
    const struct {
        const char* name;
        const char* value;
    } samples[] = {{"Mode", "sideways"},       {"Scope", "wide"},       {"Tables", "a.b.c"},
                   {"Attempts", "many"},       {"Attempts", "1001"},    {"AttemptDelay", "-1"},
                   {"ReportErrors", "loudly"}, {"ParkedServers", "1x"}, {"MaxLag", "1.5"}};
    for (const auto& sample : samples) {
        Settings settings;
        try {
            set_property(settings, *find_property(sample.name), sample.value);
            ADD_FAILURE() << sample.name << " " << sample.value;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "HY024") << sample.name;
            EXPECT_THAT(error.message(), testing::HasSubstr(sample.name));
        }
    }
}

TEST(Properties, OfAConnectionStringAreAllTaken) {
    const Settings settings = settings_of(
        "Tables=shop.a;ShardKey=1;Scope=LOCAL;Mode=AUTO;MaxLag=2;ReadYourWritesTimeout=3;"
        "Attempts=4;AttemptDelay=5;ParkedServers=6;ParkedTimeout=7;ReportErrors=no");
    EXPECT_THAT(settings.target.tables, testing::ElementsAre("shop.a"));
    EXPECT_EQ(settings.target.key, "1");
    EXPECT_EQ(settings.target.scope, topology::Scope::local);
    EXPECT_EQ(settings.target.mode, topology::Mode::automatic);
    EXPECT_EQ(settings.max_lag, 2u);
    EXPECT_EQ(settings.read_your_writes_timeout, 3u);
    EXPECT_EQ(settings.attempts, 4u);
    EXPECT_EQ(settings.attempt_delay, 5u);
    EXPECT_EQ(settings.parked_servers, 6u);
    EXPECT_EQ(settings.parked_timeout, std::chrono::seconds(7));
    EXPECT_EQ(settings.reports, Reports::no);
}

TEST(Properties, TheLaterOfGroupAndTablesCounts) {
    Settings settings = settings_of("Tables=shop.a;ShardKey=1");
    set_property(settings, *find_property("Group"), "g");
    EXPECT_EQ(settings.target.group, "g");
    EXPECT_TRUE(settings.target.tables.empty());
    EXPECT_EQ(settings.target.key, std::nullopt);
    set_property(settings, *find_property("Group"), "");
    set_property(settings, *find_property("Tables"), "shop.b");
    EXPECT_TRUE(settings.target.group.empty());
}

TEST(Properties, ThatWereChosenGoBeforeTheConnectionString) {
    ChosenProperties chosen;
    chosen.note(*find_property("Group"), "g");
    chosen.note(*find_property("Attempts"), "9");
    chosen.note(*find_property("Tables"), "shop.b");
    chosen.note(*find_property("Group"), "last");
    Settings settings = settings_of("Tables=shop.a;ShardKey=1;Attempts=2;AttemptDelay=3");
    chosen.apply(settings);
    EXPECT_EQ(settings.target.group, "last");
    EXPECT_TRUE(settings.target.tables.empty());
    EXPECT_EQ(settings.attempts, 9u);
    EXPECT_EQ(settings.attempt_delay, 3u);
}

TEST(Properties, OfTheTargetNeedAFarmOnAConnection) {
    Backend alone(Settings{});
    EXPECT_THROW(set_property(alone, *find_property("Group"), "g"), Error);
    set_property(alone, *find_property("Attempts"), "8");
    EXPECT_EQ(alone.settings().attempts, 8u);

    Settings settings;
    settings.farm = farm_of(std::make_shared<FarmScript>());
    settings.target.tables = {"shop.a"};
    Backend backend(std::move(settings));
    set_property(backend, *find_property("Group"), "g");
    EXPECT_EQ(backend.target().group, "g");
    EXPECT_TRUE(backend.target().tables.empty());
}

}  // namespace
}  // namespace myfabric::router
