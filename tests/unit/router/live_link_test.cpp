#include "router/live_link.h"

#include <gtest/gtest.h>

namespace myfabric::router {
namespace {

using topology::Mode;
using topology::Server;
using topology::ServerMode;
using topology::Status;

Server server(unsigned port, Status status) {
    Server made;
    made.host = "db";
    made.port = port;
    made.status = status;
    made.mode = status == Status::primary ? ServerMode::read_write : ServerMode::read_only;
    return made;
}

TEST(StillGiven, GoesByTheNewestSnapshot) {
    const Server primary = server(1, Status::primary), secondary = server(2, Status::secondary),
                 faulty = server(1, Status::faulty), other = server(2, Status::primary);
    Server contested = faulty;
    contested.contested = true;
    const struct {
        const char* name;
        std::vector<Server> listed;
        Mode mode;
        bool given;  // db:1
    } samples[] = {
        {"it is the primary", {primary, secondary}, Mode::read_write, true},
        {"another is the primary", {other}, Mode::read_write, false},
        {"faulty, and another is the primary", {faulty, other}, Mode::read_write, false},
        {"a failover is going on, and it is listed", {faulty}, Mode::read_write, true},
        {"another one takes writes, too", {contested}, Mode::read_write, false},
        {"a failover is going on, and it is not listed", {secondary}, Mode::read_write, false},
        {"reads go to a primary, too", {primary, secondary}, Mode::read_only, true},
        {"reads do not go to a faulty server", {faulty, other}, Mode::read_only, false},
    };
    for (const auto& sample : samples) {
        topology::Topology snapshot;
        snapshot.groups["g"] = sample.listed;
        EXPECT_EQ(sample.given, still_given(snapshot, "g", sample.mode, "db:1")) << sample.name;
    }
    EXPECT_TRUE(still_given({}, "g", Mode::read_write, "db:1"));  // no such group: no evidence
}

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
