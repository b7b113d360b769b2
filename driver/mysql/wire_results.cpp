#include "mysql/wire_results.h"

#include <chrono>
#include <utility>

#include "mysql/client_library.h"
#include "mysql/link.h"

namespace myfabric::mysql {

void WireResults::opening() noexcept {
    columns_.reset();
    row_ = {};
    if (early_) early_.reset();
    occupying_ = true;
    ResultsGate::occupied_by(connection_, this);
}

void WireResults::opened() {
    counts_ = {};
    reading_ = has_rows();
    MYSQL* handle = raw(connection_);
    if (!reading_) counts_ = {mysql_affected_rows(handle), mysql_insert_id(handle), 0};
    counts_.warnings = mysql_warning_count(handle);
    out_parameters_ = handle->server_status & SERVER_PS_OUT_PARAMS;
    if (!reading_) {
        if (!more_on_wire()) finish();
        return;
    }
    if (read_row()) {
        // It lies in the library's buffer until the next is read.
        first_ = std::exchange(row_, {});
        ahead_ = true;
        reading_ = false;
    }
}

void WireResults::rows_ended() noexcept {
    row_ = {};
    reading_ = ahead_ = false;
    MYSQL* handle = raw(connection_);
    counts_.warnings = mysql_warning_count(handle);
    if (handle->server_status & SERVER_PS_OUT_PARAMS) out_parameters_ = true;
    if (!more_on_wire()) finish();
}

void WireResults::finish() noexcept {
    reading_ = ahead_ = false;
    if (std::exchange(occupying_, false)) ResultsGate::occupied_by(connection_, nullptr);
}

void WireResults::give_up() noexcept {
    break_link(connection_);
    finish();
}

void WireResults::drain() noexcept {
    if (!occupying_) return;
    Drain drain(raw(connection_));
    while (occupying_) {
        try {
            if (unread()) {
                if (!drop_rows(&drain)) return give_up();
                rows_ended();
            }
            if (!occupying_) break;
            if (!drain.may_read(Drain::Next::result)) return give_up();
            if (more_on_wire())
                open_next();
            else
                finish();
        } catch (...) {
            give_up();  // the rest cannot be read
        }
    }
}

/// A link that is lost among rows that are not wanted is no end of the results.
void WireResults::skip_rows() {
    if (unread()) reading_ = true;
    if (early_) early_.reset();
    ahead_ = false;
    while (reading_ && read_row()) {
    }
}

bool WireResults::next_result() {
    if (aside_) {
        kept_.pop_front();
        row_ = {};
        columns_.reset();
        counts_ = {};
        if (kept_.empty()) {
            aside_ = false;
            return false;
        }
        Kept& kept = kept_.front();
        if (kept.open_error) std::rethrow_exception(std::exchange(kept.open_error, nullptr));
        columns_ = std::move(kept.columns);
        counts_ = kept.counts;
        out_parameters_ = kept.out_parameters;
        return true;
    }
    skip_rows();
    row_ = {};
    columns_.reset();
    counts_ = {};
    if (!occupying_) return false;
    open_next();
    return true;
}

bool WireResults::next_kept_row() {
    if (ahead_) {
        row_ = first_;
        ahead_ = false;
        reading_ = true;
        return true;
    }
    if (early_) {
        if (early_->rows.next(row_)) return true;
        row_ = {};
        const std::unique_ptr<Early> done = std::move(early_);
        reading_ = done->rest;
        if (done->error) std::rethrow_exception(done->error);
        return reading_ && next_row();
    }
    if (!aside_) return false;
    Kept& kept = kept_.front();
    if (kept.rows.next(row_)) return true;
    row_ = {};
    if (kept.error) std::rethrow_exception(std::exchange(kept.error, nullptr));
    return false;
}

/// Rows that were not given out yet come to where rows can be counted.
void WireResults::read_ahead() {
    constexpr std::size_t most_bytes = std::size_t{64} << 10;
    constexpr std::chrono::milliseconds patience{500};
    const auto until = std::chrono::steady_clock::now() + patience;
    auto early = std::make_unique<Early>();
    early->rows = results::RowStore(columns().size());
    // The row that was given out last moves too: the library's buffer is about to be written over.
    const bool has_row = row_.values != nullptr;
    if (has_row) early->rows.append(row_);
    if (ahead_) early->rows.append(first_);
    ahead_ = false;
    reading_ = true;
    std::size_t bytes = 0;
    try {
        while (bytes < most_bytes && packet_comes_before(raw(connection_), until) && read_row()) {
            early->rows.append(row_);
            for (std::size_t i = 0; i < columns().size(); ++i) bytes += row_.lengths[i];
        }
    } catch (...) {
        early->error = std::current_exception();
    }
    early->rest = std::exchange(reading_, false);
    early_ = std::move(early);
    row_ = {};
    if (has_row) early_->rows.next(row_);
}

std::optional<std::size_t> WireResults::rows_left() {
    if (reading_ || ahead_) read_ahead();
    const bool known = early_ ? !early_->rest && !early_->error : !aside_ || !kept_.front().error;
    if (!known) return std::nullopt;
    return early_ ? early_->rows.size() : aside_ ? kept_.front().rows.size() : 0;
}

void WireResults::keep_rows(Kept& kept) {
    if (early_) {
        for (results::Row row; early_->rows.next(row);) kept.rows.append(row);
        kept.error = early_->error;
        reading_ = early_->rest;
        early_.reset();
        if (!reading_) return;
    }
    try {
        if (ahead_) kept.rows.append(first_);
        reading_ = true;
        ahead_ = false;
        while (read_row()) kept.rows.append(row_);
    } catch (...) {
        kept.error = std::current_exception();
        drain();
    }
}

void WireResults::buffer_rest() {
    if (!occupying_) return;
    // The current result keeps its columns_ and counts_ where they are; what follows is described
    // in kept_. The current row moves too: the library's buffer is about to be written over.
    const bool has_row = row_.values != nullptr;
    results::SharedColumns columns_now = columns_;
    try {
        kept_.emplace_back();
        kept_.back().rows = results::RowStore(columns().size());
        if (has_row) kept_.back().rows.append(row_);
    } catch (...) {
        kept_.clear();
        throw;
    }
    if (unread() || early_) keep_rows(kept_.back());
    const results::Counts counts = counts_;
    const bool out_parameters = out_parameters_;
    while (occupying_) {
        Kept next;
        try {
            open_next();
            next.columns = columns_;
            next.counts = counts_;
            next.out_parameters = out_parameters_;
            next.rows = results::RowStore(columns().size());
        } catch (...) {
            next.open_error = std::current_exception();
            drain();
        }
        if (unread()) {
            keep_rows(next);
            next.counts = counts_;
            next.out_parameters = out_parameters_;
        }
        kept_.push_back(std::move(next));
    }
    aside_ = true;
    columns_ = std::move(columns_now);
    counts_ = counts;
    out_parameters_ = out_parameters;
    row_ = {};
    if (has_row) kept_.front().rows.next(row_);
}

}  // namespace myfabric::mysql
