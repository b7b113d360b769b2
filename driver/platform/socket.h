// What is done to a socket that a client library owns, and addresses as texts.
#pragma once

#include <string>

namespace myfabric::platform {

/// Ends both directions: what waits on the socket, in any thread, wakes up with an end of file.
void shut_down(int socket) noexcept;

/// There is something to read now, if only the end or an error.
bool readable(int socket) noexcept;

/// An IPv6 address without brackets and zone.
bool is_ipv6_address(const std::string& text) noexcept;

}  // namespace myfabric::platform
