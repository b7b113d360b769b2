#include "cursor/cursor.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "conversion/report.h"

namespace myfabric::cursor {

void Cursor::open(results::Results& results, results::StaticRows* rows, const Kind& kind) {
    close();
    results_ = current_ = &results;
    scrollable_ = rows;
    kind_ = kind;
    plan_.allow_bookmark(kind.bookmarks != Bookmarks::off);
    columns_ = static_cast<unsigned>(results.columns().size());
    reader_.begin(results);
}

void Cursor::renew(results::Results& results, results::StaticRows& rows, const Restart& at) {
    results_ = current_ = &results;
    scrollable_ = &rows;
    reader_.begin(results);
    position_.first = at.first;
    size_ = at.size;
    readable_ = 0;
    rowset_rows_ = row_ = 0;
}

void Cursor::close() {
    if (!results_) return;
    results_ = current_ = nullptr;
    scrollable_ = nullptr;
    position_ = {};
    rowset_rows_ = row_ = 0;
    readable_ = 0;
    left_ = false;
    if (kept_) kept_.reset();
    if (first_row_) first_row_.reset();
    if (stream_rows_) stream_rows_.reset();
    keeping_ = any_kept_ = false;
    keep_.reset();
    keys_.rows.clear();
}

// ---- rows of a stream that are changed ---------------------------------------------------------

results::RowAccess& Cursor::rows() {
    if (scrollable_) return *scrollable_;
    if (!stream_rows_) stream_rows_ = std::make_unique<StreamRows>(*this);
    any_kept_ = true;
    return *stream_rows_;
}

const results::Row* Cursor::StreamRows::key_at(std::size_t row) {
    const bool there = cursor_.keeping_ || cursor_.rowset_rows_ == 1 || read_.contains(row);
    if (there || !cursor_.keys_.rows.any()) return nullptr;
    return &cursor_.keys_.rows.row(row - cursor_.result_row(1));
}

const results::Row& Cursor::StreamRows::row_at(std::size_t row) {
    if (cursor_.keeping_) return cursor_.kept_->row_at(row);
    if (const results::KeptRow* found = read_again(row)) return found->row();
    if (cursor_.rowset_rows_ != 1)
        throw Error(state::invalid_cursor_position,
                    "all columns were bound, so the rows of this forward-only cursor were not "
                    "kept; set SQL_ATTR_CONCURRENCY to SQL_CONCUR_VALUES, or SQL_ATTR_CURSOR_TYPE "
                    "to SQL_CURSOR_STATIC");
    return cursor_.current_->row();
}

void Cursor::StreamRows::replaced(std::size_t row, const results::Row& values) {
    if (cursor_.keeping_) return cursor_.kept_->replaced(row, values);
    read_[row].keep(*cursor_.results_, values);
}

void Cursor::StreamRows::removed(std::size_t row) {
    cursor_.keeping_ ? cursor_.kept_->removed(row) : static_cast<void>(removed_.insert(row));
}

bool Cursor::StreamRows::is_removed(std::size_t row) const {
    return cursor_.keeping_ ? cursor_.kept_->is_removed(row) : removed_.contains(row);
}

results::KeptRow* Cursor::StreamRows::read_again(std::size_t row) {
    const auto found = read_.find(row);
    return found == read_.end() ? nullptr : &found->second;
}

void Cursor::StreamRows::forget() {
    removed_.clear();
    read_.clear();
}

/// Rows without a key are kept whole in rowsets of so many: who reads more at once wants to read,
/// and does not pay for changes that are not made.
constexpr SQLULEN most_kept_whole = 64;

/// Where all columns are bound. Rows are read again by their key; expressions could not be. Without
/// a key the rows themselves are kept, if there may be changes at all.
Cursor::Keep Cursor::what_to_keep() {
    if (keep_) return *keep_;
    const results::Columns& columns = results_->columns();
    keep_ = kind_.changeable ? Keep::keys : Keep::first_row;
    keys_.columns.clear();
    std::vector<unsigned> unique;
    for (unsigned i = 0; i < columns.size() && kind_.changeable; ++i) {
        const results::Column& column = columns[i];
        if (column.base_name.empty() || column.base_table.empty()) {
            keep_ = Keep::rows;
            continue;
        }
        if (column.base_table != columns[0].base_table || column.table != columns[0].table ||
            column.database != columns[0].database)
            keep_ = Keep::first_row;  // rows of several tables cannot be changed
        if (column.primary_key) keys_.columns.push_back(i);
        if (column.unique_key && !column.nullable) unique.push_back(i);
        if (keep_ == Keep::first_row) break;
    }
    if (keys_.columns.empty()) keys_.columns = std::move(unique);
    if (keep_ == Keep::rows && std::ranges::all_of(columns, [](const results::Column& column) {
            return column.base_table.empty();
        }))
        keep_ = Keep::first_row;
    if (keep_ == Keep::keys && keys_.columns.empty()) keep_ = Keep::rows;
    return *keep_;
}

SQLULEN Cursor::row_number() const {
    if (rowset_rows_ && is_deleted(row_ + 1))
        throw Error(state::invalid_cursor_position, "the current row was deleted");
    return rowset_rows_ ? static_cast<SQLULEN>(position_.first) + row_ : 0;
}

RowsetTarget Cursor::target(const Fetch& fetch, const descriptor::Descriptor& ard) const {
    RowsetTarget target;
    target.size = fetch.size;
    target.status = fetch.status;
    target.rows_fetched = fetch.fetched;
    target.offset = ard.bind_offset_ptr ? *ard.bind_offset_ptr : 0;
    target.retrieve = fetch.retrieve;
    return target;
}

SQLRETURN Cursor::fetch(const Fetch& fetch, const descriptor::Descriptor& ard,
                        Diagnostics& diagnostics) {
    plan_.update(ard, *results_, kind_.wide_types);
    if (scrollable_) return fetch_scrolled(fetch, ard, diagnostics);
    const bool one_row = fetch.size == 1 && fetch.orientation == SQL_FETCH_NEXT && fetch.retrieve &&
                         !fetch.max_rows && !ard.bind_offset_ptr;
    return one_row ? fetch_row(fetch, diagnostics) : fetch_forward(fetch, ard, diagnostics);
}

void Cursor::forget_rowset() {
    if (stream_rows_) stream_rows_->forget();
    keeping_ = any_kept_ = false;
    keys_.rows.clear();
}

/// What most programs do most of the time: the next row of a stream. The same as fetch_forward().
SQLRETURN Cursor::fetch_row(const Fetch& fetch, Diagnostics& diagnostics) {
    const SQLLEN next = position_.first ? position_.first + static_cast<SQLLEN>(rowset_rows_) : 1;
    current_ = results_;
    readable_ = 0;
    rowset_rows_ = 0;
    if (any_kept_) [[unlikely]]
        forget_rowset();
    if (fetch.fetched) *fetch.fetched = 0;
    SQLUSMALLINT status = SQL_ROW_NOROW;
    if (results_->next_row()) {
        status = store_row(*results_, plan_.columns(), diagnostics);
        arrived(1);
    }
    position_.first = next;
    if (fetch.fetched) *fetch.fetched = rowset_rows_;
    if (fetch.status) *fetch.status = status;
    if (status == SQL_ROW_NOROW) return SQL_NO_DATA;
    return status == SQL_ROW_ERROR ? SQL_ERROR : SQL_SUCCESS;
}

namespace {

void must_go_forward(SQLSMALLINT orientation) {
    if (orientation != SQL_FETCH_NEXT)
        throw Error(state::fetch_type_out_of_range,
                    "fetch type " + std::to_string(orientation) +
                        " is not possible with a forward-only cursor; use SQL_FETCH_NEXT, or set "
                        "SQL_ATTR_CURSOR_TYPE to SQL_CURSOR_STATIC");
}

}  // namespace

SQLRETURN Cursor::fetch_forward(const Fetch& fetch, const descriptor::Descriptor& ard,
                                Diagnostics& diagnostics) {
    must_go_forward(fetch.orientation);
    RowsetTarget to = target(fetch, ard);
    const SQLLEN next = position_.first ? position_.first + static_cast<SQLLEN>(rowset_rows_) : 1;
    if (fetch.max_rows)
        to.most = fetch.max_rows - std::min(static_cast<SQLULEN>(next - 1), fetch.max_rows);
    // Rows of a stream are gone once the next is read. They are kept if they may be asked for.
    const bool several = fetch.size > 1;
    const bool keep = several && (!plan_.is_whole() ||
                                  (fetch.size <= most_kept_whole && what_to_keep() == Keep::rows));
    forget_rowset();
    keeping_ = keep;
    any_kept_ = several;
    if (keep) {
        if (!kept_) kept_ = std::make_unique<results::KeptRowset>();
        kept_->begin(*results_, static_cast<std::size_t>(next - 1));
    } else if (several) {
        // The last rowset may have one row alone, which SQLGetData reads without SQLSetPos.
        if (!first_row_) first_row_ = std::make_unique<results::KeptRow>();
        to.first_row = first_row_.get();
        if (what_to_keep() == Keep::keys) {
            keys_.rows.begin(columns_, keys_.columns);
            to.keys = &keys_.rows;
        }
    }
    current_ = keep ? static_cast<results::Results*>(kept_.get()) : results_;
    readable_ = 0;
    rowset_rows_ = 0;
    const RowsetOutcome outcome = fetch_rowset(*current_, plan_, to, diagnostics);
    position_.first = next;
    arrived(outcome.rows);
    if (keep && outcome.rows) kept_->go_to(0);
    if (!keep && outcome.rows > 1) readable_ = 0;
    if (!keep && several && outcome.rows == 1) current_ = first_row_.get();
    return outcome.result;
}

SQLRETURN Cursor::fetch_scrolled(const Fetch& fetch, const descriptor::Descriptor& ard,
                                 Diagnostics& diagnostics) {
    if (kind_.forward_only) must_go_forward(fetch.orientation);
    const auto rows = static_cast<SQLLEN>(scrollable_->rows());
    if (fetch.orientation == SQL_FETCH_BOOKMARK) {
        if (kind_.bookmarks == Bookmarks::off)
            throw Error(state::fetch_type_out_of_range,
                        "the cursor was opened without bookmarks (SQL_ATTR_USE_BOOKMARKS)");
        if (fetch.bookmark < 1 || fetch.bookmark > rows) throw_bad_bookmark();
    }
    const auto move =
        scroll(fetch.orientation, fetch.offset, position_, rows, static_cast<SQLLEN>(fetch.size),
               static_cast<SQLLEN>(size_), fetch.bookmark);
    if (!move)
        throw Error(state::fetch_type_out_of_range,
                    "there is no fetch type " + std::to_string(fetch.orientation));
    if (move->attempt_before_start) diagnostics.warn(state::fetch_before_start);
    position_.first = move->first;
    size_ = fetch.size;
    readable_ = 0;
    rowset_rows_ = 0;
    RowsetTarget to = target(fetch, ard);
    if (!move->has_rows) to.most = 0;
    if (fetch.live && move->has_rows) {
        const auto left = static_cast<SQLULEN>(rows - move->first + 1);
        fetch.live->bring(static_cast<std::size_t>(move->first - 1), std::min(fetch.size, left));
    }
    scrollable_->seek(static_cast<std::size_t>(std::max<SQLLEN>(move->first - 1, 0)));
    const RowsetOutcome outcome = fetch_rowset(*scrollable_, plan_, to, diagnostics);
    left_ = false;
    arrived(outcome.rows);
    tell_bookmarks(ard, 0, outcome.rows);
    for (SQLULEN row = 0; fetch.status && row < outcome.rows; ++row) {
        if (is_deleted(row + 1))
            fetch.status[row] = SQL_ROW_DELETED;
        else if (fetch.live && fetch.status[row] == SQL_ROW_SUCCESS &&
                 fetch.live->has_changed(result_row(row + 1)))
            fetch.status[row] = SQL_ROW_UPDATED;
    }
    if (outcome.rows > 1 || (outcome.rows && is_deleted(1))) set_position(1);
    return outcome.result;
}

SQLUSMALLINT Cursor::fetch_row_to(std::size_t row, SQLULEN place, const descriptor::Descriptor& ard,
                                  Diagnostics& diagnostics) {
    plan_.update(ard, *results_, kind_.wide_types);
    if (scrollable_->is_removed(row)) return SQL_ROW_DELETED;
    SQLUSMALLINT status = SQL_ROW_NOROW;
    RowsetTarget to;
    to.first = place;
    to.status = &status;
    to.offset = ard.bind_offset_ptr ? *ard.bind_offset_ptr : 0;
    scrollable_->seek(row);
    fetch_rowset(*scrollable_, plan_, to, diagnostics);
    return status;
}

void Cursor::tell_bookmarks(const descriptor::Descriptor& ard, SQLULEN first, SQLULEN rows) {
    if (kind_.bookmarks == Bookmarks::off || !ard.record(0).data_ptr) return;
    for (SQLULEN row = first; row < first + rows; ++row)
        put_bookmark(ard, row, result_row(row + 1) + 1);
}

void Cursor::arrived(SQLULEN rows) {
    rowset_rows_ = rows;
    row_ = 0;
    reader_.reset();
    readable_ = rows ? columns_ : 0;
}

void Cursor::set_position(SQLULEN row) {
    if (left_)
        throw Error(state::invalid_cursor_position,
                    "SQLBulkOperations has left the rowset; fetch one first");
    if (rowset_rows_ == 0)
        throw Error(state::invalid_cursor_state, "the cursor is not on a row; fetch one first");
    if (row > rowset_rows_)
        throw Error(state::row_value_out_of_range, "row " + std::to_string(row) +
                                                       " is none of the rowset's " +
                                                       std::to_string(rowset_rows_));
    if (row == 0)
        throw Error(state::invalid_cursor_position, "the cursor can be set to one row only");
    if (scrollable_) {
        scrollable_->seek(result_row(row));
        scrollable_->next_row();
    }
    if (is_deleted(row)) {
        row_ = row - 1;
        reader_.reset();
        readable_ = 0;
        return;
    }
    if (!scrollable_ && keeping_) {
        kept_->go_to(row - 1);
    } else if (results::KeptRow* read =
                   stream_rows_ ? stream_rows_->read_again(result_row(row)) : nullptr) {
        current_ = read;
    } else if (!scrollable_ && rowset_rows_ > 1) {
        // A program that bound all columns gets a position; what it asks for there is read again.
        row_ = row - 1;
        reader_.reset();
        readable_ = 0;
        return;
    }
    row_ = row - 1;
    reader_.reset();
    readable_ = columns_;
}

SQLRETURN Cursor::refresh(SQLULEN row, const descriptor::Descriptor& ard, SQLUSMALLINT* status,
                          Diagnostics& diagnostics) {
    const SQLULEN first = row ? row : 1;
    set_position(first);
    if (row && is_deleted(row))
        throw Error(state::invalid_cursor_position, "row " + std::to_string(row) + " was deleted");
    plan_.update(ard, *results_, kind_.wide_types);
    const SQLLEN offset = ard.bind_offset_ptr ? *ard.bind_offset_ptr : 0;
    const SQLULEN last = row ? row : rowset_rows_;
    SQLULEN failed = 0;
    for (SQLULEN at = first; at <= last; ++at) {
        SQLUSMALLINT stored = SQL_ROW_DELETED;
        if (!is_deleted(at)) {
            set_position(at);
            stored = store_row(*current_, plan_, offset, at - 1, diagnostics);
        }
        if (status) status[at - 1] = stored;
        failed += stored == SQL_ROW_ERROR;
    }
    tell_bookmarks(ard, first - 1, last - first + 1);
    set_position(first);
    if (failed == last - first + 1) return SQL_ERROR;
    if (failed) diagnostics.warn(state::error_in_row);
    return SQL_SUCCESS;
}

SQLRETURN Cursor::get_bookmark(SQLSMALLINT c_type, const conversion::Target& target) {
    if (kind_.bookmarks == Bookmarks::off)
        throw Error(state::invalid_descriptor_index,
                    "there is no column 0: the cursor was opened without bookmarks "
                    "(SQL_ATTR_USE_BOOKMARKS)");
    store_bookmark(row_number(), c_type, kind_.bookmarks, target);
    return SQL_SUCCESS;
}

SQLRETURN Cursor::get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value,
                           SQLLEN capacity, SQLLEN* indicator, const descriptor::Descriptor& ard,
                           Diagnostics& diagnostics) {
    if (rowset_rows_ == 0)
        throw Error(state::invalid_cursor_state, "the cursor is not on a row; fetch one first");
    if (capacity < 0)
        throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
    if (column == 0) return get_bookmark(c_type, {value, capacity, indicator});
    if (column > results_->columns().size())
        throw Error(state::invalid_descriptor_index,
                    "there is no column " + std::to_string(column) + "; the result has " +
                        std::to_string(results_->columns().size()));
    if (readable_ == 0) {
        if (!scrollable_ && current_ == results_ && rowset_rows_ > 1)
            throw Error(state::invalid_cursor_position,
                        "all columns were bound, so the rows of this forward-only cursor were not "
                        "kept; set SQL_ATTR_CURSOR_TYPE to SQL_CURSOR_STATIC");
        if (is_deleted(row_ + 1))
            throw Error(state::invalid_cursor_position, "the current row was deleted");
        set_position(1);
    }
    conversion::Target target{value, capacity, indicator, 0, 0};
    if (column <= ard.count() && (c_type == SQL_ARD_TYPE || c_type == SQL_C_NUMERIC)) {
        const descriptor::Record& record = ard.record(column);
        if (c_type == SQL_ARD_TYPE) c_type = record.concise_type;
        target.precision = record.precision;
        target.scale = record.scale;
    } else if (c_type == SQL_ARD_TYPE) {
        c_type = SQL_C_DEFAULT;  // the concise type of a record that was never set
    }
    if (c_type != SQL_C_DEFAULT && !conversion::is_c_type(c_type))
        throw Error(state::invalid_buffer_type, "there is no C type " + std::to_string(c_type));
    conversion::Outcome outcome{};
    const SQLRETURN result =
        reader_.read(*current_, column - 1u, c_type, target, indicator, outcome, kind_.wide_types);
    if (outcome == conversion::Outcome::stored) return result;
    const results::Row& row = current_->row();
    const conversion::Cell cell(row.values[column - 1u], row.lengths[column - 1u]);
    if (!conversion::is_warning(outcome))
        throw Error(std::vector<Record>{conversion::error_of_cell(
            outcome, results_->columns(), column - 1u, row_, results_->format(), cell)});
    conversion::warn_of_cell(outcome, results_->shared_columns(), column - 1u, row_, diagnostics);
    return SQL_SUCCESS_WITH_INFO;
}

}  // namespace myfabric::cursor
