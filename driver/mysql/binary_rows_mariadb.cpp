#include "mysql/binary_rows.h"

#if MYFABRIC_CONNECTOR_C

#include <cstdint>

#include "mysql/binary_row.h"
#include "mysql/field.h"

namespace myfabric::mysql {
namespace {

/// Connector/C's method that gives a row's packet as it came. Newer versions give its size too, in
/// a third argument that older versions do not look at; the header seen when this is compiled need
/// not be the one of the library that runs, so three arguments it is.
using FetchPacket = int (*)(MYSQL_STMT*, unsigned char**, unsigned long*);

/// The packet that ended the rows bears warning count and status; the method leaves them unread.
void take_status(MYSQL* handle) {
    const unsigned char* packet = handle->net.read_pos;
    constexpr unsigned char end_of_rows = 254;
    if (!packet || packet[0] != end_of_rows) return;
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

BinaryRows::BinaryRows(MYSQL_STMT* statement) : statement_(statement) {}
BinaryRows::~BinaryRows() = default;

bool BinaryRows::open(const MYSQL_FIELD* fields, unsigned count) {
    sizes_.resize(count);
    values_.resize(count);
    lengths_.resize(count);
    for (unsigned i = 0; i < count; ++i)
        sizes_[i] = static_cast<signed char>(binary_size(static_cast<WireType>(fields[i].type)));
    // What mysql_stmt_fetch does before the first row: choose reading without a buffer.
    if (statement_->state == MYSQL_STMT_WAITING_USE_OR_STORE)
        statement_->default_rset_handler(statement_);
    return statement_->state == MYSQL_STMT_USE_OR_STORE_CALLED;
}

BinaryRows::Step BinaryRows::read(Row& row) {
    MYSQL* handle = statement_->mysql;
    unsigned char* packet = nullptr;
    unsigned long size = 0;
    const auto fetch =
        reinterpret_cast<FetchPacket>(reinterpret_cast<void (*)()>(handle->methods->db_stmt_fetch));
    const int status = fetch(statement_, &packet, &size);
    if (status == 0) [[likely]] {
        statement_->state = MYSQL_STMT_USER_FETCHING;
        if (size == 0) size = PTRDIFF_MAX;  // an older library: its own reading checks nothing too
        if (!parse_binary_row(packet, size, sizes_.data(), sizes_.size(), values_.data(),
                              lengths_.data()))
            return Step::malformed;
        row = {values_.data(), lengths_.data()};
        return Step::row;
    }
    statement_->state = MYSQL_STMT_FETCH_DONE;
    handle->status = MYSQL_STATUS_READY;
    if (status == MYSQL_NO_DATA) {
        take_status(handle);
        return Step::end;
    }
    // The method leaves the error at the connection.
    return Step::error;
}

void BinaryRows::drop() noexcept {
    Row row;
    for (Step step = Step::row; step == Step::row || step == Step::malformed;) step = read(row);
}

}  // namespace myfabric::mysql

#endif
