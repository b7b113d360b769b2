#include "execution/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/router/fake_servers.h"

namespace myfabric::execution {
namespace {

/// What a ServerExecutor says of the connection; what it runs, the tests with servers show.
class ServerExecutorTest : public testing::Test {
protected:
    ServerExecutorTest() : backend(settings()), executor(backend) { backend.connect(); }
    router::Settings settings() {
        router::Settings made;
        made.login.host = "db";
        made.login.port = 1;
        made.login.found_rows = false;
        made.target.group = "g";
        made.log_in = servers.log_in();
        return made;
    }

    router::FakeServers servers;
    router::Backend backend;
    ServerExecutor executor;
};

TEST_F(ServerExecutorTest, KnowsWhatTheConnectionIsLike) {
    EXPECT_FALSE(executor.counts_found_rows());
    EXPECT_EQ(executor.target().group, "g");
}

TEST_F(ServerExecutorTest, LostRowsAreReportedByTheRouter) {
    const Error lost = Error::from_server("08S01", 2013, "lost", Cause::link_lost);
    try {
        executor.result_lost(lost, nullptr, {router::Effect::read});
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "08S01");
        EXPECT_THAT(error.message(), testing::HasSubstr("db:1 was lost before all results"));
    }
    EXPECT_EQ(backend.on(), nullptr);
    const Error other = Error::from_server("HY000", 1317, "interrupted", Cause::interrupted);
    EXPECT_THROW(executor.result_lost(other, nullptr, {router::Effect::read}), Error);
}

TEST_F(ServerExecutorTest, CommandsThatCannotBeSentAreRefusedByTheRouter) {
    servers["db:1"].up = false;
    EXPECT_THROW(executor.query({router::Effect::read}, "SELECT 1"), Error);
    EXPECT_THROW(executor.longest_command({router::Effect::read}), Error);
}

}  // namespace
}  // namespace myfabric::execution
