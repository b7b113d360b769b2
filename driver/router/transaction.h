// The transaction of a connection's present session: what is lost with its link.
#pragma once

#include <functional>

#include "router/purpose.h"
#include "router/sessions.h"
#include "router/transaction_writes.h"

namespace myfabric::router {

/// Opens a session where there is none; throws Error.
using SessionMaker = std::function<ServerSession&()>;

/// Not thread-safe.
class Transaction {
public:
    bool was_open = false;   // before the command that runs
    bool dropped = false;    // by a timeout; the next command reports it
    bool untouched = false;  // nothing ran since the last one ended

    /// A command of `purpose` succeeded in `session`.
    void note_success(const Purpose& purpose, const Session& session) {
        if (session.on && session.on->in_transaction())
            writes_.note(purpose);
        else
            writes_.clear();
        if (session.state.autocommit) return;
        // A write that began no transaction though autocommit is off: no rollback takes it back.
        if (!purpose.implicitly_rolled_back)
            beyond_rollback_ = false;  // what ends a transaction, or is none of its
        else if (session.on && !session.on->in_transaction())
            beyond_rollback_ = true;
    }
    /// A command that was to run in it failed: a part of it may have run.
    void note_failure(const Purpose& purpose) { writes_.note(purpose); }
    /// It is over, and reported.
    void end() {
        was_open = beyond_rollback_ = false;
        writes_.clear();
    }
    bool is_beyond_rollback() const { return beyond_rollback_; }
    /// Whether it may have written what the rollback of a lost link does not take back, by the word
    /// of a server: `open` gives a session, and is called only where it is needed.
    bool leaves_something(const SessionMaker& open) const;

private:
    bool beyond_rollback_ = false;  // it wrote what no rollback takes back
    TransactionWrites writes_;
};

/// Whether the write of `purpose`, which began its transaction by itself, went with it: so it is
/// where its table is of an engine with transactions. A new session knows that.
bool was_rolled_back(const Purpose& purpose, const SessionMaker& open);

}  // namespace myfabric::router
