// "myfabric resolve": the servers that a data source and a target lead to.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "dsn/options.h"

namespace myfabric::setup {

/// Prints the group and the servers in the order they would be tried, one a line. `changes` are
/// connection keys that replace those of the data source. Throws Error.
void resolve(dsn::Options options, const std::vector<std::pair<std::string, std::string>>& changes,
             bool json, std::ostream& out);

}  // namespace myfabric::setup
