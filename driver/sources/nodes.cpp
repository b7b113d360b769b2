#include "sources/nodes.h"

#include <algorithm>
#include <numeric>

namespace myfabric::sources {

std::vector<std::size_t> Nodes::order() const {
    std::vector<std::size_t> indexes(endpoints_.size());
    std::iota(indexes.begin(), indexes.end(), std::size_t{0});
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    std::stable_partition(indexes.begin(), indexes.end(),
                          [&](std::size_t i) { return aside_until_[i] <= now; });
    return indexes;
}

void Nodes::leave_aside(std::size_t index, Clock::time_point until) {
    const std::lock_guard lock(mutex_);
    aside_until_[index] = until;
}

}  // namespace myfabric::sources
