#include "mysql/ok_packet.h"

#include <cstddef>

namespace myfabric::mysql {
namespace {

/// A number as the protocol packs it: one byte, or a mark and 2, 3 or 8 bytes. Moves `text` along;
/// false: it ends before, or begins with what is no number.
bool take_packed(std::string_view& text, std::uint64_t& out) noexcept {
    constexpr unsigned char first_mark = 251;  // of NULL
    constexpr std::size_t sizes[] = {0, 2, 3, 8, 0};
    if (text.empty()) return false;
    out = static_cast<unsigned char>(text[0]);
    text.remove_prefix(1);
    if (out < first_mark) return true;
    const std::size_t size = sizes[out - first_mark];
    if (!size || text.size() < size) return false;
    out = 0;
    for (std::size_t i = 0; i < size; ++i)
        out |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
    text.remove_prefix(size);
    return true;
}

}  // namespace

std::optional<OkPacket> plain_ok(std::string_view body) noexcept {
    constexpr char ok_mark = 0;
    if (body.empty() || body[0] != ok_mark) return std::nullopt;
    body.remove_prefix(1);
    OkPacket ok;
    if (!take_packed(body, ok.rows) || !take_packed(body, ok.insert_id) || body.size() != 4)
        return std::nullopt;
    const auto number = [body](std::size_t at) {
        return static_cast<unsigned>(static_cast<unsigned char>(body[at]) |
                                     static_cast<unsigned char>(body[at + 1]) << 8);
    };
    ok.status = number(0);
    ok.warnings = number(2);
    return ok;
}

}  // namespace myfabric::mysql
