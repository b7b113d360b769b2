#include "execution/row_editor.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace myfabric::execution {

using results::Parameter;
using sql::Comparison;

namespace {

[[noreturn]] void cannot_tell(const std::string& why) {
    throw Error(state::not_implemented, "rows of this result cannot be changed: " + why);
}

std::string text_of(const results::Row& row, std::size_t column) {
    const char* value = row.values[column];
    return value ? std::string(value, row.lengths[column]) : std::string();
}

/// What SHOW INDEX says; its columns are in the same order everywhere.
std::vector<sql::KeyPart> keys_of(results::Results& results) {
    constexpr std::size_t non_unique = 1, key_name = 2, column_name = 4, null = 9;
    std::vector<sql::KeyPart> parts;
    while (results.next_row()) {
        const results::Row& row = results.row();
        parts.push_back({text_of(row, key_name), text_of(row, column_name),
                         text_of(row, non_unique) == "0", text_of(row, null) == "YES"});
    }
    return parts;
}

/// A row as results have it, of values that live as long.
class Cells {
public:
    explicit Cells(const std::vector<std::optional<std::string>>& values) {
        for (const auto& value : values) {
            cells_.push_back(value ? value->data() : nullptr);
            lengths_.push_back(value ? static_cast<unsigned long>(value->size()) : 0);
        }
    }
    results::Row row() const { return {cells_.data(), lengths_.data()}; }

private:
    std::vector<const char*> cells_;
    std::vector<unsigned long> lengths_;
};

/// The other tables' columns are as expressions.
results::SharedColumns columns_of_table(const results::SharedColumns& all,
                                        const sql::TableName& only) {
    results::Columns columns = *all;
    for (results::Column& column : columns) {
        const bool named = equal_ignoring_case(column.table, only.table) ||
                           equal_ignoring_case(column.base_table, only.table);
        if (!named || (!only.database.empty() && column.database != only.database))
            column.base_name.clear();
    }
    return results::shared(std::move(columns));
}

}  // namespace

void RowEditor::rebind(const results::Results& results, results::RowAccess& rows) {
    columns_ = results.shared_columns();
    rows_ = &rows;
}

void RowEditor::Match::add(const sql::Condition& condition, const Parameter& value) {
    conditions.push_back(condition);
    values.push_back(value);
}

RowEditor::RowEditor(Executor& executor, const results::Results& results, results::RowAccess& rows,
                     const router::Purpose& read, bool cut, const sql::TableName* only)
    : executor_(executor),
      columns_(results.shared_columns()),
      format_(results.format()),
      rows_(&rows),
      read_(read),
      write_(read),
      cut_(cut),
      of_one_(only != nullptr) {
    read_.plain_read = false;  // from where changes go
    write_.effect = router::Effect::write;
    write_.plain_read = false;
    if (only) columns_ = columns_of_table(columns_, *only);
    std::string why;
    const std::optional<sql::BaseTable> table = sql::base_table(columns(), why);
    if (!table) cannot_tell(why);
    table_ = *table;
    name_ = table_.quoted();
    find_key(read_);
}

void RowEditor::find_key(const router::Purpose& purpose) {
    const std::vector<sql::KeyPart> parts =
        keys_of(*executor_.query(purpose, "SHOW INDEX FROM " + name_));
    for (unsigned i = 0; i < columns().size() && !generated_; ++i)
        if (columns()[i].auto_increment && !columns()[i].base_name.empty()) generated_ = i;
    key_ = sql::choose_key(parts, columns());
    const auto exact = [&](unsigned i) {
        return sql::comparison_of(columns()[i], format_, true) != Comparison::none;
    };
    if (key_ && std::ranges::all_of(*key_, exact)) return;
    key_.reset();
    alike_ = why_alike(
        executor_.query(purpose, "SELECT * FROM " + name_ + " LIMIT 0")->columns().size());
}

/// Without a key, only all the values show which rows are alike.
std::string RowEditor::why_alike(std::size_t width) const {
    std::vector<std::string> seen;
    for (unsigned i = 0; i < columns().size(); ++i) {
        if (columns()[i].base_name.empty()) continue;
        if (sql::comparison_of(columns()[i], format_, false) == Comparison::none)
            return "table " + table_.table +
                   " has no primary or unique key whose columns are all in the result, and the "
                   "values of column '" +
                   columns()[i].name + "' cannot be compared exactly";
        if (std::ranges::find(seen, columns()[i].base_name) == seen.end())
            seen.push_back(columns()[i].base_name);
    }
    if (seen.size() == width) return {};
    return "neither the columns of a primary or unique key that is never NULL nor all columns of "
           "table " +
           table_.table + " are in the result";
}

void RowEditor::must_tell_rows() const {
    if (!alike_.empty()) cannot_tell(alike_);
}

bool RowEditor::is_updatable(unsigned column) const {
    const results::Columns& all = columns();
    if (all[column].base_name.empty()) return false;
    for (unsigned i = 0; i < column; ++i)  // the first of a column that is there several times
        if (all[i].base_name == all[column].base_name) return false;
    return true;
}

bool RowEditor::is_key(unsigned column) const {
    return key_ && std::ranges::find(*key_, column) != key_->end();
}

/// Compares with the cell of `row`.
void RowEditor::add_cell(Match& match, const results::Row& row, unsigned column,
                         Comparison comparison) {
    Parameter value;
    conversion::Scratch& scratch = match.memory.emplace_back();
    if (comparison == Comparison::shown && row.values[column]) {
        scratch.assign(row.values[column], row.lengths[column]);
        value.type = Parameter::Type::text;
        value.bytes = scratch;
        return match.add({&columns()[column], comparison}, value);
    }
    // A value is kept, for the row is read again when rows_ stands elsewhere.
    if (!sql::cell_parameter(columns()[column], format_, row.values[column], row.lengths[column],
                             value, scratch))
        throw Error(state::cursor_conflict,
                    "the value of column '" + columns()[column].name + "' cannot be compared");
    if (!value.bytes.empty() && value.bytes.data() != scratch.data()) {
        scratch = value.bytes;
        value.bytes = scratch;
    }
    match.add({&columns()[column], comparison}, value);
}

/// The row as the cursor holds it: SQL_CONCUR_VALUES compares all values that can be compared.
RowEditor::Match RowEditor::match(std::size_t row) {
    must_tell_rows();
    Match found;
    const results::Row& cells = rows_->row_at(row);
    for (unsigned i = 0; i < columns().size(); ++i) {
        const results::Column& column = columns()[i];
        if (!is_updatable(i) && !is_key(i)) continue;
        if (by_versions_ && !is_key(i) && !column.on_update) continue;
        const Comparison comparison = sql::comparison_of(column, format_, is_key(i));
        if (comparison == Comparison::none || (cut_ && key_ && !is_key(i))) continue;
        add_cell(found, cells, i, comparison);
    }
    return found;
}

/// The row after it was given `values`: by its key, or by all values.
RowEditor::Match RowEditor::match_after(std::size_t row, const Values& values) {
    Match found;
    const results::Row& cells = rows_->row_at(row);
    for (unsigned i = 0; i < columns().size(); ++i) {
        if (key_ ? !is_key(i) : !is_updatable(i)) continue;
        const results::Column& column = columns()[i];
        const Comparison comparison = sql::comparison_of(column, format_, is_key(i));
        const auto given = std::ranges::find_if(values.columns, [&](unsigned other) {
            return columns()[other].base_name == column.base_name;
        });
        if (given == values.columns.end())
            add_cell(found, cells, i, comparison);
        else
            found.add({&column, comparison},
                      values.values[static_cast<std::size_t>(given - values.columns.begin())]);
    }
    return found;
}

void RowEditor::must_have_key() const {
    must_tell_rows();
    if (!key_)
        cannot_tell("table " + table_.table +
                    " has no key by which a row could be read again; set SQL_ATTR_CURSOR_TYPE to "
                    "SQL_CURSOR_STATIC");
}

bool RowEditor::compare_versions() {
    by_versions_ = key_ && std::ranges::any_of(columns(), [](const results::Column& column) {
                       return column.on_update && !column.base_name.empty();
                   });
    return by_versions_;
}

std::string RowEditor::key_text(const results::Row& row) const {
    std::string text;
    for (const unsigned column : *key_) {
        const unsigned long length = row.values[column] ? row.lengths[column] : 0;
        text.append(std::to_string(length)).append(1, ':');
        if (length) text.append(row.values[column], length);
    }
    return text;
}

/// The row with the key that `cells` have.
RowEditor::Match RowEditor::key_match(const results::Row& cells) {
    Match found;
    for (const unsigned column : *key_) {
        if (!cells.values[column])
            cannot_tell("the value of key column '" + columns()[column].name + "' was not kept");
        add_cell(found, cells, column, sql::comparison_of(columns()[column], format_, true));
    }
    return found;
}

bool RowEditor::lock(std::size_t row) {
    if (!executor_.keeps_locks())
        throw Error(state::not_implemented,
                    "a row is locked until its transaction ends, but autocommit is on: set "
                    "SQL_ATTR_AUTOCOMMIT to SQL_AUTOCOMMIT_OFF");
    must_have_key();
    const results::Row* key = rows_->key_at(row);
    const Match found = key_match(key ? *key : rows_->row_at(row));
    const auto locked = executor_.read(
        write_, "SELECT 1 FROM " + name_ + sql::where_text(found.conditions) + " FOR UPDATE",
        found.values);
    return locked->next_row();
}

std::vector<RowEditor::Fresh> RowEditor::refresh_rows(std::size_t first, std::size_t count) {
    constexpr std::size_t together = 64;
    must_have_key();
    std::vector<Fresh> fresh(count, Fresh::gone);
    for (std::size_t begin = 0; begin < count; begin += together)
        refresh_together(first + begin, std::min(together, count - begin), &fresh[begin]);
    // A key whose letters have changed is the same for some collations.
    for (std::size_t i = 0; i < count; ++i)
        if (fresh[i] == Fresh::gone && refresh(first + i)) fresh[i] = Fresh::changed;
    return fresh;
}

/// In the protocol that the result came by, so that the same values are the same bytes.
void RowEditor::refresh_together(std::size_t first, std::size_t count, Fresh* fresh) {
    const bool binary = format_ == results::Format::binary;
    std::unordered_map<std::string, std::size_t> rows;
    std::deque<Match> matches;
    std::vector<Parameter> values;
    std::string where;
    for (std::size_t i = 0; i < count; ++i) {
        const results::Row& cells = rows_->row_at(first + i);
        rows.emplace(key_text(cells), i);
        const Match& match = matches.emplace_back(key_match(cells));
        values.insert(values.end(), match.values.begin(), match.values.end());
        where += where.empty() ? " WHERE " : " OR ";
        where += sql::condition_group(match.conditions, binary ? Executor::Values() : match.values);
    }
    const std::string sql = "SELECT " + column_list() + " FROM " + name_ + where;
    const auto now = binary ? executor_.read(read_, sql, values) : executor_.query(read_, sql);
    while (now->next_row()) {
        const auto found = rows.find(key_text(now->row()));
        if (found == rows.end()) continue;
        const std::size_t i = found->second;
        const bool was_removed = rows_->is_removed(first + i);
        const results::Row& old = rows_->row_at(first + i);
        std::vector<const char*> cells(now->row().values, now->row().values + columns().size());
        std::vector<unsigned long> lengths(now->row().lengths,
                                           now->row().lengths + columns().size());
        std::deque<std::string> expressions;  // they stay as they were
        bool same = true;
        for (std::size_t at = 0; at < columns().size(); ++at) {
            if (columns()[at].base_name.empty()) {
                cells[at] = nullptr;
                if (!old.values[at]) continue;
                cells[at] = expressions.emplace_back(old.values[at], old.lengths[at]).data();
                lengths[at] = old.lengths[at];
                continue;
            }
            same = same && !cells[at] == !old.values[at] &&
                   (!cells[at] || (lengths[at] == old.lengths[at] &&
                                   std::memcmp(cells[at], old.values[at], lengths[at]) == 0));
        }
        if (!same || was_removed) rows_->replaced(first + i, {cells.data(), lengths.data()});
        fresh[i] = same && !was_removed ? Fresh::same : Fresh::changed;
    }
}

bool RowEditor::read_again(std::size_t row, const results::Row& cells,
                           std::optional<std::size_t> old) {
    must_have_key();
    if (const auto now = read(key_match(cells), old)) {
        rows_->replaced(row, Cells(*now).row());
        return true;
    }
    rows_->removed(row);
    return false;
}

bool RowEditor::refresh(std::size_t row) {
    const results::Row* key = rows_->key_at(row);
    return key ? read_again(row, *key, std::nullopt) : read_again(row, rows_->row_at(row), row);
}

bool RowEditor::bring(std::size_t row) {
    const results::Row* key = rows_->key_at(row);
    return !key || read_again(row, *key, std::nullopt);
}

results::Counts RowEditor::run(const std::string& sql, std::span<const Parameter> values) {
    return executor_.change(write_, sql, values);
}

bool RowEditor::change(const std::string& sql, std::span<const Parameter> given,
                       const Match& match) {
    std::vector<Parameter> all(given.begin(), given.end());
    all.insert(all.end(), match.values.begin(), match.values.end());
    const std::uint64_t count =
        run(sql + sql::where_text(match.conditions) + limit(), all).affected_rows;
    if (count) return true;
    // The count may be of rows that were changed, not of rows that were found (FoundRows=0): a row
    // that is as it was counts as found.
    return !executor_.counts_found_rows() && read(match, std::nullopt);
}

bool RowEditor::update(std::size_t row, const Values& values) {
    std::vector<const results::Column*> set;
    for (const unsigned column : values.columns) set.push_back(&columns()[column]);
    if (!bring(row)) return false;
    const Match before = match(row);
    if (!change(sql::update_text(name_, set), values.values, before)) return false;
    if (const auto now = read(match_after(row, values), row))
        rows_->replaced(row, Cells(*now).row());
    return true;
}

bool RowEditor::remove(std::size_t row) {
    if (!bring(row) || !change("DELETE FROM " + name_, {}, match(row))) return false;
    rows_->removed(row);
    return true;
}

std::optional<std::size_t> RowEditor::add(const Values& values) {
    std::vector<const results::Column*> given;
    for (const unsigned column : values.columns) given.push_back(&columns()[column]);
    const std::string sql = sql::insert_text(name_, given);
    const auto is_given = [&](unsigned i) {
        return (generated_ && i == *generated_) ||
               std::ranges::any_of(values.columns, [&](unsigned other) {
                   return columns()[other].base_name == columns()[i].base_name;
               });
    };
    const bool by_default = key_ && !std::ranges::all_of(*key_, is_given);
    if (by_default && alike_.empty()) {
        constexpr unsigned returns_rows = 100500;
        const Executor::Server server = executor_.server();
        if (server.mariadb && server.version >= returns_rows) {
            const auto now = add_and_read(sql, values);
            return now ? rows_->added(Cells(*now).row()) : std::nullopt;
        }
    }
    const std::uint64_t id = run(sql, values.values).insert_id;
    if (!alike_.empty()) return std::nullopt;
    Match match;
    for (unsigned i = 0; i < columns().size(); ++i) {
        if (key_ ? !is_key(i) : !is_updatable(i)) continue;
        const results::Column& column = columns()[i];
        const auto at = std::ranges::find_if(values.columns, [&](unsigned other) {
            return columns()[other].base_name == column.base_name;
        });
        Parameter value;
        if (at != values.columns.end())
            value = values.values[static_cast<std::size_t>(at - values.columns.begin())];
        if (value.type == Parameter::Type::null && i == generated_ && id) {
            value.type = Parameter::Type::unsigned_integer;
            value.unsigned_integer = id;
        } else if (at == values.columns.end()) {
            match.conditions.push_back({&column, Comparison::given});
            continue;
        }
        match.add({&column, sql::comparison_of(column, format_, is_key(i))}, value);
    }
    try {
        if (const auto now = read(match, std::nullopt)) return rows_->added(Cells(*now).row());
    } catch (const Error& error) {
        // The row is there; a default that is an expression is not found again.
        if (!by_default || concerns_session(error.cause())) throw;
    }
    return std::nullopt;
}

/// The new row as the server returns it.
std::optional<std::vector<std::optional<std::string>>> RowEditor::add_and_read(
    const std::string& sql, const Values& values) {
    const auto results = executor_.read(write_, sql + " RETURNING " + column_list(), values.values);
    if (!results->next_row()) return std::nullopt;
    return values_of(*results);
}

std::string RowEditor::column_list() const {
    std::string list;
    for (const results::Column& column : columns()) {
        if (!list.empty()) list += ", ";
        list += column.base_name.empty() ? "NULL" : sql::quoted_name(column.base_name);
    }
    return list;
}

/// A row of the binary protocol as the cursor's rows are.
std::vector<std::optional<std::string>> RowEditor::values_of(
    const results::Results& results) const {
    std::vector<std::optional<std::string>> values;
    const results::Row& row = results.row();
    for (std::size_t i = 0; i < columns().size(); ++i) {
        if (!row.values[i]) {
            values.emplace_back();
            continue;
        }
        const std::string_view cell(row.values[i], row.lengths[i]);
        values.emplace_back(format_ == results::Format::binary
                                ? std::string(cell)
                                : sql::cell_text(columns()[i], cell));
    }
    return values;
}

bool RowEditor::run_positioned(const std::string& head, std::span<const Parameter> given,
                               std::size_t row, bool removes) {
    if (!bring(row)) return false;
    const Match before = match(row);
    if (!change(head, given, before)) return false;
    if (removes) {
        rows_->removed(row);
    } else if (key_) {
        // The text decides what was set: a row with another key is not found again.
        if (const auto now = read(match_after(row, {}), row))
            rows_->replaced(row, Cells(*now).row());
    }
    return true;
}

std::optional<std::vector<std::optional<std::string>>> RowEditor::read(
    const Match& match, std::optional<std::size_t> old) {
    const std::string sql = "SELECT " + column_list() + " FROM " + name_ +
                            sql::where_text(match.conditions) + " LIMIT 1";
    const auto results = executor_.read(read_, sql, match.values);
    if (!results->next_row()) return std::nullopt;
    std::vector<std::optional<std::string>> values = values_of(*results);
    if (!old) return values;
    // Expressions stay as they were.
    const results::Row& before = rows_->row_at(*old);
    for (std::size_t i = 0; i < columns().size(); ++i)
        if (columns()[i].base_name.empty() && before.values[i])
            values[i] = std::string(before.values[i], before.lengths[i]);
    return values;
}

}  // namespace myfabric::execution
