#include "mysql/attempt.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

namespace myfabric::mysql {
namespace {

using namespace std::chrono_literals;

TEST(Attempt, IsWaitedForUntilItIsDone) {
    const auto result = std::make_shared<int>(0);
    EXPECT_TRUE(Attempt::start([result] { *result = 7; })->wait());
    EXPECT_EQ(*result, 7);
}

TEST(Attempt, ThrowsWhatItsWorkThrew) {
    const auto attempt = Attempt::start([] { throw std::runtime_error("no"); });
    EXPECT_THROW(attempt->wait(), std::runtime_error);
}

TEST(Attempt, GoesOnWhenItIsNoLongerWaitedFor) {
    const auto may_end = std::make_shared<std::promise<void>>();
    const auto ended = std::make_shared<std::promise<void>>();
    const auto attempt = Attempt::start([may_end, ended] {
        may_end->get_future().wait();
        ended->set_value();
    });
    EXPECT_FALSE(attempt->wait(1ms)) << "the time is over";
    attempt->give_up();
    EXPECT_FALSE(attempt->wait()) << "it was given up";
    may_end->set_value();
    EXPECT_EQ(ended->get_future().wait_for(10s), std::future_status::ready);
}

TEST(Attempt, EndsWhatItAloneHoldsBeforeItIsDone) {
    auto held = std::make_shared<int>(0);
    const std::weak_ptr<int> watched = held;
    const auto attempt = Attempt::start([held = std::move(held)] { ++*held; });
    EXPECT_TRUE(attempt->wait());
    EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace myfabric::mysql
