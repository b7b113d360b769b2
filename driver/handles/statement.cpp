#include "handles/statement.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "execution/describe_columns.h"
#include "execution/run_catalog.h"
#include "execution/settle_cursor.h"
#include "farm_sql/calls.h"
#include "handles/query_limit.h"
#include "sql/shown_text.h"

namespace myfabric::handles {

Statement::Statement(Connection& connection)
    : Handle(tag_value),
      connection_(connection),
      descriptors_(connection, this),
      execution_(connection.backend(), *this),
      changes_(execution_.executor(), execution_.result(), execution_.input()) {
    attributes.metadata_id = connection.attributes.metadata_id;
    execution_.input().plan().writing = connection.writing();
    attributes.async_enable = connection.attributes.async_statements;
    attributes.query_timeout = connection.attributes.query_timeout;
    diagnostics().server_version(connection.diagnostics().server_version());
}

SQLRETURN Statement::run_within_timeout(const std::function<SQLRETURN()>& body) {
    return run_within(connection_, attributes.query_timeout, body, [this] {
        // Rows that were changed are changed; anything else may have ended as if nothing was wrong,
        // with a result that is not its own.
        const bool changed = command().is_searched() && !command().analysis().several_statements;
        if (changed && !cursor_open()) return false;
        execution_.result().close();
        return true;
    });
}

// ---- sequence and text -------------------------------------------------------------------------

void Statement::must_be_idle() const {
    if (execution_.input().waits())
        throw Error(state::function_sequence,
                    "the statement waits for the data of a parameter (SQLParamData, SQLPutData)");
}

void Statement::make_way() {
    must_be_idle();
    if (execution_.output().active()) execution_.output().close();
    if (!cursor_open()) return execution_.result().close();
    const BriefReading brief(connection_);
    execution_.result().close();
}

void Statement::need_cursor() const {
    if (!result().executed()) throw Error(state::function_sequence, "no statement was run");
    if (!cursor_open())
        throw Error(state::invalid_cursor_state, "the statement gave no result set");
}

void Statement::read_text(std::string_view sql, sql::AnalysisCache* known) {
    const bool farm = connection_.backend().settings().farm != nullptr;
    execution_.read(
        sql,
        {connection_.backend().backslash_escapes(), attributes.noscan == SQL_NOSCAN_OFF, farm,
         connection_.options().fabric_calls,
         connection_.backend().settings().login.multi_statements,
         attributes.concurrency == SQL_CONCUR_LOCK, known, connection_.options().prepare_direct,
         connection_.options().defer_prepare, connection_.attributes.traced.comment});
    execution_.descriptions().unfill(ipd().fields);
}

// ---- execution ---------------------------------------------------------------------------------

template <class Body>
SQLRETURN Statement::run(const char* done, Body&& body) {
    if (!connection_.backend().journal().wants(LogLevel::debug)) [[likely]]
        return body();
    return run_logged(done, body);
}

/// A line of the log for the statement, with the time until its answer is there.
SQLRETURN Statement::run_logged(const char* done, const std::function<SQLRETURN()>& body) {
    using std::chrono::steady_clock;
    const auto begun = steady_clock::now();
    const auto tell = [&](std::string_view what) {
        const router::Backend& backend = connection_.backend();
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begun);
        const std::string shown = sql::without_values(command().sql(), backend.backslash_escapes());
        backend.journal().write_timed(LogLevel::debug, took, shown, [&] {
            return std::string(what) + " in " + milliseconds(took) + " ms: " + shown;
        });
    };
    const auto tell_failed = [&](std::string_view state) {
        tell("failed (" + std::string(state) + ")");
    };
    SQLRETURN result = SQL_SUCCESS;
    try {
        result = body();
    } catch (const Error& error) {
        tell_failed(error.state());
        throw;
    }
    if (result == SQL_ERROR)
        tell_failed(diagnostics().records().front().state);
    else
        tell(result == SQL_NEED_DATA ? "asked for data" : done);
    return result;
}

SQLRETURN Statement::prepare(std::string_view sql) {
    make_way();
    read_text(sql, &connection_.prepared_texts());
    return run("prepared", [this] { return execution_.prepare(); });
}

SQLRETURN Statement::execute() {
    must_be_idle();
    if (!execution_.preparation().by_application())
        throw Error(state::function_sequence, "SQLPrepare was not called");
    make_way();
    const SQLRETURN result = run("ran", [this] { return execution_.start(false); });
    settle_cursor();
    return result;
}

SQLRETURN Statement::execute_direct(std::string_view sql) {
    make_way();
    read_text(sql, nullptr);
    const SQLRETURN result = run("ran", [this] { return execution_.start(true); });
    settle_cursor();
    return result;
}

void Statement::settle_cursor() {
    if (!cursor_open() || (attributes.cursor_type == SQL_CURSOR_FORWARD_ONLY &&
                           attributes.concurrency == SQL_CONCUR_READ_ONLY)) [[likely]]
        return;
    execution::settle_cursor(execution_, changes_, bookmarks() != cursor::Bookmarks::off,
                             diagnostics());
}

SQLRETURN Statement::parameter_data(SQLPOINTER* value) {
    if (execution_.output().active()) return execution_.next_output(value);
    if (execution_.input().next(value)) return SQL_NEED_DATA;
    SQLRETURN result = SQL_SUCCESS;
    if (changes_.active()) {
        result = changes_.resume(row_call());
        connection_.report_notices(diagnostics());
    } else {
        result = run("ran", [this] { return execution_.resume(); });
        if (result == SQL_ERROR) return result;
        settle_cursor();
    }
    // Names the first of the next row or set.
    return execution_.input().waits() ? parameter_data(value) : result;
}

void Statement::cancel_data_at_execution() {
    execution_.cancel();
    changes_.cancel();
}

execution::CurrentResult::Wanted Statement::wanted() const {
    return {attributes.cursor_type,
            attributes.concurrency,
            attributes.max_rows,
            attributes.max_length,
            bookmarks(),
            connection_.wide_types(),
            execution_.preparation().reading(command()),
            execution_.preparation().purpose(command()),
            attributes.concurrency != SQL_CONCUR_READ_ONLY || !attributes.concurrency_set};
}

execution::TypeView Statement::view() const {
    return {connection_.wide_types(), connection_.long_cap()};
}

std::unique_ptr<results::Results> Statement::answer(const sql::FabricCall& call,
                                                    execution::Executor::Values values) {
    return farm_sql::answer(
        {connection_.backend(), connection_.options(), [this] { connection_.reset(); }}, call,
        values);
}

execution::RowChanges& Statement::cursor_named(const std::string& name) {
    const auto& all = connection_.statements();
    const auto owner = std::ranges::find_if(all, [&](const auto& other) {
        return !other->cursor_name.empty() && equal_ignoring_case(other->cursor_name, name);
    });
    if (owner == all.end())
        throw Error(state::invalid_cursor_name,
                    "no statement of this connection has the cursor name '" + name + "'");
    return (*owner)->changes_;
}

// ---- results -----------------------------------------------------------------------------------

SQLRETURN Statement::more_results() {
    must_be_idle();
    const SQLRETURN result = execution_.next_result();
    settle_cursor();
    return result;
}

void Statement::close_cursor(bool must_be_open) {
    must_be_idle();
    if (must_be_open && !cursor_open())
        throw Error(state::invalid_cursor_state, "no cursor is open on this statement");
    drop_results();
}

void Statement::drop_results() {
    if (!cursor_open()) return execution_.close();
    const BriefReading brief(connection_);
    execution_.close();
}

void Statement::answer(std::unique_ptr<results::Results> results) {
    make_way();
    execution_.take(std::move(results));
}

void Statement::run_catalog(const catalog::Query& query) {
    make_way();
    answer(execution::run_catalog(execution_.executor(), query));
    connection_.report_notices(diagnostics());
}

const results::Columns& Statement::columns() {
    static const results::Columns none;
    must_be_idle();
    if (result().any()) return result().results().columns();
    if (command().none()) throw Error(state::function_sequence, "no statement was prepared or run");
    // What a procedure or a function puts into parameters is no result.
    if (command().verb() == sql::Verb::call || command().asks_value()) return none;
    execution::Preparation& preparation = execution_.preparation();
    if (preparation.by_application() && preparation.any()) return preparation.columns(command());
    return none;
}

SQLRETURN Statement::fetch(cursor::Fetch& fetch) {
    must_be_idle();
    need_cursor();
    fetch.max_rows = attributes.max_rows;
    fetch.retrieve = attributes.retrieve_data == SQL_RD_ON;
    const bool live = execution_.result().live();
    if (live) make_live(fetch);
    try {
        const SQLRETURN fetched =
            execution_.result().cursor().fetch(fetch, ard().fields, diagnostics());
        if (fetched == SQL_NO_DATA) execution_.result().read_to_the_end();
        return fetched;
    } catch (const Error& error) {
        // Ours, or of reading rows again: the result is as it was.
        if (error.cause() == Cause::driver || live) throw;
        execution_.result().lost(error);
    }
}

void Statement::make_live(cursor::Fetch& fetch) {
    if (attributes.keyset_size && attributes.keyset_size < fetch.size)
        throw Error(state::row_value_out_of_range,
                    "SQL_ATTR_KEYSET_SIZE, " + std::to_string(attributes.keyset_size) +
                        ", is less than the rowset's " + std::to_string(fetch.size) + " rows");
    if (changes_.wants_anew(fetch.orientation))
        if (auto rows = execution_.run_again()) changes_.take_anew(std::move(rows), fetch);
    fetch.live = changes_.live_rows();
}

SQLRETURN Statement::get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value,
                              SQLLEN capacity, SQLLEN* indicator) {
    if (!value && !indicator)
        throw Error(state::invalid_null_pointer, "SQLGetData was given no buffer");
    cursor::Cursor& cursor = execution_.result().cursor();
    if (!cursor.positioned()) {
        if (execution_.output().named())
            return execution_.output().get(column, c_type, value, capacity, indicator,
                                           execution_.input().plan(), connection_.wide_types(),
                                           diagnostics());
        need_cursor();
    }
    if (cursor.current_was_not_kept()) changes_.bring_current();
    return cursor.get_data(column, c_type, value, capacity, indicator, ard().fields, diagnostics());
}

execution::RowChanges::Call Statement::row_call() {
    describe_ird();  // what a changed column is sent as
    return {ard().fields, ird().fields, diagnostics()};
}

SQLRETURN Statement::set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock) {
    must_be_idle();
    need_cursor();
    if (operation == SQL_POSITION && lock == SQL_LOCK_NO_CHANGE) {
        execution_.result().cursor().set_position(row);
        return SQL_SUCCESS;
    }
    const SQLULEN places = std::max(ard().fields.array_size, attributes.extended_rowset_size);
    const SQLRETURN result = changes_.set_position(row, operation, lock, places, row_call());
    connection_.report_notices(diagnostics());
    return result;
}

SQLRETURN Statement::bulk_operation(SQLUSMALLINT operation) {
    must_be_idle();
    need_cursor();
    const SQLRETURN result = changes_.bulk(operation, row_call());
    connection_.report_notices(diagnostics());
    return result;
}

SQLLEN Statement::fetch_bookmark() const {
    if (attributes.use_bookmarks == SQL_UB_OFF) return 0;  // fetching reports what is wrong
    if (!attributes.fetch_bookmark_ptr) cursor::throw_bad_bookmark();
    return *static_cast<const SQLLEN*>(attributes.fetch_bookmark_ptr);
}

cursor::Bookmarks Statement::bookmarks() const {
    if (cursor_open() && result().cursor().is_open()) return result().cursor().bookmarks();
    switch (attributes.use_bookmarks) {
        case SQL_UB_OFF:
            return cursor::Bookmarks::off;
        case SQL_UB_VARIABLE:
            return cursor::Bookmarks::variable;
        default:
            return cursor::Bookmarks::fixed;
    }
}

// ---- parameters and descriptors ----------------------------------------------------------------

long long Statement::row_count() {
    must_be_idle();
    if (command().none()) throw Error(state::function_sequence, "no statement was run");
    return execution_.result().find_row_count();
}

std::size_t Statement::parameter_count() const {
    must_be_idle();
    if (command().none()) throw Error(state::function_sequence, "no statement was prepared or run");
    return command().parameters();
}

const execution::ParameterDescription& Statement::describe_parameter(std::size_t number) {
    parameter_count();
    return execution_.descriptions().of(number, command(), execution_.executor(), view());
}

void Statement::describe_ipd() {
    if (!execution_.preparation().by_application() || command().is_fabric_call() ||
        attributes.enable_auto_ipd == SQL_FALSE)
        return;
    must_be_idle();
    execution_.descriptions().fill(ipd().fields, result().serial(), command(),
                                   execution_.executor(), view());
}

void Statement::describe_ird() {
    const results::Columns& found = columns();
    if (descriptors_.row_serial == result().serial() + 1 && ird().fields.count() == found.size())
        return;
    execution::describe_columns(ird().fields, found, bookmarks(), view());
    descriptors_.row_serial = result().serial() + 1;
}

void Statement::reset_parameters() {
    must_be_idle();
    apd().fields.set_count(0);
    ipd().fields.set_count(0);
}

void Statement::use_ard(DescriptorHandle* descriptor) {
    descriptors_.ard = descriptor ? descriptor : &descriptors_.application_row;
}

void Statement::use_apd(DescriptorHandle* descriptor) {
    descriptors_.apd = descriptor ? descriptor : &descriptors_.application_parameter;
}

void Statement::forget(DescriptorHandle* descriptor) {
    // Another descriptor may get the same address: what was read from this one is not of it.
    if (descriptors_.ard == descriptor) {
        use_ard(nullptr);
        execution_.result().cursor().forget_bindings();
    }
    if (descriptors_.apd == descriptor) {
        use_apd(nullptr);
        execution_.input().plan().forget();
    }
}

}  // namespace myfabric::handles
