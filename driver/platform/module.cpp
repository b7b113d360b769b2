#include "platform/module.h"

#include <dlfcn.h>
#include <stdlib.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fstream>

namespace myfabric::platform {
namespace {

/// The file that was mapped at `address`; the system knows its whole path also when the program
/// named it relative to a folder in which it is no more.
std::string mapped_file(const void* address) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0, end = 0;
        if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR, &begin, &end) != 2) continue;
        const auto at = reinterpret_cast<std::uintptr_t>(address);
        const std::size_t path = line.find('/');
        if (at >= begin && at < end && path != std::string::npos) return line.substr(path);
    }
    return {};
}

std::string own_file() {
    Dl_info info{};
    const void* const here = reinterpret_cast<const void*>(&symbol_beside_this_code);
    const bool known = dladdr(here, &info) != 0 && info.dli_fname && info.dli_fname[0] == '/';
    std::string file = known ? info.dli_fname : mapped_file(here);
    if (char* const real = realpath(file.c_str(), nullptr)) {
        file = real;
        free(real);
    }
    return file;
}

std::string last_problem() {
    const char* const words = dlerror();
    return words ? words : "unknown error";
}

}  // namespace

std::string file_with(const void* code) {
    Dl_info info{};
    return dladdr(code, &info) != 0 && info.dli_fname ? info.dli_fname : std::string();
}

ModuleSymbol symbol_beside_this_code(const std::string& name, const char* symbol) {
    ModuleSymbol found;
    const std::string own = own_file();
    const std::size_t folder = own.rfind('/');
    found.file = folder == std::string::npos ? name : own.substr(0, folder + 1) + name;
    if (folder == std::string::npos) {
        found.problem = "the system does not say where the driver's own file is";
        return found;
    }
    void* const library = dlopen(found.file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library) found.address = dlsym(library, symbol);
    if (!found.address) found.problem = last_problem();
    return found;
}

}  // namespace myfabric::platform
