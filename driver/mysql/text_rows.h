// Reads the rows of a text result, one at a time, as they come from the wire. Private to
// driver/mysql.
#pragma once

#include <vector>

#include "mysql/client_library.h"
#include "mysql/drain.h"
#include "mysql/packet.h"
#include "mysql/text_row.h"
#include "results/column.h"

namespace myfabric::mysql {

/// Belongs to a connection, since one result at a time is on the wire.
class TextRows {
public:
    enum class Step : unsigned char { row, end, error, malformed };

    /// `in_place`: see read_packet().
    explicit TextRows(bool in_place) : in_place_(in_place) {}
    TextRows(const TextRows&) = delete;
    TextRows& operator=(const TextRows&) = delete;

    /// Takes the result that the connection is about to send. False: the connection has an error.
    bool open(MYSQL* handle);
    /// The result owns the descriptions of the columns where there is one.
    const MYSQL_FIELD* fields() const {
        return result_ ? mysql_fetch_fields(result_) : handle_->fields;
    }
    unsigned count() const { return handle_->field_count; }

    /// Reads a row; its values live until the next call. After `error` the connection's error
    /// says what happened.
    Step read(results::Row& row) {
#if MYFABRIC_CONNECTOR_C
        if (!result_) [[likely]] {
            const unsigned long size = read_packet(handle_, in_place_);
            if (size == packet_error || (size <= 8 && handle_->net.read_pos[0] == end_of_rows))
                [[unlikely]]
                return no_row(size);
            if (!parse_text_row(handle_->net.read_pos, size, values_.size(), values_.data(),
                                lengths_.data())) [[unlikely]]
                return ended(Step::malformed);
            row = {values_.data(), lengths_.data()};
            return Step::row;
        }
#endif
        return read_by_library(row);
    }
    /// Reads and drops the rest of the rows, as long as `drain` allows; null: without a limit.
    /// False when their end was not found: then what follows on the link is unknown.
    bool drop(Drain* drain) noexcept;

private:
    static constexpr unsigned char end_of_rows = 254;

    Step read_by_library(results::Row& row);
    /// The packet of `size` that was read is an error or the end of the rows.
    Step no_row(unsigned long size) noexcept;
    Step ended(Step step) noexcept;

    MYSQL* handle_ = nullptr;
    MYSQL_RES* result_ = nullptr;  // null where rows are taken from the packets themselves
    bool in_place_;
    bool open_ = false;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
};

}  // namespace myfabric::mysql
