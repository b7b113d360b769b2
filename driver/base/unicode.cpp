#include "base/unicode.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && defined(__x86_64__)
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
inline Character decode(std::string_view text) noexcept {
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

#if defined(__SSE2__) && defined(__x86_64__)
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
/// Eight bytes as units, whatever they are.
[[gnu::always_inline]] inline void put_eight(SQLWCHAR* out, std::uint64_t bytes) noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                     _mm_unpacklo_epi8(_mm_cvtsi64_si128(static_cast<std::int64_t>(bytes)),
                                       _mm_setzero_si128()));
}
#else
constexpr std::size_t block = 16;

[[gnu::always_inline]] inline void put_eight(SQLWCHAR* out, std::uint64_t bytes) noexcept {
    for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<unsigned char>(bytes >> (8 * i));
}

[[gnu::always_inline]] inline bool copy_half(const char* text, SQLWCHAR* out) noexcept {
    if (!is_ascii(text)) return false;
    put_eight(out, load<std::uint64_t>(text));
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

/// Where text and units are, on their way.
struct Places {
    const char* at;
    SQLWCHAR* to;
};

/// The lowest units of `units`, all four of them written.
[[gnu::always_inline]] inline void put_four(SQLWCHAR* out, std::uint64_t units) noexcept {
    if constexpr (std::endian::native == std::endian::little)
        std::memcpy(out, &units, sizeof units);
    else
        for (int i = 0; i < 4; ++i) out[i] = static_cast<SQLWCHAR>(units >> (16 * i));
}

/// How many characters of two bytes `bytes` begins with, up to four.
[[gnu::always_inline]] inline unsigned count_pairs(std::uint64_t bytes) noexcept {
    // Leads C0 and C1 are malformed: the sum reaches the highest bit for all others.
    constexpr std::uint64_t high = each_pair(0x8000);
    const std::uint64_t longer = ~((bytes & each_pair(0x1E)) + each_pair(0x7FFE)) & high;
    const std::uint64_t others = ((bytes & each_pair(0xC0E0)) ^ each_pair(0x80C0)) | longer;
    return static_cast<unsigned>(std::countr_zero(others)) / 16;
}

/// The unit of a character of three bytes that `bytes` begins with; 0 for anything else, and for
/// what decode() has to look at.
[[gnu::always_inline]] inline SQLWCHAR unit_of_three(std::uint64_t bytes) noexcept {
    if ((bytes & 0xC0C0F0) != 0x8080E0) return 0;
    const auto unit = static_cast<std::uint32_t>((bytes & 0x0F) << 12 | (bytes >> 2 & 0xFC0) |
                                                 (bytes >> 16 & 0x3F));
    return unit < 0x800 || unit - 0xD800 < 0x800 ? SQLWCHAR{0} : static_cast<SQLWCHAR>(unit);
}

/// The next eight bytes of a text; zeros where it ends before.
[[gnu::always_inline]] inline std::uint64_t load_rest(const char* text, const char* at,
                                                      const char* end) noexcept {
    constexpr std::ptrdiff_t word = sizeof(std::uint64_t);
    const std::ptrdiff_t left = end - at;
    if (left >= word) [[likely]]
        return load<std::uint64_t>(at);
    if (end - text >= word) [[likely]]
        return load<std::uint64_t>(end - word) >> (8 * (word - left));
    char rest[word] = {};
    for (std::ptrdiff_t i = 0; i < left; ++i) rest[i] = at[i];
    return load<std::uint64_t>(rest);
}

/// Eight bytes at a time, as long as so many units have room: what is of one length at their start
/// is converted at once, and what is written behind it is overwritten by what follows. Stops before
/// a character of four bytes, and before what is malformed.
[[gnu::always_inline]] inline Places copy_runs(const char* text, Places now, const char* end,
                                               const SQLWCHAR* full) noexcept {
    while (now.at < end && full - now.to >= 8) {
        const std::uint64_t bytes = load_rest(text, now.at, end);
        if (const std::uint64_t others = bytes & each_byte(0x80); !(others & 0x80)) {
            put_eight(now.to, bytes);
            const std::ptrdiff_t ascii =
                std::min<std::ptrdiff_t>(others ? std::countr_zero(others) / 8 : 8, end - now.at);
            now.at += ascii;
            now.to += ascii;
        } else if ((bytes & 0xE0) == 0xC0) {
            put_four(now.to, (bytes & each_pair(0x1F)) << 6 | (bytes >> 8 & each_pair(0x3F)));
            const unsigned pairs = count_pairs(bytes);
            if (!pairs) break;
            now.at += 2 * pairs;
            now.to += pairs;
        } else {
            const SQLWCHAR unit = unit_of_three(bytes);
            if (!unit) break;
            *now.to++ = unit;
            now.at += 3;
            if (const SQLWCHAR next = unit_of_three(bytes >> 24)) {
                *now.to++ = next;
                now.at += 3;
            }
        }
    }
    return now;
}

/// Any text; apart, so that ASCII does not pay for its registers.
[[gnu::noinline]] Transcoded copy_mixed(const char* const text, const char* const end,
                                        SQLWCHAR* const out, SQLWCHAR* const full) noexcept {
    Places now{text, out};
    while (now.at < end && now.to < full) {
        now = copy_runs(text, now, end, full);
        if (now.at == end || now.to == full) break;
        const auto [code, bytes] = decode({now.at, static_cast<std::size_t>(end - now.at)});
        if (code < 0x10000) {
            *now.to++ = static_cast<SQLWCHAR>(code);
        } else {
            if (full - now.to < 2) break;
            *now.to++ = static_cast<SQLWCHAR>(0xD800 + ((code - 0x10000) >> 10));
            *now.to++ = static_cast<SQLWCHAR>(0xDC00 + ((code - 0x10000) & 0x3FF));
        }
        now.at += bytes;
    }
    return {static_cast<std::size_t>(now.at - text), static_cast<std::size_t>(now.to - out)};
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
