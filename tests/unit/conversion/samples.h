// Columns, cells and buffers for the conversion tests.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "conversion/to_c.h"

namespace myfabric::conversion {

inline void PrintTo(Outcome outcome, std::ostream* out) {
    const SqlState* state = state_of(outcome);
    *out << (state ? state->code : "stored");
}

namespace test {

using results::Column;
using results::Format;
using results::Kind;

inline Column column(Kind kind, bool is_unsigned = false, unsigned decimals = 0,
                     std::uint64_t length = 20) {
    Column out;
    out.kind = kind;
    out.is_unsigned = is_unsigned;
    out.decimals = decimals;
    out.length = length;
    return out;
}

template <class T>
std::string packed(T value) {
    std::string out(sizeof value, '\0');
    std::memcpy(out.data(), &value, sizeof value);
    return out;
}

inline std::string packed_date(unsigned short year, int month, int day) {
    return packed(year) + static_cast<char>(month) + static_cast<char>(day);
}
inline std::string packed_moment(unsigned short year, int month, int day, int hour, int minute,
                                 int second) {
    return packed_date(year, month, day) + static_cast<char>(hour) + static_cast<char>(minute) +
           static_cast<char>(second);
}
inline std::string packed_time(bool negative, unsigned days, int hour, int minute, int second) {
    return std::string(1, negative ? '\1' : '\0') + packed(days) + static_cast<char>(hour) +
           static_cast<char>(minute) + static_cast<char>(second);
}

/// A converted value of fixed size.
template <class T>
struct Converted {
    Outcome outcome;
    T value;
    SQLLEN length;
};

template <class T>
Converted<T> convert(const Column& from, Format format, CType type, std::string_view cell,
                     short precision = 0, short scale = 0) {
    Converted<T> result{Outcome::stored, T{}, -99};
    result.outcome = converter(from, format, type)(
        cell, Target{&result.value, sizeof(T), &result.length, precision, scale});
    return result;
}

/// A buffer of `capacity` bytes with a guard behind it.
struct Buffer {
    explicit Buffer(std::size_t bytes) : capacity(bytes), memory(bytes + 8, '#') {}
    Target target() { return {memory.data(), static_cast<SQLLEN>(capacity), &length, 0, 0}; }
    bool guard_intact() const { return memory.substr(capacity) == "########"; }
    /// Up to the terminator.
    std::string text() const { return memory.c_str(); }
    std::u16string wide() const {
        std::u16string out;
        for (std::size_t i = 0; i + 2 <= capacity; i += 2) {
            char16_t unit;
            std::memcpy(&unit, memory.data() + i, 2);
            if (!unit) break;
            out += unit;
        }
        return out;
    }
    std::size_t capacity;
    std::string memory;
    SQLLEN length = -99;
};

}  // namespace test
}  // namespace myfabric::conversion
