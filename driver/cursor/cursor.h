// The cursor on a statement's result: rowsets, positions, single cells.
#pragma once

#include <cstdint>
#include <memory>

#include "base/diagnostics.h"
#include "cursor/get_data.h"
#include "cursor/kept_rowset.h"
#include "cursor/plan.h"
#include "cursor/rowset.h"
#include "cursor/scroll.h"
#include "cursor/static_rows.h"
#include "descriptor/descriptor.h"

namespace myfabric::cursor {

/// The arguments and attributes of one SQLFetch, SQLFetchScroll or SQLExtendedFetch.
struct Fetch {
    SQLSMALLINT orientation = SQL_FETCH_NEXT;
    SQLLEN offset = 0;
    SQLLEN bookmark = 0;             // the row that SQL_FETCH_BOOKMARK starts from
    SQLULEN size = 1;                // rows of the rowset
    SQLULEN* fetched = nullptr;      // may be null
    SQLUSMALLINT* status = nullptr;  // may be null
    SQLULEN max_rows = 0;            // of the result; 0: all
    bool retrieve = true;            // SQL_ATTR_RETRIEVE_DATA
};

/// Belongs to one statement, whose mutex guards it. The results live longer than they are open.
class Cursor {
public:
    /// Another result. `scrollable` is `results` when it can be read in any order, else null.
    void open(mysql::Results& results, StaticRows* scrollable, bool wide_types);
    void close();

    /// On a row that SQLGetData can read.
    bool positioned() const { return rowset_rows_ > 0; }
    /// Number of the current row in the result, from 1; 0 when there is none.
    SQLULEN row_number() const;
    /// Rows of the rowset fetched last.
    SQLULEN rowset_rows() const { return rowset_rows_; }

    /// Fetches a rowset into what `ard` binds. Throws HY106, 07006 and what reading throws.
    SQLRETURN fetch(const Fetch& fetch, const descriptor::Descriptor& ard,
                    Diagnostics& diagnostics);

    /// SQLSetPos with SQL_POSITION: `row` of the rowset, from 1. Throws 24000, HY107, HY109.
    void set_position(SQLULEN row);
    /// SQLSetPos with SQL_REFRESH of one row, or of all (0). Throws HYC00 for a stream.
    void refresh(SQLULEN row, const descriptor::Descriptor& ard, SQLUSMALLINT* status,
                 Diagnostics& diagnostics);

    /// SQLGetData; `column` from 1. Throws 24000, 07009, HY003, 07006, 22002...
    SQLRETURN get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN capacity,
                       SQLLEN* indicator, const descriptor::Descriptor& ard,
                       Diagnostics& diagnostics);
    /// The same for the usual case, see CellReader::read_whole(). False: it is get_data()'s.
    bool get_whole(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN capacity,
                   SQLLEN* indicator) {
        return static_cast<unsigned>(column - 1) < readable_ && capacity >= 0 &&
               reader_.read_whole(current_->row(), column - 1u, c_type,
                                  {value, capacity, indicator});
    }

private:
    SQLRETURN fetch_row(const Fetch& fetch, Diagnostics& diagnostics);
    SQLRETURN fetch_forward(const Fetch& fetch, const descriptor::Descriptor& ard,
                            Diagnostics& diagnostics);
    SQLRETURN fetch_scrolled(const Fetch& fetch, const descriptor::Descriptor& ard,
                             Diagnostics& diagnostics);
    RowsetTarget target(const Fetch& fetch, const descriptor::Descriptor& ard) const;
    void arrived(SQLULEN rows);

    mysql::Results* results_ = nullptr;
    StaticRows* scrollable_ = nullptr;
    bool wide_types_ = true;
    unsigned columns_ = 0;  // of the result
    Plan plan_;
    CellReader reader_;
    Position position_;
    SQLULEN size_ = 1;         // of the rowset asked for last
    SQLULEN rowset_rows_ = 0;  // got
    SQLULEN row_ = 0;          // the current one in the rowset, from 0
    // Where the current row lies: results_, or kept_ for a rowset of several rows of a stream.
    mysql::Results* current_ = nullptr;
    std::unique_ptr<KeptRowset> kept_;
    unsigned readable_ = 0;  // columns of the current row; 0: there is none
};

}  // namespace myfabric::cursor
