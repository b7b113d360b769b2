#include "unit/sources/cluster_samples.h"

namespace myfabric::sources {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ServerRules plain("", "", 3306);

struct Says {
    std::string host;
    int id = 0;
    bool read_only = true;
    std::vector<std::string> sources = {};  // "host id", or "host id no" when it stands still
    State state = State::answers;
    bool mariadb = true;
};

/// As a server of MariaDB 10.11 or MySQL 5.6 answers.
SeenServer server(const Says& says) {
    SeenServer seen = seen_at(says.host, says.state);
    ServerAnswer& answer = seen.answer.emplace();
    answer.mariadb = says.mariadb;
    answer.version = says.mariadb ? "10.11.6-MariaDB-log" : "5.6.24-log";
    const std::string id = std::to_string(says.id);
    const std::string own = id + " " + (says.read_only ? "1 " : "0 ") + says.host + ".local 3306";
    answer.sets.push_back(says.mariadb ? set_of("server_id read_only hostname port", {own})
                                       : set_of("server_id read_only hostname port server_uuid",
                                                {own + " uuid-" + id}));
    topology::ResultSet channels = set_of(
        "Master_Host Master_Port Slave_IO_Running Slave_SQL_Running Last_SQL_Error "
        "Master_Server_Id",
        {});
    for (const std::string& source : says.sources) {
        const std::vector<std::string> part = words(source);
        const bool stands = part.size() > 2;
        channels.rows.push_back({part[0], std::string("3306"), std::string("Yes"),
                                 std::string(stands ? "No" : "Yes"),
                                 std::string(stands ? "Error 'Duplicate entry'" : ""), part[1]});
    }
    answer.sets.push_back(std::move(channels));
    return seen;
}

topology::Topology decoded(const std::vector<SeenServer>& servers,
                           const ServerRules& rules = plain) {
    return replication_cluster.decode(servers, rules, "");
}

TEST(ReplicationCluster, RolesFollowFromWhoReplicatesFromWhom) {
    const struct {
        const char* name;
        std::vector<Says> servers;
        const char* roles;
    } samples[] = {
        {"a primary and two replicas",
         {{"a", 1, false}, {"b", 2, true, {"a 1"}}, {"c", 3, true, {"a 1"}}},
         "a PRIMARY, b SECONDARY, c SECONDARY"},
        {"MySQL 5.6",
         {{"a", 1, false, {}, State::answers, false},
          {"b", 2, true, {"a 1"}, State::answers, false}},
         "a PRIMARY, b SECONDARY"},
        {"one server alone", {{"a", 1, false}}, "a PRIMARY"},
        {"a chain, whose middle takes writes",
         {{"a", 1, false}, {"b", 2, false, {"a 1"}}, {"c", 3, true, {"b 2"}}},
         "a PRIMARY, b SECONDARY, c SECONDARY"},
        {"replicas name the primary by an address that nobody asked",
         {{"a", 1, false}, {"b", 2, true, {"10.0.0.1 1"}}},
         "a PRIMARY, b SECONDARY"},
        {"a ring of two, one of which is read-only",
         {{"a", 1, false, {"b 2"}}, {"b", 2, true, {"a 1"}}},
         "a PRIMARY, b SECONDARY"},
        {"a ring of two that both take writes",
         {{"a", 1, false, {"b 2"}}, {"b", 2, false, {"a 1"}}},
         "a FAULTY, b FAULTY"},
        {"two heads and a replica of one of them",
         {{"a", 1, false}, {"b", 2, false}, {"c", 3, true, {"b 2"}}},
         "a FAULTY, b FAULTY, c SECONDARY"},
        {"a switchover under way: nobody takes writes",
         {{"a", 1, true}, {"b", 2, true, {"a 1"}}},
         "a SECONDARY, b SECONDARY"},
        {"the old primary after a switchover, following nobody",
         {{"a", 1, true}, {"b", 2, false}, {"c", 3, true, {"b 2"}}},
         "a SPARE, b PRIMARY, c SECONDARY"},
        {"a replica that follows the dead primary instead of the new one",
         {{"a", 1, false, {}, State::gone}, {"b", 2, false}, {"c", 3, true, {"a 1"}}},
         "a FAULTY, b PRIMARY, c SPARE"},
        {"the primary is gone and nobody was promoted",
         {{"a", 1, false, {}, State::gone}, {"b", 2, true, {"a 1"}}},
         "a FAULTY, b SECONDARY"},
        {"a replica that takes writes is no primary for want of one",
         {{"a", 1, false, {}, State::gone}, {"b", 2, false, {"a 1"}}},
         "a FAULTY, b SECONDARY"},
        {"the primary hangs and nobody was promoted",
         {{"a", 1, false, {}, State::silent}, {"b", 2, true, {"a 1"}}},
         "a PRIMARY, b SECONDARY"},
        {"the primary hangs and another was promoted",
         {{"a", 1, false, {}, State::silent}, {"b", 2, false}},
         "a FAULTY, b PRIMARY"},
        {"several channels, one from outside",
         {{"a", 1, false}, {"b", 2, true, {"a 1", "feed 77"}}},
         "a PRIMARY, b SECONDARY"},
    };
    for (const auto& sample : samples) {
        std::vector<SeenServer> servers;
        for (const Says& says : sample.servers) servers.push_back(server(says));
        EXPECT_EQ(roles(decoded(servers)), sample.roles) << sample.name;
    }
}

TEST(ReplicationCluster, ASourceThatCannotBeAskedMayBeThePrimaryUnlessItsWeightIsZero) {
    const std::vector<SeenServer> servers = {server({"b", 2, false, {"a 1"}}),
                                             seen_at("a", State::gone)};
    EXPECT_EQ(roles(decoded(servers)), "a FAULTY, b SECONDARY");
    EXPECT_THAT(note_of(decoded(servers), "b"), HasSubstr("a:3306 cannot be reached"));
    EXPECT_EQ(roles(decoded(servers, ServerRules("a=0", "", 3306))), "a FAULTY, b PRIMARY");
}

TEST(ReplicationCluster, NotesSayWhy) {
    const topology::Topology two = decoded(
        {server({"a", 1, false}), server({"b", 2, false}), server({"c", 3, true, {"b 2 no"}})});
    EXPECT_THAT(note_of(two, "a"), HasSubstr("takes writes, as does b:3306"));
    EXPECT_THAT(note_of(two, "b"), HasSubstr("takes writes, as does a:3306"));
    EXPECT_THAT(note_of(two, "c"),
                HasSubstr("from b:3306 (its replication stands still: Error 'Duplicate entry')"));
}

TEST(ReplicationCluster, AServerThatIsReachedByTwoNamesCountsOnce) {
    SeenServer other_name = server({"a", 1, false});
    other_name.at.host = "10.0.0.1";
    EXPECT_EQ(roles(decoded({server({"a", 1, false}), other_name})), "a PRIMARY");
    SeenServer silent = server({"a", 1, false, {}, State::silent});
    EXPECT_EQ(roles(decoded({silent, other_name})), "10.0.0.1 PRIMARY");
}

TEST(ReplicationCluster, SourcesAndRegisteredReplicasAreAsked) {
    SeenServer primary = server({"a", 1, false});
    primary.answer->sets.push_back(set_of("dump_host", {"10.0.0.7:40112", "10.0.0.8:40113"}));
    primary.answer->sets.push_back(
        set_of("Server_id Host Port Master_id", {"2 b 3307 1", "3 - 3306 1", "4 - 3306 1"}));
    EXPECT_THAT(texts_of(replication_cluster.neighbours(std::vector{primary}, plain)),
                ElementsAre("b:3307", "10.0.0.7:3306", "10.0.0.8:3306"));
    // Who has answered is known by its id, whatever its address is called.
    const std::vector<SeenServer> all = {primary, server({"x", 2, true, {"a 1"}}),
                                         server({"y", 3, true, {"elsewhere 9"}}),
                                         server({"z", 4, true, {"a 1"}})};
    EXPECT_THAT(texts_of(replication_cluster.neighbours(all, plain)),
                ElementsAre("elsewhere:3306"));
    const ServerRules map("", "b:3307=127.0.0.1:4007,10.0.0.7=db7", 3306);
    EXPECT_THAT(texts_of(replication_cluster.neighbours(std::vector{primary}, map)),
                ElementsAre("127.0.0.1:4007", "db7:3306", "10.0.0.8:3306"));
}

TEST(ReplicationCluster, WhatIsNoHostIsNotAsked) {
    for (const std::string host :
         {"b;plugin-dir=/tmp/x;default-auth=evil", "b=1", "b,c", "b\\x0Ac", "b/c", "[::1]"}) {
        SeenServer primary = server({"a", 1, false});
        primary.answer->sets.push_back(set_of("dump_host", {host + ":40112"}));
        primary.answer->sets.push_back(
            set_of("Server_id Host Port Master_id", {"2 " + host + " 3307 1", "3 - 3306 1"}));
        const std::vector<SeenServer> servers = {primary, server({"c", 3, true, {host + " 9"}})};
        EXPECT_THAT(texts_of(replication_cluster.neighbours(servers, plain)), ElementsAre())
            << host;
        // Whoever replicates from it is no primary.
        EXPECT_EQ("a PRIMARY, c SPARE", roles(decoded(servers))) << host;
        EXPECT_THAT(note_of(decoded(servers), "c"), HasSubstr("what is no host"));
    }
    SeenServer far = server({"a", 1, false});
    far.answer->sets.push_back(set_of("dump_host", {}));
    far.answer->sets.push_back(
        set_of("Server_id Host Port Master_id", {"2 b 65536 1", "3 b 4294970602 1"}));
    EXPECT_THAT(texts_of(replication_cluster.neighbours(std::vector{far}, plain)), ElementsAre());
}

TEST(ReplicationCluster, VendorsDoNotMix) {
    EXPECT_THAT(thrown_by([] {
                    decoded({server({"a", 1, false}),
                             server({"b", 2, true, {"a 1"}, State::answers, false})});
                }),
                testing::AllOf(HasSubstr("08001 the server a:3306 is 10.11.6-MariaDB-log"),
                               HasSubstr("b:3306 is 5.6.24-log")));
}

TEST(ReplicationCluster, AsksInEachServersOwnWords) {
    const struct {
        ServerProduct product;
        const char* status;
        const char* replicas;
        const char* grant;
    } samples[] = {
        {{true, 101106}, "SHOW ALL SLAVES STATUS", "SHOW SLAVE HOSTS", "GRANT SLAVE MONITOR"},
        {{true, 100400}, "SHOW ALL SLAVES STATUS", "SHOW SLAVE HOSTS", "GRANT REPLICATION CLIENT"},
        {{false, 50624}, "SHOW SLAVE STATUS", "SHOW SLAVE HOSTS", "GRANT REPLICATION CLIENT"},
        {{false, 80036}, "SHOW REPLICA STATUS", "SHOW REPLICAS", "GRANT REPLICATION CLIENT"},
    };
    for (const auto& sample : samples) {
        const std::string all = replication_cluster.question(sample.product, true);
        EXPECT_THAT(all, HasSubstr(sample.status));
        EXPECT_THAT(all, testing::EndsWith(sample.replicas));
        EXPECT_THAT(replication_cluster.question(sample.product, false),
                    testing::EndsWith(sample.status));
        EXPECT_THAT(replication_cluster.grant(sample.product), HasSubstr(sample.grant));
    }
}

TEST(ServerRules, AreReadOrRefusedByTheirKey) {
    const ServerRules rules("db1=2.5, db2:3307=0", "db9=10.0.0.9", 3306);
    EXPECT_EQ(rules.weight({"DB1", 3306}), 2.5);
    EXPECT_EQ(rules.weight({"db2", 3307}), 0);
    EXPECT_EQ(rules.weight({"db2", 3306}), 1);
    EXPECT_EQ(rules.reachable({"db9", 3309}).text(), "10.0.0.9:3309");
    for (const char* wrong : {"db1", "db1=", "db1=-1", "db1=x", "=1", "a b=1", "db1=nan"})
        EXPECT_THAT(thrown_by([&] { ServerRules(wrong, "", 3306); }),
                    HasSubstr("FabricWeights has the part '" + std::string(wrong)));
    for (const char* wrong : {"db1", "db1=", "a=b c", "a=b:0"})
        EXPECT_THAT(thrown_by([&] { ServerRules("", wrong, 3306); }),
                    HasSubstr("FabricAddresses has the part '" + std::string(wrong)));
}

}  // namespace
}  // namespace myfabric::sources
