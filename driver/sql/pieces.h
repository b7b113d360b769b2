// Several statements in one text, one by one.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace myfabric::sql {

struct Piece {
    std::string_view text;    // of the whole
    std::size_t markers = 0;  // parameters in it
};

/// The statements that semicolons separate; empty ones are left out. Texts, names and comments are
/// passed over, the bodies of routines are not: no statement with parameters has one.
std::vector<Piece> pieces(std::string_view sql, bool backslash_escapes = true);

}  // namespace myfabric::sql
