// The text of a connection string: "key=value;key={va;l}}ue};" to pairs and back. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace myfabric::dsn {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// Pairs in the order of the text, keys as written, values without their braces; a repeated key is
/// kept (the first one counts). Throws Error 08001 naming the place, counted in bytes from 1.
Pairs parse_connection_string(std::string_view text);

/// "key=value;key={va;l}}ue};": values are put in braces where they need them. A DRIVER value
/// always is, as driver managers write it.
std::string write_connection_string(const Pairs& pairs);

/// Overwrites the values, one of which may be a password.
void wipe_values(Pairs& pairs) noexcept;

/// The value of the first pair whose key is `key` in any case; null when there is none. It lives
/// as long as `pairs`.
const std::string* first_value(const Pairs& pairs, std::string_view key);

}  // namespace myfabric::dsn
