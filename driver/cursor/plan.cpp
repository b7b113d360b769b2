#include "cursor/plan.h"

#include <algorithm>

#include "base/error.h"
#include "conversion/types.h"

namespace myfabric::cursor {
namespace {

BoundColumn bind(const descriptor::Descriptor& ard, std::size_t number,
                 const descriptor::Record& record, const results::Column& column,
                 results::Format format, bool wide_types) {
    SQLSMALLINT type = record.concise_type;
    if (type == SQL_C_DEFAULT) type = conversion::default_c_type(column, wide_types);
    const conversion::CType c_type = conversion::c_type(type, column);
    const SQLLEN size = conversion::c_type_size(c_type);  // 0: variable
    const bool by_row = ard.bind_type != SQL_BIND_BY_COLUMN;
    const auto row_size = static_cast<std::size_t>(ard.bind_type);

    BoundColumn bound{};
    bound.column = static_cast<unsigned>(number - 1);
    bound.convert = conversion::converter(column, format, c_type);
    bound.target = {record.data_ptr, size ? size : record.octet_length, record.octet_length_ptr,
                    record.precision, record.scale};
    bound.target.narrow = column.reading.narrow;
    if (conversion::shows_definition(column, format, c_type)) {
        bound.target.precision = static_cast<short>(column.length);
        bound.target.scale = static_cast<short>(column.decimals);
    }
    bound.has_own_indicator = record.indicator_ptr != record.octet_length_ptr;
    bound.indicator = record.indicator_ptr;
    const std::size_t length_stride = by_row ? row_size : sizeof(SQLLEN);
    if (bound.target.value)
        bound.value_stride = by_row ? row_size : static_cast<std::size_t>(bound.target.capacity);
    if (bound.target.length) bound.length_stride = length_stride;
    if (bound.indicator) bound.indicator_stride = length_stride;
    return bound;
}

}  // namespace

void Plan::build(const descriptor::Descriptor& ard, const results::Results& results,
                 bool wide_types) {
    ard_ = nullptr;  // until all has been found
    columns_.clear();
    if (!bookmark_ && ard.record(0).data_ptr)
        throw Error(state::invalid_descriptor_index,
                    "column 0 is bound, but the cursor was opened without bookmarks "
                    "(SQL_ATTR_USE_BOOKMARKS)");
    const std::size_t count = std::min(ard.count(), results.columns().size());
    columns_.reserve(count);
    // What is bound beyond is of another result: programs leave it so.
    for (std::size_t number = 1; number <= count; ++number) {
        const descriptor::Record& record = ard.record(number);
        const bool bound = record.data_ptr || record.octet_length_ptr || record.indicator_ptr;
        if (!bound) continue;
        columns_.push_back(
            bind(ard, number, record, results.columns()[number - 1], results.format(), wide_types));
    }
    whole_ = columns_.size() == results.columns().size();
    ard_ = &ard;
    ard_revision_ = ard.revision();
    columns_of_ = results.shared_columns();
    format_ = results.format();
}

std::span<BoundColumn> Plan::rewind(SQLLEN offset, SQLULEN row) {
    if (columns_.empty()) return {};
    moving_ = columns_;
    if (offset == 0 && row == 0) [[likely]]
        return moving_;
    const auto move = [&](auto*& address, std::size_t stride) {
        if (address) BoundColumn::shift(address, static_cast<std::size_t>(offset) + row * stride);
    };
    for (BoundColumn& bound : moving_) {
        move(bound.target.value, bound.value_stride);
        move(bound.target.length, bound.length_stride);
        move(bound.indicator, bound.indicator_stride);
    }
    return moving_;
}

}  // namespace myfabric::cursor
