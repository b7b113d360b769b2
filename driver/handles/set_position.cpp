// Statement: SQLSetPos, and changing the rows that it and SQLBulkOperations name.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "handles/row_editor.h"
#include "handles/statement.h"

namespace myfabric::handles {

using Operation = ColumnChanges::Operation;

cursor::Bookmarks Statement::bookmarks() const {
    if (results_ && cursor_open() && cursor_.is_open()) return cursor_.bookmarks();
    switch (attributes.use_bookmarks) {
        case SQL_UB_OFF:
            return cursor::Bookmarks::off;
        case SQL_UB_VARIABLE:
            return cursor::Bookmarks::variable;
        default:
            return cursor::Bookmarks::fixed;
    }
}

SQLLEN Statement::fetch_bookmark() const {
    if (attributes.use_bookmarks == SQL_UB_OFF) return 0;  // fetching tells what is wrong
    if (!attributes.fetch_bookmark_ptr) cursor::throw_bad_bookmark();
    return *static_cast<const SQLLEN*>(attributes.fetch_bookmark_ptr);
}

SQLRETURN Statement::set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock) {
    need_cursor();
    if (lock > SQL_LOCK_UNLOCK)
        throw Error(state::invalid_attribute, "there is no lock type " + std::to_string(lock));
    if (lock != SQL_LOCK_NO_CHANGE)
        throw Error(state::not_implemented, "locking rows by SQLSetPos; use SELECT ... FOR UPDATE");
    if (operation == SQL_POSITION) {
        cursor_.set_position(row);
        return SQL_SUCCESS;
    }
    must_be_idle();
    if (operation == SQL_REFRESH) {
        cursor_.refresh(row, ard_->fields, row_status(), diagnostics());
        return SQL_SUCCESS;
    }
    if (operation != SQL_UPDATE && operation != SQL_DELETE && operation != SQL_ADD)
        throw Error(state::invalid_attribute, "there is no operation " + std::to_string(operation));
    must_be_updatable();

    ColumnChanges changes;
    changes.operation = operation == SQL_UPDATE   ? Operation::update
                        : operation == SQL_DELETE ? Operation::remove
                                                  : Operation::add;
    changes.whole = row == 0;
    if (operation == SQL_ADD) {
        // ODBC 2.x: a row of the buffers, which need not have been fetched.
        const SQLULEN places = std::max(ard_->fields.array_size, attributes.extended_rowset_size);
        if (row > places)
            throw Error(state::row_value_out_of_range,
                        "row " + std::to_string(row) + " is none of the " + std::to_string(places) +
                            " of the rowset's buffers");
    } else {
        cursor_.set_position(row ? row : 1);
    }
    const SQLUSMALLINT* ignored = ard_->fields.array_status_ptr;
    const SQLULEN last = row ? row : cursor_.rowset_rows();
    for (SQLULEN at = row ? row : 1; at <= last; ++at) {
        if (ignored && ignored[at - 1] == SQL_ROW_IGNORE) continue;
        if (operation == SQL_ADD) {
            changes.rows.push_back({at - 1});
            continue;
        }
        if (cursor_.is_deleted(at)) {
            if (changes.whole) continue;
            throw Error(state::invalid_cursor_position,
                        "row " + std::to_string(at) + " was deleted");
        }
        changes.rows.push_back({at - 1, cursor_.result_row(at)});
    }
    return start_changes(std::move(changes));
}

// ---- changing rows -----------------------------------------------------------------------------

void Statement::must_be_updatable() const {
    if (!updatable_)
        throw Error(state::invalid_attribute,
                    "the cursor is read-only: set SQL_ATTR_CONCURRENCY to SQL_CONCUR_VALUES before "
                    "executing");
}

RowEditor& Statement::editor() {
    if (!(opened_on_ == connection_.backend().target()))
        throw Error(state::invalid_cursor_state,
                    "the connection's target was changed after the cursor had been opened");
    if (!editor_)
        editor_ = std::make_unique<RowEditor>(connection_.backend(), *scrollable_, reading(),
                                              attributes.max_length != 0);
    return *editor_;
}

SQLRETURN Statement::start_changes(ColumnChanges changes) {
    editor();
    describe_ird();
    const descriptor::Descriptor& ard = ard_->fields;
    for (std::size_t number = columns().size() + 1; number <= ard.count(); ++number)
        if (ard.record(number).data_ptr && changes.operation != Operation::remove)
            throw Error(state::invalid_descriptor_index,
                        "column " + std::to_string(number) + " is bound, but the result has " +
                            std::to_string(columns().size()) + " columns");
    if (changes.bulk && ird().fields.rows_processed_ptr) *ird().fields.rows_processed_ptr = 0;
    changes_ = std::move(changes);
    changes_.active = true;
    return continue_changes();
}

/// Changes the rows that are left, until one waits for data.
SQLRETURN Statement::continue_changes() {
    while (changes_.next < changes_.rows.size()) {
        collected_.clear();
        const SQLULEN place = changes_.rows[changes_.next].place;
        if (changes_.operation != Operation::remove) {
            try {
                choose_columns();
            } catch (const Error& error) {
                change_failed(error);
                continue;
            }
            if (changes_.plan.any_waiting(place)) {
                at_execution_ = {};
                at_execution_.active = true;
                at_execution_.parameters = changes_.plan.waiting(place);
                return SQL_NEED_DATA;
            }
        }
        change_row();
    }
    return finish_changes();
}

void Statement::choose_columns() {
    const descriptor::Descriptor& ard = ard_->fields;
    const SQLULEN place = changes_.rows[changes_.next].place;
    const SQLLEN offset = ard.bind_offset_ptr ? *ard.bind_offset_ptr : 0;
    const std::size_t stride = ard.bind_type == SQL_BIND_BY_COLUMN
                                   ? sizeof(SQLLEN)
                                   : static_cast<std::size_t>(ard.bind_type);
    changes_.columns.clear();
    std::vector<std::size_t> numbers;
    for (std::size_t number = 1; number <= std::min(ard.count(), columns().size()); ++number) {
        const descriptor::Record& record = ard.record(number);
        if (!record.data_ptr && !record.indicator_ptr) continue;
        const auto column = static_cast<unsigned>(number - 1);
        if (!editor_->is_updatable(column)) continue;
        if (record.indicator_ptr) {
            const auto* at = reinterpret_cast<const char*>(record.indicator_ptr) +
                             static_cast<std::size_t>(offset) + place * stride;
            if (*reinterpret_cast<const SQLLEN*>(at) == SQL_COLUMN_IGNORE) continue;
        }
        changes_.columns.push_back(column);
        numbers.push_back(number);
    }
    if (numbers.empty() && changes_.operation == Operation::update)
        throw Error(state::derived_column_mismatch,
                    "no column is to be updated: all are unbound, read-only, or have the length "
                    "SQL_COLUMN_IGNORE");
    changes_.plan.forget();
    changes_.plan.update(ard, ird().fields, numbers.size(), numbers);
}

void Statement::change_row() {
    const ColumnChanges::Row row = changes_.rows[changes_.next];
    try {
        if (!row.exists) cursor::throw_bad_bookmark();
        if (change(row)) {
            ++changes_.affected;
            note_change(row, changed_status());
        } else {
            myfabric::Record told = Error(state::cursor_conflict,
                                          "the row has changed or is gone since it was fetched: it "
                                          "was left alone")
                                        .records()
                                        .front();
            told.row = static_cast<long long>(row.place + 1);
            changes_.told.push_back(std::move(told));
            note_change(row, SQL_ROW_ERROR);
        }
        ++changes_.next;
    } catch (const Error& error) {
        change_failed(error);
    }
    collected_.clear();
}

SQLUSMALLINT Statement::changed_status() const {
    switch (changes_.operation) {
        case Operation::update:
            return SQL_ROW_UPDATED;
        case Operation::remove:
            return SQL_ROW_DELETED;
        case Operation::add:
            break;
    }
    return SQL_ROW_ADDED;
}

void Statement::note_change(const ColumnChanges::Row& row, SQLUSMALLINT status) {
    if (SQLUSMALLINT* const told = row_status()) told[row.place] = status;
}

/// Makes the change; false when the row is not as it was fetched.
bool Statement::change(const ColumnChanges::Row& row) {
    if (changes_.operation == Operation::remove) return editor_->remove(row.row);
    const std::size_t count = changes_.columns.size();
    execution::ParameterValues values;
    values.values.resize(count);
    values.scratch.resize(count);
    changes_.plan.read(row.place, collected_, values.values.data(), values.scratch.data());
    const RowEditor::Values given{changes_.columns, values.values};
    if (changes_.operation == Operation::update) return editor_->update(row.row, given);
    const auto added = editor_->add(given);
    const bool wanted = changes_.bulk && cursor_.bookmarks() != cursor::Bookmarks::off &&
                        ard_->fields.record(0).data_ptr;
    if (added && wanted) cursor::put_bookmark(ard_->fields, row.place, *added + 1);
    return true;
}

/// Notes the failure of the row at hand; throws when the rows behind it cannot be changed.
void Statement::change_failed(const Error& error) {
    const ColumnChanges::Row& row = changes_.rows[changes_.next++];
    ++changes_.failed;
    note_change(row, SQL_ROW_ERROR);
    for (Record record : error.records()) {
        record.row = static_cast<long long>(row.place + 1);
        constexpr std::string_view called = "parameter ";  // a column's value is sent as one
        if (record.message.starts_with(called)) record.message.replace(0, called.size(), "column ");
        changes_.told.push_back(std::move(record));
    }
    if (!concerns_connection(error)) return;
    throw Error(std::exchange(changes_, {}).told);
}

SQLRETURN Statement::finish_changes() {
    ColumnChanges done = std::exchange(changes_, {});
    row_count_ = done.affected;
    if (done.bulk) {
        if (ird().fields.rows_processed_ptr)
            *ird().fields.rows_processed_ptr = static_cast<SQLULEN>(done.affected);
        cursor_.leave_rowset();
    } else if (cursor_.positioned()) {
        cursor_.set_position(done.whole || done.operation == Operation::add || done.rows.empty()
                                 ? cursor_.current()
                                 : done.rows.front().place + 1);
    }
    connection_.tell_notices(diagnostics());
    if (done.failed && done.failed == done.rows.size()) throw Error(std::move(done.told));
    for (Record& record : done.told) diagnostics().add(std::move(record));
    if (done.failed) diagnostics().warn(state::error_in_row);
    return SQL_SUCCESS;
}

// ---- UPDATE and DELETE ... WHERE CURRENT OF ----------------------------------------------------

void Statement::run_positioned(const execution::ParameterValues& values) {
    const auto& all = connection_.statements();
    const auto found = std::ranges::find_if(all, [&](const auto& other) {
        return !other->cursor_name.empty() &&
               equal_ignoring_case(other->cursor_name, positioned_->cursor);
    });
    if (found == all.end())
        throw Error(
            state::invalid_cursor_name,
            "no statement of this connection has the cursor name '" + positioned_->cursor + "'");
    Statement& owner = **found;
    cursor::Cursor& cursor = owner.cursor_;
    if (!owner.cursor_open() || !cursor.positioned() || cursor.is_deleted(cursor.current()))
        throw Error(state::invalid_cursor_state,
                    "the cursor '" + positioned_->cursor + "' is not on a row");
    if (!owner.updatable_)
        throw Error(state::syntax_error,
                    "the cursor '" + positioned_->cursor +
                        "' is read-only: set its SQL_ATTR_CONCURRENCY to SQL_CONCUR_VALUES");
    const SQLULEN row = cursor.current();
    const bool done = owner.editor().run_positioned(
        positioned_->head, std::span(values.values).first(analysis_.parameter_count),
        cursor.result_row(row), analysis_.first_verb == sql::Verb::remove);
    cursor.set_position(row);
    drop_results();
    executed_ = true;
    ++serial_;
    row_count_ = done ? 1 : 0;
    if (!done)
        diagnostics().warn(
            state::cursor_conflict,
            "the row has changed or is gone since it was fetched: it was left alone");
}

}  // namespace myfabric::handles
