#include "execution/parameter_input.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::execution {
namespace {

using descriptor::Descriptor;
using descriptor::Kind;

std::string state_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return std::string(error.state());
    }
    return "";
}

struct Input : testing::Test {
    void bind(std::size_t which, SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLPOINTER value,
              SQLLEN* indicator) {
        bind_parameter(apd, ipd, which,
                       {SQL_PARAM_INPUT, c_type, sql_type, 100, 0, value, 100, indicator});
    }
    void update(const char* sql) {
        command = Command::parse(sql, {});
        input.update(command, apd, ipd, [] { return std::vector<std::size_t>{2, 1}; });
    }
    void wait(ParameterInput::Send send = {}) { input.wait(input.plan(), 0, std::move(send)); }

    Command command;
    Descriptor apd{Kind::application_parameter}, ipd{Kind::parameter};
    ParameterInput input;
    SQLINTEGER number = 7;
    char text[100] = "abc";
    SQLLEN length = SQL_NTS, at_execution = SQL_DATA_AT_EXEC;
    SQLPOINTER token = nullptr;
};

TEST_F(Input, ReadsBindings) {
    bind(1, SQL_C_SLONG, SQL_INTEGER, &number, nullptr);
    bind(2, SQL_C_CHAR, SQL_VARCHAR, text, &length);
    update("INSERT INTO t VALUES (?, ?)");
    const ParameterValues& values = input.read(0);
    EXPECT_EQ(7, values.values[0].integer);
    EXPECT_EQ("abc", values.values[1].bytes);
}

TEST_F(Input, AFunctionsValueComesFirst) {
    bind(1, SQL_C_SLONG, SQL_INTEGER, &number, nullptr);
    bind(2, SQL_C_CHAR, SQL_VARCHAR, text, &length);
    update("{?=call f(?)}");
    ASSERT_EQ(2u, input.plan().parameters().size());
    EXPECT_EQ(2u, input.plan().parameters()[0].number);
    EXPECT_EQ(1u, input.plan().parameters()[1].number);
    EXPECT_FALSE(input.plan().parameters()[1].is_input());
}

TEST_F(Input, NamedArgumentsOfAProcedure) {
    bind(1, SQL_C_SLONG, SQL_INTEGER, &number, nullptr);
    bind(2, SQL_C_CHAR, SQL_VARCHAR, text, &length);
    ipd.writable(1).texts.writable().name = "b";
    update("CALL p(?, ?)");
    EXPECT_EQ(2u, input.plan().parameters()[0].number);
    ipd.writable(1).texts.writable().name.clear();
    input.update(command, apd, ipd, [] { return std::vector<std::size_t>(); });
    EXPECT_EQ(1u, input.plan().parameters()[0].number);
}

TEST_F(Input, DataComeInParts) {
    bind(1, SQL_C_CHAR, SQL_VARCHAR, text, &at_execution);
    update("INSERT INTO t VALUES (?)");
    EXPECT_EQ("HY010", state_of([&] { input.next(&token); }));
    wait();
    EXPECT_TRUE(input.waits());
    EXPECT_EQ("HY010", state_of([&] { input.put(text, 3); }));  // none is named
    EXPECT_TRUE(input.next(&token));
    EXPECT_EQ(text, token);
    EXPECT_EQ("HY010", state_of([&] { input.next(&token); }));  // nothing was put
    input.put(text, 2);
    input.put(text + 2, SQL_NTS);
    EXPECT_EQ("HY020", state_of([&] { input.put(nullptr, SQL_NULL_DATA); }));
    EXPECT_EQ("HY009", state_of([&] { input.put(nullptr, 3); }));
    EXPECT_EQ("HY090", state_of([&] { input.put(text, -20); }));
    EXPECT_FALSE(input.next(&token));
    EXPECT_FALSE(input.waits());
    EXPECT_EQ("abc", input.read(0).values[0].bytes);
}

TEST_F(Input, NumbersComeWhole) {
    bind(1, SQL_C_SLONG, SQL_INTEGER, &number, &at_execution);
    update("INSERT INTO t VALUES (?)");
    wait();
    input.next(&token);
    input.put(&number, 0);
    EXPECT_EQ("HY019", state_of([&] { input.put(&number, 0); }));
    EXPECT_FALSE(input.next(&token));
    EXPECT_EQ(7, input.read(0).values[0].integer);
}

TEST_F(Input, NullComesAlone) {
    bind(1, SQL_C_CHAR, SQL_VARCHAR, text, &at_execution);
    update("INSERT INTO t VALUES (?)");
    wait();
    input.next(&token);
    input.put(nullptr, SQL_NULL_DATA);
    EXPECT_EQ("HY020", state_of([&] { input.put(text, 3); }));
    input.next(&token);
    EXPECT_EQ(results::Parameter::Type::null, input.read(0).values[0].type);
}

TEST_F(Input, WideTextIsSentInWholeCharacters) {
    const SQLWCHAR units[] = {'a', 0xD83D, 0xDE00};
    bind(1, SQL_C_WCHAR, SQL_WVARCHAR, text, &at_execution);
    update("INSERT INTO t VALUES (?)");
    std::string sent;
    wait([&](std::size_t marker, std::string_view bytes, results::Parameter::Type) {
        EXPECT_EQ(0u, marker);
        sent += std::string(bytes) + "|";
    });
    input.next(&token);
    input.put(const_cast<SQLWCHAR*>(units), 4);
    EXPECT_EQ("a|", sent);
    input.put(const_cast<SQLWCHAR*>(units + 2), 2);
    EXPECT_EQ("a|\xF0\x9F\x98\x80|", sent);
    EXPECT_FALSE(input.next(&token));
}

TEST_F(Input, AServerThatTakesNoMoreEndsTheWaiting) {
    bind(1, SQL_C_CHAR, SQL_LONGVARCHAR, text, &at_execution);
    update("INSERT INTO t VALUES (?)");
    wait([](std::size_t, std::string_view, results::Parameter::Type) {
        throw Error(state::connection_rejected, "no group");
    });
    ASSERT_TRUE(input.next(&token));
    EXPECT_EQ("08004", state_of([&] { input.put(text, 3); }));
    EXPECT_FALSE(input.waits());
    EXPECT_TRUE(input.data().empty());
    wait();
    EXPECT_TRUE(input.next(&token));
    input.put(text, 3);
    EXPECT_FALSE(input.next(&token));
}

TEST_F(Input, CancelForgetsAll) {
    bind(1, SQL_C_CHAR, SQL_VARCHAR, text, &at_execution);
    update("INSERT INTO t VALUES (?)");
    wait();
    input.next(&token);
    input.put(text, 3);
    input.cancel();
    EXPECT_FALSE(input.waits());
    EXPECT_TRUE(input.data().empty());
}

}  // namespace
}  // namespace myfabric::execution
