#include "mysql/binary_rows.h"

#if MYFABRIC_CONNECTOR_C

#include <cstdint>

#include "mysql/binary_row.h"
#include "mysql/field.h"
#include "mysql/packet.h"

namespace myfabric::mysql {
namespace {

/// The packet that ended the rows bears warning count and status.
void take_status(MYSQL* handle) {
    const unsigned char* packet = handle->net.read_pos;
    handle->warning_count = packet[1] | static_cast<unsigned>(packet[2]) << 8;
    // MySQL ends the row of OUT parameters as if nothing followed, yet one more packet does.
    const unsigned before = handle->server_status;
    const unsigned lasting = before & SERVER_PS_OUT_PARAMS
                                 ? before & (SERVER_PS_OUT_PARAMS | SERVER_MORE_RESULTS_EXIST)
                                 : 0;
    handle->server_status = packet[3] | static_cast<unsigned>(packet[4]) << 8 | lasting;
}

}  // namespace

struct BinaryRows::Slots {};

BinaryRows::BinaryRows(MYSQL_STMT* statement, bool in_place)
    : statement_(statement), handle_(statement->mysql), in_place_(in_place) {}
BinaryRows::~BinaryRows() = default;

bool BinaryRows::open(const ColumnCache& columns) {
    if (columns_ == columns.columns()) return true;
    columns_ = columns.columns();
    const std::vector<Field>& fields = columns.fields();
    sizes_.resize(fields.size());
    values_.resize(fields.size());
    lengths_.resize(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i)
        sizes_[i] = static_cast<signed char>(binary_size(fields[i].type));
    return true;
}

BinaryRows::Step BinaryRows::read(results::Row& row) {
    constexpr unsigned char end_of_rows = 254;  // rows begin with 0
    const unsigned long size = read_packet(handle_, in_place_);
    if (size == packet_error) [[unlikely]] {
        handle_->status = MYSQL_STATUS_READY;
        return Step::error;
    }
    const unsigned char* packet = handle_->net.read_pos;
    if (packet[0] == end_of_rows) [[unlikely]] {
        if (size >= 5) take_status(handle_);
        handle_->status = MYSQL_STATUS_READY;
        return Step::end;
    }
    if (!parse_binary_row(packet, size, sizes_.data(), sizes_.size(), values_.data(),
                          lengths_.data()))
        return Step::malformed;
    row = {values_.data(), lengths_.data()};
    return Step::row;
}

bool BinaryRows::drop(Drain* drain) noexcept {
    results::Row row;
    Step step = Step::row;
    while (step == Step::row && (!drain || drain->may_read(Drain::Next::row))) step = read(row);
    return step == Step::end;
}

}  // namespace myfabric::mysql

#endif
