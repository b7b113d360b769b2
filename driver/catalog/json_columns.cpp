#include "catalog/json_columns.h"

#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "catalog/pattern.h"
#include "results/static_rows.h"

namespace myfabric::catalog {
namespace {

// Columns of SQLColumns, from 0.
constexpr std::size_t schema = 0, table = 2, column = 3;
constexpr std::size_t tables_a_query = 100;

std::string_view text(const results::Row& row, std::size_t i) {
    return row.values[i] ? std::string_view(row.values[i], row.lengths[i]) : std::string_view();
}

std::string key(std::string_view in_schema, std::string_view of_table, std::string_view name) {
    std::string out(in_schema);
    out.append(1, '\0').append(of_table).append(1, '\0').append(name);
    return out;
}

using Keys = std::unordered_set<std::string>;

/// "a`b" of "json_valid(`a``b`)"; empty for other checks.
std::string checked_column(std::string_view clause) {
    constexpr std::string_view head = "json_valid(";
    if (!clause.starts_with(head) || clause.size() < head.size() + 3 || clause.back() != ')')
        return {};
    clause = clause.substr(head.size(), clause.size() - head.size() - 1);
    const Identifier parsed = parse_identifier(clause);
    return parsed.quoted ? parsed.name : std::string();
}

/// Database and table; an empty table is all of them.
using Tables = std::set<std::pair<std::string, std::string>>;

Tables databases_of(const Tables& tables) {
    Tables databases;
    for (const auto& [database, name] : tables) databases.emplace(database, std::string());
    return databases;
}

class NamedRows : public results::Results {
public:
    NamedRows(std::unique_ptr<results::StaticRows> rows, std::size_t type, Keys json)
        : rows_(std::move(rows)), type_(type), json_(std::move(json)) {
        columns_ = rows_->shared_columns();
        format_ = rows_->format();
        counts_ = rows_->counts();
        values_.resize(columns().size());
        lengths_.resize(columns().size());
        row_ = {values_.data(), lengths_.data()};
    }

    bool next_row() override {
        static constexpr std::string_view is_json = "json", is_text = "longtext";
        if (!rows_->next_row()) return false;
        const results::Row& row = rows_->row();
        for (std::size_t i = 0; i < values_.size(); ++i) {
            values_[i] = row.values[i];
            lengths_[i] = row.lengths[i];
        }
        if (text(row, type_) != perhaps_json) return true;
        const bool found =
            json_.contains(key(text(row, schema), text(row, table), text(row, column)));
        values_[type_] = found ? is_json.data() : is_text.data();
        lengths_[type_] = found ? is_json.size() : is_text.size();
        return true;
    }
    bool next_result() override {
        columns_.reset();
        return false;
    }

private:
    std::unique_ptr<results::StaticRows> rows_;
    std::size_t type_;
    Keys json_;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
};

}  // namespace

std::unique_ptr<results::Results> with_json_names(std::unique_ptr<results::Results> rows,
                                                  std::size_t type, const Ask& ask,
                                                  const Facts& facts, bool whole) {
    auto all = std::make_unique<results::StaticRows>(std::move(rows), 0);
    Tables tables;
    while (all->next_row())
        if (text(all->row(), type) == perhaps_json)
            tables.emplace(text(all->row(), schema), text(all->row(), table));
    all->seek(0);
    constexpr std::size_t few = 8;
    if (whole && tables.size() > few) tables = databases_of(tables);
    Keys json;
    for (auto at = tables.begin(); at != tables.end();) {
        std::string sql;
        for (std::size_t i = 0; i < tables_a_query && at != tables.end(); ++i, ++at)
            sql += (i ? " UNION ALL " : "") +
                   ("SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM "
                    "information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = " +
                    quote(at->first) +
                    (at->second.empty() ? "" : " AND TABLE_NAME = " + quote(at->second)));
        const std::unique_ptr<results::Results> checks = ask(for_any_session(sql, facts));
        while (checks->next_row()) {
            const std::string name = checked_column(text(checks->row(), 2));
            if (!name.empty())
                json.insert(key(text(checks->row(), 0), text(checks->row(), 1), name));
        }
    }
    return std::make_unique<NamedRows>(std::move(all), type, std::move(json));
}

}  // namespace myfabric::catalog
