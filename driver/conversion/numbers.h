// Numbers of result rows: where they come from, and their conversion to the numeric C types.
#pragma once

#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

#include "conversion/decimal.h"
#include "conversion/store.h"

namespace myfabric::conversion {

/// Bytes that the text of any number of a binary row needs.
inline constexpr std::size_t number_size = 64;
/// The same for a number that is shown as its column is defined: 255 digits at most.
inline constexpr std::size_t defined_size = 352;

/// A little-endian number as the binary protocol sends it.
template <class T>
T load(const char* bytes) noexcept {
    unsigned char raw[sizeof(T)];
    std::memcpy(raw, bytes, sizeof raw);
    if constexpr (std::endian::native == std::endian::big)
        for (std::size_t i = 0; i < sizeof raw / 2; ++i) std::swap(raw[i], raw[sizeof raw - 1 - i]);
    return std::bit_cast<T>(raw);
}

/// The shortest text that reads back as the same number, written as the server writes it.
std::string_view real_text(float value, std::span<char> out) noexcept;
std::string_view real_text(double value, std::span<char> out) noexcept;

/// `value` with `decimals` digits after the point, or the shortest text where that has no room.
std::string_view fixed_text(double value, unsigned decimals, std::span<char> out) noexcept;
/// `digits` after as many zeros as make them `width` characters.
std::string_view padded_text(std::string_view digits, unsigned width, std::span<char> out) noexcept;

// Sources: how a cell is read. `text` returns the cell as text; `Value` and `value` a number.

/// Digits as the text protocol sends them, DECIMAL in both protocols, and character data.
struct TextNumber {
    static constexpr bool is_text = true;
    static std::string_view text(Cell cell, std::span<char>) noexcept { return cell; }
};

template <std::integral T>
struct BinaryInteger {
    static constexpr bool is_text = false;
    using Value = T;
    static T value(Cell cell) noexcept { return load<T>(cell.data()); }
    static std::string_view text(Cell cell, std::span<char> out) noexcept {
        const auto end = std::to_chars(out.data(), out.data() + out.size(), value(cell)).ptr;
        return {out.data(), static_cast<std::size_t>(end - out.data())};
    }
};

template <std::floating_point T>
struct BinaryReal {
    static constexpr bool is_text = false;
    using Value = T;
    static T value(Cell cell) noexcept { return load<T>(cell.data()); }
    static std::string_view text(Cell cell, std::span<char> out) noexcept {
        return real_text(value(cell), out);
    }
};

/// BIT in both protocols: up to eight bytes, the most significant first.
struct Bits {
    static constexpr bool is_text = false;
    using Value = std::uint64_t;
    static Value value(Cell cell) noexcept {
        Value bits = 0;
        for (const char byte : cell) bits = bits << 8 | static_cast<unsigned char>(byte);
        return bits;
    }
    static std::string_view text(Cell cell, std::span<char> out) noexcept {
        const auto end = std::to_chars(out.data(), out.data() + out.size(), value(cell)).ptr;
        return {out.data(), static_cast<std::size_t>(end - out.data())};
    }
};

/// An integer of a literal with blanks, sign, fraction or exponent.
template <std::integral T>
Outcome integer_of(std::string_view text, T& out) noexcept {
    Literal literal;
    if (!parse(text, literal)) return Outcome::bad_text;
    const Scaled number = scaled(literal, 0);
    const auto most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    const std::uint64_t least = std::is_signed_v<T> ? most + 1 : 0;  // of a negative number
    if (number.overflow || number.value > (literal.negative ? least : most))
        return Outcome::out_of_range;
    const auto magnitude = static_cast<std::uint64_t>(number.value);
    out = static_cast<T>(literal.negative ? 0 - magnitude : magnitude);
    return number.fraction_lost ? Outcome::fraction_truncated : Outcome::stored;
}

/// The integer before the point of a floating-point number.
template <std::integral T, std::floating_point F>
Outcome integer_of(F value, T& out) noexcept {
    const F whole = std::trunc(value);
    constexpr int bits = std::numeric_limits<T>::digits;
    const F beyond = std::ldexp(F{1}, bits);
    const F least = std::is_signed_v<T> ? -beyond : F{0};
    if (!(whole >= least && whole < beyond)) return Outcome::out_of_range;
    out = static_cast<T>(whole);
    return whole != value ? Outcome::fraction_truncated : Outcome::stored;
}

/// A floating-point number of a literal; one too small to differ from 0 is 0.
template <std::floating_point T>
Outcome real_of(std::string_view text, T& out) noexcept {
    // The usual case: digits and nothing around them. "inf" and "nan" are no literals.
    const char* const end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, out);
    const bool number =
        !text.empty() && (text.back() == '.' || (text.back() >= '0' && text.back() <= '9'));
    if (error == std::errc{} && stop == end && number) [[likely]]
        return Outcome::stored;
    Literal literal;
    if (!parse(text, literal)) return Outcome::bad_text;
    text = text.substr(text.find_first_of("-.0123456789"));  // without blanks and '+'
    error = std::from_chars(text.data(), end, out).ec;
    if (error != std::errc::result_out_of_range) return Outcome::stored;
    const long long magnitude = static_cast<long long>(literal.whole.size()) + literal.exponent;
    if (magnitude > 0) return Outcome::out_of_range;
    out = 0;
    return Outcome::stored;
}

/// One to eight digits in a block, each in its byte, the last in the highest; the bytes before the
/// first are 0. Reads nothing beyond them.
[[gnu::always_inline]] inline std::uint64_t digit_block(const char* text,
                                                        std::size_t count) noexcept {
    const std::size_t unused = 64 - 8 * count;  // bits
    std::uint64_t block;
    if (count >= 4) [[likely]] {
        // What the two have in common lies in the same place.
        block = std::uint64_t{load<std::uint32_t>(text)} << unused |
                std::uint64_t{load<std::uint32_t>(text + count - 4)} << 32;
    } else {
        const auto byte = [=](std::size_t at) {
            return std::uint64_t{static_cast<unsigned char>(text[at])} << (unused + 8 * at);
        };
        block = byte(0) | byte(count / 2) | byte(count - 1);
    }
    return block - (0x3030303030303030u << unused);
}

/// The number of a block, by arithmetic on all digits at once. False: not all are digits.
[[gnu::always_inline]] inline bool number_of(std::uint64_t block, std::uint32_t& out) noexcept {
    // A byte beyond 9 gets its high bit here, or had it from the subtraction.
    if (((block + 0x7676767676767676u) | block) & 0x8080808080808080u) return false;
    std::uint64_t pairs = block * 10 + (block >> 8);  // two digits in every other byte
    pairs = ((pairs & 0x000000FF000000FFu) * (100 + (std::uint64_t{1000000} << 32)) +
             ((pairs >> 16) & 0x000000FF000000FFu) * (1 + (std::uint64_t{10000} << 32))) >>
            32;
    out = static_cast<std::uint32_t>(pairs);
    return true;
}

/// Up to 8 digits as a number. False: none, more, or not all are digits.
[[gnu::always_inline]] inline bool few_digits(const char* text, std::size_t count,
                                              std::uint32_t& out) noexcept {
    return count - 1 < 8 && number_of(digit_block(text, count), out);
}

/// The same for up to 16.
[[gnu::always_inline]] inline bool plain_digits(const char* text, std::size_t count,
                                                std::uint64_t& out) noexcept {
    constexpr std::uint64_t eight_more = 100'000'000;
    std::uint32_t high, low;
    if (count - 1 < 8) {
        if (!number_of(digit_block(text, count), low)) return false;
        out = low;
        return true;
    }
    if (!few_digits(text, count - 8, high) || !few_digits(text + count - 8, 8, low)) return false;
    out = high * eight_more + low;
    return true;
}

/// The usual integer: an optional '-' and as many digits as T usually has, 8 or 16. False: anything
/// else, also a value that T cannot hold.
template <std::integral T>
[[gnu::always_inline]] inline bool plain_integer(Cell cell, T& out) noexcept {
    const char* in = cell.data();
    std::size_t left = cell.size();
    const bool negative = left && *in == '-';
    in += negative;
    left -= negative;
    std::conditional_t<(sizeof(T) > 4), std::uint64_t, std::uint32_t> digits;
    if constexpr (sizeof(T) > 4) {
        if (!plain_digits(in, left, digits)) return false;
    } else {
        if (!few_digits(in, left, digits)) return false;
    }
    using Signed = std::make_signed_t<decltype(digits)>;
    const auto sign = -static_cast<Signed>(negative);
    const auto number = (static_cast<Signed>(digits) ^ sign) - sign;
    if (!std::in_range<T>(number)) return false;
    out = static_cast<T>(number);
    return true;
}

/// Any other integer. Apart, so that the usual one does not pay for its registers.
template <std::integral T>
[[gnu::noinline]] Outcome unusual_integer(Cell cell, const Target& target) noexcept {
    T number{};
    const Outcome outcome = integer_of(cell, number);
    if (outcome > Outcome::fraction_truncated) return outcome;
    store(number, target);
    return outcome;
}

template <class Source, std::integral T>
Outcome to_integer(Cell cell, const Target& target) noexcept {
    if constexpr (Source::is_text) {
        T number;
        if (plain_integer(cell, number)) [[likely]]
            return store(number, target);
        return unusual_integer<T>(cell, target);
    } else if constexpr (std::integral<typename Source::Value>) {
        const auto value = Source::value(cell);
        if (!std::in_range<T>(value)) [[unlikely]]
            return Outcome::out_of_range;
        return store(static_cast<T>(value), target);
    } else {
        T number{};
        const Outcome outcome = integer_of(Source::value(cell), number);
        if (outcome > Outcome::fraction_truncated) return outcome;
        store(number, target);
        return outcome;
    }
}

/// WrapIntegers: what fits into T with the other sign keeps its bits.
template <class Source, std::integral T>
Outcome to_wrapped(Cell cell, const Target& target) noexcept {
    const Outcome outcome = to_integer<Source, T>(cell, target);
    if (outcome != Outcome::out_of_range) return outcome;
    using Other =
        std::conditional_t<std::is_signed_v<T>, std::make_unsigned_t<T>, std::make_signed_t<T>>;
    return to_integer<Source, Other>(cell, target);
}

/// The usual real number: an optional '-', digits with or without a point among them. The digits
/// and the power of ten that they are divided by are exact, so that the one division rounds as it
/// should. False: anything else.
inline bool plain_real(Cell cell, double& out) noexcept {
    static constexpr double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                        1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    static constexpr std::uint64_t whole_powers[] = {1,
                                                     10,
                                                     100,
                                                     1'000,
                                                     10'000,
                                                     100'000,
                                                     1'000'000,
                                                     10'000'000,
                                                     100'000'000,
                                                     1'000'000'000,
                                                     10'000'000'000,
                                                     100'000'000'000,
                                                     1'000'000'000'000,
                                                     10'000'000'000'000,
                                                     100'000'000'000'000,
                                                     1'000'000'000'000'000};
    constexpr std::size_t most_digits = std::size(powers) - 1;
    const char* in = cell.data();
    const char* const end = in + cell.size();
    const bool negative = in != end && *in == '-';
    in += negative;
    if (static_cast<std::size_t>(end - in) - 1 > most_digits) return false;
    const char* point = in;
    while (point != end && *point != '.') ++point;
    std::uint64_t value = 0;
    if (point != in && !plain_digits(in, static_cast<std::size_t>(point - in), value)) return false;
    std::size_t decimals = 0;
    if (point != end && point + 1 != end) {
        decimals = static_cast<std::size_t>(end - point - 1);
        std::uint64_t fraction;
        if (!plain_digits(point + 1, decimals, fraction)) return false;
        value = value * whole_powers[decimals] + fraction;
    } else if (point == in) {
        return false;  // a point alone
    }
    if (point - in + static_cast<std::ptrdiff_t>(decimals) >
        static_cast<std::ptrdiff_t>(most_digits))
        return false;
    out = static_cast<double>(value);
    if (decimals) out /= powers[decimals];
    if (negative) out = -out;
    return true;
}

/// Any other real number.
template <std::floating_point T>
[[gnu::noinline]] Outcome unusual_real(Cell cell, const Target& target) noexcept {
    T number{};
    const Outcome outcome = real_of(cell, number);
    return outcome == Outcome::stored ? store(number, target) : outcome;
}

template <class Source, std::floating_point T>
Outcome to_real(Cell cell, const Target& target) noexcept {
    T number{};
    if constexpr (Source::is_text) {
        if constexpr (std::is_same_v<T, double>)
            if (plain_real(cell, number)) [[likely]]
                return store(number, target);
        return unusual_real<T>(cell, target);
    } else {
        const auto value = Source::value(cell);
        number = static_cast<T>(value);
        if constexpr (std::floating_point<typename Source::Value>)
            if (std::isinf(number) && !std::isinf(value)) return Outcome::out_of_range;
    }
    return store(number, target);
}

/// 0 and 1; what lies between loses its fraction, everything else is 22003.
Outcome store_bit(const Literal& literal, const Target& target) noexcept;

template <class Source>
Outcome to_bit(Cell cell, const Target& target) noexcept {
    char text[number_size];
    Literal literal;
    if (!parse(Source::text(cell, text), literal)) return Outcome::bad_text;
    return store_bit(literal, target);
}

template <class Source>
Outcome to_numeric(Cell cell, const Target& target) noexcept {
    char text[number_size];
    Literal literal;
    if (!parse(Source::text(cell, text), literal)) return Outcome::bad_text;
    return store_numeric(literal, target);
}

/// SQL_C_BINARY of a number: the bytes of `T`, the C type that the column has by default.
template <class Source, class T>
Outcome to_native(Cell cell, const Target& target) noexcept {
    T number{};
    Target own{&number, sizeof number, nullptr};
    Outcome outcome;
    if constexpr (std::integral<T>)
        outcome = to_integer<Source, T>(cell, own);
    else
        outcome = to_real<Source, T>(cell, own);
    return outcome == Outcome::stored ? store_native(number, target) : outcome;
}

/// A number to SQL_C_CHAR and SQL_C_WCHAR: only its fraction may be cut.
template <class Source>
Outcome to_exact_chars(Cell cell, const Target& target) noexcept {
    char text[number_size];
    return store_exact(Source::text(cell, text), target);
}
template <class Source>
Outcome to_exact_wchars(Cell cell, const Target& target) noexcept {
    char text[number_size];
    return store_wide_exact(Source::text(cell, text), target);
}

/// A number of a column that is shown_as_defined(): Target::precision is its width, Target::scale
/// its decimals.
template <class Source, bool wide>
Outcome to_defined_chars(Cell cell, const Target& target) noexcept {
    char text[defined_size];
    std::string_view shown;
    if constexpr (std::floating_point<typename Source::Value>) {
        shown = fixed_text(Source::value(cell), static_cast<unsigned>(target.scale), text);
    } else {
        char digits[number_size];
        shown =
            padded_text(Source::text(cell, digits), static_cast<unsigned>(target.precision), text);
    }
    return wide ? store_wide_exact(shown, target) : store_exact(shown, target);
}

}  // namespace myfabric::conversion
