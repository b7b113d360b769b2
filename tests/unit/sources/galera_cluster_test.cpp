#include "unit/sources/cluster_samples.h"

namespace myfabric::sources {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ServerRules plain("", "", 3306);

struct Says {
    std::string host;
    std::string cluster_status = "Primary";
    std::string state = "4";
    std::string ready = "ON";
    State seen = State::answers;
    std::string cluster = "5c1f";
    std::string read_only = "OFF";
    int view = 7;
};

/// As a node of MariaDB 10.11 with Galera 26.4 answers.
SeenServer node(const Says& says) {
    SeenServer seen = seen_at(says.host, says.seen);
    ServerAnswer& answer = seen.answer.emplace();
    answer.mariadb = true;
    answer.version = "10.11.6-MariaDB-log";
    answer.sets.push_back(set_of(
        "Variable_name Value", {"hostname " + says.host, "port 3306", "read_only " + says.read_only,
                                "wsrep_cluster_name shop", "wsrep_node_name node-" + says.host,
                                "wsrep_on ON", "wsrep_reject_queries NONE"}));
    answer.sets.push_back(set_of(
        "Variable_name Value",
        {"wsrep_cluster_state_uuid " + says.cluster, "wsrep_cluster_status " + says.cluster_status,
         "wsrep_cluster_conf_id " + std::to_string(says.view), "wsrep_gcomm_uuid id-" + says.host,
         "wsrep_incoming_addresses a:3306,b:3307,AUTO", "wsrep_local_state " + says.state,
         "wsrep_local_state_comment " + std::string(says.state == "4" ? "Synced" : "Donor"),
         "wsrep_ready " + says.ready}));
    return seen;
}

topology::Topology decoded(const std::vector<SeenServer>& servers,
                           const ServerRules& rules = plain) {
    return galera_cluster.decode(servers, rules, "");
}

TEST(GaleraCluster, TheFirstNodeInStepIsWrittenTo) {
    const struct {
        const char* name;
        std::vector<Says> nodes;
        const char* roles;
    } samples[] = {
        {"all in step", {{"c"}, {"a"}, {"b"}}, "a PRIMARY, b SECONDARY, c SECONDARY"},
        {"the first is a donor", {{"a", "Primary", "2"}, {"b"}}, "a FAULTY, b PRIMARY"},
        {"the first was cut off", {{"a", "non-Primary", "0"}, {"b"}}, "a FAULTY, b PRIMARY"},
        {"the first is not ready", {{"a", "Primary", "4", "OFF"}, {"b"}}, "a FAULTY, b PRIMARY"},
        {"the first is gone",
         {{"a", "Primary", "4", "ON", State::gone}, {"b"}},
         "a FAULTY, b PRIMARY"},
        {"the first hangs",
         {{"a", "Primary", "4", "ON", State::silent}, {"b"}},
         "a FAULTY, b PRIMARY"},
        {"the first is read-only",
         {{"a", "Primary", "4", "ON", State::answers, "5c1f", "ON"}, {"b"}},
         "a SECONDARY, b PRIMARY"},
        {"the first was frozen and does not know that it was voted out",
         {{"a", "Primary", "4", "ON", State::answers, "5c1f", "OFF", 6}, {"b"}},
         "a FAULTY, b PRIMARY"},
        {"no primary component",
         {{"a", "non-Primary", "0", "OFF"}, {"b", "non-Primary", "0", "OFF"}},
         "a FAULTY, b FAULTY"},
    };
    for (const auto& sample : samples) {
        std::vector<SeenServer> nodes;
        for (const Says& says : sample.nodes) nodes.push_back(node(says));
        EXPECT_EQ(roles(decoded(nodes)), sample.roles) << sample.name;
        std::ranges::reverse(nodes);
        EXPECT_EQ(roles(decoded(nodes)), sample.roles) << sample.name << ", asked otherwise";
    }
}

TEST(GaleraCluster, AHiccupIsNoReasonToWriteElsewhere) {
    SeenServer first = node({"a", "Primary", "4", "ON", State::silent});
    first.silence = std::chrono::seconds(2);
    EXPECT_EQ(roles(decoded({first, node({"b"})})), "a PRIMARY, b SECONDARY");
}

TEST(GaleraCluster, WeightsComeBeforeNames) {
    const std::vector<SeenServer> nodes = {node({"a"}), node({"b"}), node({"c"})};
    EXPECT_EQ(roles(decoded(nodes, ServerRules("c=2", "", 3306))),
              "a SECONDARY, b SECONDARY, c PRIMARY");
    EXPECT_EQ(roles(decoded(nodes, ServerRules("a=0", "", 3306))),
              "a SECONDARY, b PRIMARY, c SECONDARY");
}

TEST(GaleraCluster, NodesAreFoundAndNamed) {
    const std::vector<SeenServer> nodes = {node({"a"})};
    EXPECT_THAT(texts_of(galera_cluster.neighbours(nodes, plain)), ElementsAre("a:3306", "b:3307"));
    EXPECT_TRUE(decoded(nodes).groups.contains("shop"));
    EXPECT_THAT(note_of(decoded({node({"a", "non-Primary", "0"})}), "a"),
                HasSubstr("outside of the primary component (wsrep_cluster_status=non-Primary)"));
    SeenServer other_name = node({"a"});
    other_name.at.host = "10.0.0.1";
    EXPECT_EQ(roles(decoded({node({"a"}), other_name})), "a PRIMARY");
}

TEST(GaleraCluster, OtherServersAndOtherClustersAreNamed) {
    EXPECT_THAT(
        thrown_by([] {
            decoded({node({"a"}), node({"x", "Primary", "4", "ON", State::answers, "77aa"})});
        }),
        testing::AllOf(HasSubstr("08001 the server x:3306 belongs to the cluster 'shop'"),
                       HasSubstr("name nodes of one cluster in FabricHost")));
    SeenServer plain_server = node({"p"});
    plain_server.answer->sets = {set_of("Variable_name Value", {"wsrep_on OFF", "port 3306"}),
                                 set_of("Variable_name Value", {})};
    EXPECT_THAT(note_of(decoded({plain_server}), "p"), HasSubstr("no node of a Galera cluster"));
    EXPECT_EQ(roles(decoded({node({"a"}), plain_server})), "a PRIMARY, p FAULTY")
        << "it may be a node in maintenance";
    SeenServer mysql = plain_server;
    mysql.answer->version = "5.6.24-log";
    mysql.answer->sets.front() = set_of("Variable_name Value", {"port 3306"});
    EXPECT_THAT(thrown_by([&] {
                    decoded({mysql, node({"a"})});
                }),
                testing::AllOf(HasSubstr("08001 the server p:3306 (version 5.6.24-log) knows "
                                         "nothing of Galera, but a:3306 is a node"),
                               HasSubstr("name nodes of one cluster in FabricHost")));
    EXPECT_THAT(note_of(decoded({mysql}), "p"), HasSubstr("no node of a Galera cluster"));
    mysql.state = State::gone;
    mysql.problem = "does not answer";
    EXPECT_EQ(roles(decoded({node({"a"}), mysql})), "a PRIMARY, p FAULTY");
}

}  // namespace
}  // namespace myfabric::sources
