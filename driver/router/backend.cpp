#include "router/backend.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "mysql/errors.h"
#include "mysql/link.h"

namespace myfabric::router {
Backend::Backend(Settings settings) : settings_(std::move(settings)) {
    if (!settings_.live) settings_.live = std::make_shared<LiveLink>();
    wanted_.database = settings_.login.database;
}

Backend::~Backend() {
    disconnect();
}

void Backend::connect() {
    aim({});
    open(state::unable_to_connect);
    first_settings_ = settings_;
    first_session_ = wanted_;
    opened_ = true;
}

void Backend::disconnect() noexcept {
    drop_connection();
    parked_.clear();
    opened_ = false;
}

void Backend::abandon() noexcept {
    if (connection_) mysql::abandon(*connection_);
    for (const Parked& parked : parked_) mysql::abandon(*parked.connection);
}

bool Backend::in_transaction() const {
    return connection_ && connection_->alive() && connection_->in_transaction();
}

bool Backend::usable() const {
    return connection_ && connection_->alive() && !connection_->link_closed();
}

std::optional<Here> Backend::here() const {
    return here_;
}

std::vector<std::string> Backend::take_notices() {
    return std::exchange(notices_, {});
}

/// Tells the application of it with its next diagnostics.
void Backend::notice(std::string text) {
    write_log(LogLevel::warning, [&] { return text; });
    notices_.push_back(std::move(text));
}

// ---- before a command ------------------------------------------------------------------------

const std::shared_ptr<mysql::Connection>& Backend::ready(const Purpose& purpose) {
    if (settings_.farm) follow(purpose);
    if (!usable()) {
        const bool had_transaction = connection_ && connection_->in_transaction();
        const bool had_connection = connection_ != nullptr;
        const std::string from = here_ ? here_->server.address() : std::string();
        drop_connection();
        was_in_transaction_ = false;
        if (had_transaction && purpose.effect != Effect::rollback)
            throw_transaction_lost("the link to " + from + " was lost inside the transaction");
        if (had_connection && unrestorable_.any()) {
            const std::string names = unrestorable_.names();
            unrestorable_ = {};
            throw Error(state::link_failure, "the link to " + from + " was lost, and with it " +
                                                 names + "; the connection is usable again");
        }
        if (!purpose.needs_current_server) open(state::link_failure);
    }
    if (std::exchange(transaction_dropped_, false) && purpose.effect != Effect::rollback)
        throw_transaction_lost("the link was dropped inside the transaction, after a timeout");
    if ((purpose.asks_insert_id || purpose.asks_last_statement) && connection_) [[unlikely]]
        must_know_last_statement(purpose);
    if (lost_state_.any()) {
        const std::string names = std::exchange(lost_state_, {}).names();
        throw Error(state::link_failure, "a session of the connection was lost, and with it " +
                                             names + "; the connection is usable again");
    }
    was_in_transaction_ = connection_ && connection_->in_transaction();
    if (purpose.effect != Effect::read && waits_for_own_writes()) here_own().wrote = true;
    return connection_;
}

/// What LAST_INSERT_ID(), ROW_COUNT() and the like would say on a new session is no answer.
void Backend::must_know_last_statement(const Purpose& purpose) {
    const bool id = purpose.asks_insert_id && std::exchange(insert_id_lost_, false);
    const bool last = purpose.asks_last_statement && std::exchange(last_statement_lost_, false);
    if (id || last)
        throw Error(state::link_failure,
                    std::string("the link was lost, and with it ") +
                        (id ? "the last insert id" : "what the last statement left") +
                        "; the connection is usable again");
}

void Backend::drop_connection() {
    if (connection_) {
        lost_at_ = topology::Farm::Clock::now();
        insert_id_lost_ |= std::exchange(has_insert_id_, false);
        last_statement_lost_ = true;
    }
    settings_.live->detach();
    connection_.reset();
}

// ---- after a failure -------------------------------------------------------------------------

void Backend::recover(const Error& error, const Purpose& purpose, unsigned attempt) {
    throw_if_out_of_time(error);
    const Failure failure{error.cause(), error.nothing_sent()};
    Situation situation;
    situation.effect = purpose.effect;
    situation.in_transaction = was_in_transaction_;
    situation.may_commit = purpose.may_commit;
    situation.in_parts = purpose.in_parts;
    situation.untransactional = untransactional_;
    situation.farm = settings_.farm != nullptr;
    situation.unrestorable = unrestorable_.any();
    Next next = next_step(failure, situation);
    if (next == Next::raise) throw;
    const std::string from = here_ ? here_->server.address() : std::string();
    drop_connection();
    was_in_transaction_ = untransactional_ = false;
    const Unrestorable gone = std::exchange(unrestorable_, {});
    if (settings_.farm && !lost(failure.cause)) topology_ = settings_.farm->refresh(*topology_);
    if (next == Next::outcome_unknown && lost(failure.cause) && !situation.in_transaction) {
        situation.rolled_back_alone = asks_whether_rolled_back(purpose);
        next = next_step(failure, situation);
    }
    write_log(LogLevel::warning, [&] {
        return "a command failed on " + (from.empty() ? "no server" : from) + " (" +
               std::string(error.state()) + ", " + std::to_string(error.native()) +
               "): " + std::string(next_name(next));
    });
    const bool again = attempt < std::max(1u, settings_.attempts);
    if (next == Next::done && (again || purpose.needs_current_server)) {
        lost_state_ |= gone;
        return;
    }
    if (next == Next::retry && again) {
        if (!lost(failure.cause) && still_gives(from)) wait_for_change(choose().servers);
        ++counters_.retries;
        return;
    }
    // The server's own word: read-only after all.
    if ((next == Next::retry || next == Next::done) && !lost(failure.cause)) throw;
    tell_failure(next, error, from, gone.any() ? ", and with it " + gone.names() : "", attempt);
}

/// A wait that the application's own time limit, or SQLCancel, has ended is no failure of the
/// server: nothing runs a second time. The link is gone, and with it the transaction.
void Backend::throw_if_out_of_time(const Error& error) {
    const LiveLink::Broken why = settings_.live->broken();
    if (!lost(error.cause()) || why == LiveLink::Broken::no || why == LiveLink::Broken::replaced)
        return;
    const std::string from = here_ ? here_->server.address() : "the server";
    transaction_dropped_ |= was_in_transaction_;
    drop_connection();
    was_in_transaction_ = untransactional_ = false;
    lost_state_ |= std::exchange(unrestorable_, {});
    const SqlState& state = why == LiveLink::Broken::query_timeout ? state::timeout
                            : why == LiveLink::Broken::cancelled   ? state::operation_canceled
                                                                   : state::connection_timeout;
    Error told(state,
               why == LiveLink::Broken::cancelled
                   ? "the statement was cancelled, and the link to " + from +
                         " dropped, as it did not answer"
                   : from +
                         " did not answer in time; the link to it was dropped, and whether the "
                         "statement took effect is unknown",
               error.native());
    told.also(error.records());
    throw told;
}

/// A statement that began its transaction by itself, autocommit being off, went with the link,
/// where its table is of an engine with transactions. A new session knows that.
bool Backend::asks_whether_rolled_back(const Purpose& purpose) {
    if (applied_.autocommit || !purpose.rolled_back_alone) return false;
    try {
        open(state::link_failure);
        return purpose.rolled_back_alone(purpose.text, *connection_);
    } catch (const Error&) {
        return false;
    }
}

void Backend::tell_failure(Next next, const Error& error, const std::string& from,
                           const std::string& gone, unsigned attempt) {
    const bool link = lost(error.cause());
    const auto tell = [&](const SqlState& state, const std::string& text) {
        Error told(state, text, error.native());
        told.also(error.records());
        return told;
    };
    switch (next) {
        case Next::transaction_lost:
            throw tell(state::serialization_failure,
                       "the transaction on " + from +
                           " was rolled back because the server failed or changed its role" + gone +
                           "; run it again");
        case Next::commit_unknown:
            throw tell(state::commit_unknown, "the link to " + from + " was lost during COMMIT" +
                                                  gone + "; whether it took effect is unknown");
        case Next::outcome_unknown:
            try {
                if (!connection_) open(state::link_failure);  // for the next statement
            } catch (const Error&) {
                // It will try again itself, and tell what is wrong.
            }
            throw tell(state::completion_unknown,
                       (link ? "the link to " + from + " was lost before the server answered" + gone
                             : from + " failed or changed its role in the midst of it" + gone) +
                           "; whether the statement took effect, whole or in part, is unknown");
        case Next::state_lost:
            throw tell(state::link_failure, "the link to " + from + " was lost" + gone +
                                                "; the connection is usable again");
        default:
            throw tell(state::link_failure,
                       "the statement failed on " + std::to_string(attempt) + " servers");
    }
}

void Backend::throw_transaction_lost(const std::string& why) {
    if (std::exchange(untransactional_, false))
        throw Error(state::completion_unknown,
                    why +
                        "; the transaction was rolled back, but for what it did to tables of an "
                        "engine without transactions");
    throw Error(state::serialization_failure,
                why + "; the transaction was rolled back, run it again");
}

void Backend::result_lost(const Error& error, const mysql::Connection* reader,
                          const Purpose& purpose) {
    if (!lost(error.cause())) throw error;
    if (!reader || reader == connection_.get()) throw_if_out_of_time(error);
    const bool here = !reader || reader == connection_.get();
    // After moving on, nothing happened to the server that is now the connection's.
    const bool transaction =
        here && (was_in_transaction_ || (connection_ && connection_->in_transaction()));
    const bool untransactional = here && untransactional_;
    const std::string from = here && here_ ? here_->server.address() : "the server";
    if (here) {
        drop_connection();
        was_in_transaction_ = untransactional_ = false;
        lost_state_ |= std::exchange(unrestorable_, {});
    }
    const bool several = purpose.in_parts && purpose.may_commit;
    const auto tell = [&](const SqlState& state, const std::string& outcome) {
        Error told(state,
                   "the link to " + from + " was lost before all results were read" + outcome,
                   error.native());
        told.also(error.records());
        throw told;
    };
    if (transaction && several)
        tell(state::commit_unknown, "; whether the statement ended the transaction is unknown");
    if (transaction && !untransactional)
        tell(state::serialization_failure, "; the transaction was rolled back, run it again");
    if (transaction || purpose.has_more_statements)
        tell(state::completion_unknown, "; what took effect is unknown");
    tell(state::link_failure, "; the connection is usable again");
    throw error;
}

void Backend::end_transaction(bool commit) {
    if (!connection_) return;
    Purpose purpose{commit ? Effect::commit : Effect::rollback};
    purpose.needs_current_server = true;
    run(purpose, [&](const std::shared_ptr<mysql::Connection>& connection) {
        if (connection) connection->execute(commit ? "COMMIT" : "ROLLBACK");
    });
}

void Backend::report(const topology::Server& server, const Error& error) {
    if (settings_.reports == Reports::no || server.uuid.empty() ||
        !mysql::reported_to_fabric(error.native()))
        return;
    topology::Report report;
    report.uuid = server.uuid;
    report.error = std::to_string(error.native());
    report.failure = settings_.reports == Reports::failure;
    write_log(LogLevel::info, [&] {
        return "reports " + server.address() + " to the farm for error " + report.error;
    });
    settings_.farm->report(report);
}

/// Whether the newest snapshot still names `address` for the route: then the farm does not know yet
/// what has happened to it.
bool Backend::still_gives(const std::string& address) {
    const std::vector<topology::Server> servers = choose().servers;
    return servers.empty() || (route_.mode == topology::Mode::read_only
                                   ? std::ranges::any_of(servers,
                                                         [&](const topology::Server& server) {
                                                             return server.address() == address;
                                                         })
                                   : servers.front().address() == address);
}

void Backend::wait_for_change(const std::vector<topology::Server>& tried) {
    using namespace std::chrono_literals;
    if (!settings_.farm || settings_.attempt_delay == 0) return wait();
    std::uniform_real_distribution<double> jitter(0.9, 1.2);
    const auto end = topology::Farm::Clock::now() +
                     std::chrono::duration_cast<topology::Farm::Clock::duration>(
                         std::chrono::duration<double>(settings_.attempt_delay * jitter(random_)));
    // A look takes as long as the farm does, and no more than a tenth of the time is spent on it.
    for (auto pause = std::chrono::nanoseconds(50ms); topology::Farm::Clock::now() + pause < end;) {
        std::this_thread::sleep_for(pause);
        const auto began = topology::Farm::Clock::now();
        topology_ = settings_.farm->topology_since(began);
        pause =
            std::max<std::chrono::nanoseconds>(50ms, 10 * (topology::Farm::Clock::now() - began));
        if (!same_servers(choose().servers, tried)) return;
    }
    std::this_thread::sleep_until(end);
    topology_ = settings_.farm->topology_since(end);
}

void Backend::wait() {
    if (settings_.attempt_delay == 0) return;
    std::uniform_real_distribution<double> jitter(0.9, 1.2);
    std::this_thread::sleep_for(
        std::chrono::duration<double>(settings_.attempt_delay * jitter(random_)));
}

// ---- target and session ----------------------------------------------------------------------

void Backend::set_target(topology::Target target) {
    if (in_transaction())
        throw Error(state::attribute_cannot_be_set,
                    "the target cannot change inside a transaction; commit or roll back first");
    settings_.target = std::move(target);
    target_changed_ = true;
}

void Backend::switch_target(topology::Target target) {
    const Route there = resolve(*settings_.farm->topology(), target, wanted_.database);
    if (in_transaction() && (there.group != route_.group || there.mode != routed_.mode))
        throw Error(state::invalid_transaction_state,
                    "the target leads to another server, and a transaction is open; commit or roll "
                    "back first");
    settings_.target = std::move(target);
    target_changed_ = true;
}

void Backend::fail_over() {
    if (!settings_.farm)
        throw Error(state::attribute_cannot_be_set,
                    "the connection has no FabricHost, so there is no other server to go to");
    if (in_transaction())
        throw Error(state::invalid_transaction_state,
                    "a transaction is open on the present server; commit or roll back first");
    aim({});
    topology_ = settings_.farm->refresh(*settings_.farm->topology());
    const std::string from = here_ ? here_->server.address() : std::string();
    const auto is_other = [&](const auto& server) { return server.address() != from; };
    Route before = route_;
    if (std::ranges::none_of(choose().servers, is_other)) {
        const std::string group = std::exchange(route_, std::move(before)).group;
        throw Error(state::connection_rejected, "group '" + group + "' has no server for " +
                                                    std::string(topology::mode_name(aim_.mode)) +
                                                    " other than " + from +
                                                    "; let the farm promote or add one");
    }
    if (unrestorable_.any())
        notice("leaving " + from + " loses its " + std::exchange(unrestorable_, {}).names());
    drop_connection();
    std::erase_if(parked_, [&](const Parked& parked) { return parked.address == from; });
    avoided_ = from;
    try {
        open(state::link_failure);
    } catch (...) {
        avoided_.clear();
        throw;
    }
    avoided_.clear();
}

void Backend::reset() {
    parked_.clear();
    unrestorable_ = lost_state_ = {};
    own_.clear();
    was_in_transaction_ = untransactional_ = detour_ = false;
    settings_ = first_settings_;
    wanted_ = first_session_;
    target_changed_ = true;
    // Statements that were left on the session keep it as it is, until they are freed.
    if (usable() && connection_.use_count() == 1) {
        try {
            mysql::Login login = settings_.login;
            login.database = wanted_.database;
            connection_->reset(login);
            applied_ = begin_session(*connection_);
            return;
        } catch (const Error&) {
            // A new login shows what is wrong.
        }
    }
    drop_connection();
    here_.reset();
}

void Backend::change_session(const std::function<void(SessionState&)>& change) {
    SessionState changed = wanted_;
    change(changed);
    if (!opened_ || !connection_) {
        wanted_ = std::move(changed);
        return;
    }
    Purpose purpose{Effect::read};
    // Switching autocommit on commits.
    if (changed.autocommit && !wanted_.autocommit) purpose = {Effect::write, true};
    const SessionState before = std::exchange(wanted_, std::move(changed));
    try {
        run(purpose, [&](const std::shared_ptr<mysql::Connection>& connection) {
            apply(*connection, wanted_, applied_);
        });
    } catch (...) {
        wanted_ = before;
        throw;
    }
}

}  // namespace myfabric::router
