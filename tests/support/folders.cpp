#include "support/folders.h"

namespace myfabric::test {

std::string tests_file(const std::string& path) {
    return std::string(MYFABRIC_TESTS_DIR) + "/" + path;
}

std::string test_data(const std::string& name) {
    return tests_file("unit/data/" + name);
}

}  // namespace myfabric::test
