#include "conversion/numbers.h"

#include <algorithm>
#include <cstring>

namespace myfabric::conversion {
namespace {

template <class T>
std::string_view shortest(T value, std::span<char> out) {
    char* const begin = out.data();
    const T size = std::abs(value);
    // The server writes up to 15 digits before or zeros after the point, then an exponent.
    const bool fixed = size == 0 || (size >= T(1e-15) && size < T(1e15));
    char* end = std::to_chars(begin, begin + out.size(), value,
                              fixed ? std::chars_format::fixed : std::chars_format::scientific)
                    .ptr;
    if (!fixed) {
        // "1e+20" is written "1e20".
        char* const plus =
            static_cast<char*>(std::memchr(begin, '+', static_cast<std::size_t>(end - begin)));
        if (plus) {
            std::memmove(plus, plus + 1, static_cast<std::size_t>(end - plus - 1));
            --end;
        }
    }
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view real_text(float value, std::span<char> out) noexcept {
    return shortest(value, out);
}
std::string_view real_text(double value, std::span<char> out) noexcept {
    return shortest(value, out);
}

Outcome store_bit(const Literal& literal, const Target& target) noexcept {
    const Scaled number = scaled(literal, 0);
    if (number.overflow || number.value > 1 || (literal.negative && !is_zero(literal)))
        return Outcome::out_of_range;
    return store(static_cast<SQLCHAR>(number.value), number.fraction_lost, target);
}

std::string_view fixed_text(double value, unsigned decimals, std::span<char> out) noexcept {
    const auto [end, error] = std::to_chars(out.data(), out.data() + out.size(), value,
                                            std::chars_format::fixed, static_cast<int>(decimals));
    if (error != std::errc{}) return real_text(value, out);
    return {out.data(), static_cast<std::size_t>(end - out.data())};
}

std::string_view padded_text(std::string_view digits, unsigned width,
                             std::span<char> out) noexcept {
    const std::size_t size = std::min<std::size_t>(width, out.size());
    const std::size_t zeros = size > digits.size() ? size - digits.size() : 0;
    std::memset(out.data(), '0', zeros);
    std::memmove(out.data() + zeros, digits.data(), digits.size());
    return {out.data(), zeros + digits.size()};
}

}  // namespace myfabric::conversion
