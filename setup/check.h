// "myfabric check": walks the way a connection goes and tells of each step whether it is right.
#pragma once

#include <iosfwd>
#include <string>

namespace myfabric::setup {

/// One line per step: "ok ..." or "FAILED ...: what to mend". Stops at the first step that fails,
/// since the later ones need it. True when all is right. No line holds a password.
bool check(const std::string& data_source, std::ostream& out);

}  // namespace myfabric::setup
