// What the myfabric command prints: tables for people, JSON for programs.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "platform/socket.h"
#include "topology/farm.h"
#include "topology/topology.h"
#include "topology/values.h"

namespace myfabric::setup {

/// A server of a group; `why_not` when it was tried to reach it, empty when it answered; `carried`
/// by that login.
struct Member {
    std::string group;
    topology::Server server;
    std::optional<std::string> why_not;
    platform::Carried carried;
};

/// Rows of cells, the first one the names; columns as wide as their widest cell.
void print_grid(const std::vector<std::vector<std::string>>& rows, std::ostream& out);

/// Columns under their names, NULL as it is; a blank line between result sets.
void print_tables(const std::vector<topology::ResultSet>& sets, std::ostream& out);
/// [{"columns": ["a"], "rows": [[1], [null]]}]
void print_json(const std::vector<topology::ResultSet>& sets, std::ostream& out);

void print_tables(const topology::Topology& topology, const std::vector<Member>& members,
                  std::ostream& out);
/// {"source", "ttl", "groups": {"g": [{"uuid", "host", "port", "status", "mode", "weight",
/// "reachable"?, "error"?}]}, "tables": [{"name", "column", "type", "shards", "global_group",
/// "problem"?}], "counters": {"logins", "refreshes", "node_calls", "cache_hits", "bytes_sent",
/// "bytes_received"}}; the bytes are those of the logins
void print_json(const topology::Topology& topology, const std::vector<Member>& members,
                const topology::FarmCounters& counters, std::ostream& out);

/// {"group", "shard", "servers": [{"uuid", "host", ...}]}; group and shard are null without a farm.
void print_json(const std::optional<std::string>& group, std::optional<int> shard,
                const std::vector<topology::Server>& servers, std::ostream& out);

}  // namespace myfabric::setup
