#include "execution/describe_parameters.h"

#include <gtest/gtest.h>

#include "fake_executor.h"

namespace myfabric::execution {
namespace {

struct Descriptions : testing::Test {
    const ParameterDescription& of(std::size_t number) {
        return descriptions.of(number, command, executor, {true, 1000});
    }
    FakeExecutor executor;
    ParameterDescriptions descriptions;
    Command command = Command::parse("SELECT * FROM t WHERE a = ? AND b = ?", {});
};

TEST_F(Descriptions, AskOnceForAllOverTheSameTables) {
    executor.described["SELECT"] = {integer_column("a", "t"), integer_column("b", "t")};
    EXPECT_EQ(SQL_INTEGER, of(1).type);
    EXPECT_EQ(SQL_INTEGER, of(2).type);
    EXPECT_EQ(1u, executor.ran.size());
    descriptions.forget();
    of(1);
    EXPECT_EQ(2u, executor.ran.size());
    EXPECT_THROW(of(0), Error);
    EXPECT_THROW(of(3), Error);
}

TEST_F(Descriptions, WhatTheServerDoesNotUnderstandIsText) {
    executor.failure = Error::from_server("42S02", 1146, "no table");
    EXPECT_EQ(SQL_WVARCHAR, of(1).type);
    EXPECT_EQ(SQL_NULLABLE_UNKNOWN, of(1).nullable);
}

TEST_F(Descriptions, ALostLinkIsTold) {
    executor.failure = Error(state::link_failure, "gone");
    EXPECT_THROW(of(1), Error);
}

TEST_F(Descriptions, FillWhatTheApplicationHasNotSet) {
    executor.described["SELECT"] = {integer_column("a", "t"), integer_column("b", "t")};
    descriptor::Descriptor ipd(descriptor::Kind::parameter);
    descriptor::set_concise_type(ipd.writable(1), SQL_DOUBLE);
    descriptions.fill(ipd, 1, command, executor, {true, 1000});
    EXPECT_EQ(SQL_DOUBLE, ipd.record(1).concise_type);
    EXPECT_EQ(SQL_INTEGER, ipd.record(2).concise_type);
    EXPECT_TRUE(ipd.record(2).automatic);
    descriptions.unfill(ipd);
    EXPECT_EQ(SQL_C_DEFAULT, ipd.record(2).concise_type);
    EXPECT_EQ(SQL_DOUBLE, ipd.record(1).concise_type);
}

}  // namespace
}  // namespace myfabric::execution
