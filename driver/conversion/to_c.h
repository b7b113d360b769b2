// Result cells to C data: the matrices of "Converting Data from SQL to C Data Types".
#pragma once

#include "conversion/cell.h"
#include "conversion/types.h"
#include "results/column.h"

namespace myfabric::conversion {

/// The function that converts cells of `column`, as `format` sends them, to `type`. Never null: a
/// conversion that the reference does not know results in `not_allowed` for each cell.
Converter converter(const results::Column& column, results::Format format, CType type) noexcept;

/// Whether cells are text that SQL_C_CHAR gives in the character set of the key Charset.
bool is_narrow_text(const results::Column& column) noexcept;

/// Whether that function needs the column's width and decimals: Target::precision is then its
/// length, Target::scale its decimals.
bool shows_definition(const results::Column& column, results::Format format, CType type) noexcept;

}  // namespace myfabric::conversion
