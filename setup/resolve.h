// "myfabric resolve": the servers that a data source and a target lead to.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace myfabric::setup {

/// Prints the group and the servers in the order they would be tried, one a line. `changes` are
/// connection keys that replace those of the data source. Throws Error.
void resolve(const std::string& data_source,
             const std::vector<std::pair<std::string, std::string>>& changes, std::ostream& out);

}  // namespace myfabric::setup
