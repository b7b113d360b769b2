// Sessions of a connection: the present one, and those that are kept on other servers for going
// back.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "router/server_session.h"
#include "router/session_state.h"

namespace myfabric::router {

struct Session {
    std::shared_ptr<ServerSession> on;  // null: there is none
    std::string address;
    SessionState state;          // as it is now
    Unrestorable unrestorable;   // what it has beside that
    std::string reached;         // the position of writes that its server is known to have
    bool has_insert_id = false;  // it generated a value of AUTO_INCREMENT
    std::chrono::steady_clock::time_point parked_at;

    bool usable() const { return on && on->usable(); }
    bool in_transaction() const { return on && on->alive() && on->in_transaction(); }
};

/// At most one a server.
class ParkedSessions {
public:
    using Clock = std::chrono::steady_clock;

    /// Keeps `session` with all that it holds, unless it is in a transaction or its link is gone,
    /// and closes the oldest of more than `most`, those that hold nothing before the others.
    /// Returns what got lost: "leaving h1:3306 loses its temporary tables".
    std::vector<std::string> park(Session session, unsigned most);
    /// The session on `address`, if there is one. First those end that were parked longer than
    /// `longest` and hold nothing.
    std::optional<Session> take(const std::string& address, std::chrono::seconds longest);
    /// What sessions held that died since the last call.
    Unrestorable take_lost() { return std::exchange(lost_, {}); }
    bool any_lost() const { return lost_.any(); }
    void lose(const Unrestorable& state) { lost_ |= state; }

    bool has(const std::string& address) const;
    bool any_unrestorable() const;
    std::vector<std::string> addresses() const;
    void close(const std::string& address);
    void clear();
    void abandon() noexcept;

private:
    std::deque<Session> parked_;
    Unrestorable lost_;
};

}  // namespace myfabric::router
