// What a statement keeps of its parameters between calls: data at execution, arrays, output.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cursor/get_data.h"
#include "execution/parameter_plan.h"
#include "mysql/prepared.h"
#include "sql/insert_values.h"

namespace myfabric::handles {

/// Whether the connection itself is affected, or the transaction, so that further sets or rows make
/// no sense.
inline bool concerns_connection(const Error& error) {
    return concerns_session(error.cause());
}

/// What SQLDescribeParam tells.
struct ParameterDescription {
    SQLSMALLINT type = SQL_VARCHAR;
    SQLULEN size = 255;
    SQLSMALLINT decimal_digits = 0;
    SQLSMALLINT nullable = SQL_NULLABLE_UNKNOWN;
};

/// The parameters of one set that wait for SQLPutData.
struct DataAtExecution {
    bool active = false;
    bool direct = false;
    std::size_t set = 0;
    std::vector<execution::WaitingParameter> parameters;
    std::size_t next = 0;  // index into parameters
    bool taking = false;   // SQLParamData named one; SQLPutData may follow
};

/// An execution with several sets of parameters, which may pause for data and for results.
struct ArrayRun {
    bool active = false;
    bool direct = false;
    std::size_t sets = 0;
    std::size_t next = 0;
    std::size_t run = 0;
    std::size_t failed = 0;
    std::size_t at_once = ~std::size_t{0} / 8;  // sets in one command; fewer after a failure
    long long affected = 0;
    std::vector<Record> errors;
};

/// How the statement may run many sets in one command; asked for once per statement text.
struct ArrayWay {
    bool known = false;
    bool bulk = false;                  // MariaDB's bulk protocol
    bool one_command = false;           // INSERT ... VALUES: it takes effect whole or not at all
    std::optional<sql::ValuesRow> row;  // to be repeated, where there is no bulk protocol
};

/// Output parameters that are delivered in parts by SQLParamData and SQLGetData.
struct OutputStreams {
    std::unique_ptr<results::Results> results;  // on the row of output parameters
    struct Stream {
        std::size_t parameter;  // index into the plan
        unsigned column;
        SQLPOINTER token;
    };
    std::vector<Stream> streams;
    std::size_t next = 0;
    cursor::CellReader reader;
    bool active() const { return results != nullptr; }
    bool named() const { return active() && next > 0; }
};

}  // namespace myfabric::handles
