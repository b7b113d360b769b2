#include "setup/patience.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <sstream>

namespace myfabric::setup {
namespace {

/// Tells when so many lines were written.
class Lines : public std::stringbuf {
public:
    bool await(int wanted) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return lines_ >= wanted; });
    }

private:
    int sync() override {
        {
            const std::lock_guard lock(mutex_);
            ++lines_;
        }
        changed_.notify_all();
        return 0;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int lines_ = 0;
};

TEST(Patience, SaysAgainAndAgainThatItGoesOnUntilItsEnd) {
    Lines lines;
    std::ostream out(&lines);
    {
        const Patience patience("reading", out, std::chrono::milliseconds(500));
        ASSERT_TRUE(lines.await(2));
    }
    const std::string said = lines.str();
    EXPECT_TRUE(said.starts_with("myfabric: still reading (0 s)\nmyfabric: still reading (1 s)\n"))
        << said;
    EXPECT_EQ(said, lines.str());
}

TEST(Patience, IsSilentOfWhatIsQuick) {
    std::ostringstream out;
    { const Patience patience("reading", out); }
    EXPECT_EQ("", out.str());
}

}  // namespace
}  // namespace myfabric::setup
