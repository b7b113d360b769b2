#include "cursor/rowset.h"

#include <algorithm>
#include <span>
#include <type_traits>

#include "conversion/datetime.h"
#include "conversion/report.h"

namespace myfabric::cursor {
namespace {

using conversion::Outcome;

std::string name_of(const results::Results& results, unsigned column) {
    return "column '" + results.columns()[column].name + "'";
}

/// A zero date is no date, and NULL for who asks for one.
bool is_null_for(Outcome outcome, const results::Results& results, unsigned column) {
    return outcome == Outcome::bad_datetime &&
           conversion::is_zero_date({results.row().values[column], results.row().lengths[column]},
                                    results.columns()[column], results.format());
}

/// A cell that is NULL.
SQLUSMALLINT store_null(const results::Results& results, const BoundColumn& to, SQLULEN row,
                        Diagnostics& diagnostics) {
    SQLLEN* const told = to.has_own_indicator ? to.indicator : to.target.length;
    if (told) *told = SQL_NULL_DATA;
    if (told) return SQL_ROW_SUCCESS;
    diagnostics.add({std::string(state::indicator_required.code), 0,
                     name_of(results, to.column) + ": is NULL and no indicator is bound",
                     Origin::driver, static_cast<long long>(row + 1),
                     static_cast<int>(to.column + 1)});
    return SQL_ROW_ERROR;
}

/// A cell that was not stored; returns the status of its row.
[[gnu::noinline]] SQLUSMALLINT report_error(Outcome outcome, const results::Results& results,
                                            const BoundColumn& to, SQLULEN row,
                                            Diagnostics& diagnostics) {
    if (is_null_for(outcome, results, to.column)) return store_null(results, to, row, diagnostics);
    const conversion::Cell cell(results.row().values[to.column], results.row().lengths[to.column]);
    diagnostics.add(conversion::error_of_cell(outcome, results.columns(), to.column, row,
                                              results.format(), cell));
    return SQL_ROW_ERROR;
}

/// The row's cells into the buffers that `bound` names. If the columns are not const, they name
/// those of the next row then.
template <class Column>
SQLUSMALLINT store_cells(const results::Results& results, std::span<Column> bound, SQLULEN row,
                         Diagnostics& diagnostics) {
    constexpr bool moves = !std::is_const_v<Column>;
    const results::Row cells = results.row();
    SQLUSMALLINT status = SQL_ROW_SUCCESS;
    for (Column& to : bound) {
        SQLUSMALLINT told = SQL_ROW_SUCCESS;
        if (const char* value = cells.values[to.column]) [[likely]] {
            const Outcome stored = to.convert({value, cells.lengths[to.column]}, to.target);
            if (!(static_cast<unsigned>(stored) | to.has_own_indicator)) [[likely]] {
                if constexpr (moves) to.advance();
                continue;
            }
            if (to.has_own_indicator && to.indicator) *to.indicator = 0;
            if (conversion::is_warning(stored)) {
                conversion::warn_of_cell(stored, results.shared_columns(), to.column, row,
                                         diagnostics);
                told = SQL_ROW_SUCCESS_WITH_INFO;
            } else if (stored != Outcome::stored) {
                told = report_error(stored, results, to, row, diagnostics);
            }
        } else {
            told = store_null(results, to, row, diagnostics);
        }
        if constexpr (moves) {
            to.advance();
            to.advance_indicator();
        }
        if (told != SQL_ROW_SUCCESS && status != SQL_ROW_ERROR) status = told;
    }
    return status;
}

}  // namespace

SQLUSMALLINT store_row(const results::Results& results, const std::vector<BoundColumn>& columns,
                       Diagnostics& diagnostics) {
    return store_cells(results, std::span<const BoundColumn>(columns), 0, diagnostics);
}

SQLUSMALLINT store_row(const results::Results& results, Plan& plan, SQLLEN offset, SQLULEN row,
                       Diagnostics& diagnostics) {
    return store_cells(results, plan.rewind(offset, row), row, diagnostics);
}

RowsetOutcome fetch_rowset(results::Results& results, Plan& plan, const RowsetTarget& target,
                           Diagnostics& diagnostics) {
    RowsetOutcome outcome;
    const SQLULEN wanted = std::min(target.size, target.most);
    if (target.rows_fetched) *target.rows_fetched = 0;
    const std::span<BoundColumn> bound =
        target.retrieve ? plan.rewind(target.offset, target.first) : std::span<BoundColumn>();
    SQLULEN row = 0;
    bool any = wanted && results.next_row();
    if (any && target.first_row) target.first_row->keep(results, results.row());
    while (any) {
        const SQLUSMALLINT status = store_cells(results, bound, row, diagnostics);
        if (target.keys) target.keys->keep(results.row());
        if (target.status) target.status[row] = status;
        if (status == SQL_ROW_ERROR) ++outcome.rows_with_errors;
        any = ++row < wanted && results.next_row();
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
