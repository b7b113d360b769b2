// C data to parameter values: "Converting Data from C to SQL Data Types".
#pragma once

#include <string>

#include "conversion/cell.h"
#include "conversion/types.h"
#include "results/parameter.h"

namespace myfabric::conversion {

/// How a connection's keys have values written where programs differ from the reference.
struct Writing {
    bool trim_nul = false;          // TrimNul: one trailing NUL of a text is no part of it
    bool min_date_to_zero = false;  // Min_Date_To_Zero: 0000-01-01 is 0000-00-00
    bool cut_dates = false;         // No_Date_Overflow: the time of a value for a DATE is dropped
    bool bigint_as_text = false;    // Dflt_BigInt_Bind_Str: SQL_C_DEFAULT of a BIGINT is text
    bool unsigned_bytes = false;  // of this parameter: SQL_C_BINARY of an unsigned integer's bytes
    unsigned char narrow = 0;     // Charset: CharacterSet::Number of SQL_C_CHAR, 0 for UTF-8
};

/// Memory for one parameter whose value is not sent as it lies. Reused between executions.
using Scratch = std::string;

/// Converts the application's value to what the server is sent for a parameter of `sql_type`.
/// `length` counts bytes or is SQL_NTS; it matters for character and binary data. `size` is the
/// column size, 0 when not given; `scale` the decimal digits. Text in UTF-8 is not copied:
/// `out.bytes` views the buffer. Other texts live in `scratch`. Throws std::bad_alloc only.
///
/// Where the reference leaves room, or programs do not keep to it:
/// - Column sizes of text and binary data are not enforced: programs pass all sorts, and the server
///   knows the column's. Nor are the decimal digits of dates and times, but more than six digits of
///   a fraction are 22008 if `scale` asks for more than six, and cut if it does not.
/// - TIME has a fraction here, so a timestamp keeps its fraction in an SQL_TYPE_TIME.
/// - Text for a date may have a zero month or day, which the server judges; structures may not.
/// - Text for an integer type becomes an integer (LIMIT ? needs one); the sign of the column is
///   unknown here, so a TINYINT takes -128 to 255. A fraction is 22001, too many digits 22003.
/// - Day-time intervals of several fields become a TIME, those of one field a number.
/// - An SQL type that is not known takes the value as what it is.
Outcome from_c(CType type, SQLSMALLINT sql_type, const void* value, SQLLEN length, unsigned size,
               short scale, results::Parameter& out, Scratch& scratch, Writing writing = {});

}  // namespace myfabric::conversion
