// A file of its own: Linux's list of what it counts and the C library's older one exclude each
// other.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

#include "platform/socket.h"

namespace myfabric::platform {

std::optional<Carried> carried(int socket) noexcept {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
    if (size < offsetof(tcp_info, tcpi_bytes_retrans) + sizeof info.tcpi_bytes_retrans)
        return std::nullopt;
    return Carried{info.tcpi_bytes_sent - info.tcpi_bytes_retrans, info.tcpi_bytes_received};
}

}  // namespace myfabric::platform
