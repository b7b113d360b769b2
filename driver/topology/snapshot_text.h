// A snapshot as bytes, for other processes of the same driver on the same machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "topology/topology.h"

namespace myfabric::topology {

/// All of `topology` that its source told: groups, servers, shard maps, tables, its ttl, and when
/// it was loaded.
std::string snapshot_text(const Topology& topology);

/// What snapshot_text() wrote; nothing for any other bytes. Shard maps are prepared.
std::optional<Topology> read_snapshot(std::string_view text);

}  // namespace myfabric::topology
