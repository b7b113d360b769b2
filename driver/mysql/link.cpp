#include "mysql/link.h"

#include <sys/socket.h>

#include "mysql/client_library.h"

namespace myfabric::mysql {

void break_link(const Connection& connection) noexcept {
    const int socket = static_cast<int>(socket_of(raw(connection.native())));
    if (socket >= 0) shutdown(socket, SHUT_RDWR);
}

}  // namespace myfabric::mysql
