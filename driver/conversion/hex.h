// Pairs of hexadecimal digits.
#pragma once

namespace myfabric::conversion {

constexpr int hex_value(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/// The byte of two digits, or -1.
constexpr int hex_pair(char high, char low) noexcept {
    const int a = hex_value(high);
    const int b = hex_value(low);
    return a < 0 || b < 0 ? -1 : a * 16 + b;
}

inline constexpr char hex_digits[] = "0123456789ABCDEF";

}  // namespace myfabric::conversion
