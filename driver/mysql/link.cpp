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

namespace {

/// Calls `use` with the name and the new value of each variable that the last answer reported.
template <class Use>
void each_tracked_variable(MYSQL* handle, Use&& use) {
    if (!(handle->server_status & SERVER_SESSION_STATE_CHANGED)) return;
    // Names and values in turn.
    const char* text = nullptr;
    std::size_t length = 0;
    std::string_view name;
    bool is_name = true;
    for (int none =
             mysql_session_track_get_first(handle, SESSION_TRACK_SYSTEM_VARIABLES, &text, &length);
         !none; none = mysql_session_track_get_next(handle, SESSION_TRACK_SYSTEM_VARIABLES, &text,
                                                    &length)) {
        const std::string_view given(text, length);
        if (is_name)
            name = given;
        else
            use(name, given);
        is_name = !is_name;
    }
}

}  // namespace

bool left_utf8mb4(const Connection& connection) noexcept {
    bool left = false;
    each_tracked_variable(raw(connection), [&](std::string_view name, std::string_view value) {
        const bool on_the_wire = name == "character_set_client" ||
                                 name == "character_set_results" ||
                                 name == "character_set_connection";
        left |= on_the_wire && value != "utf8mb4";
    });
    return left;
}

std::string tracked_position(const Connection& connection) {
    std::string position;
    // After rows the list may be that of an earlier answer.
    MYSQL* handle = raw(connection);
    if (connection.is_read() || mysql_field_count(handle)) return position;
    each_tracked_variable(handle, [&](std::string_view name, std::string_view value) {
        if (name == "last_gtid") position = value;
    });
    return position;
}

void abandon(const Connection& connection) noexcept {
    const int socket = socket_of(connection);
    if (socket >= 0) platform::put_dead_socket(socket);
}

bool Connection::link_closed() const {
    if (reader_ || condition_) return false;
    const int socket = static_cast<int>(socket_of(raw(*this)));
    if (socket < 0) return true;
    // An idle server sends nothing: whatever can be read is an end of file, a reset, a TLS
    // close_notify, or the packet in which it says why it closes (1927, 4031).
    return platform::readable(socket);
}

}  // namespace myfabric::mysql
