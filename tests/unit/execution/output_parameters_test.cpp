#include "execution/output_parameters.h"

#include <gtest/gtest.h>

#include "fake_executor.h"

namespace myfabric::execution {
namespace {

using descriptor::Descriptor;
using descriptor::Kind;

struct Output : testing::Test {
    void bind(std::size_t which, SQLSMALLINT direction, SQLSMALLINT c_type, SQLSMALLINT sql_type,
              SQLPOINTER value, SQLLEN* length) {
        bind_parameter(apd, ipd, which, {direction, c_type, sql_type, 20, 0, value, 8, length});
    }
    void answer(results::MemoryRow row) {
        results::Columns columns;
        for (std::size_t i = 0; i < row.size(); ++i) {
            columns.emplace_back();
            columns.back().name = std::to_string(i);
        }
        result.took(std::make_unique<results::MemoryResults>(
                        columns, std::vector<results::MemoryRow>{std::move(row)}),
                    {});
    }
    using Left = OutputParameters::Left;
    Left take(std::size_t markers, std::vector<std::size_t> declared = {}) {
        plan.forget();
        plan.update(apd, ipd, markers);
        return output.take(
            result, plan, 0, [&] { return declared; }, diagnostics);
    }

    FakeExecutor executor;
    CurrentResult result{executor};
    Descriptor apd{Kind::application_parameter}, ipd{Kind::parameter};
    ParameterPlan plan;
    OutputParameters output;
    Diagnostics diagnostics;
    SQLINTEGER number = 0;
    char text[8] = "";
    SQLLEN number_length = 0, text_length = 0;
};

TEST_F(Output, GoesToWhereItIsBound) {
    bind(1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, &number, nullptr);
    bind(2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &number, &number_length);
    bind(3, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, text, &text_length);
    answer({{"42"}, {"abc"}});
    EXPECT_EQ(Left::nothing, take(3));
    EXPECT_EQ(42, number);
    EXPECT_STREQ("abc", text);
    EXPECT_EQ(3, text_length);
}

TEST_F(Output, TellsWhatWasCutAndWhatFailed) {
    bind(1, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, text, &text_length);
    answer({{"much too long"}});
    EXPECT_EQ(Left::nothing, take(1));
    ASSERT_EQ(1u, diagnostics.records().size());
    EXPECT_EQ("output parameter 1: string data, right truncated", diagnostics.records()[0].message);
    bind(1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &number, &number_length);
    answer({{"x"}});
    EXPECT_THROW(take(1), Error);
}

TEST_F(Output, NullNeedsAnIndicator) {
    bind(1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &number, &number_length);
    answer({std::nullopt});
    take(1);
    EXPECT_EQ(SQL_NULL_DATA, number_length);
    bind(1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &number, nullptr);
    answer({std::nullopt});
    EXPECT_THROW(take(1), Error);
}

TEST_F(Output, OfParametersThatAreBoundAsInputTheDeclarationTells) {
    bind(1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, &number, nullptr);
    bind(2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, text, &text_length);
    answer({{"1"}, {"two"}});
    EXPECT_EQ(Left::row, take(2, {0, 1}));
    EXPECT_STREQ("two", text);
    // What was not bound as output is a row.
    ASSERT_EQ(1u, result.results().columns().size());
    ASSERT_TRUE(result.results().next_row());
    EXPECT_STREQ("1", result.results().row().values[0]);
    EXPECT_FALSE(result.results().next_row());
    EXPECT_FALSE(result.next());
}

TEST_F(Output, StreamsOneByOne) {
    int tokens[2];
    bind(1, SQL_PARAM_OUTPUT_STREAM, SQL_C_CHAR, SQL_VARCHAR, &tokens[0], nullptr);
    bind(2, SQL_PARAM_OUTPUT_STREAM, SQL_C_CHAR, SQL_VARCHAR, &tokens[1], nullptr);
    answer({{"first"}, {"second"}});
    EXPECT_EQ(Left::streams, take(2));
    EXPECT_TRUE(output.active());
    EXPECT_FALSE(output.named());
    EXPECT_FALSE(result.any());
    SQLPOINTER token = nullptr;
    ASSERT_TRUE(output.next(&token));
    EXPECT_EQ(&tokens[0], token);
    const auto get = [&](SQLUSMALLINT which) {
        return output.get(which, SQL_C_CHAR, text, sizeof text, &text_length, plan, true,
                          diagnostics);
    };
    EXPECT_THROW(get(2), Error);
    EXPECT_EQ(SQL_SUCCESS, get(1));
    EXPECT_STREQ("first", text);
    EXPECT_EQ(SQL_NO_DATA, get(1));
    ASSERT_TRUE(output.next(&token));
    EXPECT_EQ(SQL_SUCCESS, get(2));
    EXPECT_STREQ("second", text);
    EXPECT_FALSE(output.next(&token));
    output.close();
    EXPECT_FALSE(output.active());
}

TEST_F(Output, AFunctionsValue) {
    bind(1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &number, &number_length);
    answer({{"5"}});
    plan.update(apd, ipd, 1);
    output.take_value(result, plan, 0, diagnostics);
    EXPECT_EQ(5, number);
    EXPECT_FALSE(result.any());
}

}  // namespace
}  // namespace myfabric::execution
