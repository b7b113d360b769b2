// SQLGetFunctions: the ODBC functions that the driver has.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <span>

namespace myfabric::info {

/// The SQL_API_* numbers of all functions that the driver has.
std::span<const SQLUSMALLINT> supported_functions() noexcept;

bool supported(SQLUSMALLINT function) noexcept;

/// Fills the SQL_API_ODBC3_ALL_FUNCTIONS_SIZE elements of the bitmap that SQL_FUNC_EXISTS reads.
void fill_odbc3(SQLUSMALLINT* bitmap) noexcept;

/// Fills the 100 elements of SQL_API_ALL_FUNCTIONS with SQL_TRUE and SQL_FALSE.
void fill_odbc2(SQLUSMALLINT* array) noexcept;

}  // namespace myfabric::info
