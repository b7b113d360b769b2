// What is reported to an application of a conversion that did not simply store.
#pragma once

#include <string_view>

#include "base/diagnostics.h"
#include "conversion/cell.h"
#include "results/column.h"

namespace myfabric::conversion {

/// Whether the value was stored nevertheless: 01004, 01S07, 01000.
inline bool is_warning(Outcome outcome) {
    return outcome >= Outcome::truncated && outcome <= Outcome::replaced;
}

/// The record of an outcome other than stored: "column 'a': string data, right truncated". `what`
/// names the value; rows and columns count from 1.
Record record_of(Outcome outcome, std::string_view what, long long row, int column);

/// Which key of the DSN helps a program that the value `cell` of `column` is out of range for, as
/// the rest of a sentence; empty where none does.
std::string_view remedy_of(Outcome outcome, const results::Column& column, results::Format format,
                           Cell cell);

/// Adds a warning to `diagnostics`; throws an error.
void report(Outcome outcome, std::string_view what, long long row, int column,
            Diagnostics& diagnostics, std::string_view remedy = {});

}  // namespace myfabric::conversion
