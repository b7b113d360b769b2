#include "handles/statement.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "conversion/types.h"
#include "cursor/shortened_rows.h"
#include "handles/row_editor.h"
#include "results/memory_results.h"

namespace myfabric::handles {

using descriptor::Kind;

Statement::Statement(Connection& connection)
    : Handle(tag_value),
      connection_(connection),
      implicit_ard_(connection, Kind::application_row, this),
      implicit_apd_(connection, Kind::application_parameter, this),
      implicit_ird_(connection, Kind::row, this),
      implicit_ipd_(connection, Kind::parameter, this) {
    attributes.metadata_id = connection.metadata_id;
    attributes.async_enable = connection.async_statements;
    attributes.query_timeout = connection.query_timeout;
    diagnostics().server_version(connection.diagnostics().server_version());
}

Statement::~Statement() {
    drop_results();
    forget_prepared();
}

SQLRETURN Statement::run_within_timeout(const std::function<SQLRETURN()>& body) {
    const auto too_long = [&] {
        return Error(state::timeout, "the statement took longer than the query timeout of " +
                                         std::to_string(attributes.query_timeout) + " s");
    };
    router::Watchdog::Deadline deadline(connection_.environment().watchdog(),
                                        std::chrono::seconds(attributes.query_timeout),
                                        [this] { connection_.backend().cancel(); });
    SQLRETURN result = SQL_SUCCESS;
    try {
        result = body();
    } catch (const Error& error) {
        if (!deadline.end()) throw;
        Error told = too_long();
        told.also(error.records());
        throw told;
    }
    // Some statements end as if nothing was wrong, with a result that is not theirs.
    if (deadline.end() && cursor_open()) {
        drop_results();
        throw too_long();
    }
    return result;
}

// ---- results ---------------------------------------------------------------------------------

void Statement::take_results(std::unique_ptr<results::Results> results,
                             std::shared_ptr<mysql::Connection> connection) {
    cursor_.close();
    results_connection_ = std::move(connection);
    scrollable_ = nullptr;
    if (attributes.max_length)
        results =
            std::make_unique<cursor::ShortenedRows>(std::move(results), attributes.max_length);
    const bool keep = attributes.cursor_type == SQL_CURSOR_STATIC ||
                      attributes.concurrency != SQL_CONCUR_READ_ONLY ||
                      attributes.use_bookmarks != SQL_UB_OFF;
    if (editor_) editor_.reset();
    if (keep) {
        try {
            auto rows =
                std::make_unique<results::StaticRows>(std::move(results), attributes.max_rows);
            scrollable_ = rows.get();
            results = std::move(rows);
        } catch (const Error& error) {
            connection_.backend().result_lost(error, results_connection_.get());
        }
    }
    results_ = std::move(results);
    executed_ = true;
    open_result();
}

/// The next of the statement's results has arrived.
void Statement::open_result() {
    ++serial_;
    row_count_ = scrollable_ ? static_cast<long long>(scrollable_->rows()) : -1;
    if (editor_) editor_.reset();
    extended_status = nullptr;
    updatable_ = scrollable_ && attributes.concurrency != SQL_CONCUR_READ_ONLY;
    if (updatable_) opened_on_ = connection_.backend().target();
    if (results_->has_rows())
        cursor_.open(*results_, scrollable_,
                     {connection_.wide_types(), attributes.cursor_type == SQL_CURSOR_FORWARD_ONLY,
                      bookmarks()});
    else
        row_count_ = static_cast<long long>(results_->counts().affected_rows);
}

void Statement::drop_results() {
    if (outputs_.active()) outputs_ = {};
    cursor_.close();
    scrollable_ = nullptr;
    if (editor_) editor_.reset();
    results_.reset();
    results_connection_.reset();
}

void Statement::forget_prepared() {
    end_prepared();
    is_prepared_ = false;
    text_only_ = false;
}

void Statement::close_cursor(bool must_be_open) {
    must_be_idle();
    if (must_be_open && !cursor_open())
        throw Error(state::invalid_cursor_state, "no cursor is open on this statement");
    drop_results();
    array_ = {};
    executed_ = false;
    ++serial_;
}

SQLRETURN Statement::more_results() {
    must_be_idle();
    if (!results_) return more_sets();
    cursor_.close();
    bool more = false;
    try {
        more = results_->next_result();
    } catch (const Error& error) {
        throw_result_lost(error);
    }
    // A procedure ends with a result of its own that holds nothing but its completion.
    if (more && !results_->has_rows() && analysis_.first_verb == sql::Verb::call) more = false;
    if (more && results_->out_parameters()) {
        const SQLRETURN result = take_output(array_.active ? array_.next - 1 : 0);
        if (result == SQL_PARAM_DATA_AVAILABLE) return result;
        more = false;
    }
    if (!more) {
        drop_results();
        row_count_ = -1;
        return more_sets();
    }
    open_result();
    return SQL_SUCCESS;
}

void Statement::answer(std::unique_ptr<results::Results> results) {
    forget_prepared();
    sql_.clear();
    analysis_ = {};
    has_statement_ = true;
    take_results(std::move(results), nullptr);
}

void Statement::run_catalog(const catalog::Query& query) {
    if (cursor_open())
        throw Error(state::invalid_cursor_state, "a cursor is open on this statement");
    drop_results();
    std::shared_ptr<mysql::Connection> used;
    std::unique_ptr<results::Results> rows = connection_.backend().run(
        {router::Effect::read}, [&](const std::shared_ptr<mysql::Connection>& connection) {
            used = connection;
            return connection->query(query.sql);
        });
    answer(std::make_unique<results::DescribedResults>(std::move(rows),
                                                       catalog::described(query.columns)));
    results_connection_ = std::move(used);
    connection_.tell_notices(diagnostics());
}

const results::Columns& Statement::columns() {
    static const results::Columns none;
    if (results_) return results_->columns();
    if (!has_statement_) throw Error(state::function_sequence, "no statement was prepared or run");
    if (is_prepared_ && prepared_) return prepared_columns();
    return none;
}

std::size_t Statement::parameter_count() const {
    if (!has_statement_) throw Error(state::function_sequence, "no statement was prepared or run");
    return analysis_.parameter_count + function_value_;
}

// ---- fetching --------------------------------------------------------------------------------

void Statement::need_cursor() const {
    if (!executed_) throw Error(state::function_sequence, "no statement was run");
    if (!cursor_open())
        throw Error(state::invalid_cursor_state, "the statement gave no result set");
}

SQLRETURN Statement::fetch(cursor::Fetch& fetch) {
    need_cursor();
    fetch.max_rows = attributes.max_rows;
    fetch.retrieve = attributes.retrieve_data == SQL_RD_ON;
    try {
        return cursor_.fetch(fetch, ard_->fields, diagnostics());
    } catch (const Error& error) {
        if (error.cause() == Cause::driver) throw;  // ours: the result is as it was
        throw_result_lost(error);
    }
}

void Statement::throw_result_lost(const Error& error) {
    const std::shared_ptr<mysql::Connection> reader = results_connection_;
    drop_results();
    connection_.backend().result_lost(error, reader.get());
}

SQLRETURN Statement::get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value,
                              SQLLEN capacity, SQLLEN* indicator) {
    if (!cursor_.positioned()) {
        if (outputs_.named()) return get_output(column, c_type, value, capacity, indicator);
        need_cursor();
    }
    return cursor_.get_data(column, c_type, value, capacity, indicator, ard_->fields,
                            diagnostics());
}

// ---- descriptors -----------------------------------------------------------------------------

void Statement::unbind_columns() {
    ard_->fields.set_count(0);
}

void Statement::reset_parameters() {
    must_be_idle();
    apd_->fields.set_count(0);
    implicit_ipd_.fields.set_count(0);
}

void Statement::use_ard(DescriptorHandle* descriptor) {
    ard_ = descriptor ? descriptor : &implicit_ard_;
}

void Statement::use_apd(DescriptorHandle* descriptor) {
    apd_ = descriptor ? descriptor : &implicit_apd_;
}

void Statement::forget(DescriptorHandle* descriptor) {
    // Another descriptor may get the same address: what was read from this one is not of it.
    if (ard_ == descriptor) {
        ard_ = &implicit_ard_;
        cursor_.forget_bindings();
    }
    if (apd_ == descriptor) {
        apd_ = &implicit_apd_;
        plan_.forget();
    }
}

void Statement::describe_ird() {
    const results::Columns& found = columns();
    descriptor::Descriptor& ird = implicit_ird_.fields;
    if (ird_serial_ == serial_ + 1 && ird.count() == found.size()) return;
    ird.set_count(found.size());
    for (std::size_t number = bookmarks() == cursor::Bookmarks::off ? 1 : 0; number <= found.size();
         ++number) {
        const results::Column& column =
            number ? found[number - 1] : cursor::bookmark_column(bookmarks());
        const conversion::TypeInfo info =
            conversion::describe(column, connection_.wide_types(), connection_.long_cap());
        descriptor::Record& record = ird.writable(number);
        descriptor::set_concise_type(record, info.concise_type);
        record.length = info.column_size;
        record.octet_length = info.octet_length;
        record.precision = info.precision;
        record.scale = info.scale;
        record.display_size = info.display_size;
        record.nullable = column.nullable ? SQL_NULLABLE : SQL_NO_NULLS;
        record.unnamed = column.name.empty() ? SQL_UNNAMED : SQL_NAMED;
        record.is_unsigned = info.is_unsigned ? SQL_TRUE : SQL_FALSE;
        record.searchable = info.searchable;
        record.updatable =
            column.base_table.empty() ? SQL_ATTR_READONLY : SQL_ATTR_READWRITE_UNKNOWN;
        record.auto_unique_value = column.auto_increment ? SQL_TRUE : SQL_FALSE;
        record.case_sensitive = info.case_sensitive ? SQL_TRUE : SQL_FALSE;
        record.fixed_precision_scale = info.fixed_precision_scale ? SQL_TRUE : SQL_FALSE;
        record.num_prec_radix = info.num_prec_radix;
        descriptor::RecordTexts& texts = record.texts.writable();
        texts.name = texts.label = column.name;
        texts.base_column_name = column.base_name;
        texts.base_table_name = column.base_table;
        texts.table_name = column.table;
        texts.catalog_name = column.database;
        texts.literal_prefix = info.literal_prefix;
        texts.literal_suffix = info.literal_suffix;
        texts.type_name = texts.local_type_name = info.type_name;
    }
    ird_serial_ = serial_ + 1;
}

}  // namespace myfabric::handles
