#include "mysql/text_rows.h"

#include <utility>

namespace myfabric::mysql {

bool TextRows::open(MYSQL* handle) {
    handle_ = handle;
#if MYFABRIC_CONNECTOR_C
    if (ends_by_eof(handle)) {
        values_.resize(handle->field_count);
        lengths_.resize(handle->field_count);
        return open_ = true;
    }
#endif
    result_ = mysql_use_result(handle);
    return open_ = result_ != nullptr;
}

#if MYFABRIC_CONNECTOR_C
TextRows::Step TextRows::no_row(unsigned long size) noexcept {
    if (size == packet_error) return ended(Step::error);
    const unsigned char* packet = handle_->net.read_pos;
    if (size >= 5) {
        handle_->warning_count = packet[1] | static_cast<unsigned>(packet[2]) << 8;
        handle_->server_status = packet[3] | static_cast<unsigned>(packet[4]) << 8;
    }
    return ended(Step::end);
}
#endif

TextRows::Step TextRows::read_by_library(results::Row& row) {
    if (MYSQL_ROW values = mysql_fetch_row(result_)) {
        row = {values, mysql_fetch_lengths(result_)};
        return Step::row;
    }
    return ended(mysql_errno(handle_) ? Step::error : Step::end);
}

TextRows::Step TextRows::ended(Step step) noexcept {
    open_ = false;
    if (result_) mysql_free_result(std::exchange(result_, nullptr));
#if MYFABRIC_CONNECTOR_C
    else
        handle_->status = MYSQL_STATUS_READY;  // for the library, rows were on the wire
#endif
    return step;
}

bool TextRows::drop(Drain* drain) noexcept {
    results::Row row;
    Step step = Step::end;
    while (open_) {
        if (drain && !drain->may_read(Drain::Next::row)) return false;
        step = read(row);
    }
    return step == Step::end;
}

}  // namespace myfabric::mysql
