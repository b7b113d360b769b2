// The rows of a catalog function.
#pragma once

#include <memory>

#include "catalog/query.h"
#include "execution/executor.h"

namespace myfabric::execution {

/// Runs `query` and describes its rows as the reference does. Throws Error as the executor does.
std::unique_ptr<results::Results> run_catalog(Executor& executor, const catalog::Query& query);

}  // namespace myfabric::execution
