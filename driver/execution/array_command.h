// Several sets of parameters in one command, where that does the same as one after the other.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "execution/command.h"
#include "execution/executor.h"
#include "execution/parameter_input.h"
#include "mysql/bulk_values.h"

namespace myfabric::execution {

class ArrayCommand {
public:
    /// Whether MariaDB's bulk protocol serves the statement; asks the server.
    using KnowsBulk = std::function<bool()>;
    /// Runs rows 0 to `rows` - 1 of `values` in one command. `whole`: a failure takes
    /// all of it back by itself.
    using RunBulk =
        std::function<results::Counts(mysql::BulkValues& values, std::size_t rows, bool whole)>;

    /// Another text.
    void forget() {
        known_ = bulk_ = whole_ = false;
        row_.reset();
    }

    /// Whether sets may be run together: only where all take effect or none, as otherwise it could
    /// not be seen which ones did when one failed. That is so for tables of a transactional engine.
    /// Asked for once. Throws when the connection is concerned.
    bool serves(const Command& command, const ParameterPlan& plan, const router::Purpose& read,
                Executor& executor, const KnowsBulk& knows_bulk);
    /// Reads sets from `first` on, `most` of them or as many as fit; what cannot be converted is
    /// left to its turn alone. Returns how many were read.
    std::size_t gather(std::size_t first, std::size_t most, const Command& command,
                       ParameterInput& input, const router::Purpose& read, Executor& executor);
    /// Runs what was gathered. Throws when one of the sets fails; none has taken effect then.
    results::Counts run(std::size_t rows, const Command& command, ParameterInput& input,
                        const router::Purpose& purpose, Executor& executor,
                        const RunBulk& run_bulk);

private:
    std::size_t read_one_by_one(std::size_t first, std::size_t most, const Command& command,
                                ParameterInput& input, const router::Purpose& read,
                                Executor& executor);

    bool known_ = false;
    bool bulk_ = false;                  // MariaDB's bulk protocol
    bool whole_ = false;                 // INSERT ... VALUES: it takes effect whole or not at all
    std::optional<sql::ValuesRow> row_;  // to be repeated, where there is no bulk protocol
    std::unique_ptr<mysql::BulkValues> values_;
};

}  // namespace myfabric::execution
