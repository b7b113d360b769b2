// Rows of the text protocol: finding the values in a packet. Pure, without the client library.
#pragma once

#include <cstddef>
#include <cstdint>

namespace myfabric::mysql {

/// Finds the values of a row packet of `size` bytes. False when the packet is malformed. One byte
/// after the packet must be readable, as it is in the client library's buffer.
inline bool parse_text_row(const unsigned char* packet, std::size_t size, std::size_t columns,
                           const char** values, unsigned long* lengths) noexcept {
    constexpr unsigned null_mark = 251;
    const unsigned char* in = packet;
    const unsigned char* const end = packet + size;
    for (const char** const last = values + columns; values != last; ++values, ++lengths) {
        std::size_t length = *in++;
        if (length >= null_mark) [[unlikely]] {
            if (in > end) return false;
            if (length == null_mark) {
                *values = nullptr;
                *lengths = 0;
                continue;
            }
            const std::ptrdiff_t bytes = length == 252 ? 2 : length == 253 ? 3 : 8;
            if (length == 255 || end - in < bytes) return false;
            std::uint64_t number = 0;
            for (std::ptrdiff_t k = bytes; k > 0; --k) number = number << 8 | in[k - 1];
            if (number > PTRDIFF_MAX) return false;
            length = static_cast<std::size_t>(number);
            in += bytes;
        }
        // Also when `in` was at the end already.
        if (end - in < static_cast<std::ptrdiff_t>(length)) return false;
        *values = reinterpret_cast<const char*>(in);
        *lengths = static_cast<unsigned long>(length);
        in += length;
    }
    return in == end;
}

}  // namespace myfabric::mysql
