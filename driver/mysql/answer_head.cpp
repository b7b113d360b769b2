#include "mysql/answer_head.h"

#include "mysql/description.h"
#include "mysql/ok_packet.h"
#include "mysql/packet.h"

#if MYFABRIC_CONNECTOR_C
#include "platform/socket.h"
#endif

namespace myfabric::mysql {

#if MYFABRIC_CONNECTOR_C
namespace {

/// Waits for the first bytes of the answer by one call of the system, where the library would make
/// three. What it does not do here the library does.
void await(MYSQL* handle) noexcept {
    MARIADB_PVIO* const link = handle->net.pvio;
    const bool limited = link && link->timeout[PVIO_READ_TIMEOUT] > 0;
    const bool plain = link && link->cache && !link->ctls && !handle->net.compress;
    if (!plain || limited || link->cache + link->cache_size > link->cache_pos) return;
    const std::size_t bytes = platform::receive(static_cast<int>(socket_of(handle)), link->cache,
                                                PVIO_READ_AHEAD_CACHE_SIZE);
    if (!bytes) return;  // the library finds out what has happened
    link->cache_pos = link->cache;
    link->cache_size = bytes;
    link->bytes_read += bytes;
}

/// What is read ahead.
std::string_view here(const MARIADB_PVIO& link) noexcept {
    const auto bytes = link.cache + link.cache_size - link.cache_pos;
    return {reinterpret_cast<const char*>(link.cache_pos),
            bytes > 0 ? static_cast<std::size_t>(bytes) : 0};
}

/// The state that the library has when it has read a description.
void take(MYSQL* handle, const DescribedEnd& end) noexcept {
    handle->field_count = end.columns;
    handle->warning_count = end.warnings;
    handle->server_status = end.status;
    handle->status = MYSQL_STATUS_GET_RESULT;
    handle->net.pkt_nr = handle->net.compress_pkt_nr = end.next_packet;
    handle->net.pvio->cache_pos += end.size;
}

void take(MYSQL* handle, const OkPacket& ok) noexcept {
    handle->field_count = 0;
    handle->affected_rows = ok.rows;
    handle->insert_id = ok.insert_id;
    handle->server_status = ok.status;
    handle->warning_count = ok.warnings;
}

/// Whether the answer is that all is done, and no more than that.
bool take_ok(MYSQL* handle) noexcept {
    NET& net = handle->net;
    const PacketHere packet = packet_here(*net.pvio);
    if (!packet.body || packet.number != static_cast<unsigned char>(net.pkt_nr)) return false;
    const auto ok = plain_ok({reinterpret_cast<const char*>(packet.body), packet.size});
    if (!ok) return false;
    take(handle, *ok);
    net.compress_pkt_nr = ++net.pkt_nr;
    net.pvio->cache_pos = packet.body + packet.size;
    return true;
}

}  // namespace

AnswerHead read_answer_head(MYSQL* handle, bool in_place, std::string_view known) {
    using Kind = AnswerHead::Kind;
    // Without that packet, rows follow the description at once. And the library counts answers
    // where it may be asked for files.
    constexpr unsigned long no_end_packet = 1ul << 24;
    if (handle->client_flag & (no_end_packet | CLIENT_LOCAL_FILES)) in_place = false;
    std::string_view described;
    if (in_place) {
        await(handle);
        const MARIADB_PVIO* const link = handle->net.pvio;
        if (link && !handle->net.compress) {
            const std::string_view packets = here(*link);
            if (const auto end = end_of_known(packets, known)) {
                take(handle, *end);
                return {Kind::as_known, {}};
            }
            described = description_in(packets);
            if (described.empty() && take_ok(handle)) return {Kind::read, {}};
        }
    }
    if (handle->methods->db_read_query_result(handle) != 0) return {Kind::failed, {}};
    return {Kind::read, described};
}
#else
AnswerHead read_answer_head(MYSQL* handle, bool /*in_place*/, std::string_view /*known*/) {
    using Kind = AnswerHead::Kind;
    return {mysql_read_query_result(handle) == 0 ? Kind::read : Kind::failed, {}};
}
#endif

}  // namespace myfabric::mysql
