// The rows that a server of the farm sends, in memory: as many as a farm may have, and no more.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/results.h"
#include "topology/source.h"
#include "topology/values.h"

namespace myfabric::sources {

/// Adds the sets of `results` to `sets`, also when a later one fails; what has no rows (a server's
/// last word about a procedure) is left out. `decode(column, text)` makes a value of a cell that is
/// not NULL. Throws MalformedReply when they take more than `limit` bytes, NULLs and empty sets
/// included, and Error as the results do.
template <class Decode>
void read_sets(results::Results& results, std::size_t limit, std::vector<topology::ResultSet>& sets,
               Decode&& decode) {
    constexpr std::size_t room = 8;  // of a NULL, a row, a set: without end they fill any memory
    std::size_t size = 0;
    const auto take = [&](std::size_t more) {
        size += more;
        if (size > limit)
            throw topology::MalformedReply("sent a reply larger than " +
                                           std::to_string(limit >> 20) +
                                           " MiB, which was not read; check FabricHost and "
                                           "FabricPort");
    };
    do {
        take(room);
        if (!results.has_rows()) continue;
        topology::ResultSet& set = sets.emplace_back();
        for (const results::Column& column : results.columns()) set.names.push_back(column.name);
        while (results.next_row()) {
            topology::Row& row = set.rows.emplace_back();
            take(room);
            for (std::size_t i = 0; i < set.names.size(); ++i) {
                const char* const value = results.row().values[i];
                const std::string_view text(value ? value : "",
                                            value ? results.row().lengths[i] : 0);
                take(room + text.size());
                if (value)
                    row.push_back(decode(results.columns()[i], text));
                else
                    row.emplace_back();
            }
        }
    } while (results.next_result());
}

}  // namespace myfabric::sources
