// The statement handle: it owns what a statement does its work with and checks the sequence of
// calls.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "catalog/query.h"
#include "execution/execution.h"
#include "handles/connection.h"
#include "handles/statement_attributes.h"
#include "handles/statement_descriptors.h"

namespace myfabric::handles {

class Statement final : public Handle, private execution::Host {
public:
    static constexpr Tag tag_value = Tag::statement;
    explicit Statement(Connection& connection);

    Mutex& mutex() { return connection_.mutex(); }
    Connection& connection() { return connection_; }
    AsyncCall& async() { return async_; }
    bool asynchronous() const { return attributes.async_enable == SQL_ASYNC_ENABLE_ON; }

    /// Runs `body` (SQLRETURN) as long as SQL_ATTR_QUERY_TIMEOUT allows. Throws HYT00.
    template <class Body>
    SQLRETURN within_timeout(Body&& body) {
        return attributes.query_timeout ? run_within_timeout(body) : body();
    }

    /// Throws HY010 while parameters wait for their data.
    void must_be_idle() const;

    // ---- execution
    /// These return SQL_ERROR, with its records, for what the server says of the statement.
    SQLRETURN prepare(std::string_view sql);
    SQLRETURN execute();
    SQLRETURN execute_direct(std::string_view sql);
    SQLRETURN parameter_data(SQLPOINTER* value);
    void put_data(SQLPOINTER data, SQLLEN length) { execution_.input().put(data, length); }
    SQLRETURN more_results();
    /// SQLCancel in the midst of data at execution, or of streamed output.
    void cancel_data_at_execution();
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
        if (!diagnostics().empty()) [[unlikely]]
            return false;
        diagnostics().clear();
        return execution_.result().cursor().get_whole(column, c_type, target);
    }
    SQLRETURN set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock);
    /// SQLBulkOperations.
    SQLRETURN bulk_operation(SQLUSMALLINT operation);
    /// The row that SQL_FETCH_BOOKMARK starts from. Throws HY111.
    SQLLEN fetch_bookmark() const;
    /// What the cursor's column 0 is, or will be once the statement is executed.
    cursor::Bookmarks bookmarks() const;
    /// SQLCloseCursor (24000 when none is open) and SQLFreeStmt(SQL_CLOSE).
    void close_cursor(bool must_be_open);
    /// Rows that are left are read for a second, then their query is stopped.
    void drop_results();
    const execution::CurrentResult& result() const { return execution_.result(); }
    bool cursor_open() const { return result().cursor_open(); }
    /// Where SQLExtendedFetch puts the status of rows.
    void extended_status(SQLUSMALLINT* status) { execution_.result().extended_status = status; }
    const execution::Command& command() const { return execution_.command(); }
    /// SQLRowCount. Throws HY010.
    long long row_count();
    /// Columns of the open or prepared result. Throws HY010.
    const results::Columns& columns();
    /// SQLNumParams. Throws HY010 when there is no statement.
    std::size_t parameter_count() const;
    /// SQLDescribeParam, `number` from 1. Throws HY010, 07009.
    const execution::ParameterDescription& describe_parameter(std::size_t number);

    // ---- descriptors and attributes
    DescriptorHandle& ard() { return *descriptors_.ard; }
    DescriptorHandle& apd() { return *descriptors_.apd; }
    DescriptorHandle& ird() { return descriptors_.row; }
    DescriptorHandle& ipd() { return descriptors_.parameter; }
    /// Fills the IRD's records from the columns; called before it is read.
    void describe_ird();
    /// The same for the IPD's, as the server knows the parameters, unless the application has set
    /// them.
    void describe_ipd();
    void unbind_columns() { ard().fields.set_count(0); }
    void reset_parameters();
    /// null: back to the implicit one.
    void use_ard(DescriptorHandle* descriptor);
    void use_apd(DescriptorHandle* descriptor);
    /// An explicit descriptor is about to be freed.
    void forget(DescriptorHandle* descriptor);

    StatementAttributes attributes;
    std::string cursor_name;

private:
    // What the execution needs of this handle.
    const descriptor::Descriptor& apd_fields() const override { return descriptors_.apd->fields; }
    descriptor::Descriptor& ipd_fields() override { return descriptors_.parameter.fields; }
    Diagnostics& records() override { return diagnostics(); }
    execution::CurrentResult::Wanted wanted() const override;
    execution::TypeView view() const override;
    bool odbc_2() const override { return connection_.environment().odbc_2(); }
    std::unique_ptr<results::Results> answer(const sql::FabricCall& call,
                                             execution::Executor::Values values) override;
    execution::RowChanges& cursor_named(const std::string& name) override;

    /// 01S02 where the cursor that was opened is not the one that was wanted.
    void settle_cursor();
    /// The rows of a keyset-driven or dynamic cursor are brought up to date.
    void make_live(cursor::Fetch& fetch);
    SQLRETURN run_within_timeout(const std::function<SQLRETURN()>& body);
    template <class Body>
    SQLRETURN run(const char* done, Body&& body);
    SQLRETURN run_logged(const char* done, const std::function<SQLRETURN()>& body);
    /// must_be_idle(), and closes the results that are left.
    void make_way();
    void read_text(std::string_view sql, sql::AnalysisCache* known);
    /// Throws HY010 or 24000 when there is nothing to fetch from.
    void need_cursor() const;
    execution::RowChanges::Call row_call();

    Connection& connection_;
    StatementDescriptors descriptors_;
    AsyncCall async_;
    execution::Execution execution_;
    execution::RowChanges changes_;
};

}  // namespace myfabric::handles
