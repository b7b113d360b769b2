#include "setup/target.h"

#include <sstream>

#include "base/error.h"
#include "dsn/login.h"

namespace myfabric::setup {
namespace {

constexpr const char* status_names[] = {"faulty", "spare", "secondary", "primary"};
constexpr const char* mode_names[] = {"offline", "read_only", "write_only", "read_write"};

}  // namespace

router::Target target_of(const dsn::Options& options) {
    router::Target target;
    target.group = options.group;
    target.tables = router::parse_tables(options.tables, options.database);
    if (!options.shard_key.empty()) target.key = options.shard_key;
    if (!options.scope.empty()) target.scope = router::parse_scope(options.scope);
    target.mode = router::parse_mode(options.mode);
    return target;
}

std::shared_ptr<const fabric::Topology> load_topology(const dsn::Options& options) {
    return fabric::Farm(dsn::farm_options(options)).topology();
}

Destination destination(const dsn::Options& options, const fabric::Topology* topology) {
    Destination result;
    if (!topology) {
        fabric::Server server;
        server.host = options.server.empty() ? "localhost" : options.server;
        server.port = options.port;
        result.servers.push_back(server);
        return result;
    }
    result.route = router::resolve(*topology, target_of(options), options.database);
    router::Random random;
    router::Choice choice = router::select(*topology, *result.route, random,
                                           [](const fabric::Server&) { return false; });
    if (choice.servers.empty()) throw Error(state::connection_rejected, choice.why_not);
    result.servers = std::move(choice.servers);
    return result;
}

std::string describe(const fabric::Topology& topology) {
    std::size_t servers = 0;
    for (const auto& [id, members] : topology.groups) servers += members.size();
    std::ostringstream text;
    text << "farm of " << topology.groups.size() << " groups and " << servers << " servers, "
         << topology.tables.size() << " sharded tables, fresh for " << topology.ttl.count() << " s";
    return text.str();
}

std::string describe(const router::Route& route) {
    std::string text = "group " + route.group;
    if (route.shard) text += ", shard " + std::to_string(*route.shard);
    return text;
}

std::string describe(const fabric::Server& server) {
    std::ostringstream text;
    text << server.address() << " " << status_names[static_cast<int>(server.status)] << ", "
         << mode_names[static_cast<int>(server.mode)] << ", weight " << server.weight << ", uuid "
         << server.uuid;
    return text.str();
}

}  // namespace myfabric::setup
