#include "conversion/datetime.h"

#include <algorithm>
#include <ctime>

#include "base/digits.h"
#include "base/text.h"

namespace myfabric::conversion {
namespace {

/// Takes `least` to `most` digits from the front.
bool take_number(std::string_view& text, std::size_t least, std::size_t most, unsigned& out) {
    std::size_t count = 0;
    unsigned value = 0;
    while (count < text.size() && count < most && is_digit(text[count]))
        value = value * 10 + static_cast<unsigned>(text[count++] - '0');
    if (count < least) return false;
    text.remove_prefix(count);
    out = value;
    return true;
}

bool take(std::string_view& text, char mark) {
    if (text.empty() || text[0] != mark) return false;
    text.remove_prefix(1);
    return true;
}

bool take_date(std::string_view& text, DateTime& out) {
    return take_number(text, 4, 4, out.year) && take(text, '-') &&
           take_number(text, 1, 2, out.month) && take(text, '-') &&
           take_number(text, 1, 2, out.day);
}

/// "20150102" and "20150102030405", which the servers take for dates, too.
bool take_compact(std::string_view& text, DateTime& out) {
    if (!take_number(text, 4, 4, out.year) || !take_number(text, 2, 2, out.month) ||
        !take_number(text, 2, 2, out.day))
        return false;
    out.has_date = true;
    out.has_time = !text.empty();
    return text.empty() ||
           (take_number(text, 2, 2, out.hour) && take_number(text, 2, 2, out.minute) &&
            take_number(text, 2, 2, out.second));
}

bool is_compact(std::string_view text) {
    return (text.size() == 8 || text.size() == 14) && std::ranges::all_of(text, is_digit);
}

bool take_time(std::string_view& text, std::size_t hour_digits, DateTime& out) {
    if (!take_number(text, 1, hour_digits, out.hour) || !take(text, ':') ||
        !take_number(text, 2, 2, out.minute))
        return false;
    // "Column Size" knows the form without seconds as well.
    if (!take(text, ':')) return text.empty();
    if (!take_number(text, 2, 2, out.second)) return false;
    if (!take(text, '.')) return true;
    unsigned scale = 100000000;
    while (!text.empty() && is_digit(text[0])) {
        const auto digit = static_cast<unsigned>(text[0] - '0');
        out.nanosecond += digit * scale;
        if (scale == 0 && digit) out.fraction_lost = true;
        scale /= 10;
        text.remove_prefix(1);
    }
    return true;
}

unsigned days_in_month(unsigned year, unsigned month) {
    constexpr unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

}  // namespace

bool is_real_date(unsigned year, unsigned month, unsigned day) noexcept {
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           (day <= 28 || day <= days_in_month(year, month));
}

namespace {

/// Eight bytes of which some pairs are digits, read all at once against a pattern like "0000-00-".
/// `pairs` gets each pair's number in the byte where its first digit was. False: another form.
bool read_block(const char* text, const char (&pattern)[9], std::uint64_t marks,
                std::uint64_t& pairs) {
    const auto block = load<std::uint64_t>(text) ^ load<std::uint64_t>(pattern);
    pairs = block * 10 + (block >> 8);
    constexpr std::uint64_t beyond_nine = 0x7676767676767676u;
    return !((((block + beyond_nine) | block) & 0x8080808080808080u) | (block & marks));
}

unsigned pair(std::uint64_t pairs, int byte) {
    return static_cast<unsigned>(pairs >> (8 * byte)) & 0xFF;
}

/// The form in which the server sends nearly all: "yyyy-mm-dd hh:mm:ss". False: another form, or
/// no moment that there is.
bool read_usual(std::string_view text, SQL_TIMESTAMP_STRUCT& out) {
    std::uint64_t date, middle, time;
    if (text.size() != 19 || !read_block(text.data(), "0000-00-", 0xFF0000FF00000000u, date) ||
        !read_block(text.data() + 8, "00 00:00", 0x0000FF0000FF0000u, middle) ||
        !read_block(text.data() + 11, "00:00:00", 0x0000FF0000FF0000u, time))
        return false;
    const unsigned year = pair(date, 0) * 100 + pair(date, 2);
    const unsigned month = pair(date, 5);
    const unsigned day = pair(middle, 0);
    const unsigned hour = pair(time, 0), minute = pair(time, 3), second = pair(time, 6);
    out = {static_cast<SQLSMALLINT>(year),
           static_cast<SQLUSMALLINT>(month),
           static_cast<SQLUSMALLINT>(day),
           static_cast<SQLUSMALLINT>(hour),
           static_cast<SQLUSMALLINT>(minute),
           static_cast<SQLUSMALLINT>(second),
           0};
    return is_real_date(year, month, day) && hour <= 23 && minute <= 59 && second <= 59;
}

char* put(char* at, unsigned value, int digits) {
    for (int i = digits; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
    return at + digits;
}

}  // namespace

Outcome parse(std::string_view text, DateTime& out) noexcept {
    out = {};
    const bool compact = is_compact(text);
    const bool date = compact || (text.size() > 4 && text[4] == '-' && is_digit(text[0]));
    if (compact) {
        if (!take_compact(text, out)) return Outcome::bad_text;
    } else if (date) {
        if (!take_date(text, out)) return Outcome::bad_text;
        out.has_date = true;
        if (!text.empty()) {
            if (!take(text, ' ') && !take(text, 'T')) return Outcome::bad_text;
            if (!take_time(text, 2, out)) return Outcome::bad_text;
            out.has_time = true;
        }
    } else {
        out.negative = take(text, '-');
        if (!take_time(text, 4, out)) return Outcome::bad_text;
        out.has_time = true;
    }
    if (!text.empty()) return Outcome::bad_text;
    if (out.minute > 59 || out.second > 59 || (date && out.hour > 23)) return Outcome::bad_datetime;
    if (out.month > 12 || out.day > 31) return Outcome::bad_datetime;
    return Outcome::stored;
}

Outcome CharacterMoment::read(Cell cell, DateTime& out) noexcept {
    return parse(trim(cell), out) == Outcome::stored ? Outcome::stored : Outcome::bad_text;
}

Outcome unpack_date(Cell cell, DateTime& out) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(cell[i]); };
    out = {};
    out.has_date = true;
    out.has_time = cell.size() > 4;
    if (cell.empty()) return Outcome::stored;
    if (cell.size() != 4 && cell.size() != 7 && cell.size() != 11) return Outcome::bad_datetime;
    out.year = load<std::uint16_t>(cell.data());
    out.month = byte(2);
    out.day = byte(3);
    if (cell.size() >= 7) {
        out.hour = byte(4);
        out.minute = byte(5);
        out.second = byte(6);
    }
    if (cell.size() == 11) out.nanosecond = load<std::uint32_t>(cell.data() + 7) * 1000;
    return Outcome::stored;
}

Outcome unpack_time(Cell cell, DateTime& out) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(cell[i]); };
    out = {};
    out.has_time = true;
    if (cell.empty()) return Outcome::stored;
    if (cell.size() != 8 && cell.size() != 12) return Outcome::bad_datetime;
    out.negative = byte(0) != 0;
    out.hour = load<std::uint32_t>(cell.data() + 1) * 24 + byte(5);
    out.minute = byte(6);
    out.second = byte(7);
    if (cell.size() == 12) out.nanosecond = load<std::uint32_t>(cell.data() + 8) * 1000;
    return Outcome::stored;
}

std::string_view datetime_text(const DateTime& value, unsigned digits,
                               std::span<char> out) noexcept {
    char* at = out.data();
    if (value.has_date) {
        at = put(at, value.year, 4);
        *at++ = '-';
        at = put(at, value.month, 2);
        *at++ = '-';
        at = put(at, value.day, 2);
        if (value.has_time) *at++ = ' ';
    }
    if (value.has_time) {
        if (value.negative) *at++ = '-';
        at = value.hour < 100 ? put(at, value.hour, 2) : std::to_chars(at, at + 10, value.hour).ptr;
        *at++ = ':';
        at = put(at, value.minute, 2);
        *at++ = ':';
        at = put(at, value.second, 2);
        if (digits) {
            char fraction[all_digits];
            put(fraction, value.nanosecond, all_digits);
            *at++ = '.';
            std::memcpy(at, fraction, digits);
            at += digits;
        }
    }
    return {out.data(), static_cast<std::size_t>(at - out.data())};
}

unsigned fraction_digits(unsigned nanosecond) noexcept {
    unsigned digits = nanosecond ? all_digits : 0;
    for (; digits && nanosecond % 10 == 0; nanosecond /= 10) --digits;
    return digits;
}

bool is_zero_date(const DateTime& value) noexcept {
    return value.has_date && !(value.year | value.month | value.day);
}

bool is_zero_date(Cell cell, const results::Column& column, results::Format format) noexcept {
    using results::Kind;
    if (column.kind != Kind::date && column.kind != Kind::datetime &&
        column.kind != Kind::timestamp) {
        DateTime text;
        return column.kind >= Kind::character && column.kind <= Kind::longtext &&
               CharacterMoment::read(cell, text) == Outcome::stored && is_zero_date(text);
    }
    DateTime value;
    if (format == results::Format::binary)
        return unpack_date(cell, value) == Outcome::stored && is_zero_date(value);
    return cell.starts_with("0000-00-00");
}

void set_today(DateTime& value) noexcept {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    value.year = static_cast<unsigned>(local.tm_year + 1900);
    value.month = static_cast<unsigned>(local.tm_mon + 1);
    value.day = static_cast<unsigned>(local.tm_mday);
    value.has_date = true;
}

namespace {

constexpr unsigned leap_year = 4;

/// The year 0 does not exist, but its first day is what zero dates are read as.
bool is_date(const DateTime& value, bool year_0) noexcept {
    const unsigned year = year_0 && value.year == 0 ? leap_year : value.year;
    return is_real_date(year, value.month, value.day);
}

Outcome put_date(const DateTime& value, bool year_0, const Target& target) noexcept {
    if (!value.has_date) return Outcome::not_allowed;
    if (!is_date(value, year_0)) return Outcome::bad_datetime;
    const SQL_DATE_STRUCT out{static_cast<SQLSMALLINT>(value.year),
                              static_cast<SQLUSMALLINT>(value.month),
                              static_cast<SQLUSMALLINT>(value.day)};
    return store(out, !value.time_is_zero(), target);
}

Outcome put_timestamp(const DateTime& value, bool year_0, const Target& target) noexcept {
    DateTime moment = value;
    if (!moment.has_date) {
        if (moment.hour > 23 || (moment.negative && !moment.time_is_zero()))
            return Outcome::datetime_overflow;
        set_today(moment);
    }
    if (!is_date(moment, year_0)) return Outcome::bad_datetime;
    const SQL_TIMESTAMP_STRUCT out{static_cast<SQLSMALLINT>(moment.year),
                                   static_cast<SQLUSMALLINT>(moment.month),
                                   static_cast<SQLUSMALLINT>(moment.day),
                                   static_cast<SQLUSMALLINT>(moment.hour),
                                   static_cast<SQLUSMALLINT>(moment.minute),
                                   static_cast<SQLUSMALLINT>(moment.second),
                                   moment.nanosecond};
    return store(out, moment.fraction_lost, target);
}

}  // namespace

Outcome store_date(const DateTime& value, const Target& target) noexcept {
    return put_date(value, false, target);
}
Outcome store_least_date(const DateTime& value, const Target& target) noexcept {
    return put_date(value, true, target);
}
Outcome store_timestamp(const DateTime& value, const Target& target) noexcept {
    return put_timestamp(value, false, target);
}
Outcome store_least_timestamp(const DateTime& value, const Target& target) noexcept {
    return put_timestamp(value, true, target);
}

Outcome store_time(const DateTime& value, const Target& target) noexcept {
    if (!value.has_time) return Outcome::not_allowed;
    if (value.hour > 23 || (value.negative && !value.time_is_zero()))
        return Outcome::datetime_overflow;
    const SQL_TIME_STRUCT out{static_cast<SQLUSMALLINT>(value.hour),
                              static_cast<SQLUSMALLINT>(value.minute),
                              static_cast<SQLUSMALLINT>(value.second)};
    return store(out, value.nanosecond != 0 || value.fraction_lost, target);
}

Outcome text_to_timestamp(Cell cell, const Target& target) noexcept {
    SQL_TIMESTAMP_STRUCT value;
    if (read_usual(cell, value)) [[likely]]
        return store(value, target);
    return to_moment<TextMoment, store_timestamp>(cell, target);
}

}  // namespace myfabric::conversion
