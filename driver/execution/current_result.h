// What the last execution gave, and the cursor on it: the only place that changes either.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "cursor/cursor.h"
#include "execution/executor.h"
#include "results/static_rows.h"

namespace myfabric::execution {

class CurrentResult {
public:
    /// What the statement's attributes ask of its results.
    struct Wanted {
        SQLULEN cursor_type = SQL_CURSOR_FORWARD_ONLY;
        SQLULEN concurrency = SQL_CONCUR_READ_ONLY;
        SQLULEN max_rows = 0;    // 0: all
        SQLULEN max_length = 0;  // of texts and bytes; 0: all
        cursor::Bookmarks bookmarks = cursor::Bookmarks::off;
        bool wide_types = true;
        router::Purpose read;  // by which the rows came: where their server is
        router::Purpose ran;   // what gave them
        bool changeable = false;
        bool keep = false;  // all rows: they are few, and their number is to be known

        bool is_live() const {
            return cursor_type == SQL_CURSOR_KEYSET_DRIVEN || cursor_type == SQL_CURSOR_DYNAMIC;
        }
    };

    explicit CurrentResult(Executor& executor) : executor_(executor) {}
    ~CurrentResult() { close(); }
    CurrentResult(const CurrentResult&) = delete;
    CurrentResult& operator=(const CurrentResult&) = delete;

    /// A statement was run and gave these. Throws as result_lost() does when rows are to be kept
    /// and cannot be read.
    void took(std::unique_ptr<results::Results> results, const Wanted& wanted);
    /// The same for a statement that gave counts and nothing else.
    void took(const results::Counts& counts) {
        if (results_) close();
        counted(static_cast<long long>(counts.affected_rows));
    }
    /// A statement was run, or rows were changed, and `rows` is what SQLRowCount is to say.
    void counted(long long rows) {
        executed_ = true;
        ++serial_;
        row_count_ = rows;
    }
    /// Goes to the next result, which open() is for; false when there is none.
    bool next();
    void open();
    /// The current result is described otherwise.
    void describe_as(const results::Columns& columns);
    /// Some columns of the row at hand are the result, in place of the row.
    void pick_row(std::vector<std::size_t> columns);
    /// Hands the results over; nothing is open then.
    std::unique_ptr<results::Results> release();

    /// The rows that were left are gone, and the link with them. Throws 08S01 or 40001.
    [[noreturn]] void lost(const Error& error);
    /// Ends reading; what was executed stays known.
    void close() {
        if (results_) end_reading();
    }
    /// The last result was read.
    void ended() {
        close();
        row_count_ = -1;
    }
    /// Nothing is executed any more.
    void forget() {
        close();
        executed_ = false;
        ++serial_;
    }

    bool executed() const { return executed_; }
    bool any() const { return results_ != nullptr; }
    bool cursor_open() const { return results_ && results_->has_rows(); }
    results::Results& results() { return *results_; }
    const results::Results& results() const { return *results_; }
    cursor::Cursor& cursor() { return cursor_; }
    const cursor::Cursor& cursor() const { return cursor_; }
    /// Null unless all rows are kept.
    results::StaticRows* kept() const { return kept_; }
    /// Rows of a static cursor; 0 of others, which do not know it.
    std::size_t cursor_rows() const { return kept_ ? kept_->rows() : 0; }
    long long row_count() const { return row_count_; }
    /// The same after having read ahead a little, where that shows the number of rows.
    long long find_row_count();
    void row_count(long long rows) { row_count_ = rows; }
    /// Another number for each result.
    std::uint64_t serial() const { return serial_; }

    /// The cursor has come to the end: the number of rows is known now.
    void read_to_the_end() {
        if (row_count_ < 0) row_count_ = cursor_.rows_passed();
    }

    /// The cursor that is open: what was wanted, or what takes its place.
    SQLULEN cursor_type() const { return cursor_type_; }
    void use_cursor(SQLULEN type) { cursor_type_ = type; }
    SQLULEN concurrency() const { return concurrency_; }
    void use_concurrency(SQLULEN concurrency) { concurrency_ = concurrency; }
    /// A keyset-driven or dynamic cursor is open.
    bool live() const {
        return cursor_open() &&
               (cursor_type_ == SQL_CURSOR_KEYSET_DRIVEN || cursor_type_ == SQL_CURSOR_DYNAMIC);
    }
    /// The rows of the open result, kept whole, were read anew: keeps them in place of the old
    /// ones. renew_cursor() is to follow. False: they have other columns, and nothing was done.
    bool renew(std::unique_ptr<results::Results> results);

    /// Whether rows of the open cursor can be changed.
    bool updatable() const { return wanted_.changeable && cursor_open(); }
    /// Throws 24000 when the connection's target is no longer what the cursor was opened with.
    void must_be_on_target() const;
    const Wanted& wanted() const { return wanted_; }

    /// Where SQLExtendedFetch puts the status of rows; null: where the IRD says.
    SQLUSMALLINT* extended_status = nullptr;

private:
    void end_reading();

    Executor& executor_;
    std::unique_ptr<results::Results> results_;
    results::StaticRows* kept_ = nullptr;  // results_, when all rows are kept
    const void* reader_ = nullptr;         // the connection that they are read from
    cursor::Cursor cursor_;
    Wanted wanted_;
    topology::Target opened_on_;  // of an updatable cursor
    SQLULEN cursor_type_ = SQL_CURSOR_FORWARD_ONLY;
    SQLULEN concurrency_ = SQL_CONCUR_READ_ONLY;
    bool executed_ = false;
    long long row_count_ = -1;
    std::uint64_t serial_ = 0;
};

}  // namespace myfabric::execution
