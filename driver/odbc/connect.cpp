// SQLConnect, SQLDriverConnect, SQLBrowseConnect, SQLDisconnect.
#include "base/secret.h"
#include "handles/browse_connect.h"
#include "odbc/call.h"

namespace myfabric::odbc {
namespace {

/// Before the arguments are looked at: they are none of an open connection's, and iODBC's wide
/// texts cannot be read.
void require_closed(const Connection& connection) {
    if (connection.connected())
        throw Error(state::connection_in_use, "the connection is already open");
    if (const std::string& iodbc = connection.application.iodbc; !iodbc.empty())
        throw Error(state::not_implemented,
                    "the driver manager is iODBC (" + iodbc +
                        "), whose wide characters have four bytes, this driver's have two; use a "
                        "program that is built with unixODBC (libodbc.so.2)");
}

/// Before connecting: a driver manager takes what fails for a connection that is closed.
void require_room(SQLSMALLINT capacity) {
    if (capacity < 0)
        throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
}

template <class Char>
SQLRETURN connect(SQLHDBC handle, Char* source, SQLSMALLINT source_length, Char* user,
                  SQLSMALLINT user_length, Char* password, SQLSMALLINT password_length) noexcept {
    return call_async<Connection>(SQL_API_SQLCONNECT, handle, [=](Connection& c) {
        require_closed(c);
        c.application.ansi = sizeof(Char) == 1;
        c.connect(
            dsn::from_data_source(text(source, source_length), text(user, user_length),
                                  Secret(std::string(text(password, password_length))).text()));
    });
}

template <class Char>
SQLRETURN driver_connect(SQLHDBC handle, Char* input, SQLSMALLINT input_length, Char* output,
                         SQLSMALLINT capacity, SQLSMALLINT* output_length,
                         SQLUSMALLINT completion) noexcept {
    return call_async<Connection>(SQL_API_SQLDRIVERCONNECT, handle, [=](Connection& c) {
        require_closed(c);
        if (completion > SQL_DRIVER_COMPLETE_REQUIRED)
            throw Error(state::invalid_driver_completion,
                        "driver completion " + std::to_string(completion) + " is unknown");
        // No dialog exists here: whatever may be prompted for must be in the string or the DSN.
        if (completion == SQL_DRIVER_PROMPT)
            throw Error(state::not_implemented,
                        "SQL_DRIVER_PROMPT needs a dialog, which this driver does not have");
        require_room(capacity);
        const Secret given(std::string(text(input, input_length)));
        const dsn::Resolved resolved = dsn::from_connection_string(given.text());
        c.application.ansi = sizeof(Char) == 1;
        c.connect(resolved);
        const Secret completed(dsn::completed(resolved));
        put(c, text_out(output, capacity, output_length, Unit::characters), completed.text());
    });
}

template <class Char>
SQLRETURN browse_connect(SQLHDBC handle, Char* input, SQLSMALLINT input_length, Char* output,
                         SQLSMALLINT capacity, SQLSMALLINT* output_length) noexcept {
    return call_async<Connection>(SQL_API_SQLBROWSECONNECT, handle, [=](Connection& c) {
        if (!c.browsing) require_closed(c);
        require_room(capacity);
        c.application.ansi = sizeof(Char) == 1;
        std::string answer;
        const SQLRETURN result = handles::browse_connect(
            c, Secret(std::string(text(input, input_length))).text(), answer);
        put(c, text_out(output, capacity, output_length, Unit::characters), answer);
        wipe(answer);
        return result;
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLConnect(SQLHDBC c, SQLCHAR* s, SQLSMALLINT sn, SQLCHAR* u, SQLSMALLINT un,
                             SQLCHAR* p, SQLSMALLINT pn) {
    return connect(c, s, sn, u, un, p, pn);
}
SQLRETURN SQL_API SQLConnectW(SQLHDBC c, SQLWCHAR* s, SQLSMALLINT sn, SQLWCHAR* u, SQLSMALLINT un,
                              SQLWCHAR* p, SQLSMALLINT pn) {
    return connect(c, s, sn, u, un, p, pn);
}

SQLRETURN SQL_API SQLDriverConnect(SQLHDBC c, SQLHWND, SQLCHAR* in, SQLSMALLINT in_length,
                                   SQLCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* length,
                                   SQLUSMALLINT completion) {
    return driver_connect(c, in, in_length, out, capacity, length, completion);
}
SQLRETURN SQL_API SQLDriverConnectW(SQLHDBC c, SQLHWND, SQLWCHAR* in, SQLSMALLINT in_length,
                                    SQLWCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* length,
                                    SQLUSMALLINT completion) {
    return driver_connect(c, in, in_length, out, capacity, length, completion);
}

SQLRETURN SQL_API SQLBrowseConnect(SQLHDBC c, SQLCHAR* in, SQLSMALLINT in_length, SQLCHAR* out,
                                   SQLSMALLINT capacity, SQLSMALLINT* length) {
    return browse_connect(c, in, in_length, out, capacity, length);
}
SQLRETURN SQL_API SQLBrowseConnectW(SQLHDBC c, SQLWCHAR* in, SQLSMALLINT in_length, SQLWCHAR* out,
                                    SQLSMALLINT capacity, SQLSMALLINT* length) {
    return browse_connect(c, in, in_length, out, capacity, length);
}

SQLRETURN SQL_API SQLDisconnect(SQLHDBC handle) {
    return call_async<Connection>(SQL_API_SQLDISCONNECT, handle,
                                  [](Connection& c) { c.disconnect(); });
}

}  // extern "C"
