// Oracle's libmysqlclient: it refuses a server without TLS by itself where TLS is required, and
// knows of clear-text plugins whether they may be used, but not on which link.
#include "mysql/login_guard.h"

#if !MYFABRIC_CONNECTOR_C

#include "mysql/auth_plugins.h"

namespace myfabric::mysql {

struct LoginGuard::State : PresentLogin {
    static thread_local State* present;
    State* outer = nullptr;
    bool by_socket_file = false;
};
thread_local LoginGuard::State* LoginGuard::State::present = nullptr;

namespace {

/// A folder in which no library can lie, whatever name a server gives.
constexpr char nowhere[] = "/dev/null/none";
constexpr int authentication_plugin = 2;

}  // namespace

PresentLogin* present_login(const MYSQL* handle) {
    LoginGuard::State* login = LoginGuard::State::present;
    if (!login || login->handle != handle) return nullptr;
    login->transport = mysql_get_ssl_cipher(login->handle) ? Transport::tls
                       : login->by_socket_file             ? Transport::local
                                                           : Transport::plain;
    return login;
}

LoginGuard::LoginGuard(MYSQL* handle, const LoginRules& rules, Step)
    : state_(std::make_unique<State>()) {
    state_->handle = handle;
    state_->rights = rules.rights;
    state_->by_socket_file = rules.by_socket_file;
    state_->outer = State::present;
    State::present = state_.get();
    // The plugins that may come are loaded by their names before any server names one.
    if (!rules.plugin_dir.empty())
        mysql_options(handle, MYSQL_PLUGIN_DIR, rules.plugin_dir.c_str());
    for (const std::string& name :
         {std::string("mysql_native_password"), rules.rights.default_plugin})
        if (is_plugin_name(name))
            mysql_client_find_plugin(handle, name.c_str(), authentication_plugin);
    for (const char* name : {"caching_sha2_password", "sha256_password"})
        guard_plugin(handle, name);
    mysql_options(handle, MYSQL_PLUGIN_DIR, nowhere);
    const bool safe = rules.by_socket_file || rules.tls_required;
    const Flag clear_text = rules.rights.clear_text && safe;
    set_option(handle, MYSQL_ENABLE_CLEARTEXT_PLUGIN, clear_text);
    // The library keeps a key for the whole process: another data source's is not this one's.
    mysql_reset_server_public_key();
    const Flag ask = rules.rights.ask_for_key;
    set_option(handle, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, ask);
}

LoginGuard::~LoginGuard() {
    State::present = state_->outer;
}

std::string LoginGuard::refusal() const {
    return state_->refusal;
}

bool LoginGuard::lacks_tls() const {
    return false;  // the library reports it
}

bool LoginGuard::timed_out() const {
    return false;
}

void prepare_login_guards() {}

}  // namespace myfabric::mysql

#endif
