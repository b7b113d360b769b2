#include "router/read_position.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/router/fake_servers.h"

namespace myfabric::router {
namespace {

class Position : public testing::Test {
protected:
    std::shared_ptr<ServerSession> on(const std::string& host) {
        mysql::Login login;
        login.host = host;
        login.port = 1;
        return servers.log_in()(login);
    }
    bool is_fit(const ReadPosition::Limits& limits) {
        return position.is_fit(*on("secondary"), reached, "g", "secondary:1", limits, ahead,
                               journal);
    }

    FakeServers servers;
    Journal journal{nullptr, {}};
    ReadPosition position;
    std::string reached;
    bool ahead = false;
};

TEST_F(Position, OwnWritesAreWaitedForOnce) {
    EXPECT_TRUE(position.knows("g"));
    position.wrote("g");
    EXPECT_FALSE(position.knows("g"));
    EXPECT_TRUE(position.knows("other"));
    servers["primary:1"].position = "0-1-9";
    EXPECT_TRUE(position.ask(*on("primary"), "g", "primary:1", journal));
    EXPECT_TRUE(position.knows("g"));
    EXPECT_TRUE(is_fit({.own_writes = 1}));
    EXPECT_TRUE(is_fit({.own_writes = 1}));
    EXPECT_THAT(servers["secondary:1"].ran, testing::ElementsAre("WAIT 0-1-9"));
    EXPECT_EQ(reached, "0-1-9");
}

TEST_F(Position, AServerThatLacksThemIsLeftForAWhile) {
    position.wrote("g");
    position.ask(*on("primary"), "g", "primary:1", journal);
    servers["secondary:1"].has_caught_up = false;
    EXPECT_FALSE(is_fit({.own_writes = 1}));
    EXPECT_TRUE(position.was_unfit("secondary:1", {.own_writes = 1}));
    EXPECT_FALSE(position.was_unfit("secondary:1", {})) << "nothing is asked of it any more";
    EXPECT_FALSE(position.was_unfit("another:1", {.own_writes = 1}));
}

TEST_F(Position, AServerThatTakesItIsAskedAheadOfAPlainRead) {
    ahead = true;
    position.wrote("g");
    position.stands("g", "");
    EXPECT_FALSE(position.knows("g")) << "the server has not said";
    position.stands("g", "0-1-9");
    EXPECT_TRUE(position.knows("g"));
    EXPECT_TRUE(is_fit({.own_writes = 1}));
    EXPECT_THAT(servers["secondary:1"].ran, testing::ElementsAre("WAIT 0-1-9"));
    reached.clear();
    servers["secondary:1"].ran.clear();
    servers["secondary:1"].takes_conditions = true;
    EXPECT_TRUE(is_fit({.own_writes = 1}));
    EXPECT_TRUE(is_fit({.own_writes = 1}));
    EXPECT_THAT(servers["secondary:1"].ran, testing::ElementsAre("AHEAD WAIT 0-1-9"));
    position.was_behind("secondary:1");
    EXPECT_TRUE(position.was_unfit("secondary:1", {.own_writes = 1}));
}

TEST_F(Position, UnknownPositionsAreReadFromNoSecondary) {
    position.wrote("g");
    EXPECT_FALSE(is_fit({.own_writes = 1}));
}

TEST_F(Position, AServerWithoutGtidsIsAskedOnceAndReported) {
    servers["primary:1"].position.clear();
    position.wrote("g");
    EXPECT_FALSE(position.ask(*on("primary"), "g", "primary:1", journal));
    servers["primary:1"].position = "0-1-1";
    EXPECT_FALSE(position.ask(*on("primary"), "g", "primary:1", journal));
    const std::vector<std::string> notices = journal.take_notices();
    ASSERT_EQ(notices.size(), 1u);
    EXPECT_THAT(notices[0], testing::StartsWith("primary:1 keeps no GTIDs"));
    position.moved();
    EXPECT_TRUE(position.ask(*on("primary"), "g", "primary:1", journal));
}

TEST_F(Position, LagIsComparedWithTheLimit) {
    const struct {
        std::optional<unsigned long> lag;
        unsigned limit;
        bool fit;
    } samples[] = {
        {0, 5, true}, {5, 5, true}, {6, 5, false}, {std::nullopt, 5, false}, {600, 0, true}};
    for (const auto& sample : samples) {
        servers["secondary:1"].lag = sample.lag;
        EXPECT_EQ(sample.fit, is_fit({.max_lag = sample.limit}))
            << sample.lag.value_or(0) << " with " << sample.limit;
    }
}

TEST_F(Position, TheChoiceIsThoughtOverWhereItMayChange) {
    EXPECT_FALSE(position.is_due());
    position.chose(true, {});
    EXPECT_FALSE(position.is_due()) << "not at once";
    position.chose(false, {});
    EXPECT_FALSE(position.is_due());
}

TEST_F(Position, OfAnotherUserIsForgotten) {
    position.wrote("g");
    position.forget();
    EXPECT_TRUE(position.knows("g"));
}

}  // namespace
}  // namespace myfabric::router
