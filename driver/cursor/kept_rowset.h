// The rows of a stream's last rowset, kept so that SQLGetData can go back to each of them.
#pragma once

#include "mysql/results.h"
#include "mysql/row_store.h"

namespace myfabric::cursor {

/// Reads from a stream and keeps what it read since begin().
class KeptRowset : public mysql::Results {
public:
    /// The next rowset of `source`, which lives longer.
    void begin(mysql::Results& source) {
        source_ = &source;
        columns_ = source.shared_columns();
        format_ = source.format();
        store_ = mysql::RowStore(columns().size(), mysql::RowStore::Access::any);
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
    mysql::Results* source_ = nullptr;
    mysql::RowStore store_;
};

}  // namespace myfabric::cursor
