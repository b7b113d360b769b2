// SQL_DIAG_DYNAMIC_FUNCTION and its code: what kind of statement a text is.
#pragma once

#include <string_view>

namespace myfabric::sql {

/// A row of "Values of the Dynamic Function Fields"; the unknown statement has no name and code 0.
struct DynamicFunction {
    std::string_view name;
    int code = 0;
};

/// The function of the first statement in `sql`; `positioned`: its row is that of a cursor.
DynamicFunction dynamic_function(std::string_view sql, bool positioned = false);

}  // namespace myfabric::sql
