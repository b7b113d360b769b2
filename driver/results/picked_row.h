// Some columns of the row that a result stands on, as a separate result.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "results/results.h"

namespace myfabric::results {

class PickedRow : public Results {
public:
    /// `inner` stands on its row; what follows its result follows this one.
    PickedRow(std::unique_ptr<Results> inner, std::vector<std::size_t> picked)
        : inner_(std::move(inner)), picked_(std::move(picked)) {
        Columns columns;
        for (const std::size_t i : picked_) columns.push_back(inner_->columns()[i]);
        columns_ = shared(std::move(columns));
        format_ = inner_->format();
        values_.resize(picked_.size());
        lengths_.resize(picked_.size());
        hold(inner_->lease());
    }

    bool next_row() override {
        if (std::exchange(given_, true)) {
            row_ = {};
            return false;
        }
        pick();
        return true;
    }
    bool next_result() override {
        const bool more = inner_->next_result();
        given_ = true;
        row_ = {};
        columns_ = inner_->shared_columns();
        format_ = inner_->format();
        counts_ = inner_->counts();
        out_parameters_ = inner_->out_parameters();
        return more;
    }
    std::optional<std::size_t> rows_left() override { return given_ ? 0 : 1; }
    void buffer_rest() override {
        inner_->buffer_rest();
        if (row_.values) pick();
    }

private:
    void pick() {
        for (std::size_t i = 0; i < picked_.size(); ++i) {
            values_[i] = inner_->row().values[picked_[i]];
            lengths_[i] = inner_->row().lengths[picked_[i]];
        }
        row_ = {values_.data(), lengths_.data()};
    }

    std::unique_ptr<Results> inner_;
    std::vector<std::size_t> picked_;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
    bool given_ = false;
};

}  // namespace myfabric::results
