// Types as information_schema reports them, described as conversion::describe() describes columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/query.h"

namespace myfabric::catalog {

/// The type of a row of COLUMNS or PARAMETERS.
struct StoredType {
    std::string_view data_type;  // DATA_TYPE: "int"
    std::string_view full_type;  // COLUMN_TYPE or DTD_IDENTIFIER: "int(10) unsigned"
    std::optional<std::uint64_t> characters, precision, scale, fraction;
};

/// The cells of SQLColumns that follow from a type, named after its columns; nothing is NULL.
struct TypeCells {
    using Number = std::optional<long long>;
    long long data_type = 0;
    std::string type_name;
    Number column_size, buffer_length, decimal_digits, num_prec_radix;
    long long sql_data_type = 0;
    Number sql_datetime_sub, char_octet_length;
};
/// A type of a server that is newer than this driver reads as text.
TypeCells type_cells(const StoredType& type, const Facts& facts);

/// Whether a key may have but the beginning of a column of this type.
bool may_be_cut_in_keys(std::string_view data_type);

}  // namespace myfabric::catalog
