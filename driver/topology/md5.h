// MD5 (RFC 1321), by which HASH sharding places keys. Not for secrets. Pure.
#pragma once

#include <array>
#include <string_view>

namespace myfabric::topology {

using Digest = std::array<unsigned char, 16>;

/// A library's would cost several times as much for the few bytes of a key, and is refused by
/// systems in FIPS mode.
Digest md5_digest(std::string_view text);

}  // namespace myfabric::topology
