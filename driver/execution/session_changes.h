// What a statement did to its session, so that it can be done again on another server.
#pragma once

#include <string>

#include "router/backend.h"
#include "sql/lexer.h"

namespace myfabric::execution {

/// What cannot be done again.
router::Unrestorable left_behind(const sql::Analysis& analysis);

/// Tells `backend` of it, and of the settings. `sql` was run; `reading`: rows of it are still to be
/// read, so that the session cannot be asked. Texts travel as utf8mb4 whatever the statement said,
/// as other bytes would be misread: returns the statement that put the session back, or nothing.
std::string note_session_changes(const sql::Analysis& analysis, const std::string& sql,
                                 bool reading, router::Backend& backend);

/// The same for what a procedure did, as far as the server reports (session tracking): before the
/// next statement.
std::string note_routine_changes(router::Backend& backend);

}  // namespace myfabric::execution
