// Bookmarks: column 0 of a result, the number of its row. They hold as long as the cursor is open.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>

#include "conversion/cell.h"
#include "descriptor/descriptor.h"
#include "results/column.h"

namespace myfabric::cursor {

/// SQL_ATTR_USE_BOOKMARKS. Both kinds have the same eight bytes.
enum class Bookmarks : unsigned char { off, fixed, variable };

/// Bytes of a bookmark.
inline constexpr SQLLEN bookmark_size = sizeof(SQLULEN);

/// Column 0 as SQLDescribeCol and the IRD describe it.
const results::Column& bookmark_column(Bookmarks kind);

/// Writes the bookmark `number` as `c_type` (SQL_C_VARBOOKMARK, SQL_C_BOOKMARK or another number).
/// Throws HY003 and 07006 for a type that it cannot be.
void store_bookmark(SQLULEN number, SQLSMALLINT c_type, Bookmarks kind,
                    const conversion::Target& target);

/// Writes the bookmark `number` to row `row` (from 0) of what `ard` binds to column 0.
void put_bookmark(const descriptor::Descriptor& ard, SQLULEN row, SQLULEN number);
/// The bookmark in that row; 0 when it is none.
SQLULEN read_bookmark(const descriptor::Descriptor& ard, SQLULEN row);

/// Throws HY111.
[[noreturn]] void throw_bad_bookmark();

}  // namespace myfabric::cursor
