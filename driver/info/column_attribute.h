// SQLColAttribute: one table of all column attributes of ODBC 2.x and 3.x.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>
#include <string>
#include <variant>

#include "conversion/types.h"
#include "results/column.h"

namespace myfabric::info {

/// The attribute `field` of `column`, which `type` describes; nothing for an unknown one and for
/// SQL_DESC_COUNT, which is not a column's. Text is UTF-8.
std::optional<std::variant<std::string, SQLLEN>> column_attribute(SQLUSMALLINT field,
                                                                  const results::Column& column,
                                                                  const conversion::TypeInfo& type);

}  // namespace myfabric::info
