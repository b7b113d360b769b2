#include "cursor/memory_results.h"

namespace myfabric::cursor {

MemoryResults::MemoryResults(mysql::Columns columns, std::vector<MemoryRow> rows)
    : rows_(std::move(rows)), values_(columns.size()), lengths_(columns.size()) {
    columns_ = std::move(columns);
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
    columns_.clear();
    rows_.clear();
    return false;
}

DescribedResults::DescribedResults(std::unique_ptr<mysql::Results> inner, mysql::Columns columns)
    : inner_(std::move(inner)) {
    columns_ = std::move(columns);
    format_ = inner_->format();
    counts_ = inner_->counts();
}

bool DescribedResults::next_row() {
    if (!inner_->next_row()) return false;
    row_ = inner_->row();
    return true;
}

bool DescribedResults::next_result() {
    inner_->next_result();
    columns_.clear();
    return false;
}

}  // namespace myfabric::cursor
