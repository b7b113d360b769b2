#include "mysql/auth_plugins.h"

#include <atomic>
#include <cstdarg>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <mutex>
#include <string_view>
#include <utility>

namespace myfabric::mysql {
namespace {

constexpr int authentication_plugin = 2;
constexpr int failed = 0, done = -1, done_and_answered = -2;  // what a plugin returns

/// How a plugin talks to the server. (Debian's package lacks a header that mysql/client_plugin.h
/// includes.) The length of what is written is an int in some versions, a size_t in others.
struct Vio {
    int (*read_packet)(Vio* vio, unsigned char** bytes);
    int (*write_packet)(Vio* vio, const unsigned char* bytes, std::size_t size);
    void (*info)(Vio* vio, void* info);
};

using Authenticate = int (*)(Vio* vio, MYSQL* handle);

/// An authentication plugin as the libraries lay it out.
struct Plugin {
    int type;
    unsigned interface_version;
    const char* name;
    const char* author;
    const char* description;
    unsigned version[3];
    const char* license;
    void* library;
    int (*init)(char*, std::size_t, int, std::va_list);
    int (*deinit)();
    int (*options)(const char*, const void*);
#if !MYFABRIC_CONNECTOR_C
    int (*get_options)(const char*, void*);
#endif
    Authenticate authenticate_user;
};

/// Stands between a plugin and the server.
struct GuardedVio : Vio {
    GuardedVio(Vio* to, PresentLogin& of, unsigned char request)
        : Vio{read, write, tell}, inner(to), login(of), key_request(request) {}

    Vio* inner;
    PresentLogin& login;
    unsigned char key_request;  // what the plugin sends to have the server's key

    static GuardedVio& of(Vio* vio) { return *static_cast<GuardedVio*>(vio); }
    static int read(Vio* vio, unsigned char** bytes) {
        return of(vio).inner->read_packet(of(vio).inner, bytes);
    }
    static void tell(Vio* vio, void* info) { of(vio).inner->info(of(vio).inner, info); }
    static int write(Vio* vio, const unsigned char* bytes, std::size_t size) {
        GuardedVio& guard = of(vio);
        size = static_cast<unsigned>(size);  // the rest of an int's register may be anything
        const std::string_view sent(reinterpret_cast<const char*>(bytes), bytes ? size : 0);
        const char* known = guard.login.handle->passwd;
        const std::string_view password = known ? known : "";
        if (sent.size() == 1 && bytes[0] == guard.key_request && !guard.login.rights.ask_for_key) {
            guard.login.refuse(
                "wants the password encrypted with a key that it names itself, which may be "
                "anybody's; "
                "use TLS, name the server's key by RSAKey, or allow that by "
                "Get_Server_Public_Key=1");
            return 1;
        }
        if (!password.empty() && sent.substr(0, sent.find('\0')) == password) {
            guard.login.refuse("wants the password in clear text on a link without TLS");
            return 1;
        }
        return guard.inner->write_packet(guard.inner, bytes, size);
    }
};

int authenticate_caching_sha2(Vio* vio, MYSQL* handle);
int authenticate_sha256(Vio* vio, MYSQL* handle);
#if MYFABRIC_CONNECTOR_C
int authenticate_dialog(Vio* vio, MYSQL* handle);
#endif

/// The library has one plugin of a name for the process, and so there is one original.
struct Guarded {
    const char* name;
    Authenticate guard;
    std::atomic<Authenticate> original{nullptr};
};

Guarded guarded[] = {
    {"caching_sha2_password", authenticate_caching_sha2},
    {"sha256_password", authenticate_sha256},
#if MYFABRIC_CONNECTOR_C
    {"dialog", authenticate_dialog},
#endif
};
Guarded& caching_sha2 = guarded[0];
Guarded& sha256 = guarded[1];

/// Hides for the time of the login that TLS is wanted: on a link without it these plugins would
/// take the wish for the deed and send the password as it is.
class WithoutTlsWish {
public:
#if MYFABRIC_CONNECTOR_C
    explicit WithoutTlsWish(MYSQL* handle) : options_(handle->options) {
        for (std::size_t i = 0; i < std::size(wishes_); ++i)
            values_[i] = std::exchange(*wishes_[i], nullptr);
        options_.use_ssl = 0;
    }
    ~WithoutTlsWish() {
        for (std::size_t i = 0; i < std::size(wishes_); ++i) *wishes_[i] = values_[i];
    }
    WithoutTlsWish(const WithoutTlsWish&) = delete;
    WithoutTlsWish& operator=(const WithoutTlsWish&) = delete;

private:
    decltype(MYSQL::options)& options_;
    char** wishes_[5] = {&options_.ssl_key, &options_.ssl_cert, &options_.ssl_ca,
                         &options_.ssl_capath, &options_.ssl_cipher};
    char* values_[5];
#else
    explicit WithoutTlsWish(MYSQL*) {}
#endif
};

int authenticate_by_key(Guarded& plugin, unsigned char key_request, Vio* vio, MYSQL* handle) {
    PresentLogin* login = present_login(handle);
    if (!login || login->transport != Transport::plain) return plugin.original.load()(vio, handle);
    const WithoutTlsWish hidden(handle);
    GuardedVio guard(vio, *login, key_request);
    return plugin.original.load()(&guard, handle);
}

int authenticate_caching_sha2(Vio* vio, MYSQL* handle) {
    return authenticate_by_key(caching_sha2, 2, vio, handle);
}

int authenticate_sha256(Vio* vio, MYSQL* handle) {
    return authenticate_by_key(sha256, 1, vio, handle);
}

#if MYFABRIC_CONNECTOR_C
/// The plugin of PAM asks its questions on the terminal. Here the first one is answered with the
/// password; a second one cannot be.
int authenticate_dialog(Vio* vio, MYSQL* handle) {
    PresentLogin* login = present_login(handle);
    if (!login) return guarded[2].original.load()(vio, handle);
    constexpr unsigned char all_is_well = 0, other_plugin = 0xFE, last_question = 1;
    for (bool answered = false;;) {
        unsigned char* packet = nullptr;
        const int size = vio->read_packet(vio, &packet);
        if (size < 0) return failed;
        const unsigned char kind = size > 0 ? packet[0] : 0;
        if (size > 0 && (kind == all_is_well || kind == other_plugin)) return done_and_answered;
        if (answered) {
            login->refuse("asks for more than the password, which a connection cannot answer");
            return failed;
        }
        const char* password = handle->passwd ? handle->passwd : "";
        if (vio->write_packet(vio, reinterpret_cast<const unsigned char*>(password),
                              std::strlen(password) + 1))
            return failed;
        answered = true;
        if (kind & last_question) return done;
    }
}
#endif

}  // namespace

void guard_plugin(MYSQL* handle, const std::string& name) {
    static std::mutex mutex;
    for (Guarded& each : guarded) {
        if (name != each.name) continue;
        const std::lock_guard lock(mutex);
        auto* plugin = reinterpret_cast<Plugin*>(
            mysql_client_find_plugin(handle, each.name, authentication_plugin));
        if (!plugin) return;  // then nothing can be sent by it
        if (plugin->type != authentication_plugin || name != plugin->name) return;
        const std::atomic_ref<Authenticate> current(plugin->authenticate_user);
        if (current.load() == each.guard) return;
        each.original = current.load();
        current.store(each.guard);
    }
}

}  // namespace myfabric::mysql
