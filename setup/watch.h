// "myfabric watch": a live view of the servers that a data source can lead to.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>

#include "dsn/options.h"

namespace myfabric::setup {

/// Prints a view each `every`, until the key q, SIGINT or SIGTERM, or after `views` of them (0: no
/// end). On a terminal each view takes the place of the one before. A server that does not answer
/// within two seconds is shown as such.
void watch(const dsn::Options& options, std::chrono::seconds every, unsigned views,
           std::ostream& out);

}  // namespace myfabric::setup
