// A planned change of the primary costs the application nothing but the time that the farm takes.
#include <gtest/gtest.h>
#include <myfabric/attributes.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Clock = std::chrono::steady_clock;

/// Writes rows one after the other, each its own transaction.
class Writer {
public:
    Writer(const Farm& farm, int number, const std::string& keys)
        : string_(farm.string(keys)), number_(number), thread_([this] { write(); }) {}
    ~Writer() {
        stop_ = true;
        thread_.join();
    }

    bool works() const { return written_ > 0 || failed(); }
    bool failed() const { return failed_; }
    const std::string& failure() const { return failure_; }
    bool has_moved() const { return moved_; }
    Clock::time_point moved_at() const { return moved_at_; }

private:
    void write() {
        Link link;
        if (!SQL_SUCCEEDED(link.try_open(string_))) return fail(link.text());
        const std::string home = link.attribute(SQL_ATTR_FABRIC_SERVER);
        Query query(link);
        while (!stop_) {
            if (!SQL_SUCCEEDED(query.run("INSERT INTO journal VALUES (" +
                                         std::to_string(number_ * 1'000'000 + written_) + ", " +
                                         std::to_string(number_) + ", 'switchover')")))
                return fail(query.text());
            ++written_;
            if (moved_ || link.attribute(SQL_ATTR_FABRIC_SERVER) == home) continue;
            moved_at_ = Clock::now();
            moved_ = true;
        }
    }
    void fail(const std::string& text) {
        failure_ = text;
        failed_ = true;
    }

    const std::string string_;
    const int number_;
    std::string failure_;
    std::atomic<bool> failed_{false};
    std::atomic<bool> stop_{false};
    std::atomic<long> written_{0};
    Clock::time_point moved_at_;
    std::atomic<bool> moved_{false};
    std::thread thread_;
};

class PlannedSwitchover : public testing::Test {
protected:
    /// Asks the node, as another user: the writers learn of it by themselves. The time of
    /// its reply.
    Clock::time_point promote() {
        Link admin;
        const nlohmann::json& node = farm.description()["fabric"];
        admin.open(farm.string(
            "Group=shard2;FabricAdmin=1;FabricUser=" + node["admin_user"].get<std::string>() +
            ";FabricPassword=" + node["admin_password"].get<std::string>() + ";"));
        admin.run("CALL fabric.execute('group.promote', 'shard1')");
        return Clock::now();
    }
    Farm farm{"--no-activate"};
};

TEST_F(PlannedSwitchover, WritersThatWaitGoOnWhenTheNodeShowsTheNewPrimary) {
    std::vector<std::unique_ptr<Writer>> writers;
    for (int i = 0; i < 4; ++i)
        writers.push_back(std::make_unique<Writer>(farm, i + 1, "Group=shard1;Attempts=20;"));
    const auto all = [&](bool (Writer::*are)() const) {
        return std::ranges::all_of(writers, [&](const auto& one) { return (one.get()->*are)(); });
    };
    const auto await = [&](bool (Writer::*are)() const) {
        const auto end = Clock::now() + std::chrono::seconds(30);
        while (!all(are) && Clock::now() < end) std::this_thread::yield();
    };
    await(&Writer::works);
    const auto replied = promote();
    await(&Writer::has_moved);
    // AttemptDelay is a second; how much less it is than half of one, the harness measures.
    for (const auto& writer : writers) {
        ASSERT_FALSE(writer->failed()) << writer->failure();
        ASSERT_TRUE(writer->has_moved());
        const std::chrono::duration<double> after = writer->moved_at() - replied;
        EXPECT_LT(after.count(), 0.5) << "seconds after the node's reply";
    }
}

}  // namespace
}  // namespace myfabric::test
