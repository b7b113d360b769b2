#include <iterator>
#include <memory>
#include <utility>

#include "catalog/functions.h"
#include "catalog/json_columns.h"
#include "catalog/pattern.h"
#include "catalog/typed_rows.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn result[] = {
    {"TABLE_CAT", Kind::varchar, name_size, true},
    {"TABLE_SCHEM", Kind::varchar, name_size, true},
    {"TABLE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_NAME", Kind::varchar, name_size, false},
    {"DATA_TYPE", Kind::smallint, 5, false},
    {"TYPE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_SIZE", Kind::integer, 10, true},
    {"BUFFER_LENGTH", Kind::integer, 10, true},
    {"DECIMAL_DIGITS", Kind::smallint, 5, true},
    {"NUM_PREC_RADIX", Kind::smallint, 5, true},
    {"NULLABLE", Kind::smallint, 5, false},
    {"REMARKS", Kind::varchar, remarks_size, true},
    {"COLUMN_DEF", Kind::varchar, remarks_size, true},
    {"SQL_DATA_TYPE", Kind::smallint, 5, false},
    {"SQL_DATETIME_SUB", Kind::smallint, 5, true},
    {"CHAR_OCTET_LENGTH", Kind::integer, 10, true},
    {"ORDINAL_POSITION", Kind::integer, 10, false},
    {"IS_NULLABLE", Kind::varchar, 3, true},
};

constexpr unsigned mariadb_defaults_are_sql = 100207;

/// The default as SQL, which the reference asks for: texts in quotes, NULL where that was given.
/// MariaDB has it so; MySQL reports texts without quotes and marks expressions in EXTRA.
std::string default_value(const Facts& facts) {
    if (facts.mariadb && facts.server_version >= mariadb_defaults_are_sql) return "COLUMN_DEFAULT";
    return "CASE WHEN COLUMN_DEFAULT IS NULL THEN IF(IS_NULLABLE = 'YES', 'NULL', NULL)"
           " WHEN NUMERIC_PRECISION IS NOT NULL OR DATA_TYPE IN ('bit', 'year')"
           " OR (DATETIME_PRECISION IS NOT NULL AND COLUMN_DEFAULT LIKE 'CURRENT_TIMESTAMP%')"
           " OR EXTRA LIKE '%DEFAULT_GENERATED%' THEN COLUMN_DEFAULT"
           " ELSE CONCAT('''', REPLACE(COLUMN_DEFAULT, '''', ''''''), '''') END";
}

constexpr unsigned mariadb_tells_checks = 100222;

/// Servers whose results mark JSON columns that information_schema calls LONGTEXT.
bool hides_json(const Facts& facts) {
    return facts.mariadb && facts.server_version >= mariadb_tells_checks &&
           facts.sources.columns.empty();
}

std::string type_name(const Facts& facts) {
    if (!hides_json(facts)) return "DATA_TYPE";
    return "IF(DATA_TYPE = 'longtext' AND COLLATION_NAME = 'utf8mb4_bin', '" +
           std::string(perhaps_json) + "', DATA_TYPE)";
}

constexpr TypePlaces places{.data_type = 4,
                            .type_name = 5,
                            .column_size = 6,
                            .buffer_length = 7,
                            .decimal_digits = 8,
                            .num_prec_radix = 9,
                            .sql_data_type = 13,
                            .sql_datetime_sub = 14,
                            .char_octet_length = 15};

/// An INSERT may leave these columns out or give NULL: they get a value by themselves.
constexpr const char* fills_itself =
    "(EXTRA LIKE '%auto_increment%' OR (DATA_TYPE = 'timestamp' AND (EXTRA LIKE '%on update%' OR "
    "COLUMN_DEFAULT LIKE 'current_timestamp%')))";

}  // namespace

Query columns(const Argument& catalog, const Argument& schema, const Argument& table,
              const Argument& column, const Facts& facts) {
    Where where(facts);
    where.catalog("TABLE_SCHEMA", catalog).schema(schema).pattern("TABLE_NAME", table);
    // Programs give an empty name for one that they lack, and both vendors' drivers take it so.
    if (column && !column->empty()) where.pattern("COLUMN_NAME", column);
    std::string nullable = "IS_NULLABLE = 'YES' OR ";
    nullable += fills_itself;
    std::string is_nullable = "IF(";
    is_nullable.append(fills_itself).append(", 'YES', IS_NULLABLE)");
    const char* const typed = "NULL";  // by the type, see with_types()
    return {
        select(result, {"TABLE_SCHEMA", "NULL", "TABLE_NAME", "COLUMN_NAME", typed, typed, typed,
                        typed, typed, typed, nullable, "COLUMN_COMMENT", default_value(facts),
                        typed, typed, typed, "ORDINAL_POSITION", is_nullable}) +
            type_sources("COLUMN_TYPE", type_name(facts)) +
            from("COLUMNS", facts.sources.columns, "c") + where.sql() +
            " ORDER BY `TABLE_CAT`, `TABLE_NAME`, `ORDINAL_POSITION`",
        result,
        [facts, whole = !table || *table == "%"](std::unique_ptr<results::Results> rows,
                                                 const Ask& ask) {
            if (hides_json(facts))
                rows = with_json_names(std::move(rows), std::size(result), ask, facts, whole);
            return with_types(std::move(rows), std::size(result), places, facts);
        }};
}

}  // namespace myfabric::catalog
