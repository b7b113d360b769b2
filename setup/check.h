// "myfabric check": walks the way a connection goes and reports of each step whether it is right.
#pragma once

#include <iosfwd>
#include <string>

namespace myfabric::setup {

/// `data_source` names a section of odbc.ini, or is a connection string. One line per step, "ok
/// ...", "note ..." or "FAILED ...", as soon as it is known; stops at the first step that fails,
/// since the later ones need it, and ends with the one thing to do. As JSON: {"ok", "data_source",
/// "steps":
/// [{"step", "status": "ok"|"note"|"failed", "text", "cause"?, "mend"?}], "todo"}. True when all is
/// right. No line holds a password.
bool check(const std::string& data_source, bool json, std::ostream& out);

}  // namespace myfabric::setup
