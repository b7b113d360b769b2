#include "cursor/scroll.h"

#include <algorithm>
#include <limits>

namespace myfabric::cursor {
namespace {

/// No result has as many rows: the sums of such numbers do not overflow.
SQLLEN countable(SQLLEN number) {
    constexpr SQLLEN most = std::numeric_limits<SQLLEN>::max() / 4;
    return std::clamp(number, -most, most);
}

Move before_start() {
    return {0, false, false};
}

Move after_end(SQLLEN rows) {
    return {rows + 1, false, false};
}

/// A rowset beginning at `first`, which may lie outside of the result.
Move at(SQLLEN first, SQLLEN rows) {
    if (first < 1) return before_start();
    if (first > rows) return after_end(rows);
    return {first, true, false};
}

/// A rowset that would begin before the first row though it holds rows: it begins with the first.
Move clamped(SQLLEN first, SQLLEN rows) {
    Move move = at(first < 1 ? 1 : first, rows);
    move.attempt_before_start = first < 1 && move.has_rows;
    return move;
}

Move prior(SQLLEN current, SQLLEN rows, SQLLEN size) {
    if (current == 0 || current == 1) return before_start();
    if (current > rows) return rows == 0 ? before_start() : clamped(rows - size + 1, rows);
    return clamped(current - size, rows);
}

Move absolute(SQLLEN offset, SQLLEN rows, SQLLEN size) {
    if (offset == 0) return before_start();
    if (offset > 0) return at(offset, rows);
    if (-offset <= rows) return at(rows + offset + 1, rows);
    // Counted from the end beyond the first row: within a rowset's length it is the first rowset.
    return -offset > size || rows == 0 ? before_start() : clamped(0, rows);
}

Move relative(SQLLEN offset, SQLLEN current, SQLLEN rows, SQLLEN size) {
    if (current == 0) return offset > 0 ? absolute(offset, rows, size) : before_start();
    if (current > rows) return offset < 0 ? absolute(offset, rows, size) : after_end(rows);
    const SQLLEN first = current + offset;
    if (first >= 1) return at(first, rows);
    if (current == 1 || -offset > size) return before_start();
    return clamped(first, rows);
}

}  // namespace

std::optional<Move> scroll(SQLSMALLINT orientation, SQLLEN offset, Position position, SQLLEN rows,
                           SQLLEN size, SQLLEN previous_size, SQLLEN bookmark) {
    const SQLLEN current = position.first;
    offset = countable(offset);
    size = countable(size < 0 ? std::numeric_limits<SQLLEN>::max() : size);
    previous_size =
        countable(previous_size < 0 ? std::numeric_limits<SQLLEN>::max() : previous_size);
    switch (orientation) {
        case SQL_FETCH_NEXT:
            if (current == 0) return at(1, rows);
            return current > rows ? after_end(rows) : at(current + previous_size, rows);
        case SQL_FETCH_PRIOR:
            return prior(current, rows, size);
        case SQL_FETCH_FIRST:
            return at(1, rows);
        case SQL_FETCH_LAST:
            return rows == 0 ? after_end(rows) : at(size >= rows ? 1 : rows - size + 1, rows);
        case SQL_FETCH_ABSOLUTE:
            return absolute(offset, rows, size);
        case SQL_FETCH_RELATIVE:
            return relative(offset, current, rows, size);
        case SQL_FETCH_BOOKMARK:
            return at(bookmark + offset, rows);
        default:
            return std::nullopt;
    }
}

}  // namespace myfabric::cursor
