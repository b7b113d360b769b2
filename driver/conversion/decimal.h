// Numeric literals of any length, and SQL_NUMERIC_STRUCT.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "conversion/cell.h"

namespace myfabric::conversion {

__extension__ using Wide = unsigned __int128;

/// A number as written: [sign] whole [. fraction] [e exponent], read without losing a digit.
struct Literal {
    bool negative = false;
    std::string_view whole;  // without leading zeros
    std::string_view fraction;
    int exponent = 0;
};

/// Reads a numeric-literal; blanks around it are ignored. False when `text` is none.
bool parse(std::string_view text, Literal& out) noexcept;

/// `literal` times 10^scale, without sign and without what is left after the point.
struct Scaled {
    Wide value = 0;
    bool fraction_lost = false;  // something other than zeros was left after the point
    bool overflow = false;       // more than 128 bits
};
Scaled scaled(const Literal& literal, int scale) noexcept;

/// Whether the literal stands for 0.
bool is_zero(const Literal& literal) noexcept;

inline constexpr int numeric_precision = 38;  // digits that 128 bits hold for sure

/// Stores an SQL_NUMERIC_STRUCT with the target's precision and scale.
Outcome store_numeric(const Literal& literal, const Target& target) noexcept;

/// Writes "-123.45" for the struct; `out` needs 200 bytes.
std::string_view numeric_text(const SQL_NUMERIC_STRUCT& number, std::span<char> out) noexcept;

}  // namespace myfabric::conversion
