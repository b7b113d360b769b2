// SQLGetTypeInfo: the types that a column can be created with.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conversion/types.h"
#include "results/column.h"

namespace myfabric::info {

/// The 19 columns of the result; `odbc_2` uses for three of them their ODBC 2.x names.
const results::Columns& type_info_columns(bool odbc_2);

/// The rows for `data_type` (SQL_ALL_TYPES: all), in order of DATA_TYPE and then of how close the
/// type is to it; none for a type of ODBC that the servers lack. `odbc_2` uses for dates and times
/// their ODBC 2.x codes. Throws HY004 for a code that is not an SQL type.
std::vector<std::vector<std::optional<std::string>>> type_info_rows(
    SQLSMALLINT data_type, bool odbc_2, std::uint64_t long_cap = conversion::default_long_cap);

}  // namespace myfabric::info
