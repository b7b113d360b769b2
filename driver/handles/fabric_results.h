// Result sets that calls of the farm answer, with the types that their values have.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cursor/memory_results.h"
#include "fabric/values.h"

namespace myfabric::handles {

mysql::Column text_column(std::string name);
mysql::Column number_column(std::string name, mysql::Kind kind);

/// A call without rows: a statement that affected nothing.
std::unique_ptr<mysql::Results> no_rows();
std::unique_ptr<mysql::Results> rows_of(mysql::Columns columns,
                                        std::vector<cursor::MemoryRow> rows);
/// What a command of the farm gave. A column has the type of its values, text when they differ.
std::unique_ptr<mysql::Results> results_of(const std::vector<fabric::ResultSet>& sets);

}  // namespace myfabric::handles
