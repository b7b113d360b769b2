// Output parameters of procedures, and values of functions, to where they are bound.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/diagnostics.h"
#include "cursor/get_data.h"
#include "execution/current_result.h"
#include "execution/parameter_plan.h"

namespace myfabric::execution {

/// Those that stream are delivered in parts, by SQLParamData and SQLGetData.
class OutputParameters {
public:
    /// The markers (from 0) that the procedure declares as OUT or INOUT.
    using Declared = std::function<std::vector<std::size_t>()>;

    /// What is left when output was delivered: streams for SQLParamData, or a row as a result, of
    /// those values whose parameters were bound as input only.
    enum class Left : unsigned char { nothing, streams, row };
    /// `result` is at the row of a procedure's OUT and INOUT parameters, in their order; that row
    /// is taken and delivered to set `set`. Throws 22002 and the SQLSTATEs of conversions.
    Left take(CurrentResult& result, const ParameterPlan& plan, std::size_t set,
              const Declared& declared, Diagnostics& diagnostics);
    /// `result` is the one row of a function's value, which goes to the last parameter; it stays a
    /// result when that is bound as input only.
    void take_value(CurrentResult& result, const ParameterPlan& plan, std::size_t set,
                    Diagnostics& diagnostics);

    bool active() const { return results_ != nullptr; }
    /// SQLParamData has named one.
    bool named() const { return active() && next_ > 0; }
    /// SQLParamData: names the next one; false when there is none.
    bool next(SQLPOINTER* token);
    /// SQLGetData with the number of the parameter that SQLParamData named. Throws 07009, HY090.
    SQLRETURN get(SQLUSMALLINT number, SQLSMALLINT c_type, SQLPOINTER value, SQLLEN capacity,
                  SQLLEN* indicator, const ParameterPlan& plan, bool wide_types,
                  Diagnostics& diagnostics);
    void close() {
        results_.reset();
        streams_.clear();
        next_ = 0;
    }

private:
    struct Stream {
        std::size_t parameter;  // index into the plan
        unsigned column;
        SQLPOINTER token;
    };
    std::unique_ptr<results::Results> results_;  // on the row
    std::vector<Stream> streams_;
    std::size_t next_ = 0;
    cursor::CellReader reader_;
};

}  // namespace myfabric::execution
