// Where the options of a data source lead: to one server, or through a farm.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsn/options.h"
#include "router/route.h"
#include "router/selector.h"
#include "topology/farm.h"

namespace myfabric::setup {

struct Destination {
    std::optional<router::Route> route;     // absent without a farm
    std::vector<topology::Server> servers;  // in the order to try them, never empty
};

topology::Target target_of(const dsn::Options& options);

/// The farm of `options`. Throws Error as its source does.
std::shared_ptr<const topology::Topology> load_topology(const dsn::Options& options);

/// The servers that `options` lead to; `topology` is null without FabricHost. Throws Error 08001
/// and 08004 as resolve() does, 08004 when no server qualifies.
Destination destination(const dsn::Options& options, const topology::Topology* topology);

/// "farm of 3 groups and 7 servers, 2 sharded tables, kept for 5 s"
std::string describe(const topology::Topology& topology);
/// "group shard-1, shard 1"
std::string describe(const router::Route& route);
/// "127.0.0.1:3307 primary, read_write, weight 1, uuid ..."
std::string describe(const topology::Server& server);

}  // namespace myfabric::setup
