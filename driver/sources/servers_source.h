// A farm that its servers describe themselves: one group, whose primary they agree on.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sources/ask_servers.h"
#include "topology/source.h"

namespace myfabric::sources {

/// How the servers of `options` are entered; host and port are replaced.
mysql::Login server_login(const topology::FarmOptions& options);
/// Null for a protocol that asks no servers.
const ClusterKind* cluster_kind(topology::Protocol protocol);
const ClusterKind* cluster_kind(std::string_view name);
inline constexpr std::string_view cluster_kind_names = "replication, galera or group_replication";

/// The servers of one group: the seeds, and whom they name.
class ServerGroup {
public:
    /// `group` empty: the cluster's own name, and it is all that there is. Throws Error 08001 for
    /// seeds that are none.
    ServerGroup(const ClusterKind& kind, const topology::FarmOptions& options, std::string seeds,
                std::string group, const std::atomic<bool>& stopped);

    /// One group. Throws as Source::load(). A group of several whose servers do not answer has
    /// faulty ones only.
    topology::Topology load();
    const ClusterKind& kind() const { return kind_; }
    const std::vector<topology::Endpoint>& seeds() const { return seeds_; }

private:
    using Clock = std::chrono::steady_clock;

    std::vector<SeenServer> ask();
    topology::Topology named(topology::Topology topology) const;
    void forget_gone(std::vector<SeenServer>& servers,
                     const std::vector<topology::Endpoint>& named);

    const ClusterKind& kind_;
    const std::string group_;
    const ServerRules rules_;
    const std::vector<topology::Endpoint> seeds_;
    std::vector<topology::Endpoint> found_;           // beside the seeds
    std::map<std::string, Clock::time_point> named_;  // when a server or an answer named it last
    AskServers servers_;
};

/// Takes no reports: the servers know themselves how they are.
class ServersSource final : public topology::Source, public topology::Commands {
public:
    /// `options.protocol` names the kind. Throws Error 08001 for hosts that are none.
    explicit ServersSource(const topology::FarmOptions& options);

    topology::Topology load() override;
    topology::Commands* commands() override { return this; }
    /// The looking-up commands, answered from the last load, as answer_from() does.
    topology::Reply execute(const std::string& command,
                            const std::vector<topology::Value>& arguments) override;
    bool wants_rest() const override { return false; }
    std::string name() const override;

private:
    std::mutex mutex_;
    ServerGroup group_;
    topology::Topology last_;
};

}  // namespace myfabric::sources
