// What a server says of replication: where its writes stand, whether it has them, how far it lags.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mysql/connection.h"

namespace myfabric::mysql {

/// The position of a MariaDB server that its secondaries can reach: what it has logged (`logged`),
/// but in its own domain also what it applied as a replica before (`current`). What comes from
/// elsewhere and is not logged is not replicated. All of `current` where nothing is logged.
std::string reachable_position(std::string_view logged, std::string_view current,
                               std::string_view own_domain);

/// The position of the session's own writes in the server's terms (GTIDs); those of all sessions
/// where only they are known. Empty when the server keeps none. `synchronous`: the server is a node
/// of a cluster whose other nodes can wait for all that was committed. Throws Error.
std::string written_position(Connection& connection, bool synchronous);

/// Waits `seconds` at most until the server has all that `position` names. Throws Error.
bool caught_up(Connection& connection, const std::string& position, unsigned seconds);

/// The same without waiting: the next command tells, by an Error of Cause::behind, that it has not;
/// see Connection::require(). False where that cannot be.
bool require_caught_up(Connection& connection, const std::string& position, unsigned seconds);

/// Seconds that the server is behind its primary; null when its replication stands still. Needs a
/// right: REPLICATION CLIENT, on MariaDB SLAVE MONITOR. Throws Error.
std::optional<unsigned long> lag(Connection& connection);

}  // namespace myfabric::mysql
