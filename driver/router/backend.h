// The single owner of the server connection: routes, connects, fails over, restores the session.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "mysql/connection.h"
#include "router/live_link.h"
#include "router/purpose.h"
#include "router/route.h"
#include "router/selector.h"
#include "router/session.h"
#include "router/settings.h"
#include "topology/farm.h"

namespace myfabric::router {

/// What happened on this connection since it was opened.
struct Counters {
    unsigned long long logins = 0;
    unsigned long long moves = 0;     // to another server because one failed or changed its role
    unsigned long long switches = 0;  // because the target or mode of the next command asked for it
    unsigned long long parked_taken = 0;
    unsigned long long retries = 0;  // commands that ran again after a failure
};

/// Not thread-safe: the connection handle's mutex guards it. What other threads may do is
/// LiveLink's.
class Backend {
public:
    explicit Backend(Settings settings);
    ~Backend();

    /// Connects to the target's server. Throws Error 08001, 08004, 28000 with a record per try.
    void connect();
    void disconnect() noexcept;
    /// In a forked child: the servers hear nothing of the end of these sessions, the parent's.
    void abandon() noexcept;
    bool connected() const { return opened_; }

    /// Runs `body(connection)` on the target's server; it leaves this object alone. After a failure
    /// it decides by next_step() whether the body runs again elsewhere or what the application is
    /// told.
    template <class Body>
    auto run(const Purpose& purpose, Body&& body) {
        for (unsigned attempt = 1;; ++attempt) {
            const std::shared_ptr<mysql::Connection>& connection = ready(purpose);
            try {
                if constexpr (std::is_void_v<decltype(body(connection))>) {
                    body(connection);
                    return note_success(purpose);
                } else {
                    auto result = body(connection);
                    note_success(purpose);
                    return result;
                }
            } catch (const Error& error) {
                recover(error, purpose, attempt);  // throws unless the body is to run again
            }
        }
    }

    /// COMMIT or ROLLBACK. Throws 08007, 40001 as PRODUCT's failure section says.
    void end_transaction(bool commit);
    /// Tells that rows of a result from `reader` could not be read to the end; throws 08S01 or
    /// 40001.
    /// 40001; of several statements 40003, as those behind it may have run.
    [[noreturn]] void result_lost(const Error& error, const mysql::Connection* reader,
                                  const Purpose& purpose);

    /// Changes the target; it takes effect at the next statement. Throws HY011 in a transaction.
    void set_target(topology::Target target);
    const topology::Target& target() const { return settings_.target; }
    /// The same, for a target that must lead somewhere now. In a transaction it may not leave the
    /// present server: 25000. Throws as resolve() does.
    void switch_target(topology::Target target);
    /// Leaves the present server for another one of its group that the mode allows, by a fresh look
    /// at the farm. Throws 25000 in a transaction, 08004 when there is no other.
    void fail_over();
    /// Puts back the target and the session that connect() began with: as after a new login, with
    /// an open transaction rolled back and parked sessions closed.
    void reset();
    Settings& settings() { return settings_; }
    /// False in a session with the SQL mode NO_BACKSLASH_ESCAPES.
    bool backslash_escapes() const { return !connection_ || connection_->backslash_escapes(); }

    /// Changes the session and applies it at once when connected.
    void change_session(const std::function<void(SessionState&)>& change);
    const SessionState& session() const { return wanted_; }
    /// Takes over what a statement of the application did to the session by SQL text.
    void note_setting(std::string_view set_statement) {
        wanted_.remember(set_statement);
        applied_.settings = wanted_.settings;
    }
    /// After SQL text that may have changed them: what the session's transactions are like now.
    void note_transaction_modes() {
        read_transaction_modes(*connection_, wanted_);
        applied_.isolation = wanted_.isolation;
        applied_.read_only = wanted_.read_only;
    }
    void note_database(std::string database) {
        wanted_.database = std::move(database);
        applied_.database = wanted_.database;
    }
    void note_autocommit(bool on) { wanted_.autocommit = applied_.autocommit = on; }
    bool has_temporary_tables() const { return unrestorable_.temporary_tables; }
    void note_unrestorable(const Unrestorable& state) { unrestorable_ |= state; }

    bool in_transaction() const;
    /// Null while there is no connection. Never waits.
    const std::shared_ptr<mysql::Connection>& connection() const { return connection_; }
    std::optional<Here> here() const;
    /// False when the server connection is known to be gone; a look at the socket, no waiting.
    bool usable() const;
    /// Texts for 01000 since the last call: moves to another server.
    std::vector<std::string> take_notices();
    bool has_notices() const { return !notices_.empty(); }
    const Counters& counters() const { return counters_; }
    /// "host:port" of each session that is kept open for going back.
    std::vector<std::string> parked_servers() const;

private:
    struct Parked {
        std::string address;
        std::shared_ptr<mysql::Connection> connection;
        SessionState state;
        Unrestorable unrestorable;
        std::string reached;
        std::chrono::steady_clock::time_point since;
    };
    /// A line of the log, if there is one; `text` gives its end.
    template <class Text>
    void write_log(LogLevel level, Text&& text) const {
        if (settings_.log && settings_.log->wants(level))
            settings_.log->write(level, text(),
                                 {.connection = settings_.log_name,
                                  .server = here_ ? here_->server.address() : std::string(),
                                  .group = here_ ? here_->group : std::string()});
    }
    void notice(std::string text);
    const std::shared_ptr<mysql::Connection>& ready(const Purpose& purpose);
    void recover(const Error& error, const Purpose& purpose, unsigned attempt);
    /// A write that began no transaction though autocommit is off: no rollback takes it back.
    void note_success(const Purpose& purpose) {
        if (purpose.effect == Effect::read) return;
        if (connection_ && connection_->insert_id()) {
            has_insert_id_ = true;
            insert_id_lost_ = false;
        }
        if (applied_.autocommit) return;
        if (!purpose.rolled_back_alone)
            untransactional_ = false;  // what ends a transaction, or is none of its statements
        else if (connection_ && !connection_->in_transaction())
            untransactional_ = true;
    }
    bool asks_whether_rolled_back(const Purpose& purpose);
    void throw_if_out_of_time(const Error& error);
    [[noreturn]] void tell_failure(Next next, const Error& error, const std::string& from,
                                   const std::string& gone, unsigned attempt);
    bool aim(const Purpose& purpose);
    topology::Mode mode_for(const Purpose& purpose);
    void follow(const Purpose& purpose);
    bool leads_away(const topology::Topology& now) const;
    static bool same_servers(const std::vector<topology::Server>& a,
                             const std::vector<topology::Server>& b);
    bool still_serves(const topology::Topology& now, const Route& route);
    void reroute();
    bool know_position();
    void log_route(std::string_view how) const;
    bool fit_to_read(const topology::Server& server);
    bool waits_for_own_writes() const;
    bool is_behind(const std::string& address) const;
    bool is_parked(const std::string& address) const;
    void open(const SqlState& give_up_state);
    Choice choose();
    bool try_server(const topology::Server& server, std::vector<Record>& records);
    SessionState begin_session(mysql::Connection& connection);
    void set_variables(mysql::Connection& connection);
    SessionState session_here() const;
    void adopt(const topology::Server& server, std::shared_ptr<mysql::Connection> connection,
               SessionState state, const mysql::Login& login);
    Here place(const topology::Server& server) const;
    mysql::Login login_to(const topology::Server& server) const;
    void park();
    void evict();
    bool take_parked(const topology::Server& server);
    void drop_connection();
    void report(const topology::Server& server, const Error& error);
    void wait();
    bool still_gives(const std::string& address);
    /// Waits AttemptDelay, or until the farm gives other servers than `tried`.
    void wait_for_change(const std::vector<topology::Server>& tried);
    void must_know_last_statement(const Purpose& purpose);
    [[noreturn]] void throw_transaction_lost(const std::string& why);

    Settings settings_;
    SessionState wanted_;
    SessionState applied_;
    Unrestorable unrestorable_;

    // The target of the command at hand. Its mode is never AUTO.
    topology::Target aim_;
    bool detour_ = false;         // it is of that command alone ...
    bool away_ = false;           // ... and leads elsewhere than the connection's own
    bool target_changed_ = true;  // it is not, or not surely, what the present route came from
    std::shared_ptr<const topology::Topology> topology_;  // what the present route came from
    topology::Target routed_;                             // likewise
    Route route_;
    bool opened_ = false;
    Settings first_settings_;  // as connect() began
    SessionState first_session_;
    std::optional<SessionDefaults> defaults_;  // of the first server; they follow to every other

    // Reading one's own writes, and not from servers that lag (Mode=AUTO, MaxLag)
    /// Writes of this connection in one group.
    struct OwnWrites {
        bool wrote = false;    // since `position` was asked for
        std::string position;  // of the last write
    };
    std::map<std::string, OwnWrites> own_;  // by group
    OwnWrites& here_own() { return own_[here_ ? here_->group : route_.group]; }
    bool no_position_ = false;  // this server keeps none
    bool lag_told_ = false;     // that the lag cannot be seen
    std::string reached_;       // the position that the present server is known to have
    std::string avoided_;       // an address to leave, if there is another
    std::map<std::string, std::chrono::steady_clock::time_point> behind_;  // servers, until when
    std::chrono::steady_clock::time_point look_again_ =
        std::chrono::steady_clock::time_point::max();  // when the choice is to be thought over

    std::shared_ptr<mysql::Connection> connection_;
    std::optional<Here> here_;
    bool transaction_dropped_ = false;  // by a timeout; the next command tells it
    bool was_in_transaction_ = false;   // before the command that runs
    bool untransactional_ = false;      // the transaction wrote what no rollback takes back
    bool has_insert_id_ = false;        // the session generated a value of AUTO_INCREMENT
    bool insert_id_lost_ = false;       // the session that knew it is gone
    bool last_statement_lost_ = false;
    topology::Farm::Clock::time_point lost_at_;  // no session is opened by an older snapshot
    std::deque<Parked> parked_;
    Unrestorable lost_state_;  // of sessions that died; the next command tells it
    std::vector<std::string> notices_;
    Counters counters_;
    Random random_;
};

}  // namespace myfabric::router
