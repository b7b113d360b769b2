#include "conversion/interval.h"

#include <algorithm>

#include "base/text.h"

namespace myfabric::conversion {
namespace {

enum Field : unsigned char { year, month, day, hour, minute, second };
constexpr std::uint64_t unit[] = {12, 1, 86400, 3600, 60, 1};  // months, then seconds

struct Fields {
    Field first;
    Field last;
    SQLINTERVAL code;
};
// clang-format off
constexpr Fields table[] = {  // in the order of CType
    {year,   year,   SQL_IS_YEAR},
    {month,  month,  SQL_IS_MONTH},
    {day,    day,    SQL_IS_DAY},
    {hour,   hour,   SQL_IS_HOUR},
    {minute, minute, SQL_IS_MINUTE},
    {second, second, SQL_IS_SECOND},
    {year,   month,  SQL_IS_YEAR_TO_MONTH},
    {day,    hour,   SQL_IS_DAY_TO_HOUR},
    {day,    minute, SQL_IS_DAY_TO_MINUTE},
    {day,    second, SQL_IS_DAY_TO_SECOND},
    {hour,   minute, SQL_IS_HOUR_TO_MINUTE},
    {hour,   second, SQL_IS_HOUR_TO_SECOND},
    {minute, second, SQL_IS_MINUTE_TO_SECOND},
};
// clang-format on

const Fields& fields_of(CType type) {
    return table[static_cast<std::size_t>(type) - static_cast<std::size_t>(CType::interval_year)];
}

constexpr std::uint64_t field_limit = 0xFFFFFFFF;
constexpr unsigned default_precision = 6;  // of the seconds

SQLUINTEGER& field(SQL_INTERVAL_STRUCT& value, Field which) {
    switch (which) {
        case year:
            return value.intval.year_month.year;
        case month:
            return value.intval.year_month.month;
        case day:
            return value.intval.day_second.day;
        case hour:
            return value.intval.day_second.hour;
        case minute:
            return value.intval.day_second.minute;
        default:
            return value.intval.day_second.second;
    }
}

SQLUINTEGER field(const SQL_INTERVAL_STRUCT& value, Field which) {
    return field(const_cast<SQL_INTERVAL_STRUCT&>(value), which);
}

bool take_number(std::string_view& text, std::uint64_t& out) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, out);
    if (error != std::errc{} || out > field_limit) return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    return true;
}

bool take(std::string_view& text, char mark) {
    if (text.empty() || text[0] != mark) return false;
    text.remove_prefix(1);
    return true;
}

/// `.f`, which only seconds have.
bool take_fraction(std::string_view& text, Interval& out) {
    if (!take(text, '.')) return true;
    unsigned scale = 100000000;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
        const auto digit = static_cast<unsigned>(text[0] - '0');
        out.nanosecond += digit * scale;
        if (scale == 0 && digit) out.fraction_lost = true;
        scale /= 10;
        text.remove_prefix(1);
    }
    return true;
}

/// INTERVAL [sign] 'string' qualifier: leaves the string, with the sign in `out`.
bool unwrap_literal(std::string_view& text, Interval& out) {
    constexpr std::string_view keyword = "INTERVAL";
    if (text.size() < keyword.size() ||
        !equal_ignoring_case(text.substr(0, keyword.size()), keyword))
        return true;
    text = trim(text.substr(keyword.size()));
    if (take(text, '-'))
        out.negative = true;
    else
        take(text, '+');
    text = trim(text);
    if (!take(text, '\'')) return false;
    const std::size_t end = text.find('\'');
    if (end == std::string_view::npos) return false;
    text = trim(text.substr(0, end));
    return true;
}

/// The fields of a text, from `first` on; the marks between them decide where it ends.
bool take_fields(std::string_view text, Field first, Interval& out) {
    for (unsigned at = first;; ++at) {
        std::uint64_t value = 0;
        if (!take_number(text, value)) return false;
        (at <= month ? out.months : out.seconds) += value * unit[at];
        if (at == second && !take_fraction(text, out)) return false;
        if (text.empty()) return true;
        constexpr char marks[] = {'-', 0, ' ', ':', ':', 0};  // after each field
        if (!marks[at] || !take(text, marks[at])) return false;
    }
}

}  // namespace

bool is_single_field(CType type) noexcept {
    return fields_of(type).first == fields_of(type).last;
}
bool is_year_month(CType type) noexcept {
    return fields_of(type).last <= month;
}

Outcome store_interval(CType type, const Interval& value, const Target& target) noexcept {
    const Fields& fields = fields_of(type);
    if (value.year_month != is_year_month(type)) return Outcome::not_allowed;
    SQL_INTERVAL_STRUCT out{};
    out.interval_type = fields.code;
    bool lost = value.fraction_lost;
    std::uint64_t rest = value.year_month ? value.months : value.seconds;
    for (unsigned at = fields.first; at <= fields.last; ++at) {
        const std::uint64_t amount = rest / unit[at];
        if (amount > field_limit) return Outcome::interval_overflow;
        field(out, static_cast<Field>(at)) = static_cast<SQLUINTEGER>(amount);
        rest %= unit[at];
    }
    lost = lost || rest != 0;
    if (fields.last == second) {
        unsigned divisor = 1;
        const unsigned precision = target.precision > 0 && target.precision <= 9
                                       ? static_cast<unsigned>(target.precision)
                                       : default_precision;
        for (unsigned i = precision; i < 9; ++i) divisor *= 10;
        out.intval.day_second.fraction = value.nanosecond / divisor;
        lost = lost || value.nanosecond % divisor != 0;
    } else {
        lost = lost || value.nanosecond != 0;
    }
    out.interval_sign = value.negative ? SQL_TRUE : SQL_FALSE;
    return store(out, lost, target);
}

bool parse_interval(CType type, std::string_view text, Interval& out) noexcept {
    const Fields& fields = fields_of(type);
    out = {};
    out.year_month = is_year_month(type);
    text = trim(text);
    if (!unwrap_literal(text, out)) return false;
    if (take(text, '-'))
        out.negative = !out.negative;
    else
        take(text, '+');
    // More fields than `type` has are read as well; they are truncated later.
    Field first = fields.first;
    if (!out.year_month) {
        const auto colons = std::ranges::count(text, ':');
        if (text.find(' ') != std::string_view::npos)
            first = day;
        else if (colons == 2)
            first = hour;
        else if (colons == 1)
            first = first == minute && fields.last == second ? minute : hour;
    } else if (text.find('-') != std::string_view::npos) {
        first = year;
    }
    return take_fields(text, first, out);
}

Outcome interval_of(CType type, const Literal& literal, Interval& out) noexcept {
    if (!is_single_field(type)) return Outcome::interval_overflow;
    const Fields& fields = fields_of(type);
    const Scaled whole = scaled(literal, 0);
    if (whole.overflow || whole.value > field_limit) return Outcome::interval_overflow;
    const auto amount = static_cast<std::uint64_t>(whole.value);
    out = {};
    out.negative = literal.negative && !is_zero(literal);
    out.year_month = is_year_month(type);
    (out.year_month ? out.months : out.seconds) = amount * unit[fields.first];
    if (fields.last == second) {
        const Scaled fine = scaled(literal, 9);
        out.nanosecond = static_cast<unsigned>(fine.value % 1000000000);
        out.fraction_lost = fine.fraction_lost;
    } else {
        out.fraction_lost = whole.fraction_lost;
    }
    return Outcome::stored;
}

Interval interval_of(CType type, const SQL_INTERVAL_STRUCT& value) noexcept {
    const Fields& fields = fields_of(type);
    Interval out;
    out.negative = value.interval_sign == SQL_TRUE;
    out.year_month = is_year_month(type);
    for (unsigned at = fields.first; at <= fields.last; ++at)
        (at <= month ? out.months : out.seconds) +=
            std::uint64_t{field(value, static_cast<Field>(at))} * unit[at];
    if (fields.last == second) {
        const std::uint64_t fraction = value.intval.day_second.fraction;
        out.seconds += fraction / 1000000;
        out.nanosecond = static_cast<unsigned>(fraction % 1000000 * 1000);
    }
    return out;
}

std::string_view interval_text(CType type, const SQL_INTERVAL_STRUCT& value,
                               std::span<char> out) noexcept {
    const Fields& fields = fields_of(type);
    char* at = out.data();
    char* const end = at + out.size();
    if (value.interval_sign == SQL_TRUE) *at++ = '-';
    for (unsigned which = fields.first; which <= fields.last; ++which) {
        const SQLUINTEGER amount = field(value, static_cast<Field>(which));
        if (which != fields.first) {
            constexpr char marks[] = {0, '-', 0, ' ', ':', ':'};  // before each field
            *at++ = marks[which];
            if (which != month && amount < 10) *at++ = '0';
        }
        at = std::to_chars(at, end, amount).ptr;
    }
    if (fields.last == second && value.intval.day_second.fraction) {
        std::uint64_t fraction = value.intval.day_second.fraction % 1000000;
        *at++ = '.';
        for (std::uint64_t scale = 100000; scale && fraction; scale /= 10) {
            *at++ = static_cast<char>('0' + fraction / scale);
            fraction %= scale;
        }
        if (at[-1] == '.') --at;
    }
    return {out.data(), static_cast<std::size_t>(at - out.data())};
}

}  // namespace myfabric::conversion
