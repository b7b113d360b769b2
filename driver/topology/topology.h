// A farm as one immutable value: groups, servers, shard maps.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace myfabric::topology {

enum class Status : std::uint8_t { faulty = 0, spare = 1, secondary = 2, primary = 3 };
enum class ServerMode : std::uint8_t { offline = 0, read_only = 1, write_only = 2, read_write = 3 };

struct Server {
    std::string uuid;
    std::string group;
    std::string host;
    unsigned port = 3306;
    Status status = Status::secondary;
    ServerMode mode = ServerMode::read_only;
    double weight = 1.0;
    bool contested = false;    // another one claims its role, or may: who is there may not stay
    bool synchronous = false;  // a read can wait until all is there (wsrep_sync_wait)
    std::string note;          // why it has its status, for people; empty: the source does not say

    std::string address() const { return host + ":" + std::to_string(port); }
    bool operator==(const Server&) const = default;
};

enum class ShardType : std::uint8_t { range_integer, range_string, range_datetime, hash, unknown };

struct Shard {
    int id = 0;
    std::string group;
    std::string lower_bound;  // as the source sent it
    bool enabled = true;      // nodes leave disabled shards out; farm files can name them
    // The bound in the form that comparisons need, by the map's type:
    std::int64_t number = 0;  // range_integer; range_datetime: YYYYMMDDhhmmss
    std::string text;         // range_string; hash: 16 bytes, big-endian
};

/// The shards of one or more tables, ascending by bound.
struct ShardMap {
    ShardType type = ShardType::unknown;
    std::string type_name;  // as the source sent it
    std::string global_group;
    std::vector<Shard> shards;
    std::vector<std::uint64_t> ranks;  // of the shards: ordered as their bounds, by prepare()
    std::string problem;  // why keys of this map cannot be resolved, e.g. a bound that is no number
};

struct Table {
    std::string name;  // "schema.table" as the source sent it
    std::string column;
    std::size_t map = 0;  // index into Topology::maps
};

/// Lets a map with text keys be searched by a string_view.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};

/// A group whose servers were found by asking them, so that others can ask them, too.
struct Origin {
    std::string source;              // as FabricProtocol names it
    std::vector<std::string> seeds;  // "host:port"
};

/// When a load began that found a snapshot, or found that nothing has changed since: the one thing
/// of a published snapshot that moves, forwards. Thread-safe.
class LoadTime {
public:
    using Clock = std::chrono::steady_clock;

    LoadTime() = default;
    LoadTime(const LoadTime& other) : at_(other.get()) {}
    LoadTime& operator=(const LoadTime& other) {
        at_ = other.get();
        return *this;
    }
    Clock::time_point get() const { return at_.load(std::memory_order_relaxed); }
    void set(Clock::time_point at) const { at_.store(at, std::memory_order_relaxed); }

private:
    mutable std::atomic<Clock::time_point> at_{};
};

/// Never changed once published; shared by all connections of the process as shared_ptr<const>.
struct Topology {
    std::unordered_map<std::string, std::vector<Server>> groups;  // by exact group id
    std::vector<ShardMap> maps;
    /// By lower-case "schema.table".
    std::unordered_map<std::string, Table, TextHash, std::equal_to<>> tables;
    LoadTime load_time;
    std::chrono::seconds ttl{1};
    std::uint64_t version = 0;  // grows with each load from the same source
    std::string source;         // e.g. "http://127.0.0.1:32274"
    std::string only_group;     // meant by who asks for none; empty: there is no such group
    std::unordered_map<std::string, Origin> origins;  // by group id
    std::string tables_problem;  // why the source could not list its sharded tables; empty: it did

    std::chrono::steady_clock::time_point loaded() const { return load_time.get(); }
    /// The servers of `group`, null for an unknown group.
    const std::vector<Server>* group(const std::string& id) const;
    /// Null for an unknown table; `name` is "schema.table", compared without regard to case.
    const Table* table(std::string_view name) const;
};

}  // namespace myfabric::topology
