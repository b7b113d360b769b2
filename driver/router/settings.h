// What the layers below need of the options.
#pragma once

#include "dsn/options.h"
#include "mysql/connection.h"
#include "topology/source.h"

namespace myfabric::router {

/// The login for the one server of `options`, or for every server of its farm (host and port are
/// then replaced). Throws Error 08001 when its TLS versions exclude each other.
mysql::Login login(const dsn::Options& options);

/// Assignments for the SET of every new session: ", a=1, b=2", or nothing.
std::string variables(const dsn::Options& options);

/// Where the farm's description comes from. Meaningless without FabricHost.
topology::FarmOptions farm_options(const dsn::Options& options);

}  // namespace myfabric::router
