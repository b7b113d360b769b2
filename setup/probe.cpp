#include "setup/probe.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace myfabric::setup {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned protocol_10 = 10;
constexpr unsigned char error_packet = 0xff;
constexpr unsigned client_ssl = 0x0800;

class Socket {
public:
    Socket(int family, int type)
        : descriptor_(::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~Socket() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int get() const { return descriptor_; }

    bool wait(short events, Clock::time_point deadline) const {
        for (;;) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now())
                    .count();
            pollfd one{descriptor_, events, 0};
            const int ready = poll(&one, 1, left > 0 ? static_cast<int>(left) : 0);
            if (ready < 0 && errno == EINTR) continue;
            return ready > 0;
        }
    }

    /// 0, or the system's errno; ETIMEDOUT when no answer came.
    int connect(const sockaddr* address, socklen_t length, Clock::time_point deadline) const {
        if (descriptor_ < 0) return errno;
        if (::connect(descriptor_, address, length) == 0) return 0;
        if (errno != EINPROGRESS) return errno;
        if (!wait(POLLOUT, deadline)) return ETIMEDOUT;
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
        return error;
    }

    /// The first packet, or as much as comes in time; a packet of MySQL's protocol has its length
    /// in front.
    std::string first_bytes(Clock::time_point deadline) const {
        std::string bytes;
        std::array<char, 1024> part;
        while (bytes.size() < part.size()) {
            if (bytes.size() >= 4) {
                const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
                if (bytes.size() >= 4u + at(0) + (at(1) << 8u) + (at(2) << 16u)) break;
            }
            if (!wait(POLLIN, deadline)) break;
            const ssize_t size = recv(descriptor_, part.data(), part.size(), 0);
            if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (size <= 0) break;
            bytes.append(part.data(), static_cast<std::size_t>(size));
        }
        return bytes;
    }

private:
    int descriptor_;
};

Probe failed(int error) {
    const std::string detail =
        std::string(std::strerror(error)) + " (" + std::to_string(error) + ")";
    switch (error) {
        case ECONNREFUSED:
            return {Answer::refused, detail};
        case ENOENT:
            return {Answer::socket_missing, detail};
        case EACCES:
        case EPERM:
            return {Answer::permission, detail};
        case EHOSTUNREACH:
        case ENETUNREACH:
            return {Answer::no_route, detail};
        default:
            return {Answer::none, detail};
    }
}

Probe listen_to(const Socket& socket, Clock::time_point deadline) {
    const std::string bytes = socket.first_bytes(deadline);
    if (bytes.empty()) return {Answer::silent, "it says nothing"};
    return read_greeting(bytes);
}

Probe probe_socket(const std::string& path, Clock::time_point deadline) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return failed(ENAMETOOLONG);
    struct stat file {};
    if (stat(path.c_str(), &file) == 0 && !S_ISSOCK(file.st_mode))
        return {Answer::not_a_socket,
                S_ISDIR(file.st_mode) ? "it is a folder" : "it is a file, and no socket"};
    path.copy(address.sun_path, path.size());
    const Socket socket(AF_UNIX, SOCK_STREAM);
    const int error =
        socket.connect(reinterpret_cast<sockaddr*>(&address), sizeof address, deadline);
    return error ? failed(error) : listen_to(socket, deadline);
}

}  // namespace

Probe read_greeting(const std::string& bytes) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    // Four bytes of length and number, then the packet. See MySQL's protocol, Initial Handshake.
    if (bytes.size() < 7 || at(3) != 0)
        return {Answer::not_a_server, "it does not greet as a server"};
    if (at(4) == error_packet) return {Answer::refusal, bytes.substr(7)};
    const std::size_t end = bytes.find('\0', 5);
    if (at(4) != protocol_10 || end == std::string::npos)
        return {Answer::not_a_server, "it does not greet as a server"};
    // The version's end, thread id (4), the first part of the scramble (8), a filler, capabilities.
    const std::size_t capabilities = end + 1 + 4 + 8 + 1;
    Probe probe{Answer::server, bytes.substr(5, end - 5)};
    probe.offers_tls = bytes.size() > capabilities + 1 &&
                       ((at(capabilities) | at(capabilities + 1) << 8) & client_ssl);
    return probe;
}

Probe probe_server(const std::string& host, unsigned port, const std::string& socket,
                   std::chrono::milliseconds time_limit) {
    const Clock::time_point deadline = Clock::now() + time_limit;
    if (!socket.empty()) return probe_socket(socket, deadline);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int why = getaddrinfo(host.empty() ? "localhost" : host.c_str(),
                                std::to_string(port).c_str(), &hints, &found);
    if (why != 0) return {Answer::host_unknown, gai_strerror(why)};
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> list(found, freeaddrinfo);
    Probe last;
    for (const addrinfo* at = list.get(); at; at = at->ai_next) {
        const Socket stream(at->ai_family, at->ai_socktype);
        const int error = stream.connect(at->ai_addr, at->ai_addrlen, deadline);
        if (error == 0) return listen_to(stream, deadline);
        last = failed(error);
    }
    return last;
}

}  // namespace myfabric::setup
