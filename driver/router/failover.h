// What to do after a failure: a pure decision, the table of PRODUCT's failure section.
#pragma once

#include <string_view>

#include "base/error.h"

namespace myfabric::router {

/// What a command does, as far as a repetition is concerned.
enum class Effect : unsigned char {
    read,      // leaves nothing behind: plain SELECT, SHOW, catalog calls
    write,     // anything else
    commit,    // SQLEndTran(SQL_COMMIT)
    rollback,  // SQLEndTran(SQL_ROLLBACK)
};

struct Failure {
    Cause cause = Cause::statement;
    bool nothing_sent = false;  // so it surely did not run
};

/// Where the session stood before the command.
struct Situation {
    Effect effect = Effect::write;
    bool in_transaction = false;
    bool rolled_back_alone = false;  // autocommit off and plain DML: a lost link takes it along
    bool farm = false;               // another server may be had
    bool unrestorable = false;       // temporary tables, locks, user variables
};

/// The server said nothing: its link is gone, or there was none to be had.
constexpr bool lost(Cause cause) {
    return cause == Cause::link_lost || cause == Cause::cannot_connect;
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
    return "the application is told";
}

constexpr Next next_step(const Failure& failure, const Situation& situation) {
    switch (failure.cause) {
        case Cause::link_lost:
        case Cause::cannot_connect:
            if (situation.effect == Effect::rollback) return Next::done;
            if (situation.effect == Effect::commit) {
                if (!situation.in_transaction) return Next::done;
                return failure.nothing_sent ? Next::transaction_lost : Next::commit_unknown;
            }
            if (situation.in_transaction) return Next::transaction_lost;
            if (situation.unrestorable) return Next::state_lost;
            if (failure.nothing_sent || situation.effect == Effect::read ||
                situation.rolled_back_alone)
                return Next::retry;
            return Next::outcome_unknown;
        case Cause::read_only:
        case Cause::not_ready:
            if (!situation.farm) return Next::raise;
            if (situation.in_transaction || situation.effect == Effect::commit)
                return Next::transaction_lost;
            return situation.unrestorable ? Next::state_lost : Next::retry;
        default:
            break;
    }
    return Next::raise;
}

}  // namespace myfabric::router
