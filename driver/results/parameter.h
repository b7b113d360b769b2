// A parameter value on its way to the server.
#pragma once

#include <cstdint>
#include <string_view>

namespace myfabric::results {

/// A date or time as the binary protocol knows it.
struct DateTimeValue {
    unsigned year = 0, month = 0, day = 0;
    unsigned hour = 0, minute = 0, second = 0;  // hour may exceed 23 for a TIME
    unsigned microsecond = 0;
    bool negative = false;  // TIME only
};

/// The date alone.
inline DateTimeValue day_of(const DateTimeValue& moment) {
    return {moment.year, moment.month, moment.day};
}

/// One parameter value. `bytes` must live until execute() has returned.
struct Parameter {
    enum class Type : std::uint8_t {
        null,
        signed_integer,
        unsigned_integer,
        real,
        text,
        decimal,  // digits
        binary,
        date,
        time,
        datetime,
    };
    Type type = Type::null;
    union {
        std::int64_t integer = 0;
        std::uint64_t unsigned_integer;
        double real;
    };
    std::string_view bytes;  // text (UTF-8), digits or binary
    DateTimeValue moment;
};

}  // namespace myfabric::results
