#include "mysql/link.h"

#include <string_view>

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

bool changed_state(const Connection& connection) noexcept {
    MYSQL* handle = raw(connection);
    if (!(handle->server_status & SERVER_SESSION_STATE_CHANGED)) return false;
    const char* text = nullptr;
    std::size_t length = 0;
    return mysql_session_track_get_first(handle, SESSION_TRACK_STATE_CHANGE, &text, &length) == 0 &&
           std::string_view(text, length) == "1";
}

bool left_utf8mb4(const Connection& connection) noexcept {
    MYSQL* handle = raw(connection);
    if (!(handle->server_status & SERVER_SESSION_STATE_CHANGED)) return false;
    // Names and values in turn.
    const char* text = nullptr;
    std::size_t length = 0;
    bool on_the_wire = false, is_name = true, left = false;
    for (int none =
             mysql_session_track_get_first(handle, SESSION_TRACK_SYSTEM_VARIABLES, &text, &length);
         !none; none = mysql_session_track_get_next(handle, SESSION_TRACK_SYSTEM_VARIABLES, &text,
                                                    &length)) {
        const std::string_view given(text, length);
        if (is_name)
            on_the_wire = given == "character_set_client" || given == "character_set_results" ||
                          given == "character_set_connection";
        else
            left |= on_the_wire && given != "utf8mb4";
        is_name = !is_name;
    }
    return left;
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
