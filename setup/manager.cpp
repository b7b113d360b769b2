#include "setup/manager.h"

#include <sql.h>
#include <sqlext.h>

#include "base/error.h"

namespace myfabric::setup {
namespace {

SQLCHAR* chars(const std::string& text) {
    return reinterpret_cast<SQLCHAR*>(const_cast<char*>(text.c_str()));
}

[[noreturn]] void fail(SQLSMALLINT type, SQLHANDLE handle) {
    SQLCHAR sqlstate[6] = "HY000", message[1024] = "no diagnostic record";
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    SQLGetDiagRec(type, handle, 1, sqlstate, &native, message, sizeof message, &length);
    throw Error::from_server(reinterpret_cast<char*>(sqlstate), native,
                             reinterpret_cast<char*>(message));
}

/// A handle that is freed with its scope.
class Handle {
public:
    Handle(SQLSMALLINT type, SQLSMALLINT parent_type, SQLHANDLE parent) : type_(type) {
        if (!SQL_SUCCEEDED(SQLAllocHandle(type, parent, &handle_))) fail(parent_type, parent);
    }
    ~Handle() {
        if (connected_) SQLDisconnect(handle_);
        SQLFreeHandle(type_, handle_);
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    void check(SQLRETURN result) const {
        if (!SQL_SUCCEEDED(result)) fail(type_, handle_);
    }
    void connected() { connected_ = true; }
    SQLHANDLE get() const { return handle_; }

private:
    SQLSMALLINT type_;
    SQLHANDLE handle_ = nullptr;
    bool connected_ = false;
};

}  // namespace

std::string ask_through_manager(const std::string& data_source, const std::string& sql) {
    Handle environment(SQL_HANDLE_ENV, SQL_HANDLE_ENV, SQL_NULL_HANDLE);
    environment.check(SQLSetEnvAttr(environment.get(), SQL_ATTR_ODBC_VERSION,
                                    reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0));
    Handle connection(SQL_HANDLE_DBC, SQL_HANDLE_ENV, environment.get());
    const bool by_text = data_source.find('=') != std::string::npos;
    connection.check(by_text ? SQLDriverConnect(connection.get(), nullptr, chars(data_source),
                                                SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT)
                             : SQLConnect(connection.get(), chars(data_source), SQL_NTS, nullptr, 0,
                                          nullptr, 0));
    connection.connected();
    Handle statement(SQL_HANDLE_STMT, SQL_HANDLE_DBC, connection.get());
    statement.check(SQLExecDirect(statement.get(), chars(sql), SQL_NTS));
    statement.check(SQLFetch(statement.get()));
    char value[512] = "";
    SQLLEN length = 0;
    statement.check(SQLGetData(statement.get(), 1, SQL_C_CHAR, value, sizeof value, &length));
    return value;
}

}  // namespace myfabric::setup
