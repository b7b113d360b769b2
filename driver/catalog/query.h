// What a catalog function runs, and the columns that the reference defines for its result.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "conversion/types.h"
#include "results/column.h"
#include "results/results.h"

namespace myfabric::catalog {

/// An argument of a catalog function; nullopt is a null pointer.
using Argument = std::optional<std::string>;

/// What is read in the place of a table of information_schema: a derived table, or nothing.
struct Sources {
    std::string columns, statistics, tables;
};

/// What the queries depend on.
struct Facts {
    bool mariadb = false;
    unsigned server_version = 0;  // 50624 is 5.6.24, 101119 is 10.11.19
    bool wide_types = true;       // SQL_WVARCHAR, not SQL_VARCHAR, and so on
    std::uint64_t long_cap = conversion::default_long_cap;  // of LONGTEXT and the like
    results::Reading reading = {};                          // UnsignedAs, No_BigInt
    bool odbc_2 = false;                                    // SQL_OV_ODBC2: codes of dates
    bool metadata_id = false;     // SQL_ATTR_METADATA_ID: arguments are identifiers
    bool null_is_current = true;  // NullIsCurrent: a null catalog is the current database
    bool any_schema = false;      // SchemaNoError: schema arguments are not looked at
    std::string current_database;
    Sources sources;  // of a temporary table
};

/// "information_schema.COLUMNS c", or what is read in its place under that alias.
std::string from(std::string_view table, const std::string& source, std::string_view alias);

/// `sql` so that the session's sql_select_limit, sql_mode and the like do not change its answer.
std::string for_any_session(std::string sql, const Facts& facts);

/// Runs a query on the server.
using Ask = std::function<std::unique_ptr<results::Results>(std::string_view sql)>;

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
    /// What is still to be done with the rows; may be empty.
    std::function<std::unique_ptr<results::Results>(std::unique_ptr<results::Results>, const Ask&)>
        settle = {};
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
