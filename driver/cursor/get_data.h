// SQLGetData: one cell of the current row, whole or in parts.
#pragma once

#include <vector>

#include "conversion/parts.h"
#include "conversion/to_c.h"
#include "results/results.h"

namespace myfabric::cursor {

/// What was delivered of the current row's cell so far. Another column starts anew, and so does
/// another C type once all was delivered.
class CellReader {
public:
    /// Another result: unless it has the same columns, forgets which conversions they were asked
    /// for.
    void begin(const results::Results& results);
    /// Another row, or none: forgets the position.
    void reset() { column_ = no_column; }

    /// Delivers column `column` (from 0), as read() does, when it is a value that is not NULL, that
    /// was not touched before in this row, was converted so in an earlier row, and fits whole.
    /// False: nothing was done that read() does not do again.
    bool read_whole(const results::Row& row, unsigned column, SQLSMALLINT c_type,
                    const conversion::Target& target) {
        if (column >= known_.size()) return false;
        const Known& known = known_[column];
        const char* value = row.values[column];
        if (known.c_type != c_type || column == column_ || !value || !target.value) return false;
        if (known.convert({value, row.lengths[column]}, target) != conversion::Outcome::stored)
            return false;
        column_ = column;
        done_ = Done::as_known;
        return true;
    }

    /// Delivers (more of) column `column` (from 0). Returns SQL_NO_DATA when all was delivered
    /// before as the same C type, and the outcome otherwise. `indicator` may be null only when the
    /// value is not NULL (22002). Throws HY003, 07006, HYC00.
    SQLRETURN read(const results::Results& results, unsigned column, SQLSMALLINT c_type,
                   conversion::Target target, SQLLEN* indicator, conversion::Outcome& outcome,
                   bool wide_types);

private:
    SQLRETURN read_null(const results::Column& column, SQLLEN* indicator,
                        conversion::Outcome& outcome);
    /// The conversion that a column was last asked for.
    struct Known {
        SQLSMALLINT c_type = no_type;
        conversion::Converter convert = nullptr;
    };
    static constexpr unsigned no_column = static_cast<unsigned>(-1);
    static constexpr SQLSMALLINT no_type = -32768;

    results::SharedColumns columns_;  // that known_ is of
    results::Format format_ = results::Format::text;
    std::vector<Known> known_;
    unsigned column_ = no_column;
    /// Whether all was delivered, and as which C type: asked_, or the column's in known_.
    enum class Done : unsigned char { no, as_asked, as_known };
    Done done_ = Done::no;
    SQLSMALLINT asked_ = no_type;
    conversion::Progress progress_;
};

}  // namespace myfabric::cursor
