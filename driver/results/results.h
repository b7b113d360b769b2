// What an executed statement returns: row sets and row counts, one after the other.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "results/column.h"

namespace myfabric::results {

/// The counts of the current result.
struct Counts {
    std::uint64_t affected_rows = 0;
    std::uint64_t insert_id = 0;
    unsigned warnings = 0;
};

/// The one interface that cursors read from. Makers: a live text or binary stream, rows in memory,
/// results that the driver answers itself. Destroying it drops what is unread, cleanly.
class Results {
public:
    Results() = default;
    Results(const Results&) = delete;
    Results& operator=(const Results&) = delete;
    virtual ~Results() = default;

    /// Columns of the current result; empty when it is a row count.
    const Columns& columns() const {
        static const Columns none;
        return columns_ ? *columns_ : none;
    }
    /// Results with the same object have the same columns; null when it is a row count.
    const SharedColumns& shared_columns() const { return columns_; }
    bool has_rows() const { return columns_ != nullptr; }
    Format format() const { return format_; }
    const Counts& counts() const { return counts_; }
    /// The current result is the one row of OUT and INOUT parameters of a prepared CALL. A server
    /// may say this after the row only: it is sure once next_row() has returned false, or
    /// buffer_rest() has been called.
    bool out_parameters() const { return out_parameters_; }

    /// Keeps `source`, a connection or a prepared statement on it, for as long as these results
    /// live: no other part has to remember what they read from.
    void hold(std::shared_ptr<const void> source) { lease_ = std::move(source); }
    /// What is held; null for rows in memory. Its address is the connection's.
    const std::shared_ptr<const void>& lease() const { return lease_; }

    /// The row that next_row() read last; valid until it is called again.
    const Row& row() const { return row_; }

    /// Reads the next row into row(); false after the last one. Throws Error.
    virtual bool next_row() = 0;

    /// Drops the rest of the current result and goes to the next; false when there is none.
    virtual bool next_result() = 0;

    /// Takes everything unread into memory so that the connection is free for another command.
    virtual void buffer_rest() {}

    /// Rows that next_row() has yet to read of the current result, where that is known, or can be
    /// found out by reading ahead a little. Nothing: there are many, or they come slowly.
    virtual std::optional<std::size_t> rows_left() { return std::nullopt; }

protected:
    SharedColumns columns_;
    Row row_;
    Counts counts_;
    Format format_ = Format::text;
    bool out_parameters_ = false;

private:
    std::shared_ptr<const void> lease_;  // of the base: it goes after what makers drain
};

}  // namespace myfabric::results
