// Statements that stay prepared on their session while no handle uses them.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "mysql/prepared.h"

namespace myfabric::mysql {

/// Each is used by one handle at a time: it leaves the cache when taken. The one that was not used
/// for the longest time goes first.
class PreparedCache {
public:
    explicit PreparedCache(std::size_t capacity) : capacity_(capacity) {}

    /// The statement with this very text, null when none is kept.
    std::unique_ptr<Prepared> take(std::string_view sql);
    void keep(std::unique_ptr<Prepared> statement);
    /// For when the same text may come to mean something else: another database, other modes.
    void clear() noexcept { kept_.clear(); }

private:
    std::size_t capacity_;
    std::vector<std::unique_ptr<Prepared>> kept_;  // the latest last
};

}  // namespace myfabric::mysql
