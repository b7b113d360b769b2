#include "execution/session_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/router/fake_servers.h"

namespace myfabric::execution {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A connection to one server, whose session does what it is told.
class SessionChanges : public testing::Test {
protected:
    SessionChanges() : backend(settings()) { backend.connect(); }
    router::Settings settings() {
        router::Settings made;
        made.login.host = "db";
        made.login.port = 1;
        made.login.database = "shop";
        made.log_in = servers.log_in();
        return made;
    }
    /// Runs `sql` and takes over what it did.
    std::string run(const std::string& sql, bool reading = false) {
        const sql::Analysis analysis = sql::analyse(sql, true);
        backend.run(router::Purpose{}, [&](const auto&) { backend.on()->execute(sql); });
        return note_session_changes(analysis, sql, reading, backend);
    }

    router::FakeServers servers;
    router::Backend backend;
};

TEST_F(SessionChanges, SettingsOfLiteralsAreRepeatedAsTheyAre) {
    run("SET sql_mode = 'ANSI'");
    EXPECT_THAT(backend.session().settings, ElementsAre("SET sql_mode = 'ANSI'"));
}

TEST_F(SessionChanges, OfOthersTheValueIsKeptThatTheyGave) {
    run("SET sql_mode = CONCAT(@@sql_mode, ',ANSI')");
    EXPECT_THAT(backend.session().settings,
                ElementsAre("SET SESSION sql_mode='@@SESSION.sql_mode'"));
}

TEST_F(SessionChanges, AutocommitIsWhatTheServerSaysAfterwards) {
    run("SET autocommit=0");
    EXPECT_FALSE(backend.session().autocommit);
    run("SET autocommit=1");
    EXPECT_TRUE(backend.session().autocommit);
}

TEST_F(SessionChanges, TheDatabaseIsAskedFor) {
    servers["db:1"].answers["SELECT DATABASE()"] = "other";
    run("USE other");
    EXPECT_EQ(backend.session().database, "other");
}

TEST_F(SessionChanges, ModesOfTransactionsAreReadBack) {
    servers["db:1"].answers["SELECT CONCAT_WS('\n', @@tx_isolation, @@tx_read_only + 0)"] =
        "READ-COMMITTED\n1";
    run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY");
    EXPECT_EQ(backend.session().isolation, "READ COMMITTED");
    EXPECT_TRUE(backend.session().read_only);
}

TEST_F(SessionChanges, TextsGoOnTravellingAsUtf8mb4) {
    EXPECT_EQ(run("SET NAMES latin1"), "SET NAMES utf8mb4");
    EXPECT_THAT(servers["db:1"].ran, testing::Contains("SET NAMES utf8mb4"));
    EXPECT_EQ(backend.session().settings.back(), "SET NAMES utf8mb4");
}

TEST_F(SessionChanges, WhatCannotBeDoneAgainIsRemembered) {
    const struct {
        const char* sql;
        const char* names;
    } samples[] = {
        {"CREATE TEMPORARY TABLE t (a INT)", "temporary tables"},
        {"LOCK TABLES t READ", "table locks (LOCK TABLES)"},
        {"SELECT GET_LOCK('a', 1)", "user locks (GET_LOCK)"},
        {"SET @a = 1", "user variables"},
        {"SELECT 1", ""},
        {"INSERT INTO t VALUES (1)", ""},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(left_behind(sql::analyse(sample.sql, true)).names(), sample.names) << sample.sql;
    EXPECT_FALSE(backend.has_temporary_tables());
    run("CREATE TEMPORARY TABLE t (a INT)");
    EXPECT_TRUE(backend.has_temporary_tables());
}

TEST_F(SessionChanges, NothingIsAskedWhileRowsAreRead) {
    run("SET sql_mode = 'ANSI'", true);
    EXPECT_THAT(backend.session().settings, IsEmpty());
}

}  // namespace
}  // namespace myfabric::execution
