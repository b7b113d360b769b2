// Watches a login while the client library does it: nothing of the user's leaves before the link is
// what was asked for, and no plugin is used that gives away more than the user allows.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "mysql/authentication.h"
#include "mysql/client_library.h"

namespace myfabric::mysql {

/// What a login demands of the link.
struct LoginRules {
    bool tls_wanted = true;
    bool tls_required = false;  // else a server without TLS may be entered
    bool by_socket_file = false;
    LoginRights rights;
    std::string plugin_dir;         // Plugin_Dir
    std::chrono::seconds limit{0};  // of the login as a whole; 0: none
};

/// Lives while mysql_real_connect() or mysql_change_user() runs, in the thread that calls it.
class LoginGuard {
public:
    enum class Step : unsigned char { connecting, changing_user };

    /// Sets options of `handle`: to be made after other options and before the login.
    LoginGuard(MYSQL* handle, const LoginRules& rules, Step step);
    ~LoginGuard();
    LoginGuard(const LoginGuard&) = delete;
    LoginGuard& operator=(const LoginGuard&) = delete;

    /// Why the login was ended here, as a predicate of the server: "offers no TLS, ..."; empty: it
    /// was not.
    std::string refusal() const;
    /// It was ended because the server offers no TLS.
    bool lacks_tls() const;
    /// The login was ended because it took longer than its limit.
    bool timed_out() const;

    struct State;

private:
    std::unique_ptr<State> state_;
};

/// To be called once, before the first connection of the process.
void prepare_login_guards();

}  // namespace myfabric::mysql
