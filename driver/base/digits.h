// ASCII digits at the beginning of a text, whatever the locale is.
#pragma once

#include <cstddef>
#include <string_view>

namespace myfabric {

inline bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Removes the digits at the beginning of `text` and returns them.
inline std::string_view take_digits(std::string_view& text) noexcept {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

}  // namespace myfabric
