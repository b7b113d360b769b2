// SQLBindCol, SQLFetch, SQLFetchScroll, SQLExtendedFetch, SQLSetPos, SQLBulkOperations, SQLGetData,
// SQLMoreResults, SQLRowCount.
#include <utility>

#include "conversion/types.h"
#include "odbc/call.h"

using namespace myfabric;
using namespace myfabric::odbc;

namespace {

/// What SQLFetch and SQLFetchScroll take from the descriptors.
cursor::Fetch by_descriptors(Statement& s) {
    const descriptor::Descriptor& ird = s.ird().fields;
    cursor::Fetch fetch;
    fetch.size = s.ard().fields.array_size;
    fetch.fetched = ird.rows_processed_ptr;
    fetch.status = ird.array_status_ptr;
    return fetch;
}

/// What call() does, for the one function that is called for each cell: most of them need a
/// conversion and nothing else. False: it is call()'s.
[[gnu::always_inline]] inline bool get_whole(SQLHSTMT handle, SQLUSMALLINT column,
                                             SQLSMALLINT c_type,
                                             const conversion::Target& target) noexcept {
    Statement* statement = handles::checked<Statement>(handle);
    if (!statement) return false;
    std::lock_guard lock(statement->mutex());
    return statement->get_whole(column, c_type, target);
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLBindCol(SQLHSTMT handle, SQLUSMALLINT column, SQLSMALLINT c_type,
                             SQLPOINTER value, SQLLEN capacity, SQLLEN* indicator) {
    return call<Statement>(handle, [&](Statement& s) {
        s.must_be_idle();
        if (capacity < 0)
            throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
        if (!conversion::is_c_type(c_type))
            throw Error(state::invalid_buffer_type, "there is no C type " + std::to_string(c_type));
        if (value && s.cursor_open() && column > s.result().results().columns().size())
            throw Error(state::invalid_descriptor_index,
                        "there is no column " + std::to_string(column) + "; the result has " +
                            std::to_string(s.result().results().columns().size()));
        descriptor::Descriptor& ard = s.ard().fields;
        descriptor::Record& record = ard.writable(column);
        descriptor::set_concise_type(record, c_type);
        record.octet_length = capacity;
        record.data_ptr = value;
        record.octet_length_ptr = indicator;
        record.indicator_ptr = indicator;
        // Without a buffer the length alone is returned; without both the column is no longer
        // bound.
        if (value || indicator) return;
        // The count shrinks to the highest column that is still bound.
        std::size_t count = ard.count();
        while (count && !ard.record(count).data_ptr && !ard.record(count).octet_length_ptr) --count;
        ard.set_count(count);
    });
}

SQLRETURN SQL_API SQLFetch(SQLHSTMT handle) {
    return call_async<Statement>(SQL_API_SQLFETCH, handle, [](Statement& s) {
        cursor::Fetch fetch = by_descriptors(s);
        return s.within_timeout([&] { return s.fetch(fetch); });
    });
}

SQLRETURN SQL_API SQLFetchScroll(SQLHSTMT handle, SQLSMALLINT orientation, SQLLEN offset) {
    return call_async<Statement>(SQL_API_SQLFETCHSCROLL, handle, [=](Statement& s) {
        cursor::Fetch fetch = by_descriptors(s);
        fetch.orientation = orientation;
        fetch.offset = offset;
        if (orientation == SQL_FETCH_BOOKMARK) fetch.bookmark = s.fetch_bookmark();
        return s.within_timeout([&] { return s.fetch(fetch); });
    });
}

SQLRETURN SQL_API SQLExtendedFetch(SQLHSTMT handle, SQLUSMALLINT orientation, SQLLEN offset,
                                   SQLULEN* row_count, SQLUSMALLINT* status) {
    return call_async<Statement>(SQL_API_SQLEXTENDEDFETCH, handle, [=](Statement& s) {
        cursor::Fetch fetch;
        fetch.orientation = static_cast<SQLSMALLINT>(orientation);
        fetch.offset = offset;
        s.extended_status(status);
        fetch.size = s.attributes.extended_rowset_size;
        fetch.fetched = row_count;
        fetch.status = status;
        if (orientation == SQL_FETCH_BOOKMARK) std::swap(fetch.bookmark, fetch.offset);
        return s.within_timeout([&] { return s.fetch(fetch); });
    });
}

SQLRETURN SQL_API SQLSetPos(SQLHSTMT handle, SQLSETPOSIROW row, SQLUSMALLINT operation,
                            SQLUSMALLINT lock) {
    if (operation == SQL_POSITION && lock == SQL_LOCK_NO_CHANGE)
        return call<Statement>(handle,
                               [&](Statement& s) { return s.set_position(row, operation, lock); });
    return call_async<Statement>(SQL_API_SQLSETPOS, handle, [=](Statement& s) {
        return s.within_timeout([&] { return s.set_position(row, operation, lock); });
    });
}

SQLRETURN SQL_API SQLBulkOperations(SQLHSTMT handle, SQLSMALLINT operation) {
    return call_async<Statement>(SQL_API_SQLBULKOPERATIONS, handle, [=](Statement& s) {
        return s.within_timeout(
            [&] { return s.bulk_operation(static_cast<SQLUSMALLINT>(operation)); });
    });
}

SQLRETURN SQL_API SQLGetData(SQLHSTMT handle, SQLUSMALLINT column, SQLSMALLINT c_type,
                             SQLPOINTER value, SQLLEN capacity, SQLLEN* indicator) {
    const conversion::Target target{value, capacity, indicator};
    if (get_whole(handle, column, c_type, target)) [[likely]]
        return SQL_SUCCESS;
    return call<Statement>(handle, [&](Statement& s) {
        return s.get_data(column, c_type, target.value, target.capacity, target.length);
    });
}

SQLRETURN SQL_API SQLMoreResults(SQLHSTMT handle) {
    // Never by itself: unixODBC does not let applications poll this function.
    return call<Statement>(
        handle, [](Statement& s) { return s.within_timeout([&] { return s.more_results(); }); });
}

SQLRETURN SQL_API SQLRowCount(SQLHSTMT handle, SQLLEN* count) {
    return call<Statement>(handle, [&](Statement& s) {
        if (count) *count = static_cast<SQLLEN>(s.row_count());
    });
}

}  // extern "C"
