#include "platform/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>

namespace myfabric::platform {

void shut_down(int socket) noexcept {
    shutdown(socket, SHUT_RDWR);
}

SocketCopy::SocketCopy(int socket) noexcept
    : socket_(socket < 0 ? -1 : fcntl(socket, F_DUPFD_CLOEXEC, 0)) {}

SocketCopy::~SocketCopy() {
    if (socket_ >= 0) close(socket_);
}

void SocketCopy::shut_down() const noexcept {
    platform::shut_down(socket_);
}

bool SocketCopy::usable() const noexcept {
    return socket_ >= 0 && !hung_up(socket_);
}

bool readable(int socket) noexcept {
    return readable_within(socket, std::chrono::milliseconds(0));
}

bool readable_within(int socket, std::chrono::milliseconds time) noexcept {
    pollfd entry{socket, POLLIN, 0};
    return poll(&entry, 1, static_cast<int>(time.count())) > 0;
}

std::size_t receive(int socket, void* to, std::size_t room) noexcept {
    ssize_t bytes = 0;
    do bytes = ::recv(socket, to, room, 0);
    while (bytes < 0 && errno == EINTR);
    return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
}

std::size_t send_all(int socket, std::string_view first, std::string_view second) noexcept {
    const std::size_t all = first.size() + second.size();
    std::size_t gone = 0;
    while (gone < all) {
        const std::size_t of_first = std::min(gone, first.size());
        const std::size_t of_second = gone - of_first;
        iovec parts[] = {{const_cast<char*>(first.data() + of_first), first.size() - of_first},
                         {const_cast<char*>(second.data() + of_second), second.size() - of_second}};
        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = 2;
        const ssize_t bytes = ::sendmsg(socket, &message, MSG_NOSIGNAL);
        if (bytes > 0)
            gone += static_cast<std::size_t>(bytes);
        else if (errno != EINTR)
            break;
    }
    return gone;
}

bool hung_up(int socket) noexcept {
    pollfd entry{socket, POLLRDHUP, 0};
    return poll(&entry, 1, 0) > 0;
}

void acknowledge_at_once(int socket) noexcept {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void put_dead_socket(int socket) noexcept {
    // A socket without another side would not do: OpenSSL takes ENOTCONN for something that passes,
    // and tries for ever. Nor would one that was shut down: writing to it raises SIGPIPE.
    const int dead = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dead < 0) return;
    dup2(dead, socket);
    close(dead);
}

int connect_error(const std::string& host, unsigned port, std::chrono::milliseconds time) noexcept {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0 || !found) return EHOSTUNREACH;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
    const auto number = htons(static_cast<std::uint16_t>(port));
    if (found->ai_family == AF_INET6)
        reinterpret_cast<sockaddr_in6*>(found->ai_addr)->sin6_port = number;
    else
        reinterpret_cast<sockaddr_in*>(found->ai_addr)->sin_port = number;
    const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) return errno;
    int error = ::connect(socket, found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        pollfd entry{socket, POLLOUT, 0};
        socklen_t size = sizeof error;
        error = ETIMEDOUT;
        if (poll(&entry, 1, static_cast<int>(time.count())) > 0)
            getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    close(socket);
    return error;
}

bool is_ipv6_address(const std::string& text) noexcept {
    in6_addr parsed{};
    return inet_pton(AF_INET6, text.c_str(), &parsed) == 1;
}

}  // namespace myfabric::platform
