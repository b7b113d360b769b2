#include "unit/sources/cluster_samples.h"

namespace myfabric::sources {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const ServerRules plain("", "", 3306);

struct Says {
    std::string host;
    std::vector<std::string> view = {"a ONLINE PRIMARY", "b ONLINE SECONDARY",
                                     "c ONLINE SECONDARY"};
    State seen = State::answers;
    bool read_only = true;
    std::string group = "aaaa-0001";
    std::vector<std::string> metadata = {};  // "host attributes"
};

/// As a member on MySQL 8.0 or later answers; each host's uuid is "id-<host>".
SeenServer member(const Says& says) {
    SeenServer seen = seen_at(says.host, says.seen);
    ServerAnswer& answer = seen.answer.emplace();
    answer.version = "9.1.0";
    answer.sets.push_back(set_of(
        "Variable_name Value",
        {"server_uuid id-" + says.host, "read_only " + std::string(says.read_only ? "ON" : "OFF"),
         "group_replication_group_name " + says.group,
         "group_replication_single_primary_mode ON"}));
    answer.sets.push_back(set_of("Variable_name Value", {"group_replication_primary_member id-a"}));
    topology::ResultSet view =
        set_of("MEMBER_ID MEMBER_HOST MEMBER_PORT MEMBER_STATE MEMBER_ROLE", {});
    for (const std::string& row : says.view) {
        const std::vector<std::string> part = words(row);
        const std::string role = part.size() > 2 ? part[2] : "";
        view.rows.push_back({"id-" + part[0], part[0], std::string("3306"), part[1], role});
    }
    answer.sets.push_back(std::move(view));
    if (!says.metadata.empty()) {
        topology::ResultSet set = set_of("mysql_server_uuid endpoint attributes cluster_name", {});
        for (const std::string& row : says.metadata) {
            const std::vector<std::string> part = words(row);
            set.rows.push_back({"id-" + part[0], part[0] + ":3306", part[1], std::string("prod")});
        }
        answer.sets.push_back(std::move(set));
    }
    return seen;
}

Says primary(const std::string& host) {
    Says says{host};
    says.read_only = false;
    return says;
}

topology::Topology decoded(const std::vector<Says>& members) {
    std::vector<SeenServer> servers;
    for (const Says& says : members) servers.push_back(member(says));
    return group_cluster.decode(servers, plain, "");
}

TEST(GroupCluster, RolesAreThoseOfTheMajority) {
    const std::vector<std::string> cut_off = {"a ONLINE PRIMARY", "b UNREACHABLE SECONDARY",
                                              "c UNREACHABLE SECONDARY"};
    const std::vector<std::string> others = {"b ONLINE PRIMARY", "c ONLINE SECONDARY"};
    const std::vector<std::string> joining = {"a ONLINE PRIMARY", "b RECOVERING SECONDARY",
                                              "c ONLINE SECONDARY"};
    const std::vector<std::string> multi = {"a ONLINE PRIMARY", "b ONLINE PRIMARY",
                                            "c ONLINE PRIMARY"};
    const auto with = [](Says says, std::vector<std::string> view, State seen = State::answers) {
        says.view = std::move(view);
        says.seen = seen;
        return says;
    };
    const struct {
        const char* name;
        std::vector<Says> members;
        const char* roles;
    } samples[] = {
        {"three online", {primary("a"), {"b"}, {"c"}}, "a PRIMARY, b SECONDARY, c SECONDARY"},
        {"the minority's primary is not written to",
         {with(primary("a"), cut_off), with(primary("b"), others), with({"c"}, others)},
         "a FAULTY, b PRIMARY, c SECONDARY"},
        {"only the minority answers", {with(primary("a"), cut_off)}, "a FAULTY"},
        {"one is recovering",
         {with(primary("a"), joining), with({"b"}, joining), with({"c"}, joining)},
         "a PRIMARY, b SPARE, c SECONDARY"},
        {"the primary hangs and the group still counts it",
         {with(primary("a"), primary("a").view, State::silent), {"b"}, {"c"}},
         "a PRIMARY, b SECONDARY, c SECONDARY"},
        {"the primary is gone and the group has not noticed",
         {with(primary("a"), primary("a").view, State::gone), {"b"}, {"c"}},
         "a FAULTY, b SECONDARY, c SECONDARY"},
        {"several primaries: one is written to",
         {with(primary("a"), multi), with(primary("b"), multi), with(primary("c"), multi)},
         "a PRIMARY, b SECONDARY, c SECONDARY"},
        {"the primary of a cluster that follows another one",
         {{"a"}, {"b"}, {"c"}},
         "a SECONDARY, b SECONDARY, c SECONDARY"},
        {"a server outside of any group",
         {primary("a"), {"b"}, {"c"}, with(primary("x"), {})},
         "a PRIMARY, b SECONDARY, c SECONDARY, x FAULTY"},
        {"a member in ERROR",
         {with(primary("a"), {"a ONLINE PRIMARY", "c ONLINE SECONDARY"}),
          with({"b"}, {"b ERROR -"})},
         "a PRIMARY, b FAULTY, c FAULTY"},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(roles(decoded(sample.members)), sample.roles) << sample.name;
}

TEST(GroupCluster, MetadataOfInnoDbClusterHideMembersAndAddReadReplicas) {
    Says a = primary("a");
    a.metadata = {R"(a {"server_id":1})", R"(c {"tags":{"_hidden":true}})",
                  R"(r {"instance_type":"read-replica","tags":{"_hidden":false}})"};
    Says r{"r"};
    r.view = {};
    const topology::Topology topology = decoded({a, {"b"}, {"c"}, r});
    EXPECT_EQ(roles(topology), "a PRIMARY, b SECONDARY, c SPARE, r SECONDARY");
    EXPECT_TRUE(topology.groups.contains("prod"));
    EXPECT_THAT(note_of(topology, "c"), HasSubstr("_hidden"));
    EXPECT_THAT(texts_of(group_cluster.neighbours(std::vector{member(a)}, plain)),
                ElementsAre("b:3306", "c:3306", "r:3306"));
}

// It has been made anew, say, and the group still counts the one that it was.
TEST(GroupCluster, AnotherServerAtTheAddressOfAMemberIsNotThatMember) {
    SeenServer a = member(primary("a"));
    a.answer->sets.back().rows[1][1] = std::string("x");
    SeenServer other = member({"x"});
    other.answer->sets.back().rows.clear();
    a.answer->sets.back().rows[1][4] = std::string("PRIMARY");
    const std::vector<SeenServer> servers = {a, other};
    const topology::Topology topology = group_cluster.decode(servers, plain, "");
    EXPECT_THAT(roles(topology), HasSubstr("a PRIMARY"));
    EXPECT_THAT(note_of(topology, "x"), HasSubstr("another member"));
}

TEST(GroupCluster, MembersAtNoHostAreLeftOut) {
    Says a = primary("a");
    for (const char* host : {"b;plugin-dir=/tmp/x", "b=c", "b,c", "b\\x0Ac", "[::1]"}) {
        a.view[1] = std::string(host) + " ONLINE SECONDARY";
        EXPECT_EQ("a PRIMARY, c SECONDARY", roles(decoded({a, {"c"}}))) << host;
        EXPECT_THAT(texts_of(group_cluster.neighbours(std::vector{member(a)}, plain)),
                    ElementsAre("c:3306"));
    }
}

TEST(GroupCluster, NotesSayWhy) {
    Says alone = primary("a");
    alone.view = {"a ONLINE PRIMARY", "b UNREACHABLE SECONDARY", "c UNREACHABLE SECONDARY"};
    EXPECT_THAT(note_of(decoded({alone}), "a"),
                HasSubstr("sees 1 of the 3 members of its group, no majority"));
}

// It keeps writes waiting, and may be replaced unknown to it.
TEST(GroupCluster, WhoeverWorksOnAMemberWithoutMajorityMayNotStay) {
    Says alone = primary("a");
    EXPECT_FALSE(decoded({alone}).groups.begin()->second.front().contested);
    alone.view = {"a ONLINE PRIMARY", "b UNREACHABLE SECONDARY", "c UNREACHABLE SECONDARY"};
    EXPECT_TRUE(decoded({alone}).groups.begin()->second.front().contested);
}

TEST(GroupCluster, OtherGroupsAndGroupsBegunTwiceAreRefused) {
    Says stranger = primary("x");
    stranger.view = {"x ONLINE PRIMARY"};
    stranger.group = "bbbb-0002";
    EXPECT_THAT(thrown_by([&] {
                    decoded({primary("a"), {"b"}, stranger});
                }),
                HasSubstr("08001 the server x:3306 is a member of the group bbbb-0002"));
    Says again = primary("c");
    again.view = {"c ONLINE PRIMARY"};
    Says first = primary("a");
    first.view = {"a ONLINE PRIMARY", "b ONLINE SECONDARY"};
    EXPECT_THAT(thrown_by([&] { decoded({first, again}); }), HasSubstr("it was begun twice"));
}

}  // namespace
}  // namespace myfabric::sources
