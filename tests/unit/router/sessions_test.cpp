#include "router/sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "unit/router/fake_servers.h"

namespace myfabric::router {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class Parked : public testing::Test {
protected:
    std::unique_ptr<Session> on(const std::string& address) {
        auto session = std::make_unique<Session>();
        mysql::Login login;
        login.host = address;
        login.port = 1;
        session->address = address + ":1";
        session->on = servers.log_in()(login);
        return session;
    }
    std::unique_ptr<Session> with_tables(const std::string& address) {
        auto session = on(address);
        session->unrestorable.temporary_tables = true;
        return session;
    }

    FakeServers servers;
    ParkedSessions parked;
};

TEST_F(Parked, SessionsAreTakenWithAllThatTheyHold) {
    auto session = with_tables("a");
    session->state.database = "d";
    session->reached = "0-1-7";
    session->has_insert_id = true;
    EXPECT_EQ(parked.park(std::move(session)), std::nullopt);
    EXPECT_THAT(parked.addresses(), ElementsAre("a:1"));
    EXPECT_TRUE(parked.any_unrestorable());
    EXPECT_EQ(parked.take("b:1"), nullptr);
    const std::unique_ptr<Session> taken = parked.take("a:1");
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->state.database, "d");
    EXPECT_EQ(taken->reached, "0-1-7");
    EXPECT_TRUE(taken->has_insert_id);
    EXPECT_TRUE(taken->unrestorable.temporary_tables);
    EXPECT_THAT(parked.addresses(), IsEmpty());
}

TEST_F(Parked, TheOldestGoesWhenThereAreTooMany) {
    for (const char* address : {"a", "b", "c"}) parked.park(on(address));
    EXPECT_THAT(parked.keep(2), IsEmpty());
    EXPECT_THAT(parked.addresses(), ElementsAre("b:1", "c:1"));
}

TEST_F(Parked, WhatHoldsStateGoesLastAndIsNamed) {
    parked.park(with_tables("a"));
    parked.park(on("b"));
    parked.park(on("c"));
    EXPECT_THAT(parked.keep(2), IsEmpty());
    EXPECT_THAT(parked.addresses(), ElementsAre("a:1", "c:1"));
    parked.clear();
    parked.park(with_tables("a"));
    parked.park(with_tables("b"));
    EXPECT_THAT(parked.keep(1), ElementsAre("leaving a:1 loses its temporary tables"));
    EXPECT_THAT(parked.addresses(), ElementsAre("b:1"));
}

TEST_F(Parked, NothingIsKeptInATransaction) {
    auto session = with_tables("a");
    session->on->execute("BEGIN");
    EXPECT_EQ(parked.park(std::move(session)), "leaving a:1 loses its temporary tables");
    EXPECT_THAT(parked.addresses(), IsEmpty());
}

TEST_F(Parked, ThoseThatDiedAreReportedOnce) {
    parked.park(with_tables("a"));
    parked.park(on("b"));
    servers["a:1"].up = false;
    EXPECT_EQ(parked.take("a:1"), nullptr);
    EXPECT_TRUE(parked.any_lost());
    EXPECT_EQ(parked.take_lost().names(), "temporary tables");
    EXPECT_FALSE(parked.any_lost());
    EXPECT_THAT(parked.addresses(), ElementsAre("b:1"));
}

TEST_F(Parked, OnlyTheLinksOfThoseThatHoldStateAreLookedAtBeforeOneIsTaken) {
    parked.park(on("a"));
    parked.park(with_tables("b"));
    parked.park(on("c"));
    servers["a:1"].up = servers["b:1"].up = false;
    parked.end_old(60s);
    EXPECT_NE(parked.take("c:1"), nullptr);
    EXPECT_TRUE(parked.any_lost());
    EXPECT_THAT(parked.addresses(), ElementsAre("a:1"));
    EXPECT_EQ(parked.take("a:1"), nullptr);
    EXPECT_THAT(parked.addresses(), IsEmpty());
}

TEST_F(Parked, AfterTheTimeoutOnlyWhatHoldsStateIsLeft) {
    parked.park(on("a"));
    parked.park(with_tables("b"));
    parked.end_old(-1s);
    EXPECT_THAT(parked.addresses(), ElementsAre("b:1"));
}

}  // namespace
}  // namespace myfabric::router
