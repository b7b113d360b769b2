// Writing the binary protocol: numbers, texts, dates and times one after another. Pure, without the
// client library.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "mysql/binary_row.h"
#include "results/parameter.h"

namespace myfabric::mysql {

/// The bytes of one command after the other. They live until the next command is begun.
class CommandBuffer {
public:
    /// Begins a command that has room for `bytes`. Returns the place of its first byte.
    char* begin(std::size_t bytes);
    /// `at`, moved along where the buffer had to grow to have room for `bytes` after it.
    char* with_room(char* at, std::size_t bytes) {
        return static_cast<std::size_t>(end_ - at) >= bytes ? at : grow(at, bytes);
    }
    /// The command, which ends before `at`.
    std::string_view until(const char* at) const {
        return {bytes_.get(), static_cast<std::size_t>(at - bytes_.get())};
    }

private:
    char* grow(char* at, std::size_t bytes);

    std::unique_ptr<char[]> bytes_;
    char* end_ = nullptr;
};

/// Bytes that a value may need beside those of a text.
inline constexpr std::size_t value_room = 16;
static_assert(value_room > packed_moment_bytes);

// Each writes at `at` and returns the place after what it wrote.

/// The lowest `bytes` bytes of a number, the lowest first.
template <std::size_t bytes>
char* put(char* at, std::uint64_t number) {
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(at, &number, bytes);
    else
        for (std::size_t i = 0; i < bytes; ++i) at[i] = static_cast<char>(number >> (8 * i));
    return at + bytes;
}

/// A length as it stands in front of a text.
inline char* put_length(char* at, std::uint64_t length) {
    if (length < 251) return put<1>(at, length);
    if (length < 0x10000) return put<2>(put<1>(at, 252), length);
    if (length < 0x1000000) return put<3>(put<1>(at, 253), length);
    return put<8>(put<1>(at, 254), length);
}

inline char* put_text(char* at, std::string_view text) {
    at = put_length(at, text.size());
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return at + text.size();
}

inline char* put_datetime(char* at, const results::DateTimeValue& moment) {
    const std::size_t size = pack_datetime(moment, at + 1);
    *at = static_cast<char>(size);
    return at + 1 + size;
}

inline char* put_time(char* at, const results::DateTimeValue& moment) {
    const std::size_t size = pack_time(moment, at + 1);
    *at = static_cast<char>(size);
    return at + 1 + size;
}

}  // namespace myfabric::mysql
