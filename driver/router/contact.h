// Where a session is, and how other threads reach it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mysql/connection.h"
#include "platform/socket.h"
#include "topology/topology.h"

namespace myfabric::router {

/// The server in use, as attributes and CALL fabric.server() show it.
struct Here {
    topology::Server server;
    std::string group;
    std::optional<int> shard;

    bool operator==(const Here&) const = default;
};

/// For waking up who waits for a session, and for stopping what it runs.
struct Contact {
    platform::SocketCopy socket;  // a descriptor of our own
    mysql::Login login;
    std::uint64_t thread = 0;
};

}  // namespace myfabric::router
