// The key cells of a rowset's rows, by which a row that was not kept is read again.
#pragma once

#include <cstddef>
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
        bytes_.clear();
        starts_.clear();
    }
    bool any() const { return !starts_.empty(); }
    void clear() { starts_.clear(); }

    void keep(const Row& row) {
        starts_.push_back(bytes_.size());
        for (const unsigned column : key_) {
            const unsigned long length = row.values[column] ? row.lengths[column] : 0;
            const std::size_t at = bytes_.size();
            bytes_.resize(at + sizeof length + length + 1);
            std::memcpy(&bytes_[at], &length, sizeof length);
            if (length) std::memcpy(&bytes_[at + sizeof length], row.values[column], length);
        }
    }
    /// Row `row` of the rowset, from 0, whose other cells are NULL; valid until the next call.
    const Row& row(std::size_t row) {
        const char* at = bytes_.data() + starts_[row];
        for (const unsigned column : key_) {
            std::memcpy(&lengths_[column], at, sizeof lengths_[column]);
            values_[column] = at + sizeof lengths_[column];
            at += sizeof lengths_[column] + lengths_[column] + 1;
        }
        row_ = {values_.data(), lengths_.data()};
        return row_;
    }

private:
    std::span<const unsigned> key_;
    std::vector<char> bytes_;
    std::vector<std::size_t> starts_;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
    Row row_;
};

}  // namespace myfabric::results
