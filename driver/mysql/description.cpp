#include "mysql/description.h"

namespace myfabric::mysql {
namespace {

constexpr std::size_t head = 4;  // three bytes of size, one of number
/// The packet after a description: a mark, the number of warnings, the session's status.
constexpr std::size_t end_size = 5;
constexpr unsigned char end_mark = 254;

unsigned char byte(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned char>(text[at]);
}

std::size_t size_at(std::string_view packets, std::size_t at) noexcept {
    return static_cast<std::size_t>(byte(packets, at) | byte(packets, at + 1) << 8 |
                                    byte(packets, at + 2) << 16);
}

/// Whether the packet with this number begins there as a whole and ends a description.
bool ends_at(std::string_view packets, std::size_t at, unsigned number) noexcept {
    return packets.size() >= at + head + end_size && size_at(packets, at) == end_size &&
           byte(packets, at + 3) == number && byte(packets, at + head) == end_mark;
}

}  // namespace

std::string_view description_in(std::string_view packets) noexcept {
    constexpr unsigned first = 1, most = 250;  // a command has number 0
    if (packets.size() <= head) return {};
    // Else it is an OK, an error, or asks for a file.
    const unsigned columns = byte(packets, head);
    if (columns < 1 || columns > most) return {};
    std::size_t at = 0;
    for (unsigned number = first; packets.size() - at > head; ++number) {
        if (number > first && ends_at(packets, at, number))
            // MariaDB leaves out what it described before.
            return number == first + 1 || number == first + 1 + columns ? packets.substr(0, at)
                                                                        : std::string_view();
        const std::size_t size = size_at(packets, at);
        if (size == 0 || byte(packets, at + 3) != number || packets.size() - at - head < size)
            return {};
        at += head + size;
    }
    return {};
}

std::optional<DescribedEnd> end_of_known(std::string_view packets,
                                         std::string_view known) noexcept {
    const std::size_t at = known.size();
    if (known.empty() || !packets.starts_with(known)) return std::nullopt;
    const bool described = known.size() > head + size_at(known, 0);
    const unsigned end = byte(known, 3) + 1u + (described ? byte(known, head) : 0);
    if (!ends_at(packets, at, end)) return std::nullopt;
    const auto number = [packets, at](std::size_t byte_of) {
        const std::size_t from = at + head + byte_of;
        return static_cast<unsigned>(byte(packets, from) | byte(packets, from + 1) << 8);
    };
    return DescribedEnd{.columns = byte(packets, head),
                        .warnings = number(1),
                        .status = number(3),
                        .next_packet = end + 1,
                        .size = at + head + end_size};
}

}  // namespace myfabric::mysql
