// The one file of the ODBC tests that is compiled per executable: how the driver is reached.
#include "support/servers.h"

namespace myfabric::test {

const char* driver_file() {
#ifdef MYFABRIC_DRIVER
    return MYFABRIC_DRIVER;
#else
    return nullptr;
#endif
}

}  // namespace myfabric::test
