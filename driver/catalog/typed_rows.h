// Rows of information_schema with the cells that follow from a column's type: the server reads what
// it has stored, and the driver describes it, which is faster than to have the server do both.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "catalog/query.h"
#include "results/results.h"

namespace myfabric::catalog {

/// What a query selects after the columns of its result, in the order that with_types() reads it.
/// `full_type` is the column with the type as written: COLUMN_TYPE or DTD_IDENTIFIER; `data_type`
/// an expression for its name.
std::string type_sources(std::string_view full_type, std::string_view data_type = "DATA_TYPE");
inline constexpr std::size_t type_source_count = 6;

/// Where a result has the cells of a type, from 0; `no_place` where it has none.
inline constexpr std::size_t no_place = static_cast<std::size_t>(-1);
struct TypePlaces {
    std::size_t data_type, type_name, column_size, buffer_length, decimal_digits;
    std::size_t num_prec_radix = no_place, sql_data_type = no_place, sql_datetime_sub = no_place,
                char_octet_length = no_place;
};

/// `rows` with those cells filled; their sources follow the first `width` columns.
std::unique_ptr<results::Results> with_types(std::unique_ptr<results::Results> rows,
                                             std::size_t width, const TypePlaces& places,
                                             const Facts& facts);

}  // namespace myfabric::catalog
