#include "router/live_link.h"

#include <gtest/gtest.h>

namespace myfabric::router {
namespace {

TEST(LiveLink, KnowsNoServerBeforeThereIsOne) {
    const auto link = std::make_shared<LiveLink>();
    EXPECT_FALSE(link->usable());
    EXPECT_FALSE(link->here());
    link->cancel();  // nothing to stop
    link->break_link(LiveLink::Broken::cancelled);
    EXPECT_EQ(LiveLink::Broken::no, link->broken());
}

TEST(LiveLink, LooksAtCallsThatGoOn) {
    const auto link = std::make_shared<LiveLink>();
    const auto now = LiveLink::Clock::now();
    EXPECT_FALSE(link->look(now));
    link->begin_call();
    EXPECT_TRUE(link->look(now));
    link->end_call();
    EXPECT_FALSE(link->look(now));
}

TEST(LiveLink, TellsThatTheQueryLimitWasReached) {
    const auto link = std::make_shared<LiveLink>();
    const auto now = LiveLink::Clock::now();
    link->begin_call();
    link->begin_query_limit(std::chrono::seconds(2));
    link->look(now);
    link->look(now + std::chrono::seconds(1));
    EXPECT_FALSE(link->end_query_limit());
    link->begin_query_limit(std::chrono::seconds(2));
    link->look(now + std::chrono::seconds(3));
    EXPECT_TRUE(link->end_query_limit());
    EXPECT_FALSE(link->end_query_limit());
    link->end_call();
}

}  // namespace
}  // namespace myfabric::router
