// "myfabric bench": how long things take with a data source, through the driver manager.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <vector>

namespace myfabric::setup {

/// Connecting, a round trip, rows, and with a farm the move between its servers. Each part takes
/// about a fifth of `time`; what is being measured is written to `progress`. As JSON:
/// [{"what", "median_us", "p99_us", "count"} or {"what", "per_second", "count"}]. Nothing is
/// written to the server. Throws Error.
void bench(const std::string& data_source, bool farm, std::chrono::seconds time, bool json,
           std::ostream& progress, std::ostream& out);

/// The value below which `part` of the samples lie; they are sorted by it. 0 without samples.
double quantile(std::vector<double>& samples, double part);

}  // namespace myfabric::setup
