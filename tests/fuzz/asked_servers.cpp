// What servers say of themselves and of others (replication, Galera, Group Replication), up to the
// farm that is made of it.
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "base/untrusted.h"
#include "fuzz/farm_of_strangers.h"
#include "sources/cluster_kind.h"

using namespace myfabric;
using namespace myfabric::sources;

namespace {

constexpr const char* names[] = {
    "server_id",         "read_only",     "hostname",         "port",
    "server_uuid",       "Master_Host",   "Master_Port",      "Master_Server_Id",
    "Source_Host",       "Source_Port",   "Source_Server_Id", "Slave_IO_Running",
    "Slave_SQL_Running", "Last_IO_Error", "dump_host",        "Host",
    "Variable_name",     "Value",         "MEMBER_ID",        "MEMBER_HOST",
    "MEMBER_PORT",       "MEMBER_STATE",  "MEMBER_ROLE",      "mysql_server_uuid",
    "endpoint",          "attributes",    "cluster_name",     "no such column"};

/// Texts that mean something, so that not each has to be found.
constexpr const char* values[] = {"a",
                                  "b",
                                  "c",
                                  "3306",
                                  "1",
                                  "2",
                                  "ON",
                                  "OFF",
                                  "Yes",
                                  "ONLINE",
                                  "PRIMARY",
                                  "SECONDARY",
                                  "id-a",
                                  "id-b",
                                  "RECOVERING",
                                  "a:3306",
                                  "read_only",
                                  "server_uuid",
                                  "group_replication_group_name",
                                  "group_replication_single_primary_mode",
                                  "group_replication_primary_member",
                                  "wsrep_on",
                                  "wsrep_cluster_status",
                                  "Primary",
                                  "wsrep_local_state",
                                  "4",
                                  "wsrep_ready",
                                  "wsrep_incoming_addresses",
                                  "wsrep_cluster_name",
                                  "wsrep_gcomm_uuid",
                                  "wsrep_node_name",
                                  "wsrep_cluster_state_uuid",
                                  "wsrep_cluster_conf_id",
                                  "wsrep_cluster_size",
                                  "hostname",
                                  "port"};

topology::ResultSet set_of(fuzz::Bytes& in) {
    topology::ResultSet set;
    for (std::size_t left = in.below(6); left; --left)
        set.names.emplace_back(names[in.below(std::size(names))]);
    for (std::size_t left = in.below(12); left && !in.empty(); --left) {
        topology::Row& row = set.rows.emplace_back();
        // Also fewer or more values than there are names.
        for (std::size_t cells = set.names.size() + in.below(3); cells; --cells) {
            const std::size_t known = in.below(std::size(values) + 8);
            if (known < std::size(values))
                row.emplace_back(std::string(values[known]));
            else if (known == std::size(values))
                row.emplace_back();
            else
                row.emplace_back(printable(in.until('\n'), std::string::npos));
        }
    }
    return set;
}

std::vector<SeenServer> servers_of(fuzz::Bytes& in) {
    constexpr const char* hosts[] = {"a", "b", "c", "::1"};
    std::vector<SeenServer> servers;
    for (const char* host : hosts) {
        SeenServer& seen = servers.emplace_back();
        seen.at = {host, 3306};
        seen.seed = in.below(2);
        seen.state = static_cast<SeenServer::State>(in.below(4));
        if (!seen.answers()) seen.problem = "does not answer";
        if (!seen.answers() && in.below(2)) continue;
        ServerAnswer& answer = seen.answer.emplace();
        answer.mariadb = in.below(2);
        answer.version = "1";
        for (std::size_t left = in.below(5); left; --left) answer.sets.push_back(set_of(in));
    }
    return servers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Bytes in(data, size);
    const ServerRules rules("b=0", "", 3306);
    const std::vector<SeenServer> servers = servers_of(in);
    const char* const group = in.below(2) ? "g" : "";
    for (const ClusterKind* kind : {&replication_cluster, &galera_cluster, &group_cluster}) {
        for (const topology::Endpoint& server : kind->neighbours(servers, rules)) {
            fuzz::must(why_no_host(server.host).empty());
            fuzz::must(server.port >= 1 && server.port <= 65535);
        }
        try {
            const topology::Topology farm = kind->decode(servers, rules, group);
            fuzz::must(farm.groups.size() == 1);
            for (const auto& [name, members] : farm.groups) {
                fuzz::must(why_no_name(name).empty());
                for (const topology::Server& server : members) {
                    fuzz::must(why_no_host(server.host).empty());
                    fuzz::must(why_no_name(server.uuid).empty());
                    fuzz::must(server.port >= 1 && server.port <= 65535);
                }
            }
        } catch (const Error&) {
        }
    }
    return 0;
}
