// Fills the application's bound columns with the next rowset of a result.
#pragma once

#include "base/diagnostics.h"
#include "cursor/plan.h"
#include "results/kept_rowset.h"
#include "results/row_keys.h"

namespace myfabric::cursor {

struct RowsetTarget {
    SQLULEN first = 0;                        // the rowset's row to begin with, from 0
    SQLULEN size = 1;                         // rows wanted
    SQLUSMALLINT* status = nullptr;           // one per wanted row; may be null
    SQLULEN* rows_fetched = nullptr;          // may be null
    SQLLEN offset = 0;                        // bytes added to every bound address
    SQLULEN most = static_cast<SQLULEN>(-1);  // rows that SQL_ATTR_MAX_ROWS still allows
    bool retrieve = true;                     // false: rows are counted, not stored
    results::KeptRow* first_row = nullptr;    // where the first row is kept, too; may be null
    results::RowKeys* keys = nullptr;         // where each row's key is kept; may be null
};

struct RowsetOutcome {
    SQLULEN rows = 0;
    SQLULEN rows_with_errors = 0;
    SQLRETURN result = SQL_SUCCESS;  // SQL_NO_DATA, or SQL_ERROR when every row failed
};

/// Reads up to `target.size` rows into what `plan` binds. Warnings and errors of single rows become
/// records with row and column numbers ("SQLFetch: Error Handling"). Throws what reading throws.
RowsetOutcome fetch_rowset(results::Results& results, Plan& plan, const RowsetTarget& target,
                           Diagnostics& diagnostics);

/// The current row into what `columns` name, as row 1 of a rowset. Returns its status
/// (SQL_ROW_...).
SQLUSMALLINT store_row(const results::Results& results, const std::vector<BoundColumn>& columns,
                       Diagnostics& diagnostics);
/// The same as row `row` (from 0), with `offset` bytes added to every address.
SQLUSMALLINT store_row(const results::Results& results, Plan& plan, SQLLEN offset, SQLULEN row,
                       Diagnostics& diagnostics);

}  // namespace myfabric::cursor
