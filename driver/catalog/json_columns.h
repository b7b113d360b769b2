// Which columns of MariaDB are JSON: LONGTEXT columns with a check, found in CHECK_CONSTRAINTS.
#pragma once

#include <memory>

#include "catalog/query.h"
#include "results/results.h"

namespace myfabric::catalog {

/// DATA_TYPE of a column that may be JSON, until it is known.
inline constexpr std::string_view perhaps_json = "json?";

/// Rows of SQLColumns whose column `type` (from 0) has their true DATA_TYPE. CHECK_CONSTRAINTS is
/// asked once, and only of tables that have such a column: the server opens each table for it, and
/// looking it up column by column takes seconds. `whole`: the rows are those of all tables of their
/// databases, which the server has just opened, so that a few databases are asked for sooner than
/// many tables.
std::unique_ptr<results::Results> with_json_names(std::unique_ptr<results::Results> rows,
                                                  std::size_t type, const Ask& ask,
                                                  const Facts& facts, bool whole);

}  // namespace myfabric::catalog
