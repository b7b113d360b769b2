// Nothing goes by an old map of the farm, and nobody waits for a server that was replaced.
#include <gtest/gtest.h>
#include <myfabric/attributes.h>

#include <chrono>
#include <thread>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class OldMaps : public testing::Test {
protected:
    OldMaps() : farm("--no-activate") {}

    std::string string(const std::string& more = {}) const {
        return farm.string("Group=shard1;FabricTTL=1;Attempts=20;" + more);
    }
    /// The node gives up the primary of shard1 and names another.
    void replace_primary(const std::string& uuid) {
        Link admin;
        ASSERT_NO_FATAL_FAILURE(admin.open(farm.string("Group=shard2;")));
        admin.run("CALL fabric.execute('threat.report_failure', '" + uuid + "')");
    }
    std::string uuid_of_primary(Link& link) { return link.attribute(SQL_ATTR_FABRIC_SERVER_UUID); }

    Farm farm;
};

// The old primary lives, takes writes and is reachable; nobody tells the connection.
TEST_F(OldMaps, FirstWriteAfterIdlingGoesToTheNewPrimary) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string("FabricMaxAge=1;")));
    const std::string before = link.attribute(SQL_ATTR_FABRIC_SERVER);
    ASSERT_NO_FATAL_FAILURE(replace_primary(uuid_of_primary(link)));
    std::this_thread::sleep_for(1500ms);  // idle for longer than FabricMaxAge, by the real clock
    link.run("INSERT INTO journal VALUES (1, 1, 'idle')");
    EXPECT_NE(before, link.attribute(SQL_ATTR_FABRIC_SERVER));
    EXPECT_EQ(farm.address("shard1", "PRIMARY"), link.attribute(SQL_ATTR_FABRIC_SERVER));
}

TEST_F(OldMaps, PlannedSwitchoverCostsNoAttemptDelay) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string("AttemptDelay=5;")));
    link.run("INSERT INTO journal VALUES (1, 1, 'before')");
    farm.command("promote", "shard1");
    const auto start = Clock::now();
    link.run("INSERT INTO journal VALUES (2, 1, 'after')");
    EXPECT_LE(seconds_since(start), 2.0);
    EXPECT_EQ(farm.address("shard1", "PRIMARY"), link.attribute(SQL_ATTR_FABRIC_SERVER));
}

class Frozen : public OldMaps, public testing::WithParamInterface<bool> {};

/// With no timeout set; what was in flight is never acknowledged by the server when it wakes up.
TEST_P(Frozen, PrimaryIsLeftWhenTheFarmNamesAnother) {
    const bool in_transaction = GetParam();
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string()));
    const std::string before = link.attribute(SQL_ATTR_FABRIC_SERVER);
    const std::string uuid = uuid_of_primary(link);
    if (in_transaction) {
        link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF});
        link.run("INSERT INTO journal VALUES (1, 1, 'first')");
    }
    farm.command("kill", "shard1 primary --signal STOP");
    std::thread replacement([&] {
        std::this_thread::sleep_for(500ms);  // the statement waits
        replace_primary(uuid);
    });
    Query query(link);
    const auto start = Clock::now();
    EXPECT_STATE(query, in_transaction ? "40001" : "40003",
                 query.run("INSERT INTO journal VALUES (2, 1, 'in flight')"));
    const double took = seconds_since(start);
    replacement.join();
    EXPECT_LE(took, 15.0);
    link.run("INSERT INTO journal VALUES (3, 1, 'after')");
    if (in_transaction) ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_NE(before, link.attribute(SQL_ATTR_FABRIC_SERVER));
    EXPECT_EQ(std::vector<std::string>{"3"}, link.rows("SELECT id FROM journal"));
    farm.command("kill", uuid + " primary --signal CONT");
    EXPECT_EQ(std::vector<std::string>{"3"}, link.rows("SELECT id FROM journal"));
}

INSTANTIATE_TEST_SUITE_P(, Frozen, testing::Bool(), [](const auto& tested) {
    return tested.param ? "InATransaction" : "Autocommit";
});

}  // namespace
}  // namespace myfabric::test
