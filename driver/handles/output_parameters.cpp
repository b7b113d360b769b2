// Statement: output parameters of procedures and values of functions.
#include <algorithm>

#include "base/error.h"
#include "conversion/parameter_value.h"
#include "handles/statement.h"
#include "results/memory_results.h"
#include "sql/parameter_targets.h"

namespace myfabric::handles {
namespace {

/// MySQL 5.6 calls text in output parameters binary; how the parameter is bound tells it apart.
void take_as_text(results::Column& column) {
    using results::Kind;
    constexpr unsigned utf8mb4 = 45;
    switch (column.kind) {
        case Kind::binary:
        case Kind::varbinary:
            column.kind = Kind::varchar;
            break;
        case Kind::tinyblob:
        case Kind::blob:
        case Kind::mediumblob:
        case Kind::longblob:
            column.kind = Kind::longtext;
            break;
        default:
            return;
    }
    column.charset = utf8mb4;
}

}  // namespace

/// Stores column `column` of the current row of results_ where `parameter` is bound.
void Statement::deliver(const execution::BoundParameter& parameter, unsigned column,
                        std::size_t set) {
    const SQLLEN offset = plan_.offset();
    SQLLEN* const indicator = parameter.indicator_of(set, offset);
    SQLLEN* const length = parameter.length_of(set, offset);
    const results::Row& row = results_->row();
    if (!row.values[column]) {
        if (indicator)
            *indicator = SQL_NULL_DATA;
        else
            throw Error(state::indicator_required, "parameter " + std::to_string(parameter.number) +
                                                       " is NULL and has no indicator");
        return;
    }
    if (indicator && indicator != length) *indicator = 0;
    conversion::Target target{const_cast<char*>(parameter.value_of(set, offset)),
                              parameter.capacity, length, parameter.precision, parameter.scale};
    const conversion::Converter convert =
        conversion::converter(results_->columns()[column], results_->format(), parameter.c_type);
    const conversion::Outcome outcome = convert({row.values[column], row.lengths[column]}, target);
    if (outcome == conversion::Outcome::stored) return;
    const SqlState& found = *conversion::state_of(outcome);
    const std::string text =
        "output parameter " + std::to_string(parameter.number) + ": " + std::string(found.text);
    if (outcome != conversion::Outcome::truncated &&
        outcome != conversion::Outcome::fraction_truncated)
        throw Error(found, text);
    diagnostics().warn(found, text, static_cast<long long>(set + 1),
                       static_cast<int>(parameter.number));
}

/// results_ is at the row of a procedure's OUT and INOUT parameters, in their order.
SQLRETURN Statement::take_output(std::size_t set) {
    plan_.follow(apd_->fields, implicit_ipd_.fields);
    results::Columns columns = results_->columns();
    std::vector<std::size_t> outputs;
    const auto& all = plan_.parameters();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].direction != SQL_PARAM_INPUT) outputs.push_back(i);
    // Some are bound as input only: the procedure's own declaration tells which ones they are.
    if (outputs.size() != columns.size() && !outputs.empty()) {
        const std::vector<std::size_t> declared = declared_outputs();
        if (declared.size() == columns.size()) outputs = declared;
    }
    for (std::size_t i = 0; i < columns.size() && i < outputs.size(); ++i)
        if (conversion::sql_row(all[outputs[i]].sql_type).group == conversion::Group::character)
            take_as_text(columns[i]);
    results_ = std::make_unique<results::DescribedResults>(std::move(results_), columns);
    if (!results_->next_row()) return SQL_SUCCESS;
    OutputStreams streams;
    const SQLLEN offset = outputs.empty() ? 0 : plan_.offset();
    for (unsigned column = 0; column < columns.size() && column < outputs.size(); ++column) {
        const execution::BoundParameter& parameter = all[outputs[column]];
        if (parameter.direction == SQL_PARAM_INPUT) continue;
        if (parameter.is_stream())
            streams.streams.push_back(
                {outputs[column], column, const_cast<char*>(parameter.value_of(set, offset))});
        else
            deliver(parameter, column, set);
    }
    if (streams.streams.empty()) return SQL_SUCCESS;
    streams.results = std::move(results_);
    streams.reader.begin(*streams.results);
    outputs_ = std::move(streams);
    return SQL_PARAM_DATA_AVAILABLE;
}

SQLRETURN Statement::take_function_value(std::size_t set) {
    const execution::BoundParameter& parameter = plan_.parameters().back();
    // Bound as input only: the value is the row that it came in.
    if (parameter.direction == SQL_PARAM_INPUT) return SQL_SUCCESS;
    if (results_ && results_->has_rows() && results_->next_row()) {
        if (parameter.is_stream())
            throw Error(state::not_implemented,
                        "the value of a function cannot be streamed; bind a buffer");
        deliver(parameter, 0, set);
    }
    drop_results();
    row_count_ = -1;
    return SQL_SUCCESS;
}

/// SQLParamData behind SQL_PARAM_DATA_AVAILABLE: names the next parameter that streams.
SQLRETURN Statement::next_output(SQLPOINTER* value) {
    if (outputs_.next == outputs_.streams.size()) {
        drop_results();
        row_count_ = -1;
        return array_.active ? resume_sets() : SQL_SUCCESS;
    }
    const OutputStreams::Stream& stream = outputs_.streams[outputs_.next++];
    outputs_.reader.reset();
    if (value) *value = stream.token;
    return SQL_PARAM_DATA_AVAILABLE;
}

/// SQLGetData with the number of the parameter that SQLParamData named.
SQLRETURN Statement::get_output(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value,
                                SQLLEN capacity, SQLLEN* indicator) {
    const OutputStreams::Stream& stream = outputs_.streams[outputs_.next - 1];
    const execution::BoundParameter& parameter = plan_.parameters()[stream.parameter];
    if (number != parameter.number)
        throw Error(state::invalid_descriptor_index, "SQLParamData named parameter " +
                                                         std::to_string(parameter.number) +
                                                         ", not " + std::to_string(number));
    if (capacity < 0)
        throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
    if (c_type == SQL_ARD_TYPE || c_type == SQL_C_DEFAULT) c_type = parameter.c_code;
    conversion::Target target{value, capacity, indicator, parameter.precision, parameter.scale};
    conversion::Outcome outcome{};
    const SQLRETURN result = outputs_.reader.read(*outputs_.results, stream.column, c_type, target,
                                                  indicator, outcome, connection_.wide_types());
    if (outcome == conversion::Outcome::stored) return result;
    const SqlState& found = *conversion::state_of(outcome);
    const std::string text =
        "output parameter " + std::to_string(number) + ": " + std::string(found.text);
    if (outcome != conversion::Outcome::truncated &&
        outcome != conversion::Outcome::fraction_truncated)
        throw Error(found, text);
    diagnostics().warn(found, text, 1, number);
    return SQL_SUCCESS_WITH_INFO;
}

}  // namespace myfabric::handles
