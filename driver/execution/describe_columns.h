// The IRD's records, from the columns of a result.
#pragma once

#include "cursor/bookmarks.h"
#include "descriptor/descriptor.h"
#include "execution/describe_parameters.h"
#include "results/column.h"

namespace myfabric::execution {

/// Fills all records; record 0 where there are bookmarks.
void describe_columns(descriptor::Descriptor& ird, const results::Columns& found,
                      cursor::Bookmarks bookmarks, const TypeView& view);

/// Columns of a statement with parameters before it has their values: the length of an expression
/// is not known, and reported as that of a type without limit.
results::Columns before_values(results::Columns columns);

}  // namespace myfabric::execution
