// The conductor: sends each command of a connection to the server that its target leads to, fails
// over, restores the session.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/outcome.h"
#include "router/failure_report.h"
#include "router/journal.h"
#include "router/purpose.h"
#include "router/session_in_use.h"
#include "router/settings.h"
#include "router/transaction.h"
#include "router/wanted.h"

namespace myfabric::router {

/// Not thread-safe: the connection handle's mutex guards it. What other threads may do is
/// LiveLink's.
class Backend {
public:
    /// `wanted` is the handle's, and lives on after the backend.
    explicit Backend(Settings settings,
                     std::shared_ptr<Wanted> wanted = std::make_shared<Wanted>());
    ~Backend();
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    /// Connects to the target's server. Throws Error 08001, 08004, 28000 with a record per try.
    void connect();
    void disconnect() noexcept;
    /// In a forked child: the servers hear nothing of the end of these sessions, the parent's.
    void abandon() noexcept;
    bool connected() const { return opened_; }

    /// Runs `body(connection)` on the target's server; it leaves this object alone. After a failure
    /// it decides by next_step() whether the body runs again elsewhere or what is reported to the
    /// application.
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
                if (!recover(error, purpose, attempt)) throw;
            }
        }
    }
    /// The same for a body that returns an Outcome: an error that is the statement's own is
    /// returned and not thrown.
    template <class Body>
    auto try_run(const Purpose& purpose, Body&& body) {
        auto result = run_once(purpose, body);
        if (result.failed()) [[unlikely]]
            run_again(result, purpose, body);
        return result;
    }

    /// COMMIT or ROLLBACK. Throws 08007, 40001 as PRODUCT's failure section says.
    void end_transaction(bool commit);
    /// Reports that rows of a result from `reader` could not be read to the end; throws as
    /// router::result_lost() says.
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

    /// Changes what attributes have chosen, and applies it at once when connected.
    void change_session(const std::function<void(SessionState&)>& change);
    const SessionState& session() const { return wanted_->session; }
    /// Takes over what a statement of the application did to the session by SQL text.
    template <class Change>
    void note_session(Change&& change) {
        change(wanted_->session);
        change(in_use_.now().state);
    }
    bool has_temporary_tables() const { return in_use_.now().unrestorable.temporary_tables; }
    /// Whether the last command that was no plain read may have run a procedure or function; once.
    bool take_ran_routine() { return std::exchange(ran_routine_, false); }
    void note_unrestorable(const Unrestorable& state) { in_use_.now().unrestorable |= state; }
    /// False in a session with the SQL mode NO_BACKSLASH_ESCAPES.
    bool backslash_escapes() const {
        const Session& session = in_use_.now();
        return !session.on || session.on->backslash_escapes();
    }

    bool in_transaction() const { return in_use_.now().in_transaction(); }
    /// Null while there is no session. Never waits.
    ServerSession* on() { return in_use_.now().on.get(); }
    /// Likewise; what the present session's commands run on.
    const std::shared_ptr<mysql::Connection>& connection() const {
        const Session& session = in_use_.now();
        return session.on ? session.on->connection() : no_connection_;
    }
    const std::shared_ptr<const Here>& here() const { return in_use_.here(); }
    /// Since when commands go there.
    std::chrono::system_clock::time_point since() const { return in_use_.since(); }
    /// False when the server connection is known to be gone; a look at the socket, no waiting.
    bool usable() const { return in_use_.now().usable(); }
    /// Texts for 01000 since the last call: moves to another server.
    std::vector<std::string> take_notices() { return journal_.take_notices(); }
    bool has_notices() const { return journal_.has_notices(); }
    const Journal& journal() const { return journal_; }
    const Counters& counters() const { return counters_; }
    /// "host:port" of each session that is kept open for going back.
    std::vector<std::string> parked_servers() const { return in_use_.parked_servers(); }

private:
    const std::shared_ptr<mysql::Connection>& ready(const Purpose& purpose);
    template <class Body>
    [[gnu::always_inline]] auto run_once(const Purpose& purpose, Body& body) {
        const std::shared_ptr<mysql::Connection>& connection = ready(purpose);
        decltype(body(connection)) result;
        try {
            result = body(connection);
            if (!result.failed()) [[likely]]
                note_success(purpose);
        } catch (Error& error) {
            result = std::move(error);
        }
        return result;
    }
    template <class Body, class Result>
    [[gnu::noinline]] void run_again(Result& result, const Purpose& purpose, Body& body) {
        for (unsigned attempt = 1; result.failed() && recover(result.error(), purpose, attempt);
             ++attempt)
            result = run_once(purpose, body);
    }
    void note_success(const Purpose& purpose) {
        if (purpose.effect == Effect::read) return;
        const Session& session = in_use_.now();
        ran_routine_ = purpose.in_parts;
        if (session.on && session.on->insert_id()) in_use_.note_insert_id();
        transaction_.note_success(purpose, session);
        in_use_.note_written();
    }
    /// Whether the command is to run again; false: `error` is the statement's own. Throws what is
    /// to be reported otherwise.
    bool recover(const Error& error, const Purpose& purpose, unsigned attempt);
    ServerSession& usable_session();
    Error transaction_report(const std::string& why);
    void throw_if_wait_ended(const Error& error);

    Settings settings_;
    std::shared_ptr<Wanted> wanted_;
    Settings first_settings_;  // as connect() began
    Wanted first_wanted_;
    bool opened_ = false;
    bool ran_routine_ = false;
    const std::shared_ptr<mysql::Connection> no_connection_;
    Transaction transaction_;
    Journal journal_;
    Counters counters_;
    SessionInUse in_use_;
    const SessionMaker usable_session_ = [this]() -> ServerSession& { return usable_session(); };
};

}  // namespace myfabric::router
