#include "mysql/prepared_cache.h"

#include <utility>

namespace myfabric::mysql {

std::unique_ptr<Prepared> PreparedCache::take(std::string_view sql) {
    for (std::size_t i = kept_.size(); i-- > 0;) {
        if (kept_[i]->sql() != sql) continue;
        std::unique_ptr<Prepared> found = std::move(kept_[i]);
        kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(i));
        if (found->usable()) return found;
    }
    return nullptr;
}

void PreparedCache::keep(std::unique_ptr<Prepared> statement) {
    constexpr std::size_t longest_text = 64 * 1024;
    if (!statement || !statement->usable() || !capacity_ || statement->sql().size() > longest_text)
        return;
    if (kept_.size() >= capacity_) kept_.erase(kept_.begin());
    kept_.push_back(std::move(statement));
}

}  // namespace myfabric::mysql
