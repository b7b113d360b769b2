#include "router/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/router/routed.h"

namespace myfabric::router {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::SizeIs;
using topology::Mode;
using topology::Status;

TEST_F(Routed, CommandsRunOnThePrimary) {
    run("INSERT 1", a_write);
    EXPECT_EQ(where(), "h1:3306");
    EXPECT_EQ(backend().here()->group, "g");
    EXPECT_THAT(servers["h1:3306"].ran, Contains("INSERT 1"));
    EXPECT_EQ(servers["h2:3306"].logins, 0);
}

TEST_F(Routed, AReadRunsAgainOnTheNewPrimary) {
    run("SELECT 1", a_read());
    servers["h1:3306"].failure = lost_link();
    script->change(with_primary("h2", "h1"));
    EXPECT_EQ(failure("SELECT 2", a_read()), "");
    EXPECT_EQ(where(), "h2:3306");
    EXPECT_THAT(servers["h2:3306"].ran, Contains("SELECT 2"));
    EXPECT_EQ(backend().counters().retries, 1u);
    EXPECT_EQ(backend().counters().moves, 1u);
    EXPECT_THAT(backend().take_notices(),
                ElementsAre("the connection moved from h1:3306 to h2:3306"));
}

TEST_F(Routed, AnErrorOfTheStatementIsReturnedOrThrownAsTheBodyDoes) {
    const Error wrong = Error::from_server("42000", 1064, "wrong");
    int runs = 0;
    const auto body = [&](const auto&) -> Outcome<int> {
        ++runs;
        return wrong;
    };
    const auto thrower = [&](const auto&) -> Outcome<int> {
        ++runs;
        throw wrong;
    };
    Outcome<int> returned = backend().try_run(a_read(), body);
    ASSERT_TRUE(returned.failed());
    EXPECT_EQ(returned.error().native(), 1064);
    EXPECT_EQ(backend().try_run(a_read(), thrower).error().native(), 1064);
    EXPECT_THROW(backend().run(a_read(), thrower), Error);
    EXPECT_EQ(runs, 3) << "none ran again";
    EXPECT_EQ(backend().counters().retries, 0u);
    EXPECT_THROW(std::move(returned).take(), Error);
}

TEST_F(Routed, AReturnedErrorOfTheLinkIsRecoveredFromAsAThrownOne) {
    const auto outcome_of = [&](const Purpose& purpose, const char* sql) {
        return backend().try_run(purpose, [&](const auto&) -> Outcome<int> {
            try {
                backend().on()->execute(sql);
                return 1;
            } catch (const Error& error) {
                return error;
            }
        });
    };
    run("SELECT 0", a_read());
    servers["h1:3306"].failure = lost_link();
    script->change(with_primary("h2", "h1"));
    EXPECT_EQ(outcome_of(a_read(), "SELECT 1").take(), 1);
    EXPECT_EQ(where(), "h2:3306");
    EXPECT_EQ(backend().counters().retries, 1u);
    servers["h2:3306"].failure = lost_link();
    try {
        const auto lost = outcome_of(a_write, "INSERT 1");
        ADD_FAILURE() << "what is to be reported otherwise is thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "40003");
    }
}

TEST_F(Routed, AWriteWithoutAnAnswerDoesNotRunTwice) {
    run("INSERT 1", a_write);
    servers["h1:3306"].failure = lost_link();
    EXPECT_EQ(failure("INSERT 2", a_write), "40003");
    EXPECT_THAT(message, HasSubstr("h1:3306"));
    EXPECT_EQ(std::ranges::count(servers["h1:3306"].ran, "INSERT 2"), 1);
    EXPECT_EQ(failure("INSERT 3", a_write), "") << "the connection is usable again";
}

TEST_F(Routed, AWriteThatAReplacedPrimaryRefusesRunsOnTheNewOne) {
    run("INSERT 1", a_write);
    servers["h1:3306"].failure = refused();
    script->change(with_primary("h2", "h1"));
    EXPECT_EQ(failure("INSERT 2", a_write), "");
    EXPECT_THAT(servers["h2:3306"].ran, Contains("INSERT 2"));
}

TEST_F(Routed, TransactionsThatAreLostAreReportedAndNotRepeated) {
    run("BEGIN", a_write);
    servers["h1:3306"].failure = lost_link();
    EXPECT_EQ(failure("INSERT 1", a_write), "40001");
    run("BEGIN", a_write);
    servers["h1:3306"].failure = lost_link();
    try {
        backend().end_transaction(true);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "08007");
    }
    run("BEGIN", a_write);
    servers["h1:3306"].failure = lost_link();
    backend().end_transaction(false);  // a rollback has come about
    EXPECT_FALSE(backend().in_transaction());
}

TEST_F(Routed, EndingATransactionInWhichNothingRanAsksNoServer) {
    run("INSERT 1", a_write);
    backend().end_transaction(true);
    const auto asked = [&] { return servers["h1:3306"].ran.size(); };
    const std::size_t before = asked();
    backend().end_transaction(true);
    backend().end_transaction(false);
    EXPECT_EQ(asked(), before);
    run("SELECT 1", a_read());  // locks what it names until the transaction ends
    backend().end_transaction(true);
    EXPECT_EQ(asked(), before + 2);
}

TEST_F(Routed, AFarmThatTakesThePrimaryAwayEndsItsTransaction) {
    settings.max_age = std::chrono::seconds(0);
    script->topology.ttl = std::chrono::seconds(0);
    run("BEGIN", a_write);
    script->change(with_primary("h2", "h1"));
    settings.farm->refresh(*settings.farm->topology());
    EXPECT_EQ(failure("INSERT 1", a_write), "40001");
    EXPECT_THAT(message, HasSubstr("the farm no longer gives h1:3306 for group 'g'"));
    EXPECT_EQ(failure("INSERT 2", a_write), "");
    EXPECT_EQ(where(), "h2:3306");
}

TEST_F(Routed, AHintLeadsElsewhereForOneCommand) {
    run("SELECT 1", a_read());
    topology::Target hinted;
    hinted.group = "other";
    Purpose with_hint = a_read();
    with_hint.target = &hinted;
    run("SELECT 2", with_hint);
    EXPECT_EQ(where(), "h3:3306");
    EXPECT_THAT(backend().parked_servers(), ElementsAre("h1:3306"));
    run("SELECT 3", a_read());
    EXPECT_EQ(where(), "h1:3306");
    EXPECT_EQ(backend().counters().logins, 2u);
    EXPECT_EQ(backend().counters().parked_taken, 1u);
    run("BEGIN", a_write);
    EXPECT_EQ(failure("SELECT 4", with_hint), "25000");
    EXPECT_EQ(failure("SELECT 5", a_read()), "");
}

TEST_F(Routed, OneMoreGroupThanSessionsAreParkedInTurnTakesNoMoreLogins) {
    settings.parked_servers = 2;
    script->topology.groups["third"] = {server("third", "h4", topology::Status::primary)};
    for (int turn = 0; turn < 3; ++turn)
        for (const char* group : {"g", "other", "third"}) {
            topology::Target target;
            target.group = group;
            backend().set_target(target);
            run("INSERT 1", a_write);
        }
    EXPECT_EQ(backend().counters().logins, 3u);
    EXPECT_EQ(backend().counters().parked_taken, 6u);
    EXPECT_EQ(backend().parked_servers().size(), 2u);
}

TEST_F(Routed, AParkedSessionIsNotTakenOfAServerThatTheFarmHasReplaced) {
    topology::Target other;
    other.group = "other";
    const topology::Target own = settings.target;
    run("INSERT 1", a_write);
    backend().set_target(other);
    run("INSERT 2", a_write);
    script->topology = with_primary("h2", "h1");
    settings.farm->refresh(*settings.farm->topology());
    backend().set_target(own);
    run("INSERT 3", a_write);
    EXPECT_EQ(where(), "h2:3306");
    EXPECT_EQ(backend().counters().parked_taken, 0u);
}

TEST_F(Routed, AutomaticModeReadsOnSecondariesOnceTheyHaveOwnWrites) {
    settings.target.mode = Mode::automatic;
    servers["h1:3306"].position = "0-1-5";
    run("INSERT 1", a_write);
    EXPECT_EQ(where(), "h1:3306");
    run("SELECT 1", a_read());
    EXPECT_EQ(where(), "h2:3306");
    EXPECT_THAT(servers["h2:3306"].ran, Contains("WAIT 0-1-5"));
    servers["h1:3306"].position = "0-1-6";
    servers["h2:3306"].has_caught_up = false;
    run("INSERT 2", a_write);
    run("SELECT 2", a_read());
    EXPECT_EQ(where(), "h1:3306") << "the secondary lags";
}

TEST_F(Routed, AReadAfterAWriteIsOneTurnWhereServersTellAndTakeConditions) {
    settings.target.mode = Mode::automatic;
    for (const char* address : {"h1:3306", "h2:3306"}) servers[address].takes_conditions = true;
    servers["h1:3306"].tracked = "0-1-5";
    servers["h1:3306"].position = "not asked for";
    run("INSERT 1", a_write);
    servers["h2:3306"].ran.clear();
    run("SELECT 1", a_read());
    EXPECT_EQ(where(), "h2:3306");
    EXPECT_THAT(servers["h2:3306"].ran, IsSupersetOf({"AHEAD WAIT 0-1-5", "SELECT 1"}));
    EXPECT_THAT(servers["h2:3306"].ran, Not(Contains("WAIT 0-1-5")));
    // The secondary says no: the read has run on the primary, once, and nobody asks it for a while.
    servers["h1:3306"].tracked = "0-1-6";
    servers["h2:3306"].has_caught_up = false;
    run("INSERT 2", a_write);
    servers["h1:3306"].ran.clear();
    servers["h2:3306"].ran.clear();
    run("SELECT 2", a_read());
    EXPECT_EQ(where(), "h1:3306");
    EXPECT_THAT(servers["h1:3306"].ran, ElementsAre("SELECT 2"));
    EXPECT_THAT(servers["h2:3306"].ran, ElementsAre("AHEAD WAIT 0-1-6"));
    run("SELECT 3", a_read());
    EXPECT_THAT(servers["h2:3306"].ran, SizeIs(1));
    EXPECT_EQ(backend().counters().logins, 2u) << "the session was kept";
    EXPECT_EQ(backend().counters().retries, 0u);
}

TEST_F(Routed, AQuestionThatNoCommandHasAnsweredIsAnsweredBeforeAnotherUse) {
    settings.target.mode = Mode::automatic;
    servers["h2:3306"].takes_conditions = true;
    servers["h1:3306"].tracked = "0-1-5";
    run("INSERT 1", a_write);
    servers["h2:3306"].has_caught_up = false;
    backend().run(a_read(), [](const auto&) {});  // sends nothing: it is prepared already, say
    EXPECT_EQ(where(), "h2:3306");
    EXPECT_EQ(failure("SET 1", {Effect::read}), "");
    EXPECT_EQ(where(), "h1:3306");
    run("SELECT 1", a_read());
    EXPECT_EQ(where(), "h1:3306") << "it lags";
    EXPECT_THAT(servers["h2:3306"].ran, Not(Contains("SELECT 1")));
}

TEST_F(Routed, APositionThatIsNotToldAfterAWriteIsAskedFor) {
    settings.target.mode = Mode::automatic;
    servers["h1:3306"].tracked = "0-1-5";
    run("INSERT 1", a_write);
    servers["h1:3306"].tracked.clear();
    servers["h1:3306"].position = "0-1-7";
    run("UPDATE 1", a_write);
    run("SELECT 1", a_read());
    EXPECT_THAT(servers["h2:3306"].ran, Contains("WAIT 0-1-7"));
    // Inside a transaction nothing is final.
    servers["h1:3306"].tracked = "0-1-8";
    run("BEGIN", a_write);
    run("INSERT 2", a_write);
    servers["h1:3306"].tracked.clear();
    servers["h1:3306"].position = "0-1-9";
    run("COMMIT", a_write);
    run("SELECT 2", a_read());
    EXPECT_THAT(servers["h2:3306"].ran, Contains("WAIT 0-1-9"));
    EXPECT_THAT(servers["h2:3306"].ran, Not(Contains("WAIT 0-1-8")));
}

TEST_F(Routed, TheSessionFollowsToEveryServer) {
    backend().change_session([](SessionState& state) {
        state.autocommit = false;
        state.isolation = "SERIALIZABLE";
    });
    backend().note_session([](SessionState& state) { state.remember("SET sql_mode='ANSI'"); });
    servers["h1:3306"].up = false;
    script->change(with_primary("h2", "h1"));
    run("SELECT 1", a_read());
    EXPECT_THAT(servers["h2:3306"].ran, Contains("SET sql_mode='ANSI'"));
    EXPECT_THAT(servers["h2:3306"].ran,
                Contains("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE"));
    EXPECT_FALSE(backend().on()->autocommit());
    EXPECT_EQ(backend().session().database, "shop");
}

TEST_F(Routed, AServerThatDoesNotKnowSessionTrackingIsEntered) {
    servers["h1:3306"].failure =
        Error::from_server("HY000", 1193, "unknown system variable", Cause::statement);
    EXPECT_EQ((backend(), where()), "h1:3306");
    EXPECT_THAT(servers["h1:3306"].ran[0], HasSubstr("session_track_state_change=1"));
    EXPECT_THAT(servers["h1:3306"].ran[1], Not(HasSubstr("session_track")));
}

TEST_F(Routed, WhatCannotBeRestoredIsNamedWhenItIsLost) {
    Unrestorable tables;
    tables.temporary_tables = true;
    backend().note_unrestorable(tables);
    servers["h1:3306"].failure = lost_link();
    EXPECT_EQ(failure("SELECT 1", a_read()), "08S01");
    EXPECT_THAT(message, HasSubstr("temporary tables"));
    EXPECT_EQ(failure("SELECT 1", a_read()), "");
}

TEST_F(Routed, TheLastInsertIdOfALostSessionIsNoAnswer) {
    run("INSERT 1", a_write);
    servers["h1:3306"].failure = lost_link();
    EXPECT_EQ(failure("SELECT 1", a_read()), "");
    Purpose asks{Effect::write};
    asks.asks_insert_id = true;
    EXPECT_EQ(failure("SELECT LAST_INSERT_ID()", asks), "08S01");
    EXPECT_EQ(failure("SELECT LAST_INSERT_ID()", asks), "");
}

TEST_F(Routed, NoTargetChangesInATransaction) {
    run("BEGIN", a_write);
    topology::Target other;
    other.group = "other";
    try {
        backend().set_target(other);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "HY011");
    }
    try {
        backend().switch_target(other);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "25000");
    }
    backend().end_transaction(true);
    backend().set_target(other);
    EXPECT_EQ(where(), "h1:3306") << "until the next command";
    run("SELECT 1", a_read());
    EXPECT_EQ(where(), "h3:3306");
    EXPECT_EQ(backend().counters().switches, 1u);
}

TEST_F(Routed, FailingOverLeavesTheServer) {
    settings.target.mode = Mode::read_only;
    EXPECT_EQ((backend(), where()), "h2:3306");
    backend().fail_over();
    EXPECT_EQ(where(), "h1:3306");
    settings.target.mode = Mode::read_write;
    backend_.reset();
    backend();
    try {
        backend().fail_over();
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "08004");
        EXPECT_THAT(error.message(), HasSubstr("other than h1:3306"));
    }
    EXPECT_EQ(failure("INSERT 1", a_write), "") << "the session is as it was";
}

TEST_F(Routed, EveryServerThatWasTriedIsInTheError) {
    settings.target.mode = Mode::read_only;
    settings.attempts = 1;
    servers["h1:3306"].up = servers["h2:3306"].up = false;
    try {
        backend();
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "08001");
        EXPECT_THAT(error.message(), HasSubstr("h1:3306: nobody answers"));
        EXPECT_THAT(error.message(), HasSubstr("h2:3306: nobody answers"));
        EXPECT_EQ(error.records().size(), 3u);
    }
    EXPECT_TRUE(settings.farm->is_quarantined("h1:3306"));
}

TEST_F(Routed, WhatAttributesChoseOutlivesTheConnection) {
    backend().change_session([](SessionState& state) { state.autocommit = false; });
    backend().note_session([](SessionState& state) { state.database = "elsewhere"; });
    backend_.reset();
    EXPECT_FALSE((backend(), backend().session().autocommit));
    EXPECT_FALSE(backend().on()->autocommit());
    EXPECT_EQ(backend().session().database, "shop") << "SQL text chose nothing for ever";
}

TEST_F(Routed, AResetBringsBackWhatConnectingMade) {
    backend().change_session([](SessionState& state) { state.autocommit = false; });
    topology::Target other;
    other.group = "other";
    run("INSERT 1", a_write);
    backend().reset();
    EXPECT_TRUE(backend().session().autocommit);
    EXPECT_TRUE(backend().on()->autocommit());
    EXPECT_FALSE(backend().in_transaction());
    EXPECT_THAT(servers["h1:3306"].ran, Contains("RESET"));
    EXPECT_EQ(servers["h1:3306"].logins, 1);
}

TEST_F(Routed, RowsThatAreLostAreReportedByWhatTheyMayHaveDone) {
    backend();
    Purpose several = a_write;
    several.has_more_statements = true;
    const struct {
        Purpose purpose;
        bool transaction;
        const char* state;
    } samples[] = {
        {a_read(), false, "08S01"}, {several, false, "40003"}, {a_read(), true, "40001"}};
    for (const auto& sample : samples) {
        run(sample.transaction ? "BEGIN" : "SELECT 1", a_write);
        try {
            backend().result_lost(lost_link(), nullptr, sample.purpose);
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), sample.state);
        }
        EXPECT_EQ(failure("SELECT 2", a_read()), "");
    }
}

TEST_F(Routed, AloneServerIsTriedOnceAtFirst) {
    settings.farm = nullptr;
    settings.target = {};
    settings.login.host = "alone";
    settings.login.port = 1;
    servers["alone:1"].up = false;
    EXPECT_THROW(backend(), Error);
    EXPECT_EQ(servers["alone:1"].logins, 1);
    backend_.reset();
    servers["alone:1"].up = true;
    run("SELECT 1", a_read());
    EXPECT_EQ(where(), "alone:1");
    servers["alone:1"].failure = lost_link();
    EXPECT_EQ(failure("SELECT 2", a_read()), "") << "connected again";
    EXPECT_THAT(backend().take_notices(), IsEmpty());
}

}  // namespace
}  // namespace myfabric::router
