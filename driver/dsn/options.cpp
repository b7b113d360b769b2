#include "dsn/options.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/untrusted.h"

namespace myfabric::dsn {
namespace {

/// Takes the text before the first `separator`, and that one, from `text`.
std::string_view take_part(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

[[noreturn]] void refuse(const Option& option, std::string_view value, const std::string& allowed) {
    const bool counts = std::holds_alternative<unsigned Options::*>(option.member);
    const std::string shown = option.detail.secret
                                  ? "the value"
                                  : shown_value(value, counts ? Value::number : Value::word);
    throw Error(state::unable_to_connect, shown + " cannot be used for the connection key " +
                                              std::string(option.name) + ": use " + allowed);
}

unsigned number(const Option& option, std::string_view value) {
    unsigned result = 0;
    const char* last = value.data() + value.size();
    const auto [end, error] = std::from_chars(value.data(), last, result);
    if (error != std::errc{} || end != last || result > option.detail.maximum)
        refuse(option, value, "a whole number from 0 to " + std::to_string(option.detail.maximum));
    return result;
}

bool boolean(const Option& option, std::string_view value) {
    const std::optional<bool> result = parse_boolean(value);
    if (!result) refuse(option, value, "0 or 1");
    return *result != option.detail.inverse;
}

/// The value in the table's spelling; null when it is none of the choices.
std::optional<std::string_view> choice(const Option& option, std::string_view value) {
    for (std::string_view choices = option.detail.choices; !choices.empty();) {
        std::string_view spellings = take_part(choices, ' ');
        const std::string_view first = take_part(spellings, '=');
        if (equal_ignoring_case(first, value)) return first;
        while (!spellings.empty())
            if (equal_ignoring_case(take_part(spellings, '='), value)) return first;
    }
    return std::nullopt;
}

std::string choice_names(const Option& option) {
    std::string names;
    for (std::string_view choices = option.detail.choices; !choices.empty();) {
        std::string_view spellings = take_part(choices, ' ');
        if (!names.empty()) names += ", ";
        names += take_part(spellings, '=');
    }
    return names;
}

bool means_default(const Option& option, std::string_view value) {
    if (value.empty()) return true;
    if (equal_ignoring_case(value, option.default_value)) return true;
    if (const auto known = choice(option, value))
        return equal_ignoring_case(*known, option.default_value);
    const auto wanted = parse_boolean(value);
    return wanted && wanted == parse_boolean(option.default_value);
}

std::optional<std::string> no_effect(const Option& option, std::string_view value) {
    if (option.detail.applies != Applies::no || means_default(option, value)) return std::nullopt;
    std::string sentence =
        "the connection key " + std::string(option.name) + " is accepted but has no effect";
    sentence +=
        option.detail.why.empty() ? " in this version" : ": " + std::string(option.detail.why);
    return sentence;
}

void must_be_host(const Option& option, std::string_view value) {
    const std::string why = value.empty() ? std::string() : why_no_host(value);
    if (why.empty()) return;
    throw Error(
        state::unable_to_connect,
        "'" + printable(value.substr(std::min(value.find('@') + 1, value.size()))) +
            "' cannot be used for the connection key " + std::string(option.name) + ": " + why +
            "; use one host name or address" +
            (value.find(',') != value.npos ? " (several servers are a farm: FabricHost)" : ""));
}

void keep(Options& options, const Option& option, std::string_view value) {
    const bool lenient = option.detail.applies == Applies::no;
    if (option.detail.host) must_be_host(option, value);
    if (const auto* text = std::get_if<std::string Options::*>(&option.member)) {
        if (option.detail.choices.empty() || value.empty()) {
            options.** text = value;
        } else if (const auto known = choice(option, value)) {
            options.** text = *known;
        } else if (!lenient) {
            refuse(option, value, "one of " + choice_names(option));
        }
    } else if (const auto* count = std::get_if<unsigned Options::*>(&option.member)) {
        options.** count = number(option, value);
    } else if (const auto* flag = std::get_if<bool Options::*>(&option.member)) {
        options.** flag = boolean(option, value);
    }
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view value) {
    for (std::string_view name : {"1", "yes", "true", "on"})
        if (equal_ignoring_case(value, name)) return true;
    for (std::string_view name : {"0", "no", "false", "off"})
        if (equal_ignoring_case(value, name)) return false;
    return std::nullopt;
}

const Option* find_option(std::string_view key) {
    for (const Option& option : option_table()) {
        if (equal_ignoring_case(key, option.name)) return &option;
        for (std::string_view aliases = option.aliases; !aliases.empty();)
            if (equal_ignoring_case(key, take_part(aliases, ' '))) return &option;
    }
    return nullptr;
}

const Options& default_options() {
    static const Options made = [] {
        Options options;
        for (const Option& option : option_table()) keep(options, option, option.default_value);
        return options;
    }();
    return made;
}

std::optional<std::string> set_option(Options& options, const Option& option,
                                      std::string_view value) {
    // "Port=" in an ini file is a field left empty: the default. Texts may be emptied on purpose.
    const bool text = std::holds_alternative<std::string Options::*>(option.member) &&
                      option.detail.choices.empty();
    keep(options, option, value.empty() && !text ? option.default_value : value);
    return no_effect(option, value);
}

std::string option_value(const Options& options, const Option& option) {
    if (const auto* text = std::get_if<std::string Options::*>(&option.member))
        return options.**text;
    if (const auto* count = std::get_if<unsigned Options::*>(&option.member))
        return std::to_string(options.**count);
    if (const auto* flag = std::get_if<bool Options::*>(&option.member))
        return options.**flag != option.detail.inverse ? "1" : "0";
    return {};
}

std::string shown_value(std::string_view value, Value expected) {
    constexpr std::size_t longest = 20, shown = 3;
    const auto is_plain = [&](char c) {
        return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' ||
               (expected == Value::word &&
                ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'));
    };
    if (value.size() <= longest && std::ranges::all_of(value, is_plain))
        return "'" + std::string(value) + "'";
    return "'" + printable(value.substr(0, std::min(value.size() / 3, shown))) + "...'";
}

std::string unknown_key(std::string_view key) {
    return "'" + std::string(key) + "' is not a connection key of this driver";
}

}  // namespace myfabric::dsn
