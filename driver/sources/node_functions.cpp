#include "sources/node_functions.h"

#include <cstring>

#include "base/error.h"
#include "platform/module.h"

namespace myfabric::sources {
namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& predicate,
                         const std::string& remedy) {
    throw Error(state::unable_to_connect,
                "the driver's part for Fabric nodes, " + file + ", " + predicate + "; " + remedy);
}

const NodeFunctions& opened() {
    const platform::ModuleSymbol found =
        platform::symbol_beside_this_code(node_module, "myfabric_node_functions");
    if (!found.address)
        refuse(found.file, "cannot be loaded (" + found.problem + ")",
               "install the driver's package again, or name libmyfabricodbc.so where it was "
               "installed: the two files belong side by side");
    using Entry = const NodeFunctions* (*)();
    const NodeFunctions& functions = *reinterpret_cast<Entry>(found.address)();
    if (std::strcmp(functions.version, MYFABRIC_VERSION) != 0 || functions.size != sizeof functions)
        refuse(found.file,
               std::string("is of version ") + functions.version + ", the driver of " +
                   MYFABRIC_VERSION,
               "start the program anew if the driver was upgraded meanwhile, else install both "
               "of one version");
    return functions;
}

}  // namespace

const NodeFunctions& node_functions() {
    static const NodeFunctions& functions =
        myfabric_linked_node_functions ? *myfabric_linked_node_functions() : opened();
    return functions;
}

}  // namespace myfabric::sources
