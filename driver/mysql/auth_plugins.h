// The client library's authentication plugins, held to what the user allows: they ask a server for
// its key, or a user on the terminal, without being asked to.
#pragma once

#include <string>

#include "mysql/authentication.h"
#include "mysql/client_library.h"

namespace myfabric::mysql {

/// The login that this thread is doing.
struct PresentLogin {
    MYSQL* handle = nullptr;
    Transport transport = Transport::plain;
    LoginRights rights;
    std::string refusal;  // why it was ended, as a predicate of the server; the first one counts

    void refuse(std::string why) {
        if (refusal.empty()) refusal = std::move(why);
    }
};

/// That of `handle`, null when this thread is doing none: other users of the library in the process
/// are left alone.
PresentLogin* present_login(const MYSQL* handle);

/// Loads the plugin `name`, if it is one that needs it, and puts its guard before it.
void guard_plugin(MYSQL* handle, const std::string& name);

}  // namespace myfabric::mysql
