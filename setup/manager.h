// One query through the driver manager, as a program would ask it.
#pragma once

#include <string>

namespace myfabric::setup {

/// Connects to `data_source`, a name or a connection string, runs `sql` and gives the first column
/// of its first row. Throws Error with the first diagnostic record of what failed.
std::string ask_through_manager(const std::string& data_source, const std::string& sql);

}  // namespace myfabric::setup
