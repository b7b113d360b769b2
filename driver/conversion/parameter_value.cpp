#include "conversion/parameter_value.h"

#include "conversion/interval.h"
#include "conversion/numbers.h"

namespace myfabric::conversion {
namespace {

using results::Parameter;

// clang-format off
constexpr SqlRow sql_types[] = {
    {SQL_CHAR,                      Group::character},
    {SQL_VARCHAR,                   Group::character},
    {SQL_LONGVARCHAR,               Group::character},
    {SQL_WCHAR,                     Group::character},
    {SQL_WVARCHAR,                  Group::character},
    {SQL_WLONGVARCHAR,              Group::character},
    {SQL_DECIMAL,                   Group::decimal},
    {SQL_NUMERIC,                   Group::decimal},
    {SQL_TINYINT,                   Group::integer, INT8_MIN,  UINT8_MAX},
    {SQL_SMALLINT,                  Group::integer, INT16_MIN, UINT16_MAX},
    {SQL_INTEGER,                   Group::integer, INT32_MIN, UINT32_MAX},
    {SQL_BIGINT,                    Group::integer, INT64_MIN, UINT64_MAX},
    {SQL_REAL,                      Group::real},
    {SQL_FLOAT,                     Group::real},
    {SQL_DOUBLE,                    Group::real},
    {SQL_BIT,                       Group::bit},
    {SQL_BINARY,                    Group::binary},
    {SQL_VARBINARY,                 Group::binary},
    {SQL_LONGVARBINARY,             Group::binary},
    {SQL_TYPE_DATE,                 Group::date},
    {SQL_TYPE_TIME,                 Group::time},
    {SQL_TYPE_TIMESTAMP,            Group::timestamp},
    {SQL_DATE,                      Group::date},  // ODBC 2.x codes
    {SQL_TIME,                      Group::time},
    {SQL_TIMESTAMP,                 Group::timestamp},
    {SQL_GUID,                      Group::guid},
    {SQL_INTERVAL_YEAR,             Group::year_month},
    {SQL_INTERVAL_MONTH,            Group::year_month},
    {SQL_INTERVAL_YEAR_TO_MONTH,    Group::year_month},
    {SQL_INTERVAL_DAY,              Group::day_time},
    {SQL_INTERVAL_HOUR,             Group::day_time},
    {SQL_INTERVAL_MINUTE,           Group::day_time},
    {SQL_INTERVAL_SECOND,           Group::day_time},
    {SQL_INTERVAL_DAY_TO_HOUR,      Group::day_time},
    {SQL_INTERVAL_DAY_TO_MINUTE,    Group::day_time},
    {SQL_INTERVAL_DAY_TO_SECOND,    Group::day_time},
    {SQL_INTERVAL_HOUR_TO_MINUTE,   Group::day_time},
    {SQL_INTERVAL_HOUR_TO_SECOND,   Group::day_time},
    {SQL_INTERVAL_MINUTE_TO_SECOND, Group::day_time},
};
// clang-format on
constexpr SqlRow unknown_type{0, Group::unknown};

/// An exact number of a single-field interval type is a number for the server.
Outcome put_interval_number(const Literal& literal, const Context& c) {
    const CType type = c_type(c.to.type);  // interval types share their codes
    if (!is_single_field(type)) return Outcome::not_allowed;
    Interval value;
    const Outcome outcome = interval_of(type, literal, value);
    if (outcome != Outcome::stored) return outcome;
    const Scaled number = scaled(literal, 0);
    if (number.fraction_lost) return Outcome::interval_overflow;
    const auto magnitude = static_cast<std::int64_t>(number.value);
    return put_signed(literal.negative ? -magnitude : magnitude, c.out);
}

}  // namespace

const SqlRow& sql_row(SQLSMALLINT type) noexcept {
    for (const SqlRow& row : sql_types)
        if (row.type == type) return row;
    return unknown_type;
}

Outcome put_text(std::string_view text, Parameter& out) {
    out.type = Parameter::Type::text;
    out.bytes = text;
    return Outcome::stored;
}

Outcome put_decimal(std::string_view digits, Parameter& out) {
    out.type = Parameter::Type::decimal;
    out.bytes = digits;
    return Outcome::stored;
}

Outcome keep_text(std::string_view text, const Context& c) {
    c.scratch.assign(text);
    return put_text(c.scratch, c.out);
}

Outcome keep_bytes(std::string_view bytes, const Context& c) {
    c.scratch.assign(bytes);
    c.out.type = Parameter::Type::binary;
    c.out.bytes = c.scratch;
    return Outcome::stored;
}

Outcome put_signed(std::int64_t number, Parameter& out) {
    out.type = Parameter::Type::signed_integer;
    out.integer = number;
    return Outcome::stored;
}

Outcome put_unsigned(std::uint64_t number, Parameter& out) {
    if (std::in_range<std::int64_t>(number))
        return put_signed(static_cast<std::int64_t>(number), out);
    out.type = Parameter::Type::unsigned_integer;
    out.unsigned_integer = number;
    return Outcome::stored;
}

Outcome put_real(double number, Parameter& out) {
    if (!std::isfinite(number)) return Outcome::out_of_range;  // the server has no such numbers
    out.type = Parameter::Type::real;
    out.real = number;
    return Outcome::stored;
}

Outcome put_integer(const Literal& literal, Outcome lost, const Context& c) {
    const Scaled number = scaled(literal, 0);
    const std::uint64_t least = 0 - static_cast<std::uint64_t>(c.to.least);
    if (number.overflow || number.value > (literal.negative ? least : c.to.most))
        return Outcome::out_of_range;
    if (number.fraction_lost && lost != Outcome::stored) return lost;
    const auto magnitude = static_cast<std::uint64_t>(number.value);
    return literal.negative ? put_signed(static_cast<std::int64_t>(0 - magnitude), c.out)
                            : put_unsigned(magnitude, c.out);
}

Outcome put_bit(const Literal& literal, const Context& c) {
    const Scaled number = scaled(literal, 0);
    if (number.overflow || number.value > 1 || (literal.negative && !is_zero(literal)))
        return Outcome::out_of_range;
    if (number.fraction_lost) return Outcome::data_truncated;
    return put_signed(static_cast<std::int64_t>(number.value), c.out);
}

Outcome put_number(std::string_view text, const Context& c) {
    Literal literal;
    if (!parse(text, literal)) return Outcome::out_of_range;  // no finite number
    switch (c.to.group) {
        case Group::unknown:
        case Group::character:
            return keep_text(text, c);
        case Group::decimal:
            c.scratch.assign(text);
            return put_decimal(c.scratch, c.out);
        case Group::integer:
            return put_integer(literal, Outcome::stored, c);
        case Group::real: {
            double number = 0;
            const Outcome outcome = real_of(text, number);
            return outcome == Outcome::stored ? put_real(number, c.out) : outcome;
        }
        case Group::bit:
            return put_bit(literal, c);
        case Group::year_month:
        case Group::day_time:
            return put_interval_number(literal, c);
        default:
            return Outcome::not_allowed;
    }
}

}  // namespace myfabric::conversion
