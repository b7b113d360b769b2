// The fetch plan: which column goes where by which converter, decided once per binding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "conversion/to_c.h"
#include "descriptor/descriptor.h"
#include "mysql/results.h"

namespace myfabric::cursor {

/// One bound column. Addresses are those of row 0 without the bind offset.
struct BoundColumn {
    unsigned column;  // index into the row, from 0
    conversion::Converter convert;
    char* value;
    SQLLEN capacity;           // bytes
    std::size_t value_stride;  // bytes from one row of the rowset to the next
    char* length;              // SQLLEN; may be null
    char* indicator;           // SQLLEN; may be null or the same as length
    std::size_t length_stride;
    short precision;
    short scale;
};

class Plan {
public:
    /// Rebuilds when the ARD or the result has changed since the last call; `serial` numbers the
    /// results of a statement. Throws 07006 and HY003.
    void update(const descriptor::Descriptor& ard, const mysql::Results& results,
                std::uint64_t serial, bool wide_types);

    const std::vector<BoundColumn>& columns() const { return columns_; }

private:
    std::vector<BoundColumn> columns_;
    const descriptor::Descriptor* ard_ = nullptr;
    std::uint64_t ard_revision_ = 0;
    std::uint64_t serial_ = 0;
};

}  // namespace myfabric::cursor
