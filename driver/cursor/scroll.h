// Where SQLFetchScroll goes: the reference's "Cursor Positioning Rules" as one function. Pure.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>

namespace myfabric::cursor {

/// What a scrollable cursor stands on. Rows are counted from 1.
struct Position {
    SQLLEN first = 0;  // of the current rowset; 0: before the start; one more than the rows: after
};

struct Move {
    SQLLEN first = 0;                   // of the new rowset; as in Position
    bool has_rows = false;              // false: SQL_NO_DATA
    bool attempt_before_start = false;  // 01S06: the rowset was made to begin with the first row
};

/// The rowset of `size` rows that `orientation` and `offset` lead to in a result of `rows` rows.
/// For SQL_FETCH_BOOKMARK, `bookmark` is the row that the bookmark names. `previous_size` is the
/// size of the rowset that was fetched before. Nothing: there is no such orientation (HY106).
std::optional<Move> scroll(SQLSMALLINT orientation, SQLLEN offset, Position position, SQLLEN rows,
                           SQLLEN size, SQLLEN previous_size, SQLLEN bookmark = 0);

}  // namespace myfabric::cursor
