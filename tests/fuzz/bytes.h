// A fuzzer's input as numbers and texts, taken from its beginning.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace myfabric::fuzz {

/// Ends the program, so that the input counts as a finding.
inline void must(bool right, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (right) return;
    std::fprintf(stderr, "%s:%d: this does not hold\n", file, line);
    std::abort();
}

class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size)
        : left_(reinterpret_cast<const char*>(data), size) {}

    bool empty() const { return left_.empty(); }
    /// The next number; bytes that are not there count as 0.
    template <class T>
    T take() {
        T value{};
        const std::size_t size = std::min(sizeof value, left_.size());
        std::memcpy(&value, left_.data(), size);
        left_.remove_prefix(size);
        return value;
    }
    std::size_t below(std::size_t limit) {
        return (limit > 256 ? take<std::uint16_t>() : take<std::uint8_t>()) % limit;
    }
    bool one_in(std::size_t count) { return below(count) == 0; }
    /// The next `size` bytes, or as many as there are.
    std::string_view text(std::size_t size) {
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(taken.size());
        return taken;
    }
    /// Up to the next `end`, which is left out.
    std::string_view until(char end) {
        const std::string_view taken = left_.substr(0, left_.find(end));
        left_.remove_prefix(std::min(left_.size(), taken.size() + 1));
        return taken;
    }
    std::string_view rest() { return text(left_.size()); }

private:
    std::string_view left_;
};

/// Memory of exactly this size, so that AddressSanitizer sees a byte beyond it; at an odd address,
/// unless it is for texts of wide characters.
class Block {
public:
    explicit Block(std::size_t size, bool odd = true)
        : memory_(new char[size + odd]), size_(size), odd_(odd) {
        std::memset(memory_.get(), 0x5a, size + odd);
    }
    explicit Block(std::string_view content, bool odd = true) : Block(content.size(), odd) {
        if (!content.empty()) std::memcpy(data(), content.data(), content.size());
    }
    char* data() { return memory_.get() + odd_; }
    std::size_t size() const { return size_; }
    std::string_view view() const { return {memory_.get() + odd_, size_}; }

private:
    std::unique_ptr<char[]> memory_;
    std::size_t size_;
    bool odd_;
};

}  // namespace myfabric::fuzz
