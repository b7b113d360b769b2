// Servers die or change their role: what an application sees, and that nothing is lost.
#include <gtest/gtest.h>
#include <myfabric/attributes.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

const char* const patient = "Attempts=20;AttemptDelay=1;";

std::string keys(const std::string& target) {
    return target + patient;
}

class Failover : public testing::TestWithParam<const char*> {
protected:
    Failover() : farm_(GetParam()) {}
    bool has_node() const { return std::string(GetParam()).find("--file") == std::string::npos; }
    std::string string(const std::string& target) const {
        // Without a failure detector only a report moves the node.
        return farm_.string(keys(target) + (has_node() ? "ReportErrors=failure;" : ""));
    }
    Farm farm_;
};

INSTANTIATE_TEST_SUITE_P(, Failover, testing::Values("--no-activate", "--file"),
                         [](const auto& tested) {
                             return std::string(tested.param) == "--file" ? "ByFile" : "ByNode";
                         });

TEST_P(Failover, ReadAndWriteGoOnOverTheSameHandles) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string("Group=shard1;")));
    const std::string before = link.attribute(SQL_ATTR_FABRIC_SERVER);
    Query query(link);
    ASSERT_OK(query, query.prepare("INSERT INTO journal VALUES (?, 1, 'x')"));
    SQLINTEGER id = 1;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      &id, 0, nullptr));
    ASSERT_OK(query, query.execute());
    farm_.command("kill", "shard1 primary");
    id = 2;
    const SQLRETURN result = query.execute();
    ASSERT_TRUE(SQL_SUCCEEDED(result)) << query.text();
    EXPECT_EQ("01000", query.state());
    EXPECT_NE(std::string::npos, query.text().find(before)) << query.text();
    EXPECT_NE(before, link.attribute(SQL_ATTR_FABRIC_SERVER));
    EXPECT_EQ((std::vector<std::string>{"1", "2"}),
              link.rows("SELECT id FROM journal ORDER BY id"));
}

TEST_P(Failover, SessionIsRestored) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(
        link.open(string("Group=shard1;InitStmt={SET SESSION group_concat_max_len=4321};")));
    link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF});
    link.set_attribute(SQL_ATTR_TXN_ISOLATION, SQLULEN{SQL_TXN_READ_COMMITTED});
    link.run("SET SESSION sql_mode='ANSI_QUOTES'");
    link.run("USE information_schema");
    farm_.command("kill", "shard1 primary");
    EXPECT_EQ(
        (std::vector<std::string>{"information_schema|0|READ-COMMITTED|ANSI_QUOTES|4321|utf8mb4"}),
        link.rows("SELECT DATABASE(), @@autocommit, @@tx_isolation, @@sql_mode, "
                  "@@group_concat_max_len, @@character_set_client"));
}

TEST_P(Failover, TransactionIsSerializationFailureAndCanBeRunAgain) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string("Group=shard1;")));
    link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF});
    link.run("INSERT INTO journal VALUES (1, 1, 'lost')");
    farm_.command("kill", "shard1 primary");
    Query query(link);
    EXPECT_STATE(query, "40001", query.run("INSERT INTO journal VALUES (2, 1, 'never')"));
    link.run("INSERT INTO journal VALUES (3, 1, 'again')");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ(std::vector<std::string>{"3"}, link.rows("SELECT id FROM journal"));
}

TEST_P(Failover, TemporaryTablesAreNeverLostSilently) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string("Group=shard1;")));
    link.run("CREATE TEMPORARY TABLE mine (id INT)");
    farm_.command("kill", "shard1 primary");
    Query query(link);
    EXPECT_STATE(query, "08S01", query.run("SELECT 1"));
    EXPECT_NE(std::string::npos, query.text().find("temporary tables")) << query.text();
    EXPECT_EQ("shard1", link.value("SELECT group_id FROM whereami"));
}

TEST_P(Failover, HalfFetchedResultIsLinkFailureAndTheConnectionGoesOn) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string("Group=shard1;")));
    Query query(link);
    ASSERT_OK(query, query.run("SELECT a.seq, REPEAT('x', 2000) FROM seq_1_to_200000 a"));
    ASSERT_OK(query, query.fetch());
    farm_.command("kill", "shard1 primary");
    SQLRETURN result;
    while (SQL_SUCCEEDED(result = query.fetch())) {
    }
    EXPECT_EQ(SQL_ERROR, result);
    EXPECT_EQ("08S01", query.state()) << query.text();
    EXPECT_EQ("shard1", link.value("SELECT group_id FROM whereami"));
}

TEST_P(Failover, ReaderMovesWhenItsSecondaryDies) {
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(string("Group=shard1;Mode=READONLY;")));
    EXPECT_EQ("1", link.value("SELECT @@read_only"));
    farm_.command("kill", "shard1 secondary");
    EXPECT_EQ("shard1", link.value("SELECT group_id FROM whereami"));
}

/// Four writers of single-row autocommit INSERTs while the primary is killed: every row reported
/// successful is there, none that was reported rolled back is, and every connection goes on.
TEST_P(Failover, NothingReportedIsLostUnderLoad) {
    constexpr int writers = 4;
    std::atomic<bool> stop{false};
    std::atomic<int> running{0};
    struct Journal {
        std::set<long> succeeded, rolled_back, unknown;
        std::atomic<long> after_kill{0};
        std::atomic<bool> gave_up{false};
        std::string failure;
    };
    std::vector<Journal> journals(writers);
    std::atomic<bool> killed{false};
    std::vector<std::thread> threads;
    const std::string target = string("Group=shard1;");
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&, writer] {
            Journal& journal = journals[static_cast<std::size_t>(writer)];
            Link link;
            if (!SQL_SUCCEEDED(link.try_open(target))) {
                journal.failure = link.text();
                journal.gave_up = true;
                ++running;
                return;
            }
            ++running;
            Query query(link);
            for (long id = writer * 1000000L; !stop; ++id) {
                const bool after = killed;
                const SQLRETURN result =
                    query.run("INSERT INTO journal VALUES (" + std::to_string(id) + ", " +
                              std::to_string(writer) + ", 'load')");
                if (SQL_SUCCEEDED(result)) {
                    journal.succeeded.insert(id);
                    if (after) ++journal.after_kill;
                } else if (query.state() == "40001") {
                    journal.rolled_back.insert(id);
                } else if (query.state() == "40003") {
                    journal.unknown.insert(id);
                } else {
                    journal.failure = query.text();
                    journal.gave_up = true;
                    return;
                }
            }
        });
    while (running < writers) std::this_thread::yield();
    const auto written = [&] {
        Link counter;
        counter.open(string("Group=shard1;"));
        return std::stol(counter.value("SELECT COUNT(*) FROM journal").value_or("0"));
    };
    while (written() < 200) {
    }
    farm_.command("kill", "shard1 primary");
    killed = true;
    // Every writer goes on by itself, or says why not.
    const auto went_on = [&](const Journal& journal) {
        return journal.after_kill > 50 || journal.gave_up;
    };
    while (!std::all_of(journals.begin(), journals.end(), went_on)) std::this_thread::yield();
    stop = true;
    for (std::thread& thread : threads) thread.join();

    Link reader;
    reader.open(string("Group=shard1;"));
    std::set<long> present;
    for (const std::string& id : reader.rows("SELECT id FROM journal"))
        present.insert(std::stol(id));
    for (const Journal& journal : journals) {
        EXPECT_EQ("", journal.failure);
        EXPECT_GT(journal.after_kill, 0);
        for (const long id : journal.succeeded)
            EXPECT_TRUE(present.contains(id)) << id << " was lost";
        for (const long id : journal.rolled_back) EXPECT_FALSE(present.contains(id)) << id;
        EXPECT_LE(journal.unknown.size(), 1u);
    }
}

TEST(Switchover, WriteThatMeetsAReadOnlyServerGoesToTheNewPrimary) {
    Farm farm("--no-activate");
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(farm.string(keys("Group=shard1;FabricTTL=3600;"))));
    const std::string before = link.attribute(SQL_ATTR_FABRIC_SERVER);
    farm.command("promote", "shard1");
    link.run("INSERT INTO journal VALUES (1, 1, 'after the switchover')");
    EXPECT_NE(before, link.attribute(SQL_ATTR_FABRIC_SERVER));
    EXPECT_EQ(farm.address("shard1", "PRIMARY"), link.attribute(SQL_ATTR_FABRIC_SERVER));
}

TEST(FrozenServer, ASessionThatIsParkedThereIsWaitedForUntilTheFarmReplacesTheServer) {
    Farm farm;
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(farm.string(keys("Group=shard1;"))));
    const std::string before = link.attribute(SQL_ATTR_FABRIC_SERVER);
    link.set_attribute(SQL_ATTR_FABRIC_GROUP, "shard2");
    // What the parked session does not have yet: going back to it would mean to ask it.
    link.run("SET SESSION sql_mode='ANSI_QUOTES'");
    farm.command("kill", "shard1 primary --signal STOP");
    link.set_attribute(SQL_ATTR_FABRIC_GROUP, "shard1");
    EXPECT_EQ("ANSI_QUOTES", link.value("SELECT @@sql_mode"));
    EXPECT_NE(before, link.attribute(SQL_ATTR_FABRIC_SERVER));
}

TEST(NodeDown, DoesNotDisturbConnectionsThatWork) {
    Farm farm("--no-activate");
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(farm.string("Tables=shop.orders;ShardKey=1;")));
    farm.command("kill", "fabric");
    EXPECT_EQ("shard1", link.value("SELECT group_id FROM whereami"));
    link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "1001");
    EXPECT_EQ("shard2", link.value("SELECT group_id FROM whereami"));
}

TEST(GiveUp, NoServerAfterAttemptsIsLinkFailureWithARecordPerServer) {
    Farm farm("--no-activate");
    Link link;
    ASSERT_NO_FATAL_FAILURE(link.open(
        farm.string("Group=shard1;Mode=READONLY;Attempts=2;AttemptDelay=0;ReportErrors=no;")));
    farm.command("kill", "shard1 primary");
    farm.command("kill", "shard1 secondary");
    Query query(link);
    EXPECT_STATE(query, "08S01", query.run("SELECT 1"));
    EXPECT_GE(diagnostics(SQL_HANDLE_STMT, query.handle()).size(), 3u) << query.text();
}

}  // namespace
}  // namespace myfabric::test
