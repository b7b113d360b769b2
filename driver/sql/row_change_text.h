// The statements that change one row of a cursor's table, from the result's columns. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conversion/from_c.h"
#include "results/column.h"
#include "results/parameter.h"

namespace myfabric::sql {

/// How a column is compared with the value that the cursor holds, by one marker.
enum class Comparison : unsigned char {
    key,      // as the key does
    value,    // NULL-safe
    decimal,  // NULL-safe, as a DECIMAL of the column's scale
    bytes,    // NULL-safe, character by character, without a collation
    shown,    // NULL-safe, as the text that the server sends of it
    given,    // with the column's default, without a marker
    none,     // cannot be compared exactly
};

struct Condition {
    const results::Column* column;
    Comparison comparison;
};

/// How a column's value in `format` is compared; `in_key` for a column of the key chosen.
Comparison comparison_of(const results::Column& column, results::Format format, bool in_key);

/// A column of one of the table's keys, as the server describes them.
struct KeyPart {
    std::string key;
    std::string column;
    bool unique = false;
    bool nullable = false;
};

/// The result's columns (from 0) that make the first of `parts` unique keys (PRIMARY before all)
/// whose columns are never NULL and all in the result. Nothing: there is none.
std::optional<std::vector<unsigned>> choose_key(std::span<const KeyPart> parts,
                                                const results::Columns& columns);

/// The one table that the result's columns come from.
struct BaseTable {
    std::string database, table;
    /// "`database`.`table`"
    std::string quoted() const;
};
/// Nothing when there is none or more than one; `why` says so then.
std::optional<BaseTable> base_table(const results::Columns& columns, std::string& why);

/// "`name`", with its quotes doubled.
std::string quoted_name(std::string_view name);

std::string update_text(std::string_view table, std::span<const results::Column* const> set);
std::string insert_text(std::string_view table, std::span<const results::Column* const> columns);
/// " WHERE ..."; one marker a condition.
std::string where_text(std::span<const Condition> conditions);
/// The same as "(... AND ...)", with `values` in the place of markers unless there are none.
std::string condition_group(std::span<const Condition> conditions,
                            std::span<const results::Parameter> values);
/// A value as SQL text, whatever the session's sql_mode is.
std::string literal(const results::Parameter& value);

/// A cell as the cursor holds it, as the value of a marker; false when it cannot be read. Texts
/// view the cell or `scratch`. A null `value` is NULL.
bool cell_parameter(const results::Column& column, results::Format format, const char* value,
                    std::size_t length, results::Parameter& out, conversion::Scratch& scratch);
/// The bytes that the text protocol would send for a cell of the binary one.
std::string cell_text(const results::Column& column, std::string_view cell);

/// Whether a query has a FROM.
bool reads_tables(std::string_view sql, bool backslash_escapes = true);
/// A query that locks the rows that it returns: "... FOR UPDATE".
std::string locking(std::string_view sql, bool backslash_escapes = true);

/// UPDATE or DELETE ... WHERE CURRENT OF: the text before WHERE, and the cursor's name.
struct Positioned {
    std::string head;
    std::string cursor;
};
std::optional<Positioned> positioned(std::string_view sql, bool backslash_escapes = true);

}  // namespace myfabric::sql
