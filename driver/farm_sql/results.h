// Result sets that calls of the farm answer, with the types that their values have.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "results/memory_results.h"
#include "topology/values.h"

namespace myfabric::farm_sql {

results::Column text_column(std::string name);
results::Column number_column(std::string name, results::Kind kind);

/// A call without rows: a statement that affected nothing.
std::unique_ptr<results::Results> no_rows();
std::unique_ptr<results::Results> rows_of(results::Columns columns,
                                          std::vector<results::MemoryRow> rows);
/// What a command of the farm gave. A column has the type of its values, text when they differ.
std::unique_ptr<results::Results> results_of(const std::vector<topology::ResultSet>& sets);

}  // namespace myfabric::farm_sql
