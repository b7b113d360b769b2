#include <charconv>
#include <iterator>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "catalog/best_key.h"
#include "catalog/functions.h"
#include "catalog/pattern.h"
#include "catalog/typed_rows.h"
#include "catalog/types.h"
#include "results/memory_results.h"

namespace myfabric::catalog {
namespace {

using results::Kind;

constexpr ResultColumn result[] = {
    {"SCOPE", Kind::smallint, 5, true},          {"COLUMN_NAME", Kind::varchar, name_size, false},
    {"DATA_TYPE", Kind::smallint, 5, false},     {"TYPE_NAME", Kind::varchar, name_size, false},
    {"COLUMN_SIZE", Kind::integer, 10, true},    {"BUFFER_LENGTH", Kind::integer, 10, true},
    {"DECIMAL_DIGITS", Kind::smallint, 5, true}, {"PSEUDO_COLUMN", Kind::smallint, 5, true},
};
constexpr TypePlaces places{
    .data_type = 2, .type_name = 3, .column_size = 4, .buffer_length = 5, .decimal_digits = 6};

// What follows a row and its type's sources.
constexpr std::size_t column_name = 1, width = std::size(result), data_type = width,
                      behind = width + type_source_count, schema = behind, table = behind + 1,
                      key = behind + 2;

std::string columns_of(const std::string& scope, const Facts& facts) {
    const char* const typed = "NULL";  // by the type, see with_types()
    return select(result, {scope, "COLUMN_NAME", typed, typed, typed, typed, typed,
                           std::to_string(SQL_PC_NOT_PSEUDO)}) +
           type_sources("COLUMN_TYPE") + ", TABLE_SCHEMA, TABLE_NAME, COLUMN_KEY" +
           from("COLUMNS", facts.sources.columns, "c");
}

std::optional<std::string> cell(const results::Row& row, std::size_t i) {
    if (!row.values[i]) return std::nullopt;
    return std::string(row.values[i], row.lengths[i]);
}

/// Columns of a table by their names: what SQLSpecialColumns may give.
struct Table {
    std::map<std::string, results::MemoryRow> columns;
    std::vector<std::string> marked;  // of what the server takes for the primary key
    std::vector<KeyPart> keys;

    /// A key of one column whole needs no second look.
    bool is_clear() const {
        return marked.size() == 1 &&
               !may_be_cut_in_keys(columns.at(marked[0])[data_type].value_or(""));
    }
};
using Tables = std::map<std::pair<std::string, std::string>, Table>;

Tables read(results::Results& rows) {
    Tables tables;
    while (rows.next_row()) {
        const results::Row& row = rows.row();
        results::MemoryRow copy;
        for (std::size_t i = 0; i < behind; ++i) copy.push_back(cell(row, i));
        Table& found = tables[{cell(row, schema).value_or(""), cell(row, table).value_or("")}];
        const std::string name = copy[column_name].value_or("");
        if (cell(row, key) == "PRI") found.marked.push_back(name);
        found.columns[name] = std::move(copy);
    }
    return tables;
}

std::string keys_of(const Where& where, const Facts& facts) {
    return "SELECT TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NULLABLE,"
           " SUB_PART" +
           from("STATISTICS", facts.sources.statistics, "s") + where.sql();
}

void read_keys(results::Results& rows, Tables& tables) {
    while (rows.next_row()) {
        const results::Row& row = rows.row();
        const auto found = tables.find({cell(row, 0).value_or(""), cell(row, 1).value_or("")});
        if (found == tables.end()) continue;
        KeyPart part{cell(row, 2).value_or(""), cell(row, 4).value_or("")};
        if (row.values[3])
            std::from_chars(row.values[3], row.values[3] + row.lengths[3], part.sequence);
        part.nullable = cell(row, 5) == "YES";
        part.no_column = !row.values[4] || row.values[6];
        found->second.keys.push_back(std::move(part));
    }
}

/// From the rows of COLUMNS those of the best key, for which STATISTICS is asked where it has to.
std::unique_ptr<results::Results> of_best_key(results::Results& rows, const std::string& keys,
                                              bool nulls, const Ask& ask) {
    Tables tables = read(rows);
    bool clear = true;
    for (const auto& [name, found] : tables) clear = clear && found.is_clear();
    if (!clear) read_keys(*ask(keys), tables);
    std::vector<results::MemoryRow> chosen;
    for (auto& [name, found] : tables)
        for (const std::string& column :
             clear ? found.marked : best_key(std::move(found.keys), nulls))
            if (const auto row = found.columns.find(column); row != found.columns.end())
                chosen.push_back(std::move(row->second));
    results::Columns columns = rows.columns();
    columns.resize(behind);
    return std::make_unique<results::MemoryResults>(std::move(columns), std::move(chosen));
}

}  // namespace

Query special_columns(SQLUSMALLINT identifier_type, const Argument& catalog, const Argument& schema,
                      const Argument& table, SQLUSMALLINT /*scope*/, SQLUSMALLINT nullable,
                      const Facts& facts) {
    Where where(facts);
    where.catalog("TABLE_SCHEMA", catalog).schema(schema).ordinary("TABLE_NAME", table);
    if (identifier_type == SQL_ROWVER) {
        Where changing = where;
        changing.also("EXTRA LIKE '%on update%'");
        return {columns_of("NULL", facts) + changing.sql() +
                    " ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION",
                result, [facts](std::unique_ptr<results::Results> rows, const Ask&) {
                    return with_types(std::move(rows), width, places, facts);
                }};
    }
    Where unique = where;
    unique.also("NON_UNIQUE = 0");
    return {
        columns_of(std::to_string(SQL_SCOPE_SESSION), facts) + where.sql(), result,
        [facts, keys = for_any_session(keys_of(unique, facts), facts),
         nulls = nullable != SQL_NO_NULLS](std::unique_ptr<results::Results> rows, const Ask& ask) {
            auto chosen = of_best_key(*rows, keys, nulls, ask);
            rows.reset();
            return with_types(std::move(chosen), width, places, facts);
        }};
}

}  // namespace myfabric::catalog
