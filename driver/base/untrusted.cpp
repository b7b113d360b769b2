#include "base/untrusted.h"

#include <algorithm>

#include "platform/socket.h"

namespace myfabric {
namespace {

constexpr std::size_t longest = 255;

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7F;
}

/// Length of the character of UTF-8 that `text` begins with; 0 for bytes that are none, and for the
/// control characters beyond ASCII, U+0080 to U+009F.
std::size_t character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                               : first >= 0xE0 && first <= 0xEF ? 3
                               : first >= 0xF0 && first <= 0xF4 ? 4
                                                                : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    const unsigned second = byte(1);
    const bool too_long = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool none = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
    return too_long || none || (first == 0xC2 && second < 0xA0) ? 0 : length;
}

std::string escaped(unsigned char c) {
    constexpr char digits[] = "0123456789ABCDEF";
    return {'\\', 'x', digits[c >> 4], digits[c & 15]};
}

std::string why_no_address(std::string_view text) {
    const std::size_t percent = std::min(text.find('%'), text.size());
    const std::string address(text.substr(0, percent));
    const std::string_view zone = text.substr(std::min(percent + 1, text.size()));
    if (!platform::is_ipv6_address(address)) return "it is no IPv6 address, and a name has no ':'";
    if (percent < text.size() && (zone.empty() || !std::ranges::all_of(zone, is_name_character)))
        return "the zone of the IPv6 address is no name";
    return {};
}

}  // namespace

std::string why_no_host(std::string_view text) {
    if (text.empty()) return "it is empty";
    if (text.size() > longest) return "it is longer than " + std::to_string(longest) + " bytes";
    const auto wrong = std::ranges::find_if_not(
        text, [](char c) { return is_name_character(c) || c == ':' || c == '%'; });
    if (wrong != text.end()) {
        if (*wrong == ' ') return "no host has a blank";
        return "no host has the character '" + printable({wrong, 1}) + "'";
    }
    if (text.find_first_of(":%") != std::string_view::npos) return why_no_address(text);
    return {};
}

std::string why_no_name(std::string_view text) {
    if (text.empty()) return "it is empty";
    if (text.size() > longest) return "it is longer than " + std::to_string(longest) + " bytes";
    while (!text.empty()) {
        const std::size_t length = character(text);
        if (length == 0) return "it is not valid UTF-8 or has control characters";
        if (is_control(static_cast<unsigned char>(text.front())))
            return "it has control characters";
        text.remove_prefix(length);
    }
    return {};
}

std::string printable(std::string_view text, std::size_t most) {
    std::string shown;
    while (!text.empty()) {
        const std::size_t length = character(text);
        const auto first = static_cast<unsigned char>(text.front());
        const bool plain = length != 0 && !is_control(first);
        const std::string piece = plain ? std::string(text.substr(0, length)) : escaped(first);
        if (shown.size() + piece.size() > most) return shown + "...";
        shown += piece;
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

}  // namespace myfabric
