#include "mysql/drain.h"

#include <algorithm>

#include "mysql/packet.h"
#include "platform/socket.h"

namespace myfabric::mysql {

bool bytes_read_ahead([[maybe_unused]] MYSQL* handle) noexcept {
#if MYFABRIC_CONNECTOR_C
    const MARIADB_PVIO* link = handle->net.pvio;
    return link && link->cache && link->cache + link->cache_size > link->cache_pos;
#else
    return false;
#endif
}

namespace {

/// The next packet lies here whole: reading it does not wait.
bool packet_read_ahead([[maybe_unused]] MYSQL* handle) noexcept {
#if MYFABRIC_CONNECTOR_C
    const MARIADB_PVIO* link = handle->net.pvio;
    return link && !handle->net.compress && packet_here(*link).body;
#else
    return false;
#endif
}

}  // namespace

bool packet_comes_before([[maybe_unused]] MYSQL* handle,
                         [[maybe_unused]] std::chrono::steady_clock::time_point until) noexcept {
#if MYFABRIC_CONNECTOR_C
    // What TLS or compression has in its own buffers is not seen at the socket.
    if (!handle->net.pvio || handle->net.pvio->ctls || handle->net.compress) return true;
    if (packet_read_ahead(handle)) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    return platform::readable_within(static_cast<int>(socket_of(handle)),
                                     std::max(left, std::chrono::milliseconds(0)));
#else
    return true;
#endif
}

bool Drain::may_read(Next next) noexcept {
    const Clock::time_point now = Clock::now();
    if (now > until_) return false;
    if (deadline_) return true;
    if (next == Next::row && packet_read_ahead(handle_)) return true;
    try {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - now);
        deadline_.emplace(std::max(left, std::chrono::milliseconds(1)));
        deadline_->watch(static_cast<int>(socket_of(handle_)));
    } catch (...) {
        // Then the time is looked at between reads.
    }
    return true;
}

#if MYFABRIC_CONNECTOR_C
namespace {

/// The error that was read is the server's, so that it ends the answer.
bool ended_by_error(MYSQL* handle) noexcept {
    constexpr unsigned first_of_library = 2000, last_of_library = 2999, first_of_connector = 5000;
    const unsigned number = mysql_errno(handle);
    return number && (number < first_of_library || number > last_of_library) &&
           number < first_of_connector;
}

}  // namespace

bool Drain::skip_answer() noexcept {
    constexpr unsigned char end_mark = 254;
    constexpr unsigned long longest_end = 8, status_at = 3, end_size = 5;
    do {
        if (!may_read(Next::result)) return false;
        if (handle_->methods->db_read_query_result(handle_) != 0) return ended_by_error(handle_);
        for (bool rows = handle_->field_count != 0; rows;) {
            if (!may_read(Next::row)) return false;
            const unsigned long size = mysql_net_read_packet(handle_);
            if (size == packet_error) {
                handle_->status = MYSQL_STATUS_READY;
                return ended_by_error(handle_);
            }
            const unsigned char* packet = handle_->net.read_pos;
            rows = packet[0] != end_mark || size > longest_end;
            if (!rows && size >= end_size)
                handle_->server_status =
                    packet[status_at] | static_cast<unsigned>(packet[status_at + 1]) << 8;
        }
        handle_->status = MYSQL_STATUS_READY;
    } while (handle_->server_status & SERVER_MORE_RESULTS_EXIST);
    return true;
}
#else
bool Drain::skip_answer() noexcept {
    return false;
}
#endif

}  // namespace myfabric::mysql
