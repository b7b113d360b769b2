#include "execution/current_result.h"

#include <gtest/gtest.h>

#include "fake_executor.h"

namespace myfabric::execution {
namespace {

std::unique_ptr<results::Results> two_sets() {
    return std::make_unique<results::MemoryResults>(std::vector<results::MemorySet>{
        {{integer_column("a")}, {{{"1"}}, {{"2"}}}}, {{integer_column("b")}, {{{"3"}}}}});
}

/// Fails at its first row, as a stream does whose link is lost.
class LostResults : public results::Results {
public:
    LostResults() { columns_ = results::shared({integer_column("a")}); }
    bool next_row() override { throw Error::from_server("08S01", 2013, "gone", Cause::link_lost); }
    bool next_result() override {
        throw Error::from_server("08S01", 2013, "gone", Cause::link_lost);
    }
};

TEST(CurrentResult, CountsAreAResult) {
    FakeExecutor executor;
    CurrentResult result(executor);
    EXPECT_FALSE(result.executed());
    EXPECT_EQ(-1, result.row_count());
    const auto before = result.serial();
    result.took(results::Counts{7, 0, 0});
    EXPECT_TRUE(result.executed());
    EXPECT_FALSE(result.cursor_open());
    EXPECT_EQ(7, result.row_count());
    EXPECT_NE(before, result.serial());
}

TEST(CurrentResult, GoesThroughResultsOneByOne) {
    FakeExecutor executor;
    CurrentResult result(executor);
    result.took(two_sets(), {});
    EXPECT_TRUE(result.cursor_open());
    EXPECT_EQ("a", result.results().columns()[0].name);
    const auto first = result.serial();
    ASSERT_TRUE(result.next());
    result.open();
    EXPECT_EQ("b", result.results().columns()[0].name);
    EXPECT_NE(first, result.serial());
    EXPECT_FALSE(result.next());
    result.ended();
    EXPECT_TRUE(result.executed());
    EXPECT_FALSE(result.any());
    EXPECT_EQ(-1, result.row_count());
    result.forget();
    EXPECT_FALSE(result.executed());
}

TEST(CurrentResult, AStaticCursorKnowsItsRows) {
    FakeExecutor executor;
    CurrentResult result(executor);
    CurrentResult::Wanted wanted;
    wanted.cursor_type = SQL_CURSOR_STATIC;
    result.took(two_sets(), wanted);
    EXPECT_EQ(2, result.row_count());
    EXPECT_EQ(2u, result.cursor_rows());
    EXPECT_FALSE(result.updatable());
    wanted.max_rows = 1;
    result.took(two_sets(), wanted);
    EXPECT_EQ(1, result.row_count());
}

TEST(CurrentResult, ACursorThatCanBeChangedStaysOnItsTarget) {
    FakeExecutor executor;
    executor.now.group = "g";
    CurrentResult result(executor);
    CurrentResult::Wanted wanted;
    wanted.concurrency = SQL_CONCUR_VALUES;
    wanted.changeable = true;
    result.took(two_sets(), wanted);
    EXPECT_TRUE(result.updatable());
    EXPECT_NO_THROW(result.must_be_on_target());
    executor.now.group = "h";
    EXPECT_THROW(result.must_be_on_target(), Error);
    result.close();
    EXPECT_FALSE(result.updatable());
}

TEST(CurrentResult, ALostResultIsClosedAndToldWithItsConnection) {
    for (const bool keeps : {false, true}) {
        FakeExecutor executor;
        CurrentResult result(executor);
        CurrentResult::Wanted wanted;
        if (keeps) wanted.cursor_type = SQL_CURSOR_STATIC;
        const auto connection = std::make_shared<int>(1);
        auto lost = std::make_unique<LostResults>();
        lost->hold(connection);
        if (keeps) {
            EXPECT_THROW(result.took(std::move(lost), wanted), Error);
        } else {
            result.took(std::move(lost), wanted);
            EXPECT_EQ(2, connection.use_count());  // as long as it is read from
            EXPECT_THROW(result.next(), Error);
        }
        EXPECT_EQ(connection.get(), executor.lost_reader);
        EXPECT_FALSE(result.cursor_open());
        EXPECT_EQ(1, connection.use_count());
    }
}

TEST(CurrentResult, WhatIsReleasedIsNoLongerOpen) {
    FakeExecutor executor;
    CurrentResult result(executor);
    result.took(two_sets(), {});
    result.describe_as({integer_column("other")});
    EXPECT_EQ("other", result.results().columns()[0].name);
    const auto results = result.release();
    EXPECT_TRUE(results->next_row());
    EXPECT_FALSE(result.any());
}

}  // namespace
}  // namespace myfabric::execution
