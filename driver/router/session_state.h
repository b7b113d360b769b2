// The session as the application made it, and how it is put onto a server connection.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "router/server_session.h"

namespace myfabric::router {

/// What is restored on every server that the connection moves to.
struct SessionState {
    std::string database;
    bool autocommit = true;
    std::string isolation;  // "READ COMMITTED"...; empty: the server's default
    bool read_only = false;
    std::vector<std::string> settings;  // SET statements of the application, in order

    bool operator==(const SessionState&) const = default;

    /// Notes a SET statement for replay; a repeated one moves to the end.
    void remember(std::string_view set_statement);
};

/// State that lives on one server and cannot be rebuilt on another.
struct Unrestorable {
    bool temporary_tables = false;
    bool table_locks = false;
    bool user_locks = false;
    bool user_variables = false;
    bool session_variables = false;  // set by a text that cannot be repeated
    bool left_by_routine = false;    // by a procedure or function, the server says

    bool any() const {
        return temporary_tables || table_locks || user_locks || user_variables ||
               session_variables || left_by_routine;
    }
    /// "temporary tables and user variables"
    std::string names() const;
    Unrestorable& operator|=(const Unrestorable& other);
};

/// The statements that bring a session from `present` to `wanted`; the database is not among them.
std::vector<std::string> statements_for(const SessionState& wanted, const SessionState& present);

/// Whether a SET statement (or another text) may change the character sets of the session, or the
/// modes of its transactions. Never false for one that does.
bool may_set_character_set(std::string_view sql);
bool may_set_transaction_modes(std::string_view sql);

/// Puts the session back to utf8mb4, in which texts travel, with a collation that is of it. Returns
/// the statement that this took, or nothing. Throws Error.
std::string keep_utf8mb4(ServerSession& session);

/// What a session has on a server that was asked for nothing.
struct SessionDefaults {
    std::string sql_mode, time_zone, isolation;
};
SessionDefaults session_defaults(ServerSession& session);
/// ", sql_mode='...', ..." for a SET statement on `session`.
std::string assignments(const SessionDefaults& defaults, const ServerSession& session);

/// Isolation ("READ COMMITTED") and access mode as the server's session has them. Throws Error.
void read_transaction_modes(ServerSession& session, SessionState& state);

/// Applies the differences on `session` and returns the state it has then. Throws Error.
void apply(ServerSession& session, const SessionState& wanted, SessionState& present);

}  // namespace myfabric::router
