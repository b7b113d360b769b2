// How a farm is read from a node, whatever carries the commands: which ones, and when to believe
// them.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "sources/decode.h"
#include "topology/topology.h"
#include "topology/values.h"

namespace myfabric::sources {

/// One node for the time of a load.
struct NodeReader {
    /// Runs a dump command for everything. A reply with an error is given as it is; throws as
    /// Source::load() does.
    std::function<topology::Reply(const char* command)> run;
    std::string subject;  // of messages, "the Fabric node http://host:port "
};

/// Reads topologies. Not thread-safe.
class Dumps {
public:
    /// The dumps are not one transaction, and a node changes its shards in several steps. So
    /// sharding that differs from what was read before is believed only when two readings in a row
    /// are equal. Throws Unreachable when they never are, Error as Source::load() does.
    topology::Topology load(const NodeReader& node);
    /// Whether the node lists other servers than it did at the last load.
    bool servers_differ(const NodeReader& node) const;

private:
    struct Sharding {
        topology::ResultSet maps, index, tables;
        std::string tables_error;
        bool operator==(const Sharding&) const = default;
    };

    static Sharding read_sharding(const NodeReader& node);
    Sharding consistent_sharding(const NodeReader& node);

    topology::ResultSet servers_;        // of the load before
    Sharding sharding_;                  // likewise
    std::set<std::string> seen_groups_;  // a group vanishes when all its servers are faulty
};

}  // namespace myfabric::sources
