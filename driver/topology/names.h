// The words for statuses and modes that nodes and farm files use.
#pragma once

#include <array>

#include "topology/topology.h"

namespace myfabric::topology {

inline constexpr std::array status_names{"FAULTY", "SPARE", "SECONDARY", "PRIMARY"};
inline constexpr std::array mode_names{"OFFLINE", "READ_ONLY", "WRITE_ONLY", "READ_WRITE"};

inline const char* status_name(Status status) {
    return status_names[static_cast<std::size_t>(status)];
}
inline const char* mode_name(ServerMode mode) {
    return mode_names[static_cast<std::size_t>(mode)];
}

}  // namespace myfabric::topology
