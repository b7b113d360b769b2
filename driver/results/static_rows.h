// The rows of a static cursor: a result taken whole, to be read in any order. Changes that the
// cursor itself makes are seen in it.
#pragma once

#include <memory>
#include <unordered_map>

#include "results/results.h"
#include "results/row_access.h"
#include "results/row_store.h"

namespace myfabric::results {

class StaticRows : public Results, public RowAccess {
public:
    /// Takes at most `most` rows of the current result of `inner` (0: all). Throws what reading
    /// throws.
    StaticRows(std::unique_ptr<Results> inner, std::size_t most);

    std::size_t rows() const { return rows_; }
    /// The row that next_row() reads next, from 0 to rows().
    void seek(std::size_t row) {
        next_ = row;
        if (!changed_.empty()) return;
        store_.seek(row);
    }

    const Row& row_at(std::size_t row) override {
        seek(row);
        StaticRows::next_row();
        return row_;
    }
    void replaced(std::size_t row, const Row& values) override;
    void removed(std::size_t row) override { change(row).deleted = true; }
    std::optional<std::size_t> added(const Row& values) override;
    bool is_removed(std::size_t row) const override {
        if (changed_.empty()) return false;
        const auto found = changed_.find(row);
        return found != changed_.end() && found->second.deleted;
    }

    bool next_row() override {
        if (changed_.empty()) [[likely]]
            return store_.next(row_);
        return next_changed();
    }
    bool next_result() override;
    void buffer_rest() override { inner_->buffer_rest(); }

private:
    struct Change {
        std::size_t place;  // in the store
        bool deleted = false;
    };
    void take();
    bool next_changed();
    Change& change(std::size_t row);

    std::unique_ptr<Results> inner_;
    std::size_t most_;
    RowStore store_;
    std::size_t rows_ = 0;
    std::size_t next_ = 0;                             // known since the last seek()
    std::unordered_map<std::size_t, Change> changed_;  // rows that are not where they were
};

}  // namespace myfabric::results
