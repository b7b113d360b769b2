// Finding a session on a server of a route: a parked one or a new one, after waits and fresh looks
// at the farm.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "router/destination.h"
#include "router/journal.h"
#include "router/live_link.h"
#include "router/read_position.h"
#include "router/selector.h"
#include "router/session_setup.h"
#include "router/sessions.h"
#include "router/settings.h"

namespace myfabric::router {

/// What happened on this connection since it was opened.
struct Counters {
    unsigned long long logins = 0;
    unsigned long long moves = 0;     // to another server because one failed or changed its role
    unsigned long long switches = 0;  // because the target or mode of the next command asked for it
    unsigned long long parked_taken = 0;
    unsigned long long retries = 0;  // commands that ran again after a failure
};

/// Works on what the connection has: every reference outlives it.
class ServerSearch {
public:
    ServerSearch(const Settings& settings, Course& course, ReadPosition& position,
                 ParkedSessions& parked, Journal& journal, Counters& counters)
        : settings_(settings),
          course_(course),
          position_(position),
          parked_(parked),
          journal_(journal),
          counters_(counters) {}

    /// A session for the course, in the state `wanted`, by Attempts tries. `first`: the
    /// connection's first one; then a single server is tried once. Throws Error 08S01 (`first`:
    /// 08001), HYT00 or 08004 with a record for each try, and at once what concerns every server
    /// (28000, 42000).
    std::unique_ptr<Session> find(SessionState& wanted, bool first);
    /// Parks `present` and gives the parked session that find() would give as well, where that is
    /// known without more than a look at the course's route and snapshot: on the primary, for reads
    /// on the only secondary of the group that has one. False: nothing has changed.
    bool exchange_parked(std::unique_ptr<Session>& present, const SessionState& wanted);
    /// Brings `session` back to what a login and `wanted` make of it.
    void begin_again(Session& session, SessionState& wanted);

    /// The servers for the course in the order to try them; the course has the route then. Throws
    /// as resolve() does.
    Choice choose(const std::string& database);
    /// Whether the newest snapshot still has `address` for the course: then the farm does not
    /// know yet what has happened to it.
    bool still_gives(const std::string& address, const std::string& database);
    /// Waits AttemptDelay, or until the farm has other servers than `tried`.
    void wait_for_change(const std::vector<topology::Server>& tried, const std::string& database);
    /// A session was lost now: none is opened by an older snapshot.
    void lost_one() {
        if (settings_.farm) lost_at_ = settings_.farm->now();
    }
    /// A server to leave, if there is another; empty: none.
    void avoid(std::string address) { avoided_ = std::move(address); }

    ReadPosition::Limits limits() const {
        const bool own = settings_.target.mode == topology::Mode::automatic;
        return {settings_.max_lag, own ? settings_.read_your_writes_timeout : 0};
    }
    /// Whether reads of the course may be answered by `session` on `server`.
    bool is_fit(Session& session, const topology::Server& server);
    /// Keeps `session` for going back, until drop_surplus() finds that there are too many.
    void park(std::unique_ptr<Session> session);
    /// Closes parked sessions over the limit: after another one was taken, which may have been the
    /// oldest.
    void drop_surplus();
    /// With autocommit off a read that a hint sends elsewhere would begin a transaction there that
    /// nothing ends.
    bool autocommit_here(const SessionState& wanted) const {
        return wanted.autocommit || course_.hint_leaves_home;
    }
    /// `session` as the command at hand wants it.
    void bring_up_to_date(Session& session, const SessionState& wanted);

    bool is_left(const std::string& address) const {
        return address == avoided_ || settings_.farm->is_quarantined(address);
    }
    const topology::Server* parked_server() const;
    /// Commands go to `address` from now on: a line of the log. `took`: finding a session there.
    void log_course(std::string_view how, const std::string& address,
                    std::chrono::steady_clock::duration took = {});

private:
    bool is_in_step(Session& session);
    static void settle(Session& session);
    std::unique_ptr<Session> take_parked(const topology::Server& server,
                                         const SessionState& wanted);
    std::unique_ptr<Session> log_in(const topology::Server& server, SessionState& wanted,
                                    bool first, std::vector<Record>& records);
    mysql::Login login_to(const topology::Server& server, const SessionState& wanted) const;
    Here place(const topology::Server& server) const;
    void attach(Session& session, const topology::Server& server);
    void report(const topology::Server& server, const Error& error);
    void wait();
    std::chrono::nanoseconds pause();

    const Settings& settings_;
    Course& course_;
    ReadPosition& position_;
    ParkedSessions& parked_;
    Journal& journal_;
    Counters& counters_;
    SessionSetup setup_;
    topology::Farm::Clock::time_point lost_at_;
    std::string avoided_;
    Random random_;
};

}  // namespace myfabric::router
