#include "router/failure_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace myfabric::router {
namespace {

using testing::HasSubstr;

Error lost_link() {
    return Error::from_server("08S01", 2013, "lost connection", Cause::link_lost);
}

TEST(FailureReport, HasAStateAndTheServerForEachDecision) {
    const struct {
        Next next;
        const char* state;
        const char* says;
    } samples[] = {
        {Next::transaction_lost, "40001", "run it again"},
        {Next::outcome_unknown, "40003", "whole or in part, is unknown"},
        {Next::commit_unknown, "08007", "lost during COMMIT"},
        {Next::state_lost, "08S01", "the connection is usable again"},
    };
    for (const auto& sample : samples) {
        const Error error = failure_report(sample.next, lost_link(), "h1:3306", "", 1);
        EXPECT_EQ(error.state(), sample.state);
        EXPECT_EQ(error.native(), 2013) << sample.state;
        EXPECT_THAT(error.message(), HasSubstr(sample.says));
        EXPECT_THAT(error.message(), HasSubstr("h1:3306"));
        ASSERT_EQ(error.records().size(), 2u) << sample.state;
        EXPECT_EQ(error.records()[1].message, "lost connection");
        EXPECT_THAT(failure_report(sample.next, lost_link(), "h", "temporary tables", 1).message(),
                    HasSubstr(", and with it temporary tables"));
    }
    EXPECT_THAT(failure_report(Next::retry, lost_link(), "h", "", 3).message(),
                HasSubstr("failed on 3 servers"));
}

TEST(FailureReport, OfATransactionSaysWhatNoRollbackTakesBack) {
    EXPECT_EQ(transaction_lost("the link is gone", false).state(), "40001");
    const Error partly = transaction_lost("the link is gone", true);
    EXPECT_EQ(partly.state(), "40003");
    EXPECT_THAT(partly.message(), HasSubstr("engine without transactions"));
}

TEST(FailureReport, OfAWaitThatWasEndedSaysByWhat) {
    using Broken = LiveLink::Broken;
    EXPECT_EQ(wait_ended(Broken::cancelled, lost_link(), "h").state(), "HY008");
    EXPECT_EQ(wait_ended(Broken::query_timeout, lost_link(), "h").state(), "HYT00");
    EXPECT_EQ(wait_ended(Broken::connection_timeout, lost_link(), "h").state(), "HYT01");
}

TEST(FailureReport, OfLostRowsGoesByWhatMayHaveHappened) {
    const struct {
        const char* name;
        LostResult lost;
        const char* state;
    } samples[] = {
        {"rows of a query", {}, "08S01"},
        {"rows of several statements", {.has_more_statements = true}, "40003"},
        {"in a transaction", {.in_transaction = true}, "40001"},
        {"that wrote what stays", {.in_transaction = true, .untransactional = true}, "40003"},
        {"that may have ended", {.in_transaction = true, .may_have_ended_it = true}, "08007"},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(result_lost(sample.lost, lost_link(), "h").state(), sample.state) << sample.name;
}

TEST(FailureReport, NamesEachServerThatWasTriedOnce) {
    std::vector<Record> records = lost_link().records();
    records.push_back(records.front());
    records.push_back(records.front());
    records[1].message = "another reason";
    const Error error =
        unreachable(state::link_failure, "no server of group 'g' can be reached", 3, records, "");
    EXPECT_EQ(error.state(), "08S01");
    EXPECT_EQ(error.message(),
              "no server of group 'g' can be reached after 3 attempts: lost connection; another "
              "reason");
    EXPECT_EQ(error.records().size(), 4u);
}

TEST(FailureReport, LetsAFullServerSpeakForItself) {
    std::vector<Record> records = lost_link().records();
    records.push_back(records.front());
    records[1].message = "too many connections";
    records[1].cause = Cause::turned_away;
    EXPECT_EQ(unreachable(state::link_failure, "x", 1, records, "").message(),
              "too many connections");
}

TEST(FailureReport, IsATimeoutWhereEveryTryWasTooSlow) {
    std::vector<Record> records = lost_link().records();
    records[0].state = "HYT00";
    EXPECT_EQ(unreachable(state::unable_to_connect, "x", 1, records, "").state(), "HYT00");
}

}  // namespace
}  // namespace myfabric::router
