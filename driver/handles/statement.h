// The statement handle: SQL text, parameters, results, cursor.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/query.h"
#include "cursor/cursor.h"
#include "execution/parameter_plan.h"
#include "handles/column_changes.h"
#include "handles/connection.h"
#include "handles/parameter_state.h"
#include "mysql/prepared.h"
#include "sql/hints.h"
#include "sql/lexer.h"
#include "sql/row_change_text.h"

namespace myfabric::handles {

class RowEditor;

/// Statement attributes that are no descriptor fields.
struct StatementAttributes {
    SQLULEN async_enable = SQL_ASYNC_ENABLE_OFF;
    SQLULEN query_timeout = 0;  // seconds
    SQLULEN cursor_type = SQL_CURSOR_FORWARD_ONLY;
    SQLULEN concurrency = SQL_CONCUR_READ_ONLY;
    SQLULEN use_bookmarks = SQL_UB_OFF;
    SQLULEN max_rows = 0;
    SQLULEN max_length = 0;
    SQLULEN enable_auto_ipd = SQL_TRUE;
    SQLULEN noscan = SQL_NOSCAN_OFF;
    SQLULEN metadata_id = SQL_FALSE;
    SQLULEN retrieve_data = SQL_RD_ON;
    SQLULEN keyset_size = 0;
    SQLULEN simulate_cursor = SQL_SC_NON_UNIQUE;
    SQLPOINTER fetch_bookmark_ptr = nullptr;
    SQLULEN extended_rowset_size = 1;  // SQL_ROWSET_SIZE, for SQLExtendedFetch
};

class Statement : public Handle {
public:
    static constexpr Tag tag_value = Tag::statement;
    explicit Statement(Connection& connection);
    ~Statement();

    Mutex& mutex() { return connection_.mutex(); }
    Connection& connection() { return connection_; }

    AsyncCall& async() { return async_; }
    bool asynchronous() const { return attributes.async_enable == SQL_ASYNC_ENABLE_ON; }

    /// Runs `body` (SQLRETURN) as long as SQL_ATTR_QUERY_TIMEOUT allows. Throws HYT00.
    template <class Body>
    SQLRETURN within_timeout(Body&& body) {
        return attributes.query_timeout ? run_within_timeout(body) : body();
    }

    // ---- execution
    void prepare(std::string_view sql);
    SQLRETURN execute();
    SQLRETURN execute_direct(std::string_view sql);
    SQLRETURN parameter_data(SQLPOINTER* value);
    void put_data(SQLPOINTER data, SQLLEN length);
    SQLRETURN more_results();
    /// SQLCancel in the midst of data-at-execution; false when there is nothing to cancel here.
    bool cancel_data_at_execution();

    /// The rows of a catalog function.
    void run_catalog(const catalog::Query& query);
    /// Rows that the driver answers itself.
    void answer(std::unique_ptr<results::Results> results);

    // ---- results
    /// SQLFetch and its siblings; the statement's attributes are added to `fetch`.
    SQLRETURN fetch(cursor::Fetch& fetch);
    SQLRETURN get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN capacity,
                       SQLLEN* indicator);
    /// The same and the diagnostics of its success, in the usual case, see Cursor::get_whole().
    /// False: it is get_data()'s.
    bool get_whole(SQLUSMALLINT column, SQLSMALLINT c_type, const conversion::Target& target) {
        if (!diagnostics().records().empty()) [[unlikely]]
            return false;
        diagnostics().clear();
        return cursor_.get_whole(column, c_type, target);
    }
    SQLRETURN set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock);
    /// SQLBulkOperations.
    SQLRETURN bulk_operation(SQLUSMALLINT operation);
    /// The row that SQL_FETCH_BOOKMARK starts from. Throws HY111.
    SQLLEN fetch_bookmark() const;
    /// What the cursor's column 0 is, or will be once the statement is executed.
    cursor::Bookmarks bookmarks() const;
    /// SQL_ATTR_ROW_NUMBER.
    SQLULEN row_number() const { return cursor_.row_number(); }
    /// SQLCloseCursor (24000 when none is open) and SQLFreeStmt(SQL_CLOSE).
    void close_cursor(bool must_be_open);
    void unbind_columns();
    void reset_parameters();
    long long row_count() const { return row_count_; }
    /// Rows of a static cursor; 0 of others, which do not know it.
    std::size_t cursor_row_count() const { return scrollable_ ? scrollable_->rows() : 0; }
    /// The text as the server gets it; empty for what the driver answers itself.
    const std::string& sql() const { return sql_; }
    bool executed() const { return executed_; }
    /// UPDATE or DELETE ... WHERE CURRENT OF.
    bool is_positioned() const { return positioned_.has_value(); }
    /// Columns of the open or prepared result. Throws HY010.
    const results::Columns& columns();
    /// SQLNumParams. Throws HY010 when there is no statement.
    std::size_t parameter_count() const;
    /// SQLDescribeParam, `number` from 1. Throws HY010, 07009.
    const ParameterDescription& describe_parameter(std::size_t number);

    // ---- descriptors and attributes
    DescriptorHandle& ard() { return *ard_; }
    DescriptorHandle& apd() { return *apd_; }
    DescriptorHandle& ird() { return implicit_ird_; }
    DescriptorHandle& ipd() { return implicit_ipd_; }
    /// Fills the IRD's records from the columns; called before it is read.
    void describe_ird();
    /// The same for the IPD's, as the server knows the parameters, unless the application has set
    /// them.
    void describe_ipd();
    /// null: back to the implicit one.
    void use_ard(DescriptorHandle* descriptor);
    void use_apd(DescriptorHandle* descriptor);
    /// An explicit descriptor is about to be freed.
    void forget(DescriptorHandle* descriptor);

    StatementAttributes attributes;
    std::string cursor_name;
    /// Where SQLExtendedFetch tells the status of rows; null: where the IRD says.
    SQLUSMALLINT* extended_status = nullptr;

    bool cursor_open() const { return results_ != nullptr && results_->has_rows(); }

private:
    SQLRETURN run_within_timeout(const std::function<SQLRETURN()>& body);
    SQLRETURN start(bool direct);
    SQLRETURN run(bool direct);
    SQLRETURN run_one(bool direct);
    bool run_fabric_call();
    void run_text();
    void run_prepared(const execution::ParameterValues& values);
    mysql::Prepared& prepared_on(const std::shared_ptr<mysql::Connection>& connection);
    const results::Columns& prepared_columns();
    void end_prepared();
    /// Throws HY010 while data at execution or streamed output is awaited.
    void must_be_idle() const;
    /// Reads set `set` into values_.
    void read_set(std::size_t set);
    void update_plan();

    // Arrays of parameters
    SQLRETURN start_sets(bool direct);
    SQLRETURN continue_sets();
    SQLRETURN resume_sets();
    SQLRETURN more_sets();
    SQLRETURN run_set(std::size_t set);
    SQLRETURN finish_sets();
    void set_failed(std::size_t set, const Error& error);
    void set_done(std::size_t set, std::size_t count);
    bool set_pauses(SQLRETURN result);
    bool run_many(std::size_t first);
    void run_bulk(mysql::Connection& connection, mysql::Prepared& prepared, std::size_t rows,
                  results::Counts& counts);
    void run_rows(mysql::Connection& connection, std::size_t rows, results::Counts& counts);
    const ArrayWay& array_way();
    bool is_ignored(std::size_t set) const;

    // Data at execution
    SQLRETURN wait_for_data(bool direct, std::size_t set);
    bool goes_straight(const execution::BoundParameter& parameter) const;
    void send_part(execution::CollectedPart& part, std::size_t marker, std::string_view bytes,
                   bool last);
    std::size_t marker_of(std::size_t number) const;
    /// Forgets what was sent to the server of an execution that does not take place.
    void forget_sent();

    // Changing rows by SQLSetPos, SQLBulkOperations and WHERE CURRENT OF
    void must_be_updatable() const;
    /// Throws HYC00 where rows cannot be told apart, 24000 after a switch of the target.
    RowEditor& editor();
    SQLRETURN fetch_by_bookmark();
    SQLRETURN start_changes(ColumnChanges changes);
    SQLRETURN continue_changes();
    /// Finds the columns that the row at hand sets; throws 21S02, 07009.
    void choose_columns();
    void change_row();
    bool change(const ColumnChanges::Row& row);
    SQLUSMALLINT changed_status() const;
    SQLUSMALLINT* row_status() {
        return extended_status ? extended_status : ird().fields.array_status_ptr;
    }
    void note_change(const ColumnChanges::Row& row, SQLUSMALLINT status);
    void change_failed(const Error& error);
    SQLRETURN finish_changes();
    void run_positioned(const execution::ParameterValues& values);
    /// The parameters, or columns, that SQLPutData is for.
    const execution::ParameterPlan& data_plan() const {
        return changes_.active ? changes_.plan : plan_;
    }

    // Output parameters
    SQLRETURN take_output(std::size_t set);
    SQLRETURN take_function_value(std::size_t set);
    SQLRETURN next_output(SQLPOINTER* value);
    SQLRETURN get_output(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN capacity,
                         SQLLEN* indicator);
    void deliver(const execution::BoundParameter& parameter, unsigned column, std::size_t set);
    std::vector<std::size_t> records_by_name();
    std::vector<std::size_t> declared_outputs();

    /// Of executing, and of what leaves nothing behind (preparing): for the same server.
    router::Purpose purpose() const;
    router::Purpose reading() const;
    void take_aim();
    [[noreturn]] void throw_result_lost(const Error& error);
    void after_execution();
    void note_session_changes();
    SQLRETURN result_of_execution();
    void take_results(std::unique_ptr<results::Results> results,
                      std::shared_ptr<mysql::Connection> connection);
    void open_result();
    void drop_results();
    /// Throws HY010 or 24000 when there is nothing to fetch from.
    void need_cursor() const;
    void forget_prepared();
    void analyse(std::string_view sql);
    void forget_described_parameters();

    Connection& connection_;
    DescriptorHandle implicit_ard_, implicit_apd_, implicit_ird_, implicit_ipd_;
    DescriptorHandle* ard_ = &implicit_ard_;
    DescriptorHandle* apd_ = &implicit_apd_;

    std::string sql_;  // with escapes translated
    sql::Analysis analysis_;
    std::optional<sql::Hint> hint_;
    topology::Target hinted_;  // where hint_ leads, from the connection's target as it was
    bool has_statement_ = false;
    bool is_prepared_ = false;  // by SQLPrepare
    bool text_only_ = false;    // the server cannot prepare it
    bool executed_ = false;

    std::shared_ptr<mysql::Connection> prepared_connection_;
    std::unique_ptr<mysql::Prepared> prepared_;

    std::shared_ptr<mysql::Connection> results_connection_;  // outlives results_
    std::unique_ptr<results::Results> results_;
    std::uint64_t serial_ = 0;  // numbers the results
    long long row_count_ = -1;
    results::StaticRows* scrollable_ = nullptr;  // results_, when all rows are kept
    cursor::Cursor cursor_;
    bool updatable_ = false;             // the open cursor; its rows are in scrollable_ then
    topology::Target opened_on_;         // the target that an updatable cursor was opened with
    std::unique_ptr<RowEditor> editor_;  // of the open result, once rows are changed
    ColumnChanges changes_;
    std::optional<sql::Positioned> positioned_;  // WHERE CURRENT OF
    AsyncCall async_;
    std::uint64_t ird_serial_ = 0;
    std::uint64_t ipd_serial_ = 0;
    bool prepared_is_old_ = false;  // its columns may have changed: it comes from the cache
    bool function_value_ = false;   // {?=call f()}: record 1 is the value
    bool fabric_call_ = false;
    std::vector<std::size_t> records_;  // of the markers, where they are not 1, 2, 3...
    execution::ParameterPlan plan_;
    execution::ParameterValues values_;
    execution::CollectedData collected_;
    DataAtExecution at_execution_;
    const mysql::Connection* sent_to_ = nullptr;  // where data at execution lies
    ArrayRun array_;
    ArrayWay array_way_;
    std::unique_ptr<mysql::BulkValues> bulk_;
    OutputStreams outputs_;
    std::vector<ParameterDescription> descriptions_;
};

/// SQLSetStmtAttr / SQLGetStmtAttr; warnings (01S02) go to the handle's diagnostics.
void set_statement_attribute(Statement& statement, SQLINTEGER attribute, SQLPOINTER value,
                             SQLINTEGER length);
void get_statement_attribute(Statement& statement, SQLINTEGER attribute, SQLPOINTER value,
                             SQLINTEGER* length);

}  // namespace myfabric::handles
