// Polling asynchronous execution: a call that runs in its own thread until it is asked for.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace myfabric::handles {

/// Belongs to one handle. One thread at a time starts and polls, as ODBC demands of applications.
class AsyncCall {
public:
    AsyncCall() = default;
    ~AsyncCall() {
        if (thread_.joinable()) thread_.join();
    }
    AsyncCall(const AsyncCall&) = delete;
    AsyncCall& operator=(const AsyncCall&) = delete;

    bool idle() const { return !active_.load(std::memory_order_acquire); }
    /// Which function is running (SQL_API_...), when not idle.
    SQLUSMALLINT function() const { return function_; }

    /// Another function was called meanwhile: SQL_ERROR, and HY010 is what SQLGetDiagRec reports
    /// until the next poll, for the diagnostics are the running call's.
    SQLRETURN refuse() {
        refused_.store(true, std::memory_order_relaxed);
        return SQL_ERROR;
    }
    bool refused() const { return !idle() && refused_.load(std::memory_order_relaxed); }

    /// Runs `body`, the whole of the call `function`. Returns the result when it is there at once,
    /// or when no thread can be had, else SQL_STILL_EXECUTING.
    SQLRETURN start(SQLUSMALLINT function, std::function<SQLRETURN()> body);
    /// The result once it is there, and the handle is idle again; SQL_STILL_EXECUTING before.
    SQLRETURN poll();

private:
    std::thread thread_;
    std::atomic<bool> active_{false};
    std::atomic<bool> refused_{false};
    std::mutex mutex_;  // guards done_
    std::condition_variable ended_;
    bool done_ = false;
    SQLUSMALLINT function_ = 0;
    SQLRETURN result_ = SQL_SUCCESS;
};

}  // namespace myfabric::handles
