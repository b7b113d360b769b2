// How a group of servers says by itself who is its primary: one kind a row, pure but for asking.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/server_view.h"
#include "topology/topology.h"

namespace myfabric::sources {

/// What of a server is known before it is asked.
struct ServerProduct {
    bool mariadb = false;
    unsigned version = 0;  // 101106, 50624
};

/// The functions are pure.
struct ClusterKind {
    std::string_view name;  // as FabricProtocol has it
    std::string_view tool;  // who changes such a cluster

    /// One or more statements, sent at once. The first `needed` of them have to succeed. `all`:
    /// also what finds other servers and changes rarely.
    std::string (*question)(const ServerProduct& product, bool all);
    std::size_t needed;
    /// What the user has to be granted for it.
    std::string (*grant)(const ServerProduct& product);

    /// Where further servers are, by the answers.
    std::vector<topology::Endpoint> (*neighbours)(std::span<const SeenServer> servers,
                                                  const ServerRules& rules);
    /// One group, with a note for every server; without `only_group` and the servers' order being
    /// of any meaning. `group` empty: the cluster's own name. At least one server has answered.
    /// Throws Error 08001 for servers that do not belong together.
    topology::Topology (*decode)(std::span<const SeenServer> servers, const ServerRules& rules,
                                 std::string_view group);
};

extern const ClusterKind replication_cluster;
extern const ClusterKind galera_cluster;
extern const ClusterKind group_cluster;

/// Where a server is and its weight; its name is its address.
topology::Server plain_server(const SeenServer& seen, const ServerRules& rules);

/// Adds `found`, or puts it in the place of the same one, by `identity`, that was reached by
/// another name and does not answer there any more.
template <class Found, class Identity>
void add_once(std::vector<Found>& all, Found found, Identity identity) {
    const auto known = std::ranges::find(all, std::invoke(identity, found), identity);
    if (known == all.end())
        all.push_back(std::move(found));
    else if (!known->seen->answers() && found.seen->answers())
        *known = std::move(found);
}

/// What all kinds have to say of a server that has not answered.
topology::Server unseen_server(const SeenServer& seen, const ServerRules& rules);

}  // namespace myfabric::sources
