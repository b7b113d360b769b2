#include "dsn/profile.h"

#include <odbcinst.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "dsn/programs.h"
#include "platform/process.h"

namespace myfabric::dsn {
namespace {

constexpr const char* ini_file = "odbc.ini";
// unixODBC reads lines of up to 999 bytes and drops the rest silently.
constexpr std::size_t line_maximum = 999;
constexpr std::size_t buffer_maximum = 1 << 22;

/// The installer library reports no length beyond the buffer: it grows until there is room to
/// spare.
std::string read_profile(const char* section, const char* key) {
    for (std::size_t size = 8192;; size *= 4) {
        std::string buffer(size, '\0');
        const int length = SQLGetPrivateProfileString(section, key, "", buffer.data(),
                                                      static_cast<int>(size), ini_file);
        const std::size_t used = length < 0 ? 0 : static_cast<std::size_t>(length);
        if (used + line_maximum + 2 < size || size >= buffer_maximum) {
            buffer.resize(std::min(used, size));
            return buffer;
        }
    }
}

std::vector<std::string> names(const std::string& list) {
    std::vector<std::string> result;
    for (std::size_t begin = 0; begin < list.size();) {
        const std::size_t end = std::min(list.find('\0', begin), list.size());
        if (end > begin) result.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return result;
}

/// Applies sources in the order of their precedence; what is set already stays.
class Resolver {
public:
    explicit Resolver(Resolved& resolved) : resolved_(resolved) {
        resolved_.options = default_options();
    }

    void take(const Pairs& pairs) {
        std::string bitmap;
        // Dialogs and BI tools write "UID=;PWD=;" for what was not filled in.
        const bool nobody = std::ranges::any_of(pairs, [](const auto& pair) {
            return pair.second.empty() && is(find_option(pair.first), "User");
        });
        for (const auto& [key, value] : pairs) {
            if (is_manager_key(key)) continue;
            const Option* option = find_option(key);
            if (nobody && value.empty() && (is(option, "User") || is(option, "Password"))) continue;
            if (!option) {
                warn(unknown_key(key));
            } else if (option->name == "Option") {
                if (bitmap.empty()) bitmap = value;
            } else {
                assign(*option, value);
            }
        }
        // Flags named by themselves say more than a bit of the same source.
        if (!bitmap.empty()) take_bits(bitmap);
    }

    /// Tells values that did not fit into a line and drops what the library took their rest for.
    void check_lines(Pairs& section) {
        bool after_cut = false;
        std::erase_if(section, [&](const auto& pair) {
            const auto& [key, value] = pair;
            if (after_cut && value.empty() && !find_option(key)) return true;
            // Blanks around '=' are gone, so lines that just fit are reported too.
            after_cut = key.size() + value.size() + 8 >= line_maximum;
            if (after_cut)
                warn("the value of " + key + " in odbc.ini may be cut off: the driver manager's " +
                     "library reads 999 bytes of a line; use a connection string");
            return false;
        });
    }

private:
    static bool is(const Option* option, std::string_view name) {
        return option && option->name == name;
    }

    void warn(std::string sentence) {
        resolved_.warnings.emplace_back(&state::invalid_connection_key, std::move(sentence));
    }

    void assign(const Option& option, std::string_view value) {
        if (!set_.insert(slot(option)).second) return;
        if (auto sentence = set_option(resolved_.options, option, value))
            warn(std::move(*sentence));
    }

    /// Keys that keep their value in the same member are one.
    static const Option* slot(const Option& option) {
        if (std::holds_alternative<std::monostate>(option.member)) return &option;
        for (const Option& first : option_table())
            if (first.member == option.member) return &first;
        return &option;
    }

    void take_bits(std::string_view text) {
        std::uint32_t bits = 0;
        const char* last = text.data() + text.size();
        const auto [end, error] = std::from_chars(text.data(), last, bits);
        if (error != std::errc{} || end != last)
            throw Error(state::unable_to_connect,
                        shown_value(text, Value::number) +
                            " cannot be used for the connection key Option: use the sum of the "
                            "flags, a whole number below 4294967296");
        resolved_.options.option_bits |= bits;
        for (const Option& option : option_table()) {
            if (!(bits & option.detail.bit)) continue;
            bits &= ~option.detail.bit;
            assign(option, "1");
        }
        // 1 and 4 were flags of old versions: column widths and a debug log.
        bits &= ~std::uint32_t{1 | 4};
        if (bits)
            warn("the flags " + std::to_string(bits) + " of the connection key Option are unknown");
    }

    Resolved& resolved_;
    std::set<const Option*> set_;
};

/// The section for `data_source`, or that of Default. Throws IM002.
Pairs section_of(std::string& data_source) {
    Pairs section = read_section(data_source);
    if (!section.empty() || has_section(data_source)) return section;
    section = read_section("Default");
    if (!section.empty()) {
        data_source = "Default";
        return section;
    }
    const char* user_file = std::getenv("ODBCINI");
    const char* folder = std::getenv("ODBCSYSINI");
    throw Error(state::data_source_not_found,
                "no data source '" + data_source + "' in odbc.ini; looked in " +
                    (user_file ? user_file : "~/.odbc.ini") + " and " +
                    (folder ? std::string(folder) + "/odbc.ini" : "the system's odbc.ini"));
}

void take_section(Resolver& resolver, Resolved& resolved) {
    Pairs section = section_of(resolved.data_source);
    resolver.check_lines(section);
    resolver.take(section);
    wipe_values(section);
}

}  // namespace

Pairs read_section(const std::string& section) {
    Pairs pairs;
    if (section.empty()) return pairs;  // the library would take it for "all sections"
    for (const std::string& key : names(read_profile(section.c_str(), nullptr)))
        pairs.emplace_back(key, read_profile(section.c_str(), key.c_str()));
    return pairs;
}

bool has_section(const std::string& section) {
    for (const std::string& name : names(read_profile(nullptr, nullptr)))
        if (equal_ignoring_case(name, section)) return true;
    return false;
}

Resolved from_connection_string(std::string_view text) {
    Resolved resolved;
    resolved.given = parse_connection_string(text);
    Resolver resolver(resolved);
    resolver.take(resolved.given);
    const auto names_source = std::ranges::find_if(resolved.given, [](const auto& pair) {
        return equal_ignoring_case(pair.first, "DRIVER") || equal_ignoring_case(pair.first, "DSN");
    });
    if (names_source == resolved.given.end()) {
        if (!read_section("Default").empty()) resolved.data_source = "Default";
    } else if (equal_ignoring_case(names_source->first, "DSN")) {
        resolved.data_source = names_source->second;
    }
    const bool section = names_source == resolved.given.end()
                             ? !resolved.data_source.empty()
                             : equal_ignoring_case(names_source->first, "DSN");
    if (section) take_section(resolver, resolved);
    resolver.take(keys_for(platform::program_name()));
    return resolved;
}

Resolved from_data_source(std::string_view data_source, std::string_view user,
                          std::string_view password) {
    Resolved resolved;
    resolved.data_source = data_source.empty() ? "Default" : data_source;
    resolved.given.emplace_back("DSN", resolved.data_source);
    if (!user.empty()) resolved.given.emplace_back("UID", user);
    if (!password.empty()) resolved.given.emplace_back("PWD", password);
    Resolver resolver(resolved);
    resolver.take(resolved.given);
    take_section(resolver, resolved);
    resolver.take(keys_for(platform::program_name()));
    return resolved;
}

std::string completed(const Resolved& resolved) {
    return write_connection_string(resolved.given);
}

}  // namespace myfabric::dsn
