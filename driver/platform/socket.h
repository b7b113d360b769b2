// What is done to a socket that a client library owns, and addresses as texts.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace myfabric::platform {

/// Ends both directions: what waits on the socket, in any thread, wakes up with an end of file.
void shut_down(int socket) noexcept;

/// A socket by a number of our own: its owner may close it at any time, and another may get its
/// number.
class SocketCopy {
public:
    SocketCopy() = default;
    explicit SocketCopy(int socket) noexcept;
    ~SocketCopy();
    SocketCopy(SocketCopy&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    SocketCopy& operator=(SocketCopy&& other) noexcept {
        std::swap(socket_, other.socket_);
        return *this;
    }

    explicit operator bool() const { return socket_ >= 0; }
    void shut_down() const noexcept;
    /// False for none, and for one that is known to be gone; no waiting.
    bool usable() const noexcept;

private:
    int socket_ = -1;
};

/// There is something to read now, if only the end or an error.
bool readable(int socket) noexcept;
/// The same, or there will be before `time` is over.
bool readable_within(int socket, std::chrono::milliseconds time) noexcept;

/// Waits until there is something to read, and reads up to `room` bytes of it. 0: the link has
/// ended, or failed. For blocking sockets.
std::size_t receive(int socket, void* to, std::size_t room) noexcept;

/// Sends both, one after the other, and waits where the other side reads slowly. How many bytes
/// went: fewer where the link has ended or failed. For blocking sockets.
std::size_t send_all(int socket, std::string_view first, std::string_view second) noexcept;

/// The other side has ended the link, whether or not something is still to be read.
bool hung_up(int socket) noexcept;

/// What comes next on this TCP socket is acknowledged as it is read, until something is sent.
void acknowledge_at_once(int socket) noexcept;

/// What the system has carried over a TCP socket, TLS and all.
struct Carried {
    unsigned long long sent = 0, received = 0;
};
/// Null for what is no TCP socket, and where the system does not count.
std::optional<Carried> carried(int socket) noexcept;

/// Puts what ends at once and takes nothing in the place of `socket`, which is closed in this
/// process and stays as it is in others that have it.
void put_dead_socket(int socket) noexcept;

/// Tries to connect by TCP to the first address of `host`, for `time` at most: 0, or the system's
/// error number. ETIMEDOUT when nothing came in that time, EHOSTUNREACH for a name without address.
int connect_error(const std::string& host, unsigned port, std::chrono::milliseconds time) noexcept;

/// An IPv6 address without brackets and zone.
bool is_ipv6_address(const std::string& text) noexcept;

}  // namespace myfabric::platform
