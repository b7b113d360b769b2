// SQLColAttribute: one table of all column attributes of ODBC 2.x and 3.x.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "conversion/types.h"
#include "results/column.h"

namespace myfabric::info {

/// A text, UTF-8, is the column's or lives as long as the program does; only a name that is
/// composed is a string of its own.
using ColumnAttribute = std::variant<SQLLEN, std::string_view, std::string>;

/// The attribute `field` of `column`, which `type` describes; nothing for an unknown one and for
/// SQL_DESC_COUNT, which is not a column's.
std::optional<ColumnAttribute> column_attribute(SQLUSMALLINT field, const results::Column& column,
                                                const conversion::TypeInfo& type);

}  // namespace myfabric::info
