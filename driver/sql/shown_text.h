// A statement's text as logs may hold it. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace myfabric::sql {

/// The tokens of `sql` with one blank where blanks and comments were, and with "?" in the place of
/// every text and number: values, passwords among them, are nobody's who reads a log. Ends with
/// "..." when it is longer than `longest` bytes.
std::string without_values(std::string_view sql, bool backslash_escapes = true,
                           std::size_t longest = 1000);

}  // namespace myfabric::sql
