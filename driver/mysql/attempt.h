// Work with the client library in its own thread, so that waiting for it can be ended.
#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

namespace myfabric::mysql {

/// Thread-safe. The work goes on to its end, whether or not it is still waited for; what `body`
/// captures lives as long as it does.
class Attempt {
public:
    /// Throws std::system_error where no thread is to be had.
    static std::shared_ptr<Attempt> start(std::function<void()> body);

    /// Returns true when the work is done, and throws what it threw; false when `longest` is over
    /// (zero: never), or after give_up().
    bool wait(std::chrono::nanoseconds longest = {});
    /// Who waits goes on without it.
    void give_up() noexcept;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::exception_ptr error_;
    bool done_ = false;
    bool given_up_ = false;
};

}  // namespace myfabric::mysql
