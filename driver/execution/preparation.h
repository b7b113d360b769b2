// The prepared statement of a text, and where it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/outcome.h"
#include "execution/command.h"
#include "execution/describe_columns.h"
#include "execution/executor.h"
#include "mysql/shared_prepared.h"
#include "results/parameter.h"

namespace myfabric::execution {

/// `Servers` runs a body on a session (run(purpose, body); try_run(), when it returns an Outcome)
/// and says which session is the present one (present()); its `Statement` is prepared on one by
/// on() and anew(). Tests have their own.
template <class Servers>
class BasicPreparation {
public:
    using Prepared = typename Servers::Statement;
    using Session = std::shared_ptr<typename Servers::Session>;

    explicit BasicPreparation(Servers servers) : servers_(servers) {}

    /// The hint of `command` is resolved against the connection's current target.
    void aim(const Command& command) {
        if (command.hint()) hinted_ = sql::hinted(*command.hint(), servers_.target());
    }
    router::Purpose purpose(const Command& command) const { return command.purpose(hinted_); }
    router::Purpose reading(const Command& command) const { return command.reading(hinted_); }

    /// SQLPrepare. A text that the server cannot prepare is run as text later.
    Outcome<Done> prepare(const Command& command) {
        by_application_ = true;
        Outcome<Done> ready = try_make_ready(command);
        text_only_ = !command.markers() && cannot_be_prepared(ready);
        return text_only_ ? Done{} : std::move(ready);
    }
    /// SQLExecDirect with EDServer: whether the server has prepared it, and not its text will run.
    bool prepare_direct(const Command& command) {
        Outcome<Done> ready = try_make_ready(command);
        if (cannot_be_prepared(ready)) return false;
        std::move(ready).take();
        return true;
    }
    /// SQLPrepare of several statements, which the server prepares one by one at most.
    void prepare_as_text() { by_application_ = text_only_ = true; }
    /// SQLPrepare, of what the server is not asked about.
    void prepare_nothing() { by_application_ = true; }
    /// SQLPrepare, of what is prepared when it is executed or described.
    void prepare_later() { by_application_ = later_ = true; }
    bool by_application() const { return by_application_; }
    bool text_only() const { return text_only_; }
    bool any() const { return statement_ || later_; }
    /// Another text follows.
    void forget() {
        if (statement_ && sent_to_) statement_->spoil();
        sent_to_ = nullptr;
        statement_.reset();
        before_values_of_ = nullptr;
        by_application_ = text_only_ = described_ = later_ = false;
    }

    /// The columns as the statement would have them if it were executed now.
    const results::Columns& columns(const Command& command) {
        if (!statement_) try_make_ready(command).take();
        ask_again_if_old(command);
        if (!command.markers()) return (*statement_)->columns();
        if (before_values_of_ != statement_.get()) {
            before_values_ = before_values((*statement_)->columns());
            before_values_of_ = statement_.get();
        }
        return before_values_;
    }

    /// Null, with the counts in `counts`, when there is nothing else to read.
    Outcome<std::unique_ptr<results::Results>> execute(const Command& command,
                                                       Executor::Values values,
                                                       results::Counts& counts) {
        using Answer = Outcome<std::unique_ptr<results::Results>>;
        Answer results;
        // Preparing changes nothing, so it may be repeated where executing may not.
        if (!ready_on(servers_.present()) && !runs_at_once(command, values)) {
            auto ready = try_make_ready(command);
            if (ready.failed()) {
                results = std::move(ready).error();
                return results;
            }
        }
        const auto body = [&](const Session& session) -> Answer {
            if (sent_to_ && sent_to_ != session.get()) throw_sent_elsewhere();
            if (ready_on(session)) [[likely]]
                return (*statement_)->execute(values, counts);
            return execute_anew(session, command, values, counts);
        };
        results = servers_.try_run(purpose(command), body);
        if (results.failed() && results.error().cause() == Cause::columns_changed &&
            command.analysis().plain_read) [[unlikely]] {
            // libmysqlclient reads no result that is other than the statement was prepared with.
            statement_->spoil_all();
            statement_.reset();
            results = servers_.try_run(purpose(command), body);
        }
        if (results.failed()) return results;
        described_ = true;  // which are known without a link from now on
        if (results.value()) results.value()->hold(lease_of(statement_));
        return results;
    }

    /// Sends part of the value of marker `marker` (from 0) ahead.
    void send_part(const Command& command, std::size_t marker, std::string_view bytes,
                   results::Parameter::Type type) {
        constexpr std::size_t longest = 512 * 1024;  // a part that is longer goes in several
        servers_.run(reading(command), [&](const Session& session) {
            if (sent_to_ && sent_to_ != session.get()) throw_sent_elsewhere();
            Prepared& statement = on(session, command);
            sent_to_ = session.get();
            do {
                const std::string_view now = bytes.substr(0, longest);
                statement->send_long_data(marker, now, type);
                bytes.remove_prefix(now.size());
            } while (!bytes.empty());
        });
    }
    /// What was sent belongs to an execution that has taken place ...
    void sent_is_used() { sent_to_ = nullptr; }
    /// ... or that does not: the statement will be prepared again.
    void forget_sent() {
        if (!std::exchange(sent_to_, nullptr)) return;
        statement_->spoil();
        statement_.reset();
    }

    /// Whether execute_bulk() is possible. Asks the server.
    bool knows_bulk(const Command& command) {
        return servers_.run(reading(command), [&](const Session& session) {
            return Servers::knows_bulk(*session) && on(session, command)->columns().empty();
        });
    }
    /// Executes with rows 0 to `rows` - 1 of `values` in one command. Throws when one of them
    /// fails; then none has taken effect. `whole`: that is so by itself.
    template <class Values>
    results::Counts execute_bulk(const Command& command, Values& values, std::size_t rows,
                                 bool whole) {
        results::Counts counts;
        servers_.run(purpose(command), [&](const Session& session) {
            Prepared& statement = on(session, command);
            if (whole) return statement->execute_bulk(values, rows, counts);
            const bool inside = !session->autocommit() || session->in_transaction();
            session->execute(inside ? "SAVEPOINT myfabric_sets" : "START TRANSACTION");
            try {
                statement->execute_bulk(values, rows, counts);
            } catch (const Error& error) {
                if (session->alive() && !concerns_session(error.cause()))
                    session->execute(inside ? "ROLLBACK TO SAVEPOINT myfabric_sets" : "ROLLBACK");
                throw;
            }
            session->execute(inside ? "RELEASE SAVEPOINT myfabric_sets" : "COMMIT");
        });
        return counts;
    }

private:
    bool ready_on(const Session& session) const {
        return statement_ && statement_->session() == session && (*statement_)->usable();
    }
    void ask_again_if_old(const Command& command) {
        if (statement_->is_old() && !described_) {
            // The table may have changed since: the server says so only when it is executed.
            statement_->spoil();
            statement_.reset();
            servers_.run(reading(command), [&](const Session& session) {
                statement_ = Prepared::anew(session, command.sql(), kind_of(command));
            });
        }
    }
    Outcome<Done> try_make_ready(const Command& command) {
        described_ = false;
        return servers_.try_run(reading(command), [&](const Session& session) -> Outcome<Done> {
            on(session, command);
            return Done{};
        });
    }
    static bool cannot_be_prepared(const Outcome<Done>& ready) {
        return ready.failed() && ready.error().cause() == Cause::not_preparable;
    }
    Prepared& on(const Session& session, const Command& command) {
        if (ready_on(session)) [[likely]]
            return *statement_;
        leave_statement();
        statement_ = Prepared::on(session, command.sql(), kind_of(command));
        return *statement_;
    }
    [[gnu::noinline]] Outcome<std::unique_ptr<results::Results>> execute_anew(
        const Session& session, const Command& command, Executor::Values values,
        results::Counts& counts) {
        if (sent_to_ || !command.surely_has_its_markers())
            return on(session, command)->execute(values, counts);
        leave_statement();
        return Prepared::execute(statement_, session, command.sql(), kind_of(command), values,
                                 counts);
    }
    void leave_statement() {
        statement_.reset();
        before_values_of_ = nullptr;
    }
    /// Whether the present session can do without make_ready().
    bool runs_at_once(const Command& command, Executor::Values values) const {
        const Session& session = servers_.present();
        return session && command.surely_has_its_markers() &&
               Prepared::executes_at_once(*session, command.sql(), values);
    }
    static typename Servers::Kind kind_of(const Command& command) {
        return command.analysis().plain_read ? Servers::Kind::reads : Servers::Kind::writes;
    }
    [[noreturn]] static void throw_sent_elsewhere() {
        throw Error(state::link_failure,
                    "the link was lost to the server that had taken the data of the parameters so "
                    "far; execute the statement again");
    }

    Servers servers_;
    topology::Target hinted_;  // where the hint leads
    std::shared_ptr<Prepared> statement_;
    results::Columns before_values_;          // of a statement with parameters
    const void* before_values_of_ = nullptr;  // which one
    const void* sent_to_ = nullptr;           // the session where parts of values lie
    bool by_application_ = false;
    bool text_only_ = false;
    bool later_ = false;      // any() although nothing asked a server yet
    bool described_ = false;  // an execution showed the columns
};

/// The connection's servers.
struct RoutedServers {
    using Session = mysql::Connection;
    using Statement = mysql::SharedPrepared;
    using Kind = mysql::Prepared::Kind;

    router::Backend& backend;

    template <class Body>
    auto run(const router::Purpose& purpose, Body&& body) {
        return backend.run(purpose, body);
    }
    template <class Body>
    auto try_run(const router::Purpose& purpose, Body&& body) {
        return backend.try_run(purpose, body);
    }
    const std::shared_ptr<Session>& present() const { return backend.connection(); }
    const topology::Target& target() const { return backend.target(); }
    static bool knows_bulk(const Session& session) { return mysql::Prepared::knows_bulk(session); }
};

using Preparation = BasicPreparation<RoutedServers>;

}  // namespace myfabric::execution
