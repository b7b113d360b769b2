// Statement: SQLBulkOperations.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "handles/row_editor.h"
#include "handles/statement.h"

namespace myfabric::handles {

using Operation = ColumnChanges::Operation;

SQLRETURN Statement::bulk_operation(SQLUSMALLINT operation) {
    need_cursor();
    must_be_idle();
    const bool by_bookmark = operation == SQL_UPDATE_BY_BOOKMARK ||
                             operation == SQL_DELETE_BY_BOOKMARK ||
                             operation == SQL_FETCH_BY_BOOKMARK;
    if (!by_bookmark && operation != SQL_ADD)
        throw Error(state::invalid_attribute, "there is no operation " + std::to_string(operation));
    if (by_bookmark && cursor_.bookmarks() == cursor::Bookmarks::off)
        throw Error(state::invalid_attribute,
                    "the cursor was opened without bookmarks (SQL_ATTR_USE_BOOKMARKS)");
    const descriptor::Descriptor& ard = ard_->fields;
    const descriptor::Record& bookmark = ard.record(0);
    if (by_bookmark && !bookmark.data_ptr)
        throw Error(state::invalid_attribute, "the bookmark column, 0, is not bound");
    if (operation == SQL_FETCH_BY_BOOKMARK) return fetch_by_bookmark();
    must_be_updatable();
    if (operation == SQL_ADD && bookmark.data_ptr && bookmark.concise_type == SQL_C_VARBOOKMARK &&
        cursor_.bookmarks() == cursor::Bookmarks::variable &&
        bookmark.octet_length != cursor::bookmark_size)
        throw Error(state::invalid_length,
                    "column 0 is bound with " + std::to_string(bookmark.octet_length) +
                        " bytes; a bookmark has " + std::to_string(cursor::bookmark_size));

    ColumnChanges changes;
    changes.bulk = changes.whole = true;
    changes.operation = operation == SQL_ADD                  ? Operation::add
                        : operation == SQL_UPDATE_BY_BOOKMARK ? Operation::update
                                                              : Operation::remove;
    for (SQLULEN place = 0; place < ard.array_size; ++place) {
        ColumnChanges::Row row{place};
        if (by_bookmark) {
            const SQLULEN number = cursor::read_bookmark(ard, place);
            row.row = number - 1;
            row.exists =
                number > 0 && number <= scrollable_->rows() && !scrollable_->is_deleted(row.row);
        }
        changes.rows.push_back(row);
    }
    return start_changes(std::move(changes));
}

SQLRETURN Statement::fetch_by_bookmark() {
    const descriptor::Descriptor& ard = ard_->fields;
    const descriptor::Descriptor& fields = ird().fields;
    if (fields.rows_processed_ptr) *fields.rows_processed_ptr = 0;
    SQLULEN fetched = 0, failed = 0;
    for (SQLULEN place = 0; place < ard.array_size; ++place) {
        const SQLULEN number = cursor::read_bookmark(ard, place);
        SQLUSMALLINT status = SQL_ROW_ERROR;
        if (number > 0 && number <= scrollable_->rows()) {
            status = cursor_.fetch_row_to(number - 1, place, ard, diagnostics());
        } else {
            Record told = Error(state::invalid_bookmark, "the bookmark names no row of this cursor")
                              .records()
                              .front();
            told.row = static_cast<long long>(place + 1);
            diagnostics().add(std::move(told));
        }
        if (fields.array_status_ptr) fields.array_status_ptr[place] = status;
        ++(status == SQL_ROW_ERROR ? failed : fetched);
    }
    if (fields.rows_processed_ptr) *fields.rows_processed_ptr = fetched;
    cursor_.leave_rowset();
    if (failed && !fetched) return SQL_ERROR;
    if (failed) diagnostics().warn(state::error_in_row);
    return SQL_SUCCESS;
}

}  // namespace myfabric::handles
