// Rows of the binary protocol: finding the values in a packet, and packing dates and times.
// Pure, without the client library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "results/parameter.h"

namespace myfabric::mysql {

/// Greatest number of bytes that pack_datetime and pack_time write.
constexpr std::size_t packed_moment_bytes = 12;

/// Packs a DATE, DATETIME or TIMESTAMP as the wire does, without the length byte: 0, 4, 7 or 11
/// bytes, as few as the value needs. Returns their number.
std::size_t pack_datetime(const results::DateTimeValue& moment, char* out) noexcept;
/// Packs a TIME likewise: 0, 8 or 12 bytes; hours beyond 23 become days.
std::size_t pack_time(const results::DateTimeValue& moment, char* out) noexcept;

/// Finds the values of a row packet of `size` bytes. `sizes[i]` is binary_size() of column i.
/// False when the packet is malformed; `whole`: also when bytes are left over.
inline bool parse_binary_row(const unsigned char* packet, std::size_t size,
                             const signed char* sizes, std::size_t columns, const char** values,
                             unsigned long* lengths, bool whole = true) noexcept {
    // A zero byte, a bitmap of NULLs whose first two bits are unused, the values.
    const std::size_t head = 1 + (columns + 9) / 8;
    if (size < head) return false;
    const unsigned char* nulls = packet + 1;
    const unsigned char* in = packet + head;
    std::size_t left = size - head;
    for (std::size_t i = 0; i < columns; ++i) {
        const std::size_t bit = i + 2;
        if (nulls[bit / 8] >> (bit % 8) & 1) {
            values[i] = nullptr;
            lengths[i] = 0;
            continue;
        }
        std::size_t length;
        if (sizes[i] >= 0) {
            length = static_cast<std::size_t>(sizes[i]);
        } else {
            if (left == 0) return false;
            const unsigned char mark = *in;
            const std::size_t extra = mark < 251    ? 0
                                      : mark == 252 ? 2
                                      : mark == 253 ? 3
                                      : mark == 254 ? 8
                                                    : left;  // no length begins so
            if (left < 1 + extra) return false;
            length = mark;
            if (extra) {
                std::uint64_t number = 0;
                for (std::size_t k = extra; k > 0; --k) number = number << 8 | in[k];
                length = static_cast<std::size_t>(number);
            }
            in += 1 + extra;
            left -= 1 + extra;
        }
        if (left < length) return false;
        values[i] = reinterpret_cast<const char*>(in);
        lengths[i] = static_cast<unsigned long>(length);
        in += length;
        left -= length;
    }
    return !whole || left == 0;
}

}  // namespace myfabric::mysql
