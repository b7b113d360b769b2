// The cursor on a statement's result: rowsets, positions, single cells.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/diagnostics.h"
#include "cursor/bookmarks.h"
#include "cursor/get_data.h"
#include "cursor/live_rows.h"
#include "cursor/plan.h"
#include "cursor/rowset.h"
#include "cursor/scroll.h"
#include "descriptor/descriptor.h"
#include "results/kept_rowset.h"
#include "results/row_keys.h"
#include "results/static_rows.h"

namespace myfabric::cursor {

/// The arguments and attributes of one SQLFetch, SQLFetchScroll or SQLExtendedFetch.
struct Fetch {
    SQLSMALLINT orientation = SQL_FETCH_NEXT;
    SQLLEN offset = 0;
    SQLLEN bookmark = 0;             // the row that SQL_FETCH_BOOKMARK starts from; HY111 if none
    SQLULEN size = 1;                // rows of the rowset
    SQLULEN* fetched = nullptr;      // may be null
    SQLUSMALLINT* status = nullptr;  // may be null
    SQLULEN max_rows = 0;            // of the result; 0: all
    bool retrieve = true;            // SQL_ATTR_RETRIEVE_DATA
    LiveRows* live = nullptr;        // of a keyset-driven or dynamic cursor
};

/// Belongs to one statement, whose mutex guards it. The results live longer than they are open.
class Cursor {
public:
    /// What the statement's attributes say of a cursor when it is opened.
    struct Kind {
        bool wide_types = true;
        bool forward_only = true;
        Bookmarks bookmarks = Bookmarks::off;
        bool changeable =
            false;  // rows of a rowset may be changed: they have to be distinguishable
    };
    /// Another result. `rows` is `results` when it can be read in any order, else null.
    void open(results::Results& results, results::StaticRows* rows, const Kind& kind);
    void close();
    /// The same result was read anew; the rowset fetched last is where `at` says.
    void renew(results::Results& results, results::StaticRows& rows, const Restart& at);

    /// The descriptor that rows were fetched into is no more.
    void forget_bindings() { plan_.forget(); }

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
    /// SQLSetPos with SQL_REFRESH of one row, or of all (0), as rows() has them now.
    SQLRETURN refresh(SQLULEN row, const descriptor::Descriptor& ard, SQLUSMALLINT* status,
                      Diagnostics& diagnostics);

    /// The current row in the rowset, from 1.
    SQLULEN current() const { return row_ + 1; }
    /// Number of the rowset's first row in the result, from 1; 0: before the start.
    SQLLEN first() const { return position_.first; }
    bool is_open() const { return results_ != nullptr; }
    /// Whether row `row` of the rowset, from 1, was deleted by this cursor.
    bool is_deleted(SQLULEN row) const {
        if (scrollable_) return scrollable_->is_removed(result_row(row));
        return stream_rows_ && stream_rows_->is_removed(result_row(row));
    }
    /// The current row is none that SQLGetData can read: all columns were bound. It can be read
    /// again by its key.
    bool current_was_not_kept() const {
        return readable_ == 0 && rowset_rows_ > 1 && keys_.rows.any() && !is_deleted(row_ + 1);
    }
    /// The rows that can be changed: all of them, or of a stream those of the rowset.
    results::RowAccess& rows();
    /// Rows before the rowset fetched last, and with it.
    long long rows_passed() const { return position_.first ? position_.first - 1 : 0; }
    long long rows_given() const { return rows_passed() + static_cast<long long>(rowset_rows_); }
    /// The number in the result, from 0, of row `row` of the rowset.
    std::size_t result_row(SQLULEN row) const {
        return static_cast<std::size_t>(position_.first - 1) + row - 1;
    }
    /// SQLBulkOperations with SQL_FETCH_BY_BOOKMARK: row `row` of the result, from 0, into row
    /// `place` (from 0) of what `ard` binds. Returns the status of the row.
    SQLUSMALLINT fetch_row_to(std::size_t row, SQLULEN place, const descriptor::Descriptor& ard,
                              Diagnostics& diagnostics);
    /// "After a call to SQLBulkOperations, the block cursor position is undefined": SQLSetPos is
    /// HY109 until the next fetch.
    void leave_rowset() {
        left_ = true;
        readable_ = 0;
        rowset_rows_ = 0;
    }
    Bookmarks bookmarks() const { return kind_.bookmarks; }

    /// SQLGetData; `column` from 1, or 0 for the bookmark. Throws 24000, 07009, HY003, 07006,
    /// 22002...
    SQLRETURN get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN capacity,
                       SQLLEN* indicator, const descriptor::Descriptor& ard,
                       Diagnostics& diagnostics);
    /// The same for the usual case, see CellReader::read_whole(). False: it is get_data()'s.
    bool get_whole(SQLUSMALLINT column, SQLSMALLINT c_type, const conversion::Target& target) {
        return static_cast<unsigned>(column - 1) < readable_ && target.capacity >= 0 &&
               reader_.read_whole(current_->row(), column - 1u, c_type, target);
    }

private:
    /// Rows of the rowset that was read last from a stream.
    class StreamRows : public results::RowAccess {
    public:
        explicit StreamRows(Cursor& cursor) : cursor_(cursor) {}
        const results::Row* key_at(std::size_t row) override;
        const results::Row& row_at(std::size_t row) override;
        void replaced(std::size_t row, const results::Row& values) override;
        void removed(std::size_t row) override;
        bool is_removed(std::size_t row) const override;
        std::optional<std::size_t> added(const results::Row&) override { return std::nullopt; }
        /// What was read again of row `row`; null when nothing was.
        results::KeptRow* read_again(std::size_t row);
        /// Another rowset.
        void forget();

    private:
        Cursor& cursor_;
        std::set<std::size_t> removed_;
        std::unordered_map<std::size_t, results::KeptRow> read_;
    };

    /// What is kept of a rowset of a stream that may have several rows.
    enum class Keep : unsigned char { first_row, keys, rows };
    Keep what_to_keep();

    SQLRETURN fetch_row(const Fetch& fetch, Diagnostics& diagnostics);
    SQLRETURN fetch_forward(const Fetch& fetch, const descriptor::Descriptor& ard,
                            Diagnostics& diagnostics);
    SQLRETURN fetch_scrolled(const Fetch& fetch, const descriptor::Descriptor& ard,
                             Diagnostics& diagnostics);
    void tell_bookmarks(const descriptor::Descriptor& ard, SQLULEN first, SQLULEN rows);
    SQLRETURN get_bookmark(SQLSMALLINT c_type, const conversion::Target& target);
    RowsetTarget target(const Fetch& fetch, const descriptor::Descriptor& ard) const;
    void arrived(SQLULEN rows);
    void forget_rowset();

    results::Results* results_ = nullptr;
    results::StaticRows* scrollable_ = nullptr;
    Kind kind_;
    bool left_ = false;     // by leave_rowset()
    unsigned columns_ = 0;  // of the result
    Plan plan_;
    CellReader reader_;
    Position position_;
    SQLULEN size_ = 1;         // of the rowset asked for last
    SQLULEN rowset_rows_ = 0;  // got
    SQLULEN row_ = 0;          // the current one in the rowset, from 0
    // Where the current row lies: results_, or for a rowset of a stream that may have several rows
    // kept_, or when all columns were bound first_row_ or what stream_rows_ has of it.
    results::Results* current_ = nullptr;
    bool keeping_ = false;   // in kept_
    bool any_kept_ = false;  // something of the rowset was, or rows of it are changed
    std::optional<Keep> keep_;
    struct Keys {
        std::vector<unsigned> columns;  // of the key, for Keep::keys
        results::RowKeys rows;
    };
    Keys keys_;
    std::unique_ptr<results::KeptRowset> kept_;
    std::unique_ptr<results::KeptRow> first_row_;
    std::unique_ptr<StreamRows> stream_rows_;  // once rows of a stream are changed
    unsigned readable_ = 0;                    // columns of the current row; 0: there is none
};

}  // namespace myfabric::cursor
