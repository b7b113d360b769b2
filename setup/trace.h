// "myfabric trace": what the driver decides, live, from its log.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "dsn/options.h"

namespace myfabric::setup {

/// The lines that come to the log file of a data source, until the key q, SIGINT or SIGTERM. Throws
/// Error when the data source has no log.
void follow_log(const dsn::Options& options, std::ostream& out);

/// Runs a program with the driver's log on, at level `level`, and shows its lines on `out` while it
/// runs. Gives its exit status. Throws Error when it cannot be started.
int trace_program(const std::vector<std::string>& command, const std::string& level,
                  std::ostream& out);

}  // namespace myfabric::setup
