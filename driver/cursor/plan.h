// The fetch plan: which column goes where by which converter, decided once per binding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "conversion/to_c.h"
#include "descriptor/descriptor.h"
#include "results/results.h"

namespace myfabric::cursor {

/// One bound column. Addresses are those of row 0 without the bind offset; a stride is 0 where the
/// address is null, so that it stays null.
struct BoundColumn {
    unsigned column;  // index into the row, from 0
    conversion::Converter convert;
    conversion::Target target;  // of row 0
    std::size_t value_stride;   // bytes from one row of the rowset to the next
    std::size_t length_stride;
    bool has_own_indicator;  // false: NULL is reported where the length is
    SQLLEN* indicator;       // may be null
    std::size_t indicator_stride;

    /// From one row's addresses to the next one's, but for an indicator of its own.
    void advance() {
        shift(target.value, value_stride);
        shift(target.length, length_stride);
    }
    void advance_indicator() { shift(indicator, indicator_stride); }
    template <class T>
    static void shift(T*& address, std::size_t bytes) {
        address = reinterpret_cast<T*>(reinterpret_cast<char*>(address) + bytes);
    }
};

class Plan {
public:
    /// Rebuilds when the ARD or the result's columns have changed since the last call. Throws 07006
    /// and HY003.
    void update(const descriptor::Descriptor& ard, const results::Results& results,
                bool wide_types) {
        if (ard_ == &ard && ard_revision_ == ard.revision() &&
            columns_of_ == results.shared_columns() && format_ == results.format()) [[likely]]
            return;
        build(ard, results, wide_types);
    }

    void forget() { ard_ = nullptr; }
    /// Whether column 0 may be bound; else a bound one is 07009.
    void allow_bookmark(bool allowed) {
        if (allowed != bookmark_) ard_ = nullptr;
        bookmark_ = allowed;
    }

    const std::vector<BoundColumn>& columns() const { return columns_; }
    /// Whether every column of the result is bound.
    bool is_whole() const { return whole_; }

    /// The columns with the addresses of `row` (from 0) at `offset` (bytes), to be advanced row by
    /// row.
    std::span<BoundColumn> rewind(SQLLEN offset, SQLULEN row);

private:
    void build(const descriptor::Descriptor& ard, const results::Results& results, bool wide_types);

    std::vector<BoundColumn> columns_;
    std::vector<BoundColumn> moving_;
    const descriptor::Descriptor* ard_ = nullptr;
    std::uint64_t ard_revision_ = 0;
    bool whole_ = false;
    bool bookmark_ = false;
    results::SharedColumns columns_of_;
    results::Format format_ = results::Format::text;
};

}  // namespace myfabric::cursor
