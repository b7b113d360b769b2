#include "setup/target.h"

#include <sstream>

#include "base/error.h"
#include "router/properties.h"
#include "sources/make_source.h"

namespace myfabric::setup {
namespace {

constexpr const char* status_names[] = {"faulty", "spare", "secondary", "primary"};
constexpr const char* mode_names[] = {"offline", "read_only", "write_only", "read_write"};

}  // namespace

topology::Target target_of(const dsn::Options& options) {
    router::Settings settings;
    router::set_properties(settings, options);
    return std::move(settings.target);
}

std::shared_ptr<const topology::Topology> load_topology(const dsn::Options& options) {
    return sources::make_farm(router::farm_options(options))->topology();
}

Destination destination(const dsn::Options& options, const topology::Topology* topology) {
    Destination result;
    if (!topology) {
        topology::Server server;
        server.host = options.server.empty() ? "localhost" : options.server;
        server.port = options.port;
        result.servers.push_back(server);
        return result;
    }
    result.route = router::resolve(*topology, target_of(options), options.database);
    router::Random random;
    router::Choice choice = router::select(*topology, *result.route, random,
                                           [](const topology::Server&) { return false; });
    if (choice.servers.empty()) throw Error(state::connection_rejected, choice.why_not);
    result.servers = std::move(choice.servers);
    return result;
}

std::string describe(const topology::Topology& topology) {
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

std::string describe(const topology::Server& server) {
    std::ostringstream text;
    text << server.address() << " " << status_names[static_cast<int>(server.status)] << ", "
         << mode_names[static_cast<int>(server.mode)] << ", weight " << server.weight << ", uuid "
         << server.uuid;
    if (!server.note.empty()) text << ": " << server.note;
    return text.str();
}

}  // namespace myfabric::setup
