// What a SET statement of session variables assigns. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace myfabric::sql {

struct SetText {
    std::vector<std::string> variables;  // of the session, as the text names them, without scope
    bool literal = true;  // every value is a literal, DEFAULT or a bare word: ON, utf8mb4
    /// It is of the next statement alone: insert_id. Such a text is not to be repeated later.
    bool for_next_statement = false;
};

/// `sql` is one SET of session variables alone.
SetText set_text(std::string_view sql);

}  // namespace myfabric::sql
