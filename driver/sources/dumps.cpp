#include "sources/dumps.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "topology/source.h"

namespace myfabric::sources {
namespace {

constexpr int most_readings = 5;
constexpr std::chrono::milliseconds between_readings{20};

topology::Reply run(const NodeReader& node, const char* command) {
    topology::Reply reply = node.run(command);
    if (reply.error.empty()) return reply;
    throw topology::Unreachable(Error::from_fabric(
        state::unable_to_connect, node.subject + "answered " + command +
                                      " with an error: " + topology::first_line(reply.error)));
}

topology::ResultSet rows_of(topology::Reply reply, const char* command) {
    topology::ResultSet set = first_set(std::move(reply), command);
    std::ranges::sort(set.rows);  // nodes send them in any order
    return set;
}

}  // namespace

Dumps::Sharding Dumps::read_sharding(const NodeReader& node) {
    Sharding sharding;
    sharding.maps = rows_of(run(node, "dump.shard_maps"), "dump.shard_maps");
    if (sharding.maps.rows.empty()) return sharding;
    sharding.index = rows_of(run(node, "dump.shard_index"), "dump.shard_index");
    // One table without its database makes the node fail here; groups work nevertheless.
    topology::Reply tables = node.run("dump.shard_tables");
    sharding.tables_error = topology::first_line(tables.error);
    if (tables.error.empty()) sharding.tables = rows_of(std::move(tables), "dump.shard_tables");
    return sharding;
}

Dumps::Sharding Dumps::consistent_sharding(const NodeReader& node) {
    Sharding before = sharding_;
    for (int reading = 1; reading <= most_readings; ++reading) {
        Sharding now = read_sharding(node);
        if (now == before || now.maps.rows.empty()) return now;
        before = std::move(now);
        if (reading > 1) std::this_thread::sleep_for(between_readings);
    }
    throw topology::Unreachable(Error::from_fabric(
        state::unable_to_connect, node.subject + "gave " + std::to_string(most_readings) +
                                      " different lists of shards one after the other; they are "
                                      "being changed, try again"));
}

bool Dumps::servers_differ(const NodeReader& node) const {
    return rows_of(run(node, "dump.servers"), "dump.servers") != servers_;
}

topology::Topology Dumps::load(const NodeReader& node) {
    topology::Topology topology;
    try {
        Dump dump;
        topology::Reply servers = run(node, "dump.servers");
        dump.ttl = servers.ttl;
        dump.servers = first_set(std::move(servers), "dump.servers");
        sharding_ = consistent_sharding(node);
        dump.shard_maps = sharding_.maps;
        dump.shard_index = sharding_.index;
        dump.shard_tables = sharding_.tables;
        dump.tables_error = sharding_.tables_error;
        topology = decode_topology(dump);
        // Not before: after a load that failed the list is still news.
        servers_ = std::move(dump.servers);
        std::ranges::sort(servers_.rows);
    } catch (const topology::MalformedReply& error) {
        throw Error::from_fabric(state::unable_to_connect, node.subject + error.what());
    }
    for (const auto& [group, servers] : topology.groups) seen_groups_.insert(group);
    for (const std::string& group : seen_groups_) topology.groups.try_emplace(group);
    return topology;
}

}  // namespace myfabric::sources
