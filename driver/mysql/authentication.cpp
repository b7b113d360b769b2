#include "mysql/authentication.h"

#include <algorithm>
#include <iterator>

namespace myfabric::mysql {
namespace {

/// What a server, or an impostor, learns by a plugin.
enum class Shows : unsigned char {
    nothing,   // an answer to a challenge
    to_a_key,  // the password, on a plain link to the owner of the private key
    password,
};

struct Known {
    std::string_view name;
    Shows shows;
};

constexpr Known known[] = {
    {"mysql_native_password", Shows::nothing},
    {"client_ed25519", Shows::nothing},
    {"parsec", Shows::nothing},
    {"auth_gssapi_client", Shows::nothing},
    {"caching_sha2_password", Shows::to_a_key},
    {"sha256_password", Shows::to_a_key},
    {"mysql_clear_password", Shows::password},
    {"dialog", Shows::password},
};

const Known* find(std::string_view name) {
    const auto* found = std::ranges::find(known, name, &Known::name);
    return found == std::end(known) ? nullptr : found;
}

}  // namespace

bool is_plugin_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-';
    });
}

bool may_use(std::string_view plugin, Transport transport, const LoginRights& rights) {
    const Known* row = find(plugin);
    if (!row) return is_plugin_name(plugin) && plugin == rights.default_plugin;
    // With to_a_key a guard of the login sees to the key.
    return row->shows != Shows::password || (rights.clear_text && transport != Transport::plain);
}

std::string plugins_to_use(Transport transport, const LoginRights& rights) {
    std::string list;
    const auto add = [&](std::string_view name) {
        if (!list.empty()) list += ',';
        list += name;
    };
    for (const Known& row : known)
        if (may_use(row.name, transport, rights)) add(row.name);
    if (!find(rights.default_plugin) && is_plugin_name(rights.default_plugin))
        add(rights.default_plugin);
    return list;
}

std::string why_not_used(std::string_view plugin, Transport transport, const LoginRights& rights) {
    const Known* row = find(plugin);
    if (!row)
        return is_plugin_name(plugin) ? "the driver does not use by itself; name it by "
                                        "Default_Auth if it is the right one"
                                      : "is no name of a plugin";
    if (transport == Transport::plain)
        return "would show the password to everybody on the way; it needs TLS "
               "(SSLMode=REQUIRED or more, best with SSLCA) and Enable_Cleartext_Plugin=1";
    if (!rights.clear_text)
        return "would show it the password; allow that by Enable_Cleartext_Plugin=1";
    return "may be used";
}

}  // namespace myfabric::mysql
