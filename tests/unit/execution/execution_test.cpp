#include "execution/execution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "results/memory_results.h"
#include "unit/router/fake_servers.h"

namespace myfabric::execution {
namespace {

using testing::ElementsAre;

/// A statement whose commands the driver answers itself, so that no server is needed.
class FakeHost final : public Host {
public:
    const descriptor::Descriptor& apd_fields() const override { return apd; }
    descriptor::Descriptor& ipd_fields() override { return ipd; }
    Diagnostics& records() override { return diagnostics; }
    CurrentResult::Wanted wanted() const override { return {}; }
    TypeView view() const override { return {true, 1u << 20}; }
    bool odbc_2() const override { return false; }
    std::unique_ptr<results::Results> answer(const sql::FabricCall& call,
                                             Executor::Values values) override {
        if (fails) throw Error(state::syntax_error, "refused");
        std::string line = call.name;
        for (const results::Parameter& value : values) line += " " + std::string(value.bytes);
        asked.push_back(std::move(line));
        results::Columns columns(1);
        columns[0].name = "answer";
        columns[0].kind = results::Kind::varchar;
        columns[0].length = 255;
        return std::make_unique<results::MemoryResults>(
            std::move(columns), std::vector<results::MemoryRow>{{"yes"}, {"no"}});
    }
    RowChanges& cursor_named(const std::string&) override {
        throw Error(state::invalid_cursor_name, "none");
    }

    descriptor::Descriptor apd{descriptor::Kind::application_parameter};
    descriptor::Descriptor ipd{descriptor::Kind::parameter};
    Diagnostics diagnostics;
    std::vector<std::string> asked;
    bool fails = false;
};

class ExecutionTest : public testing::Test {
protected:
    ExecutionTest() : backend(settings()), execution(backend, host) {}
    router::Settings settings() {
        router::Settings made;
        made.login.host = "db";
        made.login.port = 1;
        made.log_in = servers.log_in();
        return made;
    }
    void read(const char* sql) { execution.read(sql, {.fabric_calls = true}); }
    void bind_text(SQLPOINTER text, SQLLEN* indicator) {
        host.apd.set_count(1);
        host.ipd.set_count(1);
        descriptor::Record& value = host.apd.writable(1);
        descriptor::set_concise_type(value, SQL_C_CHAR);
        value.data_ptr = text;
        value.octet_length = 255;
        value.indicator_ptr = value.octet_length_ptr = indicator;
        descriptor::Record& parameter = host.ipd.writable(1);
        descriptor::set_concise_type(parameter, SQL_VARCHAR);
        parameter.length = 255;
        host.ipd.array_status_ptr = &status;
        host.ipd.rows_processed_ptr = &processed;
    }

    router::FakeServers servers;
    router::Backend backend;
    FakeHost host;
    Execution execution;
    SQLUSMALLINT status = 77;
    SQLULEN processed = 77;
};

TEST_F(ExecutionTest, ACallThatTheDriverAnswersOpensACursor) {
    read("CALL fabric.server()");
    EXPECT_EQ(execution.start(true), SQL_SUCCESS);
    EXPECT_THAT(host.asked, ElementsAre("server"));
    EXPECT_TRUE(execution.result().cursor_open());
    execution.close();
    EXPECT_FALSE(execution.result().cursor_open());
    EXPECT_EQ(servers["db:1"].logins, 0) << "no server has been asked";
}

TEST_F(ExecutionTest, ParametersAreReadWhenItStarts) {
    char text[] = "shard1";
    SQLLEN length = SQL_NTS;
    bind_text(text, &length);
    read("CALL fabric.get_group_servers(?)");
    execution.prepare();
    EXPECT_EQ(execution.start(false), SQL_SUCCESS);
    text[5] = '2';
    EXPECT_EQ(execution.start(false), SQL_SUCCESS);
    EXPECT_THAT(host.asked, ElementsAre("get_group_servers shard1", "get_group_servers shard2"));
    EXPECT_EQ(status, SQL_PARAM_SUCCESS);
    EXPECT_EQ(processed, 1u);
}

TEST_F(ExecutionTest, AFailureIsTheStatusOfItsParameters) {
    char text[] = "shard1";
    SQLLEN length = SQL_NTS;
    bind_text(text, &length);
    host.fails = true;
    read("CALL fabric.get_group_servers(?)");
    EXPECT_THROW(execution.start(true), Error);
    EXPECT_EQ(status, SQL_PARAM_ERROR);
    EXPECT_FALSE(execution.result().cursor_open());
}

TEST_F(ExecutionTest, DataAtExecutionAreWaitedFor) {
    int token = 0;
    SQLLEN length = SQL_DATA_AT_EXEC;
    bind_text(&token, &length);
    read("CALL fabric.get_group_servers(?)");
    EXPECT_EQ(execution.start(true), SQL_NEED_DATA);
    SQLPOINTER asked = nullptr;
    EXPECT_TRUE(execution.input().next(&asked));
    EXPECT_EQ(asked, &token);
    char part[] = "shard";
    execution.input().put(part, SQL_NTS);
    char rest[] = "3";
    execution.input().put(rest, SQL_NTS);
    EXPECT_FALSE(execution.input().next(&asked));
    EXPECT_EQ(execution.resume(), SQL_SUCCESS);
    EXPECT_THAT(host.asked, ElementsAre("get_group_servers shard3"));
}

TEST_F(ExecutionTest, CancellingForgetsWhatIsWaitedFor) {
    int token = 0;
    SQLLEN length = SQL_DATA_AT_EXEC;
    bind_text(&token, &length);
    read("CALL fabric.get_group_servers(?)");
    EXPECT_EQ(execution.start(true), SQL_NEED_DATA);
    execution.cancel();
    EXPECT_FALSE(execution.input().waits());
    EXPECT_THAT(host.asked, testing::IsEmpty());
}

TEST_F(ExecutionTest, AnotherTextClosesWhatIsOpen) {
    read("CALL fabric.server()");
    execution.start(true);
    read("CALL fabric.status()");
    EXPECT_FALSE(execution.result().cursor_open());
    EXPECT_EQ(execution.start(true), SQL_SUCCESS);
    EXPECT_THAT(host.asked, ElementsAre("server", "status"));
}

}  // namespace
}  // namespace myfabric::execution
