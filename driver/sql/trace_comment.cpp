#include "sql/trace_comment.h"

#include <algorithm>

#include "base/error.h"

namespace myfabric::sql {

bool is_traceparent(std::string_view value) noexcept {
    constexpr std::string_view form = "hh-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";
    const auto fits = [](char c, char wanted) {
        return wanted == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    };
    const auto zero = [&](std::size_t from, std::size_t count) {
        return value.substr(from, count).find_first_not_of('0') == value.npos;
    };
    return std::ranges::equal(value, form, fits) && !value.starts_with("ff") && !zero(3, 32) &&
           !zero(36, 16);
}

std::string trace_comment(std::string_view value) {
    if (value.empty()) return {};
    if (!is_traceparent(value))
        throw Error(state::invalid_attribute_value,
                    "'" + std::string(value) +
                        "' is no traceparent; it has the form "
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    return "/*traceparent='" + std::string(value) + "'*/";
}

}  // namespace myfabric::sql
