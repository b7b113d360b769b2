#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/functions.h"
#include "catalog/pattern.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn result[] = {
    {"TABLE_CAT", Kind::varchar, name_size, true},  {"TABLE_SCHEM", Kind::varchar, name_size, true},
    {"TABLE_NAME", Kind::varchar, name_size, true}, {"TABLE_TYPE", Kind::varchar, name_size, true},
    {"REMARKS", Kind::varchar, remarks_size, true},
};

constexpr unsigned mariadb_sequences = 100300;
constexpr unsigned mariadb_lists_temporary = 110200;

/// Names of a type of table: the reference's or, where it has none, the server's.
struct TableType {
    const char* odbc;
    const char* servers;     // in information_schema, as a list of literals
    unsigned mariadb_since;  // 0: every server has it
};
constexpr TableType table_types[] = {
    {"LOCAL TEMPORARY", "'TEMPORARY', 'TEMPORARY SEQUENCE'", mariadb_lists_temporary},
    {"SEQUENCE", "'SEQUENCE'", mariadb_sequences},
    {"SYSTEM VIEW", "'SYSTEM VIEW'", 0},
    {"TABLE", "'BASE TABLE', 'SYSTEM VERSIONED'", 0},
    {"VIEW", "'VIEW'", 0},
};

bool has(const TableType& type, const Facts& facts) {
    return type.mariadb_since == 0 || (facts.mariadb && facts.server_version >= type.mariadb_since);
}

/// Items of "TABLE,VIEW" or "'TABLE', 'VIEW'".
std::vector<std::string> split(std::string_view list) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        std::string_view item = trim(list.substr(0, end));
        if (item.size() >= 2 && item.front() == '\'' && item.back() == '\'')
            item = trim(item.substr(1, item.size() - 2));
        if (!item.empty()) out.emplace_back(item);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

/// The condition for a list of types: empty when all are meant.
std::string type_condition(const Argument& types) {
    if (!types) return {};
    const std::vector<std::string> wanted = split(*types);
    if (wanted.empty()) return {};
    std::string literals;
    for (const std::string& name : wanted) {
        if (name == "%") return {};
        for (const TableType& type : table_types) {
            const bool base =
                type.odbc == std::string_view("TABLE") && equal_ignoring_case(name, "BASE TABLE");
            if (!base && !equal_ignoring_case(name, type.odbc)) continue;
            if (!literals.empty()) literals += ", ";
            literals += type.servers;
        }
    }
    return literals.empty() ? "1 = 0" : "TABLE_TYPE IN (" + literals + ")";
}

Query all_catalogs() {
    return {select(result, {"SCHEMA_NAME", "NULL", "NULL", "NULL", "NULL"}) +
                " FROM information_schema.SCHEMATA ORDER BY TABLE_CAT",
            result};
}

Query all_schemas() {
    return {select(result, {"NULL", "NULL", "NULL", "NULL", "NULL"}) +
                " FROM information_schema.SCHEMATA WHERE 1 = 0",
            result};
}

Query all_types(const Facts& facts) {
    Query query{{}, result};
    for (const TableType& type : table_types) {
        if (!has(type, facts)) continue;
        if (!query.sql.empty()) query.sql += " UNION ALL ";
        query.sql += select(result, {"NULL", "NULL", "NULL", quote(type.odbc), "NULL"});
    }
    query.sql += " ORDER BY TABLE_TYPE";
    return query;
}

}  // namespace

Query tables(const Argument& catalog, const Argument& schema, const Argument& table,
             const Argument& types, const Facts& facts) {
    const auto empty = [](const Argument& argument) { return argument && argument->empty(); };
    const auto absent = [](const Argument& argument) { return !argument || argument->empty(); };
    // Nothing else has an empty table name, so that a null pointer may stand for the other "".
    if (empty(table)) {
        if (catalog == SQL_ALL_CATALOGS && absent(schema)) return all_catalogs();
        if (schema == SQL_ALL_SCHEMAS && absent(catalog)) return all_schemas();
        if (types == SQL_ALL_TABLE_TYPES && absent(catalog) && absent(schema))
            return all_types(facts);
    }
    Where where(facts);
    where.catalog_pattern("TABLE_SCHEMA", catalog).schema(schema).pattern("TABLE_NAME", table);
    if (const std::string condition = type_condition(types); !condition.empty())
        where.also(condition);
    // The comment of a view is the word VIEW, or what is wrong with it.
    return {select(result,
                   {"TABLE_SCHEMA", "NULL", "TABLE_NAME",
                    "CASE TABLE_TYPE WHEN 'BASE TABLE' THEN 'TABLE' WHEN 'SYSTEM VERSIONED' THEN "
                    "'TABLE' WHEN 'TEMPORARY' THEN 'LOCAL TEMPORARY' WHEN 'TEMPORARY SEQUENCE' "
                    "THEN 'LOCAL TEMPORARY' ELSE TABLE_TYPE END",
                    "IF(TABLE_TYPE = 'VIEW', '', TABLE_COMMENT)"}) +
                from("TABLES", facts.sources.tables, "t") + where.sql() +
                " ORDER BY `TABLE_TYPE`, `TABLE_CAT`, `TABLE_NAME`",
            result};
}

}  // namespace myfabric::catalog
