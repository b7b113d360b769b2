#include "execution/current_result.h"

#include <algorithm>
#include <utility>

#include "cursor/shortened_rows.h"
#include "results/memory_results.h"
#include "results/picked_row.h"

namespace myfabric::execution {

void CurrentResult::took(std::unique_ptr<results::Results> results, const Wanted& wanted) {
    cursor_.close();
    kept_ = nullptr;
    wanted_ = wanted;
    reader_ = results->lease().get();
    if (wanted.max_length)
        results = std::make_unique<cursor::ShortenedRows>(std::move(results), wanted.max_length);
    const bool keep = wanted.keep || wanted.cursor_type == SQL_CURSOR_STATIC || wanted.is_live() ||
                      wanted.concurrency != SQL_CONCUR_READ_ONLY ||
                      wanted.bookmarks != cursor::Bookmarks::off;
    if (keep) {
        try {
            auto rows = std::make_unique<results::StaticRows>(std::move(results), wanted.max_rows);
            kept_ = rows.get();
            results = std::move(rows);
        } catch (const Error& error) {
            executor_.result_lost(error, reader_, wanted_.ran);
        }
    }
    results_ = std::move(results);
    open();
}

void CurrentResult::open() {
    counted(kept_ ? static_cast<long long>(kept_->rows()) : -1);
    extended_status = nullptr;
    cursor_type_ = wanted_.cursor_type;
    concurrency_ = wanted_.concurrency;
    if ((wanted_.changeable || wanted_.is_live()) && !(opened_on_ == executor_.target()))
        opened_on_ = executor_.target();
    if (results_->has_rows())
        cursor_.open(*results_, kept_,
                     {wanted_.wide_types, wanted_.cursor_type == SQL_CURSOR_FORWARD_ONLY,
                      wanted_.bookmarks, wanted_.changeable});
    else
        row_count_ = static_cast<long long>(results_->counts().affected_rows);
}

long long CurrentResult::find_row_count() {
    if (row_count_ >= 0 || !cursor_open()) return row_count_;
    if (const auto left = results_->rows_left()) {
        const auto rows = static_cast<SQLULEN>(cursor_.rows_given()) + *left;
        row_count_ =
            static_cast<long long>(wanted_.max_rows ? std::min(rows, wanted_.max_rows) : rows);
    }
    return row_count_;
}

bool CurrentResult::renew(std::unique_ptr<results::Results> results) {
    if (results->columns() != results_->columns()) return false;
    reader_ = results->lease().get();
    auto rows = std::make_unique<results::StaticRows>(std::move(results), wanted_.max_rows);
    kept_ = rows.get();
    results_ = std::move(rows);
    row_count_ = static_cast<long long>(kept_->rows());
    return true;
}

bool CurrentResult::next() {
    cursor_.close();
    try {
        return results_->next_result();
    } catch (const Error& error) {
        lost(error);
    }
}

void CurrentResult::describe_as(const results::Columns& columns) {
    cursor_.close();
    kept_ = nullptr;
    results_ = std::make_unique<results::DescribedResults>(std::move(results_), columns);
}

void CurrentResult::pick_row(std::vector<std::size_t> columns) {
    cursor_.close();
    kept_ = nullptr;
    results_ = std::make_unique<results::PickedRow>(std::move(results_), std::move(columns));
}

std::unique_ptr<results::Results> CurrentResult::release() {
    cursor_.close();
    kept_ = nullptr;
    return std::move(results_);
}

void CurrentResult::lost(const Error& error) {
    const void* const reader = reader_;
    // Its address is compared: the connection must not go before that.
    const std::unique_ptr<results::Results> results = release();
    executor_.result_lost(error, reader, wanted_.ran);
    throw error;  // for compilers that do not believe a virtual function
}

void CurrentResult::end_reading() {
    cursor_.close();
    kept_ = nullptr;
    results_.reset();
}

void CurrentResult::must_be_on_target() const {
    if (!(opened_on_ == executor_.target()))
        throw Error(state::invalid_cursor_state,
                    "the connection's target was changed after the cursor had been opened");
}

}  // namespace myfabric::execution
