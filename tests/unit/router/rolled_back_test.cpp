// What a server that ends, or is lost, has surely taken back, and what not.
#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "unit/router/routed.h"

namespace myfabric::router {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr int shutdown = 1053, interrupted = 1317;

/// One plain INSERT: into a table without transactions where its text says so.
Purpose an_insert(std::string_view text) {
    Purpose purpose{Effect::write};
    purpose.text = text;
    purpose.implicitly_rolled_back = [](std::string_view sql, ServerSession& session) {
        session.query_value("ask " + std::string(sql));
        return sql.find("plain") == sql.npos;
    };
    return purpose;
}

Purpose a_call() {
    Purpose purpose{Effect::write};
    purpose.may_commit = purpose.in_parts = purpose.writes_anywhere = true;
    return purpose;
}

class RolledBack : public Routed {
protected:
    RolledBack() { backend(); }

    std::string insert(const std::string& text) { return failure(text, an_insert(text)); }
    /// The primary ends with the next command, which it answers so; h2 takes its place.
    void end_with(int number, Cause cause) {
        servers["h1:3306"].failure = Error::from_server("HY000", number, "ended", cause);
        servers["h1:3306"].ends_with_failure = true;
        script->change(with_primary("h2", "h1"));
    }
    /// Every table of the users' has transactions, or one has none.
    void tables_without_transactions(const char* count) {
        servers["h2:3306"].any_answer = [count](std::string_view sql) {
            return sql.find("information_schema") == sql.npos ? "" : count;
        };
    }
};

TEST_F(RolledBack, AStatementThatAShutdownEndedRunsOnTheNextServer) {
    for (const auto& [number, cause] :
         {std::pair{shutdown, Cause::link_lost}, std::pair{interrupted, Cause::interrupted}}) {
        backend_.reset();
        servers["h1:3306"] = {};
        script->change(with_primary("h1", "h2"));
        script->advance(std::chrono::hours(2));
        backend();
        end_with(number, cause);
        EXPECT_EQ(insert("INSERT " + std::to_string(number)), "") << message;
        EXPECT_EQ(where(), "h2:3306");
        EXPECT_THAT(servers["h2:3306"].ran, Contains("INSERT " + std::to_string(number)));
    }
}

TEST_F(RolledBack, NotWhereAPartMayHaveStayed) {
    end_with(shutdown, Cause::link_lost);
    EXPECT_EQ(insert("INSERT plain"), "40003");
    EXPECT_THAT(servers["h2:3306"].ran, Not(Contains("INSERT plain")));
}

TEST_F(RolledBack, NorWithoutAnAnswer) {
    servers["h1:3306"].failure = lost_link();
    script->change(with_primary("h2", "h1"));
    EXPECT_EQ(insert("INSERT 1"), "40003");
    EXPECT_THAT(servers["h2:3306"].ran, Not(Contains("INSERT 1")));
}

TEST_F(RolledBack, AStatementThatSomebodyKilledIsNotRunAgain) {
    servers["h1:3306"].failure =
        Error::from_server("HY008", interrupted, "interrupted", Cause::interrupted);
    EXPECT_EQ(insert("INSERT 1"), "HY008");
    EXPECT_EQ(where(), "h1:3306");
}

TEST_F(RolledBack, ATransactionIsWhereAllItWroteIs) {
    struct Sample {
        const char* name;
        std::vector<std::pair<std::string, Purpose>> commands;
        const char* without_transactions;
        const char* expected;
    };
    const Sample samples[] = {
        {"reads only", {{"SELECT 1", a_read()}}, "1", "40001"},
        {"a table with transactions", {{"INSERT 1", an_insert("INSERT 1")}}, "1", "40001"},
        {"one without",
         {{"INSERT 1", an_insert("INSERT 1")}, {"INSERT plain", an_insert("INSERT plain")}},
         "1",
         "40003"},
        {"a procedure", {{"CALL p()", a_call()}}, "1", "40003"},
        {"a procedure, and no table is without", {{"CALL p()", a_call()}}, "0", "40001"},
        {"a view, and no table is without",
         {{"INSERT plain", an_insert("INSERT plain")}},
         "0",
         "40001"},
    };
    for (const bool in_flight : {true, false})
        for (const Sample& sample : samples) {
            backend_.reset();
            servers["h1:3306"] = {};
            script->change(with_primary("h1", "h2"));
            script->advance(std::chrono::hours(2));
            tables_without_transactions(sample.without_transactions);
            run("BEGIN", a_write);
            for (const auto& [sql, purpose] : sample.commands) run(sql, purpose);
            script->change(with_primary("h2", "h1"));
            if (in_flight)
                servers["h1:3306"].failure = lost_link();
            else
                servers["h1:3306"].up = false;
            EXPECT_EQ(failure("SELECT 2", a_read()), sample.expected) << sample.name;
            EXPECT_EQ(failure("SELECT 3", a_read()), "") << sample.name;
        }
}

TEST_F(RolledBack, WhatAnEarlierTransactionWroteIsForgotten) {
    tables_without_transactions("1");
    run("BEGIN", a_write);
    run("INSERT plain", an_insert("INSERT plain"));
    backend().end_transaction(true);
    run("BEGIN", a_write);
    servers["h1:3306"].failure = lost_link();
    script->change(with_primary("h2", "h1"));
    EXPECT_EQ(failure("SELECT 1", a_read()), "40001");
}

TEST_F(RolledBack, ManyTextsAreNotKeptAndAllTablesAskedForInstead) {
    for (const char* count : {"0", "1"}) {
        backend_.reset();
        servers["h1:3306"] = {};
        script->change(with_primary("h1", "h2"));
        script->advance(std::chrono::hours(2));
        tables_without_transactions(count);
        run("BEGIN", a_write);
        for (int i = 0; i < 1000; ++i) {
            const std::string sql = "INSERT " + std::to_string(i);
            run(sql, an_insert(sql));
        }
        servers["h1:3306"].failure = lost_link();
        script->change(with_primary("h2", "h1"));
        servers["h2:3306"].ran.clear();
        EXPECT_EQ(failure("SELECT 1", a_read()), *count == '0' ? "40001" : "40003");
        EXPECT_LT(servers["h2:3306"].ran.size(), 10U);
    }
}

TEST_F(RolledBack, AResultThatADemotedServerEndsIsOfAPartThatRan) {
    for (const Cause cause : {Cause::read_only, Cause::not_ready}) {
        const Error refusal = Error::from_server("HY000", 1290, "read-only", cause);
        try {
            backend().result_lost(refusal, backend().connection().get(), a_call());
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "40003");
            EXPECT_THAT(error.message(), HasSubstr("h1:3306 failed or changed its role"));
        }
        EXPECT_EQ(failure("SELECT 1", a_read()), "");
    }
}

}  // namespace
}  // namespace myfabric::router
