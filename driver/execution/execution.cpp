#include "execution/execution.h"

#include <span>
#include <utility>

#include "base/error.h"
#include "execution/session_changes.h"
#include "results/chained_results.h"

namespace myfabric::execution {

void Execution::read(std::string_view sql, const Command::Options& options) {
    result_.forget();
    preparation_.forget();
    std::string memory = command_.take_memory();
    command_ = {};
    command_ = Command::parse(sql, options, std::move(memory));
    input_.forget();
    array_.forget();
    descriptions_.forget();
}

SQLRETURN Execution::prepare() {
    sets_.cancel();
    if (command_.is_fabric_call()) {
        preparation_.prepare_nothing();
        return SQL_SUCCESS;
    }
    preparation_.aim(command_);
    if (command_.runs_several()) {
        preparation_.prepare_as_text();
        return SQL_SUCCESS;
    }
    if (command_.defers_preparing()) {
        preparation_.prepare_later();
        return SQL_SUCCESS;
    }
    // What the router has to say is reported when the statement runs: some programs (isql) take
    // SQL_SUCCESS_WITH_INFO from SQLPrepare for a failure.
    Outcome<Done> prepared = preparation_.prepare(command_);
    return prepared.failed() ? host_.records().fail(std::move(prepared).error()) : SQL_SUCCESS;
}

void Execution::take(std::unique_ptr<results::Results> results) {
    preparation_.forget();
    command_ = Command::answered();
    CurrentResult::Wanted wanted = host_.wanted();
    wanted.changeable = false;
    wanted.keep = true;
    if (wanted.is_live()) wanted.cursor_type = SQL_CURSOR_STATIC;
    result_.took(std::move(results), wanted);
}

/// Turns the router's notices into 01000 records.
void Execution::report_notices() {
    if (!backend_.has_notices()) return;
    for (std::string& notice : backend_.take_notices())
        host_.records().warn(state::general_warning, std::move(notice));
}

// ---- one set of parameters, or none ------------------------------------------------------------

void Execution::update_plan() {
    input_.update(command_, host_.apd_fields(), host_.ipd_fields(), [this] {
        return records_by_name(host_.ipd_fields(), command_, executor_, host_.view());
    });
    for (const std::size_t marker : input_.plan().integer_bytes()) {
        const std::size_t number = marker + 1 + command_.asks_value();
        input_.plan().take_sign(
            marker, descriptions_.of(number, command_, executor_, host_.view()).is_unsigned);
    }
}

SQLRETURN Execution::wait_for_data(std::size_t set) {
    ParameterInput::Send send;
    if (!command_.is_fabric_call() && !command_.positioned())
        send = [this](std::size_t marker, std::string_view bytes, results::Parameter::Type type) {
            try {
                preparation_.send_part(command_, marker, bytes, type);
            } catch (...) {
                sets_.cancel();
                preparation_.forget_sent();
                throw;
            }
        };
    input_.wait(input_.plan(), set, std::move(send));
    return SQL_NEED_DATA;
}

bool Execution::can_run_again() const {
    return again_.possible && command_.verb() == sql::Verb::select && !command_.runs_several() &&
           !command_.asks_value() && !sets_.active();
}

/// Values lie in the application's buffers, or in ours until the next execution.
void Execution::remember(const ParameterValues& values) {
    if (result_.cursor_type() != SQL_CURSOR_DYNAMIC || !result_.cursor_open()) return;
    const std::span given = std::span(values.values).first(command_.markers());
    again_.values.assign(given.begin(), given.end());
    again_.bytes.clear();
    for (results::Parameter& value : again_.values)
        if (!value.bytes.empty()) value.bytes = again_.bytes.emplace_back(value.bytes);
}

std::unique_ptr<results::Results> Execution::run_again() {
    const bool as_text = direct_ || preparation_.text_only();
    if (!command_.markers() && as_text)
        return executor_.query(preparation_.purpose(command_), command_.sql());
    results::Counts counts;
    return preparation_.execute(command_, again_.values, counts).take();
}

SQLRETURN Execution::start(bool direct) {
    tell_put_back(note_routine_changes(backend_));
    again_.possible = true;
    preparation_.aim(command_);
    direct_ = direct && !(command_.prepares_direct() && preparation_.prepare_direct(command_));
    input_.clear_data();
    if (sets_.active()) sets_.cancel();
    if (command_.parameters()) {
        update_plan();
        if (host_.apd_fields().array_size > 1) {
            result_.forget();
            sets_.begin(host_.apd_fields(), host_.ipd_fields(),
                        !backend_.session().autocommit || backend_.in_transaction());
            return continue_sets();
        }
        if (input_.plan().any_waiting(0)) return wait_for_data(0);
    }
    return run();
}

SQLRETURN Execution::resume() {
    again_.possible = false;  // what was sent ahead is not kept
    update_plan();
    if (sets_.active()) {
        const SQLRETURN result = run_set(input_.set());
        return set_pauses(result) ? result : resume_sets();
    }
    try {
        const SQLRETURN result = run();
        if (result == SQL_ERROR)
            preparation_.forget_sent();
        else
            preparation_.sent_is_used();
        return result;
    } catch (...) {
        preparation_.forget_sent();
        throw;
    }
}

/// SQL_ATTR_PARAM_STATUS_PTR and SQL_ATTR_PARAMS_PROCESSED_PTR of a single set.
void Execution::note_one(SQLUSMALLINT status) {
    const descriptor::Descriptor& ipd = host_.ipd_fields();
    if (ipd.rows_processed_ptr) *ipd.rows_processed_ptr = 1;
    if (ipd.array_status_ptr) *ipd.array_status_ptr = status;
}

SQLRETURN Execution::run() {
    note_one(SQL_PARAM_ERROR);  // until it has run: catching to say so costs more than running
    const SQLRETURN result = run_one();
    if (result != SQL_ERROR) note_one(SQL_PARAM_SUCCESS);
    return result;
}

SQLRETURN Execution::run_one() {
    result_.forget();
    SQLRETURN result = SQL_SUCCESS;
    if (!command_.is_fabric_call() || !run_fabric_call()) {
        const bool as_text = direct_ || preparation_.text_only();
        if (!command_.markers() && as_text && !command_.positioned()) {
            auto results = executor_.try_query(preparation_.purpose(command_), command_.sql());
            if (results.failed()) return host_.records().fail(std::move(results).error());
            result_.took(std::move(results).take(), host_.wanted());
        } else if (auto error =
                       run_prepared(command_.markers() ? input_.read(0) : input_.values())) {
            return host_.records().fail(std::move(*error));
        }
        result = after_execution(0);
        if (result == SQL_SUCCESS) result = result_of_execution();
    }
    input_.clear_data();
    report_notices();
    return result;
}

bool Execution::run_fabric_call() {
    const auto call = command_.fabric_call();
    if (!call) return false;
    Executor::Values given;
    if (command_.markers()) given = std::span(input_.read(0).values).first(command_.markers());
    std::unique_ptr<results::Results> results = host_.answer(*call, given);
    if (!results) return false;  // a name that is the server's own
    result_.took(std::move(results), host_.wanted());
    return true;
}

std::optional<Error> Execution::run_prepared(const ParameterValues& values) {
    if (command_.positioned()) [[unlikely]] {
        run_positioned(values);
        return std::nullopt;
    }
    if (command_.runs_in_pieces()) [[unlikely]] {
        run_pieces(values);
        return std::nullopt;
    }
    results::Counts counts;
    auto results =
        preparation_.execute(command_, {values.values.data(), command_.markers()}, counts);
    if (results.failed()) return std::move(results).error();
    if (!results.value()) {
        result_.took(counts);
    } else {
        result_.took(std::move(results).take(), host_.wanted());
        remember(values);
    }
    return std::nullopt;
}

/// Several statements with parameters: the server prepares them one by one. An error of a later one
/// is its result's.
void Execution::run_pieces(const ParameterValues& values) {
    auto chain = std::make_unique<results::ChainedResults>();
    Executor::Values left(values.values.data(), command_.markers());
    const router::Purpose purpose = preparation_.purpose(command_);
    for (const sql::Piece& piece : command_.pieces()) {
        try {
            std::string text(chain->empty() ? "" : command_.comment());
            text += piece.text;
            chain->add(piece.markers ? executor_.read(purpose, text, left.first(piece.markers))
                                     : executor_.query(purpose, text));
        } catch (const Error&) {
            if (chain->empty()) throw;
            chain->fail(std::current_exception());
            break;
        }
        left = left.subspan(piece.markers);
    }
    result_.took(std::move(chain), host_.wanted());
}

void Execution::run_positioned(const ParameterValues& values) {
    const sql::Positioned& positioned = *command_.positioned();
    const bool done = host_.cursor_named(positioned.cursor)
                          .run_positioned(positioned.cursor, positioned.head,
                                          std::span(values.values).first(command_.markers()),
                                          command_.verb() == sql::Verb::remove);
    result_.close();
    result_.counted(done ? 1 : 0);
    if (!done)
        host_.records().warn(
            state::cursor_conflict,
            "the row has changed or is gone since it was fetched: it was left alone");
}

void Execution::tell_put_back(const std::string& back) {
    if (back.empty()) return;
    host_.records().warn(state::general_warning,
                         "texts travel as utf8mb4 whatever the session's character set is, so it "
                         "was put back by " +
                             back);
}

/// What follows once the server has answered: what was done to the session, and output.
SQLRETURN Execution::after_execution(std::size_t set) {
    if (command_.analysis().changes_session())
        tell_put_back(note_session_changes(command_.analysis(), command_.sql(),
                                           result_.cursor_open(), backend_));
    if (command_.asks_value())
        outputs_.take_value(result_, input_.plan(), set, host_.records());
    else if (result_.any() && result_.results().out_parameters())
        return take_output(set);
    return SQL_SUCCESS;
}

SQLRETURN Execution::take_output(std::size_t set) {
    input_.plan().follow(host_.apd_fields(), host_.ipd_fields());
    using Left = OutputParameters::Left;
    switch (outputs_.take(
        result_, input_.plan(), set,
        [this] { return declared_outputs(command_, executor_, host_.view()); }, host_.records())) {
        case Left::streams:
            return SQL_PARAM_DATA_AVAILABLE;
        case Left::row:
            result_.open();
            return SQL_SUCCESS;
        case Left::nothing:
            break;
    }
    // On to the procedure's completion.
    if (result_.next())
        result_.open();
    else
        result_.ended();
    return SQL_SUCCESS;
}

SQLRETURN Execution::result_of_execution() const {
    // "a searched update, insert, or delete statement that does not affect any rows": ODBC 3.x
    // only.
    const bool none = !result_.cursor_open() && command_.is_searched() &&
                      result_.row_count() == 0 && !command_.analysis().several_statements &&
                      !command_.positioned();
    return none && !host_.odbc_2() ? SQL_NO_DATA : SQL_SUCCESS;
}

// ---- arrays of parameters ----------------------------------------------------------------------

/// Runs the sets that are left, until one waits for data or has rows.
SQLRETURN Execution::continue_sets() {
    using Kind = ParameterSets::Step::Kind;
    while (true) {
        const ParameterSets::Step step =
            sets_.next(input_.plan(), host_.apd_fields(), host_.ipd_fields());
        if (step.kind == Kind::done) return finish_sets();
        if (step.kind == Kind::needs_data) return wait_for_data(step.set);
        if (step.kind == Kind::run_many && run_many(step)) continue;
        const SQLRETURN result = run_set(step.set);
        if (set_pauses(result)) return result;
    }
}

/// Goes on after the application had its turn, with the bindings as they are now.
SQLRETURN Execution::resume_sets() {
    try {
        update_plan();
    } catch (...) {
        sets_.cancel();
        throw;
    }
    sets_.resume(host_.apd_fields());
    return continue_sets();
}

/// SQLMoreResults after the last result of a set.
SQLRETURN Execution::more_sets() {
    if (!sets_.active()) return SQL_NO_DATA;
    if (sets_.any_left()) return resume_sets();
    finish_sets();
    result_.row_count(-1);
    return SQL_NO_DATA;
}

/// Runs one set; its failure is kept for the end.
SQLRETURN Execution::run_set(std::size_t set) {
    SQLRETURN result = SQL_SUCCESS;
    std::optional<Error> failure;
    try {
        failure = run_prepared(input_.read(set));
        if (!failure) {
            result = after_execution(set);
            sets_.done(set, 1, result_.row_count(), host_.ipd_fields());
        }
    } catch (Error& error) {
        failure = std::move(error);
    }
    if (failure) {
        preparation_.forget_sent();
        sets_.failed(set, *failure, host_.ipd_fields());
    }
    preparation_.sent_is_used();
    input_.clear_data();
    return result;
}

/// False: the step's first set is to be run alone.
bool Execution::run_many(const ParameterSets::Step& step) {
    if (command_.asks_value() || preparation_.text_only()) return false;
    const router::Purpose reading = preparation_.reading(command_);
    if (!array_.serves(command_, input_.plan(), reading, executor_,
                       [this] { return preparation_.knows_bulk(command_); }))
        return false;
    const std::size_t rows =
        array_.gather(step.set, step.count, command_, input_, reading, executor_);
    if (rows < 2) return false;
    try {
        const results::Counts counts =
            array_.run(rows, command_, input_, preparation_.purpose(command_), executor_,
                       [this](mysql::BulkValues& values, std::size_t count, bool whole) {
                           return preparation_.execute_bulk(command_, values, count, whole);
                       });
        result_.took(counts);
        sets_.done(step.set, rows, result_.row_count(), host_.ipd_fields());
    } catch (const Error& error) {
        sets_.failed_together(step.set, rows, error, host_.ipd_fields());
    }
    return true;
}

/// Whether the application has to see to a set's rows or output before the next set runs.
bool Execution::set_pauses(SQLRETURN result) {
    if (!result_.cursor_open() && result != SQL_PARAM_DATA_AVAILABLE) return false;
    sets_.report_failures(host_.records());
    return true;
}

SQLRETURN Execution::finish_sets() {
    ParameterSets::Finished done = sets_.finish();
    report_notices();
    const descriptor::Descriptor& ipd = host_.ipd_fields();
    // It could not be seen otherwise which sets are missing.
    const bool unseen = !done.errors.empty() && !ipd.array_status_ptr && !ipd.rows_processed_ptr;
    if (unseen && !done.all_failed) {
        result_.counted(done.affected);
        throw Error(std::move(done.errors));
    }
    if (done.all_failed) {
        result_.forget();
        result_.row_count(-1);
        if (!done.errors.empty()) throw Error(std::move(done.errors));
    } else {
        result_.counted(done.affected);
    }
    for (Record& record : done.errors) host_.records().add(std::move(record));
    return SQL_SUCCESS;
}

// ---- further results ---------------------------------------------------------------------------

SQLRETURN Execution::next_output(SQLPOINTER* token) {
    if (outputs_.next(token)) return SQL_PARAM_DATA_AVAILABLE;
    outputs_.close();
    result_.ended();
    return sets_.active() ? resume_sets() : SQL_SUCCESS;
}

SQLRETURN Execution::next_result() {
    if (!result_.any()) return more_sets();
    if (!result_.next()) {
        result_.ended();
        return more_sets();
    }
    if (result_.results().out_parameters()) return take_output(sets_.active() ? sets_.last() : 0);
    // A procedure ends with a separate result, without columns: its row count.
    result_.open();
    return SQL_SUCCESS;
}

void Execution::cancel() {
    if (outputs_.active()) {
        outputs_.close();
        result_.close();
    }
    if (!input_.waits()) return;
    input_.cancel();
    sets_.cancel();
    preparation_.forget_sent();
}

void Execution::close() {
    if (outputs_.active()) outputs_.close();
    sets_.cancel();
    result_.forget();
}

}  // namespace myfabric::execution
