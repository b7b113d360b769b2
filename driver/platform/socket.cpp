#include "platform/socket.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

namespace myfabric::platform {

void shut_down(int socket) noexcept {
    shutdown(socket, SHUT_RDWR);
}

bool readable(int socket) noexcept {
    pollfd entry{socket, POLLIN, 0};
    return poll(&entry, 1, 0) > 0;
}

bool is_ipv6_address(const std::string& text) noexcept {
    in6_addr parsed{};
    return inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

}  // namespace myfabric::platform
