#include "execution/parameter_sets.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::execution {
namespace {

using descriptor::Descriptor;
using descriptor::Kind;
using Step = ParameterSets::Step;

/// Four sets of one integer.
struct FourSets : testing::Test {
    FourSets() {
        bind_parameter(apd, ipd, 1,
                       {SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, values, 0, lengths});
        apd.array_size = 4;
        ipd.array_status_ptr = status;
        ipd.rows_processed_ptr = &processed;
        plan.update(apd, ipd, 1);
        sets.begin(apd, ipd, false);
    }
    Step next() { return sets.next(plan, apd, ipd); }

    SQLINTEGER values[4] = {1, 2, 3, 4};
    SQLLEN lengths[4] = {};
    SQLUSMALLINT status[4] = {};
    SQLULEN processed = 99;
    Descriptor apd{Kind::application_parameter}, ipd{Kind::parameter};
    ParameterPlan plan;
    ParameterSets sets;
};

TEST_F(FourSets, BeginUnused) {
    EXPECT_TRUE(sets.active());
    EXPECT_EQ(0u, processed);
    for (const SQLUSMALLINT each : status) EXPECT_EQ(SQL_PARAM_UNUSED, each);
}

TEST_F(FourSets, GoTogetherAndAreCounted) {
    const Step step = next();
    EXPECT_EQ(Step::Kind::run_many, step.kind);
    EXPECT_EQ(0u, step.set);
    EXPECT_EQ(4u, step.count);
    sets.done(0, 4, 4, ipd);
    EXPECT_EQ(4u, processed);
    EXPECT_EQ(SQL_PARAM_SUCCESS, status[3]);
    EXPECT_EQ(Step::Kind::done, next().kind);
    const auto finished = sets.finish();
    EXPECT_FALSE(finished.all_failed);
    EXPECT_EQ(4, finished.affected);
    EXPECT_FALSE(sets.active());
}

TEST_F(FourSets, NoneIsSuccessfulThatWasRolledBack) {
    next();
    sets.done(0, 2, 2, ipd);
    EXPECT_THROW(sets.failed_together(2, 2, Error(state::serialization_failure), ipd), Error);
    EXPECT_EQ(SQL_PARAM_ERROR, status[0]);
    EXPECT_EQ(SQL_PARAM_ERROR, status[1]);
    EXPECT_EQ(SQL_PARAM_DIAG_UNAVAILABLE, status[2]);
}

TEST_F(FourSets, ADeadlockTakesBackThoseOfItsTransaction) {
    const Error deadlock = Error::from_server("40001", 1213, "deadlock", Cause::transaction);
    for (const bool in_transaction : {true, false}) {
        sets.begin(apd, ipd, in_transaction);
        sets.done(0, 1, 1, ipd);
        EXPECT_THROW(sets.failed(1, deadlock, ipd), Error);
        EXPECT_EQ(in_transaction ? SQL_PARAM_ERROR : SQL_PARAM_SUCCESS, status[0]);
        EXPECT_EQ(SQL_PARAM_ERROR, status[1]);
        EXPECT_EQ(SQL_PARAM_UNUSED, status[2]);
    }
}

TEST_F(FourSets, IgnoredOnesArePassedOver) {
    SQLUSMALLINT operations[4] = {SQL_PARAM_IGNORE, SQL_PARAM_PROCEED, SQL_PARAM_IGNORE,
                                  SQL_PARAM_PROCEED};
    apd.array_status_ptr = operations;
    Step step = next();
    EXPECT_EQ(Step::Kind::run_one, step.kind);
    EXPECT_EQ(1u, step.set);
    EXPECT_EQ(1u, processed);
    sets.done(1, 1, 1, ipd);
    step = next();
    EXPECT_EQ(3u, step.set);
    sets.done(3, 1, 1, ipd);
    EXPECT_EQ(Step::Kind::done, next().kind);
    EXPECT_EQ(SQL_PARAM_UNUSED, status[0]);
    EXPECT_EQ(SQL_PARAM_UNUSED, status[2]);
}

TEST_F(FourSets, WaitForTheirData) {
    lengths[1] = SQL_DATA_AT_EXEC;
    sets.done(0, 1, 1, ipd);
    const Step step = next();
    EXPECT_EQ(Step::Kind::needs_data, step.kind);
    EXPECT_EQ(1u, step.set);
}

TEST_F(FourSets, AFailureOfSeveralIsSoughtWithFewer) {
    sets.failed_together(0, 4, Error(state::general_error), ipd);
    EXPECT_EQ(Step::Kind::run_one, next().kind);
    sets.failed(0, Error(state::general_error, "no"), ipd);
    EXPECT_EQ(SQL_PARAM_ERROR, status[0]);
    EXPECT_EQ(1u, processed);
    sets.done(1, 1, 1, ipd);
    EXPECT_EQ(2u, next().set);
    sets.done(2, 1, 1, ipd);
    sets.done(3, 1, 1, ipd);
    const auto finished = sets.finish();
    EXPECT_FALSE(finished.all_failed);
    ASSERT_EQ(1u, finished.errors.size());
    EXPECT_EQ(1, finished.errors[0].row);
}

TEST_F(FourSets, AllOfThemMayFail) {
    for (std::size_t set = 0; set < 4; ++set) sets.failed(set, Error(state::general_error), ipd);
    EXPECT_TRUE(sets.finish().all_failed);
}

TEST_F(FourSets, TellFailuresBeforeRowsAreLookedAt) {
    sets.failed(0, Error(state::general_error, "no"), ipd);
    Diagnostics diagnostics;
    sets.report_failures(diagnostics);
    EXPECT_EQ(1u, diagnostics.records().size());
    EXPECT_TRUE(sets.finish().errors.empty());
}

TEST_F(FourSets, EndWithTheConnection) {
    sets.failed(0, Error(state::general_error, "no"), ipd);
    try {
        sets.failed(1, Error(state::link_failure, "gone"), ipd);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(2u, error.records().size());
        EXPECT_EQ(2, error.records()[1].row);
    }
    EXPECT_FALSE(sets.active());
}

TEST_F(FourSets, NobodyKnowsWhatBecameOfThoseThatWereLostTogether) {
    EXPECT_THROW(sets.failed_together(0, 2, Error(state::completion_unknown), ipd), Error);
    EXPECT_EQ(SQL_PARAM_DIAG_UNAVAILABLE, status[0]);
    EXPECT_EQ(SQL_PARAM_DIAG_UNAVAILABLE, status[1]);
    EXPECT_EQ(SQL_PARAM_UNUSED, status[2]);
    EXPECT_FALSE(sets.active());
}

TEST_F(FourSets, MayBecomeFewerBetweenTwo) {
    sets.done(0, 1, 1, ipd);
    EXPECT_TRUE(sets.any_left());
    apd.array_size = 1;
    sets.resume(apd);
    EXPECT_FALSE(sets.any_left());
    EXPECT_EQ(Step::Kind::done, next().kind);
}

}  // namespace
}  // namespace myfabric::execution
