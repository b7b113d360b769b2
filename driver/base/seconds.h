// Numbers of seconds that applications give.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace myfabric {

/// At most 100 years: what is longer cannot be added to a clock's time.
constexpr std::chrono::seconds seconds_of(std::uint64_t given) {
    constexpr std::uint64_t most = 100ull * 365 * 24 * 3600;
    return std::chrono::seconds(static_cast<std::int64_t>(std::min(given, most)));
}

}  // namespace myfabric
