// Nothing goes by an old map of the farm, and who waits for a new one goes on as soon as it is
// there.
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <thread>

#include "unit/router/routed.h"

namespace myfabric::router {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using topology::Mode;

/// The snapshot's TTL is a second.
class OldMaps : public Routed {
protected:
    OldMaps() { script->topology.ttl = 1s; }
};

TEST_F(OldMaps, TheFirstWriteAfterIdlingGoesToTheNewPrimary) {
    const char* primary = "h1";
    for (const auto idle : {std::chrono::seconds(6), 30s, std::chrono::seconds(10min)}) {
        run("INSERT 'before'", a_write);
        ASSERT_EQ(where(), std::string(primary) + ":3306");
        const char* old = std::exchange(primary, primary == std::string("h1") ? "h2" : "h1");
        script->change(with_primary(primary, old));
        script->advance(idle);
        run("INSERT " + std::to_string(idle.count()), a_write);
        EXPECT_EQ(where(), std::string(primary) + ":3306") << idle.count();
    }
}

TEST_F(OldMaps, NobodyWaitsForAnotherMapBeforeFabricMaxAge) {
    run("INSERT 1", a_write);
    script->change(with_primary("h2", "h1"));
    script->go_down();
    script->advance(5s);
    EXPECT_EQ(failure("INSERT 2", a_write), "");
    EXPECT_EQ(where(), "h1:3306");
}

TEST_F(OldMaps, AFarmThatIsDownStopsNoWrites) {
    run("INSERT 1", a_write);
    script->go_down();
    script->advance(1h);
    EXPECT_EQ(failure("INSERT 2", a_write), "");
}

TEST_F(OldMaps, EndingATransactionConcernsItsSessionWhateverTheFarmSays) {
    for (const bool commit : {true, false}) {
        run("BEGIN", a_write);
        run("INSERT 1", a_write);
        script->change(with_primary("h2", "h1"));
        script->go_down();
        script->advance(1h);
        backend().end_transaction(commit);
        EXPECT_EQ(where(), "h1:3306");
        EXPECT_FALSE(backend().in_transaction());
    }
    EXPECT_THAT(servers["h1:3306"].ran, Contains("COMMIT"));
    EXPECT_THAT(servers["h1:3306"].ran, Contains("ROLLBACK"));
}

TEST_F(OldMaps, AStatementThatAReplacedPrimaryRefusesWaitsForTheFarmAndNotForAttemptDelay) {
    settings.attempt_delay = 600;
    run("INSERT 1", a_write);
    servers["h1:3306"].failure = refused();
    auto waiting = std::async(std::launch::async, [&] { return failure("INSERT 2", a_write); });
    const auto waits = waiting.wait_for(100ms);
    EXPECT_EQ(waits, std::future_status::timeout) << "the farm has no other primary yet";
    script->change(with_primary("h2", "h1"));
    EXPECT_EQ(waiting.wait_for(20s), std::future_status::ready);
    EXPECT_EQ(waiting.get(), "");
    EXPECT_EQ(where(), "h2:3306");
}

TEST_F(OldMaps, AConnectionWithoutAnyServerWaitsForTheFarmAndNotForAttemptDelay) {
    settings.attempt_delay = 600;
    run("INSERT 1", a_write);
    servers["h1:3306"].up = servers["h2:3306"].up = false;
    auto waiting = std::async(std::launch::async, [&] { return failure("SELECT 2", a_read()); });
    EXPECT_EQ(waiting.wait_for(100ms), std::future_status::timeout);
    script->change(with_primary("h3", "h1"));
    EXPECT_EQ(waiting.wait_for(20s), std::future_status::ready);
    EXPECT_EQ(waiting.get(), "");
    EXPECT_EQ(where(), "h3:3306");
}

TEST_F(OldMaps, APrimaryThatTakesNoWritesForAllAttemptsIsTold) {
    for (const Mode mode : {Mode::read_write, Mode::read_only}) {
        settings.target.mode = mode;
        settings.attempts = 1;
        Backend connection(settings);
        connection.connect();
        const std::string at = connection.here()->server.address();
        servers[at].failure = refused();
        try {
            connection.run(a_write, [&](const auto&) { connection.on()->execute("INSERT 1"); });
            ADD_FAILURE();
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), mode == Mode::read_write ? "08S01" : "HY000");
            EXPECT_EQ(error.native(), 1290);
            if (mode == Mode::read_write) {
                EXPECT_THAT(error.message(), HasSubstr(at + " takes no writes now"));
            }
        }
    }
}

}  // namespace
}  // namespace myfabric::router
