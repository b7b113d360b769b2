// SQL types that have two codes: dates and times by the version of ODBC, texts by their characters.
#pragma once

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

namespace myfabric::conversion {

/// SQL_TYPE_DATE, SQL_TYPE_TIME or SQL_TYPE_TIMESTAMP as an ODBC 2.x application knows it; any
/// other code as it is.
constexpr SQLSMALLINT odbc_2_code(SQLSMALLINT type) noexcept {
    return type >= SQL_TYPE_DATE && type <= SQL_TYPE_TIMESTAMP
               ? static_cast<SQLSMALLINT>(type - SQL_TYPE_DATE + SQL_DATE)
               : type;
}

/// The other way.
constexpr SQLSMALLINT odbc_3_code(SQLSMALLINT type) noexcept {
    return type >= SQL_DATE && type <= SQL_TIMESTAMP
               ? static_cast<SQLSMALLINT>(type - SQL_DATE + SQL_TYPE_DATE)
               : type;
}

/// SQL_WCHAR, SQL_WVARCHAR or SQL_WLONGVARCHAR without its W; any other code as it is.
constexpr SQLSMALLINT narrow_code(SQLSMALLINT type) noexcept {
    switch (type) {
        case SQL_WCHAR:
            return SQL_CHAR;
        case SQL_WVARCHAR:
            return SQL_VARCHAR;
        case SQL_WLONGVARCHAR:
            return SQL_LONGVARCHAR;
        default:
            return type;
    }
}

}  // namespace myfabric::conversion
