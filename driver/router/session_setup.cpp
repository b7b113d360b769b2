#include "router/session_setup.h"

#include "base/error.h"

namespace myfabric::router {

SessionState SessionSetup::begin(ServerSession& session, const Settings& settings,
                                 SessionState& wanted, bool autocommit, bool first,
                                 Journal& journal) {
    SessionState present;
    present.database = wanted.database;
    set_variables(session, settings, autocommit, journal);
    if (!settings.init_statement.empty()) {
        session.execute(settings.init_statement);
        if (may_set_character_set(settings.init_statement)) keep_utf8mb4(session);
        if (may_set_transaction_modes(settings.init_statement)) {
            read_transaction_modes(session, present);
            if (first) wanted.read_only |= present.read_only;
        }
    }
    present.autocommit = session.autocommit();
    SessionState to_be = wanted;
    to_be.autocommit = autocommit;
    apply(session, to_be, present);
    return present;
}

/// Sets what `set` does, and lets the server tell what procedures leave in the session. A proxy or
/// another engine may say the version of a server that can, and not know how.
static void set_and_track(ServerSession& session, const std::string& set) {
    const bool tracks = session.version() >= (session.is_mariadb() ? 100203U : 50704U);
    if (!tracks) return session.execute(set);
    try {
        session.execute(set + ", session_track_state_change=1");
    } catch (const Error&) {
        if (!session.alive()) throw;
        session.execute(set);
    }
}

/// What every session is set to, in one statement.
void SessionSetup::set_variables(ServerSession& session, const Settings& settings, bool autocommit,
                                 Journal& journal) {
    // Autocommit is said, not assumed: a server may be configured to begin without it.
    const std::string set = "SET net_write_timeout=" + std::to_string(settings.stream_timeout) +
                            (autocommit ? ", autocommit=1" : ", autocommit=0") + settings.variables;
    if (!settings.farm) return set_and_track(session, set);
    // The servers of a farm may be configured differently: the first one's word holds for all.
    if (!defaults_) {
        set_and_track(session, set);
        defaults_ = session_defaults(session);
        return;
    }
    try {
        set_and_track(session, set + assignments(*defaults_, session));
    } catch (const Error& error) {
        if (!session.alive()) throw;
        journal.notice(
            "sql_mode, time_zone and isolation of the first server cannot be set on another: " +
            error.message());
        session.execute(set);
    }
}

}  // namespace myfabric::router
