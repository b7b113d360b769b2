#include "base/mutex.h"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>
#include <vector>

namespace myfabric {
namespace {

TEST(Mutex, IsFreeOrTaken) {
    Mutex mutex;
    EXPECT_TRUE(mutex.try_lock());
    EXPECT_FALSE(mutex.try_lock());
    mutex.unlock();
    mutex.lock();
    EXPECT_FALSE(mutex.try_lock());
    mutex.unlock();
    EXPECT_TRUE(mutex.try_lock());
    mutex.unlock();
}

TEST(Mutex, LetsOneThreadInAtATimeAndForgetsNoWaiter) {
    constexpr int threads = 8;
    constexpr int rounds = 20'000;
    Mutex mutex;
    long counter = 0;  // only the lock makes this right
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i)
        running.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                const std::lock_guard lock(mutex);
                ++counter;
            }
        });
    for (std::thread& thread : running) thread.join();
    EXPECT_EQ(counter, long{threads} * rounds);
}

}  // namespace
}  // namespace myfabric
