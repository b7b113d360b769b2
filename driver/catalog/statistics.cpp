#include "catalog/functions.h"
#include "catalog/pattern.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn result[] = {
    {"TABLE_CAT", Kind::varchar, name_size, true},
    {"TABLE_SCHEM", Kind::varchar, name_size, true},
    {"TABLE_NAME", Kind::varchar, name_size, false},
    {"NON_UNIQUE", Kind::smallint, 5, true},
    {"INDEX_QUALIFIER", Kind::varchar, name_size, true},
    {"INDEX_NAME", Kind::varchar, name_size, true},
    {"TYPE", Kind::smallint, 5, false},
    {"ORDINAL_POSITION", Kind::smallint, 5, true},
    {"COLUMN_NAME", Kind::varchar, name_size, true},
    {"ASC_OR_DESC", Kind::character, 1, true},
    {"CARDINALITY", Kind::integer, 10, true},
    {"PAGES", Kind::integer, 10, true},
    {"FILTER_CONDITION", Kind::varchar, remarks_size, true},
};

constexpr unsigned mysql_indexes_expressions = 80013;

}  // namespace

Query statistics(const Argument& catalog, const Argument& schema, const Argument& table,
                 SQLUSMALLINT unique, SQLUSMALLINT /*reserved*/, const Facts& facts) {
    Where where(facts);
    where.catalog("TABLE_SCHEMA", catalog).schema(schema).ordinary("TABLE_NAME", table);
    if (unique == SQL_INDEX_UNIQUE) where.also("NON_UNIQUE = 0");
    const bool expressions = !facts.mariadb && facts.server_version >= mysql_indexes_expressions;
    const std::string type = "IF(INDEX_TYPE = 'HASH', " + std::to_string(SQL_INDEX_HASHED) + ", " +
                             std::to_string(SQL_INDEX_OTHER) + ")";
    // No row of the table itself (SQL_TABLE_STAT), as with both vendors' drivers: programs take the
    // rows for indexes.
    return {select(result, {"TABLE_SCHEMA", "NULL", "TABLE_NAME", "NON_UNIQUE", "NULL",
                            "INDEX_NAME", type, "SEQ_IN_INDEX",
                            expressions ? "COALESCE(COLUMN_NAME, EXPRESSION)" : "COLUMN_NAME",
                            "COLLATION", "CARDINALITY", "NULL", "NULL"}) +
                from("STATISTICS", facts.sources.statistics, "s") + where.sql() +
                " ORDER BY `NON_UNIQUE`, `TYPE`, `INDEX_NAME`, `ORDINAL_POSITION`",
            result};
}

}  // namespace myfabric::catalog
