// Programs known by name, and the keys that they need as defaults.
#pragma once

#include <span>
#include <string_view>

#include "dsn/connection_string.h"

namespace myfabric::dsn {

struct Program {
    std::string_view name;  // of its executable; "php*": whatever begins so
    std::string_view key;
    std::string_view value;
    std::string_view why;  // what the program does without it
};

std::span<const Program> programs();
/// The keys for the program `name`; the application's and the data source's win over them.
Pairs keys_for(std::string_view name);

}  // namespace myfabric::dsn
