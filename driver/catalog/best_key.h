// Which key identifies the rows of a table best.
#pragma once

#include <string>
#include <vector>

namespace myfabric::catalog {

/// A column of a unique index of one table.
struct KeyPart {
    std::string index, column;
    unsigned sequence = 0;   // from 1
    bool nullable = false;   // the column may hold NULL
    bool no_column = false;  // the beginning of a column, or an expression
};

/// The columns of the primary key, or else of the shortest unique key that never holds NULL; with
/// `nulls` also of one that may. In their order in the key; none when there is no such key.
std::vector<std::string> best_key(std::vector<KeyPart> parts, bool nulls);

}  // namespace myfabric::catalog
