#include "conversion/decimal.h"

#include <algorithm>

#include "base/digits.h"
#include "base/text.h"
#include "conversion/store.h"

namespace myfabric::conversion {
namespace {

constexpr int exponent_limit = 100000;  // beyond it every number is 0 or too large anyway

bool take_sign(std::string_view& text) {
    if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
    const bool negative = text[0] == '-';
    text.remove_prefix(1);
    return negative;
}

bool only_zeros(std::string_view digits) {
    return digits.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

bool parse(std::string_view text, Literal& out) noexcept {
    text = trim(text);
    out.negative = take_sign(text);
    out.whole = take_digits(text);
    out.fraction = {};
    out.exponent = 0;
    if (!text.empty() && text[0] == '.') {
        text.remove_prefix(1);
        out.fraction = take_digits(text);
    }
    if (out.whole.empty() && out.fraction.empty()) return false;
    if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
        text.remove_prefix(1);
        const bool negative = take_sign(text);
        const std::string_view digits = take_digits(text);
        if (digits.empty()) return false;
        int exponent = 0;
        for (const char digit : digits)
            exponent = std::min(exponent * 10 + (digit - '0'), exponent_limit);
        out.exponent = negative ? -exponent : exponent;
    }
    out.whole.remove_prefix(std::min(out.whole.find_first_not_of('0'), out.whole.size()));
    return text.empty();
}

bool is_zero(const Literal& literal) noexcept {
    return only_zeros(literal.whole) && only_zeros(literal.fraction);
}

Scaled scaled(const Literal& literal, int scale) noexcept {
    constexpr Wide most = ~Wide{0};
    Scaled result;
    const auto whole = static_cast<long long>(literal.whole.size());
    const auto total = whole + static_cast<long long>(literal.fraction.size());
    const long long taken = whole + literal.exponent + scale;  // digits before the moved point
    const auto digit = [&](long long i) {
        return static_cast<unsigned>((i < whole
                                          ? literal.whole[static_cast<std::size_t>(i)]
                                          : literal.fraction[static_cast<std::size_t>(i - whole)]) -
                                     '0');
    };
    for (long long i = 0; i < taken; ++i) {
        if (i >= total && result.value == 0) break;
        const unsigned next = i < total ? digit(i) : 0;
        if (result.value > (most - next) / 10) {
            result.overflow = true;
            return result;
        }
        result.value = result.value * 10 + next;
    }
    for (long long i = std::max(taken, 0LL); i < total && !result.fraction_lost; ++i)
        result.fraction_lost = digit(i) != 0;
    return result;
}

Outcome store_numeric(const Literal& literal, const Target& target) noexcept {
    const int precision = target.precision > 0 && target.precision <= numeric_precision
                              ? target.precision
                              : numeric_precision;
    const Scaled number = scaled(literal, target.scale);
    Wide limit = 1;
    for (int i = 0; i < precision; ++i) limit *= 10;
    if (number.overflow || number.value >= limit) return Outcome::out_of_range;
    SQL_NUMERIC_STRUCT out{};
    out.precision = static_cast<SQLCHAR>(precision);
    out.scale = static_cast<SQLSCHAR>(target.scale);
    out.sign = literal.negative && number.value != 0 ? 0 : 1;
    for (int i = 0; i < SQL_MAX_NUMERIC_LEN; ++i)
        out.val[i] = static_cast<SQLCHAR>(number.value >> (8 * i));
    return store(out, number.fraction_lost, target);
}

std::string_view numeric_text(const SQL_NUMERIC_STRUCT& number, std::span<char> out) noexcept {
    Wide value = 0;
    for (int i = SQL_MAX_NUMERIC_LEN - 1; i >= 0; --i) value = value << 8 | number.val[i];
    // From the last digit to the first; a negative scale appends zeros.
    char* const end = out.data() + out.size();
    char* at = end;
    const bool zero = value == 0;
    for (int i = number.scale; i < 0 && !zero; ++i) *--at = '0';
    int digits = 0;
    for (; value != 0 || digits <= number.scale || digits == 0; ++digits) {
        if (digits > 0 && digits == number.scale) *--at = '.';
        *--at = static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    }
    if (number.sign == 0 && !zero) *--at = '-';
    return {at, static_cast<std::size_t>(end - at)};
}

}  // namespace myfabric::conversion
