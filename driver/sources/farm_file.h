// A farm described by a JSON file, re-read when it changes.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "platform/input_file.h"
#include "sources/servers_source.h"
#include "topology/source.h"

namespace myfabric::sources {

/// The farm in `text`. Throws std::runtime_error that names key, line and column of what is wrong.
///
///   {"ttl": 1,
///    "groups": {"shard1": {"servers": [
///        {"uuid": "...", "host": "db1", "port": 3306, "status": "PRIMARY", "mode": "READ_WRITE",
///         "weight": 1.0}]}},
///    "shard_maps": [{"type": "RANGE", "global_group": "global",
///        "tables": [{"name": "shop.orders", "column": "customer_id"}],
///        "shards": [{"id": 1, "lower_bound": "1", "group": "shard1", "enabled": true}]}]}
///
/// A group may describe itself instead of listing servers: {"source": "galera", "seeds": ["db1"]}.
/// It has an origin then, and no servers. Only host and status of a server, group of a shard and
/// the bounds of RANGE types are required.
topology::Topology parse_farm(std::string_view text);

/// A farm file that parse_farm() reads as the same farm; ends with a line end. Throws Error HY000
/// for what a farm file cannot hold: a shard map that has a problem.
std::string farm_text(const topology::Topology& topology);

/// It takes no reports: the writer of the file watches the servers.
class FarmFile final : public topology::Source, public topology::Commands {
public:
    /// Throws Error 08001 for an empty name; the file is first read by load().
    /// `options` are for the groups that describe themselves.
    explicit FarmFile(std::string path, topology::FarmOptions options = {});

    /// Throws Error 08001 for a file that cannot be read or is not right.
    topology::Topology load() override;
    /// By a look at the file alone.
    bool may_have_changed() override;
    topology::Commands* commands() override { return this; }
    /// The looking-up commands, answered from the file as answer_from() does.
    topology::Reply execute(const std::string& command,
                            const std::vector<topology::Value>& arguments) override;
    bool loads_at_once() const override { return !asks_; }
    bool wants_rest() const override { return !asks_; }
    std::string name() const override { return path_; }

private:
    /// A group that describes itself.
    struct SelfDescribed {
        std::string seeds;
        std::unique_ptr<ServerGroup> group;
        topology::Topology answer;
        std::string problem;
    };

    void begin_groups();
    void ask_groups(topology::Topology& topology);

    const std::string path_;
    const topology::FarmOptions options_;
    std::atomic<bool> asks_{false};  // there are such groups
    std::mutex mutex_;
    std::map<std::string, SelfDescribed> groups_;
    platform::FileStamp stamp_;  // of the file that topology_ came from
    std::optional<topology::Topology> topology_;
};

}  // namespace myfabric::sources
