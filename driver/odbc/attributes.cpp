// SQLGet/SetEnvAttr, SQLGet/SetConnectAttr, SQLGet/SetStmtAttr, cursor names.
#include "odbc/call.h"
#include "platform/module.h"

namespace myfabric::odbc {
namespace {

/// iODBC tells each driver the program's name by this attribute of its own.
constexpr SQLINTEGER iodbc_program_name = 1051;

/// A program that has iODBC in itself: no library shows it. `caller`: code of the program, or of
/// the driver manager.
void note_iodbc(SQLHDBC handle, const void* caller) noexcept {
    Connection* const c = handles::checked<Connection>(handle);
    if (!c) return;
    try {
        std::string manager = platform::file_with(caller);
        const std::lock_guard lock(c->mutex());
        if (manager.find("libodbc.so") == std::string::npos)
            c->application.iodbc = std::move(manager);
    } catch (...) {  // without memory nothing is noted
    }
}

SQLRETURN set_connect_attr(SQLHDBC handle, SQLINTEGER attribute, SQLPOINTER value,
                           SQLINTEGER length, bool wide) noexcept {
    return call<Connection>(handle, [&](Connection& c) {
        handles::set_connection_attribute(c, attribute, value, length, wide);
        c.report_notices(c.diagnostics());
    });
}

SQLRETURN get_connect_attr(SQLHDBC handle, SQLINTEGER attribute, SQLPOINTER value,
                           SQLINTEGER capacity, SQLINTEGER* length, bool wide) noexcept {
    // What is known of the link is reported while another thread's call waits for it.
    if (Connection* c = handles::checked<Connection>(handle);
        c && handles::is_known_of_the_link(attribute)) {
        const std::unique_lock lock(c->mutex(), std::try_to_lock);
        if (!lock) return handles::get_from_link(*c, attribute, value, capacity, length, wide);
    }
    return call<Connection>(handle, [&](Connection& c) {
        if (!handles::get_connection_attribute(c, attribute, value, capacity, length, wide))
            c.diagnostics().warn(state::right_truncated);
    });
}

SQLRETURN set_stmt_attr(SQLHSTMT handle, SQLINTEGER attribute, SQLPOINTER value,
                        SQLINTEGER length) noexcept {
    return call<Statement>(handle, [&](Statement& s) {
        s.must_be_idle();
        handles::set_statement_attribute(s, attribute, value, length);
    });
}

SQLRETURN get_stmt_attr(SQLHSTMT handle, SQLINTEGER attribute, SQLPOINTER value,
                        SQLINTEGER* length) noexcept {
    return call<Statement>(handle, [&](Statement& s) {
        s.must_be_idle();
        handles::get_statement_attribute(s, attribute, value, length);
    });
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric;
using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV handle, SQLINTEGER attribute, SQLPOINTER value,
                                SQLINTEGER) {
    return call<Environment>(
        handle, [&](Environment& e) { handles::set_environment_attribute(e, attribute, value); });
}

SQLRETURN SQL_API SQLGetEnvAttr(SQLHENV handle, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER,
                                SQLINTEGER* length) {
    return call<Environment>(handle, [&](Environment& e) {
        handles::get_environment_attribute(e, attribute, value);
        if (length) *length = sizeof(SQLINTEGER);
    });
}

SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC c, SQLINTEGER a, SQLPOINTER v, SQLINTEGER n) {
    return set_connect_attr(c, a, v, n, false);
}
SQLRETURN SQL_API SQLSetConnectAttrW(SQLHDBC c, SQLINTEGER a, SQLPOINTER v, SQLINTEGER n) {
    if (a == iodbc_program_name) note_iodbc(c, __builtin_return_address(0));
    return set_connect_attr(c, a, v, n, true);
}

SQLRETURN SQL_API SQLGetConnectAttr(SQLHDBC c, SQLINTEGER a, SQLPOINTER v, SQLINTEGER capacity,
                                    SQLINTEGER* length) {
    return get_connect_attr(c, a, v, capacity, length, false);
}
SQLRETURN SQL_API SQLGetConnectAttrW(SQLHDBC c, SQLINTEGER a, SQLPOINTER v, SQLINTEGER capacity,
                                     SQLINTEGER* length) {
    return get_connect_attr(c, a, v, capacity, length, true);
}

SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT s, SQLINTEGER a, SQLPOINTER v, SQLINTEGER n) {
    return set_stmt_attr(s, a, v, n);
}
SQLRETURN SQL_API SQLSetStmtAttrW(SQLHSTMT s, SQLINTEGER a, SQLPOINTER v, SQLINTEGER n) {
    return set_stmt_attr(s, a, v, n);
}

SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT s, SQLINTEGER a, SQLPOINTER v, SQLINTEGER,
                                 SQLINTEGER* length) {
    return get_stmt_attr(s, a, v, length);
}
SQLRETURN SQL_API SQLGetStmtAttrW(SQLHSTMT s, SQLINTEGER a, SQLPOINTER v, SQLINTEGER,
                                  SQLINTEGER* length) {
    return get_stmt_attr(s, a, v, length);
}

}  // extern "C"
