#include "catalog/query.h"

#include <cassert>

namespace myfabric::catalog {
namespace {

constexpr unsigned char_bytes = 4;
constexpr unsigned utf8mb4_general_ci = 45;

bool is_text(results::Kind kind) {
    return kind == results::Kind::varchar || kind == results::Kind::character;
}

}  // namespace

results::Columns described(std::span<const ResultColumn> columns) {
    results::Columns out;
    out.reserve(columns.size());
    for (const ResultColumn& column : columns) {
        results::Column& added = out.emplace_back();
        added.name = column.name;
        added.kind = column.kind;
        added.nullable = column.nullable;
        added.length = column.size;
        if (is_text(column.kind)) {
            added.length *= char_bytes;
            added.char_bytes = char_bytes;
            added.charset = utf8mb4_general_ci;
        }
    }
    return out;
}

std::string from(std::string_view table, const std::string& source, std::string_view alias) {
    std::string text = " FROM ";
    if (source.empty())
        text.append("information_schema.").append(table);
    else
        text += source;
    return text.append(" ").append(alias);
}

std::string for_any_session(std::string sql, const Facts& facts) {
    constexpr unsigned mariadb_sets_for_one = 100102;
    constexpr std::string_view all = "18446744073709551615";
    if (facts.mariadb && facts.server_version >= mariadb_sets_for_one)
        return "SET STATEMENT sql_mode='', sql_select_limit=" + std::string(all) + " FOR " + sql;
    // Only its own LIMIT overrides sql_select_limit.
    if (sql.starts_with("SELECT")) sql.append(" LIMIT ").append(all);
    return sql;
}

std::string select(std::span<const ResultColumn> columns,
                   std::initializer_list<std::string> expressions) {
    assert(columns.size() == expressions.size());
    std::string sql = "SELECT ";
    auto column = columns.begin();
    for (const std::string& expression : expressions) {
        if (column != columns.begin()) sql += ", ";
        sql.append(expression).append(" AS `").append((column++)->name).append("`");
    }
    return sql;
}

}  // namespace myfabric::catalog
