// CALL fabric....: statements that the driver answers itself.
#pragma once

#include <memory>
#include <span>

#include "handles/connection.h"
#include "handles/fabric_arguments.h"
#include "results/results.h"

namespace myfabric::handles {

/// Runs `call`; `parameters` are the values of its `?`, in order. Null when the call is not the
/// driver's on this connection. Throws 42000 (arguments, an unknown name, no right), HY024, 25000
/// (in a transaction), and what the farm refuses.
std::unique_ptr<results::Results> answer_fabric_call(
    Connection& connection, const sql::FabricCall& call,
    std::span<const results::Parameter> parameters);

/// One row of the tables of calls.
struct FabricCallRow {
    const char* name;
    std::size_t least_arguments;
    std::size_t most_arguments;
    bool without_farm;  // the driver's on a connection without FabricHost, too
    bool administers;   // needs FabricAdmin=1
    std::unique_ptr<results::Results> (*answer)(Connection&, const FabricArguments&);
};

/// Calls that speak with the farm: look-ups, reports, administration.
std::span<const FabricCallRow> farm_calls();

/// Has the farm loaded anew. Throws 08S01 when it cannot be asked; what was known serves on.
void reset_farm_cache(Connection& connection);
/// Throws 42000 unless the connection has FabricAdmin=1; `what` is the call's or command's name.
void must_administer(const Connection& connection, const std::string& what);
/// Reports the server in use to the farm with `message`. Throws what the farm answers.
void report_server(Connection& connection, const std::string& message);

/// The router of a connection to a farm. Throws HY011 where there is no farm.
router::Backend& farm_backend(Connection& connection);

}  // namespace myfabric::handles
