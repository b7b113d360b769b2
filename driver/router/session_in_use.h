// The session that a connection's commands run on: it follows the target and what the farm says,
// and is opened again after a loss.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "router/destination.h"
#include "router/journal.h"
#include "router/purpose.h"
#include "router/read_position.h"
#include "router/server_search.h"
#include "router/sessions.h"
#include "router/settings.h"
#include "router/wanted.h"

namespace myfabric::router {

/// Every reference outlives it.
class SessionInUse {
public:
    SessionInUse(const Settings& settings, Wanted& wanted, Journal& journal, Counters& counters)
        : settings_(settings),
          wanted_(wanted),
          journal_(journal),
          counters_(counters),
          search_(settings, course_, position_, parked_, journal, counters) {}

    /// The session; its `on` is null while there is none. Good until follow() or open().
    Session& now() { return *session_; }
    const Session& now() const { return *session_; }
    /// Where it is, or was when it was lost.
    const std::shared_ptr<const Here>& here() const { return session_->here; }
    std::chrono::system_clock::time_point since() const { return since_; }
    std::string address() const { return here() ? here()->server.address() : "the server"; }

    /// Goes to another server when the command has another target, or when a newer snapshot no
    /// longer has the present server for it. Throws as resolve() and ServerSearch::find() do, and
    /// 25000 where a transaction is in the way. Returns why the transaction was lost, if it was.
    std::optional<std::string> follow(const Purpose& purpose);
    /// Where commands without their own target go; no session is changed yet.
    void aim();
    /// Throws as ServerSearch::find() does.
    void open(bool first = false);
    /// The link is gone, and the session with it.
    void drop();
    /// A plain read has found out that the server lacks the connection's own writes: the next
    /// command looks for another one.
    void was_behind();
    /// What a session had beside its state is gone; the next command reports it.
    void lose(const Unrestorable& gone) { parked_.lose(gone); }
    Unrestorable take_unrestorable() { return std::exchange(session_->unrestorable, {}); }
    /// Throws 08S01 when `purpose` asks for what was lost, or when what was lost has not been
    /// reported.
    void throw_what_was_lost(const Purpose& purpose);
    bool any_to_report() const { return parked_.any_lost(); }

    /// A command that writes is about to run.
    void note_write() {
        if (search_.limits().own_writes) position_.wrote(group());
    }
    /// It has run.
    void note_written() {
        if (!search_.limits().own_writes || !here() || session_->in_transaction()) return;
        if (session_->on && here()->server.status == topology::Status::primary &&
            !here()->server.synchronous)
            position_.stands(here()->group, session_->on->tracked_position());
    }
    /// What it put into a column with AUTO_INCREMENT is known to this session.
    void note_insert_id() {
        session_->has_insert_id = true;
        lost_insert_id_ = false;
    }

    /// The target of the connection has changed.
    void note_target() { course_.target_changed = true; }
    /// Whether `target` leads to the same group and mode. Throws as resolve() does.
    bool is_for(const topology::Target& target) const;
    /// Leaves the server for another one that the mode allows. Throws 08004 when there is none.
    void leave_server();
    /// A server refused: the newest snapshot counts.
    void look_again() { course_.topology = settings_.farm->refresh(*course_.topology); }
    /// Waits AttemptDelay, or until the farm has other servers, while it still has `address`.
    void wait_while_given(const std::string& address);
    void apply_wanted() { search_.bring_up_to_date(*session_, wanted_.session); }
    /// As after a new login. Parked sessions are closed.
    void begin_again();
    void close();
    void abandon() noexcept;
    std::vector<std::string> parked_servers() const { return parked_.addresses(); }

private:
    void stay(Route route, std::shared_ptr<const topology::Topology> snapshot, bool elsewhere);
    topology::Mode mode_for(const Purpose& purpose);
    bool know_position();
    const std::string& group() const { return here() ? here()->group : course_.route.group; }

    const Settings& settings_;
    Wanted& wanted_;
    Journal& journal_;
    Counters& counters_;
    std::unique_ptr<Session> session_ = std::make_unique<Session>();
    std::chrono::system_clock::time_point since_;
    Course course_;
    ReadPosition position_;
    ParkedSessions parked_;
    bool lost_insert_id_ = false;
    bool lost_last_statement_ = false;
    ServerSearch search_;
};

}  // namespace myfabric::router
