// SQLDescribeParam, and the names and directions of a procedure's arguments. The text shows what a
// parameter meets, the server of which type that is; nothing is executed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "descriptor/descriptor.h"
#include "execution/command.h"
#include "execution/executor.h"
#include "results/column.h"

namespace myfabric::execution {

/// How the application sees types.
struct TypeView {
    bool wide_types = true;      // SQL_WVARCHAR, not SQL_VARCHAR, and so on
    std::uint64_t long_cap = 0;  // the largest size that is reported of LONGTEXT, LONGBLOB and JSON
};

/// What SQLDescribeParam reports.
struct ParameterDescription {
    SQLSMALLINT type = SQL_VARCHAR;
    SQLULEN size = 255;
    SQLSMALLINT decimal_digits = 0;
    SQLSMALLINT nullable = SQL_NULLABLE_UNKNOWN;
    bool is_unsigned = false;
};

/// Belongs to one statement; the server is asked when they are read first, so that a program does
/// not pay that does not read them.
class ParameterDescriptions {
public:
    /// Another text.
    void forget() { descriptions_.clear(); }
    /// `number` from 1. Throws 07009.
    const ParameterDescription& of(std::size_t number, const Command& command, Executor& executor,
                                   const TypeView& view);
    /// Fills the records of the IPD that the application has not set, once for each `serial`.
    void fill(descriptor::Descriptor& ipd, std::uint64_t serial, const Command& command,
              Executor& executor, const TypeView& view);
    /// Takes back what fill() has set.
    void unfill(descriptor::Descriptor& ipd);

private:
    std::vector<ParameterDescription> descriptions_;
    std::uint64_t filled_ = 0;  // serial + 1
};

/// The records of a procedure's markers where SQL_DESC_NAME says which argument each one is for.
/// Throws 07002 for an argument without a record.
std::vector<std::size_t> records_by_name(const descriptor::Descriptor& ipd, const Command& command,
                                         Executor& executor, const TypeView& view);

/// The markers (from 0) that stand for a procedure's OUT and INOUT parameters.
std::vector<std::size_t> declared_outputs(const Command& command, Executor& executor,
                                          const TypeView& view);

}  // namespace myfabric::execution
