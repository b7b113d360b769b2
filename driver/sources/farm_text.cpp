#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "sources/farm_file.h"
#include "topology/names.h"

namespace myfabric::sources {
namespace {

using Json = nlohmann::ordered_json;

Json server_json(const topology::Server& server) {
    return {{"uuid", server.uuid},
            {"host", server.host},
            {"port", server.port},
            {"status", topology::status_name(server.status)},
            {"mode", topology::mode_name(server.mode)},
            {"weight", server.weight}};
}

/// A shard may be in a group that has no usable server now; the file names it nevertheless.
Json groups_json(const topology::Topology& topology) {
    std::set<std::string> names;
    for (const auto& [name, servers] : topology.groups) names.insert(name);
    for (const topology::ShardMap& map : topology.maps) {
        if (!map.global_group.empty()) names.insert(map.global_group);
        for (const topology::Shard& shard : map.shards) names.insert(shard.group);
    }
    Json groups = Json::object();
    for (const std::string& name : names) {
        if (const auto origin = topology.origins.find(name); origin != topology.origins.end()) {
            groups[name] = {{"source", origin->second.source}, {"seeds", origin->second.seeds}};
            continue;
        }
        Json servers = Json::array();
        if (const std::vector<topology::Server>* members = topology.group(name))
            for (const topology::Server& server : *members) servers.push_back(server_json(server));
        groups[name]["servers"] = std::move(servers);
    }
    return groups;
}

Json map_json(const topology::Topology& topology, std::size_t index) {
    const topology::ShardMap& map = topology.maps[index];
    if (!map.problem.empty())
        throw Error(state::general_error, "the shard map " + std::to_string(index + 1) +
                                              " of the farm " + topology.source +
                                              " cannot be written to a farm file: " + map.problem);
    Json json = {{"type", map.type_name}};
    if (!map.global_group.empty()) json["global_group"] = map.global_group;
    std::map<std::string, const topology::Table*> tables;
    for (const auto& [key, table] : topology.tables)
        if (table.map == index) tables.emplace(key, &table);
    json["tables"] = Json::array();
    for (const auto& [key, table] : tables) {
        Json entry = {{"name", table->name}};
        if (!table->column.empty()) entry["column"] = table->column;
        json["tables"].push_back(std::move(entry));
    }
    json["shards"] = Json::array();
    for (const topology::Shard& shard : map.shards)
        json["shards"].push_back({{"id", shard.id},
                                  {"lower_bound", shard.lower_bound},
                                  {"group", shard.group},
                                  {"enabled", shard.enabled}});
    return json;
}

}  // namespace

std::string farm_text(const topology::Topology& topology) {
    Json farm = {{"ttl", topology.ttl.count()}, {"groups", groups_json(topology)}};
    farm["shard_maps"] = Json::array();
    for (std::size_t i = 0; i < topology.maps.size(); ++i)
        farm["shard_maps"].push_back(map_json(topology, i));
    return farm.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace myfabric::sources
