#include "cursor/static_rows.h"

#include <utility>

namespace myfabric::cursor {

StaticRows::StaticRows(std::unique_ptr<mysql::Results> inner, std::size_t most)
    : inner_(std::move(inner)), most_(most) {
    take();
}

void StaticRows::take() {
    columns_ = inner_->shared_columns();
    format_ = inner_->format();
    row_ = {};
    store_ = mysql::RowStore(columns().size(), mysql::RowStore::Access::any);
    if (has_rows())
        while ((most_ == 0 || store_.total() < most_) && inner_->next_row())
            store_.append(inner_->row());
    counts_ = inner_->counts();
    out_parameters_ = inner_->out_parameters();
}

bool StaticRows::next_result() {
    const bool more = inner_->next_result();
    take();
    return more;
}

}  // namespace myfabric::cursor
