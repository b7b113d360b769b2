// Keyset-driven and dynamic cursors: their rows are read again when they are fetched, and where a
// rowset begins once the whole result was read anew.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <vector>

namespace myfabric::cursor {

/// Rows are counted from 0, in the result.
class LiveRows {
public:
    virtual ~LiveRows() = default;
    /// Rows `first` to `first` + `count` - 1 are about to be fetched: brings them up to date.
    virtual void bring(std::size_t first, std::size_t count) = 0;
    /// Whether bring() found row `row` changed since it was fetched last.
    virtual bool has_changed(std::size_t row) const = 0;
};

/// A result that was read anew: where the rows of the rowset fetched last are now. Rows are counted
/// from 1.
struct Moved {
    SQLLEN first = 0;            // of that rowset, in the old result; 0: before the start
    SQLLEN old_rows = 0;         // of the old result
    std::vector<SQLLEN> places;  // of its rows, in the new one; 0: gone
    SQLLEN rows = 0;             // of the new one
};

/// What scroll() is to be asked for in the new result.
struct Restart {
    SQLSMALLINT orientation;
    SQLLEN offset;
    SQLLEN first;  // CurrRowsetStart
    SQLLEN size;   // of the rowset there, for SQL_FETCH_NEXT
};

/// "Effect of Deleted, Added, and Error Rows on Cursor Movement": changes to the rowset that is
/// left do not count for NEXT, PRIOR and RELATIVE, those around it do. Pure.
Restart restart(SQLSMALLINT orientation, SQLLEN offset, const Moved& moved);

}  // namespace myfabric::cursor
