// SQL expressions that describe a column of information_schema as conversion::describe() would.
#pragma once

#include <string>
#include <string_view>

#include "catalog/query.h"

namespace myfabric::catalog {

/// Expressions over DATA_TYPE, NUMERIC_PRECISION and so on of COLUMNS or PARAMETERS, named after
/// the columns of SQLColumns.
struct TypeExpressions {
    std::string data_type, type_name, column_size, buffer_length, decimal_digits, num_prec_radix,
        sql_data_type, sql_datetime_sub, char_octet_length;
};

/// `full_type` is the column with the type as written: COLUMN_TYPE or DTD_IDENTIFIER.
TypeExpressions type_expressions(std::string_view full_type, const Facts& facts);

}  // namespace myfabric::catalog
