// What was read from texts that a program prepares again and again.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sql/lexer.h"

namespace myfabric::sql {

/// Remembers a few short texts. Not thread-safe.
class AnalysisCache {
public:
    /// As sql::analyse().
    const Analysis& analyse(std::string_view text, bool backslash_escapes);

private:
    struct Entry {
        std::string text;  // none is empty
        bool backslash_escapes = true;
        Analysis analysis;
    };
    Entry& place(std::string_view text);

    std::array<Entry, 16> entries_;
    Analysis other_;  // of the last text that is not kept
};

}  // namespace myfabric::sql
