#include "topology/snapshot_text.h"

#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "topology/shard_key.h"

namespace myfabric::topology {
namespace {

constexpr std::uint64_t eight_bytes = 8;

/// Numbers as eight bytes, the lowest first; texts and lists after their length.
class Writer {
public:
    void operator()(const std::string& value) {
        number(value.size());
        bytes_ += value;
    }
    void operator()(bool value) { bytes_ += value ? '\1' : '\0'; }
    void operator()(double value) { number(std::bit_cast<std::uint64_t>(value)); }
    template <class Number>
    requires std::is_integral_v<Number>
    void operator()(Number value) { number(static_cast<std::uint64_t>(value)); }
    template <class Enum>
    requires std::is_enum_v<Enum>
    void operator()(Enum value) { number(static_cast<std::uint64_t>(value)); }
    template <class List, class Each>
    void list(const List& all, Each&& each) {
        number(all.size());
        for (const auto& one : all) each(one);
    }

    std::string take() { return std::move(bytes_); }

private:
    void number(std::uint64_t value) {
        for (unsigned i = 0; i < eight_bytes; ++i)
            bytes_ += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
    }

    std::string bytes_;
};

/// After the first thing that cannot be read all is empty and good() false.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    bool good() const { return good_; }
    bool at_end() const { return good_ && rest_.empty(); }

    void operator()(std::string& value) {
        const std::uint64_t size = number();
        if (size > rest_.size()) return fail();
        value = rest_.substr(0, size);
        rest_.remove_prefix(size);
    }
    void operator()(bool& value) {
        if (rest_.empty() || static_cast<unsigned char>(rest_.front()) > 1) return fail();
        value = rest_.front() != 0;
        rest_.remove_prefix(1);
    }
    void operator()(double& value) { value = std::bit_cast<double>(number()); }
    template <class Number>
    requires std::is_integral_v<Number>
    void operator()(Number& value) { value = static_cast<Number>(number()); }
    /// One of the values 0 to `last`.
    template <class Enum>
    void operator()(Enum& value, Enum last) {
        const std::uint64_t read = number();
        if (read > static_cast<std::uint64_t>(last)) return fail();
        value = static_cast<Enum>(read);
    }
    /// No item is read of a list that says more of them than there are bytes.
    template <class Each>
    void list(Each&& each) {
        const std::uint64_t size = number();
        if (size > rest_.size()) return fail();
        for (std::uint64_t i = 0; i < size && good_; ++i) each();
    }

private:
    std::uint64_t number() {
        if (rest_.size() < eight_bytes) {
            fail();
            return 0;
        }
        std::uint64_t value = 0;
        for (unsigned i = 0; i < eight_bytes; ++i)
            value |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
        rest_.remove_prefix(eight_bytes);
        return value;
    }
    void fail() {
        good_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    bool good_ = true;
};

void write(Writer& out, const Server& server) {
    out(server.uuid);
    out(server.host);
    out(server.port);
    out(server.status);
    out(server.mode);
    out(server.weight);
    out(server.contested);
    out(server.synchronous);
    out(server.note);
}

Server read_server(Reader& in, const std::string& group) {
    Server server;
    server.group = group;
    in(server.uuid);
    in(server.host);
    in(server.port);
    in(server.status, Status::primary);
    in(server.mode, ServerMode::read_write);
    in(server.weight);
    in(server.contested);
    in(server.synchronous);
    in(server.note);
    return server;
}

void write(Writer& out, const ShardMap& map) {
    out(map.type_name);
    out(map.global_group);
    out.list(map.shards, [&](const Shard& shard) {
        out(shard.id);
        out(shard.group);
        out(shard.lower_bound);
        out(shard.enabled);
    });
}

ShardMap read_map(Reader& in) {
    ShardMap map;
    in(map.type_name);
    in(map.global_group);
    in.list([&] {
        Shard& shard = map.shards.emplace_back();
        in(shard.id);
        in(shard.group);
        in(shard.lower_bound);
        in(shard.enabled);
    });
    map.type = parse_shard_type(map.type_name);
    if (in.good()) prepare(map);
    return map;
}

}  // namespace

std::string snapshot_text(const Topology& topology) {
    Writer out;
    out(topology.loaded().time_since_epoch().count());
    out(topology.ttl.count());
    out(topology.only_group);
    out(topology.tables_problem);
    out.list(topology.groups, [&](const auto& group) {
        out(group.first);
        out.list(group.second, [&](const Server& server) { write(out, server); });
    });
    out.list(topology.maps, [&](const ShardMap& map) { write(out, map); });
    out.list(topology.tables, [&](const auto& table) {
        out(table.first);
        out(table.second.name);
        out(table.second.column);
        out(table.second.map);
    });
    out.list(topology.origins, [&](const auto& origin) {
        out(origin.first);
        out(origin.second.source);
        out.list(origin.second.seeds, [&](const std::string& seed) { out(seed); });
    });
    return out.take();
}

std::optional<Topology> read_snapshot(std::string_view text) {
    using Clock = LoadTime::Clock;
    Reader in(text);
    Topology topology;
    Clock::rep loaded = 0;
    std::chrono::seconds::rep ttl = 0;
    std::string name;
    in(loaded);
    in(ttl);
    topology.load_time.set(Clock::time_point(Clock::duration(loaded)));
    topology.ttl = std::chrono::seconds(ttl);
    in(topology.only_group);
    in(topology.tables_problem);
    in.list([&] {
        in(name);
        std::vector<Server>& servers = topology.groups[name];
        in.list([&] { servers.push_back(read_server(in, name)); });
    });
    in.list([&] { topology.maps.push_back(read_map(in)); });
    bool whole = true;
    in.list([&] {
        in(name);
        Table& table = topology.tables[name];
        in(table.name);
        in(table.column);
        in(table.map);
        whole &= table.map < topology.maps.size();
    });
    in.list([&] {
        in(name);
        Origin& origin = topology.origins[name];
        in(origin.source);
        in.list([&] { in(origin.seeds.emplace_back()); });
    });
    if (!in.at_end() || !whole) return std::nullopt;
    return topology;
}

}  // namespace myfabric::topology
