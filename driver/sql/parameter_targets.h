// What the parameters of a statement meet: columns, expressions, arguments. Pure, for
// SQLDescribeParam.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/insert_values.h"

namespace myfabric::sql {

/// What is known of one parameter.
struct ParameterTarget {
    enum class Kind : unsigned char {
        unknown,
        expression,  // it has the type of `text` in a query of `tables`
        column,      // column `index` of the table that is named by `text`
        argument,    // argument `index` of the routine `routine`
        type,        // `type`
    };
    Kind kind = Kind::unknown;
    std::string text;
    std::string tables;      // "`a` AS x, b"; empty: none
    std::string all_tables;  // with those of the queries around
    std::size_t index = 0;   // from 0
    SQLSMALLINT type = SQL_VARCHAR;
    TableName routine;
};

/// One target for each parameter marker of `sql`, whose escapes are translated.
std::vector<ParameterTarget> parameter_targets(std::string_view sql);

/// The procedure that a CALL statement calls.
std::optional<TableName> called_procedure(std::string_view sql);

}  // namespace myfabric::sql
