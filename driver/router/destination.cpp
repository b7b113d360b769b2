#include "router/destination.h"

#include <algorithm>

#include "base/error.h"
#include "router/selector.h"

namespace myfabric::router {

Serving serving(const topology::Topology& snapshot, const std::string& group, topology::Mode mode,
                const std::string& address) {
    const std::vector<topology::Server>* listed = snapshot.group(group);
    if (!listed) return Serving::unknown;
    const auto is_it = [&](const topology::Server& server) { return server.address() == address; };
    bool others = false, has_primary = false, is_listed = false;
    for (const topology::Server& server : *listed) {
        is_listed |= is_it(server) && !server.contested;
        has_primary |= server.status == topology::Status::primary;
        if (objection(server, mode)) continue;
        // Of two primaries the first one takes the writes.
        if (is_it(server) && (mode == topology::Mode::read_only || !others)) return Serving::yes;
        others = true;
    }
    return !others && !has_primary && is_listed ? Serving::still_listed : Serving::no;
}

topology::Mode automatic_mode(const Purpose& purpose, bool autocommit, bool in_transaction,
                              bool state_at_home) {
    return purpose.plain_read && autocommit && !in_transaction && !state_at_home
               ? topology::Mode::read_only
               : topology::Mode::read_write;
}

bool leads_away(const topology::Topology& snapshot, const topology::Target& target,
                const topology::Target& home, std::string_view database) {
    const Route there = resolve(snapshot, target, database);
    Route here = resolve(snapshot, home, database);
    if (here.mode == topology::Mode::automatic) here.mode = topology::Mode::read_write;
    return there.group != here.group || there.mode != here.mode;
}

Decision decide(const topology::Topology& snapshot, const topology::Target& target, bool elsewhere,
                std::string_view database, const Standing& standing) {
    Route route;
    try {
        route = resolve(snapshot, target, database);
    } catch (const Error&) {
        if (elsewhere || !standing.in_transaction) throw;
        return {Decision::Kind::as_it_is, standing.route};
    }
    const bool same = route.group == standing.route.group && route.mode == standing.route.mode;
    const Serving now =
        same ? serving(snapshot, route.group, route.mode, standing.address) : Serving::no;
    const Decision::Kind leave = !standing.in_transaction ? Decision::Kind::go
                                 : elsewhere              ? Decision::Kind::refuse
                                                          : Decision::Kind::lost;
    const bool stays = now == Serving::yes || (now == Serving::still_listed && !elsewhere);
    return {stays ? Decision::Kind::stay : leave, std::move(route)};
}

}  // namespace myfabric::router
