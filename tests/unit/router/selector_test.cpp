#include "router/selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace myfabric::router {
namespace {

using testing::HasSubstr;
using topology::Server;
using topology::ServerMode;
using topology::Status;

Server server(const char* host, Status status, ServerMode mode, double weight = 1.0) {
    Server made;
    made.host = host;
    made.group = "g";
    made.status = status;
    made.mode = mode;
    made.weight = weight;
    return made;
}

Server primary(const char* host) {
    return server(host, Status::primary, ServerMode::read_write);
}
Server secondary(const char* host, double weight = 1.0) {
    return server(host, Status::secondary, ServerMode::read_only, weight);
}

bool nobody(const Server&) {
    return false;
}

class Selector : public testing::Test {
protected:
    Choice select_from(std::vector<Server> servers, topology::Mode mode,
                       const std::function<bool(const Server&)>& aside = nobody) {
        topology::Topology topology;
        topology.groups["g"] = std::move(servers);
        return select(topology, {"g", std::nullopt, mode}, random_, aside);
    }
    static std::vector<std::string> hosts(const Choice& choice) {
        std::vector<std::string> names;
        for (const Server& each : choice.servers) names.push_back(each.host);
        return names;
    }

    Random random_{42};
};

TEST_F(Selector, ReadWriteTakesThePrimary) {
    EXPECT_THAT(hosts(select_from({secondary("s1"), primary("p"), secondary("s2")},
                                  topology::Mode::read_write)),
                testing::ElementsAre("p"));
    EXPECT_THAT(hosts(select_from({server("p", Status::primary, ServerMode::write_only)},
                                  topology::Mode::read_write)),
                testing::ElementsAre("p"));
    EXPECT_THAT(hosts(select_from({primary("p"), secondary("s")}, topology::Mode::automatic)),
                testing::ElementsAre("p"));
}

TEST_F(Selector, ReadOnlyTakesSecondariesAndThePrimaryLast) {
    std::set<std::string> first;
    for (int i = 0; i < 50; ++i) {
        const auto order = hosts(select_from({primary("p"), secondary("s1"), secondary("s2")},
                                             topology::Mode::read_only));
        ASSERT_EQ(order.size(), 3u);
        EXPECT_EQ(order.back(), "p");
        first.insert(order.front());
    }
    EXPECT_EQ(first.size(), 2u);
    EXPECT_THAT(hosts(select_from({primary("p")}, topology::Mode::read_only)),
                testing::ElementsAre("p"));
}

TEST_F(Selector, SecondariesAreSpreadByWeight) {
    std::map<std::string, int> first;
    constexpr int draws = 20'000;
    for (int i = 0; i < draws; ++i)
        ++first[hosts(select_from({secondary("a", 3), secondary("b", 1), secondary("c", 0.5)},
                                  topology::Mode::read_only))
                    .front()];
    EXPECT_NEAR(first["a"], draws * 3 / 4.5, draws * 0.02);
    EXPECT_NEAR(first["b"], draws * 1 / 4.5, draws * 0.02);
    EXPECT_NEAR(first["c"], draws * 0.5 / 4.5, draws * 0.02);
}

TEST_F(Selector, ServersThatMayNotBeUsedAreLeftOutWithAReason) {
    const struct {
        Server candidate;
        topology::Mode mode;
        const char* expected;
    } samples[] = {
        {server("x", Status::faulty, ServerMode::read_write), topology::Mode::read_write,
         "x:3306 is faulty"},
        {server("x", Status::faulty, ServerMode::read_only), topology::Mode::read_only,
         "x:3306 is faulty"},
        {server("x", Status::spare, ServerMode::offline), topology::Mode::read_only,
         "x:3306 is a spare"},
        {server("x", Status::secondary, ServerMode::offline), topology::Mode::read_only,
         "x:3306 is offline"},
        {server("x", Status::secondary, ServerMode::write_only), topology::Mode::read_only,
         "is in mode WRITE_ONLY"},
        {server("x", Status::primary, ServerMode::write_only), topology::Mode::read_only,
         "is in mode WRITE_ONLY"},
        {server("x", Status::primary, ServerMode::read_only), topology::Mode::read_write,
         "is in mode READ_ONLY"},
        {server("x", Status::primary, ServerMode::offline), topology::Mode::read_write,
         "x:3306 is offline"},
        {secondary("x", 0), topology::Mode::read_only, "x:3306 has weight 0"},
        {secondary("x", -1), topology::Mode::read_only, "x:3306 has weight 0"},
        {secondary("x"), topology::Mode::read_write, "x:3306 is a secondary"},
    };
    for (const auto& [candidate, mode, expected] : samples) {
        const Choice choice = select_from({candidate}, mode);
        EXPECT_TRUE(choice.servers.empty()) << expected;
        EXPECT_THAT(choice.why_not, HasSubstr(expected));
        EXPECT_THAT(choice.why_not, HasSubstr("group 'g'"));
        EXPECT_THAT(choice.why_not, HasSubstr(topology::mode_name(mode)));
    }
}

TEST_F(Selector, AllCandidatesAreNamed) {
    const Choice choice =
        select_from({secondary("a"), server("b", Status::spare, ServerMode::offline)},
                    topology::Mode::read_write);
    EXPECT_THAT(choice.why_not, HasSubstr("a:3306 is a secondary, b:3306 is a spare"));
}

TEST_F(Selector, AGroupWithoutPrimaryMayBeFailingOver) {
    EXPECT_TRUE(
        select_from({secondary("a"), secondary("b")}, topology::Mode::read_write).transient);
    EXPECT_TRUE(select_from({}, topology::Mode::read_only).transient);
    EXPECT_FALSE(
        select_from({server("p", Status::primary, ServerMode::offline)}, topology::Mode::read_write)
            .transient);
    EXPECT_FALSE(select_from({primary("p")}, topology::Mode::read_write).transient);
}

TEST_F(Selector, ServersThatFailedAreTriedLastButNeverLost) {
    const auto s1_failed = [](const Server& each) { return each.host == "s1"; };
    const auto all_failed = [](const Server&) { return true; };
    for (int i = 0; i < 20; ++i)
        EXPECT_THAT(hosts(select_from({secondary("s1", 100), secondary("s2"), primary("p")},
                                      topology::Mode::read_only, s1_failed)),
                    testing::ElementsAre("s2", "p", "s1"));
    EXPECT_THAT(hosts(select_from({primary("p")}, topology::Mode::read_write, all_failed)),
                testing::ElementsAre("p"));
}

TEST_F(Selector, AnUnknownGroupHasNoServers) {
    const Choice choice = select(topology::Topology{},
                                 {"g", std::nullopt, topology::Mode::read_write}, random_, nobody);
    EXPECT_TRUE(choice.servers.empty());
    EXPECT_THAT(choice.why_not, HasSubstr("lists none"));
}

TEST(RandomNumbers, AreRepeatableFromASeedAndDifferWithout) {
    Random a(7);
    Random b(7);
    EXPECT_EQ(a(), b());
    EXPECT_EQ(a(), b());
    Random c;
    Random d;
    EXPECT_NE(c(), d());
}

TEST_F(Selector, TheReasonHasWhatTheSourceSays) {
    Server gone = server("a", Status::faulty, ServerMode::offline);
    gone.note = "cannot be reached";
    EXPECT_THAT(select_from({gone}, topology::Mode::read_write).why_not,
                HasSubstr("a:3306 is faulty (cannot be reached)"));
}

}  // namespace
}  // namespace myfabric::router
