// Ending a connection's link from another thread than the one that waits on it.
#pragma once

#include <string>

#include "mysql/connection.h"

namespace myfabric::mysql {

/// A command that waits on `connection`, and any later one, fails soon with a lost link. The only
/// function that may be called beside others of the same connection.
void break_link(const Connection& connection) noexcept;

/// The connection's socket; -1 when it is closed. For the connection's own thread.
int socket_of(const Connection& connection) noexcept;

/// Whether the last answer reported, by session tracking, that something of the session's state has
/// changed: variables, temporary tables. Only where session_track_state_change is on.
bool changed_state(const Connection& connection) noexcept;
/// Whether the last answer reported, by session tracking, that texts no longer travel as utf8mb4:
/// procedures may change that.
bool left_utf8mb4(const Connection& connection) noexcept;

/// What the last answer reported of where the session's writes stand (GTID), if it did.
std::string tracked_position(const Connection& connection);

/// In a forked child: the connection is the parent's, whose server must hear nothing of its end
/// here.
void abandon(const Connection& connection) noexcept;

}  // namespace myfabric::mysql
