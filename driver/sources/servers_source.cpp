#include "sources/servers_source.h"

#include <algorithm>

#include "base/text.h"
#include "sources/file_answers.h"
#include "topology/command_kind.h"

namespace myfabric::sources {
namespace {

using topology::Endpoint;

constexpr unsigned usual_port = 3306;
constexpr std::size_t most_servers = 64;
constexpr int most_rounds = 4;  // of asking those who were named by others
constexpr auto remembered = std::chrono::seconds(60);

constexpr const ClusterKind* kinds[] = {&replication_cluster, &galera_cluster, &group_cluster};

unsigned port_of(const topology::FarmOptions& options) {
    return options.port ? options.port : usual_port;
}

}  // namespace

mysql::Login server_login(const topology::FarmOptions& options) {
    mysql::Login login;
    login.user = options.user;
    login.password = options.password;
    login.connect_timeout = std::max(1U, options.connection_timeout);
    login.read_timeout = login.write_timeout = login.connect_timeout;
    login.multi_statements = true;
    login.ssl_ca = options.ssl_ca;
    login.ssl_cert = options.ssl_cert;
    login.ssl_key = options.ssl_key;
    login.ssl_mode = options.ssl_mode;
    if (login.ssl_mode.empty() && !(login.ssl_ca + login.ssl_cert + login.ssl_key).empty())
        login.ssl_mode = options.ssl_verify ? "VERIFY_IDENTITY" : "REQUIRED";
    return login;
}

const ClusterKind* cluster_kind(std::string_view name) {
    const auto* found = std::ranges::find_if(
        kinds, [&](const ClusterKind* kind) { return equal_ignoring_case(kind->name, name); });
    return found == std::end(kinds) ? nullptr : *found;
}

const ClusterKind* cluster_kind(topology::Protocol protocol) {
    return cluster_kind(topology::protocol_name(protocol));
}

topology::Server plain_server(const SeenServer& seen, const ServerRules& rules) {
    topology::Server server;
    server.host = seen.at.host;
    server.port = seen.at.port;
    server.uuid = server.address();
    server.weight = rules.weight(seen.at);
    return server;
}

topology::Server unseen_server(const SeenServer& seen, const ServerRules& rules) {
    topology::Server server = plain_server(seen, rules);
    server.status = topology::Status::faulty;
    server.mode = topology::ServerMode::offline;
    server.note = seen.problem;
    return server;
}

ServerGroup::ServerGroup(const ClusterKind& kind, const topology::FarmOptions& options,
                         std::string seeds, std::string group, const std::atomic<bool>& stopped)
    : kind_(kind),
      group_(std::move(group)),
      rules_(options.weights, options.addresses, port_of(options)),
      seeds_(topology::parse_endpoints(seeds, port_of(options))),
      servers_(kind, server_login(options), stopped) {}

/// All that are known, then those whom they name, but for those that the user leaves out.
std::vector<SeenServer> ServerGroup::ask() {
    std::vector<Endpoint> known = seeds_;
    known.insert(known.end(), found_.begin(), found_.end());
    std::vector<SeenServer> seen = servers_.ask(known);
    std::vector<Endpoint> named;
    for (int round = 0; round < most_rounds; ++round) {
        named = kind_.neighbours(seen, rules_);
        std::vector<Endpoint> fresh;
        for (Endpoint& server : named)
            if (std::ranges::find(known, server) == known.end() && known.size() < most_servers &&
                rules_.weight(server) > 0) {
                known.push_back(server);
                found_.push_back(server);
                fresh.push_back(server);
            }
        if (fresh.empty()) break;
        std::vector<SeenServer> more = servers_.ask(fresh, true);
        seen.insert(seen.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
    }
    for (SeenServer& server : seen)
        server.seed = std::ranges::find(seeds_, server.at) != seeds_.end();
    forget_gone(seen, named);
    return seen;
}

/// A server that no other has named for a while, and that does not answer, is no longer a member.
void ServerGroup::forget_gone(std::vector<SeenServer>& servers,
                              const std::vector<Endpoint>& named) {
    const auto now = Clock::now();
    for (const Endpoint& server : named) named_[server.text()] = now;
    for (const SeenServer& server : servers)
        if (server.answers()) named_[server.at.text()] = now;
    std::erase_if(found_, [&](const Endpoint& server) {
        if (now - named_[server.text()] < remembered) return false;
        std::erase_if(servers, [&](const SeenServer& seen) { return seen.at == server; });
        servers_.forget(server);
        named_.erase(server.text());
        return true;
    });
}

topology::Topology ServerGroup::load() {
    const std::vector<SeenServer> servers = ask();
    if (std::ranges::none_of(servers, &SeenServer::answers)) {
        if (group_.empty()) throw_no_answer(servers);
        topology::Topology topology;
        for (const SeenServer& seen : servers)
            topology.groups[group_].push_back(unseen_server(seen, rules_));
        return named(std::move(topology));
    }
    return named(kind_.decode(servers, rules_, group_));
}

/// What all kinds leave to say.
topology::Topology ServerGroup::named(topology::Topology topology) const {
    const std::string& name = topology.groups.begin()->first;
    topology.only_group = name;
    topology::Origin& origin = topology.origins[name];
    origin.source = kind_.name;
    for (auto& [id, list] : topology.groups)
        for (topology::Server& server : list) {
            server.group = id;
            origin.seeds.push_back(Endpoint{server.host, server.port}.text());
        }
    return topology;
}

ServersSource::ServersSource(const topology::FarmOptions& options)
    : group_(*cluster_kind(options.protocol), options, options.hosts, {}, stopped()) {}

topology::Topology ServersSource::load() {
    const std::lock_guard lock(mutex_);
    last_ = group_.load();
    return last_;
}

topology::Reply ServersSource::execute(const std::string& command,
                                       const std::vector<topology::Value>& arguments) {
    const std::string kind(group_.kind().name);
    if (topology::command_kind(command) != topology::CommandKind::reads)
        throw Error(state::not_implemented,
                    "servers that are asked themselves (FabricProtocol=" + kind +
                        ") are not changed by the driver, so not by " + command + "; use " +
                        std::string(group_.kind().tool));
    const std::lock_guard lock(mutex_);
    if (last_.groups.empty()) last_ = group_.load();
    return answer_from(last_, "the source " + name(), command, arguments);
}

std::string ServersSource::name() const {
    std::string names;
    for (const Endpoint& seed : group_.seeds()) names += (names.empty() ? "" : ",") + seed.text();
    return std::string(group_.kind().name) + "://" + names;
}

}  // namespace myfabric::sources
