#include "conversion/guid.h"

#include <cstdint>

#include "base/text.h"
#include "conversion/hex.h"
#include "conversion/store.h"

namespace myfabric::conversion {
namespace {

constexpr std::size_t bytes_size = 16;

bool is_dash(std::size_t i) {
    return i == 8 || i == 13 || i == 18 || i == 23;
}

}  // namespace

SQLGUID guid_from_bytes(const char* bytes) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    SQLGUID guid;
    guid.Data1 = static_cast<std::uint32_t>(byte(0)) << 24 |
                 static_cast<std::uint32_t>(byte(1)) << 16 |
                 static_cast<std::uint32_t>(byte(2)) << 8 | byte(3);
    guid.Data2 = static_cast<std::uint16_t>(byte(4) << 8 | byte(5));
    guid.Data3 = static_cast<std::uint16_t>(byte(6) << 8 | byte(7));
    for (std::size_t i = 0; i < 8; ++i) guid.Data4[i] = byte(8 + i);
    return guid;
}

void guid_to_bytes(const SQLGUID& guid, char* out) noexcept {
    for (unsigned i = 0; i < 4; ++i) out[i] = static_cast<char>(guid.Data1 >> (24 - 8 * i));
    for (unsigned i = 0; i < 2; ++i) out[4 + i] = static_cast<char>(guid.Data2 >> (8 - 8 * i));
    for (unsigned i = 0; i < 2; ++i) out[6 + i] = static_cast<char>(guid.Data3 >> (8 - 8 * i));
    for (unsigned i = 0; i < 8; ++i) out[8 + i] = static_cast<char>(guid.Data4[i]);
}

bool parse_guid(std::string_view text, SQLGUID& out) noexcept {
    text = trim(text);
    if (text.size() == guid_size + 2 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, guid_size);
    if (text.size() != guid_size) return false;
    char bytes[bytes_size];
    std::size_t at = 0;
    for (std::size_t i = 0; i < guid_size;) {
        if (is_dash(i)) {
            if (text[i++] != '-') return false;
            continue;
        }
        const int value = hex_pair(text[i], text[i + 1]);
        if (value < 0) return false;
        bytes[at++] = static_cast<char>(value);
        i += 2;
    }
    out = guid_from_bytes(bytes);
    return true;
}

void guid_text(const SQLGUID& guid, char* out) noexcept {
    char bytes[bytes_size];
    guid_to_bytes(guid, bytes);
    std::size_t at = 0;
    for (const char byte : bytes) {
        if (is_dash(at)) out[at++] = '-';
        out[at++] = "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
        out[at++] = "0123456789abcdef"[static_cast<unsigned char>(byte) & 15];
    }
}

Outcome text_to_guid(Cell cell, const Target& target) noexcept {
    SQLGUID guid;
    return parse_guid(cell, guid) ? store(guid, target) : Outcome::bad_text;
}

Outcome bytes_to_guid(Cell cell, const Target& target) noexcept {
    if (cell.size() != bytes_size) return Outcome::bad_text;
    return store(guid_from_bytes(cell.data()), target);
}

}  // namespace myfabric::conversion
