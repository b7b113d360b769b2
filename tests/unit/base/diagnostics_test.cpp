#include "base/diagnostics.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace myfabric {
namespace {

SQLRETURN fail_with(Diagnostics& diagnostics, auto&& exception) {
    return diagnostics.fail(std::make_exception_ptr(exception));
}

TEST(Diagnostics, SuccessWithAWarningIsSuccessWithInfo) {
    Diagnostics diagnostics;
    EXPECT_EQ(SQL_SUCCESS, diagnostics.finish(SQL_SUCCESS));
    diagnostics.warn(state::right_truncated);
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, diagnostics.finish(SQL_SUCCESS));
    EXPECT_EQ(SQL_NO_DATA, diagnostics.finish(SQL_NO_DATA));
}

TEST(Diagnostics, ErrorsComeBeforeWarnings) {
    Diagnostics diagnostics;
    diagnostics.warn(state::general_warning, "moved");
    EXPECT_EQ(SQL_ERROR, fail_with(diagnostics, Error(state::syntax_error, "no such verb")));
    ASSERT_EQ(2u, diagnostics.records().size());
    EXPECT_EQ("42000", diagnostics.records()[0].state);
    EXPECT_EQ("01000", diagnostics.records()[1].state);
}

Record counted(const LateWarning& warning, const void* about) {
    ++*static_cast<int*>(const_cast<void*>(about));
    Record record{"01004"};
    record.message =
        "cell " + std::to_string(warning.row) + " of kind " + std::to_string(warning.what);
    record.row = warning.row;
    return record;
}

TEST(Diagnostics, TextsOfLateWarningsAreComposedWhenTheyAreReadAndOnce) {
    const auto composed = std::make_shared<int>(0);
    Diagnostics diagnostics;
    const auto late = [&](long long row) {
        diagnostics.add(LateWarning{row, 1, 7}, composed, counted);
    };
    late(1);
    EXPECT_FALSE(diagnostics.empty());
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, diagnostics.finish(SQL_SUCCESS));
    diagnostics.clear();
    EXPECT_TRUE(diagnostics.empty());
    EXPECT_EQ(0, *composed);
    EXPECT_EQ(1, composed.use_count()) << "what the text names is let go";

    late(2);
    diagnostics.warn(state::error_in_row, "a row");
    late(3);
    EXPECT_EQ(SQL_ERROR, fail_with(diagnostics, Error(state::syntax_error, "no such verb")));
    const char* const expected[] = {"no such verb", "cell 2 of kind 7", "cell 3 of kind 7",
                                    "a row"};
    ASSERT_EQ(std::size(expected), diagnostics.records().size());
    for (std::size_t i = 0; i < std::size(expected); ++i)
        EXPECT_EQ(expected[i], diagnostics.records()[i].message);
    EXPECT_EQ("01004", diagnostics.records()[2].state);
    EXPECT_EQ(3, diagnostics.records()[2].row);
    EXPECT_EQ(2, *composed);
}

TEST(Diagnostics, LateWarningsOfSeveralResultsKeepToTheirOwn) {
    const auto one = std::make_shared<int>(0), other = std::make_shared<int>(0);
    Diagnostics diagnostics;
    for (const long long row : {3, 1}) {
        diagnostics.add(LateWarning{row, 1, 1}, one, counted);
        diagnostics.add(LateWarning{row + 1, 1, 2}, other, counted);
    }
    const char* const expected[] = {"cell 1 of kind 1", "cell 2 of kind 2", "cell 3 of kind 1",
                                    "cell 4 of kind 2"};
    ASSERT_EQ(std::size(expected), diagnostics.records().size());
    for (std::size_t i = 0; i < std::size(expected); ++i)
        EXPECT_EQ(expected[i], diagnostics.records()[i].message);
    EXPECT_EQ(2, *one);
    EXPECT_EQ(2, *other);
}

TEST(Diagnostics, AnyExceptionBecomesARecord) {
    Diagnostics diagnostics;
    EXPECT_EQ(SQL_ERROR, fail_with(diagnostics, std::bad_alloc()));
    EXPECT_EQ("HY001", diagnostics.records()[0].state);
    diagnostics.clear();
    EXPECT_EQ(SQL_ERROR, fail_with(diagnostics, std::runtime_error("odd")));
    EXPECT_EQ("HY000", diagnostics.records()[0].state);
    EXPECT_EQ("odd", diagnostics.records()[0].message);
    diagnostics.clear();
    EXPECT_EQ(SQL_ERROR, fail_with(diagnostics, 42));
    EXPECT_EQ("HY000", diagnostics.records()[0].state);
}

TEST(Diagnostics, PrefixTellsWhereAMessageComesFrom) {
    Diagnostics diagnostics;
    diagnostics.server_version("10.11.6-MariaDB");
    const std::pair<Error, const char*> errors[] = {
        {Error(state::general_error, "x"), "[MyFabric][ODBC Driver]x"},
        {Error::from_server("42000", 1064, "x"),
         "[MyFabric][ODBC Driver][mysqld-10.11.6-MariaDB]x"},
        {Error::from_fabric(state::unable_to_connect, "x"), "[MyFabric][ODBC Driver][Fabric]x"},
    };
    for (const auto& [error, expected] : errors)
        EXPECT_EQ(expected, diagnostics.full_message(error.records()[0]));
}

TEST(SqlStates, OfOdbc2AreChosenByCode) {
    EXPECT_EQ("S1010", odbc_2_state("HY010"));
    EXPECT_EQ("S0002", odbc_2_state("42S02"));
    EXPECT_EQ("40001", odbc_2_state("40001"));
    EXPECT_EQ("XX999", odbc_2_state("XX999"));
}

}  // namespace
}  // namespace myfabric
