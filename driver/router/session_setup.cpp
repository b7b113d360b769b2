#include "router/session_setup.h"

#include <utility>

#include "base/error.h"

namespace myfabric::router {

SessionState SessionSetup::begin(ServerSession& session, const Settings& settings,
                                 SessionState& wanted, bool autocommit, bool first,
                                 Journal& journal, const mysql::Login* again) {
    SessionState present;
    present.database = wanted.database;
    set_variables(session, settings, autocommit, journal, again);
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

namespace {

/// Runs SET statements; the first of them resets the session where that is wanted.
class Setter {
public:
    Setter(ServerSession& session, const mysql::Login* again) : session_(session), again_(again) {}

    void run(const std::string& set) {
        if (const mysql::Login* const login = std::exchange(again_, nullptr))
            session_.reset(*login, set);
        else
            session_.execute(set);
    }
    /// Lets the server tell, too, what procedures leave in the session. A proxy or another engine
    /// may say the version of a server that can, and not know how.
    /// `position`: and where its writes stand.
    void run_and_track(const std::string& set, bool position) {
        const bool tracks = session_.version() >= (session_.is_mariadb() ? 100203U : 50704U);
        if (!tracks) return run(set);
        const std::string state = ", session_track_state_change=1";
        const std::string gtid =
            ", session_track_system_variables="
            "CONCAT(@@session_track_system_variables, ',last_gtid')";
        if (position && session_.is_mariadb() && try_to_run(set + state + gtid)) return;
        if (!try_to_run(set + state)) run(set);
    }

private:
    bool try_to_run(const std::string& set) {
        try {
            run(set);
            return true;
        } catch (const Error&) {
            if (!session_.alive()) throw;
            return false;
        }
    }

    ServerSession& session_;
    const mysql::Login* again_;
};

}  // namespace

/// What every session is set to, in one statement.
void SessionSetup::set_variables(ServerSession& session, const Settings& settings, bool autocommit,
                                 Journal& journal, const mysql::Login* again) {
    // Autocommit is said, not assumed: a server may be configured to begin without it.
    const std::string set = "SET net_write_timeout=" + std::to_string(settings.stream_timeout) +
                            (autocommit ? ", autocommit=1" : ", autocommit=0") + settings.variables;
    Setter setter(session, again);
    if (!settings.farm) return setter.run_and_track(set, false);
    const bool position =
        settings.target.mode == topology::Mode::automatic && settings.read_your_writes_timeout;
    // The servers of a farm may be configured differently: the first one's word holds for all.
    if (!defaults_) {
        setter.run_and_track(set, position);
        defaults_ = session_defaults(session);
        return;
    }
    try {
        setter.run_and_track(set + assignments(*defaults_, session), position);
    } catch (const Error& error) {
        if (!session.alive()) throw;
        journal.notice(
            "sql_mode, time_zone and isolation of the first server cannot be set on another: " +
            error.message());
        setter.run(set);
    }
}

}  // namespace myfabric::router
