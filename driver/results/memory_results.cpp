#include "results/memory_results.h"

namespace myfabric::results {

MemoryResults::MemoryResults(Columns columns, std::vector<MemoryRow> rows) {
    open({std::move(columns), std::move(rows)});
}

MemoryResults::MemoryResults(std::vector<MemorySet> sets) : sets_(std::move(sets)) {
    next_result();
}

void MemoryResults::open(MemorySet set) {
    const std::size_t width = set.columns.size();
    columns_ = width ? shared(std::move(set.columns)) : nullptr;
    rows_ = std::move(set.rows);
    next_ = 0;
    values_.resize(width);
    lengths_.resize(width);
    row_ = {values_.data(), lengths_.data()};
}

bool MemoryResults::next_row() {
    if (next_ >= rows_.size()) return false;
    const MemoryRow& row = rows_[next_++];
    for (std::size_t i = 0; i < values_.size(); ++i) {
        values_[i] = row[i] ? row[i]->c_str() : nullptr;
        lengths_[i] = row[i] ? static_cast<unsigned long>(row[i]->size()) : 0;
    }
    return true;
}

bool MemoryResults::next_result() {
    const bool more = next_set_ < sets_.size();
    open(more ? std::move(sets_[next_set_++]) : MemorySet{});
    return more;
}

DescribedResults::DescribedResults(std::unique_ptr<Results> inner, Columns columns)
    : inner_(std::move(inner)) {
    columns_ = shared(std::move(columns));
    format_ = inner_->format();
    counts_ = inner_->counts();
}

bool DescribedResults::next_row() {
    if (!inner_->next_row()) return false;
    row_ = inner_->row();
    return true;
}

bool DescribedResults::next_result() {
    const bool more = inner_->next_result();
    row_ = {};
    columns_ = inner_->shared_columns();
    format_ = inner_->format();
    counts_ = inner_->counts();
    out_parameters_ = inner_->out_parameters();
    return more;
}

void DescribedResults::buffer_rest() {
    inner_->buffer_rest();
    if (row_.values) row_ = inner_->row();
}

std::optional<std::size_t> DescribedResults::rows_left() {
    const auto left = inner_->rows_left();
    if (row_.values) row_ = inner_->row();
    return left;
}

}  // namespace myfabric::results
