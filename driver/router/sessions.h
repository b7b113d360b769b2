// Sessions of a connection: the present one, and those that are kept on other servers for going
// back.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "router/contact.h"
#include "router/server_session.h"
#include "router/session_state.h"

namespace myfabric::router {

struct Session {
    std::shared_ptr<ServerSession> on;  // null: there is none
    std::string address;
    std::shared_ptr<const Contact> contact;
    std::shared_ptr<const Here> here;  // where commands of its last route found it
    SessionState state;                // as it is now
    Unrestorable unrestorable;         // what it has beside that
    std::string reached;               // the position of writes that its server is known to have
    bool has_insert_id = false;        // it generated a value of AUTO_INCREMENT
    std::chrono::steady_clock::time_point parked_at;

    bool usable() const { return on && on->usable(); }
    bool in_transaction() const { return on && on->alive() && on->in_transaction(); }
};

/// At most one a server.
class ParkedSessions {
public:
    using Clock = std::chrono::steady_clock;

    /// Keeps `session` with all that it holds, unless it is in a transaction or its link is gone.
    /// Returns what got lost then: "leaving h1:3306 loses its temporary tables".
    std::optional<std::string> park(std::unique_ptr<Session> session);
    /// Closes the oldest of more than `most`, those that hold nothing before the others. Returns
    /// what got lost.
    std::vector<std::string> keep(unsigned most);
    /// Ends those that were parked longer than `longest` and hold nothing, and those that hold
    /// something and died; the links of others are not looked at.
    void end_old(std::chrono::seconds longest);
    /// The session on `address`; null when there is none that lives.
    std::unique_ptr<Session> take(const std::string& address);
    /// That on `server`, which stays; null when there is none.
    Session* on(const topology::Server& server) const;
    /// Takes `parked`, one of them, and parks `present` in its place as park() does.
    std::optional<std::string> exchange(const Session& parked, std::unique_ptr<Session>& present);
    /// What sessions held that died since the last call.
    Unrestorable take_lost() { return std::exchange(lost_, {}); }
    bool any_lost() const { return lost_.any(); }
    void lose(const Unrestorable& state) { lost_ |= state; }

    bool any_unrestorable() const;
    std::vector<std::string> addresses() const;
    void close(const std::string& address);
    void clear();
    void abandon() noexcept;

private:
    std::vector<std::unique_ptr<Session>> parked_;
    Unrestorable lost_;
};

}  // namespace myfabric::router
