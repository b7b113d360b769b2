// What is reported to an application of a conversion that did not simply store.
#pragma once

#include <cstddef>
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

/// Adds a warning to `diagnostics`; throws an error.
void report(Outcome outcome, std::string_view what, long long row, int column,
            Diagnostics& diagnostics);

/// For warn_of_cell(): `about` is results::Columns.
Record late_record(const LateWarning& warning, const void* about);

/// Adds is_warning(outcome) of column `column` (from 0) of a result's row `row` (from 0), at little
/// cost.
inline void warn_of_cell(Outcome outcome, const results::SharedColumns& columns, unsigned column,
                         std::size_t row, Diagnostics& diagnostics) {
    diagnostics.add({static_cast<long long>(row) + 1, static_cast<int>(column) + 1,
                     static_cast<unsigned char>(outcome)},
                    columns, late_record);
}

/// The record of another outcome of such a cell.
Record error_of_cell(Outcome outcome, const results::Columns& columns, unsigned column,
                     std::size_t row, results::Format format, Cell cell);

}  // namespace myfabric::conversion
