#include "router/sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/router/fake_servers.h"

namespace myfabric::router {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class Parked : public testing::Test {
protected:
    Session on(const std::string& address) {
        Session session;
        mysql::Login login;
        login.host = address;
        login.port = 1;
        session.address = address + ":1";
        session.on = servers.log_in()(login);
        return session;
    }
    Session with_tables(const std::string& address) {
        Session session = on(address);
        session.unrestorable.temporary_tables = true;
        return session;
    }

    FakeServers servers;
    ParkedSessions parked;
};

TEST_F(Parked, SessionsAreTakenWithAllThatTheyHold) {
    Session session = with_tables("a");
    session.state.database = "d";
    session.reached = "0-1-7";
    session.has_insert_id = true;
    EXPECT_THAT(parked.park(std::move(session), 8), IsEmpty());
    EXPECT_TRUE(parked.has("a:1"));
    EXPECT_TRUE(parked.any_unrestorable());
    EXPECT_EQ(parked.take("b:1", 60s), std::nullopt);
    const std::optional<Session> taken = parked.take("a:1", 60s);
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->state.database, "d");
    EXPECT_EQ(taken->reached, "0-1-7");
    EXPECT_TRUE(taken->has_insert_id);
    EXPECT_TRUE(taken->unrestorable.temporary_tables);
    EXPECT_FALSE(parked.has("a:1"));
}

TEST_F(Parked, TheOldestGoesWhenThereAreTooMany) {
    parked.park(on("a"), 2);
    parked.park(on("b"), 2);
    EXPECT_THAT(parked.park(on("c"), 2), IsEmpty());
    EXPECT_THAT(parked.addresses(), ElementsAre("b:1", "c:1"));
}

TEST_F(Parked, WhatHoldsStateGoesLastAndIsNamed) {
    parked.park(with_tables("a"), 2);
    parked.park(on("b"), 2);
    EXPECT_THAT(parked.park(on("c"), 2), IsEmpty());
    EXPECT_THAT(parked.addresses(), ElementsAre("a:1", "c:1"));
    parked.clear();
    parked.park(with_tables("a"), 1);
    EXPECT_THAT(parked.park(with_tables("b"), 1),
                ElementsAre("leaving a:1 loses its temporary tables"));
    EXPECT_THAT(parked.addresses(), ElementsAre("b:1"));
}

TEST_F(Parked, NothingIsKeptInATransaction) {
    Session session = with_tables("a");
    session.on->execute("BEGIN");
    EXPECT_THAT(parked.park(std::move(session), 8),
                ElementsAre("leaving a:1 loses its temporary tables"));
    EXPECT_THAT(parked.addresses(), IsEmpty());
}

TEST_F(Parked, ThoseThatDiedAreReportedOnce) {
    parked.park(with_tables("a"), 8);
    parked.park(on("b"), 8);
    servers["a:1"].up = false;
    EXPECT_EQ(parked.take("a:1", 60s), std::nullopt);
    EXPECT_TRUE(parked.any_lost());
    EXPECT_EQ(parked.take_lost().names(), "temporary tables");
    EXPECT_FALSE(parked.any_lost());
    EXPECT_TRUE(parked.has("b:1"));
}

TEST_F(Parked, AfterTheTimeoutOnlyWhatHoldsStateIsLeft) {
    parked.park(on("a"), 8);
    parked.park(with_tables("b"), 8);
    EXPECT_EQ(parked.take("a:1", -1s), std::nullopt);
    EXPECT_NE(parked.take("b:1", -1s), std::nullopt);
}

}  // namespace
}  // namespace myfabric::router
