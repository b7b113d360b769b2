// The one entry of the module beside the driver. Not part of programs that link the functions.
#include "sources/node_functions.h"

extern "C" [[gnu::visibility("default")]] const myfabric::sources::NodeFunctions*
myfabric_node_functions();

const myfabric::sources::NodeFunctions* myfabric_node_functions() {
    return myfabric_linked_node_functions();
}
