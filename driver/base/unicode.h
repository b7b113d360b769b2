// UTF-8, in which texts are kept and travel, and the UTF-16 of SQLWCHAR.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace myfabric {

/// How much of the input was read and how many units were written.
struct Transcoded {
    std::size_t read = 0;
    std::size_t written = 0;
};

/// Converts as many whole characters as fit into `capacity` UTF-16 units; no terminator is added.
/// What is behind those, up to `capacity`, may be changed. A malformed byte becomes U+FFFD.
Transcoded utf8_to_utf16(std::string_view text, SQLWCHAR* out, std::size_t capacity) noexcept;
/// The characters of `text`; a malformed byte is U+FFFD.
std::u32string utf8_to_utf32(std::string_view text);
/// UTF-16 units that `text` needs.
std::size_t utf16_length(std::string_view text) noexcept;
/// A lone surrogate becomes U+FFFD.
std::string utf16_to_utf8(const SQLWCHAR* text, std::size_t units);

}  // namespace myfabric
