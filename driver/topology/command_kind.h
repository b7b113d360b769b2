// What kind of command a name is: does it only read, report a server, or administer the farm? Pure.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace myfabric::topology {

enum class CommandKind : unsigned char {
    reads,       // may be sent twice, to any node
    reports,     // threat.*: changes the farm, and a connector may do it
    administers  // everything else; what is not known counts as such
};

inline CommandKind command_kind(std::string_view command) {
    constexpr std::string_view readers[] = {
        "dump.",       "statistics.", "system.",        "manage.ping",  "event.wait_for_procedures",
        "role.list",   "user.list",   "provider.list",  "machine.list", "snapshot.list",
        "backup.list", "manage.list", "manage.openfds",
    };
    const auto starts = [&](std::string_view with) {
        return equal_ignoring_case(command.substr(0, with.size()), with);
    };
    if (starts("threat.")) return CommandKind::reports;
    if (std::ranges::any_of(readers, starts)) return CommandKind::reads;
    const std::string_view verb = command.substr(std::min(command.find('.') + 1, command.size()));
    for (const std::string_view reader : {"lookup_", "list_", "health"})
        if (equal_ignoring_case(verb.substr(0, reader.size()), reader)) return CommandKind::reads;
    return CommandKind::administers;
}

/// What to give a Fabric user to whom a node refuses `command`: connectors may route and report.
inline std::string_view role_for(std::string_view command) {
    for (const std::string_view theirs : {"dump.", "threat."})
        if (equal_ignoring_case(command.substr(0, theirs.size()), theirs))
            return "the role connector";
    return "a role that may administer the farm (superadmin); a connector may run dump.* and "
           "threat.* only";
}

}  // namespace myfabric::topology
