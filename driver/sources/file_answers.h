// The looking-up commands of a node, answered from a topology: what sources that are no node can
// serve. Pure.
#pragma once

#include <string>
#include <vector>

#include "topology/topology.h"
#include "topology/values.h"

namespace myfabric::sources {

/// dump.*, sharding.lookup_servers / lookup_table / list_definitions / list_tables,
/// group.lookup_servers / lookup_groups and manage.ping with a node's columns, types, order and
/// patterns. Mapping ids count from 1 in the topology's order. Throws CommandFailed with a node's
/// words for an argument that leads nowhere, Error HYC00 naming `source` ("the farm file 'f'")
/// for any other command, 07002 for a wrong number of arguments.
topology::Reply answer_from(const topology::Topology& topology, const std::string& source,
                            const std::string& command,
                            const std::vector<topology::Value>& arguments);

}  // namespace myfabric::sources
