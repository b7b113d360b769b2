// Servers of a test: answers by text, and the commands that were sent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "execution/executor.h"
#include "results/memory_results.h"

namespace myfabric::execution {

class FakeExecutor : public Executor {
public:
    /// What was run, with the values of markers: "UPDATE ... [1] ['a']".
    std::vector<std::string> ran;
    std::map<std::string, results::MemorySet> answers;  // by the text's beginning
    std::map<std::string, results::Columns> described;  // likewise, for columns_of()
    std::uint64_t affected = 1;
    std::uint64_t insert_id = 0;
    std::optional<Error> failure;  // of the next command
    topology::Target now;

    Outcome<std::unique_ptr<results::Results>> try_query(const router::Purpose&,
                                                         const std::string& sql) override {
        note(sql, {});
        return answer(sql);
    }
    std::unique_ptr<results::Results> read(const router::Purpose&, const std::string& sql,
                                           Values values) override {
        note(sql, values);
        return answer(sql);
    }
    results::Counts change(const router::Purpose&, const std::string& sql, Values values) override {
        note(sql, values);
        return {affected, insert_id, 0};
    }
    results::Columns columns_of(const std::string& sql) override {
        note(sql, {});
        return found(described, sql);
    }
    std::uint64_t longest_command(const router::Purpose&) override { return 1 << 20; }
    Server server() override { return {true, 101106, "app"}; }
    bool counts_found_rows() const override { return true; }
    bool keeps_locks() const override { return false; }
    const topology::Target& target() const override { return now; }
    [[noreturn]] void result_lost(const Error& error, const void* reader,
                                  const router::Purpose&) override {
        lost_reader = reader;
        throw Error(state::link_failure, "lost: " + error.message());
    }
    const void* lost_reader = nullptr;

private:
    template <class Map>
    static typename Map::mapped_type found(const Map& map, const std::string& sql) {
        for (const auto& [beginning, value] : map)
            if (sql.starts_with(beginning)) return value;
        return {};
    }
    std::unique_ptr<results::Results> answer(const std::string& sql) {
        return std::make_unique<results::MemoryResults>(
            std::vector<results::MemorySet>{found(answers, sql)});
    }
    void note(const std::string& sql, Values values) {
        std::string text = sql;
        for (const results::Parameter& value : values) {
            using Type = results::Parameter::Type;
            switch (value.type) {
                case Type::null:
                    text += " [NULL]";
                    break;
                case Type::signed_integer:
                case Type::unsigned_integer:
                    text += " [" + std::to_string(value.integer) + "]";
                    break;
                default:
                    text += " ['" + std::string(value.bytes) + "']";
            }
        }
        ran.push_back(std::move(text));
        if (failure) throw *std::exchange(failure, std::nullopt);
    }
};

inline results::Column integer_column(std::string name, std::string table = {}) {
    results::Column column;
    column.name = name;
    column.kind = results::Kind::integer;
    column.length = 11;
    if (!table.empty()) {
        column.base_name = std::move(name);
        column.base_table = std::move(table);
        column.database = "app";
    }
    return column;
}

}  // namespace myfabric::execution
