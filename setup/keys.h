// "myfabric keys": every connection key with its default and meaning, for people and for the
// manual.
#pragma once

#include <iosfwd>
#include <string>

namespace myfabric::setup {

/// Prints the keys that have an effect, as a list, or all keys as a JSON array of {"name",
/// "aliases", "part", "type", "default", "caption", "values": [{"value", "also"}], "secret", "bit",
/// "applies", "why"}. `word` keeps those whose name or caption holds it, in any case.
void print_keys(const std::string& word, bool json, std::ostream& out);

}  // namespace myfabric::setup
