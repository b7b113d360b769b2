// Packets of an answer, read where they lie: MariaDB Connector/C reads ahead from the link into a
// public buffer, and copies each packet out of it, which costs more than to look at a row. Its
// state is left as if it had read them itself. Private to driver/mysql.
#pragma once

#include "mysql/client_library.h"

#if MYFABRIC_CONNECTOR_C

#include <ma_pvio.h>

#include <cstddef>

namespace myfabric::mysql {

inline constexpr std::ptrdiff_t packet_head = 4;

/// Connections that end rows and descriptions by another packet than EOF are left to the library.
inline bool ends_by_eof(const MYSQL* handle) noexcept {
    constexpr unsigned long deprecate_eof = 1ul << 24;
    return !(handle->client_flag & deprecate_eof);
}

/// A packet that lies here as a whole; no body: none does.
struct PacketHere {
    unsigned char* body = nullptr;
    unsigned long size = 0;
    unsigned char number = 0;
};

inline PacketHere packet_here(const MARIADB_PVIO& link) noexcept {
    unsigned char* const at = link.cache_pos;
    const std::ptrdiff_t bytes = link.cache + link.cache_size - at;
    if (bytes < packet_head) return {};
    const std::ptrdiff_t size = at[0] | at[1] << 8 | at[2] << 16;
    if (bytes - packet_head < size) return {};
    return {at + packet_head, static_cast<unsigned long>(size), at[3]};
}

/// mysql_net_read_packet(): reads a packet to net.read_pos, and returns its size or packet_error.
/// With `in_place` the packet may lie in what was read ahead, until the next one is read; one byte
/// after it is readable.
[[gnu::always_inline]] inline unsigned long read_packet(MYSQL* handle, bool in_place) noexcept {
    // The library keeps what an error says, and refuses a packet out of order.
    constexpr unsigned char error_mark = 255;
    constexpr unsigned long begun = 0xffffff;  // and it puts the parts of long ones together
    NET& net = handle->net;
    MARIADB_PVIO* const link = net.pvio;
    if (!in_place || !link || net.compress) [[unlikely]]
        return mysql_net_read_packet(handle);
    const PacketHere packet = packet_here(*link);
    if (!packet.body || packet.size - 1 >= begun - 1 || *packet.body == error_mark ||
        packet.number != static_cast<unsigned char>(net.pkt_nr) ||
        packet.body + packet.size == link->cache + PVIO_READ_AHEAD_CACHE_SIZE) [[unlikely]]
        return mysql_net_read_packet(handle);
    link->cache_pos = packet.body + packet.size;
    net.compress_pkt_nr = ++net.pkt_nr;
    net.read_pos = packet.body;
    return packet.size;
}

}  // namespace myfabric::mysql

#endif
