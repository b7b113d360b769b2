// What a catalog function runs, and the columns that the reference defines for its result.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>

#include "conversion/types.h"
#include "results/column.h"

namespace myfabric::catalog {

/// An argument of a catalog function; nullopt is a null pointer.
using Argument = std::optional<std::string>;

/// What the queries depend on.
struct Facts {
    bool mariadb = false;
    unsigned server_version = 0;  // 50624 is 5.6.24, 101119 is 10.11.19
    bool wide_types = true;       // SQL_WVARCHAR, not SQL_VARCHAR, and so on
    std::uint64_t long_cap =
        conversion::default_long_cap;  // largest size reported of LONGTEXT and the like
    bool odbc_2 = false;               // SQL_OV_ODBC2: codes of dates
    bool metadata_id = false;          // SQL_ATTR_METADATA_ID: arguments are identifiers
    std::string current_database;
};

/// One column of a result as the reference defines it.
struct ResultColumn {
    const char* name;
    results::Kind kind;
    unsigned size;  // characters or digits
    bool nullable;
};

/// A query whose rows are the function's result; `columns` live as long as the program.
struct Query {
    std::string sql;
    std::span<const ResultColumn> columns;
};

/// The columns in the terms of a result: texts are utf8mb4.
results::Columns described(std::span<const ResultColumn> columns);

/// "SELECT expression AS `NAME`, ..."; there are as many expressions as columns.
std::string select(std::span<const ResultColumn> columns,
                   std::initializer_list<std::string> expressions);

// Sizes in characters that the results share.
inline constexpr unsigned name_size = 64;
inline constexpr unsigned remarks_size = 2048;
inline constexpr unsigned grantee_size = 385;  // 'user'@'host' in MariaDB, the longest of all

}  // namespace myfabric::catalog
