#include "setup/manager.h"

#include <sql.h>
#include <sqlext.h>

#include <vector>

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

struct ManagerConnection::Handles {
    explicit Handles(const std::string& data_source)
        : environment(SQL_HANDLE_ENV, SQL_HANDLE_ENV, SQL_NULL_HANDLE),
          connection(SQL_HANDLE_DBC, SQL_HANDLE_ENV, versioned()) {
        const bool by_text = data_source.find('=') != std::string::npos;
        SQLHANDLE handle = connection.get();
        connection.check(
            by_text ? SQLDriverConnect(handle, nullptr, chars(data_source), SQL_NTS, nullptr, 0,
                                       nullptr, SQL_DRIVER_NOPROMPT)
                    : SQLConnect(handle, chars(data_source), SQL_NTS, nullptr, 0, nullptr, 0));
        connection.connected();
    }

    SQLHANDLE versioned() const {
        environment.check(SQLSetEnvAttr(environment.get(), SQL_ATTR_ODBC_VERSION,
                                        reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0));
        return environment.get();
    }

    Handle environment;
    Handle connection;
};

ManagerConnection::ManagerConnection(const std::string& data_source)
    : handles_(std::make_unique<Handles>(data_source)) {}

ManagerConnection::~ManagerConnection() = default;

std::size_t ManagerConnection::run(const std::string& sql, std::size_t rows_at_once) {
    constexpr std::size_t columns = 4, width = 64;
    Handle statement(SQL_HANDLE_STMT, SQL_HANDLE_DBC, handles_->connection.get());
    statement.check(SQLExecDirect(statement.get(), chars(sql), SQL_NTS));
    SQLSMALLINT count = 0;
    statement.check(SQLNumResultCols(statement.get(), &count));
    if (count == 0) return 0;
    SQLULEN fetched = 0;
    statement.check(SQLSetStmtAttr(statement.get(), SQL_ATTR_ROW_ARRAY_SIZE,
                                   reinterpret_cast<SQLPOINTER>(rows_at_once), 0));
    statement.check(SQLSetStmtAttr(statement.get(), SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0));
    std::vector<char> buffers[columns];
    std::vector<SQLLEN> lengths[columns];
    for (std::size_t i = 0; i < columns && i < static_cast<std::size_t>(count); ++i) {
        buffers[i].resize(rows_at_once * width);
        lengths[i].resize(rows_at_once);
        statement.check(SQLBindCol(statement.get(), static_cast<SQLUSMALLINT>(i + 1), SQL_C_CHAR,
                                   buffers[i].data(), width, lengths[i].data()));
    }
    std::size_t rows = 0;
    for (SQLRETURN result; (result = SQLFetch(statement.get())) != SQL_NO_DATA; rows += fetched)
        statement.check(result);
    return rows;
}

std::string ManagerConnection::value(const std::string& sql) {
    Handle statement(SQL_HANDLE_STMT, SQL_HANDLE_DBC, handles_->connection.get());
    statement.check(SQLExecDirect(statement.get(), chars(sql), SQL_NTS));
    statement.check(SQLFetch(statement.get()));
    char value[512] = "";
    SQLLEN length = 0;
    statement.check(SQLGetData(statement.get(), 1, SQL_C_CHAR, value, sizeof value, &length));
    return value;
}

std::string ask_through_manager(const std::string& data_source, const std::string& sql) {
    return ManagerConnection(data_source).value(sql);
}

}  // namespace myfabric::setup
