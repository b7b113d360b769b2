#include "mysql/description.h"

namespace myfabric::mysql {
namespace {

constexpr std::size_t head = 4;  // three bytes of size, one of number
/// The packet behind a description: a mark, the number of warnings, the session's status.
constexpr std::size_t end_size = 5;
constexpr unsigned char end_mark = 254;

unsigned char byte(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned char>(text[at]);
}

std::size_t size_at(std::string_view packets, std::size_t at) noexcept {
    return static_cast<std::size_t>(byte(packets, at) | byte(packets, at + 1) << 8 |
                                    byte(packets, at + 2) << 16);
}

/// Whether a whole packet that ends a description begins there.
bool ends_at(std::string_view packets, std::size_t at) noexcept {
    return packets.size() >= at + head + end_size && size_at(packets, at) == end_size &&
           byte(packets, at + head) == end_mark;
}

}  // namespace

std::string_view description_in(std::string_view packets) noexcept {
    // Else the first packet is an OK, an error, or asks for a file.
    constexpr unsigned char fewest = 1, most = 250;
    for (std::size_t at = 0; packets.size() - at > head;) {
        const unsigned char first = byte(packets, at + head);
        if (at == 0 && (first < fewest || first > most)) return {};
        if (at != 0 && ends_at(packets, at)) return packets.substr(0, at);
        const std::size_t size = size_at(packets, at);
        if (size == 0 || packets.size() - at - head < size) return {};
        at += head + size;
    }
    return {};
}

std::optional<DescribedEnd> end_of_known(std::string_view packets,
                                         std::string_view known) noexcept {
    const std::size_t at = known.size();
    if (known.empty() || !packets.starts_with(known) || !ends_at(packets, at)) return std::nullopt;
    const auto number = [packets, at](std::size_t byte_of) {
        const std::size_t from = at + head + byte_of;
        return static_cast<unsigned>(byte(packets, from) | byte(packets, from + 1) << 8);
    };
    return DescribedEnd{.columns = byte(packets, head),
                        .warnings = number(1),
                        .status = number(3),
                        .next_packet = byte(packets, at + 3) + 1u,
                        .size = at + head + end_size};
}

}  // namespace myfabric::mysql
