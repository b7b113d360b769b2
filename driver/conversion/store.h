// Writing to the application's buffer: fixed-size values, text, bytes.
#pragma once

#include <cstring>
#include <string_view>

#include "conversion/cell.h"

namespace myfabric::conversion {

inline void store_length(SQLLEN length, const Target& target) noexcept {
    if (target.length) *target.length = length;
}

/// A value of fixed size. Buffers may be unaligned (row-wise binding), hence memcpy.
template <class T>
Outcome store(const T& value, const Target& target) noexcept {
    if (target.value) std::memcpy(target.value, &value, sizeof value);
    store_length(sizeof value, target);
    return Outcome::stored;
}

/// `stored` or, for a value that lost its fraction, 01S07.
template <class T>
Outcome store(const T& value, bool fraction_lost, const Target& target) noexcept {
    store(value, target);
    return fraction_lost ? Outcome::fraction_truncated : Outcome::stored;
}

/// UTF-8 text, terminated, cut between characters.
Outcome store_text(std::string_view text, const Target& target) noexcept;
/// The same in the target's character set.
Outcome store_narrow_text(std::string_view text, const Target& target) noexcept;
/// Bytes as they are, terminated, cut anywhere.
Outcome store_raw_text(std::string_view bytes, const Target& target) noexcept;
/// UTF-8 as UTF-16; the capacity and the length count bytes.
Outcome store_wide_text(std::string_view text, const Target& target) noexcept;

/// Text of a number, date or time: only its fraction may be cut (01004), else 22003.
Outcome store_exact(std::string_view text, const Target& target) noexcept;
Outcome store_wide_exact(std::string_view text, const Target& target) noexcept;
/// Characters of `text` that a buffer must hold for the value not to be another one.
std::size_t whole_part(std::string_view text) noexcept;

/// Bytes as pairs of hexadecimal digits, terminated, cut between pairs.
Outcome store_hex(std::string_view bytes, const Target& target) noexcept;
Outcome store_wide_hex(std::string_view bytes, const Target& target) noexcept;

/// Bytes as they are, cut with 01004.
Outcome store_bytes(std::string_view bytes, const Target& target) noexcept;

/// The bytes of a number, date or time: whole, or 22003.
template <class T>
Outcome store_native(const T& value, const Target& target) noexcept {
    if (target.value && target.capacity < static_cast<SQLLEN>(sizeof value))
        return Outcome::out_of_range;
    return store(value, target);
}

}  // namespace myfabric::conversion
