// INSERT ... VALUES (...): the row of values that may be repeated, and the table it goes to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace myfabric::sql {

/// A table as a statement names it, without quotes; the database may be empty.
struct TableName {
    std::string database, table;
    bool operator==(const TableName&) const = default;
};

/// Where "(?, ...)" stands in the text.
struct ValuesRow {
    std::size_t begin = 0, end = 0;  // bytes, parentheses included
};

/// The row of an INSERT or REPLACE whose parameters all stand in its one row of values; nothing for
/// any other statement.
std::optional<ValuesRow> values_row(std::string_view sql);

/// `sql` with its row of values `rows` times.
std::string with_rows(std::string_view sql, const ValuesRow& row, std::size_t rows);

/// The table that an INSERT, REPLACE, UPDATE or DELETE of one table changes.
std::optional<TableName> changed_table(std::string_view sql);

/// An identifier without its quotes.
std::string unquoted(std::string_view identifier);

}  // namespace myfabric::sql
