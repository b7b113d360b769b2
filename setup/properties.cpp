// What unixODBC's configuration programs show for a data source: one property per connection key.
#include <odbcinstext.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "dsn/options.h"

namespace myfabric::setup {
namespace {

constexpr std::string_view file_keys[] = {"Socket",       "FabricSSLCA", "FabricSSLCert",
                                          "FabricSSLKey", "SSLCA",       "SSLCert",
                                          "SSLKey",       "SSLCRL",      "RSAKey"};

/// The values to choose from; empty for free text.
std::vector<std::string> values(const dsn::Option& option) {
    if (std::holds_alternative<bool dsn::Options::*>(option.member)) return {"0", "1"};
    std::vector<std::string> result;
    std::string_view rest = option.detail.choices;
    while (!rest.empty()) {
        const std::string_view spellings = rest.substr(0, rest.find(' '));
        result.emplace_back(spellings.substr(0, spellings.find('=')));
        rest.remove_prefix(std::min(spellings.size() + 1, rest.size()));
    }
    return result;
}

int prompt_type(const dsn::Option& option, bool choice) {
    if (option.detail.secret) return ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD;
    if (choice) return ODBCINST_PROMPTTYPE_COMBOBOX;
    if (std::ranges::find(file_keys, option.name) != std::end(file_keys))
        return ODBCINST_PROMPTTYPE_FILENAME;
    return ODBCINST_PROMPTTYPE_TEXTEDIT;
}

/// An array of texts that ends with null, in one block: the installer library frees the array only.
char** prompt_data(const std::vector<std::string>& texts) {
    std::size_t size = (texts.size() + 1) * sizeof(char*);
    for (const std::string& text : texts) size += text.size() + 1;
    auto** array = static_cast<char**>(std::malloc(size));
    if (!array) return nullptr;
    char* at = reinterpret_cast<char*>(array + texts.size() + 1);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        array[i] = at;
        std::memcpy(at, texts[i].c_str(), texts[i].size() + 1);
        at += texts[i].size() + 1;
    }
    array[texts.size()] = nullptr;
    return array;
}

constexpr std::string_view part_names[] = {"Farm", "Server", "Driver"};

/// What the key belongs to, what it means, what it may be and what it is when nothing is said.
std::string help(const dsn::Option& option, const std::vector<std::string>& choices) {
    std::string text = std::string(part_names[static_cast<int>(option.part)]) + ": " +
                       std::string(option.caption) + ".";
    std::string list;
    for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
    if (!list.empty()) text += " One of " + list + ".";
    text += option.default_value.empty() ? " Default: none."
                                         : " Default: " + std::string(option.default_value) + ".";
    if (!option.aliases.empty()) text += " Also called " + std::string(option.aliases) + ".";
    return text + " See the manual, myfabric-odbc(5).";
}

void copy(char* to, std::size_t capacity, std::string_view text) {
    to[text.copy(to, capacity - 1)] = '\0';
}

/// Allocated by malloc, as the installer library frees it. Null when there is no memory.
HODBCINSTPROPERTY make(const dsn::Option& option) {
    auto* property = static_cast<HODBCINSTPROPERTY>(std::calloc(1, sizeof(ODBCINSTPROPERTY)));
    if (!property) return nullptr;
    const std::vector<std::string> choices = values(option);
    copy(property->szName, sizeof property->szName, option.name);
    copy(property->szValue, sizeof property->szValue, option.default_value);
    property->nPromptType = prompt_type(option, !choices.empty());
    if (!choices.empty()) property->aPromptData = prompt_data(choices);
    property->pszHelp = strdup(help(option, choices).c_str());
    return property;
}

}  // namespace
}  // namespace myfabric::setup

/// Appends the keys that have an effect in this version after `last`.
extern "C" __attribute__((visibility("default"))) int INSTAPI
ODBCINSTGetProperties(HODBCINSTPROPERTY last) {
    using namespace myfabric;
    if (!last) return SQL_FALSE;
    try {
        for (const dsn::Option& option : dsn::option_table()) {
            if (option.detail.applies != dsn::Applies::yes) continue;
            if (std::holds_alternative<std::monostate>(option.member)) continue;
            last->pNext = setup::make(option);
            if (!last->pNext) return SQL_FALSE;
            last = last->pNext;
        }
        return SQL_TRUE;
    } catch (...) {
        return SQL_FALSE;
    }
}
