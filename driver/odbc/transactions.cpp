// SQLEndTran.
#include "odbc/call.h"

using namespace myfabric;
using namespace myfabric::odbc;

extern "C" {

SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE handle, SQLSMALLINT completion) {
    if (type == SQL_HANDLE_DBC)
        return call_async<Connection>(SQL_API_SQLENDTRAN, handle,
                                      [=](Connection& c) { c.end_transaction(completion); });
    if (type == SQL_HANDLE_ENV)
        return call<Environment>(handle, [](Environment& environment) {
            // Driver managers end the transactions of an environment connection by connection.
            if (environment.connections)
                throw Error(state::not_implemented,
                            "SQLEndTran for an environment; end each connection's transaction");
        });
    return SQL_INVALID_HANDLE;
}

}  // extern "C"
