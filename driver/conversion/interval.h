// SQL_INTERVAL_STRUCT: from numbers, TIME values and interval text, and back.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "conversion/datetime.h"
#include "conversion/types.h"

namespace myfabric::conversion {

/// A length of time: months, or seconds with a fraction.
struct Interval {
    bool negative = false;
    bool year_month = false;
    std::uint64_t months = 0;
    std::uint64_t seconds = 0;
    unsigned nanosecond = 0;
    bool fraction_lost = false;
};

bool is_single_field(CType type) noexcept;
bool is_year_month(CType type) noexcept;

/// Stores what the fields of `type` hold: what lies below the last one is lost with 01S07. The
/// first field takes all that is above it; only what 32 bits cannot hold is 22015, because the
/// default leading precision of two digits would refuse most TIME values. The fraction counts in
/// units of the target's precision (6: microseconds).
Outcome store_interval(CType type, const Interval& value, const Target& target) noexcept;

/// Reads the interval-string of a literal for `type` ("154 22:44:10.5", "3-6"), or a whole literal
/// (INTERVAL '3-6' YEAR TO MONTH). False when it is none.
bool parse_interval(CType type, std::string_view text, Interval& out) noexcept;

/// A number of the single field of `type`; 22015 for more than 32 bits or several fields.
Outcome interval_of(CType type, const Literal& literal, Interval& out) noexcept;

/// What the fields of `type` in the structure say.
Interval interval_of(CType type, const SQL_INTERVAL_STRUCT& value) noexcept;
/// The interval-string of a structure; `out` needs 80 bytes.
std::string_view interval_text(CType type, const SQL_INTERVAL_STRUCT& value,
                               std::span<char> out) noexcept;

template <class Source, CType type>
Outcome number_to_interval(Cell cell, const Target& target) noexcept {
    char text[number_size];
    Literal literal;
    Interval value;
    if (!parse(Source::text(cell, text), literal)) return Outcome::bad_text;
    const Outcome outcome = interval_of(type, literal, value);
    return outcome == Outcome::stored ? store_interval(type, value, target) : outcome;
}

template <CType type>
Outcome text_to_interval(Cell cell, const Target& target) noexcept {
    Interval value;
    if (!parse_interval(type, cell, value)) return Outcome::bad_text;
    return store_interval(type, value, target);
}

/// A TIME, which is a length of time as much as a time of day.
template <class Source, CType type>
Outcome time_to_interval(Cell cell, const Target& target) noexcept {
    DateTime time;
    const Outcome outcome = Source::read(cell, time);
    if (outcome != Outcome::stored) return outcome;
    Interval value;
    value.negative = time.negative;
    value.seconds = std::uint64_t{time.hour} * 3600 + time.minute * 60 + time.second;
    value.nanosecond = time.nanosecond;
    return store_interval(type, value, target);
}

}  // namespace myfabric::conversion
