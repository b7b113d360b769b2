// Where a command goes: pure decisions from target, snapshot and the session that it finds.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "router/purpose.h"
#include "router/route.h"
#include "topology/topology.h"

namespace myfabric::router {

/// What a snapshot says of a server for a route.
enum class Serving : unsigned char {
    yes,
    still_listed,  // no server serves now, a failover may be going on; it has not been taken out
    unknown,       // the farm does not have the group, which is no evidence
    no,
};
Serving serving(const topology::Topology& snapshot, const std::string& group, topology::Mode mode,
                const std::string& address);

/// What Mode=AUTO means for a command, as far as that does not depend on positions: plain reads
/// outside of transactions go to a secondary, unless what they may need is on the primary alone
/// (`state_at_home`).
topology::Mode automatic_mode(const Purpose& purpose, bool autocommit, bool in_transaction,
                              bool state_at_home);

/// With autocommit off: whether `target`, a command's own, leads elsewhere than the connection's
/// (`home`), where AUTO means the primary. Throws as resolve() does.
bool leads_away(const topology::Topology& snapshot, const topology::Target& target,
                const topology::Target& home, std::string_view database);

/// The session that a command finds.
struct Standing {
    Route route;  // that led to it
    std::string address;
    bool in_transaction = false;
};

struct Decision {
    enum class Kind : unsigned char {
        stay,      // the route leads to the same session
        as_it_is,  // a farm that lost its memory is no reason to leave a transaction unfinished
        go,        // to another session
        refuse,    // the target leads elsewhere, and a transaction is open
        lost,      // the farm took the server of an open transaction away
    };
    Kind kind = Kind::go;
    Route route;  // of stay, go, refuse, lost
};
/// `elsewhere`: the present route came from another target. Throws as resolve() does.
Decision decide(const topology::Topology& snapshot, const topology::Target& target, bool elsewhere,
                std::string_view database, const Standing& standing);

/// The target that commands have now, and the route and the snapshot that led to the present
/// session.
struct Course {
    topology::Target target;        // of the command at hand; its mode is never AUTO
    bool by_hint = false;           // it is of that command alone ...
    bool hint_leaves_home = false;  // ... and with autocommit off, elsewhere than the connection's
    bool plain_read = false;        // the command at hand is one
    bool target_changed = true;     // it is not, or not surely, what the route came from
    std::shared_ptr<const topology::Topology> topology;  // what the route came from
    topology::Target routed;                             // likewise
    Route route;

    /// Takes the target of a command: `own` unless `purpose` has one. True when the present route
    /// came from another one.
    bool aim(const Purpose& purpose, const topology::Target& own, topology::Mode mode) {
        if (!purpose.target && !by_hint && !target_changed && mode == target.mode) [[likely]]
            return false;
        by_hint = purpose.target != nullptr;
        target = by_hint ? *purpose.target : own;
        target.mode = mode;
        target_changed = target != routed;
        return target_changed;
    }
    /// The route leads to the present session.
    void reached() {
        routed = target;
        target_changed = false;
    }
};

}  // namespace myfabric::router
