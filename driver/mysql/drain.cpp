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

}  // namespace myfabric::mysql
