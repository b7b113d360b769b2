// Statement: executing with arrays of parameters, several sets in one command where that gives the
// same as one after the other.
#include <algorithm>
#include <span>

#include "base/error.h"
#include "handles/statement.h"
#include "mysql/prepared_cache.h"

namespace myfabric::handles {

using sql::Verb;

namespace {

constexpr std::size_t most_rows_at_once = 4096;
/// Commands up to this size are sent without asking the server how long they may be.
constexpr std::size_t surely_taken = 512 * 1024;
constexpr std::size_t most_markers = 65535;  // of a statement
constexpr std::size_t most_repeated_rows = 512;

/// Whether a statement that fails leaves nothing behind in the table. Temporary tables are in no
/// catalog, hence the way by SHOW CREATE.
bool is_transactional(mysql::Connection& connection, const std::string& table) {
    const std::unique_ptr<results::Results> results =
        connection.query("SHOW CREATE TABLE " + table);
    if (!results->next_row() || results->columns().size() < 2) return false;
    const results::Row& row = results->row();
    const std::string_view text(row.values[1], row.lengths[1]);
    const std::size_t at = text.rfind("\n) ENGINE=");
    if (at == std::string_view::npos) return false;
    for (const std::string_view engine : {"InnoDB", "ROCKSDB", "TokuDB", "ndbcluster"})
        if (text.substr(at + 10).starts_with(engine)) return true;
    return false;
}

}  // namespace

bool Statement::is_ignored(std::size_t set) const {
    const SQLUSMALLINT* operations = apd_->fields.array_status_ptr;
    return operations && operations[set] == SQL_PARAM_IGNORE;
}

SQLRETURN Statement::start_sets(bool direct) {
    executed_ = false;
    descriptor::Descriptor& ipd = implicit_ipd_.fields;
    array_ = {};
    array_.active = true;
    array_.direct = direct;
    array_.sets = apd_->fields.array_size;
    if (ipd.array_status_ptr)
        std::fill_n(ipd.array_status_ptr, array_.sets, SQLUSMALLINT{SQL_PARAM_UNUSED});
    if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = 0;
    return continue_sets();
}

/// Runs the sets that are left, until one waits for data or gives rows.
SQLRETURN Statement::continue_sets() {
    while (array_.next < array_.sets) {
        const std::size_t set = array_.next;
        if (is_ignored(set)) {
            ++array_.next;
            if (implicit_ipd_.fields.rows_processed_ptr)
                *implicit_ipd_.fields.rows_processed_ptr = array_.next;
            continue;
        }
        if (plan_.any_waiting(set)) return wait_for_data(array_.direct, set);
        if (run_many(set)) continue;
        const SQLRETURN result = run_set(set);
        if (set_pauses(result)) return result;
    }
    return finish_sets();
}

/// Goes on after the application had its turn, with the bindings as they are now.
SQLRETURN Statement::resume_sets() {
    try {
        update_plan();
    } catch (...) {
        array_ = {};
        throw;
    }
    array_.sets = std::min<std::size_t>(array_.sets, apd_->fields.array_size);
    return continue_sets();
}

/// SQLMoreResults behind the last result of a set.
SQLRETURN Statement::more_sets() {
    if (!array_.active) return SQL_NO_DATA;
    if (array_.next < array_.sets) return resume_sets();
    finish_sets();
    row_count_ = -1;
    return SQL_NO_DATA;
}

/// Whether the application has to see to a set's rows or output before the next set runs.
bool Statement::set_pauses(SQLRETURN result) {
    if (!cursor_open() && result != SQL_PARAM_DATA_AVAILABLE) return false;
    for (Record& record : array_.errors) diagnostics().add(std::move(record));
    array_.errors.clear();
    return true;
}

/// Runs one set; its failure is kept for the end.
SQLRETURN Statement::run_set(std::size_t set) {
    array_.next = set + 1;
    SQLRETURN result = SQL_SUCCESS;
    try {
        read_set(set);
        run_prepared(values_);
        after_execution();
        if (function_value_) result = take_function_value(set);
        if (results_ && results_->out_parameters()) {
            result = take_output(set);
            if (result != SQL_PARAM_DATA_AVAILABLE) drop_results();
        }
        if (row_count_ > 0) array_.affected += row_count_;
        set_done(set, 1);
        array_.at_once *= 4;
    } catch (const Error& error) {
        forget_sent();
        set_failed(set, error);
    }
    sent_to_ = nullptr;
    if (!collected_.empty()) collected_.clear();
    return result;
}

void Statement::set_done(std::size_t set, std::size_t count) {
    descriptor::Descriptor& ipd = implicit_ipd_.fields;
    if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = set + count;
    if (ipd.array_status_ptr)
        std::fill_n(ipd.array_status_ptr + set, count, SQLUSMALLINT{SQL_PARAM_SUCCESS});
    array_.run += count;
}

/// Notes a failure; throws when the sets behind it cannot be run.
void Statement::set_failed(std::size_t set, const Error& error) {
    descriptor::Descriptor& ipd = implicit_ipd_.fields;
    if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = set + 1;
    if (ipd.array_status_ptr) ipd.array_status_ptr[set] = SQL_PARAM_ERROR;
    ++array_.run;
    ++array_.failed;
    for (Record record : error.records()) {
        record.row = static_cast<long long>(set + 1);
        array_.errors.push_back(std::move(record));
    }
    if (!concerns_connection(error)) return;
    std::vector<Record> errors = std::move(array_.errors);
    array_ = {};
    throw Error(std::move(errors));
}

SQLRETURN Statement::finish_sets() {
    ArrayRun done = std::exchange(array_, {});
    const bool all_failed = done.failed && done.failed == done.run;
    connection_.tell_notices(diagnostics());
    row_count_ = all_failed ? -1 : done.affected;
    executed_ = !all_failed;
    if (all_failed && !done.errors.empty()) throw Error(std::move(done.errors));
    for (Record& record : done.errors) diagnostics().add(std::move(record));
    return SQL_SUCCESS;
}

// ---- several sets in one command ---------------------------------------------------------------

/// Only where all sets take effect or none: otherwise nobody could tell which ones did when one
/// failed. That is the case for tables of a transactional engine.
const ArrayWay& Statement::array_way() {
    if (array_way_.known) return array_way_;
    array_way_ = {};
    array_way_.known = true;
    const Verb verb = analysis_.first_verb;
    const bool insert = verb == Verb::insert || verb == Verb::replace;
    if ((!insert && verb != Verb::update && verb != Verb::remove) || analysis_.several_statements ||
        analysis_.changes_session() || plan_.has_output())
        return array_way_;
    const std::optional<sql::TableName> table = sql::changed_table(sql_);
    const std::optional<sql::ValuesRow> row = sql::values_row(sql_);
    if (!table || (insert && !row)) return array_way_;
    const std::string name =
        (table->database.empty() ? "" : sql::quoted_name(table->database) + ".") +
        sql::quoted_name(table->table);
    try {
        connection_.backend().run(reading(), [&](const auto& connection) {
            const bool bulk = mysql::Prepared::knows_bulk(*connection) &&
                              prepared_on(connection).columns().empty();
            if ((!bulk && !row) || !is_transactional(*connection, name)) return;
            array_way_.bulk = bulk;
            array_way_.one_command = row.has_value();
            array_way_.row = row;
        });
    } catch (const Error& error) {
        if (concerns_connection(error)) throw;  // else the sets will tell what is wrong
    }
    return array_way_;
}

/// Runs sets from `first` on in one command. False: the set is to be run alone.
bool Statement::run_many(std::size_t first) {
    constexpr std::size_t worth_it = 2;
    if (function_value_ || text_only_ || positioned_) return false;
    const std::size_t wanted = std::min(array_.at_once, most_rows_at_once);
    std::size_t most = 0;
    while (first + most < array_.sets && most < wanted && !is_ignored(first + most)) ++most;
    if (most < worth_it) return false;
    const ArrayWay& way = array_way();
    if (!way.bulk && !way.row) return false;
    const std::size_t count = plan_.parameters().size();
    if (!way.bulk) most = std::min({most, most_repeated_rows, most_markers / count});

    // All values first: the commands' bounds follow from them.
    values_.values.resize(std::max(values_.values.size(), way.bulk ? count : count * most));
    values_.scratch.resize(std::max(values_.scratch.size(), count * most));
    if (way.bulk) {
        if (!bulk_) bulk_ = std::make_unique<mysql::BulkValues>();
        bulk_->begin(count, most);
    }
    std::size_t rows = 0;
    if (way.bulk && plan_.fill(first, most, surely_taken - sql_.size() % surely_taken, *bulk_)) {
        rows = most;
        most = 0;
    } else if (way.bulk) {
        bulk_->begin(count, most);
    }
    std::size_t bytes = sql_.size();
    std::size_t limit = surely_taken;
    static const execution::CollectedData nothing;
    for (; rows < most; ++rows) {
        if (plan_.any_waiting(first + rows)) break;
        results::Parameter* const values = values_.values.data() + (way.bulk ? 0 : rows * count);
        try {
            plan_.read(first + rows, nothing, values, values_.scratch.data() + rows * count);
        } catch (const Error&) {
            break;  // this set fails alone, in its turn
        }
        std::size_t more = way.bulk ? 0 : way.row->end - way.row->begin + 1;
        for (std::size_t i = 0; i < count; ++i) {
            constexpr std::size_t fixed = 12;
            more += fixed;
            if (values[i].type == results::Parameter::Type::text ||
                values[i].type == results::Parameter::Type::binary)
                more += values[i].bytes.size();
        }
        if (bytes + more > limit) {
            if (limit == surely_taken)
                connection_.backend().run(reading(), [&](const auto& connection) {
                    limit = static_cast<std::size_t>(
                        std::min<std::uint64_t>(connection->longest_command() / 8 * 7, 1 << 26));
                });
            if (bytes + more > limit) break;
        }
        bytes += more;
        if (way.bulk) {
            bool fits = true;
            for (std::size_t i = 0; i < count && fits; ++i) fits = bulk_->put(rows, i, values[i]);
            if (!fits) break;
        }
    }
    if (rows < worth_it) return false;
    if (!way.bulk) {
        // The texts have powers of two as row counts: a few prepared statements serve all arrays.
        std::size_t power = 1;
        while (power * 2 <= rows) power *= 2;
        rows = power;
    }
    results::Counts counts;
    try {
        connection_.backend().run(purpose(), [&](const auto& connection) {
            way.bulk ? run_bulk(*connection, prepared_on(connection), rows, counts)
                     : run_rows(*connection, rows, counts);
        });
    } catch (const Error& error) {
        if (!concerns_connection(error)) {
            // One of them fails, and none took effect. Fewer at once find out which.
            array_.at_once = rows / 8;
            return array_.at_once >= worth_it;
        }
        if (implicit_ipd_.fields.array_status_ptr)
            std::fill_n(implicit_ipd_.fields.array_status_ptr + first, rows,
                        SQLUSMALLINT{SQL_PARAM_DIAG_UNAVAILABLE});
        array_ = {};
        throw;
    }
    row_count_ = static_cast<long long>(counts.affected_rows);
    array_.affected += row_count_;
    array_.next = first + rows;
    array_.at_once = std::max(array_.at_once, rows * 4);
    set_done(first, rows);
    executed_ = true;
    return true;
}

/// Throws when one of the sets fails; then none has taken effect.
void Statement::run_bulk(mysql::Connection& connection, mysql::Prepared& prepared, std::size_t rows,
                         results::Counts& counts) {
    if (array_way_.one_command) return prepared.execute_bulk(*bulk_, rows, counts);
    const bool inside = !connection.autocommit() || connection.in_transaction();
    connection.execute(inside ? "SAVEPOINT myfabric_sets" : "START TRANSACTION");
    try {
        prepared.execute_bulk(*bulk_, rows, counts);
    } catch (const Error& error) {
        if (connection.alive() && !concerns_connection(error))
            connection.execute(inside ? "ROLLBACK TO SAVEPOINT myfabric_sets" : "ROLLBACK");
        throw;
    }
    connection.execute(inside ? "RELEASE SAVEPOINT myfabric_sets" : "COMMIT");
}

/// The same by INSERT ... VALUES (...),(...).
void Statement::run_rows(mysql::Connection& connection, std::size_t rows, results::Counts& counts) {
    const std::string sql = sql::with_rows(sql_, *array_way_.row, rows);
    const std::size_t count = plan_.parameters().size();
    std::unique_ptr<mysql::Prepared> prepared = connection.prepared_cache().take(sql);
    if (!prepared) prepared = std::make_unique<mysql::Prepared>(connection, sql);
    prepared->execute(std::span(values_.values).first(rows * count), counts);
    connection.prepared_cache().keep(std::move(prepared));
}

}  // namespace myfabric::handles
