#include "mysql/send_command.h"

#if MYFABRIC_CONNECTOR_C

#include <ma_pvio.h>

#include <array>
#include <cstring>
#include <string>

#include "mysql/packet.h"
#include "platform/socket.h"

namespace myfabric::mysql {
namespace {

constexpr std::size_t short_enough = 16'384;  // longer commands gain nothing

/// What the library leaves behind when a command is on its way.
void take(MYSQL* handle) noexcept {
    NET& net = handle->net;
    net.last_errno = 0;
    net.last_error[0] = '\0';
    std::memcpy(net.sqlstate, "00000", sizeof "00000");
    handle->info = nullptr;
    handle->affected_rows = ~0ull;
    net.write_pos = net.buff;
    net.pkt_nr = 1;
    net.compress_pkt_nr = 0;
}

bool can_take(const MYSQL* handle) noexcept {
    const MARIADB_PVIO* const link = handle->net.pvio;
    return link && !link->ctls && !handle->net.compress && link->timeout[PVIO_WRITE_TIMEOUT] <= 0 &&
           handle->status == MYSQL_STATUS_READY &&
           !(handle->server_status & SERVER_MORE_RESULTS_EXIST);
}

}  // namespace

bool send_command(MYSQL* handle, bool directly, enum_server_command command, std::string_view body,
                  MYSQL_STMT* statement) {
    const std::size_t size = body.size() + 1;
    if (directly && size <= short_enough && can_take(handle)) [[likely]] {
        const std::array head{static_cast<char>(size), static_cast<char>(size >> 8),
                              static_cast<char>(size >> 16), '\0', static_cast<char>(command)};
        const int socket = static_cast<int>(socket_of(handle));
        const std::size_t sent = platform::send_all(socket, {head.data(), head.size()}, body);
        if (sent == head.size() + body.size()) [[likely]] {
            take(handle);
            return true;
        }
        // The library finds out what has happened; after half a command nothing may follow.
        if (sent) platform::shut_down(socket);
    }
    return handle->methods->db_command(handle, command, body.data(), body.size(), 1, statement) ==
           0;
}

bool can_send_ahead(const MYSQL* handle, std::span<const QueuedCommand> commands) noexcept {
    std::size_t size = 0;
    for (const QueuedCommand& command : commands) size += command.body.size() + packet_head + 1;
    return can_send_ahead(handle, size);
}

bool can_send_ahead(const MYSQL* handle, std::size_t bytes) noexcept {
    return can_take(handle) && ends_by_eof(handle) && bytes <= short_enough;
}

bool send_ahead(MYSQL* handle, std::span<const QueuedCommand> commands) {
    std::string bytes;
    for (const QueuedCommand& command : commands) {
        const std::size_t size = command.body.size() + 1;
        for (unsigned shift = 0; shift < 24; shift += 8)
            bytes += static_cast<char>(size >> shift & 0xff);
        bytes += '\0';
        bytes += static_cast<char>(command.number);
        bytes += command.body;
    }
    const int socket = static_cast<int>(socket_of(handle));
    const std::size_t sent = platform::send_all(socket, bytes, {});
    if (sent == bytes.size()) [[likely]] {
        take(handle);
        return true;
    }
    // As above.
    if (sent) platform::shut_down(socket);
    const QueuedCommand& first = commands.front();
    if (!handle->methods->db_command(handle, first.number, first.body.data(), first.body.size(), 1,
                                     nullptr))
        platform::shut_down(socket);  // it took one of several
    return false;
}

void expect_next_answer(MYSQL* handle) noexcept {
    handle->net.pkt_nr = 1;
    handle->net.compress_pkt_nr = 0;
}

void forget_statements(MYSQL* handle) noexcept {
    handle->methods->invalidate_stmts(handle, "mysql_reset_connection()");
    handle->insert_id = 0;
}

}  // namespace myfabric::mysql

#else

namespace myfabric::mysql {

bool send_command(MYSQL* handle, bool /*directly*/, enum_server_command /*COM_QUERY*/,
                  std::string_view body, MYSQL_STMT* /*statement*/) {
    return mysql_send_query(handle, body.data(), static_cast<unsigned long>(body.size())) == 0;
}

bool can_send_ahead(const MYSQL*, std::span<const QueuedCommand>) noexcept {
    return false;
}

bool can_send_ahead(const MYSQL*, std::size_t) noexcept {
    return false;
}

bool send_ahead(MYSQL*, std::span<const QueuedCommand>) {
    return false;
}

void expect_next_answer(MYSQL*) noexcept {}
void forget_statements(MYSQL*) noexcept {}

}  // namespace myfabric::mysql

#endif
