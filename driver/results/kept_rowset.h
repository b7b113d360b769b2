// The rows of a stream's last rowset, kept so that SQLGetData can go back to each of them.
#pragma once

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "results/results.h"
#include "results/row_access.h"
#include "results/row_store.h"

namespace myfabric::results {

/// Reads from a stream and keeps what it read since begin().
class KeptRowset : public Results, public RowAccess {
public:
    /// The next rowset of `source`, which lives longer; its first row is row `first` of the result.
    void begin(Results& source, std::size_t first) {
        source_ = &source;
        first_ = first;
        changed_.clear();
        columns_ = source.shared_columns();
        format_ = source.format();
        store_ = RowStore(columns().size(), RowStore::Access::any);
    }
    /// Makes row() the rowset's row `row`, from 0.
    void go_to(std::size_t row) {
        if (!changed_.empty())
            if (const auto found = changed_.find(row); found != changed_.end())
                row = found->second.place;
        store_.seek(row);
        store_.next(row_);
    }

    // What is changed of the rowset that was fetched last; rows to come are the server's.
    const Row& row_at(std::size_t row) override {
        go_to(row - first_);
        return row_;
    }
    void replaced(std::size_t row, const Row& values) override {
        store_.append(values);
        change(row).place = store_.total() - 1;
    }
    void removed(std::size_t row) override { change(row).removed = true; }
    bool is_removed(std::size_t row) const override {
        if (changed_.empty()) return false;
        const auto found = changed_.find(row - first_);
        return found != changed_.end() && found->second.removed;
    }
    std::optional<std::size_t> added(const Row&) override { return std::nullopt; }

    bool next_row() override {
        if (!source_->next_row()) return false;
        row_ = source_->row();
        store_.append(row_);
        return true;
    }
    bool next_result() override { return false; }

private:
    struct Change {
        std::size_t place;  // in the store
        bool removed = false;
    };
    Change& change(std::size_t row) {
        return changed_.try_emplace(row - first_, Change{row - first_}).first->second;
    }

    Results* source_ = nullptr;
    std::size_t first_ = 0;
    RowStore store_;
    std::unordered_map<std::size_t, Change> changed_;
};

/// One row of a stream, kept while the stream is read on.
class KeptRow : public Results {
public:
    /// Copies `row`, which is one of `source`'s.
    void keep(const Results& source, const Row& row) {
        columns_ = source.shared_columns();
        format_ = source.format();
        const std::size_t count = columns().size();
        lengths_.assign(row.lengths, row.lengths + count);
        values_.resize(count);
        std::size_t size = 0;
        for (std::size_t i = 0; i < count; ++i) size += row.values[i] ? lengths_[i] + 1 : 0;
        bytes_.resize(size);
        char* out = bytes_.data();
        for (std::size_t i = 0; i < count; ++i) {
            values_[i] = row.values[i] ? out : nullptr;
            if (!row.values[i]) continue;
            out = std::copy_n(row.values[i], lengths_[i], out);
            *out++ = 0;
        }
        row_ = {values_.data(), lengths_.data()};
    }

    bool next_row() override { return false; }
    bool next_result() override { return false; }

private:
    std::vector<char> bytes_;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
};

}  // namespace myfabric::results
