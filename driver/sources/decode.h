// From the result sets of a node's dump commands to a Topology. Pure.
#pragma once

#include <string>

#include "topology/topology.h"
#include "topology/values.h"

namespace myfabric::sources {

/// What a connector may ask for: dump.servers, dump.shard_maps, dump.shard_index,
/// dump.shard_tables.
struct Dump {
    int ttl = 0;  // seconds, 0: the node has no wish
    topology::ResultSet servers;
    topology::ResultSet shard_maps;
    topology::ResultSet shard_index;
    topology::ResultSet shard_tables;
    std::string tables_error;  // what the node said when it could not list its tables
};

/// The first result set of a reply to `command`. Throws MalformedReply when there is none.
topology::ResultSet first_set(topology::Reply reply, const std::string& command);

/// Columns are found by name and may come as numbers or text. Rows that come twice count once.
/// Throws MalformedReply for a missing column or a value that cannot be meant.
topology::Topology decode_topology(const Dump& dump);

}  // namespace myfabric::sources
