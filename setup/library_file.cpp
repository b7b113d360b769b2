#include "setup/library_file.h"

#include <dlfcn.h>
#include <elf.h>
#include <odbcinst.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "sources/node_functions.h"

namespace myfabric::setup {
namespace {

namespace fs = std::filesystem;

constexpr const char* own_name = "libmyfabricodbc.so";

fs::path manager_folder() {
    Dl_info info{};
    if (!dladdr(reinterpret_cast<void*>(&SQLValidDSN), &info) || !info.dli_fname) return {};
    return fs::path(info.dli_fname).parent_path();
}

/// The driver manager looks for a name without a folder beside itself, in "odbc", before the
/// linker's search.
fs::path whole(const fs::path& path) {
    std::error_code ignored;
    const fs::path beside = manager_folder() / "odbc" / path;
    return !path.has_parent_path() && fs::exists(beside, ignored) ? beside : path;
}

/// The first bytes of an ELF file: word size and processor. Every ELF header has both at the same
/// place.
struct Header {
    std::array<unsigned char, EI_NIDENT> ident{};
    std::array<unsigned char, 4> type_and_machine{};

    bool is_elf() const { return std::memcmp(ident.data(), ELFMAG, SELFMAG) == 0; }
    int bits() const { return ident[EI_CLASS] == ELFCLASS32 ? 32 : 64; }
    int machine() const { return type_and_machine[2] | type_and_machine[3] << 8; }
};

Header header_of(const fs::path& path) {
    Header header;
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(header.ident.data()), header.ident.size());
    file.read(reinterpret_cast<char*>(header.type_and_machine.data()),
              header.type_and_machine.size());
    return header;
}

/// Of this program; of the driver manager's library where /proc is not mounted.
Header own_header() {
    Header header = header_of("/proc/self/exe");
    if (header.is_elf()) return header;
    Dl_info info{};
    if (dladdr(reinterpret_cast<void*>(&SQLValidDSN), &info) && info.dli_fname)
        header = header_of(info.dli_fname);
    return header;
}

LibraryFault file_fault(const fs::path& path) {
    const std::string name = path.string();
    if (!fs::exists(path))
        return {"driver_missing", "there is no file " + name,
                "install the driver's package, or run myfabric install"};
    if (access(path.c_str(), R_OK) != 0)
        return {"driver_permission", name + " cannot be read: " + std::strerror(errno),
                "let everybody read it, and search its folders: chmod a+rx"};
    const Header header = header_of(path), own = own_header();
    if (!header.is_elf())
        return {"driver_not_a_library", name + " is no library",
                "install the driver's package, or run myfabric install"};
    if (header.bits() != own.bits())
        return {"driver_bits",
                name + " is a " + std::to_string(header.bits()) +
                    "-bit library, this program has " + std::to_string(own.bits()) + " bits",
                "install the driver for " + std::to_string(own.bits()) +
                    " bits: driver and program must have the same"};
    if (header.machine() != own.machine())
        return {"driver_processor", name + " is made for another processor",
                "install the driver for this machine's processor"};
    return {};
}

}  // namespace

LibraryFault explain_linker(const std::string& path, const std::string& words) {
    const std::size_t colon = words.find(": cannot open shared object file");
    if (colon != std::string::npos && words.substr(0, colon) != path) {
        const std::string missing = words.substr(0, colon);
        return {"driver_dependency", path + " needs the library " + missing + ", which is not here",
                "install the package that has " + missing +
                    " (on Debian and Ubuntu: apt-get -f install)"};
    }
    if (words.find("undefined symbol") != std::string::npos ||
        words.find("not found (required by") != std::string::npos)
        return {"driver_dependency_old", path + " needs a newer version of a library: " + words,
                "update that library's package, or install the driver that was built for this "
                "system"};
    return {"driver_not_loadable", "the dynamic linker refuses " + path + ": " + words,
            "install the driver's package anew"};
}

LibraryFault library_fault(const fs::path& given) {
    const fs::path path = whole(given);
    if (path.has_parent_path())
        if (LibraryFault fault = file_fault(path)) return fault;
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* why = dlerror();
        return explain_linker(path.string(), why ? why : "unknown error");
    }
    const bool is_driver = dlsym(library, "SQLAllocHandle") && dlsym(library, "SQLDriverConnect");
    dlclose(library);
    if (is_driver) return {};
    return {"driver_not_odbc", path.string() + " is not an ODBC driver: it has no SQLDriverConnect",
            "name libmyfabricodbc.so: run myfabric install"};
}

LibraryFault node_part_fault(const fs::path& driver) {
    std::error_code ignored;
    const fs::path real = fs::canonical(whole(driver), ignored);
    const fs::path path = real.parent_path() / sources::node_module;
    LibraryFault fault = file_fault(path);
    if (!fault && !dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
        const char* why = dlerror();
        fault = explain_linker(path.string(), why ? why : "unknown error");
    }
    if (!fault) return {};
    const bool lost = fault.cause == "driver_missing";
    return {lost ? "node_part_missing" : "node_part",
            "for Fabric nodes the driver has a part of its own: " + fault.what,
            lost ? "install the driver's package, which has both files, or copy this one beside " +
                       real.string()
                 : fault.mend};
}

bool is_our_driver(const fs::path& given) {
    std::error_code ignored;
    const fs::path path = whole(given);
    const fs::path real = fs::canonical(path, ignored);
    const auto ours = [](const fs::path& each) {
        return each.filename().string().starts_with(own_name);
    };
    return ours(path) || ours(real);
}

}  // namespace myfabric::setup
