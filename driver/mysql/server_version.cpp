#include "mysql/server_version.h"

#include <charconv>

namespace myfabric::mysql {

std::string_view own_version(std::string_view greeted) noexcept {
    constexpr std::string_view disguise = "5.5.5-";
    if (greeted.starts_with(disguise) && greeted.find("MariaDB") != std::string_view::npos)
        greeted.remove_prefix(disguise.size());
    return greeted;
}

unsigned version_number(std::string_view version) noexcept {
    unsigned number = 0;
    const char* at = version.data();
    const char* const end = at + version.size();
    for (int part = 0; part < 3; ++part) {
        unsigned value = 0;
        const auto [after, error] = std::from_chars(at, end, value);
        if (error != std::errc{} || value > 999) return 0;
        number = number * 100 + value;
        at = after;
        if (part < 2 && (at == end || *at++ != '.')) return 0;
    }
    return number;
}

}  // namespace myfabric::mysql
