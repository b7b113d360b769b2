// A JSON text as a tree that knows where each value stands, so that errors can point there. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace myfabric::sources {

struct JsonMember;

struct JsonNode {
    enum class Kind : unsigned char { null, boolean, integer, real, string, array, object };

    Kind kind = Kind::null;
    int line = 1;    // of the value's end, from 1
    int column = 1;  // in bytes, from 1
    bool boolean = false;
    std::int64_t integer = 0;
    double real = 0;
    std::string string;
    std::vector<JsonNode> items;      // array
    std::vector<JsonMember> members;  // object, in the text's order

    const JsonNode* member(std::string_view name) const;
};

struct JsonMember {
    std::string name;
    JsonNode value;
};

/// "an object", "a string"...
std::string_view kind_name(JsonNode::Kind kind);

/// Throws std::runtime_error with line and column for what is not JSON, an object that names a key
/// twice, or more than 32 levels.
JsonNode parse_json(std::string_view text);

}  // namespace myfabric::sources
