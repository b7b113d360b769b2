// Galera: every node takes writes; all processes choose the same one for it.
#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "base/untrusted.h"
#include "sources/cluster_kind.h"

namespace myfabric::sources {
namespace {

using topology::Endpoint;
using topology::Server;
using topology::ServerMode;
using topology::Status;

// A node that was in step and says nothing keeps its role so long: to write elsewhere costs the
// open transactions.
constexpr auto patience = std::chrono::seconds(2);

std::string question(const ServerProduct&, bool) {
    // A node outside of the primary component answers SHOW and SET only.
    return "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('hostname', 'port', 'read_only', "
           "'wsrep_cluster_name', 'wsrep_node_name', 'wsrep_on', 'wsrep_reject_queries', "
           "'wsrep_sst_donor_rejects_queries'); SHOW GLOBAL STATUS LIKE 'wsrep_%'";
}

std::string grant(const ServerProduct&) {
    return "GRANT USAGE ON *.*";
}

/// One node by its own words.
struct Node {
    const SeenServer* seen = nullptr;
    std::map<std::string, std::string> said;  // by lower-case name

    std::string operator[](const char* name) const {
        const auto found = said.find(name);
        return found == said.end() ? std::string() : found->second;
    }
    bool says(const char* name, std::string_view value) const {
        return equal_ignoring_case((*this)[name], value);
    }
    /// Not by its address: a node may be reached by several.
    std::string identity() const {
        const std::string id = (*this)["wsrep_gcomm_uuid"];
        return id.empty() || id == "00000000-0000-0000-0000-000000000000"
                   ? (*this)["hostname"] + ":" + (*this)["port"]
                   : id;
    }
};

Node node_of(const SeenServer& seen) {
    Node node;
    node.seen = &seen;
    for (const topology::ResultSet& set : seen.answer->sets)
        for (const topology::Row& row : set.rows)
            node.said[to_lower(cell(set, row, "Variable_name"))] = cell(set, row, "Value");
    return node;
}

std::vector<Endpoint> neighbours(std::span<const SeenServer> servers, const ServerRules& rules) {
    std::vector<Endpoint> known, found;
    for (const SeenServer& seen : servers) {
        if (!seen.answers()) continue;
        const std::string list = node_of(seen)["wsrep_incoming_addresses"];
        for (std::string_view rest = list; !rest.empty();) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            const std::string_view one = trim(rest.substr(0, comma));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
            // A node that is not configured with its address says AUTO.
            if (one.empty() || equal_ignoring_case(one.substr(0, 4), "AUTO")) continue;
            auto server = endpoint_in(one, rules.default_port());
            if (!server) continue;
            if (server->port == 0) server->port = rules.default_port();
            Endpoint reachable = rules.reachable(std::move(*server));
            if (std::ranges::find(found, reachable) == found.end())
                found.push_back(std::move(reachable));
        }
    }
    return found;
}

/// The newest view of the cluster that a node reports.
std::uint64_t newest_view(const std::vector<Node>& nodes) {
    std::uint64_t newest = 0;
    for (const Node& node : nodes)
        if (node.seen->answers() && node.says("wsrep_cluster_status", "Primary"))
            newest = std::max(newest, number_in(node["wsrep_cluster_conf_id"]));
    return newest;
}

/// Why the node does not serve; empty: it does. `view`: the newest that a node of its cluster
/// reports.
std::string objection(const Node& node, std::uint64_t view) {
    const bool hiccup = node.seen->may_stand() && node.seen->silence <= patience;
    if (!node.seen->answers() && !hiccup) return node.seen->problem;
    if (node["wsrep_cluster_status"].empty() || node.says("wsrep_on", "OFF"))
        return "is no node of a Galera cluster (wsrep_on=OFF)";
    if (!node.says("wsrep_cluster_status", "Primary"))
        return "is outside of the primary component (wsrep_cluster_status=" +
               node["wsrep_cluster_status"] + ")";
    if (!node.says("wsrep_ready", "ON")) return "is not ready (wsrep_ready=OFF)";
    if (!node.says("wsrep_local_state", "4"))
        return "is not in step (wsrep_local_state_comment=" + node["wsrep_local_state_comment"] +
               ")";
    // It was frozen or cut off, and does not know yet that the others went on without it.
    if (const std::uint64_t own = number_in(node["wsrep_cluster_conf_id"]);
        own < view && node.seen->answers())
        return "has an older view of the cluster than others (wsrep_cluster_conf_id " +
               std::to_string(own) + ", not " + std::to_string(view) + ")";
    if (!node["wsrep_reject_queries"].empty() && !node.says("wsrep_reject_queries", "NONE"))
        return "refuses queries (wsrep_reject_queries=" + node["wsrep_reject_queries"] + ")";
    return {};
}

void refuse_other_clusters(const std::vector<Node>& nodes) {
    const Node* first = nullptr;
    for (const Node& node : nodes) {
        if (!node.seen->answers() || !objection(node, 0).empty()) continue;
        if (!first) first = &node;
        if (node["wsrep_cluster_state_uuid"] == (*first)["wsrep_cluster_state_uuid"]) continue;
        throw Error::from_fabric(
            state::unable_to_connect,
            "the server " + node.seen->at.text() + " belongs to the cluster '" +
                node["wsrep_cluster_name"] + "' (" + node["wsrep_cluster_state_uuid"] + "), but " +
                first->seen->at.text() + " to '" + (*first)["wsrep_cluster_name"] + "' (" +
                (*first)["wsrep_cluster_state_uuid"] +
                "); name nodes of one cluster in FabricHost");
    }
}

/// A server that never heard of Galera beside nodes: they are not of one kind. (MariaDB says
/// wsrep_on=OFF; such a server may be a node that is out for maintenance.)
void refuse_strangers(const std::vector<Node>& nodes) {
    const auto answers = [](const Node& node) { return node.seen->answers(); };
    const auto is_member = [&](const Node& node) {
        return answers(node) && !node["wsrep_cluster_status"].empty() &&
               node.says("wsrep_on", "ON");
    };
    const auto member = std::ranges::find_if(nodes, is_member);
    const auto stranger = std::ranges::find_if(
        nodes, [&](const Node& node) { return answers(node) && node["wsrep_on"].empty(); });
    if (member == nodes.end() || stranger == nodes.end()) return;
    throw Error::from_fabric(state::unable_to_connect,
                             "the server " + stranger->seen->at.text() + " (version " +
                                 stranger->seen->answer->version +
                                 ") knows nothing of Galera, but " + member->seen->at.text() +
                                 " is a node of the cluster '" + (*member)["wsrep_cluster_name"] +
                                 "'; name nodes of one cluster in FabricHost");
}

topology::Topology decode(std::span<const SeenServer> servers, const ServerRules& rules,
                          std::string_view group) {
    std::vector<Node> nodes;
    std::vector<const SeenServer*> unseen;
    for (const SeenServer& seen : servers) {
        if (seen.answer)
            add_once(nodes, node_of(seen), &Node::identity);
        else
            unseen.push_back(&seen);
    }
    refuse_other_clusters(nodes);
    refuse_strangers(nodes);
    const std::uint64_t view = newest_view(nodes);
    // The order is the same in every process, and is not shifted by nodes that come and go, as
    // wsrep_local_index is.
    const auto order = [&](const Node& node) {
        return std::tuple(-rules.weight(node.seen->at), node["wsrep_node_name"], node["hostname"],
                          number_in(node["port"]));
    };
    const Node* writer = nullptr;
    for (const Node& node : nodes) {
        const bool fit = objection(node, view).empty() && !node.says("read_only", "ON") &&
                         rules.weight(node.seen->at) > 0;
        if (fit && (!writer || order(node) < order(*writer))) writer = &node;
    }
    const auto name_of = [&] {
        for (const Node& node : nodes)
            if (why_no_name(node["wsrep_cluster_name"]).empty()) return node["wsrep_cluster_name"];
        return std::string("galera");
    };
    topology::Topology topology;
    std::vector<Server>& list = topology.groups[group.empty() ? name_of() : std::string(group)];
    for (const Node& node : nodes) {
        Server& server = list.emplace_back(plain_server(*node.seen, rules));
        if (!node["wsrep_gcomm_uuid"].empty()) call_server(server, node.identity());
        server.synchronous = true;
        const std::string why = objection(node, view);
        server.status = !why.empty()      ? Status::faulty
                        : &node == writer ? Status::primary
                                          : Status::secondary;
        server.mode = !why.empty()      ? ServerMode::offline
                      : &node == writer ? ServerMode::read_write
                                        : ServerMode::read_only;
        const std::string named = "node '" + node["wsrep_node_name"] + "', ";
        server.note = !why.empty() ? why
                      : &node == writer
                          ? named + "the first of those in step, by weight and name: all write here"
                      : node.says("read_only", "ON") ? named + "in step, read_only"
                                                     : named + "in step";
    }
    for (const SeenServer* seen : unseen) list.push_back(unseen_server(*seen, rules));
    return topology;
}

}  // namespace

const ClusterKind galera_cluster = {
    "galera", "the servers' own configuration, or a node's start and shutdown",
    question, 2,
    grant,    neighbours,
    decode,
};

}  // namespace myfabric::sources
