#include "mysql/link.h"

#include "mysql/client_library.h"
#include "platform/socket.h"

namespace myfabric::mysql {

void break_link(const Connection& connection) noexcept {
    const int socket = static_cast<int>(socket_of(raw(connection)));
    if (socket >= 0) platform::shut_down(socket);
}

int socket_of(const Connection& connection) noexcept {
    return static_cast<int>(socket_of(raw(connection)));
}

void abandon(const Connection& connection) noexcept {
    const int socket = socket_of(connection);
    if (socket >= 0) platform::put_dead_socket(socket);
}

bool Connection::link_closed() const {
    if (reader_) return false;
    const int socket = static_cast<int>(socket_of(raw(*this)));
    if (socket < 0) return true;
    // An idle server sends nothing: whatever can be read is an end of file, a reset, a TLS
    // close_notify, or the packet in which it says why it closes (1927, 4031).
    return platform::readable(socket);
}

}  // namespace myfabric::mysql
