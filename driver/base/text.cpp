#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/character_set.h"
#include "base/error.h"
#include "base/unicode.h"

namespace myfabric {
namespace {

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

[[noreturn]] static void throw_bad_capacity(long long capacity) {
    throw Error(state::invalid_length, "the buffer length is " + std::to_string(capacity));
}

bool TextOut::put(std::string_view value) const {
    if (capacity < 0) [[unlikely]]
        throw_bad_capacity(capacity);
    if (four_bytes) return put_utf32(utf8_to_utf32(value));
    const CharacterSet* const set = wide || !narrow ? nullptr : CharacterSet::at(narrow);
    if (set) [[unlikely]]
        return put_narrow(*set, value);
    auto room = static_cast<std::size_t>(capacity);
    if (!wide) {
        put_length(value.size());
        if (!buffer) return true;  // only the length was asked for
        if (room == 0) return false;
        const bool fits = value.size() < room;
        const std::size_t copied = fits ? value.size() : cut_at_character(value, room - 1);
        if (copied) std::memcpy(buffer, value.data(), copied);  // an empty text may be null
        static_cast<char*>(buffer)[copied] = 0;
        return fits;
    }
    const std::size_t full = utf16_length(value);
    const bool in_bytes = unit == Unit::bytes;
    if (in_bytes) room /= sizeof(SQLWCHAR);
    put_length(in_bytes ? full * sizeof(SQLWCHAR) : full);
    if (!buffer) return true;
    if (room == 0) return false;
    SQLWCHAR* out = static_cast<SQLWCHAR*>(buffer);
    out[utf8_to_utf16(value, out, room - 1).written] = 0;
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
    const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace myfabric
