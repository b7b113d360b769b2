// SQLAllocHandle, SQLFreeHandle, SQLFreeStmt, SQLCloseCursor.
#include <memory>

#include "odbc/call.h"
#include "platform/module.h"

namespace myfabric::odbc {
namespace {

/// `caller`: code of the application, or of the driver manager.
SQLRETURN allocate_environment(SQLHANDLE* output, const void* caller) noexcept {
    if (!output) return SQL_ERROR;
    try {
        auto environment = std::make_unique<Environment>();
        std::string manager = platform::file_with(caller);
        if (manager.find("libiodbc.so") != std::string::npos)
            environment->iodbc = std::move(manager);
        *output = static_cast<handles::Handle*>(environment.release());
        return SQL_SUCCESS;
    } catch (...) {
        *output = SQL_NULL_HANDLE;
        return SQL_ERROR;
    }
}

SQLRETURN allocate_connection(SQLHANDLE parent, SQLHANDLE* output) noexcept {
    return call<Environment>(parent, [&](Environment& environment) {
        if (!output) throw Error(state::invalid_null_pointer);
        *output = SQL_NULL_HANDLE;
        *output = static_cast<handles::Handle*>(new Connection(environment));
    });
}

template <class Allocate>
SQLRETURN allocate_child(SQLHANDLE parent, SQLHANDLE* output, Allocate&& allocate) noexcept {
    return call<Connection>(parent, [&](Connection& connection) {
        if (!output) throw Error(state::invalid_null_pointer);
        *output = SQL_NULL_HANDLE;
        *output = static_cast<handles::Handle*>(allocate(connection));
    });
}

SQLRETURN free_environment(SQLHANDLE raw) noexcept {
    Environment* environment = handles::checked<Environment>(raw);
    if (!environment) return SQL_INVALID_HANDLE;
    const SQLRETURN result = call<Environment>(raw, [](Environment& e) {
        if (!e.connections.empty())
            throw Error(state::function_sequence,
                        std::to_string(e.connections.size()) + " connections are still allocated");
    });
    if (result == SQL_SUCCESS) delete environment;
    return result;
}

SQLRETURN free_connection(SQLHANDLE raw) noexcept {
    Connection* connection = handles::checked<Connection>(raw);
    if (!connection) return SQL_INVALID_HANDLE;
    const SQLRETURN result = call<Connection>(raw, [](Connection& c) {
        if (c.connected())
            throw Error(state::function_sequence, "the connection is open; disconnect first");
    });
    if (result != SQL_SUCCESS) return result;
    std::lock_guard parent(connection->environment().mutex());
    delete connection;
    return SQL_SUCCESS;
}

/// Freeing takes the parent's lock: the handle's own is gone with it.
template <class H>
SQLRETURN free_child(SQLHANDLE raw) noexcept {
    H* handle = handles::checked<H>(raw);
    if (!handle) return SQL_INVALID_HANDLE;
    Connection& connection = handle->connection();
    std::lock_guard lock(connection.mutex());
    const Connection::Call running(connection, &connection);
    handle->diagnostics().clear();
    try {
        if constexpr (std::is_same_v<H, Statement>)
            if (!handle->async().idle())
                throw Error(state::function_sequence,
                            "the statement is still executing asynchronously; ask for its result "
                            "first");
        connection.free(handle);
        return SQL_SUCCESS;
    } catch (...) {
        return handle->diagnostics().fail(std::current_exception());
    }
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric;
using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE parent, SQLHANDLE* output) {
    switch (type) {
        case SQL_HANDLE_ENV:
            return allocate_environment(output, __builtin_return_address(0));
        case SQL_HANDLE_DBC:
            return allocate_connection(parent, output);
        case SQL_HANDLE_STMT:
            return allocate_child(parent, output,
                                  [](Connection& c) { return c.allocate_statement(); });
        case SQL_HANDLE_DESC:
            return allocate_child(parent, output,
                                  [](Connection& c) { return c.allocate_descriptor(); });
        default:
            return SQL_ERROR;
    }
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE handle) {
    switch (type) {
        case SQL_HANDLE_ENV:
            return free_environment(handle);
        case SQL_HANDLE_DBC:
            return free_connection(handle);
        case SQL_HANDLE_STMT:
            return free_child<Statement>(handle);
        case SQL_HANDLE_DESC:
            return free_child<DescriptorHandle>(handle);
        default:
            return SQL_ERROR;
    }
}

SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT handle, SQLUSMALLINT option) {
    if (option == SQL_DROP) return free_child<Statement>(handle);
    return call<Statement>(handle, [&](Statement& s) {
        switch (option) {
            case SQL_CLOSE:
                return s.close_cursor(false);
            case SQL_UNBIND:
                return s.unbind_columns();
            case SQL_RESET_PARAMS:
                return s.reset_parameters();
            default:
                throw Error(state::invalid_attribute,
                            "SQLFreeStmt has no option " + std::to_string(option));
        }
    });
}

SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT handle) {
    return call<Statement>(handle, [](Statement& s) { s.close_cursor(true); });
}

}  // extern "C"
