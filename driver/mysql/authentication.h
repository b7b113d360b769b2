// Which authentication plugins may be used on which link: what each of them gives away. Pure.
#pragma once

#include <string>
#include <string_view>

namespace myfabric::mysql {

/// What lies between here and the server.
enum class Transport : unsigned char {
    plain,
    tls,
    local,  // a socket file: what is sent stays on this machine
};

/// What the user allows.
struct LoginRights {
    bool clear_text = false;     // Enable_Cleartext_Plugin
    bool ask_for_key = false;    // Get_Server_Public_Key: the password may be encrypted with a key
                                 // that the server itself names
    std::string default_plugin;  // Default_Auth; it is used beside those that are known here
};

/// A name and nothing else: no path to a library.
bool is_plugin_name(std::string_view name);

bool may_use(std::string_view plugin, Transport transport, const LoginRights& rights);

/// Those that may be used, separated by commas.
std::string plugins_to_use(Transport transport, const LoginRights& rights);

/// Why `plugin` may not be used there and what to do about it: "... which <this>".
std::string why_not_used(std::string_view plugin, Transport transport, const LoginRights& rights);

}  // namespace myfabric::mysql
