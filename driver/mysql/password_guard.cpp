#include "mysql/password_guard.h"

#if MYFABRIC_CONNECTOR_C

#include <atomic>
#include <cstdarg>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <mutex>
#include <utility>

namespace myfabric::mysql {
namespace {

constexpr char plugin_name[] = "caching_sha2_password";
constexpr int authentication_plugin = 2;

using Authenticate = int (*)(void* vio, MYSQL* handle);

/// An authentication plugin as every version of the libraries lays it out. (Debian's package lacks
/// a header that mysql/client_plugin.h includes.)
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
    Authenticate authenticate_user;
};

// The library has one plugin of this name for the process, and so there is one original.
std::atomic<Authenticate> original{nullptr};

/// Where the server's greeting does not offer TLS, hides for the time of the login that it is
/// wanted: then the plugin asks for the server's key and encrypts the password with it. (Where TLS
/// is offered it begins with the plugin's first packet, so that there is no cipher yet to ask for.)
int authenticate(void* vio, MYSQL* handle) {
    if (handle->server_capabilities & CLIENT_SSL) return original.load()(vio, handle);
    auto& options = handle->options;
    char** const wishes[] = {&options.ssl_key, &options.ssl_cert, &options.ssl_ca,
                             &options.ssl_capath, &options.ssl_cipher};
    char* values[std::size(wishes)];
    for (std::size_t i = 0; i < std::size(wishes); ++i)
        values[i] = std::exchange(*wishes[i], nullptr);
    options.use_ssl = 0;
    const int result = original.load()(vio, handle);
    for (std::size_t i = 0; i < std::size(wishes); ++i) *wishes[i] = values[i];
    return result;
}

}  // namespace

void guard_password(MYSQL* handle) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    auto* plugin = reinterpret_cast<Plugin*>(
        mysql_client_find_plugin(handle, plugin_name, authentication_plugin));
    if (!plugin) return;  // then nothing can be sent by it
    if (plugin->type != authentication_plugin || std::strcmp(plugin->name, plugin_name)) return;
    const std::atomic_ref<Authenticate> current(plugin->authenticate_user);
    if (current.load() == authenticate) return;
    original = current.load();
    current.store(authenticate);
}

}  // namespace myfabric::mysql

#else

namespace myfabric::mysql {

void guard_password(MYSQL*) {}

}  // namespace myfabric::mysql

#endif
