// Where the tests' own files lie.
#pragma once

#include <string>

namespace myfabric::test {

/// `path` is below tests/, e.g. "servers/servers".
std::string tests_file(const std::string& path);
/// `name` lies in tests/unit/data/.
std::string test_data(const std::string& name);

}  // namespace myfabric::test
