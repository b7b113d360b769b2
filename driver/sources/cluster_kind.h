// How a group of servers says by itself who is its primary: one kind a row, pure but for asking.
#pragma once

#include <span>
#include <string>
#include <string_view>
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

/// What all kinds have to say of a server that has not answered.
topology::Server unseen_server(const SeenServer& seen, const ServerRules& rules);

}  // namespace myfabric::sources
