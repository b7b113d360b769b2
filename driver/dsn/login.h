// What the layers below need of the options.
#pragma once

#include "dsn/options.h"
#include "fabric/source.h"
#include "mysql/connection.h"

namespace myfabric::dsn {

/// The login for the one server of `options`, or for every server of its farm (host and port are
/// then replaced). Throws Error 08001 when its TLS versions exclude each other.
mysql::Login login(const Options& options);

/// Where the farm's description comes from. Meaningless without FabricHost.
fabric::FarmOptions farm_options(const Options& options);

}  // namespace myfabric::dsn
