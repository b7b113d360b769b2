#include "catalog/shown_table.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "catalog/pattern.h"

namespace myfabric::catalog {
namespace {

// Columns of SHOW FULL COLUMNS and SHOW INDEX.
enum ColumnPlace { field, type, collation, null, key, default_value, extra, privileges, comment };
enum KeyPlace {
    key_table,
    non_unique,
    key_name,
    sequence,
    column_name,
    key_collation,
    cardinality,
    sub_part,
    packed,
    key_null,
    index_type,
    key_comment,
    index_comment,
    visible,  // "Ignored" in MariaDB
    expression
};

std::string identifier(std::string_view name) {
    std::string out = "`";
    for (const char c : name) {
        if (c == '`') out += c;
        out += c;
    }
    return out + "`";
}

std::string literal(const std::optional<std::string>& value) {
    return value ? quote(*value) : "NULL";
}

std::optional<std::string> at(const ShownRow& row, std::size_t place) {
    return place < row.size() ? row[place] : std::nullopt;
}

/// "decimal(10,2) unsigned" in its parts.
struct Type {
    std::string name;                    // "decimal"
    std::vector<std::string> arguments;  // "10", "2"; members of ENUM and SET without quotes
};

Type parse_type(std::string_view text) {
    Type out;
    const std::size_t end = std::min(text.find_first_of(" ("), text.size());
    out.name = to_lower(text.substr(0, end));
    if (end == text.size() || text[end] != '(') return out;
    std::string argument;
    bool quoted = false;
    for (std::size_t i = end + 1; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\'' && quoted && i + 1 < text.size() && text[i + 1] == '\'') {
            argument += text[++i];
        } else if (c == '\'') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == ')')) {
            out.arguments.push_back(std::exchange(argument, {}));
            if (c == ')') break;
        } else {
            argument += c;
        }
    }
    return out;
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string character_length(const Type& type) {
    struct Fixed {
        const char* ending;
        const char* length;
    };
    // The longer names first: each ends like "text".
    static constexpr Fixed fixed[] = {
        {"json", "4294967295"},     {"longtext", "4294967295"}, {"longblob", "4294967295"},
        {"mediumtext", "16777215"}, {"mediumblob", "16777215"}, {"tinytext", "255"},
        {"tinyblob", "255"},        {"text", "65535"},          {"blob", "65535"},
    };
    for (const Fixed& row : fixed)
        if (type.name == row.ending) return row.length;
    if (type.name == "enum" || type.name == "set") {
        std::size_t longest = 0, all = 0;
        for (const std::string& member : type.arguments) {
            longest = std::max(longest, characters(member));
            all += characters(member) + 1;
        }
        return std::to_string(type.name == "enum" ? longest : all - (all > 0));
    }
    const bool counted = type.name.ends_with("char") || type.name.ends_with("binary");
    return counted ? (type.arguments.empty() ? "1" : type.arguments[0]) : "NULL";
}

bool is_number(std::string_view name) {
    return name.ends_with("int") || name == "decimal" || name == "float" || name == "double" ||
           name == "bit";
}

bool is_moment(std::string_view name) {
    return name == "time" || name == "datetime" || name == "timestamp";
}

/// As information_schema has it: MariaDB's as SQL, MySQL's as it is.
std::string default_text(const ShownRow& row, const Type& type, const Facts& facts) {
    const std::optional<std::string> value = at(row, default_value);
    if (!facts.mariadb) return literal(value);
    if (!value) return at(row, null) == "YES" ? "'NULL'" : "NULL";
    const bool plain = is_number(type.name) || type.name == "year" ||
                       to_lower(*value).starts_with("current_timestamp");
    return quote(plain ? *value : quote(*value));
}

/// "SELECT a AS `A`, ... UNION ALL SELECT ..." of rows of SQL expressions.
std::string rows_as_sql(std::initializer_list<const char*> names,
                        const std::vector<std::vector<std::string>>& rows) {
    std::string sql;
    for (const std::vector<std::string>& row : rows) {
        sql += sql.empty() ? "(SELECT " : " UNION ALL SELECT ";
        std::size_t i = 0;
        for (const char* name : names) {
            if (i) sql += ", ";
            sql.append(row[i++]).append(" AS `").append(name).append("`");
        }
    }
    return sql + ")";
}

std::string columns_table(const ShownTable& table, const Facts& facts) {
    std::vector<std::vector<std::string>> rows;
    for (const ShownRow& shown : table.columns) {
        const std::string name = at(shown, field).value_or("");
        Type parsed = parse_type(at(shown, type).value_or(""));
        // MariaDB's JSON is a LONGTEXT with a check.
        if (parsed.name == "longtext" &&
            (table.create.find("json_valid(" + identifier(name) + ")") != std::string::npos ||
             table.create.find("json_valid(\"" + name + "\")") != std::string::npos))
            parsed.name = "json";
        const auto argument = [&](std::size_t i, const char* otherwise) {
            return i < parsed.arguments.size() ? parsed.arguments[i] : std::string(otherwise);
        };
        const bool is_bit = parsed.name == "bit";
        rows.push_back({quote(table.name.schema), quote(table.name.table), quote(name),
                        std::to_string(rows.size() + 1), default_text(shown, parsed, facts),
                        literal(at(shown, null)), quote(parsed.name), character_length(parsed),
                        is_number(parsed.name) ? argument(0, is_bit ? "1" : "10") : "NULL",
                        parsed.name == "decimal" ? argument(1, "0") : "NULL",
                        is_moment(parsed.name) ? argument(0, "0") : "NULL",
                        literal(at(shown, collation)), literal(at(shown, type)),
                        literal(at(shown, extra)), literal(at(shown, comment)),
                        literal(at(shown, key))});
    }
    return rows_as_sql({"TABLE_SCHEMA", "TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION",
                        "COLUMN_DEFAULT", "IS_NULLABLE", "DATA_TYPE", "CHARACTER_MAXIMUM_LENGTH",
                        "NUMERIC_PRECISION", "NUMERIC_SCALE", "DATETIME_PRECISION",
                        "COLLATION_NAME", "COLUMN_TYPE", "EXTRA", "COLUMN_COMMENT", "COLUMN_KEY"},
                       rows);
}

std::string statistics_table(const ShownTable& table) {
    std::vector<std::vector<std::string>> rows;
    for (const ShownRow& key : table.keys)
        rows.push_back({quote(table.name.schema), quote(table.name.table),
                        at(key, non_unique).value_or("1"), literal(at(key, key_name)),
                        at(key, sequence).value_or("1"), literal(at(key, column_name)),
                        literal(at(key, key_collation)), at(key, cardinality).value_or("NULL"),
                        at(key, sub_part).value_or("NULL"), quote(at(key, key_null).value_or("")),
                        literal(at(key, index_type)), literal(at(key, expression))});
    const bool none = rows.empty();
    if (none) rows.push_back({"''", "''", "0", "''", "0", "''", "''", "0", "0", "''", "''", "''"});
    std::string sql = rows_as_sql(
        {"TABLE_SCHEMA", "TABLE_NAME", "NON_UNIQUE", "INDEX_NAME", "SEQ_IN_INDEX", "COLUMN_NAME",
         "COLLATION", "CARDINALITY", "SUB_PART", "NULLABLE", "INDEX_TYPE", "EXPRESSION"},
        rows);
    if (none) sql.insert(sql.size() - 1, " FROM (SELECT 1) n WHERE 1 = 0");
    return sql;
}

using Show = std::function<std::vector<ShownRow>(const std::string&)>;

/// MySQL's SHOW obeys sql_select_limit, and takes no other limit.
void without_select_limit(const Show& ask, const std::function<void()>& body) {
    constexpr const char* none = "18446744073709551615";
    const std::vector<ShownRow> limit = ask("SELECT @@SESSION.sql_select_limit LIMIT 1");
    const std::string before = limit.empty() ? none : at(limit[0], 0).value_or(none);
    if (before == none) return body();
    const std::string set = "SET SESSION sql_select_limit = ";
    ask(set + none);
    try {
        body();
    } catch (...) {
        ask(set + before);
        throw;
    }
    ask(set + before);
}

}  // namespace

std::optional<TableName> one_table(const Argument& catalog, const Argument& table, bool patterns,
                                   const Facts& facts) {
    const auto name = [&](const Argument& argument) -> std::optional<std::string> {
        if (!argument) return std::nullopt;
        if (facts.metadata_id) return parse_identifier(*argument).name;
        if (!patterns) return *argument;
        const Pattern pattern = parse_pattern(*argument);
        // A bare _ is more often a name's than a wildcard: the conditions look at it again.
        if (pattern.value.find('%') != std::string::npos) return std::nullopt;
        return pattern.value;
    };
    std::optional<std::string> found = name(table);
    std::optional<std::string> schema = catalog ? name(catalog) : facts.current_database;
    if (!found || found->empty() || !schema || schema->empty() || *schema == "%")
        return std::nullopt;
    return TableName{std::move(*schema), std::move(*found)};
}

std::optional<ShownTable> temporary_table(
    const TableName& name, const Facts& facts,
    const std::function<std::vector<ShownRow>(const std::string&)>& ask) {
    const std::string place = identifier(name.schema) + "." + identifier(name.table);
    ShownTable table{name, {}, {}, {}};
    const std::vector<ShownRow> create = ask("SHOW CREATE TABLE " + place);
    if (create.empty()) return std::nullopt;
    table.create = at(create[0], 1).value_or("");
    if (!table.create.starts_with("CREATE TEMPORARY TABLE")) return std::nullopt;
    const auto read = [&] {
        table.columns = ask(for_any_session("SHOW FULL COLUMNS FROM " + place, facts));
        table.keys = ask(for_any_session("SHOW INDEX FROM " + place, facts));
    };
    if (facts.mariadb)
        read();
    else
        without_select_limit(ask, read);
    if (table.columns.empty()) return std::nullopt;
    return table;
}

Sources sources(const ShownTable& table, const Facts& facts) {
    return {columns_table(table, facts), statistics_table(table),
            rows_as_sql({"TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE", "TABLE_ROWS", "TABLE_COMMENT"},
                        {{quote(table.name.schema), quote(table.name.table), "'TEMPORARY'", "NULL",
                          "''"}})};
}

}  // namespace myfabric::catalog
