// A server's version as it greets with it. Pure.
#pragma once

#include <string_view>

namespace myfabric::mysql {

/// Without the "5.5.5-" that MariaDB before 11 puts first, for clients that know only MySQL: not
/// every client library takes it off.
std::string_view own_version(std::string_view greeted) noexcept;

/// 101106 of "10.11.6-MariaDB-log"; 0 for what is no version.
unsigned version_number(std::string_view version) noexcept;

}  // namespace myfabric::mysql
