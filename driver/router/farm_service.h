// Farm operations shared by the C++ library, SQL text and the shell command.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "router/route.h"
#include "topology/farm.h"

namespace myfabric::router {

/// One shard of one table, or (Scope::global) the global group of a table.
struct TableShard {
    std::string table;   // "schema.table"
    std::string column;  // that holds the key
    std::string type_name;
    std::string global_group;
    std::string group;  // that holds the shard; the global group
    std::string lower_bound;
    std::optional<int> shard;
    bool enabled = true;
};

// ---- answered from the snapshot, looked up anew where it lacks what is asked for ----
// Throw as resolve() does.

/// All servers of the target's group, whatever their status, by address.
std::vector<topology::Server> members(topology::Farm& farm, const topology::Target& target,
                                      std::string_view current_database);
/// The servers for the target in the order in which a connection would try them. Throws 08004 when
/// there is none.
std::vector<topology::Server> candidates(topology::Farm& farm, const topology::Target& target,
                                         std::string_view current_database);
/// The shards of `tables` ("schema.table"; none: of all) by table and lower bound.
std::vector<TableShard> shards(topology::Farm& farm, const std::vector<std::string>& tables,
                               topology::Scope scope);

// ---- reports ----

void report_error(topology::Farm& farm, const std::string& uuid, const std::string& error);
void report_failure(topology::Farm& farm, const std::string& uuid, const std::string& error);

// ---- administration; throw as topology::Source::execute() does ----

void create_group(topology::Farm& farm, const std::string& group, const std::string& description);
void destroy_group(topology::Farm& farm, const std::string& group);
/// Adds a running server ("host:port") and returns what the farm then knows of it. Throws HY024 for
/// a weight that is not above 0.
topology::Server add_server(topology::Farm& farm, const std::string& group,
                            const std::string& address, double weight);
/// Finds the server's group itself. Throws 08004 when the farm has no such server.
void remove_server(topology::Farm& farm, const std::string& uuid);
/// Without `uuid` the farm chooses.
void promote_server(topology::Farm& farm, const std::string& group, const std::string& uuid);
void set_server_weight(topology::Farm& farm, const std::string& uuid, double weight);

}  // namespace myfabric::router
