// SQLGetDiagRec, SQLGetDiagField: they read the records and leave them as they are.
#include <algorithm>
#include <iterator>

#include "odbc/call.h"
#include "sql/dynamic_function.h"

namespace myfabric::odbc {
namespace {

struct Source {
    Diagnostics* diagnostics = nullptr;
    Mutex* mutex = nullptr;
    bool odbc_2 = false;
    bool iodbc = false;
    Connection* connection = nullptr;  // none for an environment
    Statement* statement = nullptr;
};

/// The record of every handle that was asked for something while a function of it runs by itself.
Source busy() {
    static Mutex mutex;
    static Diagnostics diagnostics = [] {
        Diagnostics made;
        made.add(
            Error(state::function_sequence,
                  "a function of this handle still runs by itself; call it again until it ends")
                .records()
                .front());
        return made;
    }();
    return {&diagnostics, &mutex};
}

template <class H>
Source source_of(SQLHANDLE raw) {
    H* handle = handles::checked<H>(raw);
    if (!handle) return {};
    if constexpr (std::is_same_v<H, Statement> || std::is_same_v<H, Connection>)
        if (handle->async().refused()) return busy();
    Source source{&handle->diagnostics(), &handle->mutex()};
    if constexpr (std::is_same_v<H, Environment>) {
        source.odbc_2 = handle->odbc_2();
        source.iodbc = !handle->iodbc.empty();
        return source;
    } else if constexpr (std::is_same_v<H, Connection>) {
        source.connection = handle;
    } else {
        source.connection = &handle->connection();
    }
    if constexpr (std::is_same_v<H, Statement>) source.statement = handle;
    source.odbc_2 = source.connection->environment().odbc_2();
    source.iodbc = !source.connection->application.iodbc.empty();
    return source;
}

Source find_source(SQLSMALLINT type, SQLHANDLE handle) {
    switch (type) {
        case SQL_HANDLE_ENV:
            return source_of<Environment>(handle);
        case SQL_HANDLE_DBC:
            return source_of<Connection>(handle);
        case SQL_HANDLE_STMT:
            return source_of<Statement>(handle);
        case SQL_HANDLE_DESC:
            return source_of<DescriptorHandle>(handle);
        default:
            return {};
    }
}

std::string_view state_seen(const Source& source, const Record& record) {
    return source.odbc_2 ? odbc_2_state(record.state) : std::string_view(record.state);
}

template <class Char>
SQLRETURN get_diag_rec(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number, Char* state,
                       SQLINTEGER* native, Char* message, SQLSMALLINT capacity,
                       SQLSMALLINT* length) noexcept {
    const Source source = find_source(type, handle);
    if (!source.diagnostics) return SQL_INVALID_HANDLE;
    if (number <= 0 || capacity < 0) return SQL_ERROR;
    try {
        std::lock_guard lock(*source.mutex);
        const auto& records = source.diagnostics->records();
        if (static_cast<std::size_t>(number) > records.size()) return SQL_NO_DATA;
        const Record& record = records[static_cast<std::size_t>(number) - 1];
        TextOut state_out =
            text_out(state, 6, static_cast<SQLSMALLINT*>(nullptr), Unit::characters);
        TextOut message_out = text_out(message, capacity, length, Unit::characters);
        // The refusal of iODBC is read by iODBC.
        state_out.four_bytes = message_out.four_bytes = state_out.wide && source.iodbc;
        if (source.connection) message_out.narrow = source.connection->narrow();
        if (state) state_out.put(state_seen(source, record));
        if (native) *native = record.native;
        const bool whole = message_out.put(source.diagnostics->full_message(record));
        return whole && (message || capacity == 0) ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
    } catch (...) {
        return SQL_ERROR;
    }
}

/// "ODBC 3.0" for the class IM, else "ISO 9075".
std::string_view class_origin(std::string_view state) {
    return state.starts_with("IM") ? "ODBC 3.0" : "ISO 9075";
}

// clang-format off
constexpr std::string_view subclasses_of_odbc[] = {  // SQLGetDiagField, SQL_DIAG_SUBCLASS_ORIGIN
    "01S00", "01S01", "01S02", "01S06", "01S07", "07S01", "08S01", "21S01", "21S02", "25S01",
    "25S02", "25S03", "42S01", "42S02", "42S11", "42S12", "42S21", "42S22", "HY095", "HY097",
    "HY098", "HY099", "HY100", "HY101", "HY105", "HY107", "HY109", "HY110", "HY111", "HYT00",
    "HYT01", "IM001", "IM002", "IM003", "IM004", "IM005", "IM006", "IM007", "IM008", "IM010",
    "IM011", "IM012",
};
// clang-format on

std::string_view subclass_origin(std::string_view state) {
    const bool odbc = std::ranges::find(subclasses_of_odbc, state) != std::end(subclasses_of_odbc);
    return odbc ? "ODBC 3.0" : "ISO 9075";
}

template <class Number>
SQLRETURN give(SQLPOINTER out, Number value) {
    if (out) *static_cast<Number*>(out) = value;
    return SQL_SUCCESS;
}

SQLRETURN put_text(const TextOut& text, std::string_view value) {
    return text.put(value) ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
}

SQLRETURN header_field(const Source& source, SQLSMALLINT type, SQLSMALLINT field, SQLPOINTER out,
                       const TextOut& text) {
    const Diagnostics& d = *source.diagnostics;
    if (field == SQL_DIAG_NUMBER) return give(out, static_cast<SQLINTEGER>(d.records().size()));
    if (field == SQL_DIAG_RETURNCODE) return give(out, d.return_code());
    if (type != SQL_HANDLE_STMT) return SQL_ERROR;
    const auto function = [&] {
        return sql::dynamic_function(source.statement->command().sql(),
                                     source.statement->command().positioned().has_value());
    };
    switch (field) {
        case SQL_DIAG_ROW_COUNT:
            return give(out, static_cast<SQLLEN>(source.statement->result().row_count()));
        case SQL_DIAG_CURSOR_ROW_COUNT:
            return give(out, static_cast<SQLLEN>(source.statement->result().cursor_rows()));
        case SQL_DIAG_DYNAMIC_FUNCTION_CODE:
            return give(out, static_cast<SQLINTEGER>(function().code));
        case SQL_DIAG_DYNAMIC_FUNCTION:
            return put_text(text, function().name);
        default:
            return SQL_ERROR;
    }
}

SQLRETURN get_diag_field(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number, SQLSMALLINT field,
                         SQLPOINTER out, SQLSMALLINT capacity, SQLSMALLINT* length,
                         bool wide) noexcept {
    const Source source = find_source(type, handle);
    if (!source.diagnostics) return SQL_INVALID_HANDLE;
    try {
        std::lock_guard lock(*source.mutex);
        TextOut text{out, capacity, length, sizeof(SQLSMALLINT), Unit::bytes, wide};
        if (source.connection) text.narrow = source.connection->narrow();
        const bool of_header = field == SQL_DIAG_NUMBER || field == SQL_DIAG_RETURNCODE ||
                               field == SQL_DIAG_ROW_COUNT || field == SQL_DIAG_CURSOR_ROW_COUNT ||
                               field == SQL_DIAG_DYNAMIC_FUNCTION ||
                               field == SQL_DIAG_DYNAMIC_FUNCTION_CODE;
        if (of_header) return header_field(source, type, field, out, text);
        if (number <= 0) return SQL_ERROR;
        const auto& records = source.diagnostics->records();
        if (static_cast<std::size_t>(number) > records.size()) return SQL_NO_DATA;
        const Record& record = records[static_cast<std::size_t>(number) - 1];
        switch (field) {
            case SQL_DIAG_SQLSTATE:
                return put_text(text, state_seen(source, record));
            case SQL_DIAG_NATIVE:
                return give(out, static_cast<SQLINTEGER>(record.native));
            case SQL_DIAG_MESSAGE_TEXT:
                return put_text(text, source.diagnostics->full_message(record));
            case SQL_DIAG_CLASS_ORIGIN:
                return put_text(text, class_origin(record.state));
            case SQL_DIAG_SUBCLASS_ORIGIN:
                return put_text(text, subclass_origin(record.state));
            case SQL_DIAG_CONNECTION_NAME:  // the driver's own: which server it is
                return put_text(text, source.connection ? source.connection->facts().server_name
                                                        : std::string());
            case SQL_DIAG_SERVER_NAME:  // as SQL_DATA_SOURCE_NAME
                return put_text(text, source.connection ? source.connection->data_source_name()
                                                        : std::string());
            case SQL_DIAG_ROW_NUMBER:
                return give(out, static_cast<SQLLEN>(record.row));
            case SQL_DIAG_COLUMN_NUMBER:
                return give(out, static_cast<SQLINTEGER>(record.column));
            default:
                return SQL_ERROR;
        }
    } catch (...) {
        return SQL_ERROR;
    }
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLGetDiagRec(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                                SQLCHAR* state, SQLINTEGER* native, SQLCHAR* message,
                                SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_diag_rec(type, handle, number, state, native, message, capacity, length);
}
SQLRETURN SQL_API SQLGetDiagRecW(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                                 SQLWCHAR* state, SQLINTEGER* native, SQLWCHAR* message,
                                 SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_diag_rec(type, handle, number, state, native, message, capacity, length);
}

SQLRETURN SQL_API SQLGetDiagField(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                                  SQLSMALLINT field, SQLPOINTER out, SQLSMALLINT capacity,
                                  SQLSMALLINT* length) {
    return get_diag_field(type, handle, number, field, out, capacity, length, false);
}
SQLRETURN SQL_API SQLGetDiagFieldW(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT number,
                                   SQLSMALLINT field, SQLPOINTER out, SQLSMALLINT capacity,
                                   SQLSMALLINT* length) {
    return get_diag_field(type, handle, number, field, out, capacity, length, true);
}

}  // extern "C"
