#include "conversion/store.h"

#include <algorithm>

#include "base/character_set.h"
#include "base/unicode.h"
#include "conversion/hex.h"

namespace myfabric::conversion {
namespace {

/// Units that fit beside the terminator; -1 when not even that does.
template <class Char>
SQLLEN room(const Target& target) {
    return target.capacity / static_cast<SQLLEN>(sizeof(Char)) - 1;
}

/// Copies `size` to twice as many bytes by two moves that may overlap.
template <std::size_t size>
void copy_ends(std::string_view text, char* out) {
    std::memcpy(out, text.data(), size);
    std::memcpy(out + text.size() - size, text.data() + text.size() - size, size);
}

/// Values of rows are short: a few moves cost less than a call of memcpy.
[[gnu::always_inline]] inline void copy_short(std::string_view text, char* out) {
    const std::size_t size = text.size();
    if (size > 64) [[unlikely]] {
        std::memcpy(out, text.data(), size);
    } else if (size > 32) {
        copy_ends<16>(text, out);
        std::memcpy(out + 16, text.data() + 16, 16);
        std::memcpy(out + size - 32, text.data() + size - 32, 16);
    } else if (size >= 16) {
        copy_ends<16>(text, out);
    } else if (size >= 8) {
        copy_ends<8>(text, out);
    } else if (size >= 4) {
        copy_ends<4>(text, out);
    } else if (size) {
        out[0] = text[0];
        out[size / 2] = text[size / 2];
        out[size - 1] = text[size - 1];
    }
}

/// Copies ASCII `text[0, count)` and terminates it.
template <class Char>
void put_ascii(std::string_view text, std::size_t count, const Target& target) {
    auto* const out = static_cast<unsigned char*>(target.value);
    if constexpr (sizeof(Char) == 1) {
        copy_short(text.substr(0, count), reinterpret_cast<char*>(out));
        out[count] = 0;
    } else {
        for (std::size_t i = 0; i <= count; ++i) {
            const SQLWCHAR unit = i < count ? static_cast<unsigned char>(text[i]) : 0;
            std::memcpy(out + i * sizeof unit, &unit, sizeof unit);
        }
    }
}

template <class Char>
Outcome exact(std::string_view text, const Target& target) noexcept {
    const auto full = static_cast<SQLLEN>(text.size() * sizeof(Char));
    const SQLLEN space = room<Char>(target);
    if (!target.value) {
        store_length(full, target);
        return Outcome::stored;
    }
    if (static_cast<SQLLEN>(text.size()) <= space) [[likely]] {
        put_ascii<Char>(text, text.size(), target);
        store_length(full, target);
        return Outcome::stored;
    }
    // Nothing can be misread where nothing is written: a question for the length.
    if (target.capacity <= 0) {
        store_length(full, target);
        return Outcome::truncated;
    }
    const std::size_t whole = whole_part(text);
    if (static_cast<SQLLEN>(whole) > space) return Outcome::out_of_range;
    // A point without digits after it is left out.
    const auto count = static_cast<std::size_t>(space);
    put_ascii<Char>(text, count == whole + 1 ? whole : count, target);
    store_length(full, target);
    return Outcome::truncated;
}

template <class Char>
Outcome hex(std::string_view bytes, const Target& target) noexcept {
    store_length(static_cast<SQLLEN>(bytes.size() * 2 * sizeof(Char)), target);
    if (!target.value) return Outcome::stored;
    const SQLLEN space = room<Char>(target);
    if (space < 0) return Outcome::truncated;
    const std::size_t pairs = std::min(bytes.size(), static_cast<std::size_t>(space) / 2);
    auto* out = static_cast<unsigned char*>(target.value);
    const auto put = [&](SQLWCHAR digit) {
        if constexpr (sizeof(Char) == 1)
            *out = static_cast<unsigned char>(digit);
        else
            std::memcpy(out, &digit, sizeof digit);
        out += sizeof(Char);
    };
    for (std::size_t i = 0; i < pairs; ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        put(static_cast<SQLWCHAR>(hex_digits[byte >> 4]));
        put(static_cast<SQLWCHAR>(hex_digits[byte & 15]));
    }
    put(0);
    return pairs == bytes.size() ? Outcome::stored : Outcome::truncated;
}

/// The longest prefix of up to `count` bytes that ends between characters.
std::size_t character_end(std::string_view text, std::size_t count) {
    const auto continues = [&](std::size_t i) {
        return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
    };
    std::size_t end = count;
    while (end > 0 && count - end < 3 && continues(end)) --end;
    return continues(end) ? count : end;  // no UTF-8 at all: cut anywhere
}

/// The text does not fit: cut between characters.
[[gnu::noinline]] Outcome store_cut_text(std::string_view text, const Target& target) noexcept {
    auto* const out = static_cast<char*>(target.value);
    if (target.capacity <= 0) return Outcome::truncated;
    const std::size_t count = character_end(text, static_cast<std::size_t>(target.capacity - 1));
    copy_short(text.substr(0, count), out);
    out[count] = 0;
    return Outcome::truncated;
}

}  // namespace

Outcome store_text(std::string_view text, const Target& target) noexcept {
    store_length(static_cast<SQLLEN>(text.size()), target);
    if (!target.value) return Outcome::stored;
    auto* const out = static_cast<char*>(target.value);
    if (static_cast<SQLLEN>(text.size()) < target.capacity) [[likely]] {
        out[text.size()] = 0;
        copy_short(text, out);
        return Outcome::stored;
    }
    return store_cut_text(text, target);
}

Outcome store_narrow_text(std::string_view text, const Target& target) noexcept {
    const CharacterSet* set = CharacterSet::at(target.narrow);
    if (!set) return store_text(text, target);
    CharacterSet::Written done;
    const bool fits = target.value && target.capacity > 0;
    if (fits) {
        auto* const out = static_cast<char*>(target.value);
        done = set->from_utf8(text, out, static_cast<std::size_t>(target.capacity - 1));
        out[done.written] = 0;
    }
    const std::size_t whole = done.written + set->length(text.substr(done.read));
    store_length(static_cast<SQLLEN>(whole), target);
    if (!target.value) return Outcome::stored;
    if (!fits || done.read < text.size()) return Outcome::truncated;
    return done.replaced ? Outcome::replaced : Outcome::stored;
}

Outcome store_raw_text(std::string_view bytes, const Target& target) noexcept {
    store_length(static_cast<SQLLEN>(bytes.size()), target);
    if (!target.value) return Outcome::stored;
    if (target.capacity <= 0) return Outcome::truncated;
    auto* const out = static_cast<char*>(target.value);
    const std::size_t count = std::min(bytes.size(), static_cast<std::size_t>(target.capacity - 1));
    std::memcpy(out, bytes.data(), count);
    out[count] = 0;
    return count == bytes.size() ? Outcome::stored : Outcome::truncated;
}

Outcome store_wide_text(std::string_view text, const Target& target) noexcept {
    const SQLLEN space = room<SQLWCHAR>(target);
    Transcoded done;
    if (target.value && space >= 0) [[likely]] {
        auto* const out = static_cast<SQLWCHAR*>(target.value);
        done = utf8_to_utf16(text, out, static_cast<std::size_t>(space));
        out[done.written] = 0;
    }
    std::size_t units = done.written;
    if (done.read < text.size()) units += utf16_length(text.substr(done.read));
    store_length(static_cast<SQLLEN>(units * sizeof(SQLWCHAR)), target);
    if (!target.value || (space >= 0 && done.read == text.size())) return Outcome::stored;
    return Outcome::truncated;
}

std::size_t whole_part(std::string_view text) noexcept {
    // Cutting "1.5e20" anywhere would leave another number.
    const std::size_t mark = text.find_first_of(".e");
    if (mark == std::string_view::npos) return text.size();
    return text.find('e', mark) == std::string_view::npos ? mark : text.size();
}

Outcome store_exact(std::string_view text, const Target& target) noexcept {
    return exact<SQLCHAR>(text, target);
}
Outcome store_wide_exact(std::string_view text, const Target& target) noexcept {
    return exact<SQLWCHAR>(text, target);
}
Outcome store_hex(std::string_view bytes, const Target& target) noexcept {
    return hex<SQLCHAR>(bytes, target);
}
Outcome store_wide_hex(std::string_view bytes, const Target& target) noexcept {
    return hex<SQLWCHAR>(bytes, target);
}

Outcome store_bytes(std::string_view bytes, const Target& target) noexcept {
    store_length(static_cast<SQLLEN>(bytes.size()), target);
    if (!target.value) return Outcome::stored;
    const auto space = static_cast<std::size_t>(std::max<SQLLEN>(target.capacity, 0));
    std::memcpy(target.value, bytes.data(), std::min(bytes.size(), space));
    return bytes.size() <= space ? Outcome::stored : Outcome::truncated;
}

}  // namespace myfabric::conversion
