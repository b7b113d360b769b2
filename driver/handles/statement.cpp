#include "handles/statement.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "conversion/types.h"
#include "cursor/memory_results.h"
#include "cursor/rowset.h"

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
    diagnostics().server_version(connection.diagnostics().server_version());
}

Statement::~Statement() {
    drop_results();
    forget_prepared();
}

// ---- results ---------------------------------------------------------------------------------

void Statement::take_results(std::unique_ptr<mysql::Results> results,
                             std::shared_ptr<mysql::Connection> connection) {
    results_connection_ = std::move(connection);
    results_ = std::move(results);
    ++serial_;
    positioned_ = false;
    row_number = 0;
    rowset_rows_ = 0;
    cell_reader_.reset();
    executed_ = true;
    row_count_ =
        results_->has_rows() ? -1 : static_cast<long long>(results_->counts().affected_rows);
}

void Statement::drop_results() {
    results_.reset();
    results_connection_.reset();
    positioned_ = false;
    row_number = 0;
    cell_reader_.reset();
}

void Statement::forget_prepared() {
    prepared_.reset();
    prepared_connection_.reset();
    is_prepared_ = false;
    text_only_ = false;
}

void Statement::close_cursor(bool must_be_open) {
    if (must_be_open && !cursor_open())
        throw Error(state::invalid_cursor_state, "no cursor is open on this statement");
    drop_results();
    at_execution_ = {};
    executed_ = false;
    ++serial_;
}

SQLRETURN Statement::more_results() {
    if (!results_) return SQL_NO_DATA;
    positioned_ = false;
    row_number = 0;
    cell_reader_.reset();
    bool more = false;
    try {
        more = results_->next_result();
    } catch (const Error& error) {
        drop_results();
        connection_.backend().result_lost(error);
    }
    // A procedure ends with a result of its own that holds nothing but its completion.
    if (more && !results_->has_rows() && analysis_.first_verb == statement::Verb::call)
        more = false;
    if (!more) {
        drop_results();
        row_count_ = -1;
        return SQL_NO_DATA;
    }
    ++serial_;
    row_count_ =
        results_->has_rows() ? -1 : static_cast<long long>(results_->counts().affected_rows);
    return SQL_SUCCESS;
}

void Statement::answer(std::unique_ptr<mysql::Results> results) {
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
    std::unique_ptr<mysql::Results> rows = connection_.backend().run(
        {router::Effect::read}, [&](const std::shared_ptr<mysql::Connection>& connection) {
            used = connection;
            return connection->query(query.sql);
        });
    answer(std::make_unique<cursor::DescribedResults>(std::move(rows),
                                                      catalog::described(query.columns)));
    results_connection_ = std::move(used);
    connection_.tell_notices(diagnostics());
}

const mysql::Columns& Statement::columns() {
    static const mysql::Columns none;
    if (results_) return results_->columns();
    if (!has_statement_) throw Error(state::function_sequence, "no statement was prepared or run");
    if (is_prepared_ && prepared_) return prepared_->columns();
    return none;
}

std::size_t Statement::parameter_count() const {
    if (!has_statement_) throw Error(state::function_sequence, "no statement was prepared or run");
    return analysis_.parameter_count;
}

// ---- fetching --------------------------------------------------------------------------------

SQLRETURN Statement::fetch(SQLSMALLINT orientation, SQLULEN rows, SQLULEN* fetched,
                           SQLUSMALLINT* status) {
    if (!executed_) throw Error(state::function_sequence, "no statement was run");
    if (!cursor_open())
        throw Error(state::invalid_cursor_state, "the statement gave no result set");
    if (orientation != SQL_FETCH_NEXT)
        throw Error(state::fetch_type_out_of_range,
                    "fetch type " + std::to_string(orientation) +
                        " is not possible with a forward-only cursor; use SQL_FETCH_NEXT");
    const descriptor::Descriptor& ard = ard_->fields;
    plan_.update(ard, *results_, serial_, connection_.wide_types());
    cell_reader_.reset();

    cursor::RowsetTarget target;
    target.size = rows;
    target.status = status;
    target.rows_fetched = fetched;
    target.offset = ard.bind_offset_ptr ? *ard.bind_offset_ptr : 0;
    if (attributes.max_rows)
        target.most = attributes.max_rows -
                      std::min<SQLULEN>(row_number + (rowset_rows_ ? rowset_rows_ - 1 : 0),
                                        attributes.max_rows);
    cursor::RowsetOutcome outcome;
    try {
        outcome = cursor::fetch_rowset(*results_, plan_, target, diagnostics());
    } catch (const Error& error) {
        positioned_ = false;
        drop_results();
        connection_.backend().result_lost(error);
    }
    positioned_ = outcome.rows > 0;
    row_number = outcome.rows ? (row_number ? row_number + rowset_rows_ : 1) : 0;
    rowset_rows_ = outcome.rows;
    diagnostics().cursor_row_count = static_cast<long long>(outcome.rows);
    return outcome.result;
}

SQLRETURN Statement::get_data(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER value,
                              SQLLEN capacity, SQLLEN* indicator) {
    if (!executed_) throw Error(state::function_sequence, "no statement was run");
    if (!cursor_open() || !positioned_)
        throw Error(state::invalid_cursor_state, "the cursor is not on a row; fetch one first");
    if (capacity < 0)
        throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
    if (column == 0 || column > results_->columns().size())
        throw Error(state::invalid_descriptor_index,
                    "there is no column " + std::to_string(column) + "; the result has " +
                        std::to_string(results_->columns().size()));
    if (rowset_rows_ > 1)
        throw Error(state::not_implemented, "SQLGetData in a rowset of several rows");
    conversion::Target target{value, capacity, indicator, 0, 0};
    const descriptor::Descriptor& ard = ard_->fields;
    if (column <= ard.count() && (c_type == SQL_ARD_TYPE || c_type == SQL_C_NUMERIC)) {
        const descriptor::Record& record = ard.record(column);
        if (c_type == SQL_ARD_TYPE) c_type = record.concise_type;
        target.precision = record.precision;
        target.scale = record.scale;
    }
    if (c_type != SQL_C_DEFAULT && !conversion::is_c_type(c_type))
        throw Error(state::invalid_buffer_type, "there is no C type " + std::to_string(c_type));
    conversion::Outcome outcome{};
    const SQLRETURN result = cell_reader_.read(*results_, column - 1u, c_type, target, indicator,
                                               outcome, connection_.wide_types());
    if (outcome == conversion::Outcome::stored) return result;
    const SqlState& found = *conversion::state_of(outcome);
    const std::string text =
        "column '" + results_->columns()[column - 1u].name + "': " + std::string(found.text);
    if (outcome == conversion::Outcome::truncated ||
        outcome == conversion::Outcome::fraction_truncated) {
        diagnostics().warn(found, text, 1, column);
        return SQL_SUCCESS_WITH_INFO;
    }
    throw Error(found, text);
}

// ---- descriptors -----------------------------------------------------------------------------

void Statement::unbind_columns() {
    ard_->fields.set_count(0);
}

void Statement::reset_parameters() {
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
    if (ard_ == descriptor) ard_ = &implicit_ard_;
    if (apd_ == descriptor) apd_ = &implicit_apd_;
}

void Statement::describe_ird() {
    const mysql::Columns& found = columns();
    descriptor::Descriptor& ird = implicit_ird_.fields;
    if (ird_serial_ == serial_ + 1 && ird.count() == found.size()) return;
    ird.set_count(found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        const mysql::Column& column = found[i];
        const conversion::TypeInfo info = conversion::describe(column, connection_.wide_types());
        descriptor::Record& record = ird.writable(i + 1);
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
        record.name = record.label = column.name;
        record.base_column_name = column.base_name;
        record.base_table_name = column.base_table;
        record.table_name = column.table;
        record.catalog_name = column.database;
        record.literal_prefix = info.literal_prefix;
        record.literal_suffix = info.literal_suffix;
        record.type_name = record.local_type_name = info.type_name;
    }
    ird_serial_ = serial_ + 1;
}

}  // namespace myfabric::handles
