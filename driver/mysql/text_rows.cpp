#include "mysql/text_rows.h"

#include <utility>

#include "mysql/text_row.h"

namespace myfabric::mysql {

#if MYFABRIC_CONNECTOR_C
namespace {

/// Connections that end rows by another packet than EOF are left to the library.
constexpr unsigned long deprecate_eof = 1ul << 24;

}  // namespace
#endif

bool TextRows::open(MYSQL* handle) {
    handle_ = handle;
    result_ = mysql_use_result(handle);
    if (!result_) return false;
#if MYFABRIC_CONNECTOR_C
    packets_ = !(handle->client_flag & deprecate_eof);
    if (packets_) {
        values_.resize(mysql_num_fields(result_));
        lengths_.resize(values_.size());
    }
#endif
    return true;
}

TextRows::Step TextRows::read(Row& row) {
#if MYFABRIC_CONNECTOR_C
    if (packets_) [[likely]] {
        const unsigned long size = mysql_net_read_packet(handle_);
        const unsigned char* packet = handle_->net.read_pos;
        if (size == packet_error) return ended(Step::error);
        constexpr unsigned char end_of_rows = 254;
        if (packet[0] == end_of_rows && size <= 8) [[unlikely]] {
            if (size >= 5) {
                handle_->warning_count = packet[1] | static_cast<unsigned>(packet[2]) << 8;
                handle_->server_status = packet[3] | static_cast<unsigned>(packet[4]) << 8;
            }
            return ended(Step::end);
        }
        if (!parse_text_row(packet, size, values_.size(), values_.data(), lengths_.data()))
            return ended(Step::malformed);
        row = {values_.data(), lengths_.data()};
        return Step::row;
    }
#endif
    return read_by_library(row);
}

TextRows::Step TextRows::read_by_library(Row& row) {
    if (MYSQL_ROW values = mysql_fetch_row(result_)) {
        row = {values, mysql_fetch_lengths(result_)};
        return Step::row;
    }
    return ended(mysql_errno(handle_) ? Step::error : Step::end);
}

/// The library must not look for rows that are no more.
TextRows::Step TextRows::ended(Step step) noexcept {
#if MYFABRIC_CONNECTOR_C
    handle_->status = MYSQL_STATUS_READY;
#endif
    mysql_free_result(std::exchange(result_, nullptr));
    return step;
}

void TextRows::drop() noexcept {
    // While rows are on the wire, freeing the result reads them.
    if (result_) mysql_free_result(std::exchange(result_, nullptr));
}

}  // namespace myfabric::mysql
