#include "router/selector.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace myfabric::router {
namespace {

using topology::Server;
using topology::ServerMode;
using topology::Status;

constexpr std::size_t most_named = 16;  // candidates in a message

bool reads(ServerMode mode) {
    return mode == ServerMode::read_only || mode == ServerMode::read_write;
}

bool writes(ServerMode mode) {
    return mode == ServerMode::write_only || mode == ServerMode::read_write;
}

/// Each next one is drawn with a probability by weight among those left.
void shuffle_by_weight(std::vector<Server>& servers, Random& random) {
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<std::pair<double, std::size_t>> draws;
    for (std::size_t i = 0; i < servers.size(); ++i)
        draws.emplace_back(-std::log1p(-uniform(random)) / servers[i].weight, i);
    std::ranges::sort(draws);
    std::vector<Server> order;
    for (const auto& [draw, index] : draws) order.push_back(std::move(servers[index]));
    servers = std::move(order);
}

std::string describe(const Route& route, const std::vector<Server>* members) {
    std::string text = "group '" + route.group + "' has no server for " +
                       std::string(topology::mode_name(route.mode)) + ": ";
    if (!members || members->empty())
        return text + "the farm lists none for it, so all of them are faulty or it has none";
    std::size_t named = 0;
    for (const Server& server : *members) {
        const char* why = objection(server, route.mode);
        if (!why) continue;
        if (named == most_named) {
            text += " and " + std::to_string(members->size() - named) + " more";
            break;
        }
        text += (named++ ? ", " : "") + server.address() + " " + why;
        if (!server.note.empty()) text += " (" + server.note + ")";
    }
    return text;
}

}  // namespace

const char* objection(const Server& server, topology::Mode mode) {
    switch (server.status) {
        case Status::faulty:
            return "is faulty";
        case Status::spare:
            return "is a spare";
        case Status::secondary:
            if (mode != topology::Mode::read_only) return "is a secondary";
            break;
        case Status::primary:
            break;
    }
    if (server.mode == ServerMode::offline) return "is offline";
    if (mode == topology::Mode::read_only && !reads(server.mode)) return "is in mode WRITE_ONLY";
    if (mode != topology::Mode::read_only && !writes(server.mode)) return "is in mode READ_ONLY";
    if (!(server.weight > 0)) return "has weight 0";
    return nullptr;
}

Random::Random() {
    std::random_device device;
    state_ = static_cast<std::uint64_t>(device()) << 32 | device();
}

Random::result_type Random::operator()() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
    return mixed ^ mixed >> 31;
}

Choice select(const topology::Topology& topology, const Route& route, Random& random,
              const std::function<bool(const Server&)>& comes_last) {
    Choice choice;
    const std::vector<Server>* members = topology.group(route.group);
    std::vector<Server> primaries;
    if (members)
        for (const Server& server : *members) {
            if (objection(server, route.mode)) continue;
            (server.status == Status::primary ? primaries : choice.servers).push_back(server);
        }
    shuffle_by_weight(choice.servers, random);
    choice.servers.insert(choice.servers.end(), primaries.begin(), primaries.end());
    std::stable_partition(choice.servers.begin(), choice.servers.end(),
                          [&](const Server& server) { return !comes_last(server); });
    if (!choice.servers.empty()) return choice;

    choice.why_not = describe(route, members);
    const auto is_primary = [](const Server& server) { return server.status == Status::primary; };
    choice.transient = !members || std::ranges::none_of(*members, is_primary);
    if (choice.transient) choice.why_not += "; it has no primary now, a failover may be going on";
    return choice;
}

}  // namespace myfabric::router
