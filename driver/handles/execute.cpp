// Statement: preparing, executing, data at execution, arrays of parameters.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "handles/fabric_calls.h"
#include "handles/statement.h"
#include "mysql/prepared_cache.h"
#include "sql/escapes.h"
#include "sql/farm_call_text.h"

namespace myfabric::handles {

using sql::Verb;

namespace {

bool is_plain_dml(Verb verb) {
    return verb == Verb::insert || verb == Verb::update || verb == Verb::remove ||
           verb == Verb::replace || verb == Verb::select;
}

}  // namespace

void Statement::analyse(std::string_view sql) {
    const bool backslash_escapes = connection_.backend().backslash_escapes();
    const bool scans = attributes.noscan == SQL_NOSCAN_OFF && sql.find('{') != sql.npos;
    function_value_ = scans && sql::asks_function_value(sql, backslash_escapes);
    if (scans)
        sql_ = sql::translate_escapes(sql, backslash_escapes);
    else
        sql_ = sql;
    analysis_ = sql::analyse(sql_, backslash_escapes);
    positioned_.reset();
    if (analysis_.may_be_positioned) positioned_ = sql::positioned(sql_, backslash_escapes);
    // For what is asked about the statement before it is executed.
    if (positioned_) sql_ = positioned_->head + "WHERE FALSE";
    fabric_call_ = analysis_.first_verb == Verb::call && connection_.options().fabric_calls &&
                   sql::is_fabric_call(sql_);
    const bool farm = connection_.backend().settings().farm != nullptr;
    hint_.reset();
    if (farm) hint_ = sql::parse_hint(sql_);
    if (farm && analysis_.calls_fabric_later && connection_.options().fabric_calls)
        throw Error(
            state::syntax_error,
            "CALL fabric.... stands behind another statement; send it as a statement of its "
            "own");
    has_statement_ = true;
    forget_described_parameters();
    plan_.forget();
    records_.clear();
    descriptions_.clear();
    array_way_ = {};
}

router::Purpose Statement::purpose() const {
    router::Purpose purpose = reading();
    if (!analysis_.plain_read) purpose.effect = router::Effect::write;
    purpose.plain_dml = is_plain_dml(analysis_.first_verb) && !analysis_.several_statements;
    return purpose;
}

router::Purpose Statement::reading() const {
    router::Purpose purpose{router::Effect::read};
    purpose.plain_read = analysis_.plain_read;
    if (hint_) {
        purpose.target = &hinted_;
        purpose.stays = hint_->server == sql::Hint::Server::last_used;
    }
    return purpose;
}

/// The hint is understood from the target that the connection has now.
void Statement::take_aim() {
    if (hint_) hinted_ = sql::hinted(*hint_, connection_.backend().target());
}

void Statement::must_be_idle() const {
    if (at_execution_.active)
        throw Error(state::function_sequence,
                    "the statement waits for the data of a parameter (SQLParamData, SQLPutData)");
}

// ---- entry points ----------------------------------------------------------------------------

void Statement::prepare(std::string_view sql) {
    must_be_idle();
    if (cursor_open())
        throw Error(state::invalid_cursor_state, "a cursor is open on this statement");
    drop_results();
    array_ = {};
    forget_prepared();
    executed_ = false;
    analyse(sql);
    ++serial_;
    is_prepared_ = true;
    if (fabric_call_) return;
    take_aim();
    try {
        connection_.backend().run(reading(),
                                  [&](const auto& connection) { prepared_on(connection); });
    } catch (const Error& error) {
        if (error.cause() != Cause::not_preparable || analysis_.parameter_count) throw;
        text_only_ = true;
    }
    connection_.tell_notices(diagnostics());
}

SQLRETURN Statement::execute() {
    must_be_idle();
    if (!is_prepared_) throw Error(state::function_sequence, "SQLPrepare was not called");
    if (cursor_open())
        throw Error(state::invalid_cursor_state, "a cursor is open on this statement");
    drop_results();
    return start(false);
}

SQLRETURN Statement::execute_direct(std::string_view sql) {
    must_be_idle();
    if (cursor_open())
        throw Error(state::invalid_cursor_state, "a cursor is open on this statement");
    drop_results();
    forget_prepared();
    executed_ = false;
    analyse(sql);
    return start(true);
}

SQLRETURN Statement::start(bool direct) {
    take_aim();
    if (!collected_.empty()) collected_.clear();
    if (array_.active) array_ = {};
    if (analysis_.parameter_count || function_value_) {
        update_plan();
        if (apd_->fields.array_size > 1) return start_sets(direct);
        if (plan_.any_waiting(0)) return wait_for_data(direct, 0);
    }
    return run(direct);
}

/// The plan has one entry a marker, and behind them the one of a function's value.
void Statement::update_plan() {
    const descriptor::Descriptor& ipd = implicit_ipd_.fields;
    if (function_value_ && records_.empty()) {
        for (std::size_t marker = 0; marker < analysis_.parameter_count; ++marker)
            records_.push_back(marker + 2);
        records_.push_back(1);
    }
    if (analysis_.first_verb == Verb::call) {
        bool named = false;
        for (std::size_t i = 1; i <= ipd.count(); ++i)
            named |= !ipd.record(i).texts.get().name.empty();
        if (named != !records_.empty()) {
            records_ = named ? records_by_name() : std::vector<std::size_t>();
            plan_.forget();
        }
    }
    plan_.update(apd_->fields, ipd, analysis_.parameter_count + function_value_, records_,
                 function_value_);
}

void Statement::read_set(std::size_t set) {
    const std::size_t count = plan_.parameters().size();
    if (values_.values.size() < count) {
        values_.values.resize(count);
        values_.scratch.resize(count);
    }
    plan_.read(set, collected_, values_.values.data(), values_.scratch.data());
}

// ---- running ---------------------------------------------------------------------------------

SQLRETURN Statement::run(bool direct) {
    executed_ = false;
    SQLRETURN result = SQL_SUCCESS;
    if (!fabric_call_ || !run_fabric_call()) result = run_one(direct);
    if (!collected_.empty()) collected_.clear();
    if (connection_.backend().has_notices()) connection_.tell_notices(diagnostics());
    return result;
}

bool Statement::run_fabric_call() {
    const auto call = sql::parse_fabric_call(sql_);
    if (!call) return false;
    if (analysis_.parameter_count) {
        read_set(0);
        values_.values.resize(analysis_.parameter_count);
    } else {
        values_.values.clear();
    }
    std::unique_ptr<results::Results> results =
        answer_fabric_call(connection_, *call, values_.values);
    if (!results) return false;  // a name that is the server's own
    take_results(std::move(results), nullptr);
    return true;
}

SQLRETURN Statement::run_one(bool direct) {
    const bool markers = analysis_.parameter_count != 0;
    if (!markers && (direct || text_only_) && !positioned_) {
        run_text();
    } else {
        if (markers) read_set(0);
        run_prepared(values_);
    }
    if (implicit_ipd_.fields.rows_processed_ptr) *implicit_ipd_.fields.rows_processed_ptr = 1;
    after_execution();
    if (function_value_) return take_function_value(0);
    if (results_ && results_->out_parameters()) {
        const SQLRETURN result = take_output(0);
        if (result == SQL_PARAM_DATA_AVAILABLE) return result;
        drop_results();
    }
    return result_of_execution();
}

void Statement::run_text() {
    std::shared_ptr<mysql::Connection> used;
    auto results = connection_.backend().run(purpose(), [&](const auto& connection) {
        used = connection;
        return connection->query(sql_);
    });
    take_results(std::move(results), std::move(used));
}

void Statement::run_prepared(const execution::ParameterValues& values) {
    if (positioned_) [[unlikely]]
        return run_positioned(values);
    router::Backend& backend = connection_.backend();
    // Preparing leaves nothing behind, so it may be repeated where executing may not.
    if (!prepared_ || prepared_connection_ != backend.connection() || !prepared_->usable())
        backend.run(reading(), [&](const auto& connection) { prepared_on(connection); });
    const std::span<const results::Parameter> given(values.values.data(),
                                                    analysis_.parameter_count);
    results::Counts counts;
    const auto execute = [&](const auto& connection) {
        if (sent_to_ && sent_to_ != connection.get())
            throw Error(state::link_failure,
                        "the link was lost to the server that had taken the data of the parameters "
                        "so far; execute the statement again");
        return prepared_on(connection).execute(given, counts);
    };
    std::unique_ptr<results::Results> results;
    try {
        results = backend.run(purpose(), execute);
    } catch (const Error& error) {
        if (error.cause() != Cause::columns_changed || !analysis_.plain_read) throw;
        // libmysqlclient reads no result that is other than the statement was prepared with.
        prepared_.reset();
        prepared_connection_->prepared_cache().clear();
        results = backend.run(purpose(), execute);
    }
    if (results) return take_results(std::move(results), prepared_connection_);
    executed_ = true;
    ++serial_;
    row_count_ = static_cast<long long>(counts.affected_rows);
}

// ---- prepared statements -----------------------------------------------------------------------

mysql::Prepared& Statement::prepared_on(const std::shared_ptr<mysql::Connection>& connection) {
    if (prepared_ && prepared_connection_ == connection && prepared_->usable()) [[likely]]
        return *prepared_;
    prepared_.reset();
    prepared_connection_ = connection;
    prepared_ = connection->prepared_cache().take(sql_);
    prepared_is_old_ = prepared_ != nullptr;
    if (!prepared_) prepared_ = std::make_unique<mysql::Prepared>(*connection, sql_);
    return *prepared_;
}

/// The prepared statement goes to those that wait for the next one with its text.
void Statement::end_prepared() {
    if (prepared_ && !sent_to_) prepared_connection_->prepared_cache().keep(std::move(prepared_));
    prepared_.reset();
    prepared_connection_.reset();
}

/// The columns as a statement would have them that is executed now.
const results::Columns& Statement::prepared_columns() {
    if (prepared_is_old_) {
        // The table may have changed since: the server tells that only when it is executed.
        prepared_.reset();
        connection_.backend().run(reading(), [&](const auto& connection) {
            prepared_connection_ = connection;
            prepared_ = std::make_unique<mysql::Prepared>(*connection, sql_);
        });
        prepared_is_old_ = false;
    }
    return prepared_->columns();
}

void Statement::after_execution() {
    if (analysis_.changes_session()) note_session_changes();
}

/// What the statement did to the session, so that it can be done again on another server.
void Statement::note_session_changes() {
    router::Backend& backend = connection_.backend();
    router::Unrestorable lost;
    lost.temporary_tables = analysis_.creates_temporary_table;
    lost.table_locks = analysis_.locks_tables;
    lost.user_locks = analysis_.takes_user_lock;
    lost.user_variables = analysis_.sets_user_variable;
    lost.session_variables = analysis_.sets_unrepeatable;
    backend.note_unrestorable(lost);
    if (!backend.connection() || (results_ && results_->has_rows())) return;
    // Texts that are prepared may mean something else now.
    backend.connection()->prepared_cache().clear();
    if (analysis_.changes_database) {
        backend.note_database(backend.connection()->query_value("SELECT DATABASE()"));
    } else if (analysis_.first_verb == Verb::set) {
        if (analysis_.sets_session_variable) backend.note_setting(sql_);
        backend.note_autocommit(backend.connection()->autocommit());
    }
}

SQLRETURN Statement::result_of_execution() {
    if (results_ && results_->has_rows()) return SQL_SUCCESS;
    const Verb verb = analysis_.first_verb;
    const bool searched = verb == Verb::update || verb == Verb::remove || verb == Verb::insert ||
                          verb == Verb::replace;
    // "a searched update, insert, or delete statement that does not affect any rows": ODBC 3.x
    // only.
    const bool none = searched && row_count_ == 0 && !analysis_.several_statements && !positioned_;
    return none && !connection_.environment().odbc_2() ? SQL_NO_DATA : SQL_SUCCESS;
}

}  // namespace myfabric::handles
