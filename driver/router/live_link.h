// What other threads may know of a connection and do about it while a call waits for its server.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "mysql/attempt.h"
#include "platform/process.h"
#include "router/contact.h"
#include "router/route.h"
#include "router/server_session.h"
#include "topology/farm.h"

namespace myfabric::router {

/// Thread-safe, but for begin_call() and end_call(), which are the connection's own. Lives as long
/// as the handle; its lock is held for moments only, never while something waits.
class LiveLink : public std::enable_shared_from_this<LiveLink> {
public:
    using Clock = std::chrono::steady_clock;

    LiveLink() = default;
    LiveLink(const LiveLink&) = delete;
    LiveLink& operator=(const LiveLink&) = delete;

    /// Who ended the link, if not the server.
    enum class Broken : unsigned char {
        no,
        replaced,
        cancelled,
        query_timeout,
        connection_timeout
    };

    // ---- the connection's own thread

    /// A call of the application begins, and ends: two stores.
    void begin_call() noexcept { step(); }
    void end_call() noexcept { step(); }

    /// The session of `contact` is what the calls wait for from now on; it stays until detach().
    /// Without a farm the route is not looked at.
    void attach(std::shared_ptr<const Contact> contact, std::shared_ptr<const Here> here,
                const std::shared_ptr<topology::Farm>& farm, topology::Mode mode);
    void detach() noexcept;
    /// The route that the link serves from now on.
    void aim(std::shared_ptr<const Here> here, topology::Mode mode);
    /// How long one wait for a server may take; zero: for ever. The link is broken then.
    void limit(std::chrono::seconds longest) noexcept { limit_ = longest.count(); }
    bool limited() const noexcept { return limit_ != 0; }
    /// How long the call at hand may take: then what runs is stopped, and if that does not help,
    /// the link is broken. end_query_limit() says whether it came to that, and waits for it to be
    /// over.
    void begin_query_limit(std::chrono::seconds longest) noexcept {
        query_limit_ = longest.count();
    }
    bool end_query_limit();
    std::chrono::seconds query_limit() const noexcept {
        return std::chrono::seconds(query_limit_.load());
    }

    /// Calls `log_in` in its own thread, so that the wait can be ended. Throws 08001 when the
    /// farm has replaced the server meanwhile, HYT00 and HYT01 when a limit is over, else as
    /// `log_in` does.
    std::shared_ptr<ServerSession> log_in(const LogIn& log_in, const mysql::Login& login,
                                          const std::shared_ptr<const Here>& place,
                                          const std::shared_ptr<topology::Farm>& farm,
                                          topology::Mode mode);

    // ---- any thread

    /// The server in use, or the last one; null before there is one.
    std::shared_ptr<const Here> here() const;
    /// False when the link is known to be gone; a look at the socket, no waiting.
    bool usable() const;
    Broken broken() const;

    /// Stops what the session runs: KILL QUERY over a separate connection, which may take
    /// `longest`. Throws Error.
    void cancel(std::chrono::milliseconds longest = std::chrono::milliseconds(1000));
    /// A call that waits for the link wakes up.
    void break_link(Broken why) noexcept;

    /// What the watch does now and then. Ends a wait that is over its limit, or for a server that
    /// the farm has replaced. True while a call waits for a server of a farm.
    bool look(Clock::time_point now);

private:
    void step() noexcept {
        calls_.store(calls_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }
    bool has_link() const { return contact_ && contact_->socket; }
    void stop_query(std::uint64_t call);
    bool is_replaced() const;

    std::atomic<std::uint64_t> calls_{0};  // odd while one is going on
    std::atomic<std::int64_t> limit_{0};   // seconds

    std::atomic<std::uint64_t> servers_{0};     // that were waited for
    std::atomic<std::int64_t> query_limit_{0};  // seconds
    std::atomic<bool> expired_{false};          // the query limit was reached

    mutable std::mutex mutex_;
    std::condition_variable stopped_;
    bool stopping_ = false;                    // a thread is about to stop what runs
    std::shared_ptr<const Contact> contact_;   // of the session in use; null: there is none
    std::shared_ptr<mysql::Attempt> pending_;  // a login that is waited for ...
    Broken given_up_ = Broken::no;             // ... until that
    std::shared_ptr<const Here> here_;
    std::shared_ptr<topology::Farm> farm_;
    topology::Mode mode_ = topology::Mode::read_write;
    Broken broken_ = Broken::no;

    /// The watch's own.
    struct Watched {
        std::uint64_t call = 0, servers = 0, stopped_call = 0;
        Clock::time_point call_since, wait_since, stopped_at;
    };
    Watched watched_;
};

/// Looks after the live links of a process now and then. Thread-safe; its thread starts with the
/// first link and ends with the object.
class Watch {
public:
    Watch() = default;
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void add(const std::shared_ptr<LiveLink>& link);

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::weak_ptr<LiveLink>> links_;
    bool stopping_ = false;
    std::thread thread_;
    const platform::ProcessId process_ = platform::process_id();
};

}  // namespace myfabric::router
