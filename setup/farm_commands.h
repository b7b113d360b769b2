// "myfabric exec", "export" and "status": what one asks of a farm from the shell.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "dsn/options.h"

namespace myfabric::setup {

/// The options of a data source of odbc.ini, or of a connection string ("Key=value;...").
/// Throws Error as dsn::from_connection_string() does.
dsn::Options read_target(const std::string& data_source);

/// Asks for FabricPassword at the terminal, without echo: always with `ask`, else when there is a
/// FabricUser without one. Throws Error 28000 when there is no terminal to ask on.
void complete_password(dsn::Options& options, bool ask);

/// Runs one command of the farm, e.g. "group.lookup_servers" with {"shard1"}, and prints its result
/// sets as tables or as one JSON array of {"columns": [...], "rows": [[...]]}. A command that
/// changes the farm needs FabricAdmin=1 or `admin`: else Error 42000. Throws what the farm refuses.
void execute(const dsn::Options& options, const std::string& command,
             const std::vector<std::string>& arguments, bool admin, bool json, std::ostream& out);

/// Writes the farm as a farm file (FabricProtocol=file): to `out`, or to `path` in one step, so
/// that a reader sees the old file or the new one. Throws Error HY000 for a farm that no
/// file can hold, or a file that cannot be written.
void export_farm(const dsn::Options& options, const std::string& path, std::ostream& out);

/// Prints the source, its groups and servers, and its sharded tables. `log_in`: also tries to reach
/// each server. False when a probed server that should serve cannot be reached.
bool status(const dsn::Options& options, bool log_in, bool json, std::ostream& out);

}  // namespace myfabric::setup
