#include "router/backend.h"

#include <algorithm>

#include "router/failover.h"

namespace myfabric::router {

Backend::Backend(Settings settings, std::shared_ptr<Wanted> wanted)
    : settings_(std::move(settings)),
      wanted_(std::move(wanted)),
      journal_(settings_.log, settings_.log_name),
      in_use_(settings_, *wanted_, journal_, counters_) {
    if (!settings_.live) settings_.live = std::make_shared<LiveLink>();
    wanted_->begin(settings_.login.database);
}

Backend::~Backend() {
    disconnect();
}

void Backend::connect() {
    in_use_.aim();
    in_use_.open(true);
    first_settings_ = settings_;
    first_wanted_ = *wanted_;
    opened_ = true;
}

void Backend::disconnect() noexcept {
    in_use_.close();
    opened_ = false;
}

void Backend::abandon() noexcept {
    in_use_.abandon();
}

const std::shared_ptr<mysql::Connection>& Backend::ready(const Purpose& purpose) {
    if (settings_.farm) {
        try {
            if (const auto why = in_use_.follow(purpose)) throw transaction_report(*why);
        } catch (const Error& error) {
            if (error.cause() != Cause::behind) throw;
            in_use_.was_behind();
        }
    }
    if (const Session& session = in_use_.now(); !session.usable()) {
        const bool had_transaction = session.on && session.on->in_transaction();
        const bool had_session = session.on != nullptr;
        in_use_.drop();
        transaction_.was_open = false;
        if (had_transaction && purpose.effect != Effect::rollback)
            throw transaction_report("the link to " + in_use_.address() +
                                     " was lost inside the transaction");
        if (had_session && session.unrestorable.any())
            throw state_lost("the link to " + in_use_.address(),
                             in_use_.take_unrestorable().names());
        if (!purpose.needs_current_server) in_use_.open();
    }
    if (std::exchange(transaction_.dropped, false) && purpose.effect != Effect::rollback)
        throw transaction_report("the link was dropped inside the transaction, after a timeout");
    if (purpose.asks_insert_id || purpose.asks_last_statement || in_use_.any_to_report())
        [[unlikely]]
        in_use_.throw_what_was_lost(purpose);
    transaction_.was_open = on() && on()->in_transaction();
    if (purpose.effect != Effect::read) in_use_.note_write();
    transaction_.untouched = false;
    return connection();
}

// ---- after a failure -------------------------------------------------------------------------

bool Backend::recover(const Error& error, const Purpose& purpose, unsigned attempt) {
    if (error.cause() == Cause::behind) {
        in_use_.was_behind();
        return true;
    }
    throw_if_wait_ended(error);
    const bool shut_down = ended_by_shutdown(error, settings_.farm ? on() : nullptr);
    const Failure failure{shut_down ? Cause::link_lost : error.cause(), error.nothing_sent()};
    Situation situation;
    situation.effect = purpose.effect;
    situation.in_transaction = transaction_.was_open;
    situation.may_commit = purpose.may_commit;
    situation.in_parts = purpose.in_parts;
    situation.untransactional = transaction_.is_beyond_rollback();
    situation.farm = settings_.farm != nullptr;
    situation.unrestorable = in_use_.now().unrestorable.any();
    Next next = next_step(failure, situation);
    if (next == Next::raise) {
        if (situation.in_transaction) transaction_.note_failure(purpose);  // of a part perhaps
        return false;
    }
    const std::string from = in_use_.here() ? in_use_.address() : std::string();
    const bool no_answer = lost(failure.cause);
    in_use_.drop();
    const Unrestorable gone = in_use_.take_unrestorable();
    if (settings_.farm && !no_answer) in_use_.look_again();
    if (next == Next::transaction_lost) {
        transaction_.note_failure(purpose);
        if (transaction_.leaves_something(usable_session_)) next = Next::outcome_unknown;
    }
    transaction_.end();
    const bool began_one = shut_down || !in_use_.now().state.autocommit;
    if (next == Next::outcome_unknown && no_answer && !situation.in_transaction && began_one) {
        situation.implicitly_rolled_back = was_rolled_back(purpose, usable_session_);
        next = next_step(failure, situation);
    }
    journal_.write(LogLevel::warning, [&] {
        return "a command failed on " + (from.empty() ? "no server" : from) + " (" +
               std::string(error.state()) + ", " + std::to_string(error.native()) +
               "): " + std::string(next_name(next));
    });
    const bool again = attempt < std::max(1u, settings_.attempts);
    if (next == Next::done && (again || purpose.needs_current_server)) {
        in_use_.lose(gone);
        return true;
    }
    if (next == Next::retry && again) {
        if (!no_answer) in_use_.wait_while_given(from);
        ++counters_.retries;
        return true;
    }
    // The server's own word: who asks a secondary to write is not helped by another one.
    const bool wants_secondary = settings_.target.mode == topology::Mode::read_only;
    if (!no_answer && (next == Next::done || (next == Next::retry && wants_secondary)))
        return false;
    try {
        if (next == Next::outcome_unknown && !in_use_.now().on) in_use_.open();  // for the next
    } catch (const Error&) {
        // It will try again itself, and report what is wrong.
    }
    throw failure_report(next, error, from, gone.names(), attempt);
}

/// A wait that the application's own time limit, or SQLCancel, has ended is no failure of the
/// server: nothing runs a second time. The link is gone, and with it the transaction.
void Backend::throw_if_wait_ended(const Error& error) {
    const LiveLink::Broken why = settings_.live->broken();
    if (!lost(error.cause()) || why == LiveLink::Broken::no || why == LiveLink::Broken::replaced)
        return;
    in_use_.drop();
    in_use_.lose(in_use_.take_unrestorable());
    if (std::exchange(transaction_.was_open, false))
        transaction_.dropped = true;  // what it wrote is reported with it
    else
        transaction_.end();
    throw wait_ended(why, error, in_use_.address());
}

ServerSession& Backend::usable_session() {
    if (!in_use_.now().usable()) in_use_.open();
    return *in_use_.now().on;
}

Error Backend::transaction_report(const std::string& why) {
    const bool left = transaction_.leaves_something(usable_session_);
    transaction_.end();
    return transaction_lost(why, left);
}

void Backend::result_lost(const Error& error, const mysql::Connection* reader,
                          const Purpose& purpose) {
    const bool here = !reader || reader == connection().get();
    if (settings_.farm && here && refused(error.cause()) && purpose.in_parts) {
        const std::string from = in_use_.address();
        in_use_.drop();  // a part has run; the rest of its transaction is rolled back
        transaction_.end();
        throw failure_report(Next::outcome_unknown, error, from,
                             in_use_.take_unrestorable().names(), 1);
    }
    if (!lost(error.cause())) throw error;
    if (here) throw_if_wait_ended(error);
    // After moving on, nothing happened to the server that is now the connection's.
    const Session& session = in_use_.now();
    const bool transaction =
        here && (transaction_.was_open || (session.on && session.on->in_transaction()));
    const std::string from = here ? in_use_.address() : "the server";
    LostResult result{transaction, false, purpose.in_parts && purpose.may_commit,
                      purpose.has_more_statements};
    if (here) {
        in_use_.drop();
        in_use_.lose(in_use_.take_unrestorable());
        if (purpose.in_parts) transaction_.note_failure(purpose);
        result.untransactional = transaction && transaction_.leaves_something(usable_session_);
        transaction_.end();
    }
    throw router::result_lost(result, error, from);
}

void Backend::end_transaction(bool commit) {
    if (!in_use_.now().on || transaction_.untouched) return;
    Purpose purpose{commit ? Effect::commit : Effect::rollback};
    purpose.needs_current_server = true;
    run(purpose, [&](const auto&) {
        if (on()) on()->execute(commit ? "COMMIT" : "ROLLBACK");
    });
    transaction_.untouched = true;
}

// ---- target and session ----------------------------------------------------------------------

void Backend::set_target(topology::Target target) {
    if (in_transaction())
        throw Error(state::attribute_cannot_be_set,
                    "the target cannot change inside a transaction; commit or roll back first");
    settings_.target = std::move(target);
    in_use_.note_target();
}

void Backend::switch_target(topology::Target target) {
    if (!in_use_.is_for(target) && in_transaction())
        throw Error(state::invalid_transaction_state,
                    "the target leads to another server, and a transaction is open; commit or roll "
                    "back first");
    settings_.target = std::move(target);
    in_use_.note_target();
}

void Backend::fail_over() {
    if (!settings_.farm)
        throw Error(state::attribute_cannot_be_set,
                    "the connection has no FabricHost, so there is no other server to go to");
    if (in_transaction())
        throw Error(state::invalid_transaction_state,
                    "a transaction is open on the present server; commit or roll back first");
    in_use_.leave_server();
}

void Backend::reset() {
    settings_ = first_settings_;
    *wanted_ = first_wanted_;
    transaction_.end();
    in_use_.begin_again();
}

void Backend::change_session(const std::function<void(SessionState&)>& change) {
    SessionState changed = wanted_->session;
    change(changed);
    Purpose purpose{Effect::read};
    // Switching autocommit on commits.
    if (changed.autocommit && !wanted_->session.autocommit) purpose = {Effect::write, true};
    const SessionState before = std::exchange(wanted_->session, std::move(changed));
    try {
        if (opened_ && in_use_.now().on) run(purpose, [&](const auto&) { in_use_.apply_wanted(); });
    } catch (...) {
        wanted_->session = before;
        throw;
    }
    change(wanted_->chosen);
}

}  // namespace myfabric::router
