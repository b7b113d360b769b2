#include "execution/array_command.h"

#include <algorithm>
#include <span>
#include <string>

#include "base/error.h"

namespace myfabric::execution {

using sql::Verb;

namespace {

/// Commands up to this size are sent without asking the server how long they may be.
constexpr std::size_t surely_taken = 512 * 1024;
constexpr std::size_t most_markers = 65535;  // of a statement
constexpr std::size_t most_repeated_rows = 512;
constexpr std::size_t most_bytes = 1 << 26;

/// Whether a statement that fails leaves the table as it was. Temporary tables are in no
/// catalog, hence the way by SHOW CREATE.
bool is_transactional(Executor& executor, const router::Purpose& read, const std::string& table) {
    const std::unique_ptr<results::Results> results =
        executor.query(read, "SHOW CREATE TABLE " + table);
    if (!results->next_row() || results->columns().size() < 2) return false;
    const results::Row& row = results->row();
    const std::string_view text(row.values[1], row.lengths[1]);
    const std::size_t at = text.rfind("\n) ENGINE=");
    if (at == std::string_view::npos) return false;
    for (const std::string_view engine : {"InnoDB", "ROCKSDB", "TokuDB", "ndbcluster"})
        if (text.substr(at + 10).starts_with(engine)) return true;
    return false;
}

bool is_galera(Executor& executor, const router::Purpose& read) {
    const auto rows = executor.query(
        read, "SHOW SESSION VARIABLES WHERE Variable_name = 'wsrep_on' AND Value = 'ON'");
    return rows->next_row();
}

std::size_t size_of(const results::Parameter& value) {
    constexpr std::size_t fixed = 12;
    const bool bytes = value.type == results::Parameter::Type::text ||
                       value.type == results::Parameter::Type::decimal ||
                       value.type == results::Parameter::Type::binary;
    return fixed + (bytes ? value.bytes.size() : 0);
}

}  // namespace

bool ArrayCommand::serves(const Command& command, const ParameterPlan& plan,
                          const router::Purpose& read, Executor& executor,
                          const KnowsBulk& knows_bulk) {
    if (known_) return bulk_ || row_;
    known_ = true;
    const bool insert = command.verb() == Verb::insert || command.verb() == Verb::replace;
    if (!command.is_searched() || command.positioned() || command.analysis().several_statements ||
        command.analysis().changes_session() || plan.has_output())
        return false;
    const auto& table = command.changed_table();
    const auto& row = command.values_row();
    if (!table || (insert && !row)) return false;
    const std::string name =
        (table->database.empty() ? "" : sql::quoted_name(table->database) + ".") +
        sql::quoted_name(table->table);
    try {
        const bool bulk = knows_bulk();
        if ((!bulk && !row) || !is_transactional(executor, read, name)) return false;
        bulk_ = bulk;
        // Galera says yes to a bulk outside of a transaction whose commit it refused.
        whole_ = row && !(bulk && is_galera(executor, read));
        row_ = row;
    } catch (const Error& error) {
        if (concerns_session(error.cause())) throw;  // else the sets will show what is wrong
    }
    return bulk_ || row_;
}

std::size_t ArrayCommand::gather(std::size_t first, std::size_t most, const Command& command,
                                 ParameterInput& input, const router::Purpose& read,
                                 Executor& executor) {
    const std::size_t count = input.plan().parameters().size();
    if (!bulk_) most = std::min({most, most_repeated_rows, most_markers / count});
    // All values first: the command's bounds follow from them.
    ParameterValues& values = input.values();
    values.values.resize(std::max(values.values.size(), bulk_ ? count : count * most));
    values.scratch.resize(std::max(values.scratch.size(), count * most));
    if (bulk_) {
        if (!values_) values_ = std::make_unique<mysql::BulkValues>();
        values_->begin(count, most);
        const std::size_t fitting = surely_taken - command.sql().size() % surely_taken;
        if (input.plan().fill(first, most, fitting, *values_)) return most;
        values_->begin(count, most);
    }
    std::size_t rows = read_one_by_one(first, most, command, input, read, executor);
    if (!bulk_ && rows > 1) {
        // The texts have powers of two as row counts: a few prepared statements serve all arrays.
        std::size_t power = 1;
        while (power * 2 <= rows) power *= 2;
        rows = power;
    }
    return rows;
}

std::size_t ArrayCommand::read_one_by_one(std::size_t first, std::size_t most,
                                          const Command& command, ParameterInput& input,
                                          const router::Purpose& read, Executor& executor) {
    static const CollectedData nothing;
    const std::size_t count = input.plan().parameters().size();
    ParameterValues& all = input.values();
    std::size_t bytes = command.sql().size();
    std::size_t limit = surely_taken;
    std::size_t rows = 0;
    for (; rows < most && !input.plan().any_waiting(first + rows); ++rows) {
        results::Parameter* const values = all.values.data() + (bulk_ ? 0 : rows * count);
        try {
            input.plan().read(first + rows, nothing, values, all.scratch.data() + rows * count);
        } catch (const Error&) {
            break;  // this set fails alone, in its turn
        }
        std::size_t more = bulk_ ? 0 : row_->end - row_->begin + 1;
        for (std::size_t i = 0; i < count; ++i) more += size_of(values[i]);
        if (bytes + more > limit) {
            if (limit == surely_taken)
                limit = static_cast<std::size_t>(
                    std::min<std::uint64_t>(executor.longest_command(read) / 8 * 7, most_bytes));
            if (bytes + more > limit) break;
        }
        bytes += more;
        bool fits = true;
        for (std::size_t i = 0; bulk_ && i < count && fits; ++i)
            fits = values_->put(rows, i, values[i]);
        if (!fits) break;
    }
    return rows;
}

results::Counts ArrayCommand::run(std::size_t rows, const Command& command, ParameterInput& input,
                                  const router::Purpose& purpose, Executor& executor,
                                  const RunBulk& run_bulk) {
    if (bulk_) return run_bulk(*values_, rows, whole_);
    const std::size_t count = input.plan().parameters().size();
    return executor.change(purpose, sql::with_rows(command.sql(), *row_, rows),
                           std::span(input.values().values).first(rows * count));
}

}  // namespace myfabric::execution
