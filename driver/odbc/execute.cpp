// SQLPrepare, SQLExecute, SQLExecDirect, SQLCancel, SQLCancelHandle, SQLNativeSql.
#include "odbc/call.h"
#include "sql/escapes.h"

namespace myfabric::odbc {
namespace {

template <class Char>
SQLRETURN prepare(SQLHSTMT handle, Char* sql, SQLINTEGER length) noexcept {
    return call_async<Statement>(SQL_API_SQLPREPARE, handle, [=](Statement& s) {
        if (!sql) throw Error(state::invalid_null_pointer, "the SQL text is missing");
        return with_text(s, sql, length, [&](std::string_view text) { return s.prepare(text); });
    });
}

template <class Char>
SQLRETURN exec_direct(SQLHSTMT handle, Char* sql, SQLINTEGER length) noexcept {
    return call_async<Statement>(SQL_API_SQLEXECDIRECT, handle, [=](Statement& s) {
        if (!sql) throw Error(state::invalid_null_pointer, "the SQL text is missing");
        return s.within_timeout([&] {
            return with_text(s, sql, length,
                             [&](std::string_view text) { return s.execute_direct(text); });
        });
    });
}

template <class Char>
SQLRETURN native_sql(SQLHDBC handle, Char* sql, SQLINTEGER length, Char* output,
                     SQLINTEGER capacity, SQLINTEGER* output_length) noexcept {
    return call<Connection>(handle, [&](Connection& c) {
        if (!sql) throw Error(state::invalid_null_pointer, "the SQL text is missing");
        with_text(c, sql, length, [&](std::string_view text) {
            put(c, text_out(output, capacity, output_length, Unit::characters),
                sql::translate_escapes(text, c.backend().backslash_escapes()));
        });
    });
}

SQLRETURN cancel(SQLHSTMT handle) noexcept {
    // The lock is held by the call to be cancelled, if there is one.
    return call_unlocked<Statement>(handle, [](Statement& s) -> SQLRETURN {
        std::unique_lock lock(s.mutex(), std::try_to_lock);
        if (lock) {
            // A call that runs by itself and has ended still has its records to report.
            if (!s.async().idle()) return SQL_SUCCESS;
            s.diagnostics().clear();
            s.cancel_data_at_execution();
            return SQL_SUCCESS;  // nothing runs
        }
        if (s.connection().is_running_for(&s)) s.connection().cancel();
        return SQL_SUCCESS;
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric;
using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLPrepare(SQLHSTMT s, SQLCHAR* sql, SQLINTEGER n) {
    return prepare(s, sql, n);
}
SQLRETURN SQL_API SQLPrepareW(SQLHSTMT s, SQLWCHAR* sql, SQLINTEGER n) {
    return prepare(s, sql, n);
}

SQLRETURN SQL_API SQLExecDirect(SQLHSTMT s, SQLCHAR* sql, SQLINTEGER n) {
    return exec_direct(s, sql, n);
}
SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT s, SQLWCHAR* sql, SQLINTEGER n) {
    return exec_direct(s, sql, n);
}

SQLRETURN SQL_API SQLExecute(SQLHSTMT handle) {
    return call_async<Statement>(SQL_API_SQLEXECUTE, handle, [](Statement& s) {
        return s.within_timeout([&] { return s.execute(); });
    });
}

SQLRETURN SQL_API SQLNativeSql(SQLHDBC c, SQLCHAR* sql, SQLINTEGER n, SQLCHAR* out,
                               SQLINTEGER capacity, SQLINTEGER* length) {
    return native_sql(c, sql, n, out, capacity, length);
}
SQLRETURN SQL_API SQLNativeSqlW(SQLHDBC c, SQLWCHAR* sql, SQLINTEGER n, SQLWCHAR* out,
                                SQLINTEGER capacity, SQLINTEGER* length) {
    return native_sql(c, sql, n, out, capacity, length);
}

SQLRETURN SQL_API SQLCancel(SQLHSTMT handle) {
    return cancel(handle);
}

SQLRETURN SQL_API SQLCancelHandle(SQLSMALLINT type, SQLHANDLE handle) {
    if (type == SQL_HANDLE_STMT) return cancel(handle);
    if (type != SQL_HANDLE_DBC) return SQL_INVALID_HANDLE;
    return call_unlocked<Connection>(handle, [](Connection& c) -> SQLRETURN {
        // Connecting ends by its own timeout; what runs on the server can be stopped.
        if (!c.async().idle()) c.cancel();
        return SQL_SUCCESS;
    });
}

}  // extern "C"
