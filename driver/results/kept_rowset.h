// The rows of a stream's last rowset, kept so that SQLGetData can go back to each of them.
#pragma once

#include <algorithm>
#include <vector>

#include "results/results.h"
#include "results/row_store.h"

namespace myfabric::results {

/// Reads from a stream and keeps what it read since begin().
class KeptRowset : public Results {
public:
    /// The next rowset of `source`, which lives longer.
    void begin(Results& source) {
        source_ = &source;
        columns_ = source.shared_columns();
        format_ = source.format();
        store_ = RowStore(columns().size(), RowStore::Access::any);
    }
    /// Makes row() the rowset's row `row`, from 0.
    void go_to(std::size_t row) {
        store_.seek(row);
        store_.next(row_);
    }

    bool next_row() override {
        if (!source_->next_row()) return false;
        row_ = source_->row();
        store_.append(row_);
        return true;
    }
    bool next_result() override { return false; }

private:
    Results* source_ = nullptr;
    RowStore store_;
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
