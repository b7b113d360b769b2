// Dates and times: reading them from text and packed cells, writing text, and the C structures.
#pragma once

#include <span>
#include <string_view>

#include "conversion/numbers.h"
#include "conversion/store.h"
#include "results/column.h"

namespace myfabric::conversion {

/// A date, a time (also beyond a day, also negative), or both.
struct DateTime {
    unsigned year = 0, month = 0, day = 0;
    unsigned hour = 0, minute = 0, second = 0, nanosecond = 0;
    bool negative = false;  // a time without a date only
    bool has_date = false;
    bool has_time = false;
    bool fraction_lost = false;  // more than nine digits were given

    bool time_is_zero() const { return !(hour | minute | second | nanosecond); }
};

inline constexpr std::size_t datetime_size = 48;  // bytes of any text
inline constexpr unsigned all_digits = 9;         // of a fraction
inline constexpr unsigned as_needed = 7;          // digits of a column that does not say how many

/// Reads "yyyy-mm-dd", "[-]hh:mm:ss[.f]" or both, without blanks around. `bad_text` for any
/// other form and `bad_datetime` for fields that cannot be, like a 13th month. Zero dates and
/// dates with a zero month or day pass: see is_real_date().
Outcome parse(std::string_view text, DateTime& out) noexcept;

/// Packed cells of the binary protocol, without their length byte.
Outcome unpack_date(Cell cell, DateTime& out) noexcept;  // also date and time
Outcome unpack_time(Cell cell, DateTime& out) noexcept;

/// Writes the parts that are there; the fraction has `digits` digits.
std::string_view datetime_text(const DateTime& value, unsigned digits,
                               std::span<char> out) noexcept;
/// Digits that the fraction needs.
unsigned fraction_digits(unsigned nanosecond) noexcept;

/// Whether a cell of a DATE, DATETIME or TIMESTAMP column is 0000-00-00.
bool is_zero_date(Cell cell, const results::Column& column, results::Format format) noexcept;
bool is_zero_date(const DateTime& value) noexcept;
/// A day of the Gregorian calendar in the years 1 to 9999.
bool is_real_date(unsigned year, unsigned month, unsigned day) noexcept;
/// Sets the date to today's, in the process's time zone.
void set_today(DateTime& value) noexcept;

/// The structures. A zero date is 22007, a time beyond a day 22008; parts that do not fit into
/// the structure and are not zero are 01S07.
Outcome store_date(const DateTime& value, const Target& target) noexcept;
Outcome store_time(const DateTime& value, const Target& target) noexcept;
Outcome store_timestamp(const DateTime& value, const Target& target) noexcept;

// Sources: how a cell is read.

/// Text rows of DATE, TIME, DATETIME and TIMESTAMP columns.
struct TextMoment {
    static Outcome read(Cell cell, DateTime& out) noexcept {
        const Outcome outcome = parse(cell, out);
        return outcome == Outcome::bad_text ? Outcome::bad_datetime : outcome;
    }
};
/// Character data in any of the three forms, blanks around it.
struct CharacterMoment {
    static Outcome read(Cell cell, DateTime& out) noexcept;
};
struct PackedDate {
    static Outcome read(Cell cell, DateTime& out) noexcept {
        const Outcome outcome = unpack_date(cell, out);
        out.has_time = false;
        return outcome;
    }
};
struct PackedMoment {
    static Outcome read(Cell cell, DateTime& out) noexcept {
        const Outcome outcome = unpack_date(cell, out);
        out.has_time = true;
        return outcome;
    }
};
struct PackedTime {
    static Outcome read(Cell cell, DateTime& out) noexcept { return unpack_time(cell, out); }
};

/// Zero_Date_To_Min: a zero month or day is the first, so that 0000-00-00 is 0000-01-01.
template <class Source>
struct LeastDate {
    static Outcome read(Cell cell, DateTime& out) noexcept {
        const Outcome outcome = Source::read(cell, out);
        if (out.has_date && out.month == 0) out.month = 1;
        if (out.has_date && out.day == 0) out.day = 1;
        return outcome;
    }
};
/// The structures of such dates, which may have the year 0.
Outcome store_least_date(const DateTime& value, const Target& target) noexcept;
Outcome store_least_timestamp(const DateTime& value, const Target& target) noexcept;

template <class Source, Outcome (*put)(const DateTime&, const Target&) noexcept>
Outcome to_moment(Cell cell, const Target& target) noexcept {
    DateTime value;
    const Outcome outcome = Source::read(cell, value);
    return outcome == Outcome::stored ? put(value, target) : outcome;
}

/// Text rows of DATETIME and TIMESTAMP to the timestamp structure.
Outcome text_to_timestamp(Cell cell, const Target& target) noexcept;

/// The same for character data: what is no value of the structure is 22018 whatever the reason, but
/// a zero date is bad_datetime, of which the caller makes NULL.
template <Outcome (*put)(const DateTime&, const Target&) noexcept>
Outcome to_character_moment(Cell cell, const Target& target) noexcept {
    DateTime value;
    const Outcome read = CharacterMoment::read(cell, value);
    const Outcome outcome = read == Outcome::stored ? put(value, target) : read;
    if (outcome == Outcome::bad_datetime && is_zero_date(value)) return outcome;
    return outcome == Outcome::bad_datetime || outcome == Outcome::datetime_overflow ||
                   outcome == Outcome::not_allowed
               ? Outcome::bad_text
               : outcome;
}

/// SQL_C_BINARY of a date or time: the bytes of its structure.
template <class Source, class T, Outcome (*put)(const DateTime&, const Target&) noexcept>
Outcome to_native_moment(Cell cell, const Target& target) noexcept {
    T value{};
    const Outcome outcome = to_moment<Source, put>(cell, Target{&value, sizeof value, nullptr});
    return outcome == Outcome::stored ? store_native(value, target) : outcome;
}

/// Packed cells to text, with as many digits of the fraction as the column has.
template <class Source, unsigned digits, bool wide>
Outcome to_moment_text(Cell cell, const Target& target) noexcept {
    DateTime value;
    const Outcome outcome = Source::read(cell, value);
    if (outcome != Outcome::stored) return outcome;
    char text[datetime_size];
    const std::string_view written = datetime_text(
        value, digits == as_needed ? fraction_digits(value.nanosecond) : digits, text);
    return wide ? store_wide_exact(written, target) : store_exact(written, target);
}

}  // namespace myfabric::conversion
