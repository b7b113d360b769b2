// Asynchronous replication of MySQL or MariaDB: the primary replicates from no server and is
// writable.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "sources/cluster_kind.h"

namespace myfabric::sources {
namespace {

using topology::Endpoint;
using topology::Server;
using topology::ServerMode;
using topology::Status;

constexpr const char* group_name = "replication";

// ---- what is asked ---------------------------------------------------------------------------

/// MySQL has renamed the statements.
bool says_replica(const ServerProduct& product) {
    return !product.mariadb && product.version >= 80022;
}

std::string question(const ServerProduct& product, bool all) {
    const bool has_uuid = !product.mariadb && product.version >= 50600;
    std::string text =
        "SELECT @@global.server_id AS server_id, @@global.read_only AS read_only, "
        "@@global.hostname AS hostname, @@global.port AS port";
    text += has_uuid ? ", @@global.server_uuid AS server_uuid; " : "; ";
    text += product.mariadb         ? "SHOW ALL SLAVES STATUS"
            : says_replica(product) ? "SHOW REPLICA STATUS"
                                    : "SHOW SLAVE STATUS";
    if (all)
        text += std::string(
                    "; SELECT HOST AS dump_host FROM information_schema.PROCESSLIST WHERE COMMAND "
                    "LIKE 'Binlog Dump%'; ") +
                (says_replica(product) ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS");
    return text;
}

std::string grant(const ServerProduct& product) {
    return product.mariadb && product.version >= 100502 ? "GRANT SLAVE MONITOR ON *.*"
                                                        : "GRANT REPLICATION CLIENT ON *.*";
}

// ---- what was answered -----------------------------------------------------------------------

struct Channel {
    Endpoint source;
    std::uint64_t source_id = 0;
    std::string trouble;  // empty: it runs
};

struct Member {
    const SeenServer* seen = nullptr;
    std::uint64_t id = 0;
    std::string identity;  // the same however the server is reached
    std::string uuid;
    bool read_only = false;
    std::vector<Channel> channels;
    std::vector<std::size_t> sources;  // the members that it replicates from
    std::vector<bool> above;           // by member: it replicates from that one, over others too

    std::string address() const { return seen->at.text(); }
    bool current() const { return seen->answers(); }
};

std::string trouble_of(const topology::ResultSet& set, const topology::Row& row) {
    for (const auto& [running, other, error] :
         {std::array{"Slave_IO_Running", "Replica_IO_Running", "Last_IO_Error"},
          std::array{"Slave_SQL_Running", "Replica_SQL_Running", "Last_SQL_Error"}}) {
        if (equal_ignoring_case(cell(set, row, running, other), "Yes")) continue;
        const std::string why = cell(set, row, error);
        return why.empty() ? "its replication is stopped" : "its replication stands still: " + why;
    }
    return {};
}

std::vector<Channel> channels_of(const ServerAnswer& answer, const ServerRules& rules) {
    std::vector<Channel> channels;
    for (const auto& [host, port, id] :
         {std::array{"Master_Host", "Master_Port", "Master_Server_Id"},
          std::array{"Source_Host", "Source_Port", "Source_Server_Id"}}) {
        const topology::ResultSet* set = set_with(answer, host);
        if (!set) continue;
        for (const topology::Row& row : set->rows) {
            Channel channel;
            const std::string named = cell(*set, row, host);
            if (named.empty()) continue;  // RESET SLAVE
            channel.source = rules.named(named, cell(*set, row, port));
            channel.source_id = number_in(cell(*set, row, id));
            channel.trouble = trouble_of(*set, row);
            channels.push_back(std::move(channel));
        }
    }
    return channels;
}

Member member_of(const SeenServer& seen, const ServerRules& rules) {
    Member member;
    member.seen = &seen;
    const topology::ResultSet* own = set_with(*seen.answer, "read_only");
    if (own && !own->rows.empty()) {
        const auto value = [&](const char* name) { return cell(*own, own->rows.front(), name); };
        member.id = number_in(value("server_id"));
        const std::string read_only = value("read_only");
        member.read_only = read_only != "0" && !equal_ignoring_case(read_only, "OFF");
        member.uuid = value("server_uuid");
        member.identity = !member.uuid.empty()
                              ? member.uuid
                              : value("server_id") + "@" + value("hostname") + ":" + value("port");
    }
    member.channels = channels_of(*seen.answer, rules);
    return member;
}

/// The servers whose answers may still be true, each once.
std::vector<Member> members_of(std::span<const SeenServer> servers, const ServerRules& rules) {
    std::vector<Member> members;
    for (const SeenServer& seen : servers) {
        if (!seen.answer) continue;
        add_once(members, member_of(seen, rules), &Member::identity);
    }
    for (Member& member : members)
        for (const Channel& channel : member.channels) {
            const auto source = std::ranges::find_if(members, [&](const Member& other) {
                return (channel.source_id && other.id == channel.source_id) ||
                       other.seen->at == channel.source;
            });
            if (source != members.end())
                member.sources.push_back(static_cast<std::size_t>(source - members.begin()));
        }
    for (Member& member : members) {
        member.above.assign(members.size(), false);
        std::vector<std::size_t> next = member.sources;
        while (!next.empty()) {
            const std::size_t at = next.back();
            next.pop_back();
            if (member.above[at]) continue;
            member.above[at] = true;
            next.insert(next.end(), members[at].sources.begin(), members[at].sources.end());
        }
    }
    return members;
}

std::vector<Endpoint> neighbours(std::span<const SeenServer> servers, const ServerRules& rules) {
    std::set<std::uint64_t> ids;
    std::vector<Member> members;
    for (const SeenServer& seen : servers) {
        if (!seen.may_stand()) continue;
        members.push_back(member_of(seen, rules));
        ids.insert(members.back().id);
    }
    std::vector<Endpoint> found;
    const auto add = [&](Endpoint server) {
        if (std::ranges::find(found, server) == found.end()) found.push_back(std::move(server));
    };
    for (const Member& member : members) {
        for (const Channel& channel : member.channels)
            if (!channel.source.host.empty() && !ids.contains(channel.source_id))
                add(channel.source);
        const topology::ResultSet* replicas = set_with(*member.seen->answer, "Host");
        if (const auto* dumps = set_with(*member.seen->answer, "dump_host"); dumps == replicas)
            replicas = nullptr;
        if (!replicas) continue;
        std::set<unsigned> unnamed_ports;
        for (const topology::Row& row : replicas->rows) {
            if (ids.contains(number_in(cell(*replicas, row, "Server_id")))) continue;
            const std::string host = cell(*replicas, row, "Host");
            std::string port = cell(*replicas, row, "Port");
            if (number_in(port) == 0) port = std::to_string(rules.default_port());
            const Endpoint replica = rules.named(host, port);
            if (host.empty())
                unnamed_ports.insert(static_cast<unsigned>(number_in(port)));
            else if (!replica.host.empty())
                add(replica);
        }
        // Replicas without report_host: their machines are seen in the list of processes.
        const topology::ResultSet* dumps = set_with(*member.seen->answer, "dump_host");
        if (unnamed_ports.size() != 1 || !dumps) continue;
        for (const topology::Row& row : dumps->rows)
            if (auto from = endpoint_in(cell(*dumps, row, "dump_host"), 1); from)
                if (Endpoint replica =
                        rules.named(from->host, std::to_string(*unnamed_ports.begin()));
                    !replica.host.empty())
                    add(std::move(replica));
    }
    return found;
}

// ---- what follows from it --------------------------------------------------------------------

void refuse_mixture(const std::vector<Member>& members) {
    for (const Member& member : members)
        if (member.seen->answer->mariadb != members.front().seen->answer->mariadb)
            throw Error::from_fabric(
                state::unable_to_connect,
                "the server " + members.front().address() + " is " +
                    members.front().seen->answer->version + ", but " + member.address() + " is " +
                    member.seen->answer->version +
                    ": sessions cannot move between MySQL and MariaDB; take one of them out of "
                    "FabricHost");
}

/// Servers that replicate only from servers that replicate from them: none, or those of a ring.
bool is_head(const std::vector<Member>& members, std::size_t at) {
    for (std::size_t other = 0; other < members.size(); ++other)
        if (members[at].above[other] && !members[other].above[at]) return false;
    return true;
}

/// A server that was never reached, and that `member` replicates from.
const SeenServer* unknown_source(const Member& member, std::span<const SeenServer> servers) {
    if (member.sources.size() == member.channels.size()) return nullptr;
    for (const Channel& channel : member.channels)
        for (const SeenServer& seen : servers)
            if (!seen.answer && !seen.refusal && seen.at == channel.source) return &seen;
    return nullptr;
}

/// The members that could be the primary. An old answer counts only when no newer one does.
std::vector<std::size_t> heads_of(const std::vector<Member>& members,
                                  std::span<const SeenServer> servers, const ServerRules& rules) {
    std::vector<std::size_t> now, before;
    for (std::size_t at = 0; at < members.size(); ++at) {
        const Member& member = members[at];
        if (member.read_only || !member.seen->may_stand() || !is_head(members, at)) continue;
        const SeenServer* above = unknown_source(member, servers);
        if (above && rules.weight(above->at) > 0) continue;
        (member.current() ? now : before).push_back(at);
    }
    return now.empty() ? before : now;
}

std::string list_of(const std::vector<Member>& members, const std::vector<std::size_t>& which,
                    std::size_t but) {
    std::string text;
    for (const std::size_t at : which)
        if (at != but) text += (text.empty() ? "" : ", ") + members[at].address();
    return text;
}

std::string channels_text(const Member& member, const std::vector<Member>& members) {
    std::string text;
    for (const Channel& channel : member.channels) {
        const auto source = std::ranges::find_if(members, [&](const Member& other) {
            return (channel.source_id && other.id == channel.source_id) ||
                   other.seen->at == channel.source;
        });
        text += (text.empty() ? "replicates from " : " and from ") +
                (source != members.end()       ? source->address()
                 : channel.source.host.empty() ? "what is no host"
                                               : channel.source.text());
        if (!channel.trouble.empty()) text += " (" + channel.trouble + ")";
    }
    return text.empty() ? "replicates from nobody" : text;
}

struct Role {
    Status status;
    ServerMode mode;
    std::string note;
};

Role role_of(const std::vector<Member>& members, std::size_t at,
             const std::vector<std::size_t>& heads, const SeenServer* above) {
    const Member& member = members[at];
    const bool head = std::ranges::find(heads, at) != heads.end();
    if (head && heads.size() > 1)
        return {Status::faulty, ServerMode::offline,
                "takes writes, as does " + list_of(members, heads, at) +
                    ", and neither replicates from the other: with two primaries none is used; set "
                    "read_only on the wrong one, or take it out of FabricHost if it belongs to "
                    "another cluster"};
    if (head)
        return {Status::primary, ServerMode::read_write,
                (member.channels.empty() ? "takes writes and replicates from nobody"
                                         : "takes writes and " + channels_text(member, members)) +
                    (member.current() ? "" : "; it " + member.seen->problem) +
                    (member.seen->answer->left_out.empty()
                         ? ""
                         : "; who replicates from it cannot be seen: " +
                               member.seen->answer->left_out)};
    if (!member.current()) return {Status::faulty, ServerMode::offline, member.seen->problem};
    const std::string from =
        channels_text(member, members) + (member.read_only ? "" : ", though it takes writes");
    if (above)
        return {Status::secondary, ServerMode::read_only,
                from + "; " + above->at.text() + " " + above->problem};
    if (heads.size() != 1)
        return {Status::secondary, ServerMode::read_only,
                member.channels.empty() ? from + " and is read-only" : from};
    if (member.above[heads.front()]) return {Status::secondary, ServerMode::read_only, from};
    return {Status::spare, ServerMode::offline,
            from + ", not from the primary " + members[heads.front()].address()};
}

topology::Topology decode(std::span<const SeenServer> servers, const ServerRules& rules,
                          std::string_view group) {
    const std::vector<Member> members = members_of(servers, rules);
    refuse_mixture(members);
    const std::vector<std::size_t> heads = heads_of(members, servers, rules);
    topology::Topology topology;
    std::vector<Server>& list = topology.groups[group.empty() ? group_name : std::string(group)];
    for (std::size_t at = 0; at < members.size(); ++at) {
        const Member& member = members[at];
        Role role = role_of(members, at, heads, unknown_source(member, servers));
        Server& server = list.emplace_back(plain_server(*member.seen, rules));
        call_server(server, member.uuid);
        server.status = role.status;
        server.mode = role.mode;
        server.contested = heads.size() > 1 && std::ranges::find(heads, at) != heads.end();
        server.note = std::move(role.note);
    }
    for (const SeenServer& seen : servers)
        if (!seen.answer) list.push_back(unseen_server(seen, rules));
    return topology;
}

}  // namespace

const ClusterKind replication_cluster = {
    "replication", "the tool that manages replication (MaxScale, Orchestrator, a script of yours)",
    question,      2,
    grant,         neighbours,
    decode,
};

}  // namespace myfabric::sources
