// The contract of every conversion from a result's cell to the application's buffer.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <string_view>

#include "base/sqlstate.h"

namespace myfabric::conversion {

using Cell = std::string_view;  // the value where it lies in the row packet; never NULL

/// The application's buffer. `capacity` counts bytes and matters for character and binary data
/// only; where `value` is null, only the length is stored. `length` may be null.
struct Target {
    void* value = nullptr;
    SQLLEN capacity = 0;
    SQLLEN* length = nullptr;
    short precision = 0;  // SQL_C_NUMERIC: digits, 0 for 38; intervals: of the seconds, 0 for 6
    short scale = 0;      // SQL_C_NUMERIC
    unsigned char narrow = 0;  // CharacterSet::Number of SQL_C_CHAR; 0 for UTF-8
};

/// How a conversion ended. Everything but `stored` has an SQLSTATE; the first four are no errors.
enum class Outcome : std::uint8_t {
    stored,
    truncated,           // 01004
    fraction_truncated,  // 01S07
    replaced,            // 01000: characters that Charset does not have
    out_of_range,        // 22003
    bad_text,            // 22018
    bad_datetime,        // 22007: e.g. a zero date
    datetime_overflow,   // 22008
    interval_overflow,   // 22015
    data_truncated,      // 22001: a parameter longer than its SQL type
    not_allowed,         // 07006: the reference knows no such conversion
    not_implemented,     // HYC00
    bad_length,          // HY090
};

/// The SQLSTATE of an outcome; null for `stored`.
const SqlState* state_of(Outcome outcome) noexcept;

using Converter = Outcome (*)(Cell, const Target&) noexcept;

}  // namespace myfabric::conversion
