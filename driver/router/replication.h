// What a server says of replication: where its writes stand, whether it has them, how far it lags.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mysql/connection.h"

namespace myfabric::router {

/// Of MariaDB's position `current`, which has what was replicated from elsewhere, too, the domains
/// that the server itself logs (`logged`): a secondary has those. All of it where nothing is logged.
std::string position_of_own_domains(std::string_view logged, std::string_view current);

/// The position of the session's own writes in the server's terms (GTIDs); those of all sessions
/// where only they are known. Empty when the server keeps none. Throws Error.
std::string written_position(mysql::Connection& connection);

/// Waits `seconds` at most until the server has all that `position` names. Throws Error.
bool caught_up(mysql::Connection& connection, const std::string& position, unsigned seconds);

/// Seconds that the server is behind its primary; null when its replication stands still. Needs a
/// right: REPLICATION CLIENT, on MariaDB SLAVE MONITOR. Throws Error.
std::optional<unsigned long> lag(mysql::Connection& connection);

}  // namespace myfabric::router
