#include "handles/async_call.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "mysql/client_thread.h"

namespace myfabric::handles {

SQLRETURN AsyncCall::start(SQLUSMALLINT function, std::function<SQLRETURN()> body) {
    function_ = function;
    done_ = false;
    active_.store(true, std::memory_order_release);
    try {
        thread_ = std::thread([this, body] {
            const mysql::ClientThread library;
            const SQLRETURN result = body();
            const std::lock_guard lock(mutex_);
            result_ = result;
            done_ = true;
            ended_.notify_one();
        });
    } catch (const std::system_error&) {
        // No thread to be had: the call is made here and now.
        active_ = false;
        return body();
    }
    // What is quick need not be polled; and unixODBC lets a statement that was polled to its
    // SQL_NO_DATA do nothing else, so a fetch has more time.
    const bool fetches = function == SQL_API_SQLFETCH || function == SQL_API_SQLFETCHSCROLL ||
                         function == SQL_API_SQLEXTENDEDFETCH;
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, std::chrono::milliseconds(fetches ? 50 : 3), [this] { return done_; });
    lock.unlock();
    return poll();
}

SQLRETURN AsyncCall::poll() {
    refused_.store(false, std::memory_order_relaxed);
    {
        const std::lock_guard lock(mutex_);
        if (!done_) return SQL_STILL_EXECUTING;
    }
    thread_.join();
    const SQLRETURN result = result_;
    active_.store(false, std::memory_order_release);
    return result;
}

}  // namespace myfabric::handles
