// What from_c's pages share: the SQL types in groups, and putting a value into a parameter.
#pragma once

#include <cstring>

#include "conversion/decimal.h"
#include "conversion/from_c.h"

namespace myfabric::conversion {

/// Pages of "Converting Data from C to SQL Data Types" by SQL type.
enum class Group : unsigned char {
    unknown,
    character,
    integer,
    decimal,
    real,
    bit,
    binary,
    date,
    time,
    timestamp,
    guid,
    year_month,
    day_time,
};

struct SqlRow {
    SQLSMALLINT type;
    Group group;
    std::int64_t least = 0;  // integers, whatever the column's sign
    std::uint64_t most = 0;
};
/// The row of `type`; Group::unknown for a type that is not in the table.
const SqlRow& sql_row(SQLSMALLINT type) noexcept;

/// What a conversion needs to know about its parameter.
struct Context {
    const SqlRow& to;
    short scale;
    results::Parameter& out;
    Scratch& scratch;
    Writing writing;
};

template <class T>
T read(const void* value) {
    T copy;
    std::memcpy(&copy, value, sizeof copy);
    return copy;
}

Outcome put_text(std::string_view text, results::Parameter& out);
Outcome put_decimal(std::string_view digits, results::Parameter& out);
Outcome put_signed(std::int64_t number, results::Parameter& out);
Outcome put_unsigned(std::uint64_t number, results::Parameter& out);
Outcome put_real(double number, results::Parameter& out);

/// Text and bytes that do not lie in the application's buffer.
Outcome keep_text(std::string_view text, const Context& c);
Outcome keep_bytes(std::string_view bytes, const Context& c);

/// A literal to an integer type; `lost` is the outcome for digits after the point.
Outcome put_integer(const Literal& literal, Outcome lost, const Context& c);
/// A literal to SQL_BIT.
Outcome put_bit(const Literal& literal, const Context& c);
/// A literal of a number buffer to any type that takes numbers; digits after the point may be cut
/// ("C to SQL: Numeric", note [b]).
Outcome put_number(std::string_view text, const Context& c);

// "C to SQL: Date", "Time", "Timestamp" and the interval pages; `value` is the structure.
Outcome from_date(const void* value, const Context& c);
Outcome from_time(const void* value, const Context& c);
Outcome from_timestamp(const void* value, const Context& c);
Outcome from_interval(CType type, const void* value, const Context& c);
/// A date, time or timestamp literal, escaped or not.
Outcome text_to_datetime(std::string_view text, const Context& c);

}  // namespace myfabric::conversion
