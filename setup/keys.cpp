#include "setup/keys.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "dsn/options.h"

namespace myfabric::setup {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* part_names[] = {"farm", "server", "driver"};
constexpr const char* applies_names[] = {"yes", "always", "no"};

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(separator));
        if (!part.empty()) parts.emplace_back(part);
        text.remove_prefix(std::min(part.size() + 1, text.size()));
    }
    return parts;
}

const char* type_name(const dsn::Option& option) {
    if (std::holds_alternative<bool dsn::Options::*>(option.member)) return "boolean";
    if (std::holds_alternative<unsigned dsn::Options::*>(option.member)) return "number";
    return "text";
}

Json json_of(const dsn::Option& option) {
    Json values = Json::array();
    for (const std::string& choice : split(option.detail.choices, ' ')) {
        std::vector<std::string> spellings = split(choice, '=');
        const std::string value = spellings.front();
        spellings.erase(spellings.begin());
        values.push_back({{"value", value}, {"also", spellings}});
    }
    return {{"name", option.name},
            {"aliases", split(option.aliases, ' ')},
            {"part", part_names[static_cast<int>(option.part)]},
            {"type", type_name(option)},
            {"default", option.default_value},
            {"caption", option.caption},
            {"values", std::move(values)},
            {"secret", option.detail.secret},
            {"bit", option.detail.bit},
            {"applies", applies_names[static_cast<int>(option.detail.applies)]},
            {"why", option.detail.why}};
}

bool holds(const dsn::Option& option, const std::string& word) {
    const std::string small = to_lower(word);
    for (const std::string_view text : {option.name, option.aliases, option.caption})
        if (to_lower(text).find(small) != std::string::npos) return true;
    return false;
}

}  // namespace

void print_keys(const std::string& word, bool json, std::ostream& out) {
    Json list = Json::array();
    std::size_t widest = 0;
    std::vector<const dsn::Option*> shown;
    for (const dsn::Option& option : dsn::option_table()) {
        if (!holds(option, word)) continue;
        list.push_back(json_of(option));
        if (option.detail.applies != dsn::Applies::yes) continue;
        shown.push_back(&option);
        widest = std::max(widest, option.name.size());
    }
    if (json) {
        out << list.dump(2) << "\n";
        return;
    }
    for (const dsn::Option* option : shown) {
        out << option->name << std::string(widest - option->name.size() + 2, ' ')
            << option->caption;
        if (!option->detail.choices.empty()) {
            std::string choices;
            for (const std::string& choice : split(option->detail.choices, ' '))
                choices += (choices.empty() ? "" : ", ") + choice.substr(0, choice.find('='));
            out << " (" << choices << ")";
        }
        if (!option->default_value.empty()) out << " [" << option->default_value << "]";
        out << "\n";
    }
}

}  // namespace myfabric::setup
