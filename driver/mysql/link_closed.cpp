#include <poll.h>
#include <sys/socket.h>

#include "mysql/client_library.h"
#include "mysql/connection.h"

namespace myfabric::mysql {

bool Connection::link_closed() const {
    if (reader_) return false;
    const int socket = static_cast<int>(socket_of(raw(handle_)));
    if (socket < 0) return true;
    // An idle server sends nothing: whatever can be read is an end of file, a reset, a TLS
    // close_notify, or the packet in which it says why it closes (1927, 4031).
    pollfd entry{socket, POLLIN, 0};
    return poll(&entry, 1, 0) > 0;
}

}  // namespace myfabric::mysql
