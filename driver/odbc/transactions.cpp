// SQLEndTran.
#include "odbc/call.h"

namespace myfabric::odbc {
namespace {

SQLRETURN end_connection(SQLHANDLE handle, SQLSMALLINT completion) noexcept {
    return call_async<Connection>(SQL_API_SQLENDTRAN, handle,
                                  [=](Connection& c) { c.end_transaction(completion); });
}

/// Connection by connection, as driver managers do it; each has the records of its own failure.
void end_all(Environment& environment, SQLSMALLINT completion) {
    if (completion != SQL_COMMIT && completion != SQL_ROLLBACK)
        throw Error(state::invalid_transaction_code, "completion type " +
                                                         std::to_string(completion) +
                                                         " is neither SQL_COMMIT nor SQL_ROLLBACK");
    std::size_t open = 0, failed = 0;
    for (Connection* connection : environment.connections) {
        if (!connection->connected()) continue;
        ++open;
        const SQLRETURN result =
            run_call<Connection>(static_cast<handles::Handle*>(connection),
                                 [=](Connection& c) { c.end_transaction(completion); });
        if (!SQL_SUCCEEDED(result)) ++failed;
    }
    if (failed)
        throw Error(state::transaction_unknown,
                    "the transactions of " + std::to_string(failed) + " of " +
                        std::to_string(open) +
                        " open connections did not end; SQLGetDiagRec of each tells why");
}

}  // namespace
}  // namespace myfabric::odbc

using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT completion) {
    if (type == SQL_HANDLE_DBC) return end_connection(handle, completion);
    if (type == SQL_HANDLE_ENV)
        return call<Environment>(handle, [=](Environment& e) { end_all(e, completion); });
    return SQL_INVALID_HANDLE;
}

}  // extern "C"
