#include <string>

#include "catalog/functions.h"
#include "catalog/pattern.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn table_result[] = {
    {"TABLE_CAT", Kind::varchar, name_size, true},
    {"TABLE_SCHEM", Kind::varchar, name_size, true},
    {"TABLE_NAME", Kind::varchar, name_size, false},
    {"GRANTOR", Kind::varchar, grantee_size, true},
    {"GRANTEE", Kind::varchar, grantee_size, false},
    {"PRIVILEGE", Kind::varchar, name_size, false},
    {"IS_GRANTABLE", Kind::varchar, 3, true},
};

constexpr ResultColumn column_result[] = {
    {"TABLE_CAT", Kind::varchar, name_size, true},
    {"TABLE_SCHEM", Kind::varchar, name_size, true},
    {"TABLE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_NAME", Kind::varchar, name_size, false},
    {"GRANTOR", Kind::varchar, grantee_size, true},
    {"GRANTEE", Kind::varchar, grantee_size, false},
    {"PRIVILEGE", Kind::varchar, name_size, false},
    {"IS_GRANTABLE", Kind::varchar, 3, true},
};

// What can be granted for a table and for a column; a database has more (EVENT, EXECUTE).
constexpr const char* of_tables =
    "('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'DELETE HISTORY', 'REFERENCES', 'CREATE', 'DROP', "
    "'ALTER', 'INDEX', 'TRIGGER', 'CREATE VIEW', 'SHOW VIEW')";
constexpr const char* of_columns = "('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')";

/// Grants of every level that reach the tables (or columns) `t` of `source`, one SELECT a level.
/// `names` are the columns of `t` to select. A database may have been granted by a pattern.
std::string grants_from_above(const std::string& source, const std::string& names,
                              const std::string& where, const char* privileges) {
    const std::string head = "SELECT " + names +
                             ", p.GRANTEE, p.PRIVILEGE_TYPE, p.IS_GRANTABLE FROM " + source +
                             " t JOIN information_schema.";
    const std::string tail = " AND p.PRIVILEGE_TYPE IN " + std::string(privileges) + where;
    return head + "SCHEMA_PRIVILEGES p ON t.TABLE_SCHEMA LIKE p.TABLE_SCHEMA" + tail +
           " UNION ALL " + head + "USER_PRIVILEGES p ON t.TABLE_SCHEMA <> 'information_schema'" +
           tail;
}

/// The WHERE of one table: each level has the conditions, else the server opens every table.
std::string conditions(const Argument& catalog, const Argument& schema, const Argument& table,
                       bool is_pattern, const Argument* column, const Facts& facts) {
    Where where(facts);
    where.catalog("t.TABLE_SCHEMA", catalog).schema(schema);
    if (is_pattern)
        where.pattern("t.TABLE_NAME", table);
    else
        where.ordinary("t.TABLE_NAME", table);
    if (column) where.pattern("t.COLUMN_NAME", *column);
    return where.sql();
}

}  // namespace

Query table_privileges(const Argument& catalog, const Argument& schema, const Argument& table,
                       const Facts& facts) {
    const std::string where = conditions(catalog, schema, table, true, nullptr, facts);
    const std::string all =
        "SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.GRANTEE, t.PRIVILEGE_TYPE, t.IS_GRANTABLE"
        " FROM information_schema.TABLE_PRIVILEGES t" +
        where + " UNION ALL " +
        grants_from_above("information_schema.TABLES", "t.TABLE_SCHEMA, t.TABLE_NAME", where,
                          of_tables);
    return {select(table_result, {"g.TABLE_SCHEMA", "NULL", "g.TABLE_NAME", "NULL", "g.GRANTEE",
                                  "g.PRIVILEGE_TYPE", "MAX(g.IS_GRANTABLE)"}) +
                " FROM (" + all + ") g WHERE g.PRIVILEGE_TYPE IN " + of_tables +
                " GROUP BY g.TABLE_SCHEMA, g.TABLE_NAME, g.GRANTEE, g.PRIVILEGE_TYPE"
                " ORDER BY `TABLE_CAT`, `TABLE_NAME`, `PRIVILEGE`, `GRANTEE`",
            table_result};
}

Query column_privileges(const Argument& catalog, const Argument& schema, const Argument& table,
                        const Argument& column, const Facts& facts) {
    const std::string where = conditions(catalog, schema, table, false, &column, facts);
    const std::string names = "t.TABLE_SCHEMA, t.TABLE_NAME, t.COLUMN_NAME";
    const std::string all =
        "SELECT " + names +
        ", t.GRANTEE, t.PRIVILEGE_TYPE, t.IS_GRANTABLE"
        " FROM information_schema.COLUMN_PRIVILEGES t" +
        where + " UNION ALL SELECT " + names +
        ", p.GRANTEE, p.PRIVILEGE_TYPE, p.IS_GRANTABLE FROM information_schema.COLUMNS t"
        " JOIN information_schema.TABLE_PRIVILEGES p"
        " ON p.TABLE_SCHEMA = t.TABLE_SCHEMA AND p.TABLE_NAME = t.TABLE_NAME AND p.PRIVILEGE_TYPE "
        "IN " +
        of_columns + where + " UNION ALL " +
        grants_from_above("information_schema.COLUMNS", names, where, of_columns);
    return {
        select(column_result, {"g.TABLE_SCHEMA", "NULL", "g.TABLE_NAME", "g.COLUMN_NAME", "NULL",
                               "g.GRANTEE", "g.PRIVILEGE_TYPE", "MAX(g.IS_GRANTABLE)"}) +
            " FROM (" + all +
            ") g GROUP BY g.TABLE_SCHEMA, g.TABLE_NAME, g.COLUMN_NAME, g.GRANTEE,"
            " g.PRIVILEGE_TYPE ORDER BY `TABLE_CAT`, `TABLE_NAME`, `COLUMN_NAME`, `PRIVILEGE`,"
            " `GRANTEE`",
        column_result};
}

}  // namespace myfabric::catalog
