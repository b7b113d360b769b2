// The descriptors of a statement: four of its own, and the explicit ones in their place.
#pragma once

#include <cstdint>

#include "handles/descriptor_handle.h"

namespace myfabric::handles {

struct StatementDescriptors {
    StatementDescriptors(Connection& connection, Statement* owner)
        : application_row(connection, descriptor::Kind::application_row, owner),
          application_parameter(connection, descriptor::Kind::application_parameter, owner),
          row(connection, descriptor::Kind::row, owner),
          parameter(connection, descriptor::Kind::parameter, owner) {}

    DescriptorHandle application_row, application_parameter, row, parameter;
    DescriptorHandle* ard = &application_row;
    DescriptorHandle* apd = &application_parameter;
    std::uint64_t row_serial = 0;  // of the result that `row` describes, + 1
};

}  // namespace myfabric::handles
