#include "catalog/functions.h"
#include "catalog/pattern.h"
#include "catalog/types.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn result[] = {
    {"SCOPE", Kind::smallint, 5, true},          {"COLUMN_NAME", Kind::varchar, name_size, false},
    {"DATA_TYPE", Kind::smallint, 5, false},     {"TYPE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_SIZE", Kind::integer, 10, true},    {"BUFFER_LENGTH", Kind::integer, 10, true},
    {"DECIMAL_DIGITS", Kind::smallint, 5, true}, {"PSEUDO_COLUMN", Kind::smallint, 5, true},
};

std::string columns_of(const std::string& scope, const Facts& facts) {
    const TypeExpressions type = type_expressions("COLUMN_TYPE", facts);
    return select(result,
                  {scope, "c.COLUMN_NAME", type.data_type, type.type_name, type.column_size,
                   type.buffer_length, type.decimal_digits, std::to_string(SQL_PC_NOT_PSEUDO)}) +
           from("COLUMNS", facts.sources.columns, "c");
}

}  // namespace

Query special_columns(SQLUSMALLINT identifier_type, const Argument& catalog, const Argument& schema,
                      const Argument& table, SQLUSMALLINT /*scope*/, SQLUSMALLINT nullable,
                      const Facts& facts) {
    // Each table of information_schema gets the conditions: they are not handed on by a join.
    const auto one_table = [&](const std::string& alias) {
        return Where(facts)
            .catalog(alias + ".TABLE_SCHEMA", catalog)
            .schema(schema)
            .ordinary(alias + ".TABLE_NAME", table);
    };
    if (identifier_type == SQL_ROWVER)
        return {columns_of("NULL", facts) +
                    one_table("c").also("c.EXTRA LIKE '%on update%'").sql() +
                    " ORDER BY c.ORDINAL_POSITION",
                result};
    // `choice` sorts the keys: the primary one, then those that never
    // hold NULL, then those with the fewest columns, by name. A
    // key over the beginning of a column or over an expression does not name a row by columns.
    const std::string keys =
        "SELECT u.TABLE_SCHEMA, u.TABLE_NAME,"
        " CONCAT(u.INDEX_NAME <> 'PRIMARY', SUM(u.NULLABLE = 'YES') > 0, LPAD(COUNT(*), 2, '0'), "
        "u.INDEX_NAME) AS choice" +
        from("STATISTICS", facts.sources.statistics, "u") +
        one_table("u").also("u.NON_UNIQUE = 0").sql() +
        " GROUP BY u.TABLE_SCHEMA, u.TABLE_NAME, u.INDEX_NAME"
        " HAVING COUNT(u.SUB_PART) = 0 AND COUNT(u.COLUMN_NAME) = COUNT(*)" +
        (nullable == SQL_NO_NULLS ? " AND SUM(u.NULLABLE = 'YES') = 0" : "");
    const std::string best =
        "SELECT k.TABLE_SCHEMA, k.TABLE_NAME, SUBSTRING(MIN(k.choice), 5) AS INDEX_NAME FROM (" +
        keys + ") k GROUP BY k.TABLE_SCHEMA, k.TABLE_NAME";
    const auto same_table = [](const std::string& a) {
        return a + ".TABLE_SCHEMA = c.TABLE_SCHEMA AND " + a + ".TABLE_NAME = c.TABLE_NAME";
    };
    // By itself: in the join the server would find that its table is c's, and look into all of
    // them.
    const std::string indexes =
        "SELECT DISTINCT x.TABLE_SCHEMA, x.TABLE_NAME, x.COLUMN_NAME, x.INDEX_NAME, "
        "x.SEQ_IN_INDEX" +
        from("STATISTICS", facts.sources.statistics, "x") + one_table("x").sql();
    return {columns_of(std::to_string(SQL_SCOPE_SESSION), facts) + " JOIN (" + best + ") b ON " +
                same_table("b") + " JOIN (" + indexes + ") s ON " + same_table("s") +
                " AND s.COLUMN_NAME = c.COLUMN_NAME AND s.INDEX_NAME = b.INDEX_NAME" +
                one_table("c").sql() + " ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, s.SEQ_IN_INDEX",
            result};
}

}  // namespace myfabric::catalog
