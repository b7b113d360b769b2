#include "setup/resolve.h"

#include <ostream>

#include "setup/print.h"
#include "setup/target.h"

namespace myfabric::setup {

void resolve(dsn::Options options, const std::vector<std::pair<std::string, std::string>>& changes,
             bool json, std::ostream& out) {
    for (const auto& [key, value] : changes) {
        // A group and tables exclude each other: the one that is asked for here wins.
        if (key == "Group") options.tables = options.shard_key = options.scope = "";
        if (key == "Tables") options.group = "";
        dsn::set_option(options, *dsn::find_option(key), value);
    }
    std::shared_ptr<const topology::Topology> topology;
    if (!options.fabric_host.empty()) topology = load_topology(options);
    const Destination found = destination(options, topology.get());
    if (json) {
        const auto& route = found.route;
        return print_json(route ? std::optional(route->group) : std::nullopt,
                          route ? route->shard : std::nullopt, found.servers, out);
    }
    if (!found.route) {
        out << "no farm: server " << found.servers.front().address() << "\n";
        return;
    }
    out << describe(*found.route) << "\n";
    for (const topology::Server& server : found.servers) out << describe(server) << "\n";
}

}  // namespace myfabric::setup
