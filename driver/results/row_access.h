// Rows of a cursor that can be changed in place: all that an editor of rows needs of results.
#pragma once

#include <cstddef>
#include <optional>

#include "results/results.h"

namespace myfabric::results {

/// Rows are counted from 0, in the result.
class RowAccess {
public:
    virtual ~RowAccess() = default;

    /// Null where row_at() returns row `row`. Else that row was not kept: this is what was, the
    /// cells of its key, until replaced() brings the rest. Valid until the next call.
    virtual const Row* key_at(std::size_t) { return nullptr; }
    /// Row `row`; valid until another one is asked for. It was not removed.
    virtual const Row& row_at(std::size_t row) = 0;
    /// Row `row` has other values now, which do not lie in this object.
    virtual void replaced(std::size_t row, const Row& values) = 0;
    /// Row `row` stays, as a hole.
    virtual void removed(std::size_t row) = 0;
    virtual bool is_removed(std::size_t row) const = 0;
    /// A new last row: its number, or nothing where rows to come are not known yet.
    virtual std::optional<std::size_t> added(const Row& values) = 0;
};

}  // namespace myfabric::results
