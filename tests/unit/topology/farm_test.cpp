#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "topology/farms.h"

namespace myfabric::topology {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// What the test decides and sees; outlives the farm and its sources.
struct Script {
    std::mutex mutex;
    std::condition_variable changed;
    int loads = 0;
    int looks = 0;
    bool news = false;
    int reports = 0;
    int fail = 0;          // so many loads fail
    bool lasting = false;  // ... for good: a wrong password
    bool hold = false;     // loads wait until this is false
    bool hold_looks = false;
    bool at_once = false;  // as a file: it is looked at, and loaded when it has changed
    LoadTime shared;       // when another process loaded what the next load gives; none: nobody
    std::vector<Clock::time_point> oldest;  // that were asked for
    std::chrono::seconds ttl{100};
    std::string report_error;
    std::string execute_error;

    int count() {
        const std::lock_guard lock(mutex);
        return loads;
    }
    bool await_loads(int wanted) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 10s, [&] { return loads >= wanted; });
    }
    template <class Done>
    bool await(Done&& done) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 10s, done);
    }
    void release() {
        const std::lock_guard lock(mutex);
        hold = false;
        changed.notify_all();
    }
};

/// Stands still until the test moves it.
class TestClock {
public:
    Clock::time_point now() const { return Clock::time_point(Clock::duration(ticks_)); }
    void advance(Clock::duration by) { ticks_ += by.count(); }

private:
    std::atomic<Clock::rep> ticks_{Clock::now().time_since_epoch().count()};
};

class ScriptedSource : public Source, public Reporter, public Commands {
public:
    explicit ScriptedSource(Script& script) : script_(script) {}

    Topology load() override {
        std::unique_lock lock(script_.mutex);
        const int number = ++script_.loads;
        script_.changed.notify_all();
        while (script_.hold && !stopped()) script_.changed.wait_for(lock, 10ms);
        if (script_.fail > 0) {
            --script_.fail;
            if (script_.lasting) throw Error(state::invalid_authorization, "wrong password");
            throw Unreachable(Error(state::unable_to_connect, "the node is down"));
        }
        Topology topology;
        topology.ttl = script_.ttl;
        topology.groups["g" + std::to_string(number)];
        topology.load_time = script_.shared;
        return topology;
    }
    Topology load_since(Clock::time_point oldest) override {
        {
            const std::lock_guard lock(script_.mutex);
            script_.oldest.push_back(oldest);
        }
        return load();
    }
    bool loads_at_once() const override { return script_.at_once; }
    bool may_have_changed() override {
        std::unique_lock lock(script_.mutex);
        ++script_.looks;
        script_.changed.notify_all();
        while (script_.hold_looks && !stopped()) script_.changed.wait_for(lock, 10ms);
        if (script_.fail > 0)
            throw Unreachable(Error(state::unable_to_connect, "the node is down"));
        return script_.news;
    }
    void report(const Report&) override {
        std::unique_lock lock(script_.mutex);
        ++script_.reports;
        script_.changed.notify_all();
        while (script_.hold && !stopped()) script_.changed.wait_for(lock, 10ms);
        if (!script_.report_error.empty())
            throw Error(state::unable_to_connect, script_.report_error);
    }
    Reply execute(const std::string& command, const std::vector<Value>&) override {
        const std::lock_guard lock(script_.mutex);
        if (!script_.execute_error.empty())
            throw CommandFailed(Error(state::general_error, script_.execute_error), command,
                                script_.execute_error);
        return {.ttl = 7};
    }
    std::string name() const override { return "script"; }
    Reporter* reporter() override { return this; }
    Commands* commands() override { return this; }

private:
    Script& script_;
};

class FarmTest : public testing::Test {
protected:
    FarmTest() {
        options.connection_attempts = 3;
        options.connection_delay = 0;
    }
    std::unique_ptr<Farm> farm() {
        return std::make_unique<Farm>(
            options, [this] { return std::make_unique<ScriptedSource>(script); },
            [this] { return clock.now(); });
    }

    TestClock clock;
    Script script;
    FarmOptions options;
};

std::string state_of(const std::function<void()>& body) {
    try {
        body();
    } catch (const Error& error) {
        return std::string(error.state());
    }
    return "";
}

TEST(Farm, WithoutReporterAndCommandsOnlyLoads) {
    struct Plain : Source {
        Topology load() override { return {}; }
        std::string name() const override { return "plain"; }
    };
    Farm farm({}, [] { return std::make_unique<Plain>(); });
    farm.report({"uuid-1", "", "2003", false});
    EXPECT_EQ(farm.last_error(), "");
    try {
        farm.execute("group.create", {"g"});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "HYC00");
        EXPECT_THAT(error.message(), testing::HasSubstr("plain"));
        EXPECT_THAT(error.message(), testing::HasSubstr("group.create"));
    }
}

TEST_F(FarmTest, TheFirstUseLoadsAndLaterOnesShareTheSnapshot) {
    const auto farm = this->farm();
    EXPECT_EQ(script.count(), 0);
    const auto first = farm->topology();
    EXPECT_EQ(first->version, 1u);
    EXPECT_EQ(first->source, "script");
    EXPECT_EQ(farm->topology(), first);
    EXPECT_EQ(script.count(), 1);
}

TEST_F(FarmTest, TheFirstLoadIsTriedAgainWhenTheNodeCannotBeReached) {
    script.fail = 2;
    EXPECT_EQ(farm()->topology()->version, 1u);
    EXPECT_EQ(script.count(), 3);
}

TEST_F(FarmTest, AfterTheLastAttemptTheErrorIsTold) {
    script.fail = 3;
    const auto farm = this->farm();
    EXPECT_EQ(state_of([&] { farm->topology(); }), "08001");
    EXPECT_EQ(farm->last_error(), "the node is down");
    EXPECT_EQ(farm->topology()->version, 1u);  // the next use begins anew
    EXPECT_EQ(farm->last_error(), "");
}

TEST_F(FarmTest, AWrongPasswordIsNotTriedAgain) {
    script.fail = 3;
    script.lasting = true;
    EXPECT_EQ(state_of([&] { farm()->topology(); }), "28000");
    EXPECT_EQ(script.count(), 1);
}

TEST_F(FarmTest, ManyFirstUsesWaitForOneLoad) {
    script.hold = true;
    const auto farm = this->farm();
    std::vector<std::future<std::shared_ptr<const Topology>>> uses;
    for (int i = 0; i < 8; ++i)
        uses.push_back(std::async(std::launch::async, [&] { return farm->topology(); }));
    ASSERT_TRUE(script.await_loads(1));
    script.release();
    for (auto& use : uses) EXPECT_EQ(use.get()->version, 1u);
    EXPECT_EQ(script.count(), 1);
}

TEST_F(FarmTest, PastTheTtlOneRefreshRunsInTheBackgroundAndNobodyWaits) {
    options.ttl = 1;
    const auto farm = this->farm();
    const auto first = farm->topology();
    EXPECT_EQ(first->ttl, 1s);
    {
        const std::lock_guard lock(script.mutex);
        script.hold = true;
    }
    clock.advance(1100ms);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(farm->topology(), first);  // while the load hangs
    ASSERT_TRUE(script.await_loads(2));
    EXPECT_EQ(farm->topology(), first);
    script.release();
    const auto give_up = Clock::now() + 10s;
    while (farm->topology()->version < 2 && Clock::now() < give_up) std::this_thread::yield();
    EXPECT_EQ(farm->topology()->version, 2u);
    EXPECT_EQ(script.count(), 2);
}

// The farm takes a second to answer, so that nobody else asks it again for ten.
TEST_F(FarmTest, OneWhoWaitsForAServerLooksAtASlowFarmOncePerTtl) {
    const auto farm = this->farm();
    EXPECT_EQ(farm->look(), nullptr) << "there is nothing yet, and nobody waits for it";
    script.ttl = 1s;
    script.hold = true;
    std::thread slow([&] {
        script.await_loads(1);
        clock.advance(1s);
        script.release();
    });
    farm->topology();
    slow.join();
    clock.advance(100ms);  // with the second of the load the TTL is over
    farm->topology();
    EXPECT_EQ(script.count(), 1);
    EXPECT_NE(farm->look(), nullptr);
    EXPECT_TRUE(script.await_loads(2));
}

TEST_F(FarmTest, WithoutUseNothingIsRefreshed) {
    options.ttl = 1;
    // By the real time, as whatever refreshed would wait for that.
    Farm farm(options, [this] { return std::make_unique<ScriptedSource>(script); });
    const auto first = farm.topology();
    std::this_thread::sleep_until(first->loaded() + 1200ms);
    EXPECT_EQ(script.count(), 1);
}

TEST_F(FarmTest, EvidenceOfChangeGivesASnapshotThatWasLoadedAfterwards) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    clock.advance(1ms);
    const auto fresh = farm->refresh(*seen);
    EXPECT_EQ(fresh->version, 2u);
    EXPECT_EQ(fresh->loaded(), clock.now());
}

TEST_F(FarmTest, AfterACommandThatChangedTheFarmTheNextSnapshotIsNew) {
    struct {
        const char* command;
        bool fails;
        std::uint64_t version;  // of the snapshot afterwards
    } const samples[] = {
        {"group.health", false, 1},       {"dump.servers", false, 1},
        {"group.promote", false, 2},      {"threat.report_failure", false, 3},
        {"group.promote", true, 4},       {"sharding.lookup_servers", false, 4},
        {"sharding.add_shard", false, 5},
    };
    options.ttl = 1000;
    const auto farm = this->farm();
    ASSERT_EQ(farm->topology()->version, 1u);
    for (const auto& sample : samples) {
        script.execute_error = sample.fails ? "no candidate" : "";
        std::string error;
        try {
            EXPECT_EQ(farm->execute(sample.command, {}).ttl, 7);
        } catch (const CommandFailed& failure) {
            error = failure.command + ": " + failure.reason;
        }
        EXPECT_EQ(error, sample.fails ? std::string(sample.command) + ": no candidate" : "");
        // A refusal may have changed something after all; the next refresh is in the background.
        const auto end = Clock::now() + 10s;
        while (sample.fails && farm->topology()->version < sample.version && Clock::now() < end)
            std::this_thread::yield();
        EXPECT_EQ(farm->topology()->version, sample.version) << sample.command;
    }
}

TEST_F(FarmTest, ALoadThatBeganBeforeTheEvidenceIsNotEnoughAndFewMoreServeAll) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    {
        const std::lock_guard lock(script.mutex);
        script.hold = true;
    }
    auto early = std::async(std::launch::async, [&] { return farm->refresh(*seen); });
    ASSERT_TRUE(script.await_loads(2));
    std::atomic<int> begun = 0;
    std::vector<std::future<std::shared_ptr<const Topology>>> late;
    for (int i = 0; i < 8; ++i)
        late.push_back(std::async(std::launch::async, [&] {
            ++begun;
            return farm->refresh(*seen);
        }));
    while (begun < 8) std::this_thread::yield();
    std::this_thread::sleep_for(20ms);  // most have come to the lock by now
    script.release();
    EXPECT_EQ(early.get()->version, 2u);
    for (auto& one : late) EXPECT_GE(one.get()->version, 3u);
    EXPECT_LT(script.count(), 2 + 8);
}

TEST_F(FarmTest, ANodeThatIsDownLeavesTheLastSnapshotAndIsNotAskedAtOnceAgain) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    script.fail = 1000;
    EXPECT_EQ(farm->refresh(*seen), seen);
    EXPECT_EQ(farm->last_error(), "the node is down");
    EXPECT_EQ(farm->refresh(*seen), seen);
    EXPECT_EQ(script.count(), 2);
    EXPECT_EQ(farm->topology(), seen);
}

TEST_F(FarmTest, ATtlOfZeroFromTheNodeCountsAsOneSecond) {
    script.ttl = 0s;
    EXPECT_EQ(farm()->topology()->ttl, 1s);
}

TEST_F(FarmTest, ReportsAreMadeInTheBackgroundOnceAServerAndSecond) {
    const auto farm = this->farm();
    for (int i = 0; i < 5; ++i) farm->report({"uuid-1", "", "2003", false});
    farm->report({"uuid-2", "", "2003", false});
    EXPECT_TRUE(script.await([&] { return script.reports == 2; }));
    EXPECT_EQ(farm->last_error(), "");
}

TEST_F(FarmTest, NobodyWaitsForAReport) {
    const auto farm = this->farm();
    script.hold = true;
    farm->report({"uuid-1", "", "2003", false});  // would hang for ever
    EXPECT_TRUE(script.await([&] { return script.reports == 1; }));
}

TEST_F(FarmTest, AReportThatFailsIsNoted) {
    const auto farm = this->farm();
    script.report_error = "no right";
    farm->report({"uuid-1", "", "2003", false});
    const auto start = Clock::now();
    while (farm->last_error().empty() && Clock::now() - start < 10s)
        std::this_thread::sleep_for(1ms);
    EXPECT_EQ(farm->last_error(), "the report about server uuid-1 failed: no right");
}

TEST_F(FarmTest, WhatMayWriteWaitsForALoadThatBeganAfterItWhenTheSnapshotIsTooOld) {
    script.ttl = 1s;
    const auto farm = this->farm();
    const auto first = farm->topology();
    EXPECT_EQ(farm->topology(0s), first);  // the TTL counts where it is longer
    clock.advance(1001ms);
    EXPECT_EQ(farm->topology(60s)->version, 1u);
    EXPECT_EQ(farm->topology(0s)->loaded(), clock.now());
}

TEST_F(FarmTest, WhatMayWriteGoesByTheLastSnapshotWhenTheSourceIsGone) {
    script.ttl = 1s;
    const auto farm = this->farm();
    const auto first = farm->topology();
    clock.advance(1001ms);
    script.fail = 1000;
    EXPECT_EQ(farm->topology(0s), first);
}

TEST_F(FarmTest, AfterALostLinkOnlyAYoungerLoadCounts) {
    const auto farm = this->farm();
    const auto first = farm->topology();
    EXPECT_EQ(farm->topology_since(first->loaded()), first);
    clock.advance(1ms);
    const auto lost = clock.now();
    EXPECT_EQ(farm->topology_since(lost)->loaded(), lost);
    EXPECT_EQ(script.count(), 2);
    EXPECT_EQ(farm->topology_since(lost)->version, 2u);
    EXPECT_EQ(script.count(), 2);
}

TEST_F(FarmTest, TakesASnapshotForTheFirstWhileItIsFresh) {
    const auto first = this->farm();
    const auto known = first->topology();
    EXPECT_EQ(first->last(), known);
    const auto next = this->farm();
    EXPECT_EQ(next->last(), nullptr);
    next->begin_with(known);
    EXPECT_EQ(next->topology(), known);
    EXPECT_EQ(script.count(), 1);
    EXPECT_EQ(next->refresh(*known)->version, 2u);

    auto old = std::make_shared<Topology>(*known);
    old->load_time.set(old->loaded() - 1000s);
    const auto late = this->farm();
    late->begin_with(old);
    EXPECT_EQ(late->last(), nullptr);
}

TEST_F(FarmTest, AFileThatStaysAsItIsKeepsItsSnapshotWhichIsYoungAgain) {
    script.at_once = true;
    const auto farm = this->farm();
    const auto known = farm->topology();
    for (int look = 1; look <= 3; ++look) {
        clock.advance(101s);
        EXPECT_EQ(farm->topology(), known);
        EXPECT_EQ(known->loaded(), clock.now());
        EXPECT_EQ(script.looks, look);
    }
    EXPECT_EQ(script.count(), 1);
    EXPECT_EQ(farm->topology_since(clock.now()), known);
    EXPECT_EQ(known->version, 1u);

    script.news = true;
    clock.advance(101s);
    EXPECT_EQ(farm->topology()->version, 2u);
    EXPECT_EQ(script.count(), 2);
}

TEST_F(FarmTest, WhatAnotherProcessLoadedIsAsOldAsItIs) {
    script.shared.set(clock.now() - 40s);
    const auto farm = this->farm();
    const auto first = farm->topology();
    EXPECT_EQ(first->loaded(), clock.now() - 40s);
    clock.advance(59s);
    farm->topology();
    EXPECT_EQ(script.count(), 1) << "it is fresh for 60 s more";
    script.shared.set({});
    clock.advance(2s);
    farm->topology();
    EXPECT_TRUE(script.await_loads(2));
}

TEST_F(FarmTest, OnlyEvidenceOfChangeWantsALoadOfNow) {
    const auto farm = this->farm();
    const auto first = farm->topology();
    EXPECT_THAT(script.oldest, testing::ElementsAre(Clock::time_point()));
    clock.advance(1s);
    farm->refresh(*first);
    EXPECT_EQ(script.oldest.back(), clock.now());
    const auto lost = clock.now() + 1s;
    clock.advance(2s);
    farm->topology_since(lost);
    EXPECT_EQ(script.oldest.back(), lost);
    farm->execute("group.promote", {});
    clock.advance(1s);
    farm->topology();
    EXPECT_EQ(script.oldest.back(), clock.now());
}

TEST_F(FarmTest, AServerThatFailedIsLeftAsideUntilItWorksAgain) {
    const auto farm = this->farm();
    EXPECT_FALSE(farm->is_quarantined("db:1"));
    farm->quarantine("db:1");
    EXPECT_TRUE(farm->is_quarantined("db:1"));
    EXPECT_FALSE(farm->is_quarantined("db:2"));
    farm->works_again("db:1");
    EXPECT_FALSE(farm->is_quarantined("db:1"));
}

TEST_F(FarmTest, TheTimeAsideEndsAndGrowsWithTheNextFailure) {
    const auto farm = this->farm();
    const auto is_aside = [&] { return farm->is_quarantined("db:1"); };
    for (const auto length : {1000ms, 2000ms, 4000ms}) {  // a fifth more or less
        farm->quarantine("db:1");
        clock.advance(length * 79 / 100);
        EXPECT_TRUE(is_aside()) << length.count();
        clock.advance(length * 42 / 100);
        EXPECT_FALSE(is_aside()) << length.count();
    }
    clock.advance(1h);  // that was another story
    farm->quarantine("db:1");
    clock.advance(1300ms);
    EXPECT_FALSE(is_aside());
}

TEST_F(FarmTest, WhoeverWaitsForOtherServersGoesOnWithTheNextSnapshot) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    std::vector<std::future<std::shared_ptr<const Topology>>> waiting;
    for (int i = 0; i < 4; ++i)
        waiting.push_back(
            std::async(std::launch::async, [&] { return farm->newer_than(*seen, 1h); }));
    EXPECT_TRUE(script.await([&] { return script.looks >= 3; })) << "looked at again and again";
    EXPECT_EQ(script.count(), 1) << "nothing is loaded while nothing changes";
    {
        const std::lock_guard lock(script.mutex);
        script.news = true;
    }
    for (auto& one : waiting) EXPECT_GE(one.get()->version, 2u);
    EXPECT_GE(farm->newer_than(*seen, 1h)->version, 2u) << "the process has it already";
}

TEST_F(FarmTest, WhoeverWaitsGoesOnWhenSomebodyElseLearnsOfIt) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    auto waiting = std::async(std::launch::async, [&] { return farm->newer_than(*seen, 1h); });
    EXPECT_TRUE(script.await([&] { return script.looks >= 1; }));
    farm->refresh(*seen);
    EXPECT_EQ(waiting.get()->version, 2u);
}

TEST_F(FarmTest, NobodyWaitsForOtherServersLongerThanHeWants) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    EXPECT_EQ(farm->newer_than(*seen, 30ms), seen);
    const auto looks_now = [&] {
        const std::lock_guard lock(script.mutex);
        return script.looks;
    };
    script.fail = 1000;
    const int before = looks_now();
    EXPECT_EQ(farm->newer_than(*seen, 100ms), seen);
    EXPECT_LE(looks_now() - before, 1) << "a node that is down is left alone for a second";
}

TEST_F(FarmTest, WhoComesAfterALookThatFailedDoesNotWaitForTheNodeOnceMore) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    {
        const std::lock_guard lock(script.mutex);
        script.fail = 1000;
    }
    auto waiting = std::async(std::launch::async, [&] { return farm->newer_than(*seen, 200ms); });
    EXPECT_TRUE(script.await([&] { return script.looks >= 1; }));
    EXPECT_EQ(waiting.get(), seen);
    EXPECT_EQ(farm->topology_since(clock.now() + 1ms), seen);
    EXPECT_EQ(script.count(), 1) << "the look has said it";
    clock.advance(1100ms);
    farm->topology_since(clock.now());
    EXPECT_EQ(script.count(), 2) << "but only for a second";
}

// A look that took long and failed is not soon tried again; a refresh that is due is.
TEST_F(FarmTest, WhoeverWaitsGoesOnWithARefreshThatIsDueWhileLooksRest) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    script.hold_looks = true;
    auto waiting = std::async(std::launch::async, [&] { return farm->newer_than(*seen, 15s); });
    EXPECT_TRUE(script.await([&] { return script.looks >= 1; }));
    clock.advance(60s);  // so long it takes; the next one comes twice as long after it
    {
        const std::lock_guard lock(script.mutex);
        script.fail = 1;
        script.hold_looks = false;
    }
    const auto end = Clock::now() + 10s;
    while (farm->last_error().empty() && Clock::now() < end) std::this_thread::yield();
    ASSERT_NE(farm->last_error(), "");
    script.fail = 0;
    clock.advance(script.ttl);
    farm->topology();
    EXPECT_EQ(waiting.get()->version, 2u);
}

TEST_F(FarmTest, WithEvidenceNobodyWaitsForASourceThatHasJustFailedAndHangsAgain) {
    const auto farm = this->farm();
    const auto seen = farm->topology();
    script.hold = true;
    script.fail = 1;
    auto failing = std::async(std::launch::async, [&] { return farm->refresh(*seen); });
    EXPECT_TRUE(script.await_loads(2));
    clock.advance(60s);  // so long it takes, and twice as long the farm is not asked on evidence
    script.release();
    EXPECT_EQ(failing.get(), seen);
    script.hold = true;
    clock.advance(script.ttl + 1s);
    farm->topology();
    EXPECT_TRUE(script.await_loads(3)) << "in the background it is asked";
    auto asking = std::async(std::launch::async, [&] {
        return std::pair(farm->refresh(*seen), farm->topology_since(clock.now()));
    });
    EXPECT_EQ(asking.wait_for(5s), std::future_status::ready);
    script.release();
    const auto got = asking.get();
    EXPECT_EQ(got.first, seen);
    EXPECT_EQ(got.second, seen);
}

TEST_F(FarmTest, EndsWhileARefreshHangs) {
    options.ttl = 1;
    auto farm = this->farm();
    const auto first = farm->topology();
    {
        const std::lock_guard lock(script.mutex);
        script.hold = true;
    }
    clock.advance(1100ms);
    farm->topology();
    ASSERT_TRUE(script.await_loads(2));
    const auto start = Clock::now();
    farm.reset();
    EXPECT_LT(Clock::now() - start, 2s);
}

TEST_F(FarmTest, AForkedChildLoadsForItselfEvenWhenARefreshWasUnderWay) {
    options.ttl = 1;
    auto farm = this->farm();
    const auto first = farm->topology();
    {
        const std::lock_guard lock(script.mutex);
        script.hold = true;
    }
    clock.advance(1100ms);
    farm->topology();
    ASSERT_TRUE(script.await_loads(2));
    const pid_t child = [&] {
        const std::lock_guard lock(script.mutex);  // the test's own lock is not the subject
        const pid_t made = fork();
        if (made == 0) script.hold = false;
        return made;
    }();
    if (child == 0) {
        alarm(20);
        const bool good = farm->topology()->version == 1 && farm->refresh(*first)->version == 2;
        farm->works_again("db:1");
        farm.reset();
        _exit(good ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    script.release();
}

TEST(Farms, OneFarmPerSetOfOptions) {
    static Script script;
    Farms farms([](const FarmOptions& asked) {
        if (asked.hosts.empty()) throw Error(state::unable_to_connect, "no host");
        return std::make_shared<Farm>(asked,
                                      [] { return std::make_unique<ScriptedSource>(script); });
    });
    FarmOptions options;
    options.hosts = "node1";
    const auto one = farms.farm(options);
    EXPECT_EQ(farms.farm(options), one);
    options.user = "other";
    EXPECT_NE(farms.farm(options), one);
    options.hosts = "";
    EXPECT_THROW(farms.farm(options), Error);
    EXPECT_THROW(farms.farm(options), Error);
}

}  // namespace
}  // namespace myfabric::topology
