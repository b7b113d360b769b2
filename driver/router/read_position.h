// Reading one's own writes, and not from servers that lag: Mode=AUTO and MaxLag.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "router/journal.h"
#include "router/server_session.h"

namespace myfabric::router {

/// What this connection wrote where, and which secondaries are not to be read from now.
class ReadPosition {
public:
    using Clock = std::chrono::steady_clock;

    struct Limits {
        unsigned max_lag = 0;     // seconds; 0: not checked
        unsigned own_writes = 0;  // seconds that a read waits for them; 0: it does not
    };

    /// A write goes to the primary of `group`.
    void wrote(const std::string& group) { own_[group].wrote = true; }
    /// The last of them stands there, its server has said; empty: it has not.
    void stands(const std::string& group, std::string position);
    /// Whether it is known where the writes in `group` stand, or there are none.
    bool knows(const std::string& group) { return !own_[group].wrote; }
    /// Asks `session`, on the primary of `group`. `synchronous`: see mysql::written_position().
    /// False when that cannot be known now.
    bool ask(ServerSession& session, const std::string& group, const std::string& address,
             Journal& journal, bool synchronous = false);

    /// Whether reads may be answered by `session`, on a secondary of `group`: not when it lags more
    /// than the limit, nor when it lacks the connection's own writes. `reached`: the position that
    /// it is known to have. A server that is unfit is not looked at again for a while. `ahead`: the
    /// next command is a plain read; where it can, it finds out about the writes itself, and says
    /// by Cause::behind that they are not there.
    bool is_fit(ServerSession& session, std::string& reached, const std::string& group,
                const std::string& address, const Limits& limits, bool ahead, Journal& journal);
    /// It did.
    void was_behind(const std::string& address);
    bool was_unfit(const std::string& address, const Limits& limits) const;

    /// A server was chosen; `passed_over`: others were unfit.
    void chose(bool passed_over, const Limits& limits);
    /// Whether the choice is to be thought over.
    bool is_due() const {
        return look_again_ != Clock::time_point::max() && Clock::now() >= look_again_;
    }

    /// Another server is in use.
    void moved() { no_position_ = false; }
    /// Another user has the connection.
    void forget() { own_.clear(); }

private:
    struct OwnWrites {
        bool wrote = false;    // since `position` was asked for
        std::string position;  // of the last write
    };
    std::map<std::string, OwnWrites> own_;            // by group
    bool no_position_ = false;                        // the present server keeps none
    bool lag_reported_ = false;                       // that the lag cannot be seen
    std::map<std::string, Clock::time_point> unfit_;  // servers, until when
    Clock::time_point look_again_ = Clock::time_point::max();
};

}  // namespace myfabric::router
