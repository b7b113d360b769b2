#include "execution/output_parameters.h"

#include <string>

#include "base/error.h"
#include "conversion/parameter_value.h"
#include "conversion/report.h"

namespace myfabric::execution {
namespace {

std::string name_of(std::size_t number) {
    return "output parameter " + std::to_string(number);
}

/// Bits of output parameters come as decimal digits under their type.
results::Column as_output(results::Column column) {
    constexpr std::uint64_t most_digits = 20;
    if (column.kind != results::Kind::bit) return column;
    column.kind = results::Kind::decimal;
    column.length = most_digits;
    column.decimals = 0;
    return column;
}

/// Stores column `column` of the row at hand where `parameter` is bound.
void deliver(const results::Results& results, unsigned column, const BoundParameter& parameter,
             std::size_t set, SQLLEN offset, Diagnostics& diagnostics) {
    SQLLEN* const indicator = parameter.indicator_of(set, offset);
    SQLLEN* const length = parameter.length_of(set, offset);
    const results::Row& row = results.row();
    if (!row.values[column]) {
        if (!indicator)
            throw Error(state::indicator_required, "parameter " + std::to_string(parameter.number) +
                                                       " is NULL and has no indicator");
        *indicator = SQL_NULL_DATA;
        return;
    }
    if (indicator && indicator != length) *indicator = 0;
    conversion::Target target{const_cast<char*>(parameter.value_of(set, offset)),
                              parameter.capacity, length, parameter.precision, parameter.scale};
    const results::Column described = as_output(results.columns()[column]);
    target.narrow = described.reading.narrow;
    if (conversion::shows_definition(described, results.format(), parameter.c_type)) {
        target.precision = static_cast<short>(described.length);
        target.scale = static_cast<short>(described.decimals);
    }
    const conversion::Converter convert =
        conversion::converter(described, results.format(), parameter.c_type);
    const conversion::Outcome outcome = convert({row.values[column], row.lengths[column]}, target);
    if (outcome != conversion::Outcome::stored)
        conversion::report(outcome, name_of(parameter.number), static_cast<long long>(set) + 1,
                           static_cast<int>(parameter.number), diagnostics);
}

}  // namespace

OutputParameters::Left OutputParameters::take(CurrentResult& result, const ParameterPlan& plan,
                                              std::size_t set, const Declared& declared,
                                              Diagnostics& diagnostics) {
    results::Columns columns = result.results().columns();
    std::vector<std::size_t> outputs;
    const auto& all = plan.parameters();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].direction != SQL_PARAM_INPUT) outputs.push_back(i);
    // Some are bound as input only: the procedure's declaration says which ones they are.
    if (outputs.size() != columns.size()) {
        const std::vector<std::size_t> markers = declared();
        if (markers.size() == columns.size()) outputs = markers;
    }
    // MySQL 5.6 calls text in output parameters binary; how the parameter is bound shows which is.
    for (std::size_t i = 0; i < columns.size() && i < outputs.size(); ++i) {
        const conversion::Group group = conversion::sql_row(all[outputs[i]].sql_type).group;
        if (group != conversion::Group::binary && group != conversion::Group::guid &&
            group != conversion::Group::unknown)
            results::take_as_text(columns[i]);
    }
    result.describe_as(columns);
    if (!result.results().next_row()) return Left::nothing;
    const SQLLEN offset = outputs.empty() ? 0 : plan.offset();
    std::vector<Stream> streams;
    std::vector<std::size_t> unbound;
    for (unsigned column = 0; column < columns.size() && column < outputs.size(); ++column) {
        const BoundParameter& parameter = all[outputs[column]];
        if (parameter.direction == SQL_PARAM_INPUT)
            unbound.push_back(column);
        else if (parameter.is_stream())
            streams.push_back(
                {outputs[column], column, const_cast<char*>(parameter.value_of(set, offset))});
        else
            deliver(result.results(), column, parameter, set, offset, diagnostics);
    }
    if (streams.empty()) {
        if (unbound.empty()) return Left::nothing;
        result.pick_row(std::move(unbound));
        return Left::row;
    }
    results_ = result.release();
    reader_.begin(*results_);
    streams_ = std::move(streams);
    next_ = 0;
    return Left::streams;
}

void OutputParameters::take_value(CurrentResult& result, const ParameterPlan& plan, std::size_t set,
                                  Diagnostics& diagnostics) {
    const BoundParameter& parameter = plan.parameters().back();
    if (parameter.direction == SQL_PARAM_INPUT) return;
    if (result.cursor_open() && result.results().next_row()) {
        if (parameter.is_stream())
            throw Error(state::not_implemented,
                        "the value of a function cannot be streamed; bind a buffer");
        deliver(result.results(), 0, parameter, set, plan.offset(), diagnostics);
    }
    result.ended();
}

bool OutputParameters::next(SQLPOINTER* token) {
    if (next_ == streams_.size()) return false;
    reader_.reset();
    if (token) *token = streams_[next_].token;
    ++next_;
    return true;
}

SQLRETURN OutputParameters::get(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value,
                                SQLLEN capacity, SQLLEN* indicator, const ParameterPlan& plan,
                                bool wide_types, Diagnostics& diagnostics) {
    const Stream& stream = streams_[next_ - 1];
    const BoundParameter& parameter = plan.parameters()[stream.parameter];
    if (number != parameter.number)
        throw Error(state::invalid_descriptor_index, "SQLParamData named parameter " +
                                                         std::to_string(parameter.number) +
                                                         ", not " + std::to_string(number));
    if (capacity < 0)
        throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
    if (c_type == SQL_ARD_TYPE || c_type == SQL_C_DEFAULT) c_type = parameter.c_code;
    const conversion::Target target{value, capacity, indicator, parameter.precision,
                                    parameter.scale};
    conversion::Outcome outcome{};
    const SQLRETURN result =
        reader_.read(*results_, stream.column, c_type, target, indicator, outcome, wide_types);
    if (outcome == conversion::Outcome::stored) return result;
    conversion::report(outcome, name_of(number), 1, number, diagnostics);
    return SQL_SUCCESS_WITH_INFO;
}

}  // namespace myfabric::execution
