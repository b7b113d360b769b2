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
