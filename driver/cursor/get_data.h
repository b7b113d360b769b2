// SQLGetData: one cell of the current row, whole or in parts.
#pragma once

#include "conversion/parts.h"
#include "mysql/results.h"

namespace myfabric::cursor {

/// What was delivered of the current row's cell so far. Another column starts anew.
class CellReader {
public:
    /// Another row, or none: forgets the position.
    void reset() { column_ = no_column; }

    /// Delivers (more of) column `column` (from 0). Gives SQL_NO_DATA when all was delivered
    /// before, and the outcome otherwise. `indicator` may be null only when the value is not NULL
    /// (22002). Throws HY003, 07006, HYC00.
    SQLRETURN read(const mysql::Results& results, unsigned column, SQLSMALLINT c_type,
                   conversion::Target target, SQLLEN* indicator, conversion::Outcome& outcome,
                   bool wide_types);

private:
    static constexpr unsigned no_column = static_cast<unsigned>(-1);
    unsigned column_ = no_column;
    bool done_ = false;
    conversion::Progress progress_;
};

}  // namespace myfabric::cursor
