// The key cells of a rowset's rows, by which a row that was not kept is read again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "results/results.h"

namespace myfabric::results {

class RowKeys {
public:
    /// Another rowset of a result with `columns` columns; `key` are those of its key.
    void begin(std::size_t columns, std::span<const unsigned> key) {
        key_ = key;
        values_.assign(columns, nullptr);
        lengths_.assign(columns, 0);
        clear();
    }
    bool any() const { return !starts_.empty(); }
    void clear() {
        starts_.clear();
        used_ = unnoted_ = 0;
    }

    /// For each row of a rowset: few instructions.
    void keep(const Row& row) {
        if (unnoted_-- == 0) [[unlikely]] {
            unnoted_ = note_every - 1;
            starts_.push_back(used_);
        }
        for (const unsigned column : key_) {
            const char* const from = row.values[column];
            const unsigned long length = from ? row.lengths[column] : 0;
            if (bytes_.size() - used_ < sizeof length + length) [[unlikely]]
                bytes_.resize(2 * (used_ + sizeof length + length));
            char* const at = bytes_.data() + used_;
            used_ += sizeof length + length;
            std::memcpy(at, &length, sizeof length);
            copy(at + sizeof length, from, length);
        }
    }
    /// Row `row` of the rowset, from 0, whose other cells are NULL; valid until the next call.
    const Row& row(std::size_t row) {
        const char* at = bytes_.data() + starts_[row / note_every];
        for (std::size_t passed = row / note_every * note_every; passed <= row; ++passed)
            for (const unsigned column : key_) {
                std::memcpy(&lengths_[column], at, sizeof lengths_[column]);
                values_[column] = at + sizeof lengths_[column];
                at += sizeof lengths_[column] + lengths_[column];
            }
        row_ = {values_.data(), lengths_.data()};
        return row_;
    }

private:
    static constexpr std::size_t note_every = 64;

    /// Keys are short: they are copied in place.
    static void copy(char* to, const char* from, std::size_t length) {
        if (length - 4 <= 4) [[likely]] {  // 4 to 8
            std::uint32_t first, last;     // they overlap
            std::memcpy(&first, from, sizeof first);
            std::memcpy(&last, from + length - sizeof last, sizeof last);
            std::memcpy(to, &first, sizeof first);
            std::memcpy(to + length - sizeof last, &last, sizeof last);
        } else if (length > 8) {
            std::memcpy(to, from, length);
        } else {
            for (std::size_t i = 0; i < length; ++i) to[i] = from[i];
        }
    }

    std::span<const unsigned> key_;
    std::vector<char> bytes_;
    std::size_t used_ = 0;
    std::size_t unnoted_ = 0;          // rows until the next start is noted
    std::vector<std::size_t> starts_;  // of every so many rows
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
    Row row_;
};

}  // namespace myfabric::results
