#include "cursor/shortened_rows.h"

#include <utility>

#include "conversion/types.h"

namespace myfabric::cursor {

ShortenedRows::ShortenedRows(std::unique_ptr<results::Results> inner, std::size_t most)
    : inner_(std::move(inner)), most_(most) {
    describe();
}

void ShortenedRows::describe() {
    columns_ = inner_->shared_columns();
    format_ = inner_->format();
    counts_ = inner_->counts();
    out_parameters_ = inner_->out_parameters();
    lengths_.resize(columns().size());
    cuts_.clear();
    for (const results::Column& column : columns()) {
        switch (conversion::sql_type(column)) {
            case SQL_WCHAR:
            case SQL_WVARCHAR:
            case SQL_WLONGVARCHAR:
                cuts_.push_back(Cut::characters);
                break;
            case SQL_BINARY:
            case SQL_VARBINARY:
            case SQL_LONGVARBINARY:
                cuts_.push_back(Cut::bytes);
                break;
            default:
                cuts_.push_back(Cut::no);
        }
    }
}

void ShortenedRows::shorten() {
    const results::Row& whole = inner_->row();
    if (!whole.values) {
        row_ = {};
        return;
    }
    for (std::size_t i = 0; i < lengths_.size(); ++i) {
        unsigned long length = whole.lengths[i];
        if (cuts_[i] != Cut::no && length > most_) {
            length = static_cast<unsigned long>(most_);
            const char* value = whole.values[i];
            while (cuts_[i] == Cut::characters && length &&
                   (static_cast<unsigned char>(value[length]) & 0xC0) == 0x80)
                --length;
        }
        lengths_[i] = length;
    }
    row_ = {whole.values, lengths_.data()};
}

bool ShortenedRows::next_row() {
    if (!inner_->next_row()) return false;
    shorten();
    return true;
}

bool ShortenedRows::next_result() {
    const bool more = inner_->next_result();
    row_ = {};
    describe();
    return more;
}

void ShortenedRows::buffer_rest() {
    inner_->buffer_rest();
    shorten();
}

std::optional<std::size_t> ShortenedRows::rows_left() {
    const auto left = inner_->rows_left();
    shorten();
    return left;
}

}  // namespace myfabric::cursor
