#include "base/unicode.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace myfabric {
namespace {

constexpr char32_t replacement = 0xFFFD;

struct Character {
    char32_t code;
    std::size_t bytes;
};

/// Decodes the character at the start of a non-empty `text`; one malformed byte becomes U+FFFD.
Character decode(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto follows = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    if (lead >= 0xC2 && lead < 0xE0 && follows(1))
        return {(lead & 0x1F) << 6 | (byte(1) & 0x3Fu), 2};
    if (lead >= 0xE0 && lead < 0xF0 && follows(1) && follows(2)) {
        const char32_t code = (lead & 0x0F) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
        if (code >= 0x800 && (code < 0xD800 || code > 0xDFFF)) return {code, 3};
    }
    if (lead >= 0xF0 && lead < 0xF5 && follows(1) && follows(2) && follows(3)) {
        const char32_t code = (lead & 0x07) << 18 | (byte(1) & 0x3Fu) << 12 |
                              (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
        if (code >= 0x10000 && code <= 0x10FFFF) return {code, 4};
    }
    return {replacement, 1};
}

void append_utf8(std::string& out, char32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

/// The first bytes of `text` as one number, whose lowest byte is the first one.
template <class Number>
Number load(const char* text) noexcept {
    Number number;
    std::memcpy(&number, text, sizeof number);
    if constexpr (std::endian::native == std::endian::big && sizeof number == 8)
        return __builtin_bswap64(number);
    else if constexpr (std::endian::native == std::endian::big)
        return __builtin_bswap32(number);
    return number;
}

constexpr std::uint64_t each_byte(std::uint64_t byte) {
    return byte * 0x0101010101010101u;
}
constexpr std::uint64_t each_pair(std::uint64_t pair) {
    return pair * 0x0001000100010001u;
}

bool is_ascii(const char* text) noexcept {
    return !(load<std::uint64_t>(text) & each_byte(0x80));
}

#ifdef __SSE2__
constexpr std::size_t block = 16;

/// A block of characters, if all of them are ASCII.
[[gnu::always_inline]] inline bool copy_block(const char* text, SQLWCHAR* out) noexcept {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
    if (_mm_movemask_epi8(bytes)) return false;
    const __m128i zero = _mm_setzero_si128();
    auto* const units = reinterpret_cast<__m128i*>(out);
    _mm_storeu_si128(units, _mm_unpacklo_epi8(bytes, zero));
    _mm_storeu_si128(units + 1, _mm_unpackhi_epi8(bytes, zero));
    return true;
}
/// The same for half of one.
[[gnu::always_inline]] inline bool copy_half(const char* text, SQLWCHAR* out) noexcept {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(text));
    if (_mm_movemask_epi8(bytes)) return false;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                     _mm_unpacklo_epi8(bytes, _mm_setzero_si128()));
    return true;
}
#else
constexpr std::size_t block = 16;

[[gnu::always_inline]] inline bool copy_half(const char* text, SQLWCHAR* out) noexcept {
    if (!is_ascii(text)) return false;
    for (std::size_t i = 0; i < block / 2; ++i) out[i] = static_cast<unsigned char>(text[i]);
    return true;
}
[[gnu::always_inline]] inline bool copy_block(const char* text, SQLWCHAR* out) noexcept {
    return copy_half(text, out) && copy_half(text + block / 2, out + block / 2);
}
#endif

/// The ASCII characters at the start of `text`, of which there are `limit`.
[[gnu::always_inline]] inline std::size_t copy_ascii(const char* text, SQLWCHAR* out,
                                                     std::size_t limit) noexcept {
    std::size_t i = 0;
    if (limit >= block) {
        const std::size_t last = limit - block;
        while (i < last && copy_block(text + i, out + i)) i += block;
        // The last ones together with some that have been copied already.
        if (i >= last && copy_block(text + last, out + last)) return limit;
    } else if (limit >= block / 2) {
        const std::size_t last = limit - block / 2;
        if (copy_half(text, out) && copy_half(text + last, out + last)) return limit;
    }
    while (i < limit && static_cast<unsigned char>(text[i]) < 0x80) {
        out[i] = static_cast<unsigned char>(text[i]);
        ++i;
    }
    return i;
}

/// Four characters of two bytes each, at once. False when there are others among them.
[[gnu::always_inline]] inline bool copy_four_pairs(const char* text, SQLWCHAR* out) noexcept {
    const auto pairs = load<std::uint64_t>(text);
    if ((pairs & each_pair(0xC0E0)) != each_pair(0x80C0)) return false;
    // Leads C0 and C1 are malformed: the sum reaches the highest bit for all others.
    constexpr std::uint64_t high = each_pair(0x8000);
    if ((((pairs & each_pair(0x1E)) + each_pair(0x7FFE)) & high) != high) return false;
    const std::uint64_t units = (pairs & each_pair(0x1F)) << 6 | (pairs >> 8 & each_pair(0x3F));
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(out, &units, sizeof units);
    else
        for (int i = 0; i < 4; ++i) out[i] = static_cast<SQLWCHAR>(units >> (16 * i));
    return true;
}

/// The unit of a character of three bytes at the start of `text`, of which four are readable; 0 for
/// anything else, and for what decode() has to look at.
[[gnu::always_inline]] inline SQLWCHAR unit_of_three(const char* text) noexcept {
    const auto bytes = load<std::uint32_t>(text);
    if ((bytes & 0xC0C0F0) != 0x8080E0) return 0;
    const std::uint32_t unit = (bytes & 0x0F) << 12 | (bytes >> 2 & 0xFC0) | (bytes >> 16 & 0x3F);
    return unit < 0x800 || unit - 0xD800 < 0x800 ? SQLWCHAR{0} : static_cast<SQLWCHAR>(unit);
}

/// Any text; apart, so that ASCII does not pay for its registers.
[[gnu::noinline]] Transcoded copy_mixed(const char* const text, const char* const end,
                                        SQLWCHAR* const out, SQLWCHAR* const full) noexcept {
    constexpr std::ptrdiff_t word = sizeof(std::uint64_t);
    const char* at = text;
    SQLWCHAR* to = out;
    while (at < end && to < full) {
        const unsigned lead = static_cast<unsigned char>(*at);
        if (lead < 0x80) {
            if (end - at >= std::ptrdiff_t{block} && full - to >= std::ptrdiff_t{block} &&
                copy_block(at, to)) {
                at += block;
                to += block;
                continue;
            }
            do *to++ = static_cast<unsigned char>(*at++);
            while (at < end && to < full && static_cast<unsigned char>(*at) < 0x80);
            continue;
        }
        if (lead < 0xE0) {
            if (end - at >= word && full - to >= 4 && copy_four_pairs(at, to)) {
                at += word;
                to += 4;
                continue;
            }
            if (lead >= 0xC2 && end - at >= 2 && (at[1] & 0xC0) == 0x80) {
                *to++ = static_cast<SQLWCHAR>((lead & 0x1F) << 6 | (at[1] & 0x3F));
                at += 2;
                continue;
            }
        } else if (end - at >= 4) {
            if (const SQLWCHAR unit = unit_of_three(at)) {
                *to++ = unit;
                at += 3;
                continue;
            }
        }
        const auto [code, bytes] = decode({at, static_cast<std::size_t>(end - at)});
        if (code < 0x10000) {
            *to++ = static_cast<SQLWCHAR>(code);
        } else {
            if (full - to < 2) break;
            *to++ = static_cast<SQLWCHAR>(0xD800 + ((code - 0x10000) >> 10));
            *to++ = static_cast<SQLWCHAR>(0xDC00 + ((code - 0x10000) & 0x3FF));
        }
        at += bytes;
    }
    return {static_cast<std::size_t>(at - text), static_cast<std::size_t>(to - out)};
}

}  // namespace

Transcoded utf8_to_utf16(std::string_view text, SQLWCHAR* out, std::size_t capacity) noexcept {
    const std::size_t limit = std::min(text.size(), capacity);
    const std::size_t ascii = copy_ascii(text.data(), out, limit);
    if (ascii == limit) [[likely]]
        return {ascii, ascii};
    const Transcoded more =
        copy_mixed(text.data() + ascii, text.data() + text.size(), out + ascii, out + capacity);
    return {ascii + more.read, ascii + more.written};
}

std::u32string utf8_to_utf32(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [code, bytes] = decode(text);
        out += code;
        text.remove_prefix(bytes);
    }
    return out;
}

std::size_t utf16_length(std::string_view text) noexcept {
    std::size_t units = 0;
    for (std::size_t i = 0; i < text.size();) {
        if (i + 8 <= text.size() && is_ascii(text.data() + i)) {
            i += 8;
            units += 8;
            continue;
        }
        if (static_cast<unsigned char>(text[i]) < 0x80) {
            ++i;
            ++units;
            continue;
        }
        const auto [code, bytes] = decode(text.substr(i));
        units += code < 0x10000 ? 1 : 2;
        i += bytes;
    }
    return units;
}

std::string utf16_to_utf8(const SQLWCHAR* text, std::size_t units) {
    std::string out;
    out.reserve(units);
    for (std::size_t i = 0; i < units; ++i) {
        const char32_t unit = text[i];
        const bool pair = unit >= 0xD800 && unit < 0xDC00 && i + 1 < units &&
                          text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000;
        if (pair) {
            append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (text[i + 1] - 0xDC00u));
            ++i;
        } else {
            append_utf8(out, unit >= 0xD800 && unit < 0xE000 ? replacement : unit);
        }
    }
    return out;
}

}  // namespace myfabric
