// What text and binary results have in common: several results in a row, and buffering the rest of
// them.
#pragma once

#include <exception>
#include <list>
#include <memory>
#include <optional>

#include "mysql/connection.h"
#include "mysql/drain.h"
#include "results/results.h"
#include "results/row_store.h"

namespace myfabric::mysql {

/// Results that arrive over a connection. They occupy it as long as something of them is unread.
class WireResults : public results::Results {
public:
    bool next_result() override;
    void buffer_rest() override;
    /// Reads ahead up to 64 KiB of a result whose rows come at once, and keeps them.
    std::optional<std::size_t> rows_left() override;

protected:
    explicit WireResults(Connection& connection) : connection_(connection) {}

    /// Reads the next row of the current result from the wire into row_; at the end calls
    /// rows_ended() and returns false. Throws after calling finish().
    virtual bool read_row() = 0;
    /// Goes to the next result on the wire and calls opened(). Throws after calling finish().
    virtual void open_next() = 0;
    /// Reads and drops the rest of the current result's rows, as long as `drain` allows; null:
    /// without a limit. False when their end was not found.
    virtual bool drop_rows(Drain* drain) noexcept = 0;
    virtual bool more_on_wire() const = 0;

    /// next_row() for everything that is not just read from the wire.
    bool next_kept_row();

    /// A result is about to be described: until opened() there may be anything on the wire.
    void opening() noexcept;
    /// A result begins: its columns_ are set. Takes counts and status from the connection, and
    /// reads the first row ahead: errors of running show where the statement is run, and a lost
    /// link before anything was given out. Throws after calling finish().
    void opened();
    /// The current result's rows have all been read.
    void rows_ended() noexcept;
    /// Nothing is left on the wire: the connection is free.
    void finish() noexcept;
    /// For destructors: reads and drops everything that is unread; ends the link instead when that
    /// takes too long or is not possible.
    void drain() noexcept;

    /// True while rows of the current result are to be read from the wire.
    bool reading() const { return reading_; }

    Connection& connection_;

private:
    /// A result whose rest was buffered, as far as it had not been read.
    struct Kept {
        results::SharedColumns columns;
        results::Counts counts;
        bool out_parameters = false;
        results::RowStore rows;
        std::exception_ptr error;       // thrown after the rows
        std::exception_ptr open_error;  // thrown instead of opening the result
    };

    /// Rows of the current result that were read ahead.
    struct Early {
        results::RowStore rows;
        std::exception_ptr error;  // thrown after them
        bool rest = false;         // more rows are on the wire
    };

    void read_ahead();
    void keep_rows(Kept& kept);
    void skip_rows();
    /// What follows on the link is unknown: nothing more is read from it.
    void give_up() noexcept;

    /// Rows of the current result are on the wire, or the first is there but not given out yet.
    bool unread() const { return reading_ || ahead_ || (early_ && early_->rest); }

    bool reading_ = false;  // next_row() reads from the wire
    bool ahead_ = false;    // first_ was read and is to be given out; reading goes on then
    results::Row first_;
    std::unique_ptr<Early> early_;
    bool occupying_ = false;  // something is on the wire
    bool aside_ = false;      // kept_.front() is the current result
    std::list<Kept> kept_;
};

}  // namespace myfabric::mysql
