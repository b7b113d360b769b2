// ODBC escape sequences ({d '...'}, {fn ...}, {call ...}) to MySQL's SQL.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace myfabric::sql {

/// A scalar function of Appendix E and the bit by which SQLGetInfo reports it.
struct ScalarFunction {
    std::string_view name;
    std::string_view replacement;  // MySQL's name; empty: the same
    unsigned info_type;            // SQL_STRING_FUNCTIONS, SQL_NUMERIC_FUNCTIONS...
    unsigned bit;
};
std::span<const ScalarFunction> scalar_functions();

/// `sql` with its escapes translated; the same text when it has none. A function that Appendix E
/// does not have keeps its name. {?=call f(...)} becomes a query of the function. Throws 42000 for
/// an escape that is unknown or not closed, HYC00 for SQL_TSI_FRAC_SECOND.
std::string translate_escapes(std::string_view sql, bool backslash_escapes = true);

/// Whether `sql` is {?=call f(...)}: its first parameter is the function's value.
bool asks_function_value(std::string_view sql, bool backslash_escapes = true);

}  // namespace myfabric::sql
