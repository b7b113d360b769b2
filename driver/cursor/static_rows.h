// The rows of a static cursor: a result taken whole, to be read in any order.
#pragma once

#include <memory>

#include "mysql/results.h"
#include "mysql/row_store.h"

namespace myfabric::cursor {

class StaticRows : public mysql::Results {
public:
    /// Takes at most `most` rows of the current result of `inner` (0: all). Throws what reading
    /// throws.
    StaticRows(std::unique_ptr<mysql::Results> inner, std::size_t most);

    std::size_t rows() const { return store_.total(); }
    /// The row that next_row() gives next, from 0 to rows().
    void seek(std::size_t row) { store_.seek(row); }

    bool next_row() override { return store_.next(row_); }
    bool next_result() override;
    void set_aside() override { inner_->set_aside(); }

private:
    void take();

    std::unique_ptr<mysql::Results> inner_;
    std::size_t most_;
    mysql::RowStore store_;
};

}  // namespace myfabric::cursor
