#include "router/backend.h"

#include <random>
#include <thread>
#include <utility>

#include "mysql/errors.h"

namespace myfabric::router {
Backend::Backend(Settings settings) : settings_(std::move(settings)) {
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
        const bool had_transaction =
            was_in_transaction_ || (connection_ && connection_->in_transaction());
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
    if (lost_parked_.any()) {
        const std::string names = std::exchange(lost_parked_, {}).names();
        throw Error(state::link_failure,
                    "the session that had been left for another server was lost, and with it " +
                        names + "; the connection is usable again");
    }
    was_in_transaction_ = connection_ && connection_->in_transaction();
    if (purpose.effect != Effect::read) wrote_ = waits_for_own_writes();
    return connection_;
}

void Backend::drop_connection() {
    std::lock_guard lock(cancel_mutex_);
    connection_.reset();
    cancel_thread_ = 0;
}

// ---- after a failure -------------------------------------------------------------------------

void Backend::recover(const Error& error, const Purpose& purpose, unsigned attempt) {
    const Failure failure{error.cause(), error.nothing_sent()};
    Situation situation;
    situation.effect = purpose.effect;
    situation.in_transaction = was_in_transaction_;
    situation.rolled_back_alone = purpose.plain_dml && !applied_.autocommit;
    situation.farm = settings_.farm != nullptr;
    situation.unrestorable = unrestorable_.any();
    const Next next = next_step(failure, situation);
    if (next == Next::raise) throw;
    write_log(LogLevel::warning, [&] {
        return "a command failed on " + (here_ ? here_->server.address() : "no server") + " (" +
               std::string(error.state()) + ", " + std::to_string(error.native()) +
               "): " + std::string(next_name(next));
    });
    const std::string from = here_ ? here_->server.address() : std::string();
    drop_connection();
    was_in_transaction_ = false;
    const Unrestorable gone = std::exchange(unrestorable_, {});
    if (settings_.farm && !lost(failure.cause)) topology_ = settings_.farm->refresh(*topology_);

    const auto tell = [&](const SqlState& state, const std::string& text) {
        Error told(state, text, error.native());
        told.also(error.records());
        return told;
    };
    switch (next) {
        case Next::done:
            return;
        case Next::transaction_lost:
            throw tell(
                state::serialization_failure,
                "the transaction on " + from +
                    " was rolled back because the server failed or changed its role; run it again");
        case Next::commit_unknown:
            throw tell(state::commit_unknown, "the link to " + from +
                                                  " was lost during COMMIT; whether it took "
                                                  "effect is unknown");
        case Next::outcome_unknown:
            try {
                open(state::link_failure);  // the next statement finds a usable connection
            } catch (const Error&) {
                // It will try again itself, and tell what is wrong.
            }
            throw tell(state::completion_unknown,
                       "the link to " + from +
                           " was lost before the server answered; whether the "
                           "statement took effect is unknown");
        case Next::state_lost:
            throw tell(state::link_failure, "the link to " + from + " was lost, and with it " +
                                                gone.names() + "; the connection is usable again");
        case Next::retry:
            if (attempt >= std::max(1u, settings_.attempts)) {
                if (!lost(failure.cause)) throw;  // the server's own word: read-only after all
                throw tell(state::link_failure,
                           "the statement failed on " + std::to_string(attempt) + " servers");
            }
            if (!lost(failure.cause)) wait();
            ++counters_.retries;
            return;
        case Next::raise:
            throw;
    }
}

void Backend::throw_transaction_lost(const std::string& why) {
    throw Error(state::serialization_failure,
                why + "; the transaction was rolled back, run it again");
}

void Backend::result_lost(const Error& error, const mysql::Connection* reader) {
    if (!lost(error.cause())) throw error;
    if (reader && reader != connection_.get()) {
        // The connection has gone on to another server meanwhile, and nothing happened to that.
        Error told(state::link_failure,
                   "the link to the server was lost before all rows were read; the connection is "
                   "usable",
                   error.native());
        told.also(error.records());
        throw told;
    }
    const bool transaction = was_in_transaction_ || (connection_ && connection_->in_transaction());
    const std::string from = here_ ? here_->server.address() : std::string();
    drop_connection();
    was_in_transaction_ = false;
    unrestorable_ = {};
    Error told(transaction ? state::serialization_failure : state::link_failure,
               "the link to " + from + " was lost before all rows were read" +
                   (transaction ? "; the transaction was rolled back, run it again"
                                : "; the connection is usable again"),
               error.native());
    told.also(error.records());
    throw told;
}

void Backend::end_transaction(bool commit) {
    if (!connection_) return;
    const Purpose purpose{commit ? Effect::commit : Effect::rollback, false, true};
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
    unrestorable_ = lost_parked_ = {};
    position_.clear();
    wrote_ = was_in_transaction_ = detour_ = false;
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
    const SessionState before = std::exchange(wanted_, std::move(changed));
    try {
        run({Effect::read}, [&](const std::shared_ptr<mysql::Connection>& connection) {
            apply(*connection, wanted_, applied_);
        });
    } catch (...) {
        wanted_ = before;
        throw;
    }
}

void Backend::cancel() {
    mysql::Login login;
    std::uint64_t thread = 0;
    {
        std::lock_guard lock(cancel_mutex_);
        login = cancel_login_;
        thread = cancel_thread_;
    }
    if (thread == 0) return;
    login.database.clear();
    mysql::Connection(login).execute("KILL QUERY " + std::to_string(thread));
}

}  // namespace myfabric::router
