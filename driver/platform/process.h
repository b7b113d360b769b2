// The process that the driver runs in: its number, its environment, its user and its machine.
#pragma once

#include <initializer_list>
#include <string>

namespace myfabric::platform {

using ProcessId = int;

/// Another one in a forked child.
ProcessId process_id() noexcept;

/// The program runs with more rights than the user who started it (setuid, capabilities), whose
/// environment is then not to be trusted.
bool privileged() noexcept;

/// A variable of the environment; null when it is not set, and always when privileged(). Valid
/// until the application changes the variable.
const char* environment(const char* name) noexcept;

/// Removes variables that libraries read for themselves from the environment of a privileged()
/// program; from another one's nothing. To be called before threads may read the environment.
void forget_environment(std::initializer_list<const char*> names) noexcept;

/// The user's folder; empty when the system knows none.
std::string home();

/// The file name of the program's executable, without its folder.
std::string program_name();

/// The machine's name; empty when the system does not say it.
std::string host_name();

}  // namespace myfabric::platform
