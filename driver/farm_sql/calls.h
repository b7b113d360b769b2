// CALL fabric....: statements that the driver answers itself.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "dsn/options.h"
#include "farm_sql/arguments.h"
#include "results/results.h"
#include "router/backend.h"

namespace myfabric::farm_sql {

/// The connection that a call is made on.
struct Context {
    router::Backend& backend;
    const dsn::Options& options;
    std::function<void()> reset;  // makes the session new, and what belongs to it
};

/// Runs `call`; `parameters` are the values of its `?`, in order. Null when the call is not the
/// driver's on this connection. Throws 42000 (arguments, an unknown name, no right), HY024, 25000
/// (in a transaction), and what the farm refuses.
std::unique_ptr<results::Results> answer(const Context& context, const sql::FabricCall& call,
                                         std::span<const results::Parameter> parameters);

/// One row of the tables of calls.
struct Row {
    const char* name;
    std::size_t least_arguments;
    std::size_t most_arguments;
    bool without_farm;  // the driver's on a connection without FabricHost, too
    bool administers;   // needs FabricAdmin=1
    std::unique_ptr<results::Results> (*answer)(const Context&, const Arguments&);
};

/// Calls about the connection: its target, its server.
std::span<const Row> connection_calls();
/// Calls that speak with the farm: look-ups, reports, administration.
std::span<const Row> administration_calls();

/// The farm of a connection. Throws HY011 where there is none.
topology::Farm& farm_of(router::Backend& backend);
/// Has the farm loaded anew. Throws 08S01 when it cannot be asked; what was known serves on.
void reset_cache(router::Backend& backend);
/// Throws 42000 unless the connection has FabricAdmin=1; `what` is the call's or command's name.
void must_administer(const Context& context, const std::string& what);
/// Reports the server in use to the farm with `message`. Throws what the farm answers.
void report_server(router::Backend& backend, const std::string& message);

}  // namespace myfabric::farm_sql
