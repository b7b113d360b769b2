// What a statement keeps of SQLSetPos and SQLBulkOperations while they change rows.
#pragma once

#include <vector>

#include "base/error.h"
#include "execution/parameter_plan.h"

namespace myfabric::handles {

struct ColumnChanges {
    enum class Operation : unsigned char { update, remove, add };
    struct Row {
        SQLULEN place;        // in the application's buffers and arrays, from 0
        std::size_t row = 0;  // of the result, from 0; not for a row to be added
        bool exists = true;   // false: what its bookmark names is no row
    };
    bool active = false;
    Operation operation = Operation::update;
    bool bulk = false;   // SQLBulkOperations
    bool whole = false;  // several rows: an error does not end it
    std::vector<Row> rows;
    std::size_t next = 0;
    std::vector<unsigned> columns;  // of rows[next], from 0
    execution::ParameterPlan plan;  // of these
    std::size_t failed = 0;
    long long affected = 0;
    std::vector<Record> told;  // errors and warnings so far
};

}  // namespace myfabric::handles
