#include "results/chained_results.h"

#include <utility>

namespace myfabric::results {

void ChainedResults::describe() {
    const Results& now = *parts_.front();
    columns_ = now.shared_columns();
    format_ = now.format();
    counts_ = now.counts();
    out_parameters_ = now.out_parameters();
    row_ = {};
}

void ChainedResults::add(std::unique_ptr<Results> results) {
    if (parts_.empty()) hold(results->lease());
    parts_.push_back(std::move(results));
    if (parts_.size() == 1) describe();
}

bool ChainedResults::next_row() {
    if (!parts_.front()->next_row()) {
        row_ = {};
        return false;
    }
    row_ = parts_.front()->row();
    return true;
}

bool ChainedResults::next_result() {
    columns_.reset();
    row_ = {};
    if (!parts_.front()->next_result()) {
        if (parts_.size() == 1) {
            if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
            return false;
        }
        parts_.pop_front();
    }
    describe();
    return true;
}

void ChainedResults::buffer_rest() {
    const bool has_row = row_.values != nullptr;
    for (const auto& part : parts_) part->buffer_rest();
    if (has_row) row_ = parts_.front()->row();
}

std::optional<std::size_t> ChainedResults::rows_left() {
    const auto left = parts_.front()->rows_left();
    if (row_.values) row_ = parts_.front()->row();
    return left;
}

}  // namespace myfabric::results
