// How fast keys are looked up and farms are read. Prints numbers; nothing here is a test.
//   topology_bench                                       made-up farms in memory
//   topology_bench write FILE                            writes the large made-up farm as a farm
//   file topology_bench load PROTOCOL HOSTS [USER PASSWORD]   loads from a source that runs
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "router/route.h"
#include "router/selector.h"
#include "sources/farm_file.h"
#include "sources/make_source.h"
#include "topology/shard_key.h"
#include "topology/source.h"

namespace {

using namespace myfabric;
using namespace myfabric::sources;
using namespace myfabric::topology;
using Clock = std::chrono::steady_clock;

/// The least of many short runs, in nanoseconds for one call of `body(i)`: other programs disturb
/// only some of them.
template <class Body>
double best_of(std::size_t calls, int runs, Body&& body) {
    double best = 1e18;
    for (int run = 0; run < runs; ++run) {
        const auto start = Clock::now();
        for (std::size_t i = 0; i < calls; ++i) body(i);
        const std::chrono::duration<double, std::nano> took = Clock::now() - start;
        best = std::min(best, took.count() / static_cast<double>(calls));
    }
    return best;
}

std::string bound(ShardType type, int at) {
    switch (type) {
        case ShardType::range_integer:
            return std::to_string(at * 1000);
        case ShardType::range_string: {
            char text[16];
            std::snprintf(text, sizeof text, "key%05d", at);
            return text;
        }
        case ShardType::range_datetime: {
            char text[16];
            std::snprintf(text, sizeof text, "%04d-%02d-%02d", 1990 + at / 336, at / 28 % 12 + 1,
                          at % 28 + 1);
            return text;
        }
        default:
            return to_hex(md5(std::to_string(at)));
    }
}

/// `groups` groups of three servers and one mapping per type of `shards` shards.
Topology made_farm(int groups, int shards) {
    Topology topology;
    for (int group = 0; group < groups; ++group) {
        const std::string name = "group" + std::to_string(group);
        for (int member = 0; member < 3; ++member) {
            Server server;
            server.uuid = name + "-0000-0000-0000-" + std::to_string(member);
            server.group = name;
            server.host = "db" + std::to_string(group) + ".example.com";
            server.port = 3306 + static_cast<unsigned>(member);
            server.status = member ? Status::secondary : Status::primary;
            server.mode = member ? ServerMode::read_only : ServerMode::read_write;
            topology.groups[name].push_back(server);
        }
    }
    int id = 0;
    for (const char* type : {"RANGE", "RANGE_STRING", "RANGE_DATETIME", "HASH"}) {
        ShardMap map;
        map.type_name = type;
        map.type = parse_shard_type(type);
        map.global_group = "group0";
        for (int at = 0; at < shards; ++at) {
            Shard shard;
            shard.id = ++id;
            shard.group = "group" + std::to_string(at % groups);
            shard.lower_bound = bound(map.type, at);
            map.shards.push_back(shard);
        }
        prepare(map);
        const std::string table = "shop.t" + std::to_string(topology.maps.size());
        topology.tables[table] = {table, "k", topology.maps.size()};
        topology.maps.push_back(std::move(map));
    }
    topology.source = "made up";
    return topology;
}

void lookups() {
    const Topology topology = made_farm(100, 1000);
    std::printf("look-up of a key among 1000 shards (table name -> shard), ns:\n");
    for (const ShardMap& map : topology.maps) {
        std::vector<std::string> keys;
        for (int i = 0; i < 1024; ++i) {
            const std::string at = bound(map.type, i * 7 % 1000);
            keys.push_back(map.type == ShardType::hash ? "customer" + std::to_string(i) : at);
        }
        const std::string table = "shop.t" + std::to_string(&map - topology.maps.data());
        std::size_t found = 0;
        const double whole = best_of(2000, 300, [&](std::size_t i) {
            const Table* entry = topology.table(table);
            found += find_shard(topology.maps[entry->map], keys[i % keys.size()]).shard != nullptr;
        });
        std::printf("  %-16s %6.1f   (%s)\n", map.type_name.c_str(), whole,
                    found ? "found" : "none");
    }
    topology::Target target;
    target.tables = {"shop.t0"};
    target.key = "424242";
    std::size_t size = 0;
    const double route = best_of(2000, 100, [&](std::size_t) {
        size += router::resolve(topology, target, {}).group.size();
    });
    router::Random random;
    const router::Route resolved = router::resolve(topology, target, {});
    const double choice = best_of(2000, 100, [&](std::size_t) {
        size += router::select(topology, resolved, random, [](const Server&) {
                    return false;
                }).servers.size();
    });
    std::printf("target to route %.0f ns, route to servers in their order %.0f ns (%zu)\n", route,
                choice, size % 2);
}

void reading() {
    const Topology topology = made_farm(1000, 2500);
    const std::string text = farm_text(topology);
    const double parse = best_of(1, 15, [&](std::size_t) { parse_farm(text); });
    const double write = best_of(1, 15, [&](std::size_t) { farm_text(topology); });
    std::printf(
        "a farm of 1000 groups, 3000 servers, 10000 shards: farm file of %zu KiB read in "
        "%.0f ms, written in %.0f ms\n",
        text.size() / 1024, parse / 1e6, write / 1e6);
}

void load(const FarmOptions& options) {
    const std::unique_ptr<Source> source = make_source(options);
    for (int i = 0; i < 3; ++i) {
        const auto start = Clock::now();
        const Topology topology = source->load();
        const std::chrono::duration<double, std::milli> took = Clock::now() - start;
        std::size_t shards = 0;
        for (const ShardMap& map : topology.maps) shards += map.shards.size();
        std::printf("%s: %zu groups and %zu shards in %.0f ms\n", source->name().c_str(),
                    topology.groups.size(), shards, took.count());
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> given(argv + 1, argv + argc);
    try {
        if (given.size() == 2 && given[0] == "write") {
            std::ofstream(given[1]) << farm_text(made_farm(1000, 2500));
        } else if (given.size() >= 3 && given[0] == "load") {
            FarmOptions options;
            options.protocol = parse_protocol(given[1]);
            options.hosts = given[2];
            if (given.size() > 4) options.user = given[3], options.password = given[4];
            options.connection_timeout = 60;
            load(options);
        } else {
            lookups();
            reading();
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
