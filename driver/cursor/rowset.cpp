#include "cursor/rowset.h"

#include <algorithm>

#include "base/text.h"
#include "conversion/cell.h"

namespace myfabric::cursor {
namespace {

using conversion::Outcome;

/// Handles everything but a stored value; gives true when the row is in error.
bool report(Outcome outcome, const mysql::Results& results, unsigned column, SQLULEN row,
            Diagnostics& diagnostics) {
    const SqlState& found = *conversion::state_of(outcome);
    const bool warning = outcome == Outcome::truncated || outcome == Outcome::fraction_truncated;
    Record record{
        std::string(found.code),     0, {}, Origin::driver, static_cast<long long>(row + 1),
        static_cast<int>(column + 1)};
    record.message = "column '" + results.columns()[column].name +
                     "': " + to_lower(found.text.substr(0, 1)) + std::string(found.text.substr(1));
    diagnostics.add(std::move(record));
    return !warning;
}

}  // namespace

RowsetOutcome fetch_rowset(mysql::Results& results, const Plan& plan, const RowsetTarget& target,
                           Diagnostics& diagnostics) {
    RowsetOutcome outcome;
    const SQLULEN wanted = std::min(target.size, target.most);
    if (target.rows_fetched) *target.rows_fetched = 0;
    SQLULEN row = 0;
    for (; row < wanted && results.next_row(); ++row) {
        const mysql::Row& cells = results.row();
        SQLUSMALLINT status = SQL_ROW_SUCCESS;
        for (const BoundColumn& bound : plan.columns()) {
            const char* value = cells.values[bound.column];
            SQLLEN* length = bound.length
                                 ? reinterpret_cast<SQLLEN*>(
                                       bound.length + row * bound.length_stride + target.offset)
                                 : nullptr;
            SQLLEN* indicator =
                bound.indicator ? reinterpret_cast<SQLLEN*>(
                                      bound.indicator + row * bound.length_stride + target.offset)
                                : nullptr;
            if (!value) {
                if (indicator) {
                    *indicator = SQL_NULL_DATA;
                } else {
                    diagnostics.add({std::string(state::indicator_required.code), 0,
                                     "column '" + results.columns()[bound.column].name +
                                         "' is NULL and no indicator is bound",
                                     Origin::driver, static_cast<long long>(row + 1),
                                     static_cast<int>(bound.column + 1)});
                    status = SQL_ROW_ERROR;
                }
                continue;
            }
            if (indicator && indicator != length) *indicator = 0;
            const conversion::Target to{
                bound.value ? bound.value + row * bound.value_stride + target.offset : nullptr,
                bound.capacity, length, bound.precision, bound.scale};
            const Outcome stored = bound.convert({value, cells.lengths[bound.column]}, to);
            if (stored != Outcome::stored) [[unlikely]] {
                if (report(stored, results, bound.column, row, diagnostics))
                    status = SQL_ROW_ERROR;
                else if (status == SQL_ROW_SUCCESS)
                    status = SQL_ROW_SUCCESS_WITH_INFO;
            }
        }
        if (target.status) target.status[row] = status;
        if (status == SQL_ROW_ERROR) ++outcome.rows_with_errors;
    }
    outcome.rows = row;
    if (target.rows_fetched) *target.rows_fetched = row;
    if (target.status)
        for (SQLULEN rest = row; rest < target.size; ++rest) target.status[rest] = SQL_ROW_NOROW;
    if (row == 0) {
        outcome.result = SQL_NO_DATA;
    } else if (outcome.rows_with_errors) {
        // A rowset of one row in error is an error; a larger one says 01S01 and goes on.
        if (outcome.rows_with_errors == row) {
            outcome.result = SQL_ERROR;
        } else {
            diagnostics.warn(state::error_in_row);
        }
    }
    return outcome;
}

}  // namespace myfabric::cursor
