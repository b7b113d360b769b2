// Whether a file can be loaded as the driver, and if not, which of the usual causes it is.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace myfabric::setup {

/// Empty texts when all is right. `cause` is one word for programs; it lives for ever.
struct LibraryFault {
    std::string_view cause;
    std::string what;
    std::string mend;

    explicit operator bool() const { return !what.empty(); }
};

/// Looks at the file, then loads it: no file, not readable, for another processor or word size, a
/// library that it needs is missing or too old, no ODBC driver.
LibraryFault library_fault(const std::filesystem::path& path);

/// The same of the driver's part for Fabric nodes, which has to lie beside the driver's own file.
LibraryFault node_part_fault(const std::filesystem::path& driver);

/// What the dynamic linker's words about `path` mean. A pure function.
LibraryFault explain_linker(const std::string& path, const std::string& words);

/// True for this driver's own library, by its file's name; links are followed.
bool is_our_driver(const std::filesystem::path& path);

}  // namespace myfabric::setup
