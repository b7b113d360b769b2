// SQLGetInfo: one table of all information types.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "info/facts.h"

namespace myfabric::info {

/// Text in UTF-8, or a number of the width that the information type has.
using Value = std::variant<std::string, SQLUSMALLINT, SQLUINTEGER>;

/// The value of the information type `id`; nothing for one that the driver does not know.
std::optional<Value> get_info(SQLUSMALLINT id, const Facts& facts);

/// All information types that get_info() knows, in the order of the table.
std::vector<SQLUSMALLINT> info_types();

}  // namespace myfabric::info
