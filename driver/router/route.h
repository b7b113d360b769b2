// From a target (group, or tables and a shard key) to the group that serves it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "topology/target.h"
#include "topology/topology.h"

namespace myfabric::router {

struct Route {
    std::string group;
    std::optional<int> shard;
    topology::Mode mode = topology::Mode::read_write;

    bool operator==(const Route&) const = default;
};

/// The group of `target`. Throws Error 08001 for a target that contradicts itself or is not
/// complete, and 08004 for a group, table or key that the farm does not have.
Route resolve(const topology::Topology& topology, const topology::Target& target,
              std::string_view current_database);

}  // namespace myfabric::router
