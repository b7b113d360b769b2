#include "router/session_in_use.h"

#include <algorithm>
#include <utility>

#include "router/failure_report.h"

namespace myfabric::router {

// ---- before a command ------------------------------------------------------------------------

std::optional<std::string> SessionInUse::follow(const Purpose& purpose) {
    course_.plain_read = purpose.plain_read && purpose.effect == Effect::read;
    if (purpose.reuse_last_server && session_->on) return std::nullopt;
    // A rollback is of the session that it runs on, whatever the farm says.
    if (purpose.effect == Effect::rollback && session_->on) return std::nullopt;
    const bool elsewhere = course_.aim(purpose, settings_.target, mode_for(purpose));
    if (!session_->on && !course_.by_hint) return std::nullopt;  // open() looks at the farm itself
    std::shared_ptr<const topology::Topology> snapshot =
        purpose.effect == Effect::read ? settings_.farm->topology()
                                       : settings_.farm->topology(settings_.max_age);
    const SessionState& wanted = wanted_.session;
    course_.hint_leaves_home =
        course_.by_hint && !wanted.autocommit &&
        leads_away(*snapshot, course_.target, settings_.target, wanted.database);
    if (course_.hint_leaves_home && !purpose.plain_read)
        throw Error(
            state::invalid_transaction_state,
            "autocommit is off, and a COMMIT would not reach the server of the hint; switch "
            "the target of the connection, or turn autocommit on");
    if (!session_->on) return std::nullopt;
    const bool think = position_.is_due() && !session_->in_transaction();
    if (!elsewhere && snapshot == course_.topology && !think) return std::nullopt;
    Decision next = decide(*snapshot, course_.target, elsewhere, wanted.database,
                           {course_.route, address(), session_->in_transaction()});
    using Kind = Decision::Kind;
    if (next.kind == Kind::as_it_is) return std::nullopt;
    if (next.kind == Kind::stay && (!think || search_.is_fit(*session_, here()->server))) {
        stay(std::move(next.route), std::move(snapshot), elsewhere);
        return std::nullopt;
    }
    if (next.kind == Kind::refuse)
        throw Error(state::invalid_transaction_state,
                    "the statement is to run in group '" + next.route.group +
                        "', but a transaction is open on " + address() +
                        "; commit or roll back first");
    if (next.kind == Kind::lost) {
        drop();
        lose(take_unrestorable());
        return "the farm no longer gives " + address() + " for group '" + next.route.group + "'";
    }
    if (elsewhere) ++counters_.switches;
    know_position();  // while its server is at hand
    course_.topology = std::move(snapshot);
    course_.route = std::move(next.route);
    if (search_.exchange_parked(session_, wanted_.session)) {
        since_ = std::chrono::system_clock::now();
        return std::nullopt;
    }
    search_.park(std::exchange(session_, std::make_unique<Session>()));
    open();
    return std::nullopt;
}

void SessionInUse::stay(Route route, std::shared_ptr<const topology::Topology> snapshot,
                        bool elsewhere) {
    course_.topology = std::move(snapshot);
    course_.route = std::move(route);
    course_.reached();
    if (here()->shard != course_.route.shard) {
        Here moved = *session_->here;
        moved.shard = course_.route.shard;
        session_->here = std::make_shared<const Here>(std::move(moved));
    }
    settings_.live->aim(here(), course_.route.mode);
    if (elsewhere) search_.log_course("the same session", address());
    if (session_->state.autocommit != search_.autocommit_here(wanted_.session)) apply_wanted();
}

void SessionInUse::aim() {
    course_.aim({}, settings_.target, mode_for({}));
}

/// What AUTO means for a command.
topology::Mode SessionInUse::mode_for(const Purpose& purpose) {
    const topology::Mode mode = purpose.target ? purpose.target->mode : settings_.target.mode;
    if (mode != topology::Mode::automatic) return mode;
    const bool state_at_home = session_->unrestorable.any() || parked_.any_unrestorable();
    const topology::Mode meant = automatic_mode(purpose, wanted_.session.autocommit,
                                                session_->in_transaction(), state_at_home);
    const bool unknown = meant == topology::Mode::read_only && !know_position();
    return unknown ? topology::Mode::read_write : meant;
}

/// Asks the server of the connection's own writes where they stand. False when that cannot be
/// known now.
bool SessionInUse::know_position() {
    if (position_.knows(group())) return true;
    if (!session_->usable() || !here() || here()->server.status != topology::Status::primary)
        return false;
    // A server that was replaced, and perhaps hangs, is asked for nothing.
    if (settings_.farm && serving(*settings_.farm->topology(), here()->group,
                                  topology::Mode::read_write, address()) == Serving::no)
        return false;
    return position_.ask(*session_->on, here()->group, address(), journal_,
                         here()->server.synchronous);
}

void SessionInUse::throw_what_was_lost(const Purpose& purpose) {
    if (session_->on) {
        // What LAST_INSERT_ID(), ROW_COUNT() and the like would say on a new session is no answer.
        const bool id = purpose.asks_insert_id && std::exchange(lost_insert_id_, false);
        const bool last = purpose.asks_last_statement && std::exchange(lost_last_statement_, false);
        if (id || last)
            throw state_lost("the link",
                             id ? "the last insert id" : "what the last statement left");
    }
    if (parked_.any_lost())
        throw state_lost("a session of the connection", parked_.take_lost().names());
}

// ---- opening and losing ----------------------------------------------------------------------

void SessionInUse::open(bool first) {
    const std::shared_ptr<const Here> before = here();
    session_ = search_.find(wanted_.session, first);
    since_ = std::chrono::system_clock::now();
    search_.drop_surplus();
    if (!before || !settings_.farm || before->server.address() == session_->address) return;
    ++counters_.moves;
    journal_.notice("the connection moved from " + before->server.address() + " to " +
                    session_->address);
}

void SessionInUse::drop() {
    if (session_->on) {
        search_.lost_one();
        lost_insert_id_ |= std::exchange(session_->has_insert_id, false);
        lost_last_statement_ = true;
    }
    settings_.live->detach();
    session_->contact.reset();
    session_->on.reset();
}

void SessionInUse::was_behind() {
    journal_.write(LogLevel::info, [&] { return address() + " lags too far"; });
    position_.was_behind(address());
    session_->reached.clear();
    search_.park(std::exchange(session_, std::make_unique<Session>()));
}

void SessionInUse::wait_while_given(const std::string& address) {
    const std::string& database = wanted_.session.database;
    if (search_.still_gives(address, database))
        search_.wait_for_change(search_.choose(database).servers, database);
}

bool SessionInUse::is_for(const topology::Target& target) const {
    const Route there = resolve(*settings_.farm->topology(), target, wanted_.session.database);
    return there.group == course_.route.group && there.mode == course_.routed.mode;
}

void SessionInUse::leave_server() {
    aim();
    course_.topology = settings_.farm->refresh(*settings_.farm->topology());
    const std::string from = here() ? here()->server.address() : std::string();
    const Route before = course_.route;
    if (std::ranges::all_of(search_.choose(wanted_.session.database).servers,
                            [&](const auto& server) { return server.address() == from; })) {
        const std::string group = std::exchange(course_.route, before).group;
        throw Error(state::connection_rejected,
                    "group '" + group + "' has no server for " +
                        std::string(topology::mode_name(course_.target.mode)) + " other than " +
                        from + "; let the farm promote or add one");
    }
    if (session_->unrestorable.any())
        journal_.notice("leaving " + from + " loses its " + take_unrestorable().names());
    drop();
    parked_.close(from);
    search_.avoid(from);
    try {
        open();
    } catch (...) {
        search_.avoid({});
        throw;
    }
    search_.avoid({});
}

void SessionInUse::begin_again() {
    parked_.clear();
    position_.forget();
    session_->unrestorable = {};
    course_.by_hint = false;
    course_.target_changed = true;
    // Statements that were left on the session keep it as it is, until they are freed.
    if (session_->usable() && !session_->on->is_kept_by_others()) {
        try {
            return search_.begin_again(*session_, wanted_.session);
        } catch (const Error&) {
            // A new login shows what is wrong.
        }
    }
    drop();
    session_->here.reset();
}

void SessionInUse::close() {
    drop();
    parked_.clear();
}

void SessionInUse::abandon() noexcept {
    if (session_->on) session_->on->abandon();
    session_->contact.reset();
    parked_.abandon();
}

}  // namespace myfabric::router
