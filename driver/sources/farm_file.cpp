#include "sources/farm_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/text.h"
#include "base/untrusted.h"
#include "platform/input_file.h"
#include "platform/thread.h"
#include "sources/file_answers.h"
#include "sources/json_tree.h"
#include "topology/names.h"
#include "topology/shard_key.h"

namespace myfabric::sources {
namespace {

using Kind = JsonNode::Kind;

constexpr std::size_t file_limit = std::size_t{64} << 20;

/// A value with the way that leads to it: "groups.shard1.servers[0].port".
class Item {
public:
    Item(const JsonNode& node, std::string path) : node_(node), path_(std::move(path)) {}

    const std::string& path() const { return path_; }
    const JsonNode& node() const { return node_; }

    [[noreturn]] void refuse(const std::string& what) const {
        throw std::runtime_error("line " + std::to_string(node_.line) + ", column " +
                                 std::to_string(node_.column) + ": " +
                                 (path_.empty() ? "the farm" : path_) + " " + what);
    }

    const Item& expect(Kind kind) const {
        if (node_.kind != kind)
            refuse("is " + std::string(kind_name(node_.kind)) + ", not " +
                   std::string(kind_name(kind)));
        return *this;
    }

    /// An object with no other keys than these.
    const Item& object(std::initializer_list<std::string_view> known) const {
        expect(Kind::object);
        for (const auto& [name, value] : node_.members)
            if (std::ranges::find(known, name) == known.end()) {
                std::string list;
                for (const std::string_view key : known)
                    list += (list.empty() ? "" : ", ") + std::string(key);
                child(name, value).refuse("is not a known key; use " + list);
            }
        return *this;
    }

    std::optional<Item> find(std::string_view name) const {
        const JsonNode* found = node_.member(name);
        if (!found) return std::nullopt;
        return child(name, *found);
    }

    Item need(std::string_view name) const {
        std::optional<Item> found = find(name);
        if (!found) refuse("lacks the key '" + std::string(name) + "'");
        return std::move(*found);
    }

    template <class Body>
    void each_item(Body&& body) const {
        expect(Kind::array);
        for (std::size_t i = 0; i < node_.items.size(); ++i)
            body(Item(node_.items[i], path_ + "[" + std::to_string(i) + "]"));
    }

    template <class Body>
    void each_member(Body&& body) const {
        expect(Kind::object);
        for (const auto& [name, value] : node_.members) body(name, child(name, value));
    }

    std::string text() const {
        expect(Kind::string);
        if (node_.string.empty()) refuse("is empty");
        return node_.string;
    }

    std::string host() const {
        const std::string given = text();
        if (const std::string why = why_no_host(given); !why.empty())
            refuse("is '" + printable(given) + "', which is no host: " + why);
        return given;
    }

    std::string name() const {
        const std::string given = text();
        if (const std::string why = why_no_name(given); !why.empty())
            refuse("is '" + printable(given) + "', which cannot be used: " + why);
        return given;
    }

    std::int64_t integer(std::int64_t low, std::int64_t high) const {
        expect(Kind::integer);
        if (node_.integer < low || node_.integer > high)
            refuse("is " + std::to_string(node_.integer) + ", not from " + std::to_string(low) +
                   " to " + std::to_string(high));
        return node_.integer;
    }

    /// A name of the list, without regard to case, or its index.
    template <class Enum, std::size_t size>
    Enum named(const std::array<const char*, size>& names) const {
        if (node_.kind == Kind::integer)
            return static_cast<Enum>(integer(0, static_cast<std::int64_t>(size) - 1));
        const std::string given = text();
        std::string list;
        for (std::size_t i = 0; i < size; ++i) {
            if (equal_ignoring_case(given, names[i])) return static_cast<Enum>(i);
            list += (list.empty() ? "" : ", ") + std::string(names[i]);
        }
        refuse("is '" + given + "'; use one of " + list);
    }

private:
    Item child(std::string_view name, const JsonNode& value) const {
        return {value, path_.empty() ? std::string(name) : path_ + "." + std::string(name)};
    }

    const JsonNode& node_;
    std::string path_;
};

topology::ServerMode usual_mode(topology::Status status) {
    switch (status) {
        case topology::Status::primary:
            return topology::ServerMode::read_write;
        case topology::Status::secondary:
            return topology::ServerMode::read_only;
        default:
            return topology::ServerMode::offline;
    }
}

topology::Server parse_server(const Item& item, const std::string& group) {
    item.object({"uuid", "host", "port", "status", "mode", "weight"});
    topology::Server server;
    server.group = group;
    server.host = item.need("host").host();
    if (const auto port = item.find("port"))
        server.port = static_cast<unsigned>(port->integer(1, 65535));
    const auto uuid = item.find("uuid");
    server.uuid = uuid ? uuid->name() : server.address();
    server.status = item.need("status").named<topology::Status>(topology::status_names);
    const auto mode = item.find("mode");
    server.mode =
        mode ? mode->named<topology::ServerMode>(topology::mode_names) : usual_mode(server.status);
    if (const auto weight = item.find("weight")) {
        const JsonNode& node = weight->node();
        if (node.kind == Kind::integer)
            server.weight = static_cast<double>(node.integer);
        else
            server.weight = weight->expect(Kind::real).node().real;
        if (!std::isfinite(server.weight)) weight->refuse("is no number that can be used");
        if (server.weight < 0) weight->refuse("is below 0");
    }
    return server;
}

/// A group that describes itself: {"source": "galera", "seeds": ["db1:3306"]}.
topology::Origin parse_origin(const Item& group) {
    topology::Origin origin;
    const Item source = group.need("source");
    const ClusterKind* kind = cluster_kind(source.text());
    if (!kind) source.refuse("is '" + source.text() + "'; use " + std::string(cluster_kind_names));
    origin.source = kind->name;
    group.need("seeds").each_item([&](const Item& seed) {
        if (!endpoint_in(seed.text(), 1))
            seed.refuse("is '" + printable(seed.text()) + "', which is no host or host:port");
        origin.seeds.push_back(seed.text());
    });
    if (origin.seeds.empty()) group.need("seeds").refuse("is empty");
    return origin;
}

void parse_groups(const Item& groups, topology::Topology& topology) {
    std::set<std::string> uuids;
    groups.each_member([&](const std::string& name, const Item& group) {
        if (name.empty()) group.refuse("has an empty name");
        if (const std::string why = why_no_name(name); !why.empty())
            group.refuse("has a name that cannot be used: " + why);
        std::vector<topology::Server>& servers = topology.groups[name];
        if (group.object({"servers", "source", "seeds"}).find("source")) {
            if (group.find("servers"))
                group.refuse("has both servers and a source that finds them");
            topology.origins[name] = parse_origin(group);
            return;
        }
        if (const auto seeds = group.find("seeds")) seeds->refuse("is given without a source");
        group.need("servers").each_item([&](const Item& item) {
            servers.push_back(parse_server(item, name));
            if (!uuids.insert(servers.back().uuid).second)
                item.refuse("is the server '" + servers.back().uuid + "', which is listed before");
        });
    });
}

std::string parse_group(const Item& item, const topology::Topology& topology) {
    std::string group = item.text();
    if (!topology.group(group))
        item.refuse("names the group '" + group + "', which is not in groups");
    return group;
}

void parse_table(const Item& item, topology::Topology& topology) {
    item.object({"name", "column"});
    topology::Table table;
    table.name = item.need("name").text();
    const std::size_t dot = table.name.find('.');
    if (dot == 0 || dot == std::string::npos || dot + 1 == table.name.size())
        item.need("name").refuse("is '" + table.name + "', which is not written as database.table");
    if (const auto column = item.find("column")) table.column = column->text();
    table.map = topology.maps.size();
    std::string key = to_lower(table.name);
    if (!topology.tables.try_emplace(std::move(key), table).second)
        item.refuse("is the table '" + table.name + "', which is listed before");
}

topology::Shard parse_shard(const Item& item, const topology::ShardMap& map,
                            const topology::Topology& topology) {
    item.object({"id", "lower_bound", "group", "enabled"});
    topology::Shard shard;
    const auto id = item.find("id");
    shard.id = id ? static_cast<int>(id->integer(0, 2'147'483'647))
                  : static_cast<int>(map.shards.size()) + 1;
    shard.group = parse_group(item.need("group"), topology);
    if (const auto enabled = item.find("enabled"))
        shard.enabled = enabled->expect(Kind::boolean).node().boolean;
    const auto bound = item.find("lower_bound");
    if (!bound && map.type == topology::ShardType::hash)
        shard.lower_bound = topology::to_hex(topology::md5(shard.group));
    else if (!bound)
        item.refuse("lacks the key 'lower_bound', which " + map.type_name + " needs");
    else if (bound->node().kind == Kind::integer)
        shard.lower_bound = std::to_string(bound->node().integer);
    else
        shard.lower_bound = bound->expect(Kind::string).node().string;
    if (!topology::parse_bound(map.type, shard))
        (bound ? *bound : item)
            .refuse("is '" + shard.lower_bound + "', which does not fit the type " + map.type_name);
    return shard;
}

/// What the shards of one map may not share, at any number of them.
class TakenBefore {
public:
    void refuse_double(const Item& item, const topology::Shard& shard) {
        if (!ids_.insert(shard.id).second)
            item.refuse("has the id " + std::to_string(shard.id) + ", which is taken before");
        const auto [bound, fresh] = bounds_.try_emplace({shard.number, shard.text}, shard.id);
        if (!fresh)
            item.refuse("has the same lower bound as shard " + std::to_string(bound->second));
    }

private:
    std::set<int> ids_;
    std::map<std::pair<decltype(topology::Shard::number), std::string>, int> bounds_;
};

void parse_map(const Item& item, topology::Topology& topology) {
    item.object({"type", "global_group", "tables", "shards"});
    topology::ShardMap map;
    const Item type = item.need("type");
    map.type_name = type.text();
    map.type = topology::parse_shard_type(map.type_name);
    if (map.type == topology::ShardType::unknown)
        type.refuse("is '" + map.type_name + "'; use RANGE, RANGE_STRING, RANGE_DATETIME or HASH");
    if (const auto global = item.find("global_group"))
        map.global_group = parse_group(*global, topology);
    item.need("tables").each_item([&](const Item& table) { parse_table(table, topology); });
    TakenBefore taken;
    if (const auto shards = item.find("shards"))
        shards->each_item([&](const Item& shard) {
            map.shards.push_back(parse_shard(shard, map, topology));
            taken.refuse_double(shard, map.shards.back());
        });
    topology::prepare(map);
    topology.maps.push_back(std::move(map));
}

}  // namespace

topology::Topology parse_farm(std::string_view text) {
    const JsonNode tree = parse_json(text);
    const Item farm(tree, "");
    farm.object({"ttl", "groups", "shard_maps"});
    topology::Topology topology;
    if (const auto ttl = farm.find("ttl"))
        topology.ttl = std::chrono::seconds(ttl->integer(0, 86400));
    parse_groups(farm.need("groups"), topology);
    if (const auto maps = farm.find("shard_maps"))
        maps->each_item([&](const Item& item) { parse_map(item, topology); });
    return topology;
}

FarmFile::FarmFile(std::string path, topology::FarmOptions options)
    : path_(std::move(path)), options_(std::move(options)) {
    if (path_.empty())
        throw Error(state::unable_to_connect,
                    "FabricHost is empty; with FabricProtocol=file it names the farm file");
}

topology::Topology FarmFile::load() {
    const std::lock_guard lock(mutex_);
    try {
        const platform::InputFile file(path_);
        if (!topology_ || file.stamp() != stamp_) {
            topology_ = parse_farm(file.text(file_limit));
            stamp_ = file.stamp();
            begin_groups();
        }
    } catch (const std::runtime_error& error) {
        throw Error::from_fabric(state::unable_to_connect,
                                 "the farm file '" + path_ + "' cannot be used: " + error.what());
    }
    topology::Topology topology = *topology_;
    if (!groups_.empty()) ask_groups(topology);
    return topology;
}

bool FarmFile::may_have_changed() {
    if (asks_) return true;
    const std::lock_guard lock(mutex_);
    try {
        return !topology_ || platform::InputFile(path_).stamp() != stamp_;
    } catch (const std::runtime_error&) {
        return true;  // load() says why
    }
}

/// For the groups that describe themselves. Those that stay as they were keep their connections.
void FarmFile::begin_groups() {
    std::map<std::string, SelfDescribed> groups;
    for (const auto& [name, origin] : topology_->origins) {
        std::string seeds;
        for (const std::string& seed : origin.seeds) seeds += (seeds.empty() ? "" : ",") + seed;
        const ClusterKind& kind = *cluster_kind(origin.source);
        SelfDescribed& asked = groups[name];
        if (const auto before = groups_.find(name); before != groups_.end() &&
                                                    before->second.seeds == seeds &&
                                                    &before->second.group->kind() == &kind) {
            asked = std::move(before->second);
            continue;
        }
        asked.seeds = seeds;
        asked.group = std::make_unique<ServerGroup>(kind, options_, seeds, name, stopped());
    }
    groups_ = std::move(groups);
    asks_ = !groups_.empty();
}

/// All groups at once. A group that cannot be asked says why, and does not disturb the others.
void FarmFile::ask_groups(topology::Topology& topology) {
    std::vector<std::thread> threads;
    for (auto& [name, asked] : groups_) {
        const auto ask = [&asked = asked] {
            try {
                asked.answer = asked.group->load();
                asked.problem.clear();
            } catch (const std::exception& error) {
                asked.answer = {};
                asked.problem = error.what();
            }
        };
        try {
            threads.push_back(platform::quiet_thread(ask));
        } catch (const std::system_error&) {
            ask();
        }
    }
    for (std::thread& thread : threads) thread.join();
    for (auto& [name, asked] : groups_) {
        std::vector<topology::Server>& servers = topology.groups[name];
        if (asked.problem.empty()) {
            servers = std::move(asked.answer.groups[name]);
            topology.origins[name] = std::move(asked.answer.origins[name]);
            continue;
        }
        for (const topology::Endpoint& seed : asked.group->seeds()) {
            topology::Server& server = servers.emplace_back();
            server.host = seed.host;
            server.port = seed.port;
            server.uuid = server.address();
            server.group = name;
            server.status = topology::Status::faulty;
            server.mode = topology::ServerMode::offline;
            server.note = asked.problem;
        }
    }
}

topology::Reply FarmFile::execute(const std::string& command,
                                  const std::vector<topology::Value>& arguments) {
    return answer_from(load(), "the farm file '" + path_ + "' (FabricProtocol=file)", command,
                       arguments);
}

}  // namespace myfabric::sources
