// What texts from outside must be before they are used: hosts, names, and how they may be shown.
#pragma once

#include <string>
#include <string_view>

namespace myfabric {

/// Why `text` is no host; empty when it is one: a name, an IPv4 address, or an IPv6 address without
/// brackets, with or without a zone. Everything else could mean more to a client library than a
/// place: options, other servers, files.
std::string why_no_host(std::string_view text);

/// Why `text` is no name of a group or id of a server; empty when it is one: UTF-8 of 1 to 255
/// bytes without control characters.
std::string why_no_name(std::string_view text);

/// `text` for messages and logs: control characters and bytes that are no UTF-8 as \xNN, and only
/// its beginning when it is longer than `most` bytes.
std::string printable(std::string_view text, std::size_t most = 255);

}  // namespace myfabric
