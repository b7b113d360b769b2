// Statement: preparing, executing, data at execution, arrays of parameters.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "handles/fabric_calls.h"
#include "handles/statement.h"
#include "statement/escapes.h"
#include "statement/fabric_call.h"

namespace myfabric::handles {

using statement::Verb;

namespace {

/// 1295: "This command is not supported in the prepared statement protocol yet".
constexpr int not_preparable = 1295;

bool is_plain_dml(Verb verb) {
    return verb == Verb::insert || verb == Verb::update || verb == Verb::remove ||
           verb == Verb::replace || verb == Verb::select;
}

/// Whether the connection itself is affected, so that further sets make no sense.
bool concerns_connection(const Error& error) {
    const std::string_view state = error.state();
    return state.starts_with("08") || state == state::serialization_failure.code ||
           state == state::completion_unknown.code;
}

}  // namespace

void Statement::analyse(std::string_view sql) {
    sql_ = statement::translate_escapes(sql);
    analysis_ = statement::analyse(sql_);
    has_statement_ = true;
}

router::Purpose Statement::purpose() const {
    return {analysis_.plain_read ? router::Effect::read : router::Effect::write,
            is_plain_dml(analysis_.first_verb) && !analysis_.several_statements};
}

// ---- entry points ----------------------------------------------------------------------------

void Statement::prepare(std::string_view sql) {
    if (cursor_open())
        throw Error(state::invalid_cursor_state, "a cursor is open on this statement");
    drop_results();
    forget_prepared();
    executed_ = false;
    analyse(sql);
    ++serial_;
    is_prepared_ = true;
    if (statement::is_fabric_call(sql_) && connection_.options().fabric_calls) return;
    try {
        connection_.backend().run({router::Effect::read},
                                  [&](const auto& connection) { prepared_on(connection); });
    } catch (const Error& error) {
        if (error.native() != not_preparable || analysis_.parameter_count) throw;
        text_only_ = true;
    }
    connection_.tell_notices(diagnostics());
}

SQLRETURN Statement::execute() {
    if (!is_prepared_) throw Error(state::function_sequence, "SQLPrepare was not called");
    if (cursor_open())
        throw Error(state::invalid_cursor_state, "a cursor is open on this statement");
    drop_results();
    return start(false);
}

SQLRETURN Statement::execute_direct(std::string_view sql) {
    if (cursor_open())
        throw Error(state::invalid_cursor_state, "a cursor is open on this statement");
    drop_results();
    forget_prepared();
    executed_ = false;
    analyse(sql);
    return start(true);
}

SQLRETURN Statement::start(bool direct) {
    collected_.clear();
    at_execution_ = {};
    if (analysis_.parameter_count) {
        const std::vector<statement::WaitingParameter> waiting = waiting_parameters();
        if (!waiting.empty()) {
            if (apd_->fields.array_size > 1)
                throw Error(state::not_implemented,
                            "data at execution together with arrays of parameters");
            at_execution_.active = true;
            at_execution_.direct = direct;
            for (const auto& parameter : waiting)
                at_execution_.parameters.push_back(parameter.number);
            return SQL_NEED_DATA;
        }
    }
    return run(direct);
}

std::vector<statement::WaitingParameter> Statement::waiting_parameters() {
    return statement::waiting_parameters(apd_->fields, analysis_.parameter_count, 0);
}

SQLRETURN Statement::parameter_data(SQLPOINTER* value) {
    if (!at_execution_.active) throw Error(state::function_sequence, "no parameter waits for data");
    if (at_execution_.taking && !collected_[at_execution_.parameters[at_execution_.next - 1]].any)
        throw Error(state::function_sequence, "SQLPutData was not called for the last parameter");
    if (at_execution_.next < at_execution_.parameters.size()) {
        const std::size_t number = at_execution_.parameters[at_execution_.next++];
        at_execution_.taking = true;
        for (const auto& parameter : waiting_parameters())
            if (parameter.number == number && value) *value = parameter.token;
        return SQL_NEED_DATA;
    }
    const bool direct = at_execution_.direct;
    at_execution_ = {};
    return run(direct);
}

void Statement::put_data(SQLPOINTER data, SQLLEN length) {
    if (!at_execution_.active || !at_execution_.taking)
        throw Error(state::function_sequence, "SQLParamData has not named a parameter");
    const std::size_t number = at_execution_.parameters[at_execution_.next - 1];
    statement::CollectedPart& part = collected_[number];
    const SQLSMALLINT c_type = apd_->fields.record(number).concise_type;
    if (length == SQL_NULL_DATA) {
        if (part.any) throw Error(state::concatenate_null);
        part.is_null = part.any = true;
        return;
    }
    if (part.is_null) throw Error(state::concatenate_null);
    if (!data && length != 0)
        throw Error(state::invalid_null_pointer, "SQLPutData was given no data");
    const SQLLEN fixed = conversion::c_type_size(conversion::c_type(c_type));
    if (fixed) {
        if (part.any) throw Error(state::non_character_in_pieces);
        length = fixed;
    } else if (length == SQL_NTS) {
        length = c_type == SQL_C_WCHAR
                     ? static_cast<SQLLEN>(
                           std::char_traits<char16_t>::length(static_cast<const char16_t*>(data)) *
                           sizeof(SQLWCHAR))
                     : static_cast<SQLLEN>(
                           std::char_traits<char>::length(static_cast<const char*>(data)));
    } else if (length < 0) {
        throw Error(state::invalid_length, "the length is " + std::to_string(length));
    }
    part.any = true;
    part.bytes.append(static_cast<const char*>(data), static_cast<std::size_t>(length));
}

bool Statement::cancel_data_at_execution() {
    if (!at_execution_.active) return false;
    at_execution_ = {};
    collected_.clear();
    return true;
}

// ---- running ---------------------------------------------------------------------------------

SQLRETURN Statement::run(bool direct) {
    executed_ = false;
    SQLRETURN result = SQL_SUCCESS;
    if (!run_fabric_call(direct))
        result = apd_->fields.array_size > 1 && analysis_.parameter_count ? run_sets(direct)
                                                                          : run_one(direct);
    collected_.clear();
    connection_.tell_notices(diagnostics());
    return result;
}

bool Statement::run_fabric_call(bool direct) {
    if (!statement::is_fabric_call(sql_) || !connection_.options().fabric_calls) return false;
    const auto call = statement::parse_fabric_call(sql_);
    if (!call) return false;
    if (analysis_.parameter_count)
        statement::read_parameters(apd_->fields, implicit_ipd_.fields, analysis_.parameter_count, 0,
                                   collected_, values_);
    std::unique_ptr<mysql::Results> results =
        answer_fabric_call(connection_, *call, values_.values);
    if (!results) return false;  // a name that is the server's own
    (void)direct;
    take_results(std::move(results), nullptr);
    return true;
}

SQLRETURN Statement::run_one(bool direct) {
    if (analysis_.parameter_count == 0 && (direct || text_only_)) {
        run_text();
    } else {
        statement::read_parameters(apd_->fields, implicit_ipd_.fields, analysis_.parameter_count, 0,
                                   collected_, values_);
        run_prepared(values_);
    }
    descriptor::Descriptor& ipd = implicit_ipd_.fields;
    if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = 1;
    after_execution();
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

void Statement::run_prepared(const statement::ParameterValues& values) {
    std::shared_ptr<mysql::Connection> used;
    // Preparing leaves nothing behind, so it may be repeated where executing may not.
    connection_.backend().run({router::Effect::read},
                              [&](const auto& connection) { prepared_on(connection); });
    auto results = connection_.backend().run(purpose(), [&](const auto& connection) {
        used = connection;
        return prepared_on(connection).execute(values.values);
    });
    take_results(std::move(results), std::move(used));
}

mysql::Prepared& Statement::prepared_on(const std::shared_ptr<mysql::Connection>& connection) {
    if (!prepared_ || prepared_connection_ != connection) {
        prepared_.reset();
        prepared_connection_ = connection;
        prepared_ = std::make_unique<mysql::Prepared>(*connection, sql_);
    }
    return *prepared_;
}

/// SQLExecute with SQL_ATTR_PARAMSET_SIZE: one execution for each set, a status for each.
SQLRETURN Statement::run_sets(bool direct) {
    (void)direct;
    const descriptor::Descriptor& apd = apd_->fields;
    descriptor::Descriptor& ipd = implicit_ipd_.fields;
    SQLUSMALLINT* status = ipd.array_status_ptr;
    const SQLULEN sets = apd.array_size;
    if (status) std::fill_n(status, sets, SQLUSMALLINT{SQL_PARAM_UNUSED});
    if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = 0;
    long long affected = 0;
    SQLULEN failed = 0;
    SQLULEN run = 0;
    std::vector<Record> errors;
    for (SQLULEN set = 0; set < sets; ++set) {
        if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = set + 1;
        if (apd.array_status_ptr && apd.array_status_ptr[set] == SQL_PARAM_IGNORE) continue;
        ++run;
        try {
            statement::read_parameters(apd, ipd, analysis_.parameter_count, set, collected_,
                                       values_);
            run_prepared(values_);
            if (cursor_open()) {
                drop_results();
                throw Error(state::not_implemented,
                            "a statement that gives rows, with an array of parameters");
            }
            affected += row_count_;
            after_execution();
            if (status) status[set] = SQL_PARAM_SUCCESS;
        } catch (const Error& error) {
            ++failed;
            if (status) status[set] = SQL_PARAM_ERROR;
            for (Record record : error.records()) {
                record.row = static_cast<long long>(set + 1);
                errors.push_back(std::move(record));
            }
            if (concerns_connection(error)) throw Error(std::move(errors));
        }
    }
    if (failed && failed == run) throw Error(std::move(errors));
    for (Record& record : errors) diagnostics().add(std::move(record));
    row_count_ = affected;
    executed_ = true;
    return SQL_SUCCESS;
}

void Statement::after_execution() {
    diagnostics().row_count = row_count_;
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
    if (!backend.connection() || results_->has_rows()) return;
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
    const bool none = searched && row_count_ == 0 && !analysis_.several_statements;
    return none && !connection_.environment().odbc_2() ? SQL_NO_DATA : SQL_SUCCESS;
}

}  // namespace myfabric::handles
