// How a connection is made: options, TLS, login.
#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "base/untrusted.h"
#include "mysql/attempt.h"
#include "mysql/client_library.h"
#include "mysql/columns.h"
#include "mysql/connection.h"
#include "mysql/errors.h"
#include "mysql/local_files.h"
#include "mysql/login_guard.h"
#include "mysql/prepared_cache.h"
#include "mysql/server_version.h"
#include "mysql/text_rows.h"
#include "platform/process.h"
#include "platform/socket.h"
#include "platform/thread.h"

namespace myfabric::mysql {
namespace {

constexpr unsigned tls_failed = 2026, plugin_failed = 2061;

enum class Tls : unsigned char { disabled, preferred, required, verify_ca, verify_identity };

constexpr std::array<std::string_view, 5> tls_modes = {"DISABLED", "PREFERRED", "REQUIRED",
                                                       "VERIFY_CA", "VERIFY_IDENTITY"};

bool by_socket(const Login& login) {
    return !login.socket.empty() &&
           (login.host.empty() || equal_ignoring_case(login.host, "localhost"));
}

bool pins_certificate(const Login& login) {
    return !login.tls_peer_fingerprint.empty() || !login.tls_peer_fingerprint_list.empty();
}

bool has_ca(const Login& login) {
    return !login.ssl_ca.empty() || !login.ssl_capath.empty();
}

/// The least mode that what was given for TLS makes sense with. A certificate authority is there to
/// be checked against, and a user who gives a fingerprint or a certificate wants TLS.
Tls least_mode(const Login& login) {
    if (has_ca(login)) return Tls::verify_ca;
    const bool own = !login.ssl_cert.empty() || !login.ssl_key.empty();
    if (pins_certificate(login) || own) return Tls::required;
    // What goes through a socket file stays on the machine.
    return by_socket(login) ? Tls::disabled : Tls::preferred;
}

Tls tls_of(const Login& login) {
    if (login.ssl_mode.empty()) return least_mode(login);
    for (std::size_t i = 0; i < tls_modes.size(); ++i) {
        if (!equal_ignoring_case(tls_modes[i], login.ssl_mode)) continue;
        const Tls tls = static_cast<Tls>(i);
        if (tls == Tls::verify_ca && !has_ca(login))
            throw Error(
                state::unable_to_connect,
                "the TLS mode VERIFY_CA needs a certificate authority: set SSLCA or SSLCAPath");
        if (tls == Tls::preferred) return least_mode(login);
        return tls == Tls::disabled ? tls : std::max(tls, least_mode(login));
    }
    throw Error(state::unable_to_connect,
                "unknown TLS mode '" + login.ssl_mode +
                    "': use DISABLED, PREFERRED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY");
}

void set_tls(MYSQL* handle, const Login& login, Tls tls) {
#if MYFABRIC_CONNECTOR_C
    const Flag on = tls != Tls::disabled;
    set_option(handle, MYSQL_OPT_SSL_ENFORCE, on);
    // Checks the name too; with a CA alone, the chain is checked whether or not this is set.
    const Flag verify = tls == Tls::verify_identity;
    set_option(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, verify);
    // Any of the other options would turn TLS on again.
    if (!on) return;
    set_option(handle, MARIADB_OPT_TLS_VERSION, login.tls_versions);
    set_option(handle, MARIADB_OPT_TLS_PASSPHRASE, login.tls_key_passphrase);
    set_option(handle, MARIADB_OPT_TLS_PEER_FP, login.tls_peer_fingerprint);
    set_option(handle, MARIADB_OPT_TLS_PEER_FP_LIST, login.tls_peer_fingerprint_list);
#else
    if (pins_certificate(login) || !login.tls_key_passphrase.empty())
        throw Error(
            state::unable_to_connect,
            "this client library knows neither fingerprints (TLSPeerFP, TLSPeerFPList) nor a "
            "passphrase (TLSKeyPwd); use SSLCA with SSLMode=VERIFY_IDENTITY, and a key "
            "without a passphrase that only its user can read");
    const unsigned mode = SSL_MODE_DISABLED + static_cast<unsigned>(tls);
    set_option(handle, MYSQL_OPT_SSL_MODE, mode);
    if (tls == Tls::disabled) return;
    set_option(handle, MYSQL_OPT_TLS_VERSION, login.tls_versions);
#endif
    set_option(handle, MYSQL_OPT_SSL_CERT, login.ssl_cert);
    set_option(handle, MYSQL_OPT_SSL_KEY, login.ssl_key);
    set_option(handle, MYSQL_OPT_SSL_CIPHER, login.ssl_cipher);
    set_option(handle, MYSQL_OPT_SSL_CA, login.ssl_ca);
    set_option(handle, MYSQL_OPT_SSL_CAPATH, login.ssl_capath);
    set_option(handle, MYSQL_OPT_SSL_CRL, login.ssl_crl);
    set_option(handle, MYSQL_OPT_SSL_CRLPATH, login.ssl_crlpath);
}

void set_timeout(MYSQL* handle, mysql_option option, unsigned seconds) {
    if (seconds) set_option(handle, option, seconds);
}

void set_options(MYSQL* handle, const Login& login) {
    if (!login.option_group_file.empty()) mysql_options(handle, MYSQL_READ_DEFAULT_GROUP, "odbc");
    set_option(handle, MYSQL_SET_CHARSET_NAME, login.charset);
    set_timeout(handle, MYSQL_OPT_CONNECT_TIMEOUT, login.connect_timeout);
    set_timeout(handle, MYSQL_OPT_READ_TIMEOUT, login.read_timeout);
    set_timeout(handle, MYSQL_OPT_WRITE_TIMEOUT, login.write_timeout);
    set_option(handle, MYSQL_DEFAULT_AUTH, login.default_auth);
    set_option(handle, MYSQL_SERVER_PUBLIC_KEY, login.server_public_key);
    // A server may ask for any file of the client: only where the user allows it.
    const unsigned local_infile = login.names_local_file != nullptr;
    set_option(handle, MYSQL_OPT_LOCAL_INFILE, local_infile);
    guard_local_files(handle, nullptr);
    const Flag expired_password = login.expired_password;
    set_option(handle, MYSQL_OPT_CAN_HANDLE_EXPIRED_PASSWORDS, expired_password);
    if (login.compress) mysql_options(handle, MYSQL_OPT_COMPRESS, nullptr);
    for (const auto& [name, value] : login.attributes)
        mysql_options4(handle, MYSQL_OPT_CONNECT_ATTR_ADD, name.c_str(), value.c_str());
}

unsigned long client_flags(const Login& login) {
    unsigned long flags = CLIENT_MULTI_RESULTS | CLIENT_PS_MULTI_RESULTS;
    if (login.found_rows) flags |= CLIENT_FOUND_ROWS;
    if (login.multi_statements) flags |= CLIENT_MULTI_STATEMENTS;
    if (login.ignore_space) flags |= CLIENT_IGNORE_SPACE;
    if (login.interactive) flags |= CLIENT_INTERACTIVE;
    if (login.compress) flags |= CLIENT_COMPRESS;
    return flags;
}

bool real_connect(MYSQL* handle, const Login& login) {
    const auto text = [](const std::string& s) { return s.empty() ? nullptr : s.c_str(); };
    const bool socket = by_socket(login);
    // Without the protocol, "localhost" would mean a socket whatever the port is.
    const unsigned protocol = socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    set_option(handle, MYSQL_OPT_PROTOCOL, protocol);
    return mysql_real_connect(handle, text(login.host), text(login.user), login.password.c_str(),
                              text(login.database), socket ? 0 : login.port,
                              socket ? login.socket.c_str() : nullptr, client_flags(login));
}

/// Connector/C takes a host with ';' and '=' for a connection string, ',' for a list and "://" for
/// a protocol. Every source of hosts checks its own; whatever comes another way ends here.
void must_be_place(const Login& login) {
    const std::string why = login.host.empty() ? std::string() : why_no_host(login.host);
    if (!why.empty())
        throw Error(state::unable_to_connect,
                    "'" + printable(login.host) + "' is no host to connect to: " + why);
    if (login.port > 65535)
        throw Error(state::unable_to_connect,
                    "there is no port " + std::to_string(login.port) + ": the greatest is 65535");
}

std::string place(const Login& login) {
    if (by_socket(login)) return login.socket;
    return (login.host.empty() ? "localhost" : login.host) + ":" +
           std::to_string(login.port ? login.port : 3306);
}

/// The login was ended here.
[[noreturn]] void throw_refusal(const LoginGuard& guard, const Login& login, Tls tls) {
    std::string message = "the server " + place(login) + " " + guard.refusal();
    if (tls >= Tls::required)
        message +=
            " (the TLS mode is " + std::string(tls_modes[static_cast<std::size_t>(tls)]) + ")";
    throw Error(state::unable_to_connect, std::move(message),
                guard.lacks_tls() ? tls_failed : plugin_failed);
}

[[noreturn]] void throw_login_too_long(const Login& login) {
    Record told =
        Error(state::timeout, "the server " + place(login) + " has not finished the login within " +
                                  std::to_string(login.connect_timeout) + " s")
            .records()
            .front();
    told.cause = Cause::cannot_connect;  // another server may be quicker
    throw Error({std::move(told)});
}

/// Connector/C with a time limit says "operation in progress" (115) for every failure to connect:
/// the system's own word is had by trying once more.
void name_system_error(std::string& message, const Login& login) {
    constexpr std::string_view in_progress = " (115)";
    constexpr std::chrono::milliseconds a_moment{300};
    const std::size_t at = message.rfind(in_progress);
    if (at == std::string::npos || login.host.empty()) return;
    const int error = platform::connect_error(login.host, login.port, a_moment);
    if (error == 0 || error == ETIMEDOUT) return;
    message.replace(
        at, in_progress.size(),
        ": " + std::system_category().message(error) + " (" + std::to_string(error) + ")");
}

[[noreturn]] void throw_login_error(MYSQL* handle, const Login& login) {
    constexpr unsigned cannot_load_plugin[] = {2059, 5012};
    const unsigned number = mysql_errno(handle);
    Record told =
        server_error(static_cast<int>(number), mysql_sqlstate(handle), mysql_error(handle), true)
            .records()
            .front();
    std::string& message = told.message;
    name_system_error(message, login);
    if (std::find(std::begin(cannot_load_plugin), std::end(cannot_load_plugin), number) !=
        std::end(cannot_load_plugin))
        message +=
            ": install the client library's plugin of that name, or name its folder by "
            "Plugin_Dir";
    // The system's number for "connection timed out" is all that distinguishes a timeout.
    const bool timed_out = message.find("(110)") != std::string::npos ||
                           message.find("error: 110") != std::string::npos;
    if (login.connect_timeout && timed_out) told.state = "HYT00";
    if (message.find(login.host.empty() ? place(login) : login.host) == std::string::npos)
        message += " (server " + place(login) + ")";
    throw Error({std::move(told)});
}

/// mysql_init is thread-safe only after this. Both libraries also make the process ignore SIGPIPE,
/// which writing to a lost TLS connection needs; an application's own handler does as well and
/// stays.
int initialise_once() {
    const platform::SigpipeHandlerKept kept;
    // Plugins to load and folders of them, ports, passwords, option files: both libraries obey the
    // environment of whoever calls a privileged program.
    platform::forget_environment({"LIBMYSQL_PLUGINS", "LIBMYSQL_PLUGIN_DIR", "MARIADB_PLUGIN_DIR",
                                  "LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", "MYSQL_TCP_PORT",
                                  "MYSQL_UNIX_PORT", "MARIADB_UNIX_PORT", "MYSQL_PWD", "MYSQL_HOME",
                                  "MARIADB_HOME", "MYSQL_GROUP_SUFFIX", "MYSQL_TEST_LOGIN_FILE"});
    const int status = mysql_library_init(0, nullptr, nullptr);
    prepare_login_guards();
    return status;
}

void initialise_library() {
    static const int status = initialise_once();
    if (status) throw Error(state::general_error, "the MySQL client library cannot be initialised");
}

struct Close {
    void operator()(MYSQL* handle) const { mysql_close(handle); }
};
using Handle = std::unique_ptr<MYSQL, Close>;

LoginRules rules_of(const Login& login, Tls tls) {
    LoginRules rules;
    rules.tls_wanted = tls != Tls::disabled;
    rules.tls_required = tls >= Tls::required;
    rules.by_socket_file = by_socket(login);
    rules.rights.clear_text = login.clear_text_plugin;
    rules.rights.ask_for_key = login.get_server_public_key;
    rules.rights.default_plugin = login.default_auth;
    rules.plugin_dir = login.plugin_dir;
    rules.limit = std::chrono::seconds(login.connect_timeout);
    return rules;
}

/// The handle, whether the login succeeded or not. Throws when it was ended here.
Handle log_in(const Login& login, Tls tls, bool& succeeded) {
    Handle handle(mysql_init(nullptr));
    if (!handle) throw std::bad_alloc();
    set_options(handle.get(), login);
    set_tls(handle.get(), login, tls);
    const LoginGuard guard(handle.get(), rules_of(login, tls), LoginGuard::Step::connecting);
    succeeded = real_connect(handle.get(), login);
    if (succeeded) return handle;
    if (guard.timed_out()) throw_login_too_long(login);
    if (!guard.refusal().empty()) throw_refusal(guard, login, tls);
    return handle;
}

#if MYFABRIC_CONNECTOR_C
Handle log_in_in_time(const Login& login, Tls tls, bool& succeeded) {
    return log_in(login, tls, succeeded);  // the guard knows the socket, and shuts it
}
#else
/// The library counts its timeouts anew with every byte, and nobody else knows the socket that it
/// connects: a login that takes longer goes on in its thread until it ends by itself.
Handle log_in_in_time(const Login& login, Tls tls, bool& succeeded) {
    if (!login.connect_timeout) return log_in(login, tls, succeeded);
    struct Begun {
        Login login;
        Handle handle;
        bool succeeded = false;
    };
    const auto begun = std::make_shared<Begun>();
    begun->login = login;
    const auto attempt = Attempt::start(
        [begun, tls] { begun->handle = log_in(begun->login, tls, begun->succeeded); });
    if (!attempt->wait(std::chrono::seconds(login.connect_timeout))) throw_login_too_long(login);
    succeeded = begun->succeeded;
    return std::move(begun->handle);
}
#endif

/// With Oracle's library a password in clear text can be allowed for a whole login only, before it
/// is known whether there will be TLS: there the first try insists on it.
bool insists_first(const Login& login, Tls tls) {
    return !MYFABRIC_CONNECTOR_C && tls == Tls::preferred && login.clear_text_plugin;
}

}  // namespace

Connection::Connection(const Login& login)
    : reads_in_place_(login.plain_reader),
      column_cache_(std::make_unique<ColumnCache>()),
      text_rows_(std::make_unique<TextRows>(login.plain_reader)),
      prepared_cache_(std::make_unique<PreparedCache>(login.prepared_statements)) {
    reading_ = login.reading;
    acknowledge_at_once_ = login.acknowledge_at_once;
    must_be_place(login);
    if (!login.default_auth.empty() && !is_plugin_name(login.default_auth))
        throw Error(state::unable_to_connect, "'" + printable(login.default_auth) +
                                                  "' is no name of an authentication plugin; its "
                                                  "folder is named by Plugin_Dir");
    initialise_library();
    const Tls tls = tls_of(login);
    bool connected = false;
    const auto tls_has_failed = [&](const Handle& handle) {
        return !connected && tls == Tls::preferred && mysql_errno(handle.get()) == tls_failed;
    };
    Handle handle =
        log_in_in_time(login, insists_first(login, tls) ? Tls::required : tls, connected);
    if (insists_first(login, tls) && tls_has_failed(handle))
        handle = log_in_in_time(login, tls, connected);
    // Old servers offer only TLS versions that today's OpenSSL refuses. Preferring TLS is no
    // promise of secrecy; a user who needs one asks for REQUIRED or more, or gives something to
    // check.
    if (tls_has_failed(handle)) handle = log_in_in_time(login, Tls::disabled, connected);
    if (!connected) throw_login_error(handle.get(), login);
    // For a library that cannot be watched.
    if (tls >= Tls::required && !mysql_get_ssl_cipher(handle.get()))
        throw Error(state::unable_to_connect,
                    "the server " + place(login) + " does not offer TLS, which the TLS mode " +
                        std::string(tls_modes[static_cast<std::size_t>(tls)]) + " requires",
                    tls_failed);
#if !MYFABRIC_CONNECTOR_C
    // The library greets with utf8mb4_0900_ai_ci, which other servers take for their own default.
    const std::string_view version = mysql_get_server_info(handle.get());
    const bool knows_0900 =
        version_number(version) >= 80000 && version.find("Maria") == std::string_view::npos;
    if (!knows_0900 && mysql_set_character_set(handle.get(), login.charset.c_str()))
        throw_login_error(handle.get(), login);
#endif
    MY_CHARSET_INFO charset{};
    mysql_get_character_set_info(handle.get(), &charset);
    if (charset.mbmaxlen) text_bytes_ = charset.mbmaxlen;
    if (login.names_local_file) {
        local_files_ = std::make_unique<LocalFiles>(LocalFiles{login.names_local_file, {}, true});
        guard_local_files(handle.get(), local_files_.get());
    }
    handle_ = reinterpret_cast<NativeConnection*>(handle.release());
    executes_at_once_ =
        reads_in_place_ && !local_files_ && is_mariadb() && server_version_number() >= 100200;
}

void Connection::change_user(const Login& login) {
    MYSQL* handle = raw(handle_);
    const LoginGuard guard(handle, rules_of(login, tls_of(login)), LoginGuard::Step::changing_user);
    const char* database = login.database.empty() ? nullptr : login.database.c_str();
    if (!mysql_change_user(handle, login.user.c_str(), login.password.c_str(), database)) return;
    if (!guard.refusal().empty()) {
        lose();
        throw_refusal(guard, login, tls_of(login));
    }
    fail();
}

}  // namespace myfabric::mysql
