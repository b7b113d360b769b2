// Many threads of one process, each with what a program does with a connection, while servers of
// the farm are killed, frozen and replaced. For the thread sanitizer; without it the test shows
// that every call ends and that the connections work when the farm does.
#include <gtest/gtest.h>
#include <myfabric/attributes.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using namespace std::chrono_literals;

constexpr int worker_count = 8;
constexpr auto patience = 60s;

// What may be told while servers break; all else is a fault of the driver.
const std::set<std::string> expected_states = {"40001", "40003", "08001", "08004", "08S01",
                                               "08007", "HY008", "HYT00", "HYT01"};

struct Outcome {
    std::atomic<long> rounds{0};
    std::mutex mutex;
    std::set<std::string> strange;
    std::string last;

    void note(const std::string& state, const std::string& text) {
        const std::lock_guard lock(mutex);
        last = text;
        if (!expected_states.contains(state)) strange.insert(text);
    }
};

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

class BrokenServers : public testing::Test {
protected:
    std::string string(int worker) const {
        static const char* const ways[] = {"Group=shard1;", "Group=shard1;Mode=AUTO;",
                                           "Group=shard1;Mode=READONLY;",
                                           "Tables=shop.orders;ShardKey=1;"};
        return farm.string(std::string("FabricTTL=1;Attempts=10;") +
                           ways[worker % std::size(ways)]);
    }

    /// Connects, writes, reads, switches, is cancelled by another thread, disconnects.
    static void round(Link& link, Outcome& outcome, bool writes) {
        Query query(link);
        std::atomic<bool> ended{false};
        std::thread canceller([&] {
            while (!ended) {
                SQLCancel(query.handle());
                SQLUINTEGER dead = 0;
                SQLGetConnectAttr(link.handle(), SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr);
                link.attribute(SQL_ATTR_FABRIC_SERVER);
                std::this_thread::sleep_for(20ms);
            }
        });
        const auto run = [&](const std::string& sql) {
            if (!SQL_SUCCEEDED(query.run(sql)))
                outcome.note(query.state(), query.text());
            else
                while (query.fetch() == SQL_SUCCESS) {
                }
            query.close();
        };
        if (writes) run("UPDATE counters SET n = n + 1 WHERE id = 1");
        for (int i = 0; i < 5; ++i) {
            run("SELECT id FROM journal");
            run("DO SLEEP(0.004)");
        }
        ended = true;
        canceller.join();
    }

    void work(int worker, Outcome& outcome, const std::atomic<bool>& stop) const {
        while (!stop) {
            Link link;
            if (!SQL_SUCCEEDED(link.try_open(string(worker)))) {
                outcome.note(link.state(), link.text());
                continue;
            }
            round(link, outcome, worker % 4 != 2);
            ++outcome.rounds;
        }
    }

    Farm farm;
};

TEST_F(BrokenServers, EightThreadsGoOnUnderLoad) {
    {
        Link link;
        ASSERT_NO_FATAL_FAILURE(link.open(string(0)));
        link.run("CREATE TABLE IF NOT EXISTS counters (id INT PRIMARY KEY, n INT) ENGINE=InnoDB");
        link.run("REPLACE INTO counters VALUES (1, 0)");
    }
    std::vector<Outcome> outcomes(worker_count);
    std::atomic<bool> stop{false};
    std::vector<std::jthread> workers;
    struct Stop {  // also when a command of the farm fails
        std::atomic<bool>& flag;
        ~Stop() { flag = true; }
    } at_the_end{stop};
    for (int i = 0; i < worker_count; ++i)
        workers.emplace_back([&, i] { work(i, outcomes[static_cast<std::size_t>(i)], stop); });
    const auto all_go_on = [&](const char* after) {
        const auto end = std::chrono::steady_clock::now() + patience;
        for (Outcome& outcome : outcomes) outcome.rounds = 0;
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            while (outcomes[i].rounds == 0 && std::chrono::steady_clock::now() < end)
                std::this_thread::sleep_for(10ms);
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            const std::lock_guard lock(outcomes[i].mutex);
            EXPECT_GT(outcomes[i].rounds, 0)
                << "worker " << i << ", " << after << "; its last error: " << outcomes[i].last;
        }
        return !HasFailure();
    };
    ASSERT_TRUE(all_go_on("at the start"));
    farm.command("promote", "shard1");
    ASSERT_TRUE(all_go_on("after a switchover"));
    const std::string frozen = first_line(farm.command("kill", "shard1 secondary --signal STOP"));
    std::this_thread::sleep_for(2s);
    farm.command("kill", frozen + " --signal CONT");  // by name: its role may be another now
    ASSERT_TRUE(all_go_on("after a frozen secondary"));
    // The node may have given it up meanwhile; somebody has to be there for the next fault.
    if (farm.address("shard1", "SECONDARY").empty()) farm.command("rejoin", frozen);
    const std::string killed = first_line(farm.command("kill", "shard1 primary"));
    ASSERT_TRUE(all_go_on("after the end of a primary"));
    farm.command("restart", killed);
    farm.command("kill", "fabric --signal STOP");
    std::this_thread::sleep_for(3s);
    farm.command("kill", "fabric --signal CONT");
    ASSERT_TRUE(all_go_on("after a frozen node"));
    stop = true;
    for (std::jthread& worker : workers) worker.join();
    for (const Outcome& outcome : outcomes)
        for (const std::string& text : outcome.strange) ADD_FAILURE() << text;
}

}  // namespace
}  // namespace myfabric::test
