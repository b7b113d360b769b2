// Group Replication: the members name their primary; InnoDB Cluster's metadata is looked at where
// it is.
#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "base/untrusted.h"
#include "sources/cluster_kind.h"
#include "sources/json_tree.h"

namespace myfabric::sources {
namespace {

using topology::Endpoint;
using topology::Server;
using topology::ServerMode;
using topology::Status;

std::string question(const ServerProduct& product, bool all) {
    const bool has_roles = product.version >= 80002;
    std::string text =
        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'read_only', "
        "'group_replication_group_name', 'group_replication_single_primary_mode'); "
        "SHOW GLOBAL STATUS LIKE 'group_replication_primary_member'; "
        "SELECT MEMBER_ID, MEMBER_HOST, MEMBER_PORT, MEMBER_STATE, ";
    text += has_roles ? "MEMBER_ROLE" : "'' AS MEMBER_ROLE";
    text += " FROM performance_schema.replication_group_members";
    if (all)
        text +=
            "; SELECT I.mysql_server_uuid, I.endpoint, I.attributes, C.cluster_name "
            "FROM mysql_innodb_cluster_metadata.v2_instances I "
            "JOIN mysql_innodb_cluster_metadata.v2_gr_clusters C ON C.cluster_id = I.cluster_id";
    return text;
}

std::string grant(const ServerProduct&) {
    return "GRANT SELECT ON performance_schema.replication_group_members";
}

struct Row {  // of a member's view of the group
    std::string id;
    Endpoint at;
    std::string state;
    bool primary = false;

    bool online() const { return state == "ONLINE"; }
    bool reachable() const { return state == "ONLINE" || state == "RECOVERING"; }
};

/// What InnoDB Cluster's metadata say of one server.
struct Instance {
    std::string uuid;
    Endpoint at;
    bool read_replica = false;
    bool hidden = false;
};

struct Member {
    const SeenServer* seen = nullptr;
    std::string uuid;
    std::string group;  // the group's name, a UUID
    bool read_only = false;
    bool single_primary = true;
    std::vector<Row> view;
    std::vector<Instance> instances;
    std::string cluster;  // the name that the metadata give

    const Row* own() const {
        const auto row = std::ranges::find(view, uuid, &Row::id);
        return row == view.end() ? nullptr : &*row;
    }
    bool has_quorum() const {
        return 2 * static_cast<std::size_t>(std::ranges::count_if(view, &Row::reachable)) >
               view.size();
    }
    /// It says so itself. The others may have another primary, and it keeps writes waiting.
    bool is_cut_off() const { return seen->answers() && own() && !has_quorum(); }
    bool decides() const { return seen->answers() && own() && own()->online() && has_quorum(); }
};

/// {"tags": {"_hidden": true}, "instance_type": "read-replica"}
void read_attributes(const std::string& json, Instance& instance) {
    if (json.empty()) return;
    try {
        const JsonNode tree = parse_json(json);
        if (const JsonNode* type = tree.member("instance_type"))
            instance.read_replica = type->string == "read-replica";
        const JsonNode* tags = tree.member("tags");
        const JsonNode* hidden = tags ? tags->member("_hidden") : nullptr;
        if (hidden) instance.hidden = hidden->boolean || hidden->integer != 0;
    } catch (const std::runtime_error&) {
        // A tag that cannot be read hides nothing.
    }
}

void read_instances(const ServerAnswer& answer, const ServerRules& rules, Member& member) {
    const topology::ResultSet* set = set_with(answer, "mysql_server_uuid");
    if (!set) return;
    for (const topology::Row& row : set->rows) {
        const auto at = endpoint_in(cell(*set, row, "endpoint"), rules.default_port());
        if (!at) continue;
        Instance& instance = member.instances.emplace_back();
        instance.uuid = cell(*set, row, "mysql_server_uuid");
        instance.at = rules.reachable(*at);
        read_attributes(cell(*set, row, "attributes"), instance);
        member.cluster = cell(*set, row, "cluster_name");
    }
}

Member member_of(const SeenServer& seen, const ServerRules& rules) {
    Member member;
    member.seen = &seen;
    std::string primary;
    for (const topology::ResultSet& set : seen.answer->sets)
        for (const topology::Row& row : set.rows) {
            const std::string name = to_lower(cell(set, row, "Variable_name"));
            const std::string value = cell(set, row, "Value");
            if (name == "server_uuid") member.uuid = value;
            if (name == "read_only") member.read_only = equal_ignoring_case(value, "ON");
            if (name == "group_replication_group_name") member.group = value;
            if (name == "group_replication_single_primary_mode")
                member.single_primary = equal_ignoring_case(value, "ON");
            if (name == "group_replication_primary_member") primary = value;
        }
    if (const topology::ResultSet* set = set_with(*seen.answer, "MEMBER_ID"))
        for (const topology::Row& row : set->rows) {
            Row one;
            one.id = cell(*set, row, "MEMBER_ID");
            if (one.id.empty()) continue;  // group replication does not run
            one.at = rules.named(cell(*set, row, "MEMBER_HOST"), cell(*set, row, "MEMBER_PORT"));
            one.state = to_upper(cell(*set, row, "MEMBER_STATE"));
            const std::string role = cell(*set, row, "MEMBER_ROLE");
            one.primary = role.empty() ? one.id == primary || primary.empty()
                                       : equal_ignoring_case(role, "PRIMARY");
            member.view.push_back(std::move(one));
        }
    read_instances(*seen.answer, rules, member);
    return member;
}

std::vector<Member> members_of(std::span<const SeenServer> servers, const ServerRules& rules) {
    std::vector<Member> members;
    for (const SeenServer& seen : servers) {
        if (!seen.answer) continue;
        add_once(members, member_of(seen, rules), &Member::uuid);
    }
    return members;
}

std::vector<Endpoint> neighbours(std::span<const SeenServer> servers, const ServerRules& rules) {
    const std::vector<Member> members = members_of(servers, rules);
    std::vector<Endpoint> found;
    const auto add = [&](const std::string& uuid, const Endpoint& at) {
        if (std::ranges::find(members, uuid, &Member::uuid) == members.end() && !at.host.empty() &&
            at.port && std::ranges::find(found, at) == found.end())
            found.push_back(at);
    };
    for (const Member& member : members) {
        for (const Row& row : member.view) add(row.id, row.at);
        for (const Instance& instance : member.instances) add(instance.uuid, instance.at);
    }
    return found;
}

// ---- what follows from it --------------------------------------------------------------------

void refuse_strangers(const std::vector<Member>& members) {
    const Member* first = nullptr;
    for (const Member& member : members) {
        if (!member.decides()) continue;
        if (!first) first = &member;
        const bool same_group = member.group == first->group;
        // While a view changes one of the two may still count the other.
        const auto counts = [](const Member& one, const Member& other) {
            return std::ranges::find(one.view, other.uuid, &Row::id) != one.view.end();
        };
        if (same_group && (counts(*first, member) || counts(member, *first))) continue;
        if (same_group)
            throw Error::from_fabric(
                state::connection_rejected,
                "the servers " + first->seen->at.text() + " and " + member.seen->at.text() +
                    " each have a majority of the group " + member.group +
                    " for themselves: it was begun twice, and none of them is used; stop the wrong "
                    "one");
        throw Error::from_fabric(state::unable_to_connect,
                                 "the server " + member.seen->at.text() +
                                     " is a member of the group " + member.group + ", but " +
                                     first->seen->at.text() + " of " + first->group +
                                     "; name members of one group in FabricHost");
    }
}

/// The view that counts: the primary's own before those of others. Null where no member decides.
const Member* deciding(const std::vector<Member>& members) {
    const Member* found = nullptr;
    for (const Member& member : members) {
        if (!member.decides()) continue;
        if (!found || (member.own()->primary && !found->own()->primary)) found = &member;
    }
    return found;
}

std::string majority_text(const Member& member) {
    const auto reachable = std::ranges::count_if(member.view, &Row::reachable);
    return "sees " + std::to_string(reachable) + " of the " + std::to_string(member.view.size()) +
           " members of its group, no majority";
}

/// Why a member does not serve; empty: it does.
std::string objection(const Row& row, const Member* member) {
    if (row.state == "RECOVERING") return "is RECOVERING: it does not have all rows yet";
    if (!row.online()) return "is " + row.state + " in its group";
    if (!member) return "has never answered";
    if (!member->seen->answers()) return member->seen->problem;
    if (!member->own()) return "is in no group (group replication does not run)";
    if (!member->has_quorum()) return majority_text(*member);
    if (!member->own()->online()) return "is " + member->own()->state + " in its group";
    return {};
}

void set_role(Server& server, Status status, std::string note) {
    server.status = status;
    server.mode = status == Status::primary     ? ServerMode::read_write
                  : status == Status::secondary ? ServerMode::read_only
                                                : ServerMode::offline;
    server.note = std::move(note);
}

/// A member that the group counts.
Server listed(const Row& row, const Member* member, const SeenServer* asked,
              const Instance* instance, const ServerRules& rules) {
    Server server;
    const Endpoint at = member ? member->seen->at : row.at;
    server.host = at.host;
    server.port = at.port;
    server.uuid = server.address();
    call_server(server, row.id);
    server.weight = rules.weight(at);
    server.contested = member && member->is_cut_off();
    std::string why = objection(row, member);
    if (!member && asked && row.online())
        why = asked->problem.empty() ? "is another member than the group counts at this address"
                                     : asked->problem;
    // Whom the group still counts, and who hangs, stays the primary until the group has another.
    const bool hangs = member && member->seen->may_stand() && !member->seen->answers();
    if (!why.empty() && !(row.primary && row.online() && hangs))
        set_role(server, row.state == "RECOVERING" ? Status::spare : Status::faulty, why);
    else if (instance && instance->hidden)
        set_role(server, Status::spare, "is hidden by the tag _hidden of the cluster's metadata");
    else if (!row.primary)
        set_role(server, Status::secondary, "is ONLINE as secondary");
    else if (member->read_only)
        set_role(server, Status::secondary,
                 "is the group's primary, but read-only: its cluster follows another one, or "
                 "somebody has set read_only");
    else
        set_role(server, Status::primary,
                 "is ONLINE as primary" + (why.empty() ? "" : "; it " + why));
    return server;
}

/// Of several primaries one is written to, the same in every process; all may be read from.
void keep_one_primary(std::vector<Server>& list) {
    const Server* first = nullptr;
    const auto better = [](const Server& a, const Server& b) {
        return std::pair(-a.weight, a.uuid) < std::pair(-b.weight, b.uuid);
    };
    for (const Server& server : list)
        if (server.status == Status::primary && (!first || better(server, *first))) first = &server;
    for (Server& server : list)
        if (server.status == Status::primary && &server != first)
            set_role(server, Status::secondary,
                     "is ONLINE as primary, too; " + first->address() +
                         " is written to, as the first by weight and uuid");
}

/// A server beside the group: a read replica, or one that does not take part now.
Server beside(const Member& member, const Instance* instance, bool decided,
              const ServerRules& rules) {
    Server server = plain_server(*member.seen, rules);
    call_server(server, member.uuid);
    server.contested = member.is_cut_off();
    if (!member.seen->answers())
        set_role(server, Status::faulty, member.seen->problem);
    else if (instance && instance->hidden)
        set_role(server, Status::spare, "is hidden by the tag _hidden of the cluster's metadata");
    else if (instance && instance->read_replica && member.read_only && decided)
        set_role(server, Status::secondary, "is a read replica of the cluster");
    else if (!member.own())
        set_role(server, Status::faulty, "is in no group (group replication does not run)");
    else if (!member.has_quorum())
        set_role(server, Status::faulty, majority_text(member));
    else
        set_role(server, Status::faulty, "is " + member.own()->state + " in its group");
    return server;
}

topology::Topology decode(std::span<const SeenServer> servers, const ServerRules& rules,
                          std::string_view group) {
    const std::vector<Member> members = members_of(servers, rules);
    refuse_strangers(members);
    const Member* by = deciding(members);
    std::map<std::string, const Instance*> instances;
    std::string name(group);
    for (const Member& member : members) {
        for (const Instance& instance : member.instances)
            instances.try_emplace(instance.uuid, &instance);
        if (name.empty() && member.seen->answers() && why_no_name(member.cluster).empty())
            name = member.cluster;
    }
    for (const Member& member : members)
        if (name.empty() && why_no_name(member.group).empty()) name = member.group;
    if (name.empty()) name = "group_replication";
    const auto instance_of = [&](const std::string& uuid) {
        const auto found = instances.find(uuid);
        return found == instances.end() ? nullptr : found->second;
    };
    topology::Topology topology;
    std::vector<Server>& list = topology.groups[name];
    std::vector<Endpoint> told;
    if (by)
        for (const Row& row : by->view) {
            const auto member = std::ranges::find(members, row.id, &Member::uuid);
            if (member == members.end() && row.at.host.empty()) continue;  // at no host
            const auto asked = std::ranges::find(servers, row.at, &SeenServer::at);
            list.push_back(listed(row, member == members.end() ? nullptr : &*member,
                                  asked == servers.end() ? nullptr : &*asked, instance_of(row.id),
                                  rules));
            told.push_back({list.back().host, list.back().port});
        }
    for (const Member& member : members) {
        if (std::ranges::find(told, member.seen->at) != told.end()) continue;
        list.push_back(beside(member, instance_of(member.uuid), by != nullptr, rules));
    }
    for (const SeenServer& seen : servers)
        if (!seen.answer && std::ranges::find(told, seen.at) == told.end())
            list.push_back(unseen_server(seen, rules));
    keep_one_primary(list);
    return topology;
}

}  // namespace

const ClusterKind group_cluster = {
    "group_replication",
    "MySQL Shell (cluster.setPrimaryInstance) or group_replication_set_as_primary()",
    question,
    3,
    grant,
    neighbours,
    decode,
};

}  // namespace myfabric::sources
