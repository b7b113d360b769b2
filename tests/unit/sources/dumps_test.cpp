#include "sources/dumps.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "topology/shard_key.h"
#include "topology/source.h"

namespace myfabric::sources {
namespace {

const std::int64_t one = 1, two = 2, three = 3;

topology::ResultSet servers() {
    return {{"server_uuid", "group_id", "host", "port", "mode", "status", "weight"},
            {{"a1", "a", "h", one, three, three, 1.0}, {"b1", "b", "h", two, three, three, 1.0}}};
}

topology::ResultSet maps() {
    return {{"mapping_id", "type_name", "global_group_id"}, {{one, "RANGE", "a"}}};
}

topology::ResultSet tables() {
    return {{"schema_name", "table_name", "column_name", "mapping_id"}, {{"s", "t", "c", one}}};
}

topology::Row shard(int id, const char* bound, const char* group) {
    return {bound, one, std::int64_t{id}, group};
}

/// A node whose shards are another thing at each reading; the last one stays.
struct ScriptedNode {
    std::deque<std::vector<topology::Row>> indexes;
    std::map<std::string, int> calls = {};
    bool replaced = false;  // the first server has become a secondary

    topology::Reply run(const std::string& command) {
        ++calls[command];
        topology::Reply reply;
        if (command == "dump.servers") {
            reply.result_sets.push_back(servers());
            if (replaced) reply.result_sets.back().rows[0][5] = two;
        }
        if (command == "dump.shard_maps") reply.result_sets.push_back(maps());
        if (command == "dump.shard_tables") reply.result_sets.push_back(tables());
        if (command == "dump.shard_index") {
            reply.result_sets.push_back(
                {{"lower_bound", "mapping_id", "shard_id", "group_id"}, indexes.front()});
            if (indexes.size() > 1) indexes.pop_front();
        }
        return reply;
    }
    NodeReader asked() {
        return {[this](const char* command) { return run(command); }, "the node "};
    }
};

std::string group_of(const topology::Topology& topology, const char* key) {
    const topology::Table* table = topology.table("s.t");
    const topology::FoundShard found = topology::find_shard(topology.maps[table->map], key);
    return found.shard ? found.shard->group : "none";
}

TEST(Dumps, AReadingInTheMiddleOfASplitIsNotBelieved) {
    const std::vector<topology::Row> before{shard(1, "1", "a")};
    const std::vector<topology::Row> middle{
        shard(3, "1000", "b")};  // the old shard gone, one of two there
    const std::vector<topology::Row> after{shard(2, "1", "a"), shard(3, "1000", "b")};
    ScriptedNode node{{before, before, middle, after, after}};
    Dumps dumps;
    EXPECT_EQ(group_of(dumps.load(node.asked()), "1500"), "a");
    const topology::Topology second = dumps.load(node.asked());
    EXPECT_EQ(group_of(second, "1500"), "b");
    EXPECT_EQ(group_of(second, "5"), "a");
}

TEST(Dumps, UnchangedShardsAreReadOnceInWhateverOrder) {
    const topology::Row first = shard(1, "1", "a");
    const topology::Row second = shard(2, "9", "b");
    ScriptedNode node{{{first, second}, {second, first}, {first, second}}};
    Dumps dumps;
    dumps.load(node.asked());
    EXPECT_EQ(node.calls["dump.shard_index"], 2);
    dumps.load(node.asked());
    EXPECT_EQ(node.calls["dump.shard_index"], 3);
    EXPECT_EQ(node.calls["dump.servers"], 2);
}

TEST(Dumps, ShardsThatNeverStandStillAreAnErrorThatPasses) {
    ScriptedNode node;
    for (int i = 0; i < 20; ++i) node.indexes.push_back({shard(i, "1", "a")});
    Dumps dumps;
    EXPECT_THROW(dumps.load(node.asked()), topology::Unreachable);
}

TEST(Dumps, OtherServersAreNewsUntilALoadHasGivenThem) {
    ScriptedNode node{{{shard(1, "1", "a")}}};
    Dumps dumps;
    EXPECT_TRUE(dumps.servers_differ(node.asked()));
    dumps.load(node.asked());
    EXPECT_FALSE(dumps.servers_differ(node.asked()));
    node.replaced = true;
    EXPECT_TRUE(dumps.servers_differ(node.asked()));
    node.indexes.clear();
    for (int i = 0; i < 20; ++i) node.indexes.push_back({shard(i, "1", "a")});
    EXPECT_THROW(dumps.load(node.asked()), topology::Unreachable);
    EXPECT_TRUE(dumps.servers_differ(node.asked())) << "nobody has seen them yet";
    node.indexes = {{shard(1, "1", "a")}};
    dumps.load(node.asked());
    EXPECT_FALSE(dumps.servers_differ(node.asked()));
}

TEST(Dumps, TwoShardsWithOneBoundLeadNowhere) {
    ScriptedNode node{{{shard(1, "1", "a"), shard(2, "1", "b")}}};
    Dumps dumps;
    const topology::Topology topology = dumps.load(node.asked());
    EXPECT_NE(topology.maps[0].problem.find("same lower bound '1'"), std::string::npos);
}

TEST(Dumps, TwoPrimariesOfAGroupAreNone) {
    ScriptedNode node{{{shard(1, "1", "a")}}};
    const auto run = [&](const std::string& command) {
        topology::Reply reply = node.run(command);
        if (command == "dump.servers")
            reply.result_sets[0].rows.push_back({"a2", "a", "h", three, three, three, 1.0});
        return reply;
    };
    Dumps dumps;
    const topology::Topology topology = dumps.load({run, "the node "});
    for (const topology::Server& server : *topology.group("a"))
        EXPECT_EQ(server.status, topology::Status::secondary);
    EXPECT_EQ(topology.group("b")->front().status, topology::Status::primary);
}

TEST(Dumps, AnUnknownTypeFailsOnlyForItsOwnTables) {
    ScriptedNode node{{{shard(1, "1", "a")}}};
    const auto run = [&](const std::string& command) {
        topology::Reply reply = node.run(command);
        std::vector<topology::Row>& rows = reply.result_sets[0].rows;
        if (command == "dump.shard_maps") rows.push_back({two, "LIST", "a"});
        if (command == "dump.shard_tables") rows.push_back({"s", "odd", "c", two});
        return reply;
    };
    Dumps dumps;
    const topology::Topology topology = dumps.load({run, "the node "});
    EXPECT_EQ(group_of(topology, "5"), "a");
    EXPECT_NE(topology.maps[topology.table("s.odd")->map].problem.find("LIST"), std::string::npos);
}

}  // namespace
}  // namespace myfabric::sources
