// CALL fabric.name(arguments): recognised in SQL text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace myfabric::sql {

struct Argument {
    std::optional<std::string> value;  // absent for NULL
    bool is_parameter = false;         // a '?'
    bool is_number = false;            // written without quotes
};

struct FabricCall {
    std::string name;  // as written
    std::vector<Argument> arguments;
};

/// Whether `sql` starts as CALL fabric. ...; cheap for everything else.
bool is_fabric_call(std::string_view sql);

/// The call, null when it is none. Throws 42000 for a call that cannot be read.
std::optional<FabricCall> parse_fabric_call(std::string_view sql);

}  // namespace myfabric::sql
