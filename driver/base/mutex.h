// The lock of a handle: a mutex that costs two instructions of the processor where no other thread
// waits.
#pragma once

#include <atomic>

namespace myfabric {

/// Like std::mutex. Each call of an application takes one, mostly free, so it is taken inline.
class Mutex {
public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    bool try_lock() noexcept {
        int expected = unlocked;
        return state_.compare_exchange_strong(expected, locked, std::memory_order_acquire,
                                              std::memory_order_relaxed);
    }
    void lock() noexcept {
        if (!try_lock()) [[unlikely]]
            wait();
    }
    void unlock() noexcept {
        if (state_.exchange(unlocked, std::memory_order_release) == awaited) [[unlikely]]
            state_.notify_one();
    }

private:
    static constexpr int unlocked = 0, locked = 1, awaited = 2;

    void wait() noexcept;

    std::atomic<int> state_{unlocked};
};

}  // namespace myfabric
