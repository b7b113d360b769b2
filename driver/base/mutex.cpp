#include "base/mutex.h"

namespace myfabric {

void Mutex::wait() noexcept {
    // A thread that waited leaves the mark of a waiter: there may be more of them.
    while (state_.exchange(awaited, std::memory_order_acquire) != unlocked)
        state_.wait(awaited, std::memory_order_relaxed);
}

}  // namespace myfabric
