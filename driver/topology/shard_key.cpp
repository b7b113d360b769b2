#include "topology/shard_key.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <limits>

#include "base/digits.h"
#include "base/error.h"
#include "base/text.h"
#include "topology/md5.h"

namespace myfabric::topology {
namespace {

constexpr std::size_t digest_size = sizeof(Digest);

bool take(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// For at most a few digits.
int number(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

// ---- dates -----------------------------------------------------------------------------------

struct DateTime {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

int days_in_month(int year, int month) {
    constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

bool possible(const DateTime& t) {
    return t.month >= 1 && t.month <= 12 && t.day >= 1 && t.day <= days_in_month(t.year, t.month) &&
           t.hour < 24 && t.minute < 60 && t.second < 60;
}

void add_second(DateTime& t) {
    if (++t.second < 60) return;
    t.second = 0;
    if (++t.minute < 60) return;
    t.minute = 0;
    if (++t.hour < 24) return;
    t.hour = 0;
    if (++t.day <= days_in_month(t.year, t.month)) return;
    t.day = 1;
    if (++t.month <= 12) return;
    t.month = 1;
    ++t.year;
}

/// 15 is 2015, 70 is 1970: the literals' rule for years of two digits.
int full_year(int two_digits) {
    return two_digits + (two_digits < 70 ? 2000 : 1900);
}

/// hhmm or hhmmss without separators, also empty or hh alone.
bool read_packed_time(std::string_view digits, DateTime& out) {
    if (digits.size() > 6 || digits.size() % 2 != 0) return false;
    if (digits.size() >= 2) out.hour = number(digits.substr(0, 2));
    if (digits.size() >= 4) out.minute = number(digits.substr(2, 2));
    if (digits.size() == 6) out.second = number(digits.substr(4, 2));
    return true;
}

/// hh, hh:mm or hh:mm:ss with one or two digits each, or packed; the fraction is left in `text`.
bool read_time(std::string_view& text, DateTime& out) {
    const std::string_view first = take_digits(text);
    if (first.empty()) return false;
    if (first.size() > 2) return read_packed_time(first, out);
    out.hour = number(first);
    for (int* part : {&out.minute, &out.second}) {
        if (!take(text, ":-/^_")) return true;
        const std::string_view digits = take_digits(text);
        if (digits.empty() || digits.size() > 2) return false;
        *part = number(digits);
    }
    return true;
}

/// Year, month, day with separators.
bool read_date(std::string_view year, std::string_view& text, DateTime& out) {
    constexpr std::string_view separators = "-/.:^@_,";
    if (year.empty() || year.size() > 4) return false;
    out.year = year.size() <= 2 ? full_year(number(year)) : number(year);
    for (int* part : {&out.month, &out.day}) {
        if (!take(text, separators)) return false;
        const std::string_view digits = take_digits(text);
        if (digits.empty() || digits.size() > 2) return false;
        *part = number(digits);
    }
    return true;
}

/// YYYYMMDD, YYMMDD, with or without hhmmss after it.
bool read_packed_date(std::string_view digits, DateTime& out) {
    const std::size_t year_size = digits.size() == 8 || digits.size() == 14 ? 4 : 2;
    if (digits.size() != year_size + 4 && digits.size() != year_size + 10) return false;
    out.year = number(digits.substr(0, year_size));
    if (year_size == 2) out.year = full_year(out.year);
    out.month = number(digits.substr(year_size, 2));
    out.day = number(digits.substr(year_size + 2, 2));
    return read_packed_time(digits.substr(year_size + 4), out);
}

/// YYYYMMDDhhmmss. Nothing for no possible date.
std::optional<std::int64_t> packed(const DateTime& t) {
    if (!possible(t)) return std::nullopt;
    const std::int64_t date = t.year * 10'000 + t.month * 100 + t.day;
    return date * 1'000'000 + t.hour * 10'000 + t.minute * 100 + t.second;
}

/// YYYY-MM-DD and YYYY-MM-DD hh:mm:ss, as nearly all keys are written.
bool read_plain(std::string_view text, DateTime& out) {
    constexpr std::string_view pattern = "0000-00-00 00:00:00";
    constexpr std::size_t date_size = 10;
    if (text.size() != pattern.size() && text.size() != date_size) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (pattern[i] == '0' ? !is_digit(text[i]) : text[i] != pattern[i]) return false;
    const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
    out = {two(0) * 100 + two(2), two(5), two(8)};
    if (text.size() == date_size) return true;
    out.hour = two(11);
    out.minute = two(14);
    out.second = two(17);
    return true;
}

// ---- comparison ------------------------------------------------------------------------------

/// utf8_bin with blanks added to the shorter text.
std::strong_ordering compare_padded(std::string_view a, std::string_view b) {
    const std::size_t common = std::min(a.size(), b.size());
    if (const int order = a.substr(0, common).compare(b.substr(0, common)); order != 0)
        return order <=> 0;
    const bool a_longer = a.size() > b.size();
    for (const char c : (a_longer ? a : b).substr(common)) {
        if (c == ' ') continue;
        const bool rest_above_blank = static_cast<unsigned char>(c) > ' ';
        return rest_above_blank == a_longer ? std::strong_ordering::greater
                                            : std::strong_ordering::less;
    }
    return std::strong_ordering::equal;
}

std::strong_ordering compare_bounds(ShardType type, const Shard& a, const Shard& b) {
    switch (type) {
        case ShardType::range_integer:
        case ShardType::range_datetime:
            return a.number <=> b.number;
        case ShardType::hash:
            return a.text <=> b.text;
        default:
            return compare_padded(a.text, b.text);
    }
}

/// The first eight bytes as a number that is ordered as they are; blanks stand for missing ones.
std::uint64_t first_bytes(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i)
        number = number << 8 | static_cast<unsigned char>(i < bytes.size() ? bytes[i] : ' ');
    return number;
}

/// Ordered as the bounds; those of texts and digests may be equal where the bounds are not.
std::uint64_t rank_of(std::int64_t number) {
    return static_cast<std::uint64_t>(number) ^ std::uint64_t{1} << 63;
}

std::uint64_t rank_of(ShardType type, const Shard& shard) {
    const bool by_number = type == ShardType::range_integer || type == ShardType::range_datetime;
    return by_number ? rank_of(shard.number) : first_bytes(shard.text);
}

/// How many of the ascending ranks are not above `wanted`. Without a branch to be foreseen.
std::size_t count_not_above(const std::vector<std::uint64_t>& ranks, std::uint64_t wanted) {
    const std::uint64_t* first = ranks.data();
    for (std::size_t size = ranks.size(); size > 0;) {
        const std::size_t half = (size + 1) / 2;
        first += first[half - 1] <= wanted ? half : 0;
        size -= half;
    }
    return static_cast<std::size_t>(first - ranks.data());
}

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> from_hex(std::string_view digits) {
    if (digits.size() != 2 * digest_size) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = hex_value(digits[i]);
        const int low = hex_value(digits[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes += static_cast<char>(high << 4 | low);
    }
    return bytes;
}

}  // namespace

ShardType parse_shard_type(std::string_view name) {
    if (equal_ignoring_case(name, "RANGE") || equal_ignoring_case(name, "RANGE_INTEGER"))
        return ShardType::range_integer;
    if (equal_ignoring_case(name, "RANGE_STRING")) return ShardType::range_string;
    if (equal_ignoring_case(name, "RANGE_DATETIME")) return ShardType::range_datetime;
    if (equal_ignoring_case(name, "HASH")) return ShardType::hash;
    return ShardType::unknown;
}

std::string_view key_description(ShardType type) {
    switch (type) {
        case ShardType::range_integer:
            return "an integer";
        case ShardType::range_datetime:
            return "a date or date and time, e.g. 2015-06-30 12:30:00";
        default:
            return "a text";
    }
}

std::string md5(std::string_view text) {
    const Digest digest = md5_digest(text);
    return {digest.begin(), digest.end()};
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 0x0F];
    }
    return text;
}

std::optional<std::int64_t> parse_integer_key(std::string_view text) {
    using Limits = std::numeric_limits<std::int64_t>;
    std::int64_t plain = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), plain);
    if (error == std::errc{} && end == text.data() + text.size()) return plain;
    text = trim(text);
    const bool negative = !text.empty() && text.front() == '-';
    take(text, "+-");
    std::string digits(take_digits(text));
    long long point = static_cast<long long>(digits.size());  // digits before the decimal point
    if (take(text, ".")) digits += take_digits(text);
    if (digits.empty()) return std::nullopt;
    if (take(text, "eE")) {
        const bool minus = !text.empty() && text.front() == '-';
        take(text, "+-");
        const std::string_view exponent = take_digits(text);
        if (exponent.empty()) return std::nullopt;
        // Six digits say as much as more would: everything or nothing is before the point.
        const long long shift = exponent.size() > 6 ? 1'000'000 : number(exponent);
        point += minus ? -shift : shift;
    }
    if (!text.empty()) return std::nullopt;

    bool fraction = false;
    for (std::size_t i = point > 0 ? static_cast<std::size_t>(point) : 0; i < digits.size(); ++i)
        fraction |= digits[i] != '0';
    const std::int64_t limit = negative ? Limits::min() : Limits::max();
    std::int64_t value = 0;  // kept with its sign, so that the lowest integer fits
    for (long long i = 0; i < point; ++i) {
        const bool given = i < static_cast<long long>(digits.size());
        if (!given && value == 0) break;
        const int digit = given ? digits[static_cast<std::size_t>(i)] - '0' : 0;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return limit;
    }
    return negative && fraction && value != Limits::min() ? value - 1 : value;
}

std::optional<std::int64_t> parse_datetime_key(std::string_view text) {
    DateTime time;
    if (read_plain(text, time)) return packed(time);
    text = trim(text);
    const std::string_view first = take_digits(text);
    if (first.size() >= 6) {
        if (!read_packed_date(first, time)) return std::nullopt;
    } else if (!read_date(first, text, time)) {
        return std::nullopt;
    }
    const bool has_time = first.size() >= 12;
    if (!has_time && take(text, "T ")) {
        text = trim(text);
        if (!read_time(text, time)) return std::nullopt;
    }
    bool round_up = false;
    if (take(text, ".")) {
        const std::string_view digits = take_digits(text);
        round_up = !digits.empty() && digits.front() >= '5';
    }
    if (!text.empty() || !possible(time)) return std::nullopt;
    if (round_up) add_second(time);
    return packed(time);
}

bool parse_bound(ShardType type, Shard& shard) {
    const auto keep = [&](const std::optional<std::int64_t>& parsed) {
        if (parsed) shard.number = *parsed;
        return parsed.has_value();
    };
    switch (type) {
        case ShardType::range_integer: {
            const char* end = shard.lower_bound.data() + shard.lower_bound.size();
            const auto [stop, error] = std::from_chars(shard.lower_bound.data(), end, shard.number);
            return error == std::errc{} && stop == end;
        }
        case ShardType::range_datetime:
            return keep(parse_datetime_key(shard.lower_bound));
        case ShardType::range_string:
            shard.text = shard.lower_bound;
            return true;
        case ShardType::hash: {
            std::optional<std::string> digest = from_hex(shard.lower_bound);
            if (digest) shard.text = std::move(*digest);
            return digest.has_value();
        }
        case ShardType::unknown:
            break;
    }
    return false;
}

void prepare(ShardMap& map) {
    if (map.type == ShardType::unknown) {
        map.problem = "its sharding type '" + map.type_name + "' is not known to this driver";
        return;
    }
    for (Shard& shard : map.shards)
        if (!parse_bound(map.type, shard))
            map.problem = "the lower bound '" + shard.lower_bound + "' of shard " +
                          std::to_string(shard.id) + " does not fit its type " + map.type_name;
    if (!map.problem.empty()) return;
    std::ranges::stable_sort(map.shards, [&](const Shard& a, const Shard& b) {
        return compare_bounds(map.type, a, b) < 0;
    });
    const auto twins = std::ranges::adjacent_find(map.shards, [&](const Shard& a, const Shard& b) {
        return compare_bounds(map.type, a, b) == 0;
    });
    map.ranks.clear();
    for (const Shard& shard : map.shards) map.ranks.push_back(rank_of(map.type, shard));
    if (twins != map.shards.end())
        map.problem = "shards " + std::to_string(twins->id) + " and " +
                      std::to_string(std::next(twins)->id) + " have the same lower bound '" +
                      twins->lower_bound + "'";
}

void keep_disabled_shards(const Topology& before, Topology& now) {
    std::vector<bool> done(now.maps.size(), false);
    for (const auto& [name, table] : now.tables) {
        const auto known = before.tables.find(name);
        if (known == before.tables.end() || done[table.map]) continue;
        done[table.map] = true;
        ShardMap& map = now.maps[table.map];
        const ShardMap& old = before.maps[known->second.map];
        if (old.type != map.type || !old.problem.empty() || !map.problem.empty()) continue;
        const std::size_t listed = map.shards.size();
        for (const Shard& shard : old.shards) {
            const bool taken_over = std::ranges::any_of(map.shards, [&](const Shard& other) {
                return other.id == shard.id || compare_bounds(map.type, other, shard) == 0;
            });
            if (taken_over) continue;
            map.shards.push_back(shard);
            map.shards.back().enabled = false;
        }
        if (map.shards.size() != listed) prepare(map);
    }
}

FoundShard find_shard(const ShardMap& map, std::string_view key) {
    if (map.shards.empty()) return {nullptr, KeyProblem::no_shards};
    std::uint64_t wanted = 0;
    std::string_view text;  // of the types whose ranks do not say everything
    Digest digest;
    switch (map.type) {
        case ShardType::range_integer:
        case ShardType::range_datetime: {
            const std::optional<std::int64_t> number = map.type == ShardType::range_integer
                                                           ? parse_integer_key(key)
                                                           : parse_datetime_key(key);
            if (!number) return {nullptr, KeyProblem::wrong_type};
            wanted = rank_of(*number);
            break;
        }
        case ShardType::hash:
            digest = md5_digest(key);
            text = {reinterpret_cast<const char*>(digest.data()), digest.size()};
            wanted = first_bytes(text);
            break;
        case ShardType::range_string:
            text = key;
            wanted = first_bytes(text);
            break;
        case ShardType::unknown:
            return {nullptr, KeyProblem::wrong_type};
    }
    std::size_t count = count_not_above(map.ranks, wanted);
    const bool by_text = map.type == ShardType::hash || map.type == ShardType::range_string;
    while (by_text && count > 0 && map.ranks[count - 1] == wanted &&
           compare_padded(map.shards[count - 1].text, text) > 0)
        --count;
    if (count > 0) return {&map.shards[count - 1], KeyProblem::none};
    if (map.type == ShardType::hash) return {&map.shards.back(), KeyProblem::none};
    return {nullptr, KeyProblem::below_lowest_bound};
}

}  // namespace myfabric::topology
