#include "results/static_rows.h"

#include <utility>

namespace myfabric::results {

StaticRows::StaticRows(std::unique_ptr<Results> inner, std::size_t most)
    : inner_(std::move(inner)), most_(most) {
    take();
}

void StaticRows::take() {
    columns_ = inner_->shared_columns();
    format_ = inner_->format();
    row_ = {};
    store_ = RowStore(columns().size(), RowStore::Access::any);
    if (has_rows())
        while ((most_ == 0 || store_.total() < most_) && inner_->next_row())
            store_.append(inner_->row());
    rows_ = store_.total();
    next_ = 0;
    changed_.clear();
    counts_ = inner_->counts();
    out_parameters_ = inner_->out_parameters();
}

StaticRows::Change& StaticRows::change(std::size_t row) {
    return changed_.try_emplace(row, Change{row}).first->second;
}

void StaticRows::replaced(std::size_t row, const Row& values) {
    store_.append(values);
    Change& changed = change(row);
    changed.place = store_.total() - 1;
    changed.deleted = false;
}

std::optional<std::size_t> StaticRows::added(const Row& values) {
    replaced(rows_, values);
    return rows_++;
}

bool StaticRows::next_changed() {
    if (next_ >= rows_) return false;
    const auto found = changed_.find(next_);
    store_.seek(found == changed_.end() ? next_ : found->second.place);
    ++next_;
    return store_.next(row_);
}

bool StaticRows::next_result() {
    const bool more = inner_->next_result();
    take();
    return more;
}

}  // namespace myfabric::results
