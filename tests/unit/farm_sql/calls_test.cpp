#include "farm_sql/calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "unit/router/scripted_farm.h"

namespace myfabric::farm_sql {
namespace {

using testing::ElementsAre;
using topology::Status;

/// A connection to a farm, or to none, that was never opened: what these calls do needs no server.
class Calls : public testing::Test {
protected:
    Calls() {
        script->topology.groups["g"] = {router::server("g", "h1", Status::primary),
                                        router::server("g", "h2", Status::secondary),
                                        router::server("g", "h3", Status::faulty)};
        script->topology.groups["other"] = {router::server("other", "h4", Status::primary)};
        settings.farm = router::farm_of(script);
        settings.target.group = "g";
    }

    router::Backend& backend() {
        if (!backend_) backend_ = std::make_unique<router::Backend>(settings);
        return *backend_;
    }
    std::unique_ptr<results::Results> answer_of(
        const std::string& sql, std::span<const results::Parameter> parameters = {}) {
        return answer({backend(), options, [this] { ++resets; }}, *sql::parse_fabric_call(sql),
                      parameters);
    }
    /// The rows as "a|b|NULL".
    std::vector<std::string> rows(const std::string& sql) {
        const auto results = answer_of(sql);
        std::vector<std::string> lines;
        while (results->has_rows() && results->next_row()) {
            std::string& line = lines.emplace_back();
            for (std::size_t i = 0; i < results->columns().size(); ++i) {
                const results::Row& row = results->row();
                line += (i ? "|" : "") + (row.values[i] ? std::string(row.values[i], row.lengths[i])
                                                        : std::string("NULL"));
            }
        }
        return lines;
    }
    /// "HY011: message", empty for a success.
    std::string failure(const std::string& sql) {
        try {
            answer_of(sql);
            return {};
        } catch (const Error& error) {
            return std::string(error.state()) + ": " + error.message();
        }
    }

    std::shared_ptr<router::FarmScript> script = std::make_shared<router::FarmScript>();
    router::Settings settings;
    dsn::Options options = dsn::default_options();
    int resets = 0;

private:
    std::unique_ptr<router::Backend> backend_;
};

TEST_F(Calls, LookUpServersInTheSnapshot) {
    EXPECT_THAT(rows("CALL fabric.get_group_servers('g')"),
                ElementsAre("uuid-h1|g|h1|3306|1|PRIMARY|READ_WRITE",
                            "uuid-h2|g|h2|3306|1|SECONDARY|READ_WRITE",
                            "uuid-h3|g|h3|3306|1|FAULTY|READ_WRITE"));
    EXPECT_THAT(rows("CALL fabric.get_group_server('g', 'READONLY')"),
                ElementsAre("uuid-h2|g|h2|3306|1|SECONDARY|READ_WRITE"));
}

TEST_F(Calls, ChangeTheTargetOfTheConnection) {
    rows("CALL fabric.use_group('other', 'READONLY')");
    EXPECT_EQ(backend().target().group, "other");
    EXPECT_EQ(backend().target().mode, topology::Mode::read_only);
    rows("CALL fabric.set_property('mode', 'RW')");
    EXPECT_EQ(backend().target().mode, topology::Mode::read_write);
}

TEST_F(Calls, ShowThePropertiesAsTheyAreNow) {
    rows("CALL fabric.set_property('MaxLag', '7')");
    options.fabric_password = "secret";
    const std::vector<std::string> shown = rows("CALL fabric.properties()");
    EXPECT_THAT(shown, testing::Contains("Group|g"));
    EXPECT_THAT(shown, testing::Contains("MaxLag|7"));
    EXPECT_THAT(shown, testing::Contains("Mode|READWRITE"));
    EXPECT_THAT(shown, testing::Contains("FabricPassword|NULL"));
    EXPECT_THAT(shown, testing::Contains("Tables|NULL"));
}

TEST_F(Calls, SendCommandsToTheFarmWithTheRightTo) {
    options.fabric_admin = true;
    rows("CALL fabric.promote_server('g', 'uuid-h2')");
    EXPECT_THAT(script->commands, ElementsAre("group.promote g uuid-h2"));
}

TEST_F(Calls, LeaveResettingToTheConnection) {
    rows("CALL fabric.reset_session()");
    EXPECT_EQ(resets, 1);
}

TEST_F(Calls, TakeTheValuesOfParameters) {
    results::Parameter group;
    group.type = results::Parameter::Type::text;
    group.bytes = "other";
    const auto results = answer_of("CALL fabric.get_group_servers(?)", std::span(&group, 1));
    ASSERT_TRUE(results->next_row());
    EXPECT_STREQ(results->row().values[0], "uuid-h4");
}

TEST_F(Calls, GiveTheRowsOfACommandWithTheirTypes) {
    script->reply.result_sets = {{{"name", "number", "share", "mixed"},
                                  {{std::string("a"), std::int64_t{1}, 0.5, std::int64_t{1}},
                                   {std::monostate{}, std::int64_t{2}, 1.5, std::string("x")}}}};
    const auto results = answer_of("CALL fabric.execute('group.lookup_groups')");
    ASSERT_EQ(results->columns().size(), 4u);
    EXPECT_EQ(results->columns()[0].kind, results::Kind::varchar);
    EXPECT_EQ(results->columns()[1].kind, results::Kind::bigint);
    EXPECT_EQ(results->columns()[2].kind, results::Kind::double_precision);
    EXPECT_EQ(results->columns()[3].kind, results::Kind::varchar);
}

TEST_F(Calls, RefuseWithTheReasonAndTheRemedy) {
    const struct {
        const char* sql;
        const char* failure;
    } samples[] = {
        {"CALL fabric.no_such()", "42000: there is no fabric.no_such; there are use_group"},
        {"CALL fabric.use_group()", "42000: fabric.use_group takes 1 to 2 arguments, not 0"},
        {"CALL fabric.server(1)", "42000: fabric.server takes 0 arguments, not 1"},
        {"CALL fabric.use_group(NULL)", "42000: the call needs a group as argument 1"},
        {"CALL fabric.use_group('gone')", "08004: no group 'gone' with servers in the farm"},
        {"CALL fabric.use_group('g', 'SIDEWAYS')", "08001: Mode is 'SIDEWAYS'"},
        {"CALL fabric.set_property('colour', 'red')", "HY024: there is no property 'colour'"},
        {"CALL fabric.set_property('Attempts', 'many')", "HY024: "},
        {"CALL fabric.set_property('FabricHost', 'x')", "HY011: FabricHost cannot change"},
        {"CALL fabric.promote_server('g')", "42000: fabric.promote_server changes the farm"},
        {"CALL fabric.execute('group.promote', 'g')", "42000: group.promote changes the farm"},
        {"CALL fabric.set_server_weight('u', 'heavy')", "42000: fabric.set_server_weight changes"},
        {"CALL fabric.report_error('slow')", "HY011: the connection is on no server"},
    };
    for (const auto& sample : samples)
        EXPECT_THAT(failure(sample.sql), testing::StartsWith(sample.failure)) << sample.sql;
    EXPECT_THAT(script->commands, testing::IsEmpty());
}

TEST_F(Calls, AreTheServersWhereThereIsNoFarm) {
    settings.farm = nullptr;
    EXPECT_EQ(answer_of("CALL fabric.use_group('g')"), nullptr);
    EXPECT_EQ(answer_of("CALL fabric.no_such()"), nullptr);
    EXPECT_NE(answer_of("CALL fabric.status()"), nullptr);
}

TEST_F(Calls, HaveOneRowEach) {
    std::set<std::string> names;
    for (const std::span<const Row> table : {connection_calls(), administration_calls()})
        for (const Row& row : table) {
            EXPECT_TRUE(names.insert(row.name).second) << row.name;
            EXPECT_LE(row.least_arguments, row.most_arguments) << row.name;
            EXPECT_NE(row.answer, nullptr) << row.name;
        }
    EXPECT_EQ(names.size(), 23u);
}

}  // namespace
}  // namespace myfabric::farm_sql
