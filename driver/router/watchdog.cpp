#include "router/watchdog.h"

#include <algorithm>
#include <utility>

#include "mysql/client_thread.h"
#include "platform/thread.h"

namespace myfabric::router {

Watchdog::~Watchdog() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Watchdog::Deadline::Deadline(Watchdog& watchdog, std::chrono::seconds after,
                             std::function<void()> act)
    : watchdog_(watchdog) {
    std::lock_guard lock(watchdog.mutex_);
    entry_ = watchdog.entries_.insert(watchdog.entries_.end(),
                                      {std::chrono::steady_clock::now() + after, std::move(act)});
    if (!watchdog.thread_.joinable())
        watchdog.thread_ = platform::quiet_thread([&watchdog] { watchdog.run(); });
    watchdog.changed_.notify_all();
}

bool Watchdog::Deadline::end() {
    if (std::exchange(ended_, true)) return acted_;
    std::unique_lock lock(watchdog_.mutex_);
    watchdog_.changed_.wait(lock, [&] { return entry_->state != Entry::State::acting; });
    acted_ = entry_->state == Entry::State::acted;
    watchdog_.entries_.erase(entry_);
    return acted_;
}

void Watchdog::run() {
    const mysql::ClientThread library;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const auto next = std::ranges::min_element(entries_, {}, [](const Entry& entry) {
            return entry.state == Entry::State::waiting
                       ? entry.when
                       : std::chrono::steady_clock::time_point::max();
        });
        if (next == entries_.end() || next->state != Entry::State::waiting) {
            changed_.wait(lock);
            continue;
        }
        if (const auto when = next->when; std::chrono::steady_clock::now() < when) {
            changed_.wait_until(lock, when);
            continue;
        }
        next->state = Entry::State::acting;
        lock.unlock();
        try {
            next->act();
        } catch (...) {
            // The server does not let us in to stop the statement: it ends by itself.
        }
        lock.lock();
        next->state = Entry::State::acted;
        changed_.notify_all();
    }
}

}  // namespace myfabric::router
