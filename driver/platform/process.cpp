#include "platform/process.h"

#include <errno.h>
#include <pwd.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace myfabric::platform {

ProcessId process_id() noexcept {
    return getpid();
}

bool privileged() noexcept {
    static const bool known = getauxval(AT_SECURE) != 0;
    return known;
}

const char* environment(const char* name) noexcept {
    return privileged() ? nullptr : std::getenv(name);
}

void forget_environment(std::initializer_list<const char*> names) noexcept {
    if (!privileged()) return;
    for (const char* name : names) unsetenv(name);
}

std::string home() {
    if (const char* named = environment("HOME"); named && *named) return named;
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room;
    getpwuid_r(geteuid(), &entry, room.data(), room.size(), &found);
    return found ? found->pw_dir : "";
}

std::string program_name() {
    return program_invocation_short_name;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return {};
    return name.data();
}

}  // namespace myfabric::platform
