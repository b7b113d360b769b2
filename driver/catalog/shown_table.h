// A temporary table, which information_schema does not list: read by SHOW, put in the place of
// information_schema's rows.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/query.h"
#include "results/results.h"

namespace myfabric::catalog {

struct TableName {
    std::string schema, table;
};

/// The one table that the arguments name; none for patterns, or without a database.
std::optional<TableName> one_table(const Argument& catalog, const Argument& table, bool patterns,
                                   const Facts& facts);

using ShownRow = std::vector<std::optional<std::string>>;

/// What SHOW FULL COLUMNS and SHOW INDEX report, in their order of columns.
struct ShownTable {
    TableName name;
    std::string create;  // by SHOW CREATE TABLE
    std::vector<ShownRow> columns;
    std::vector<ShownRow> keys;
};

/// Asks for the table by `ask`, and returns it when it is a temporary one.
std::optional<ShownTable> temporary_table(
    const TableName& name, const Facts& facts,
    const std::function<std::vector<ShownRow>(const std::string&)>& ask);

/// The table as derived tables with the columns that the catalog functions read.
Sources sources(const ShownTable& table, const Facts& facts);

}  // namespace myfabric::catalog
