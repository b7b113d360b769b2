// Parameters: from the APD, the IPD and the application's memory to values for the server.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conversion/from_c.h"
#include "descriptor/descriptor.h"
#include "mysql/prepared.h"

namespace myfabric::statement {

/// Data that SQLPutData delivered, by parameter number.
struct CollectedPart {
    std::string bytes;
    bool is_null = false;
    bool any = false;
};
using CollectedData = std::map<std::size_t, CollectedPart>;

/// A parameter whose data comes at execution; `token` is what SQLParamData gives back.
struct WaitingParameter {
    std::size_t number;  // from 1
    SQLPOINTER token;
};

/// The values of one set of parameters, with the memory that conversions needed. Reused.
struct ParameterValues {
    std::vector<mysql::Parameter> values;
    std::vector<conversion::Scratch> scratch;
};

/// Those parameters of set `set` (from 0) whose indicator asks for data at execution.
std::vector<WaitingParameter> waiting_parameters(const descriptor::Descriptor& apd,
                                                 std::size_t count, std::size_t set);

/// Converts set `set` into `out`. Throws 07002 when fewer than `count` are bound, and the SQLSTATEs
/// of "Converting Data from C to SQL Data Types"; HYC00 for output parameters.
void read_parameters(const descriptor::Descriptor& apd, const descriptor::Descriptor& ipd,
                     std::size_t count, std::size_t set, const CollectedData& collected,
                     ParameterValues& out);

/// SQLBindParameter's arguments; parameter numbers count from 1.
struct Binding {
    SQLSMALLINT direction;
    SQLSMALLINT c_type;
    SQLSMALLINT sql_type;
    SQLULEN column_size;
    SQLSMALLINT decimal_digits;
    SQLPOINTER value;
    SQLLEN buffer_length;
    SQLLEN* indicator;
};

/// Throws HY003, HY004, HY105, HY104, HY090.
void bind_parameter(descriptor::Descriptor& apd, descriptor::Descriptor& ipd, std::size_t number,
                    const Binding& binding);

}  // namespace myfabric::statement
