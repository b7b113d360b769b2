// From the result sets of a node's dump commands to a Topology. Pure.
#pragma once

#include <string>

#include "fabric/topology.h"
#include "fabric/values.h"

namespace myfabric::fabric {

/// What a connector may ask for: dump.servers, dump.shard_maps, dump.shard_index,
/// dump.shard_tables.
struct Dump {
    int ttl = 0;  // seconds, 0: the node has no wish
    ResultSet servers;
    ResultSet shard_maps;
    ResultSet shard_index;
    ResultSet shard_tables;
    std::string tables_error;  // what the node said when it could not list its tables
};

/// The first result set of a reply to `command`. Throws Unfit when there is none.
ResultSet first_set(Reply reply, const std::string& command);

/// Columns are found by name and may come as numbers or text. Rows that come twice count once.
/// Throws Unfit for a missing column or a value that cannot be meant.
Topology decode_topology(const Dump& dump);

}  // namespace myfabric::fabric
