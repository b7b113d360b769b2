#include "base/character_set.h"

#include <iconv.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/untrusted.h"

namespace myfabric {
namespace {

const iconv_t none = reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
constexpr std::size_t most_sets = 64;

struct Converter {
    Converter(const std::string& to, const std::string& from)
        : handle(iconv_open(to.c_str(), from.c_str())) {}
    ~Converter() {
        if (handle != none) iconv_close(handle);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    std::size_t convert(std::string_view& in, char*& out, std::size_t& room) const noexcept {
        char* from = const_cast<char*>(in.data());
        std::size_t left = in.size();
        const std::size_t done = iconv(handle, &from, &left, &out, &room);
        in = in.substr(in.size() - left);
        return done;
    }
    void begin() const noexcept { iconv(handle, nullptr, nullptr, nullptr, nullptr); }

    iconv_t handle;
};

/// A thread mostly converts from and to one set.
struct InUse {
    const CharacterSet* set = nullptr;
    std::optional<Converter> to, from;
};

const InUse& in_use(const CharacterSet* set) {
    thread_local InUse used;
    if (used.set != set) {
        used.to.emplace("UTF-8", set->name());
        used.from.emplace(set->name(), "UTF-8");
        used.set = set;
    }
    return used;
}

struct Name {
    std::string_view server;
    std::string_view iconv;
};

// clang-format off
constexpr Name names[] = {  // where the server's word is not iconv's, or iconv's differs from what is meant
    {"ansi", "CP1252"}, {"latin1", "CP1252"}, {"latin2", "ISO-8859-2"}, {"latin5", "ISO-8859-9"},
    {"latin7", "ISO-8859-13"}, {"greek", "ISO-8859-7"}, {"hebrew", "ISO-8859-8"}, {"tis620", "TIS-620"},
    {"koi8r", "KOI8-R"}, {"koi8u", "KOI8-U"}, {"sjis", "CP932"}, {"shift_jis", "CP932"},
    {"shift-jis", "CP932"}, {"ujis", "EUC-JP"}, {"eucjpms", "EUC-JP-MS"}, {"euckr", "EUC-KR"},
    {"gb2312", "EUC-CN"}, {"macroman", "MACINTOSH"}, {"macce", "MAC-CENTRALEUROPE"}, {"armscii8", "ARMSCII-8"},
    {"geostd8", "GEORGIAN-PS"},
};
// clang-format on

bool keeps_ascii(const std::string& name) {
    const Converter converter("UTF-8", name);
    for (int code = 1; code < 0x80; ++code) {
        const char in = static_cast<char>(code);
        char out[16];
        char* end = out;
        std::size_t room = sizeof out;
        std::string_view left(&in, 1);
        converter.begin();
        if (converter.convert(left, end, room) != 0 || end != out + 1 || out[0] != in) return false;
    }
    return true;
}

std::string iconv_name(std::string_view name) {
    for (const Name& row : names)
        if (equal_ignoring_case(row.server, name)) return std::string(row.iconv);
    return to_upper(name);
}

/// A name and nothing else: iconv takes options behind '/'.
bool is_name(std::string_view name) {
    constexpr std::size_t longest = 40;
    if (name.empty() || name.size() > longest) return false;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.' && c != ':')
            return false;
    }
    return true;
}

std::array<std::atomic<const CharacterSet*>, most_sets>& table() {
    static std::array<std::atomic<const CharacterSet*>, most_sets> sets{};
    return sets;
}

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
    throw Error(state::unable_to_connect,
                "'" + printable(name.substr(0, 40)) +
                    "' cannot be used for the connection key Charset: " + why);
}

}  // namespace

CharacterSet::Number CharacterSet::find(std::string_view name) {
    for (std::string_view utf8 : {"", "utf8mb4", "utf8", "utf8mb3", "utf-8"})
        if (equal_ignoring_case(utf8, name)) return 0;
    const std::string known = is_name(name) ? iconv_name(name) : std::string();
    if (known.empty() || Converter("UTF-8", known).handle == none ||
        Converter(known, "UTF-8").handle == none)
        refuse(name, "iconv does not know it; take a name that 'iconv --list' shows, or utf8mb4");
    if (!keeps_ascii(known))
        refuse(name,
               "ASCII is not itself in it, so it cannot be narrow text; use utf8mb4, and "
               "the W functions for UTF-16");
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    for (std::size_t number = 1; number < most_sets; ++number) {
        std::atomic<const CharacterSet*>& place = table()[number];
        const CharacterSet* there = place.load(std::memory_order_relaxed);
        if (!there) place.store(there = new CharacterSet(known), std::memory_order_release);
        if (there->name() == known) return static_cast<Number>(number);
    }
    refuse(name, "the process uses too many character sets");
}

const CharacterSet* CharacterSet::at(Number number) noexcept {
    return number < most_sets ? table()[number].load(std::memory_order_acquire) : nullptr;
}

bool CharacterSet::to_utf8(std::string_view text, std::string& out, std::size_t* rest) const {
    constexpr std::size_t a_piece = 512;
    const Converter& converter = *in_use(this).to;
    converter.begin();
    std::string converted;
    for (char piece[a_piece];;) {
        char* end = piece;
        std::size_t room = sizeof piece;
        const std::size_t done = converter.convert(text, end, room);
        const int error = done == static_cast<std::size_t>(-1) ? errno : 0;
        converted.append(piece, end);
        if (error == E2BIG) continue;
        if (error && !(error == EINVAL && rest)) return false;
        if (rest) *rest = text.size();
        out = std::move(converted);
        return true;
    }
}

CharacterSet::Written CharacterSet::from_utf8(std::string_view text, char* out,
                                              std::size_t capacity) const noexcept {
    const Converter& converter = *in_use(this).from;
    converter.begin();
    Written done;
    std::string_view left = text;
    char* end = out;
    std::size_t room = capacity;
    while (!left.empty()) {
        const std::size_t result = converter.convert(left, end, room);
        if (result != static_cast<std::size_t>(-1)) break;
        if (errno == E2BIG || room == 0) break;
        // A character that the set does not have, or that is none.
        *end++ = '?';
        --room;
        done.replaced = true;
        left.remove_prefix(1);
        while (!left.empty() && (left.front() & 0xC0) == 0x80) left.remove_prefix(1);
    }
    done.read = text.size() - left.size();
    done.written = static_cast<std::size_t>(end - out);
    return done;
}

std::size_t CharacterSet::length(std::string_view text) const noexcept {
    std::size_t total = 0;
    for (char piece[512]; !text.empty();) {
        const Written part = from_utf8(text, piece, sizeof piece);
        total += part.written;
        text.remove_prefix(part.read);
    }
    return total;
}

}  // namespace myfabric
