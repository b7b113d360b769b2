#include "setup/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "dsn/profile.h"

namespace myfabric::setup {
namespace {

dsn::Options options_of(const std::string& text) {
    return dsn::from_connection_string("DRIVER=x;" + text).options;
}

topology::Topology farm() {
    using topology::ServerMode;
    using topology::Status;
    topology::Topology topology;
    topology.groups["g"] = {
        {"u1", "g", "h1", 3306, Status::primary, ServerMode::read_write, 1.0},
        {"u2", "g", "h2", 3307, Status::secondary, ServerMode::read_only, 0.5},
    };
    topology.groups["down"] = {
        {"u3", "down", "h3", 3306, Status::faulty, ServerMode::read_write, 1.0}};
    return topology;
}

TEST(Target, IsTakenFromTheOptions) {
    const topology::Target target =
        target_of(options_of("Tables=shop.a,b;Database=d;ShardKey=42;Scope=local;Mode=1"));
    EXPECT_THAT(target.tables, testing::ElementsAre("shop.a", "b"));
    EXPECT_EQ(target.key, "42");
    EXPECT_EQ(target.scope, topology::Scope::local);
    EXPECT_EQ(target.mode, topology::Mode::read_only);
}

TEST(Target, AbsentKeysStayAbsent) {
    const topology::Target target = target_of(options_of("Group=g"));
    EXPECT_EQ(target.group, "g");
    EXPECT_TRUE(target.tables.empty());
    EXPECT_EQ(target.key, std::nullopt);
    EXPECT_EQ(target.scope, std::nullopt);
    EXPECT_EQ(target.mode, topology::Mode::read_write);
}

TEST(Destination, WithoutAFarmIsTheServer) {
    const Destination found = destination(options_of("Server=h;Port=5"), nullptr);
    EXPECT_EQ(found.route, std::nullopt);
    EXPECT_EQ(found.servers.at(0).address(), "h:5");
}

TEST(Destination, FollowsTheMode) {
    const topology::Topology topology = farm();
    EXPECT_EQ(destination(options_of("Group=g"), &topology).servers.at(0).address(), "h1:3306");
    EXPECT_EQ(destination(options_of("Group=g;Mode=READONLY"), &topology).servers.at(0).address(),
              "h2:3307");
}

TEST(Destination, WithoutAUsableServerIsAnError) {
    const topology::Topology topology = farm();
    for (const char* text : {"Group=down", "Group=none", "Group=g;Tables=a.b", ""})
        EXPECT_THROW(destination(options_of(text), &topology), Error) << text;
}

TEST(Descriptions, NameWhatAUserLooksFor) {
    const topology::Topology topology = farm();
    EXPECT_EQ(describe(topology.groups.at("g")[1]),
              "h2:3307 secondary, read_only, weight 0.5, uuid u2");
    EXPECT_EQ(describe(router::Route{"g", 3, topology::Mode::read_write}), "group g, shard 3");
    EXPECT_EQ(describe(topology),
              "farm of 2 groups and 3 servers, 0 sharded tables, fresh for 1 s");
}

}  // namespace
}  // namespace myfabric::setup
