#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/character_set.h"
#include "base/error.h"

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

using Bytes8 [[gnu::vector_size(8)]] = unsigned char;
using Units8 [[gnu::vector_size(16)]] = SQLWCHAR;
using Bytes16 [[gnu::vector_size(16)]] = unsigned char;
using Units16 [[gnu::vector_size(32)]] = SQLWCHAR;

/// Zero-extends as many bytes as `Bytes` holds, all at once.
template <class Bytes, class Units>
void widen(const char* text, SQLWCHAR* out) noexcept {
    Bytes bytes;
    std::memcpy(&bytes, text, sizeof bytes);
    const Units units = __builtin_convertvector(bytes, Units);
    std::memcpy(out, &units, sizeof units);
}

bool is_ascii(const char* text) noexcept {
    std::uint64_t block;
    std::memcpy(&block, text, sizeof block);
    return !(block & 0x8080808080808080u);
}

/// The ASCII characters at the start of `text`, many at once.
std::size_t copy_ascii(std::string_view text, SQLWCHAR* out, std::size_t capacity) noexcept {
    const std::size_t limit = std::min(text.size(), capacity);
    std::size_t i = 0;
    while (i + 16 <= limit && is_ascii(text.data() + i) && is_ascii(text.data() + i + 8)) {
        widen<Bytes16, Units16>(text.data() + i, out + i);
        i += 16;
    }
    if (i + 8 <= limit && is_ascii(text.data() + i)) {
        widen<Bytes8, Units8>(text.data() + i, out + i);
        i += 8;
    }
    while (i < limit && static_cast<unsigned char>(text[i]) < 0x80) {
        out[i] = static_cast<unsigned char>(text[i]);
        ++i;
    }
    return i;
}

/// The most bytes, at most `limit`, that end with a whole character.
std::size_t cut_at_character(std::string_view utf8, std::size_t limit) noexcept {
    constexpr std::size_t longest = 4;
    if (limit >= utf8.size()) return utf8.size();
    for (std::size_t end = limit; limit - end < longest; --end) {
        if ((static_cast<unsigned char>(utf8[end]) & 0xC0) != 0x80) return end;
        if (end == 0) break;
    }
    return limit;  // no UTF-8
}

}  // namespace

Transcoded utf8_to_utf16(std::string_view text, SQLWCHAR* out, std::size_t capacity) noexcept {
    std::size_t read = 0;
    std::size_t written = 0;
    for (;;) {
        const std::size_t ascii = copy_ascii(text.substr(read), out + written, capacity - written);
        read += ascii;
        written += ascii;
        if (read == text.size() || written == capacity) return {read, written};
        while (read < text.size() && static_cast<unsigned char>(text[read]) >= 0x80) {
            if (written == capacity) return {read, written};
            // Most of what is not ASCII has two or three bytes.
            const auto* const at = reinterpret_cast<const unsigned char*>(text.data()) + read;
            const std::size_t left = text.size() - read;
            if (at[0] >= 0xC2 && at[0] < 0xE0 && left >= 2 && (at[1] & 0xC0) == 0x80) {
                out[written++] = static_cast<SQLWCHAR>((at[0] & 0x1F) << 6 | (at[1] & 0x3F));
                read += 2;
                continue;
            }
            if (at[0] > 0xE0 && at[0] < 0xED && left >= 3 && (at[1] & 0xC0) == 0x80 &&
                (at[2] & 0xC0) == 0x80) {
                out[written++] = static_cast<SQLWCHAR>((at[0] & 0x0F) << 12 | (at[1] & 0x3F) << 6 |
                                                       (at[2] & 0x3F));
                read += 3;
                continue;
            }
            const auto [code, bytes] = decode(text.substr(read));
            if (code < 0x10000) {
                out[written++] = static_cast<SQLWCHAR>(code);
            } else {
                if (capacity - written < 2) return {read, written};
                out[written++] = static_cast<SQLWCHAR>(0xD800 + ((code - 0x10000) >> 10));
                out[written++] = static_cast<SQLWCHAR>(0xDC00 + ((code - 0x10000) & 0x3FF));
            }
            read += bytes;
        }
        if (read == text.size()) return {read, written};
    }
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

std::string_view text(const SQLCHAR* value, SQLLEN length) {
    if (length < 0 && length != SQL_NTS)
        throw Error(state::invalid_length,
                    "the length of a text argument is " + std::to_string(length));
    if (!value) return {};
    const char* start = reinterpret_cast<const char*>(value);
    return {start, length == SQL_NTS ? std::strlen(start)
                                     : strnlen(start, static_cast<std::size_t>(length))};
}

std::string text(const SQLWCHAR* value, SQLLEN length) {
    if (length < 0 && length != SQL_NTS)
        throw Error(state::invalid_length,
                    "the length of a text argument is " + std::to_string(length));
    if (!value) return {};
    const std::size_t most = length == SQL_NTS ? SIZE_MAX : static_cast<std::size_t>(length);
    std::size_t units = 0;
    while (units < most && value[units]) ++units;
    return utf16_to_utf8(value, units);
}

std::string attribute_text(const void* value, SQLINTEGER length, bool wide) {
    if (!value) return {};
    const auto* const bytes = static_cast<const char*>(value);
    if (length == SQL_NTS && wide) return text(static_cast<const SQLWCHAR*>(value), SQL_NTS);
    if (length < 0) return std::string(text(static_cast<const SQLCHAR*>(value), length));
    const std::string_view all(bytes, static_cast<std::size_t>(length));
    const std::size_t size = all.size();
    // Zeros at the end may be a narrow text's that were counted; other ones are UTF-16's.
    const std::size_t zero = all.find('\0');
    const bool counted = zero > 1 && all.find_first_not_of('\0', zero) == all.npos;
    const bool utf16 = size % sizeof(SQLWCHAR) == 0 && (wide || (zero != all.npos && !counted));
    std::string found;
    if (utf16) {
        // An attribute's address need not be even.
        std::vector<SQLWCHAR> units(size / sizeof(SQLWCHAR));
        if (size) std::memcpy(units.data(), bytes, size);
        found = utf16_to_utf8(units.data(), units.size());
    } else {
        found.assign(bytes, size);
    }
    return found.substr(0, found.find('\0'));
}

void TextOut::put_length(std::size_t counted) const {
    if (!length) return;
    if (length_size == sizeof(SQLSMALLINT))
        *static_cast<SQLSMALLINT*>(length) =
            static_cast<SQLSMALLINT>(std::min<std::size_t>(counted, 0x7FFF));
    else
        *static_cast<SQLINTEGER*>(length) = static_cast<SQLINTEGER>(counted);
}

bool TextOut::put_utf32(std::u32string_view value) const {
    put_length(value.size());
    if (!buffer) return true;
    const auto room = static_cast<std::size_t>(capacity);
    if (room == 0) return false;
    const std::size_t copied = std::min(value.size(), room - 1);
    if (copied) std::memcpy(buffer, value.data(), copied * sizeof(char32_t));
    std::memset(static_cast<char32_t*>(buffer) + copied, 0, sizeof(char32_t));
    return value.size() < room;
}

bool TextOut::put_narrow(const CharacterSet& set, std::string_view value) const {
    put_length(set.length(value));
    if (!buffer) return true;
    if (capacity == 0) return false;
    auto* const out = static_cast<char*>(buffer);
    const auto done = set.from_utf8(value, out, static_cast<std::size_t>(capacity) - 1);
    out[done.written] = 0;
    return done.read == value.size();
}

bool TextOut::put(std::string_view value) const {
    if (capacity < 0)
        throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
    if (four_bytes) return put_utf32(utf8_to_utf32(value));
    if (const CharacterSet* set = wide ? nullptr : CharacterSet::at(narrow)) [[unlikely]]
        return put_narrow(*set, value);
    const std::size_t unit_size = wide ? sizeof(SQLWCHAR) : 1;
    const std::size_t full = wide ? utf16_length(value) : value.size();
    const std::size_t room =
        static_cast<std::size_t>(capacity) / (unit == Unit::bytes ? unit_size : 1);
    put_length(unit == Unit::bytes ? full * unit_size : full);
    if (!buffer) return true;  // only the length was asked for
    if (room == 0) return false;
    if (wide) {
        SQLWCHAR* out = static_cast<SQLWCHAR*>(buffer);
        out[utf8_to_utf16(value, out, room - 1).written] = 0;
    } else {
        const std::size_t copied = cut_at_character(value, room - 1);
        if (copied) std::memcpy(buffer, value.data(), copied);  // an empty text may be null
        static_cast<char*>(buffer)[copied] = 0;
    }
    return full < room;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

std::string to_upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

std::string_view trim(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n\f\v";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace myfabric
