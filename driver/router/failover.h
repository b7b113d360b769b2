// What to do after a failure: a pure decision, the table of PRODUCT's failure section.
#pragma once

#include <string_view>

#include "base/error.h"

namespace myfabric::router {

/// What a command does, as far as a repetition is concerned.
enum class Effect : unsigned char {
    read,      // changes nothing: plain SELECT, SHOW, catalog calls
    write,     // anything else
    commit,    // SQLEndTran(SQL_COMMIT), COMMIT
    rollback,  // SQLEndTran(SQL_ROLLBACK), ROLLBACK
};

struct Failure {
    Cause cause = Cause::statement;
    bool nothing_sent = false;  // so it surely did not run
};

/// Where the session stood before the command.
struct Situation {
    Effect effect = Effect::write;
    bool in_transaction = false;
    bool may_commit = false;              // ends a transaction, or may: BEGIN, DDL, CALL...
    bool in_parts = false;                // CALL, a block, several statements: some may have run
    bool implicitly_rolled_back = false;  // the server did: autocommit off, or it said an error
    bool untransactional = false;         // the transaction wrote what no rollback takes back
    bool farm = false;                    // another server may be had
    bool unrestorable = false;            // temporary tables, locks, user variables
};

/// The server said nothing: its link is gone, or there was none to be had.
constexpr bool lost(Cause cause) {
    return cause == Cause::link_lost || cause == Cause::cannot_connect;
}

/// It lives, but takes no writes, or no commands, now.
constexpr bool refused(Cause cause) {
    return cause == Cause::read_only || cause == Cause::not_ready;
}

enum class Next : unsigned char {
    raise,             // the error is the statement's own
    retry,             // run again on the server that the route now leads to
    done,              // what was asked for has come about: a rollback
    transaction_lost,  // 40001
    outcome_unknown,   // 40003
    commit_unknown,    // 08007
    state_lost,        // 08S01 naming what was lost
};

/// For logs.
constexpr std::string_view next_name(Next next) {
    switch (next) {
        case Next::retry:
            return "it runs again";
        case Next::done:
            return "nothing is left to do";
        case Next::transaction_lost:
            return "the transaction is lost";
        case Next::outcome_unknown:
            return "whether it took effect is unknown";
        case Next::commit_unknown:
            return "whether the COMMIT took effect is unknown";
        case Next::state_lost:
            return "state of the session is lost";
        case Next::raise:
            break;
    }
    return "it is reported";
}

/// The link is gone, and with it the session: the server rolls back what is open.
constexpr Next after_lost_link(const Failure& failure, const Situation& situation) {
    if (situation.effect == Effect::rollback) return Next::done;
    if (situation.effect == Effect::commit && !situation.in_transaction) return Next::done;
    const bool may_have_run = !failure.nothing_sent && situation.effect != Effect::read;
    if (situation.in_transaction) {
        if (may_have_run && (situation.effect == Effect::commit || situation.may_commit))
            return Next::commit_unknown;
        return situation.untransactional ? Next::outcome_unknown : Next::transaction_lost;
    }
    if (may_have_run && !situation.implicitly_rolled_back) return Next::outcome_unknown;
    return situation.unrestorable ? Next::state_lost : Next::retry;
}

/// The server lives and refused: it has become read-only, or serves no commands now. It checks that
/// before a statement of one part begins.
constexpr Next after_refusal(const Situation& situation) {
    if (situation.effect == Effect::rollback) return Next::done;  // the link is dropped
    if (!situation.farm) return Next::raise;
    if (situation.in_parts) return Next::outcome_unknown;
    if (situation.in_transaction || situation.effect == Effect::commit)
        return situation.untransactional ? Next::outcome_unknown : Next::transaction_lost;
    return situation.unrestorable ? Next::state_lost : Next::retry;
}

constexpr Next next_step(const Failure& failure, const Situation& situation) {
    if (lost(failure.cause)) return after_lost_link(failure, situation);
    if (refused(failure.cause)) return after_refusal(situation);
    return Next::raise;
}

}  // namespace myfabric::router
