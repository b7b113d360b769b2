#include "handles/fabric_results.h"

#include <algorithm>

namespace myfabric::handles {
namespace {

constexpr std::size_t shortest_text = 255;

/// The type that all values of a column have; NULLs have any.
mysql::Column column_of(const fabric::ResultSet& set, std::size_t index) {
    std::optional<std::size_t> type;
    std::size_t longest = shortest_text;
    bool mixed = false;
    for (const fabric::Row& row : set.rows) {
        const fabric::Value& value = row[index];
        if (std::holds_alternative<std::monostate>(value)) continue;
        mixed |= type && *type != value.index();
        type = value.index();
        if (const auto* text = std::get_if<std::string>(&value))
            longest = std::max(longest, text->size());
    }
    const auto is = [&](const fabric::Value& sample) {
        return !mixed && type && *type == sample.index();
    };
    const std::string& name = set.names[index];
    if (is(std::int64_t{})) return number_column(name, mysql::Kind::bigint);
    if (is(double{})) return number_column(name, mysql::Kind::double_precision);
    if (is(bool{})) return number_column(name, mysql::Kind::tinyint);
    mysql::Column column = text_column(name);
    column.length = longest * column.char_bytes;
    return column;
}

}  // namespace

mysql::Column text_column(std::string name) {
    mysql::Column column;
    column.name = std::move(name);
    column.kind = mysql::Kind::varchar;
    column.char_bytes = 4;
    column.length = shortest_text * column.char_bytes;
    column.charset = 45;
    return column;
}

mysql::Column number_column(std::string name, mysql::Kind kind) {
    mysql::Column column;
    column.name = std::move(name);
    column.kind = kind;
    column.length = 22;
    column.decimals = kind == mysql::Kind::double_precision ? 31 : 0;
    return column;
}

std::unique_ptr<mysql::Results> no_rows() {
    return rows_of({}, {});
}

std::unique_ptr<mysql::Results> rows_of(mysql::Columns columns,
                                        std::vector<cursor::MemoryRow> rows) {
    return std::make_unique<cursor::MemoryResults>(std::move(columns), std::move(rows));
}

std::unique_ptr<mysql::Results> results_of(const std::vector<fabric::ResultSet>& sets) {
    if (sets.empty()) return no_rows();
    std::vector<cursor::MemorySet> answer;
    for (const fabric::ResultSet& set : sets) {
        cursor::MemorySet& one = answer.emplace_back();
        for (std::size_t i = 0; i < set.names.size(); ++i) one.columns.push_back(column_of(set, i));
        for (const fabric::Row& row : set.rows) {
            cursor::MemoryRow& values = one.rows.emplace_back();
            for (std::size_t i = 0; i < set.names.size(); ++i)
                values.push_back(i < row.size() ? fabric::text_of(row[i]) : std::nullopt);
        }
    }
    return std::make_unique<cursor::MemoryResults>(std::move(answer));
}

}  // namespace myfabric::handles
