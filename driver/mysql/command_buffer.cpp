#include "mysql/command_buffer.h"

#include <algorithm>

namespace myfabric::mysql {

char* CommandBuffer::begin(std::size_t bytes) {
    // What one large command needed is not held for all small ones after it.
    constexpr std::size_t kept = std::size_t{1} << 20;
    const auto capacity = static_cast<std::size_t>(end_ - bytes_.get());
    if (capacity > kept && bytes <= kept) {
        bytes_.reset();
        end_ = nullptr;
    }
    return with_room(bytes_.get(), bytes);
}

char* CommandBuffer::grow(char* at, std::size_t bytes) {
    constexpr std::size_t first = 256;
    const auto used = static_cast<std::size_t>(at - bytes_.get());
    const auto capacity = static_cast<std::size_t>(end_ - bytes_.get());
    const std::size_t larger = std::max({first, capacity * 2, used + bytes});
    std::unique_ptr<char[]> moved(new char[larger]);
    if (used) std::memcpy(moved.get(), bytes_.get(), used);
    bytes_ = std::move(moved);
    end_ = bytes_.get() + larger;
    return bytes_.get() + used;
}

}  // namespace myfabric::mysql
