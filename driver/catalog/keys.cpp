#include "catalog/functions.h"
#include "catalog/pattern.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn primary_result[] = {
    {"TABLE_CAT", Kind::varchar, name_size, true},
    {"TABLE_SCHEM", Kind::varchar, name_size, true},
    {"TABLE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_NAME", Kind::varchar, name_size, false},
    {"KEY_SEQ", Kind::smallint, 5, false},
    {"PK_NAME", Kind::varchar, name_size, true},
};

constexpr ResultColumn foreign_result[] = {
    {"PKTABLE_CAT", Kind::varchar, name_size, true},
    {"PKTABLE_SCHEM", Kind::varchar, name_size, true},
    {"PKTABLE_NAME", Kind::varchar, name_size, false},
    {"PKCOLUMN_NAME", Kind::varchar, name_size, false},
    {"FKTABLE_CAT", Kind::varchar, name_size, true},
    {"FKTABLE_SCHEM", Kind::varchar, name_size, true},
    {"FKTABLE_NAME", Kind::varchar, name_size, false},
    {"FKCOLUMN_NAME", Kind::varchar, name_size, false},
    {"KEY_SEQ", Kind::smallint, 5, false},
    {"UPDATE_RULE", Kind::smallint, 5, true},
    {"DELETE_RULE", Kind::smallint, 5, true},
    {"FK_NAME", Kind::varchar, name_size, true},
    {"PK_NAME", Kind::varchar, name_size, true},
    {"DEFERRABILITY", Kind::smallint, 5, true},
};

std::string rule(const char* column) {
    const auto code = [](int value) { return std::to_string(value); };
    return std::string("CASE r.") + column + " WHEN 'CASCADE' THEN " + code(SQL_CASCADE) +
           " WHEN 'SET NULL' THEN " + code(SQL_SET_NULL) + " WHEN 'SET DEFAULT' THEN " +
           code(SQL_SET_DEFAULT) + " WHEN 'RESTRICT' THEN " + code(SQL_RESTRICT) + " ELSE " +
           code(SQL_NO_ACTION) + " END";
}

/// Programs give empty names for the side that they do not mean.
TableArguments given(const TableArguments& side) {
    return side.table && side.table->empty() ? TableArguments{} : side;
}

/// A side without a table is not bound to the current database: keys cross databases.
void restrict(Where& where, const TableArguments& side, const char* catalog, const char* table) {
    if (side.table || side.catalog) where.catalog(catalog, side.catalog);
    where.schema(side.schema).ordinary(table, side.table);
}

/// Whether the conditions on a side name one table: then each table of information_schema has them,
/// and equations between the two would have the server open all tables that there are.
bool names_one_table(const TableArguments& side, const Facts& facts) {
    if (!side.table || facts.metadata_id) return false;
    return side.catalog ? *side.catalog != "%"
                        : facts.null_is_current && !facts.current_database.empty();
}

}  // namespace

Query primary_keys(const Argument& catalog, const Argument& schema, const Argument& table,
                   const Facts& facts) {
    Where where(facts);
    where.catalog("TABLE_SCHEMA", catalog)
        .schema(schema)
        .ordinary("TABLE_NAME", table)
        .also("INDEX_NAME = 'PRIMARY'");
    return {select(primary_result, {"TABLE_SCHEMA", "NULL", "TABLE_NAME", "COLUMN_NAME",
                                    "SEQ_IN_INDEX", "INDEX_NAME"}) +
                from("STATISTICS", facts.sources.statistics, "s") + where.sql() +
                " ORDER BY `TABLE_CAT`, `TABLE_NAME`, `KEY_SEQ`",
            primary_result};
}

Query foreign_keys(const TableArguments& primary, const TableArguments& foreign,
                   const Facts& facts) {
    Where where(facts);
    where.also("k.REFERENCED_TABLE_NAME IS NOT NULL");
    const TableArguments parent = given(primary);
    restrict(where, parent, "k.REFERENCED_TABLE_SCHEMA", "k.REFERENCED_TABLE_NAME");
    const TableArguments child = given(foreign);
    restrict(where, child, "k.TABLE_SCHEMA", "k.TABLE_NAME");
    // A constraint is where its table is: the server need not look through others for it.
    if (child.table || child.catalog) where.catalog("r.CONSTRAINT_SCHEMA", child.catalog);
    where.ordinary("r.TABLE_NAME", child.table);
    const char* const order = parent.table
                                  ? " ORDER BY `FKTABLE_CAT`, `FKTABLE_NAME`, `FK_NAME`, `KEY_SEQ`"
                                  : " ORDER BY `PKTABLE_CAT`, `PKTABLE_NAME`, `FK_NAME`, `KEY_SEQ`";
    return {
        select(foreign_result, {"k.REFERENCED_TABLE_SCHEMA", "NULL", "k.REFERENCED_TABLE_NAME",
                                "k.REFERENCED_COLUMN_NAME", "k.TABLE_SCHEMA", "NULL",
                                "k.TABLE_NAME", "k.COLUMN_NAME", "k.ORDINAL_POSITION",
                                rule("UPDATE_RULE"), rule("DELETE_RULE"), "k.CONSTRAINT_NAME",
                                "r.UNIQUE_CONSTRAINT_NAME", std::to_string(SQL_NOT_DEFERRABLE)}) +
            " FROM information_schema.KEY_COLUMN_USAGE k"
            " JOIN information_schema.REFERENTIAL_CONSTRAINTS r"
            " ON r.CONSTRAINT_NAME = k.CONSTRAINT_NAME" +
            (names_one_table(child, facts) ? ""
                                           : " AND r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA"
                                             " AND r.TABLE_NAME = k.TABLE_NAME") +
            where.sql() + order,
        foreign_result};
}

}  // namespace myfabric::catalog
