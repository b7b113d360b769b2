// Ending a connection's link from another thread than the one that waits on it.
#pragma once

#include "mysql/connection.h"

namespace myfabric::mysql {

/// A command that waits on `connection`, and any later one, fails soon with a lost link. The only
/// function that may be called beside others of the same connection.
void break_link(const Connection& connection) noexcept;

}  // namespace myfabric::mysql
