// SQL_ATTR_QUERY_TIMEOUT: one thread that acts when a statement has taken too long.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace myfabric::router {

/// Thread-safe. The thread starts with the first deadline and ends with the object.
class Watchdog {
    struct Entry {
        std::chrono::steady_clock::time_point when;
        std::function<void()> act;
        enum class State : unsigned char { waiting, acting, acted } state = State::waiting;
    };

public:
    Watchdog() = default;
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    /// A deadline for as long as it lives. Ending it waits for an action that has begun.
    class Deadline {
    public:
        Deadline(Watchdog& watchdog, std::chrono::seconds after, std::function<void()> act);
        ~Deadline() { end(); }
        Deadline(const Deadline&) = delete;
        Deadline& operator=(const Deadline&) = delete;

        /// No action from now on; true when there was one.
        bool end();

    private:
        Watchdog& watchdog_;
        std::list<Entry>::iterator entry_;
        bool ended_ = false;
        bool acted_ = false;
    };

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::list<Entry> entries_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace myfabric::router
