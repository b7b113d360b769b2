// Conditions from the arguments of catalog functions: ordinary arguments, pattern values,
// identifiers.
#pragma once

#include <string>
#include <string_view>

#include "catalog/query.h"

namespace myfabric::catalog {

/// A literal that means `value` under every sql_mode: a text with a backslash is written in hex,
/// as NO_BACKSLASH_ESCAPES changes what a backslash in quotes is.
std::string quote(std::string_view value);

/// A pattern value: `%` and `_` are wildcards unless a backslash precedes them.
struct Pattern {
    bool has_wildcard = false;
    bool matches_all = false;  // nothing but %
    std::string value;         // without escapes, when there is no wildcard
    std::string like;          // to be used with ESCAPE '|'
};
Pattern parse_pattern(std::string_view text);

/// An argument under SQL_ATTR_METADATA_ID: blanks around it and quotes removed.
struct Identifier {
    std::string name;
    bool quoted = false;  // then its case counts
};
Identifier parse_identifier(std::string_view text);

/// Builds a WHERE clause. A condition is an equation wherever it can be: only then does the
/// server look into one database or table rather than open all of them.
///
/// A database is ODBC's catalog; there are no schemas. A catalog that is a null pointer is the
/// current database, or any when there is none; "%" is any; "" none, as every table has a catalog.
class Where {
public:
    explicit Where(const Facts& facts) : facts_(facts) {}

    /// An ordinary argument that names a database. "%" is accepted as "any".
    Where& catalog(std::string_view expression, const Argument& argument);
    /// A pattern value that names databases, as SQLTables has it (ordinary in ODBC 2).
    Where& catalog_pattern(std::string_view expression, const Argument& argument);
    /// Nothing matches a schema that has a name; "%" means any and "" those without one.
    Where& schema(const Argument& argument);
    /// An ordinary argument; a null pointer is no condition.
    Where& ordinary(std::string_view expression, const Argument& argument);
    /// A pattern value; a null pointer is no condition.
    Where& pattern(std::string_view expression, const Argument& argument);
    Where& also(std::string_view condition);
    Where& nothing() { return also("1 = 0"); }

    /// " WHERE a AND b", or empty without conditions.
    std::string sql() const;

private:
    Where& equals(std::string_view expression, std::string_view value);
    Where& identifier(std::string_view expression, std::string_view text);
    bool defaults_to_current(std::string_view expression, const Argument& argument);

    const Facts& facts_;
    std::string conditions_;
};

}  // namespace myfabric::catalog
