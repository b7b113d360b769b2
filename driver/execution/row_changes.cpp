#include "execution/row_changes.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/error.h"

namespace myfabric::execution {

namespace {

Record record_of(const Error& error, SQLULEN place) {
    Record record = error.records().front();
    record.row = static_cast<long long>(place + 1);
    return record;
}

/// Whether the application has a value for column `number` (from 1) in row `place` of its buffers.
bool gives_value(const descriptor::Descriptor& ard, std::size_t number, SQLULEN place) {
    const descriptor::Record& record = ard.record(number);
    if (!record.data_ptr && !record.indicator_ptr) return false;
    if (!record.indicator_ptr) return true;
    const SQLLEN offset = ard.bind_offset_ptr ? *ard.bind_offset_ptr : 0;
    const std::size_t stride = ard.bind_type == SQL_BIND_BY_COLUMN
                                   ? sizeof(SQLLEN)
                                   : static_cast<std::size_t>(ard.bind_type);
    const auto* const at = reinterpret_cast<const char*>(record.indicator_ptr) +
                           static_cast<std::size_t>(offset) + place * stride;
    return *reinterpret_cast<const SQLLEN*>(at) != SQL_COLUMN_IGNORE;
}

constexpr const char* changed_meanwhile =
    "the row has changed or is gone since it was fetched: it was left alone";

}  // namespace

// ---- SQLSetPos ---------------------------------------------------------------------------------

SQLRETURN RowChanges::set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock,
                                   SQLULEN places, const Call& call) {
    if (lock > SQL_LOCK_UNLOCK)
        throw Error(state::invalid_attribute, "there is no lock type " + std::to_string(lock));
    if (lock == SQL_LOCK_UNLOCK)
        throw Error(state::not_implemented,
                    "unlocking single rows: the server keeps locks until the transaction ends");
    cursor::Cursor& cursor = result_.cursor();
    if (operation == SQL_POSITION) {
        cursor.set_position(row);
        if (lock == SQL_LOCK_EXCLUSIVE) this->lock(row);
        return SQL_SUCCESS;
    }
    if (operation == SQL_REFRESH) {
        if (lock == SQL_LOCK_EXCLUSIVE) this->lock(row);
        return refresh(row, call);
    }
    if (operation != SQL_UPDATE && operation != SQL_DELETE && operation != SQL_ADD)
        throw Error(state::invalid_attribute, "there is no operation " + std::to_string(operation));
    must_be_updatable();
    if (lock == SQL_LOCK_EXCLUSIVE && operation != SQL_ADD) this->lock(row);
    end();
    operation_ = operation == SQL_UPDATE   ? Operation::update
                 : operation == SQL_DELETE ? Operation::remove
                                           : Operation::add;
    whole_ = row == 0;
    if (operation == SQL_ADD) {
        // ODBC 2.x: a row of the buffers, which need not have been fetched.
        if (row > places)
            throw Error(state::row_value_out_of_range,
                        "row " + std::to_string(row) + " is none of the " + std::to_string(places) +
                            " of the rowset's buffers");
    } else {
        cursor.set_position(row ? row : 1);
    }
    const SQLUSMALLINT* ignored = call.ard.array_status_ptr;
    const bool adds_all = row == 0 && operation == SQL_ADD && cursor.rowset_rows() == 0;
    const SQLULEN last = row ? row : adds_all ? call.ard.array_size : cursor.rowset_rows();
    for (SQLULEN at = row ? row : 1; at <= last; ++at) {
        if (ignored && ignored[at - 1] == SQL_ROW_IGNORE) continue;
        if (operation == SQL_ADD) {
            rows_.push_back({at - 1});
            continue;
        }
        if (cursor.is_deleted(at)) {
            if (whole_) continue;
            throw Error(state::invalid_cursor_position,
                        "row " + std::to_string(at) + " was deleted");
        }
        rows_.push_back({at - 1, cursor.result_row(at)});
    }
    return start(call);
}

/// Locks a row of the rowset, or all of them (0), until the transaction ends.
void RowChanges::lock(SQLULEN row) {
    cursor::Cursor& cursor = result_.cursor();
    cursor.set_position(row ? row : 1);
    const SQLULEN last = row ? row : cursor.rowset_rows();
    for (SQLULEN at = row ? row : 1; at <= last; ++at) {
        if (cursor.is_deleted(at) && !row) continue;
        if (!editor().lock(cursor.result_row(at)))
            throw Error(state::syntax_error, "row " + std::to_string(at) +
                                                 " cannot be locked: it is gone from the table");
    }
    cursor.set_position(row ? row : 1);
}

/// Rows of a stream are the server's, those of a keyset-driven cursor, too; those of a static
/// cursor stay as they were read.
SQLRETURN RowChanges::refresh(SQLULEN row, const Call& call) {
    cursor::Cursor& cursor = result_.cursor();
    if (!result_.kept() || result_.live()) {
        cursor.set_position(row ? row : 1);
        const SQLULEN last = row ? row : cursor.rowset_rows();
        for (SQLULEN at = row ? row : 1; at <= last; ++at)
            if (!cursor.is_deleted(at)) editor().refresh(cursor.result_row(at));
    }
    return cursor.refresh(row, call.ard, row_status(call), call.diagnostics);
}

bool RowChanges::bring_current() {
    cursor::Cursor& cursor = result_.cursor();
    const SQLULEN row = cursor.current();
    const bool there = editor().bring(cursor.result_row(row));
    cursor.set_position(row);
    return there;
}

// ---- keyset-driven and dynamic cursors ---------------------------------------------------------

std::string RowChanges::why_static() {
    if (result_.wanted().max_length) return "SQL_ATTR_MAX_LENGTH shortens its values";
    try {
        if (editor().has_key()) return {};
    } catch (const Error& error) {
        if (concerns_session(error.cause())) throw;
        return error.records().front().message;
    }
    return "no primary or unique key that is never NULL is in the result";
}

void RowChanges::bring(std::size_t first, std::size_t count) {
    fresh_ = editor().refresh_rows(first, count);
    fresh_first_ = first;
    if (seen_.size() < first + count) seen_.resize(first + count);
    for (std::size_t i = 0; i < count; ++i) {
        if (!seen_[first + i] && fresh_[i] == RowEditor::Fresh::changed)
            fresh_[i] = RowEditor::Fresh::same;  // since it was fetched last
        seen_[first + i] = true;
    }
    given_ += count;
}

bool RowChanges::has_changed(std::size_t row) const {
    return row >= fresh_first_ && row - fresh_first_ < fresh_.size() &&
           fresh_[row - fresh_first_] == RowEditor::Fresh::changed;
}

bool RowChanges::wants_anew(SQLSMALLINT orientation) const {
    constexpr std::size_t few = 256;
    if (result_.cursor_type() != SQL_CURSOR_DYNAMIC) return false;
    const std::size_t rows = result_.kept()->rows();
    const bool at_the_end = static_cast<std::size_t>(result_.cursor().rows_given()) >= rows;
    switch (orientation) {
        case SQL_FETCH_NEXT:
            return rows <= few || given_ >= rows || at_the_end;
        case SQL_FETCH_PRIOR:
        case SQL_FETCH_RELATIVE:
            return rows <= few || given_ >= rows;
        default:
            return true;
    }
}

void RowChanges::take_anew(std::unique_ptr<results::Results> results, cursor::Fetch& fetch) {
    cursor::Cursor& cursor = result_.cursor();
    RowEditor& rows = editor();
    cursor::Moved moved;
    moved.first = cursor.first();
    moved.old_rows = static_cast<SQLLEN>(result_.kept()->rows());
    moved.places.resize(cursor.rowset_rows());
    std::unordered_map<std::string, std::size_t> left;
    for (SQLULEN row = 1; row <= cursor.rowset_rows(); ++row)
        left.emplace(rows.key_text(result_.kept()->row_at(cursor.result_row(row))), row - 1);
    if (!result_.renew(std::move(results))) return;
    results::StaticRows& kept = *result_.kept();
    moved.rows = static_cast<SQLLEN>(kept.rows());
    if (!left.empty()) {
        kept.seek(0);
        for (SQLLEN place = 1; kept.next_row(); ++place)
            if (const auto found = left.find(rows.key_text(kept.row())); found != left.end())
                moved.places[found->second] = place;
    }
    const cursor::Restart at = cursor::restart(fetch.orientation, fetch.offset, moved);
    fetch.orientation = at.orientation;
    fetch.offset = at.offset;
    cursor.renew(kept, kept, at);
    rows.rebind(kept, kept);
    begin_live();
}

// ---- SQLBulkOperations -------------------------------------------------------------------------

SQLRETURN RowChanges::bulk(SQLUSMALLINT operation, const Call& call) {
    const bool by_bookmark = operation == SQL_UPDATE_BY_BOOKMARK ||
                             operation == SQL_DELETE_BY_BOOKMARK ||
                             operation == SQL_FETCH_BY_BOOKMARK;
    if (!by_bookmark && operation != SQL_ADD)
        throw Error(state::invalid_attribute, "there is no operation " + std::to_string(operation));
    const cursor::Bookmarks bookmarks = result_.cursor().bookmarks();
    if (by_bookmark && bookmarks == cursor::Bookmarks::off)
        throw Error(state::invalid_attribute,
                    "the cursor was opened without bookmarks (SQL_ATTR_USE_BOOKMARKS)");
    const descriptor::Record& bookmark = call.ard.record(0);
    if (by_bookmark && !bookmark.data_ptr)
        throw Error(state::invalid_attribute, "the bookmark column, 0, is not bound");
    if (operation == SQL_FETCH_BY_BOOKMARK) return fetch_by_bookmark(call);
    must_be_updatable();
    if (operation == SQL_ADD && bookmark.data_ptr && bookmark.concise_type == SQL_C_VARBOOKMARK &&
        bookmarks == cursor::Bookmarks::variable && bookmark.octet_length != cursor::bookmark_size)
        throw Error(state::invalid_length,
                    "column 0 is bound with " + std::to_string(bookmark.octet_length) +
                        " bytes; a bookmark has " + std::to_string(cursor::bookmark_size));
    end();
    bulk_ = whole_ = true;
    operation_ = operation == SQL_ADD                  ? Operation::add
                 : operation == SQL_UPDATE_BY_BOOKMARK ? Operation::update
                                                       : Operation::remove;
    for (SQLULEN place = 0; place < call.ard.array_size; ++place) {
        Row row{place};
        if (by_bookmark) {
            const SQLULEN number = cursor::read_bookmark(call.ard, place);
            row.row = number - 1;
            row.exists = number > 0 && number <= result_.kept()->rows() &&
                         !result_.kept()->is_removed(row.row);
        }
        rows_.push_back(row);
    }
    return start(call);
}

SQLRETURN RowChanges::fetch_by_bookmark(const Call& call) {
    if (call.ird.rows_processed_ptr) *call.ird.rows_processed_ptr = 0;
    SQLULEN fetched = 0, failures = 0;
    for (SQLULEN place = 0; place < call.ard.array_size; ++place) {
        const SQLULEN number = cursor::read_bookmark(call.ard, place);
        SQLUSMALLINT status = SQL_ROW_ERROR;
        if (number > 0 && number <= result_.kept()->rows()) {
            status = result_.cursor().fetch_row_to(number - 1, place, call.ard, call.diagnostics);
        } else {
            call.diagnostics.add(record_of(
                Error(state::invalid_bookmark, "the bookmark names no row of this cursor"), place));
        }
        if (call.ird.array_status_ptr) call.ird.array_status_ptr[place] = status;
        ++(status == SQL_ROW_ERROR ? failures : fetched);
    }
    if (call.ird.rows_processed_ptr) *call.ird.rows_processed_ptr = fetched;
    result_.cursor().leave_rowset();
    if (failures && !fetched) return SQL_ERROR;
    if (failures) call.diagnostics.warn(state::error_in_row);
    return SQL_SUCCESS;
}

// ---- changing rows -----------------------------------------------------------------------------

void RowChanges::must_be_updatable() const {
    if (!result_.updatable())
        throw Error(state::invalid_attribute,
                    "the cursor is read-only: set SQL_ATTR_CONCURRENCY to SQL_CONCUR_VALUES before "
                    "executing");
}

RowEditor& RowChanges::editor() {
    result_.must_be_on_target();
    if (!editor_ || editor_of_ != result_.serial()) {
        editor_.reset();
        editor_ =
            std::make_unique<RowEditor>(executor_, result_.results(), result_.cursor().rows(),
                                        result_.wanted().read, result_.wanted().max_length != 0);
        editor_of_ = result_.serial();
    }
    return *editor_;
}

/// An update of a join whose values are of one table changes the rows of that one.
void RowChanges::narrow(const Call& call) {
    if (operation_ != Operation::update || !joins_tables()) return;
    const results::Columns& columns = result_.results().columns();
    std::optional<sql::TableName> table;
    for (const Row& row : rows_)
        for (std::size_t i = 0; i < columns.size() && i < call.ard.count(); ++i) {
            if (columns[i].base_name.empty() || !gives_value(call.ard, i + 1, row.place)) continue;
            const sql::TableName of{columns[i].database, columns[i].table};
            if (table && *table != of) return;
            table = of;
        }
    if (!table) return;
    result_.must_be_on_target();
    editor_ = std::make_unique<RowEditor>(executor_, result_.results(), result_.cursor().rows(),
                                          result_.wanted().read, result_.wanted().max_length != 0,
                                          &*table);
    editor_of_ = result_.serial();
}

SQLRETURN RowChanges::start(const Call& call) {
    if (!active_) narrow(call);
    editor();

    if (bulk_ && call.ird.rows_processed_ptr) *call.ird.rows_processed_ptr = 0;
    active_ = true;
    while (next_ < rows_.size()) {
        input_.clear_data();
        const SQLULEN place = rows_[next_].place;
        if (operation_ != Operation::remove) {
            try {
                choose_columns(call);
            } catch (const Error& error) {
                failed(error, call);
                continue;
            }
            if (plan_.any_waiting(place)) {
                input_.wait(plan_, place, nullptr);
                return SQL_NEED_DATA;
            }
        }
        change_row(call);
    }
    return finish(call);
}

SQLRETURN RowChanges::resume(const Call& call) {
    change_row(call);
    return start(call);
}

void RowChanges::choose_columns(const Call& call) {
    const descriptor::Descriptor& ard = call.ard;
    const SQLULEN place = rows_[next_].place;
    columns_.clear();
    std::vector<std::size_t> numbers;
    const std::size_t last = std::min(ard.count(), result_.results().columns().size());
    for (std::size_t number = 1; number <= last; ++number) {
        const auto column = static_cast<unsigned>(number - 1);
        if (!editor_->is_updatable(column) || !gives_value(ard, number, place)) continue;
        columns_.push_back(column);
        numbers.push_back(number);
    }
    if (numbers.empty() && operation_ == Operation::update)
        throw Error(state::derived_column_mismatch,
                    "no column is to be updated: all are unbound, read-only, or have the length "
                    "SQL_COLUMN_IGNORE");
    plan_.forget();
    plan_.writing = input_.plan().writing;
    plan_.update(ard, call.ird, numbers.size(), numbers);
}

void RowChanges::change_row(const Call& call) {
    const Row row = rows_[next_];
    try {
        if (!row.exists) cursor::throw_bad_bookmark();
        if (change(row, call)) {
            ++affected_;
            note(row, changed_status(), call);
        } else {
            records_.push_back(
                record_of(Error(state::cursor_conflict, changed_meanwhile), row.place));
            note(row, SQL_ROW_ERROR, call);
        }
        ++next_;
    } catch (const Error& error) {
        failed(error, call);
    }
    input_.clear_data();
}

SQLUSMALLINT RowChanges::changed_status() const {
    switch (operation_) {
        case Operation::update:
            return SQL_ROW_UPDATED;
        case Operation::remove:
            return SQL_ROW_DELETED;
        case Operation::add:
            break;
    }
    return SQL_ROW_ADDED;
}

void RowChanges::note(const Row& row, SQLUSMALLINT status, const Call& call) const {
    if (SQLUSMALLINT* const told = row_status(call)) told[row.place] = status;
}

/// Makes the change; false when the row is not as it was fetched.
bool RowChanges::change(const Row& row, const Call& call) {
    if (operation_ == Operation::remove) return editor_->remove(row.row);
    ParameterValues values;
    values.values.resize(columns_.size());
    values.scratch.resize(columns_.size());
    plan_.read(row.place, input_.data(), values.values.data(), values.scratch.data());
    const RowEditor::Values given{columns_, values.values};
    if (operation_ == Operation::update) return editor_->update(row.row, given);
    const auto added = editor_->add(given);
    const bool wanted = bulk_ && result_.cursor().bookmarks() != cursor::Bookmarks::off &&
                        call.ard.record(0).data_ptr;
    if (added && wanted) cursor::put_bookmark(call.ard, row.place, *added + 1);
    return true;
}

/// Notes the failure of the row at hand; throws when the rows after it cannot be changed.
void RowChanges::failed(const Error& error, const Call& call) {
    const Row& row = rows_[next_++];
    ++failed_;
    note(row, SQL_ROW_ERROR, call);
    for (Record record : error.records()) {
        record.row = static_cast<long long>(row.place + 1);
        constexpr std::string_view called = "parameter ";  // a column's value is sent as one
        if (record.message.starts_with(called)) record.message.replace(0, called.size(), "column ");
        records_.push_back(std::move(record));
    }
    if (!concerns_session(error.cause())) return;
    std::vector<Record> records = std::move(records_);
    end();
    throw Error(std::move(records));
}

SQLRETURN RowChanges::finish(const Call& call) {
    const bool all_failed = failed_ && failed_ == rows_.size();
    const bool some_failed = failed_ != 0;
    const std::vector<Record> records = std::move(records_);
    result_.row_count(affected_);
    cursor::Cursor& cursor = result_.cursor();
    if (bulk_) {
        if (call.ird.rows_processed_ptr)
            *call.ird.rows_processed_ptr = static_cast<SQLULEN>(affected_);
        cursor.leave_rowset();
    } else if (cursor.positioned()) {
        cursor.set_position(whole_ || operation_ == Operation::add || rows_.empty()
                                ? cursor.current()
                                : rows_.front().place + 1);
    }
    end();
    if (all_failed) throw Error(records);
    for (const Record& record : records) call.diagnostics.add(record);
    if (some_failed) call.diagnostics.warn(state::error_in_row);
    return SQL_SUCCESS;
}

void RowChanges::end() {
    active_ = bulk_ = whole_ = false;
    if (editor_ && editor_->is_of_one()) editor_.reset();  // for that change alone
    rows_.clear();
    next_ = failed_ = 0;
    affected_ = 0;
    records_.clear();
}

// ---- UPDATE and DELETE ... WHERE CURRENT OF ----------------------------------------------------

bool RowChanges::joins_tables() const {
    std::string why;
    return !sql::base_table(result_.results().columns(), why);
}

bool RowChanges::run_positioned(const std::string& name, const std::string& head,
                                std::span<const results::Parameter> given, bool removes) {
    cursor::Cursor& cursor = result_.cursor();
    if (!result_.cursor_open() || !cursor.positioned() || cursor.is_deleted(cursor.current()))
        throw Error(state::invalid_cursor_state, "the cursor '" + name + "' is not on a row");
    if (!result_.updatable())
        throw Error(state::syntax_error,
                    "the cursor '" + name +
                        "' is read-only: set its SQL_ATTR_CONCURRENCY to SQL_CONCUR_VALUES");
    const SQLULEN row = cursor.current();
    const auto run = [&](RowEditor& rows) {
        return rows.run_positioned(head, given, cursor.result_row(row), removes);
    };
    bool done = false;
    if (const auto table = sql::changed_table(head); table && joins_tables()) {
        RowEditor of_one(executor_, result_.results(), cursor.rows(), result_.wanted().read,
                         result_.wanted().max_length != 0, &*table);
        done = run(of_one);
    } else {
        done = run(editor());
    }
    cursor.set_position(row);
    return done;
}

}  // namespace myfabric::execution
