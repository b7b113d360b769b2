#include "farm_sql/results.h"

#include <algorithm>

namespace myfabric::farm_sql {
namespace {

constexpr std::size_t shortest_text = 255;

/// The type that all values of a column have; NULLs have any.
results::Column column_of(const topology::ResultSet& set, std::size_t index) {
    std::optional<std::size_t> type;
    std::size_t longest = shortest_text;
    bool mixed = false;
    for (const topology::Row& row : set.rows) {
        const topology::Value& value = row[index];
        if (std::holds_alternative<std::monostate>(value)) continue;
        mixed |= type && *type != value.index();
        type = value.index();
        if (const auto* text = std::get_if<std::string>(&value))
            longest = std::max(longest, text->size());
    }
    const auto is = [&](const topology::Value& sample) {
        return !mixed && type && *type == sample.index();
    };
    const std::string& name = set.names[index];
    if (is(std::int64_t{})) return number_column(name, results::Kind::bigint);
    if (is(double{})) return number_column(name, results::Kind::double_precision);
    if (is(bool{})) return number_column(name, results::Kind::tinyint);
    results::Column column = text_column(name);
    column.length = longest * column.char_bytes;
    return column;
}

}  // namespace

results::Column text_column(std::string name) {
    results::Column column;
    column.name = std::move(name);
    column.kind = results::Kind::varchar;
    column.char_bytes = 4;
    column.length = shortest_text * column.char_bytes;
    column.charset = 45;
    return column;
}

results::Column number_column(std::string name, results::Kind kind) {
    results::Column column;
    column.name = std::move(name);
    column.kind = kind;
    column.length = 22;
    column.decimals = kind == results::Kind::double_precision ? 31 : 0;
    return column;
}

std::unique_ptr<results::Results> no_rows() {
    return rows_of({}, {});
}

std::unique_ptr<results::Results> rows_of(results::Columns columns,
                                          std::vector<results::MemoryRow> rows) {
    return std::make_unique<results::MemoryResults>(std::move(columns), std::move(rows));
}

std::unique_ptr<results::Results> results_of(const std::vector<topology::ResultSet>& sets) {
    if (sets.empty()) return no_rows();
    std::vector<results::MemorySet> answer;
    for (const topology::ResultSet& set : sets) {
        results::MemorySet& one = answer.emplace_back();
        for (std::size_t i = 0; i < set.names.size(); ++i) one.columns.push_back(column_of(set, i));
        for (const topology::Row& row : set.rows) {
            results::MemoryRow& values = one.rows.emplace_back();
            for (std::size_t i = 0; i < set.names.size(); ++i)
                values.push_back(i < row.size() ? topology::text_of(row[i]) : std::nullopt);
        }
    }
    return std::make_unique<results::MemoryResults>(std::move(answer));
}

}  // namespace myfabric::farm_sql
