// Parts of the driver that lie in separate files, and are loaded when they are needed.
#pragma once

#include <string>

namespace myfabric::platform {

struct ModuleSymbol {
    void* address = nullptr;
    std::string file;     // the module's, with its folder
    std::string problem;  // without an address: the system's words
};

/// `symbol` of the library `name` that lies in the folder of the file in which this code is; links
/// to that file are followed, and neither the environment nor the working directory has a say. The
/// library stays loaded.
ModuleSymbol symbol_beside_this_code(const std::string& name, const char* symbol);

/// The file of the program or library that `code` lies in, as it was loaded; empty: none is known.
std::string file_with(const void* code);

}  // namespace myfabric::platform
