// The packet by which a server says that a command without rows is done. Pure, without the client
// library.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace myfabric::mysql {

struct OkPacket {
    std::uint64_t rows = 0;       // affected
    std::uint64_t insert_id = 0;  // the first that AUTO_INCREMENT gave
    unsigned status = 0;          // of the session
    unsigned warnings = 0;

    bool operator==(const OkPacket&) const = default;
};

/// What `body` says; nothing when it is another packet, is cut, or says more than this.
std::optional<OkPacket> plain_ok(std::string_view body) noexcept;

}  // namespace myfabric::mysql
