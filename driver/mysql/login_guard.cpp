// MariaDB Connector/C: it reports all that it reads, which is where the login is watched. What
// Oracle's library does instead is in login_guard_mysql.cpp.
#include "mysql/login_guard.h"

#if MYFABRIC_CONNECTOR_C

#include <utility>

#include "base/untrusted.h"
#include "mysql/auth_plugins.h"
#include "mysql/handshake.h"
#include "mysql/link_deadline.h"
#include "platform/socket.h"

extern "C" {
/// Exported by Connector/C, in none of its headers. The callback gets what was read (0) or written
/// (1), decrypted where the link is encrypted, before the library looks at it.
int ma_pvio_register_callback(my_bool on, void (*callback)(int mode, MYSQL* handle,
                                                           const unsigned char* bytes, size_t size))
    __attribute__((weak));
}

namespace myfabric::mysql {

struct LoginGuard::State : PresentLogin {
    State(MYSQL* login_handle, const LoginRules& login_rules, Step step)
        : rules(login_rules),
          handshake(step == Step::connecting),
          deadline(login_rules.limit),
          outer(std::exchange(present, this)) {
        handle = login_handle;
        rights = rules.rights;
        if (rules.by_socket_file) transport = Transport::local;
        if (step == Step::connecting) return;
        greeted = true;
        if (mysql_get_ssl_cipher(handle)) transport = Transport::tls;
        allow();
    }
    ~State() { present = outer; }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    /// The login that this thread is doing.
    static thread_local State* present;

    LoginRules rules;
    Handshake handshake;
    LinkDeadline deadline;
    bool greeted = false;
    bool lacks_tls = false;
    bool ended = false;  // from here: the socket was shut
    State* outer;

    void allow() {
        const std::string plugins = plugins_to_use(transport, rules.rights);
        mysql_options(handle, MARIADB_OPT_RESTRICTED_AUTH, plugins.c_str());
        handshake.allow(plugins);
    }

    void end(std::string why) {
        refuse(std::move(why));
        ended = true;
        platform::shut_down(static_cast<int>(socket_of(handle)));
    }

    void greet() {
        greeted = true;
        const Handshake::Greeting& greeting = handshake.greeting();
        if (!greeting.is_greeting) return;  // an error, which the library reports
        if (greeting.offers_tls && rules.tls_wanted) {
            transport = Transport::tls;
        } else if (rules.tls_required) {
            lacks_tls = true;
            return end("offers no TLS; nothing of the login was sent");
        } else {
            transport = rules.by_socket_file ? Transport::local : Transport::plain;
        }
        allow();
        use_plugin(greeting.plugin);
    }

    /// The library would load any plugin that the greeting names: it is given the one to use.
    void use_plugin(const std::string& named) {
        if (!rules.rights.default_plugin.empty())
            return guard_plugin(handle, rules.rights.default_plugin);
        const bool usable = may_use(named, transport, rules.rights);
        const std::string plugin = usable ? named : "mysql_native_password";
        mysql_options(handle, MYSQL_DEFAULT_AUTH, plugin.c_str());
        guard_plugin(handle, plugin);
    }

    void read(unsigned char* bytes, std::size_t size) {
        if (ended) return;
        deadline.watch(static_cast<int>(socket_of(handle)));
        const std::string before = handshake.switched_to();
        handshake.take(bytes, size);
        if (!greeted && handshake.greeting().complete) greet();
        if (const std::string& plugin = handshake.switched_to(); plugin != before)
            if (may_use(plugin, transport, rules.rights)) guard_plugin(handle, plugin);
    }
};

thread_local LoginGuard::State* LoginGuard::State::present = nullptr;

namespace {

void read_or_written(int written, MYSQL* handle, const unsigned char* bytes, std::size_t size) {
    LoginGuard::State* login = LoginGuard::State::present;
    const auto count = static_cast<std::ptrdiff_t>(size);
    if (!login || login->handle != handle || written || count <= 0) return;
    try {
        // What the library has read into its own memory and has not looked at yet.
        login->read(const_cast<unsigned char*>(bytes), size);
    } catch (...) {
        login->end("could not be looked at for lack of memory");
    }
}

}  // namespace

PresentLogin* present_login(const MYSQL* handle) {
    LoginGuard::State* login = LoginGuard::State::present;
    return login && login->handle == handle ? login : nullptr;
}

LoginGuard::LoginGuard(MYSQL* handle, const LoginRules& rules, Step step) {
    if (!rules.plugin_dir.empty())
        mysql_options(handle, MYSQL_PLUGIN_DIR, rules.plugin_dir.c_str());
    state_ = std::make_unique<State>(handle, rules, step);
}

LoginGuard::~LoginGuard() = default;

std::string LoginGuard::refusal() const {
    const LoginRights& rights = state_->rules.rights;
    const std::string& plugin = state_->handshake.switched_to();
    if (!state_->refusal.empty()) return state_->refusal;
    if (plugin.empty() || may_use(plugin, state_->transport, rights)) return {};
    return "asks for the authentication plugin '" + printable(plugin) + "', which " +
           why_not_used(plugin, state_->transport, rights);
}

bool LoginGuard::lacks_tls() const {
    return state_->lacks_tls;
}

bool LoginGuard::timed_out() const {
    return state_->deadline.expired();
}

void prepare_login_guards() {
    if (ma_pvio_register_callback) ma_pvio_register_callback(1, read_or_written);
}

}  // namespace myfabric::mysql

#endif
