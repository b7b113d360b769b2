#include "execution/run_catalog.h"

#include <string>
#include <utility>

#include "results/memory_results.h"

namespace myfabric::execution {

std::unique_ptr<results::Results> run_catalog(Executor& executor, const catalog::Query& query) {
    const router::Purpose read{router::Effect::read};
    auto rows = executor.query(read, query.sql);
    const std::shared_ptr<const void> lease = rows->lease();
    if (query.settle)
        rows = query.settle(std::move(rows), [&](std::string_view sql) {
            return executor.query(read, std::string(sql));
        });
    auto described = std::make_unique<results::DescribedResults>(std::move(rows),
                                                                 catalog::described(query.columns));
    described->hold(lease);
    return described;
}

}  // namespace myfabric::execution
