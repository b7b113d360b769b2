// How a session is begun: from its state after login to the one that the application made.
#pragma once

#include <optional>

#include "router/journal.h"
#include "router/server_session.h"
#include "router/session_state.h"
#include "router/settings.h"

namespace myfabric::router {

class SessionSetup {
public:
    /// Sets on `session` what `settings` say and what `wanted` is, but for autocommit. `first`: it
    /// is the connection's first one, whose InitStatement may make `wanted` read-only. `again`: how
    /// it was begun, when it is reset; else null. Returns the state it has then. Throws Error.
    SessionState begin(ServerSession& session, const Settings& settings, SessionState& wanted,
                       bool autocommit, bool first, Journal& journal,
                       const mysql::Login* again = nullptr);

private:
    void set_variables(ServerSession& session, const Settings& settings, bool autocommit,
                       Journal& journal, const mysql::Login* again);

    std::optional<SessionDefaults> defaults_;  // of the first server; they follow to every other
};

}  // namespace myfabric::router
