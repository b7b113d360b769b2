// Statement attributes that are no descriptor fields.
#pragma once

#include <sql.h>
#include <sqlext.h>

namespace myfabric::handles {

class Statement;

struct StatementAttributes {
    SQLULEN async_enable = SQL_ASYNC_ENABLE_OFF;
    SQLULEN query_timeout = 0;  // seconds
    SQLULEN cursor_type = SQL_CURSOR_FORWARD_ONLY;
    SQLULEN concurrency = SQL_CONCUR_READ_ONLY;
    bool concurrency_set = false;  // by the application; otherwise rows can be changed, too
    SQLULEN use_bookmarks = SQL_UB_OFF;
    SQLULEN max_rows = 0;
    SQLULEN max_length = 0;
    SQLULEN enable_auto_ipd = SQL_TRUE;
    SQLULEN noscan = SQL_NOSCAN_OFF;
    SQLULEN metadata_id = SQL_FALSE;
    SQLULEN retrieve_data = SQL_RD_ON;
    SQLULEN keyset_size = 0;
    SQLULEN simulate_cursor = SQL_SC_NON_UNIQUE;
    SQLPOINTER fetch_bookmark_ptr = nullptr;
    SQLULEN extended_rowset_size = 1;  // SQL_ROWSET_SIZE, for SQLExtendedFetch
};

/// SQLSetStmtAttr / SQLGetStmtAttr; warnings (01S02) go to the handle's diagnostics.
void set_statement_attribute(Statement& statement, SQLINTEGER attribute, SQLPOINTER value,
                             SQLINTEGER length);
void get_statement_attribute(Statement& statement, SQLINTEGER attribute, SQLPOINTER value,
                             SQLINTEGER* length);

}  // namespace myfabric::handles
