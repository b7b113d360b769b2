// Bad input while resolving a target: each gives its SQLSTATE and a sentence that names the value.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Clock = std::chrono::steady_clock;

Farm& farm() {
    static Farm shared;
    return shared;
}

void expect_refused(const std::string& connection_string, const std::string& state,
                    const std::vector<std::string>& said) {
    Link link;
    ASSERT_EQ(SQL_ERROR, link.try_open(connection_string)) << connection_string;
    EXPECT_EQ(state, link.state()) << link.text();
    for (const std::string& part : said)
        EXPECT_NE(std::string::npos, link.text().find(part))
            << "'" << part << "' in: " << link.text();
    EXPECT_EQ(std::string::npos, link.text().find("wrong-password-here"));
}

struct BadTarget {
    const char* name;
    const char* keys;
    const char* state;
    std::vector<std::string> said;
};

class BadTargets : public testing::TestWithParam<BadTarget> {};

TEST_P(BadTargets, AreNamed) {
    for (const bool by_file : {false, true})
        expect_refused(farm().string(GetParam().keys, by_file), GetParam().state, GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    , BadTargets,
    testing::Values(
        BadTarget{"UnknownGroup", "Group=nowhere;", "08004", {"nowhere"}},
        BadTarget{"UnknownTable", "Tables=shop.nothing;ShardKey=1;", "08004", {"shop.nothing"}},
        BadTarget{"KeyBelowTheLowestBound", "Tables=shop.orders;ShardKey=0;", "08004", {"0", "1"}},
        BadTarget{"KeyOfTheWrongType", "Tables=shop.orders;ShardKey=abc;", "08004", {"abc"}},
        BadTarget{
            "ImpossibleDate", "Tables=shop.events;ShardKey=2015-02-30;", "08004", {"2015-02-30"}},
        BadTarget{"GroupTogetherWithTables",
                  "Group=shard1;Tables=shop.orders;",
                  "08001",
                  {"Group", "Tables"}},
        BadTarget{"NeitherGroupNorTables", "", "08001", {"Group", "Tables"}},
        BadTarget{"TablesOnTwoShards",
                  "Tables=shop.orders,shop.sessions;ShardKey=3;",
                  "08004",
                  {"shop.orders", "shop.sessions"}},
        BadTarget{"BadMode", "Group=shard1;Mode=SOMETIMES;", "08001", {"SOMETIMES", "READONLY"}},
        BadTarget{"BadScope", "Tables=shop.orders;Scope=WIDE;", "08001", {"WIDE", "LOCAL"}},
        BadTarget{"WrongServerPassword",
                  "Group=shard1;Password=wrong-password-here;",
                  "28000",
                  {"app", "127.0.0.1:"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct BadFabric {
    const char* name;
    const char* mode;
    std::vector<std::string> said;
};

class BadFabrics : public testing::TestWithParam<BadFabric> {};

TEST_P(BadFabrics, AreToldApartAndBounded) {
    const BadNode node(GetParam().mode);
    const auto begin = Clock::now();
    expect_refused(driver_key() + "FabricHost=127.0.0.1;FabricPort=" + std::to_string(node.port()) +
                       ";FabricUser=u;FabricPassword=wrong-password-here;Group=g;"
                       "FabricConnectionTimeout=2;FabricConnectionAttempts=1;User=app",
                   GetParam().mode == std::string("403") ? "42000" : "08001", GetParam().said);
    EXPECT_LT(Clock::now() - begin, std::chrono::seconds(20));
}

INSTANTIATE_TEST_SUITE_P(
    , BadFabrics,
    testing::Values(BadFabric{"Hangs", "hang-accept", {"127.0.0.1"}},
                    BadFabric{"NoRight", "403", {"dump."}}, BadFabric{"NotFound", "404", {"404"}},
                    BadFabric{"EmptyReply", "empty", {"127.0.0.1"}},
                    BadFabric{"NotXml", "not-xml", {"XML"}},
                    BadFabric{"OtherShape", "other-shape", {"127.0.0.1"}},
                    BadFabric{"OtherVersion", "other-shape-version", {"127.0.0.1"}},
                    BadFabric{"ShortRows", "other-shape-rows", {"127.0.0.1"}},
                    BadFabric{"WrongTypes", "other-shape-types", {"127.0.0.1"}},
                    BadFabric{"CutOff", "cut-off", {"127.0.0.1"}},
                    BadFabric{"HundredMegabytes", "huge", {"127.0.0.1"}},
                    BadFabric{"DripsByteByByte", "slow", {"127.0.0.1"}},
                    BadFabric{"Fault", "fault", {"127.0.0.1"}},
                    BadFabric{"ErrorInField3", "error-field3", {"127.0.0.1"}}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(BadFabric, NobodyListens) {
    expect_refused(driver_key() +
                       "FabricHost=127.0.0.1;FabricPort=1;Group=g;"
                       "FabricConnectionAttempts=2;FabricConnectionDelay=0",
                   "08001", {"127.0.0.1:1"});
}

TEST(BadFabric, UnknownHost) {
    expect_refused(driver_key() +
                       "FabricHost=no-such-host.invalid;Group=g;"
                       "FabricConnectionAttempts=1;FabricConnectionTimeout=3",
                   "08001", {"no-such-host.invalid"});
}

TEST(BadFabric, RealNodeRefusesTheWrongPasswordWithoutShowingIt) {
    std::string keys = farm().string("Group=shard1;");
    const std::string right =
        "FabricPassword=" + farm().description()["fabric"]["password"].get<std::string>();
    keys.replace(keys.find(right), right.size(), "FabricPassword=wrong-password-here");
    expect_refused(keys, "28000", {"FabricUser"});
}

TEST(BadFabric, UserWithoutRightsIsToldWhichOneIsMissing) {
    std::string keys = farm().string("FabricUser=nobody;FabricPassword=nobodypw;Group=shard1;");
    expect_refused(keys, "42000", {"dump."});
}

TEST(FailedGroup, AllServersDeadGivesARecordForEachTry) {
    Farm doomed("--no-activate");
    doomed.command("kill", "shard1 primary");
    doomed.command("kill", "shard1 secondary");
    Link link;
    EXPECT_EQ(SQL_ERROR,
              link.try_open(doomed.string("Group=shard1;Mode=READONLY;Attempts=2;AttemptDelay=0;"
                                          "ReportErrors=no;")));
    EXPECT_EQ("08001", link.state()) << link.text();
    EXPECT_GE(diagnostics(SQL_HANDLE_DBC, link.handle()).size(), 3u) << link.text();
    EXPECT_NE(std::string::npos, link.text().find("127.0.0.1:")) << link.text();
}

TEST(FailedGroup, WithoutAPrimaryNamesTheCandidates) {
    Farm headless("--no-activate");
    const std::string port = std::to_string(headless.description()["fabric"]["port"].get<int>());
    headless.command("kill", "shard1 secondary");
    headless.command("kill", "shard1 primary");
    // A report makes the node mark the primary FAULTY; there is nobody to take its place.
    Link link;
    EXPECT_EQ(SQL_ERROR, link.try_open(headless.string("Group=shard1;Attempts=2;AttemptDelay=0;"
                                                       "ReportErrors=failure;")));
    EXPECT_EQ(SQL_ERROR,
              link.try_open(headless.string("Group=shard1;Attempts=1;ReportErrors=no;")));
    EXPECT_TRUE(link.state() == "08004" || link.state() == "08001") << link.text();
    EXPECT_NE(std::string::npos, link.text().find("shard1")) << link.text();
}

/// A farm file with this text; removed with the object.
class FarmFile {
public:
    explicit FarmFile(const std::string& text) {
        char name[] = "/tmp/myfabric-farm-XXXXXX";
        const int descriptor = mkstemp(name);
        path_ = name;
        std::ofstream(path_) << text;
        ::close(descriptor);
    }
    ~FarmFile() { unlink(path_.c_str()); }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

std::string by_file(const std::string& path) {
    return driver_key() + "FabricProtocol=file;FabricHost=" + path +
           ";FabricConnectionAttempts=1;Group=g;User=app";
}

TEST(BadFarmFile, Missing) {
    expect_refused(by_file("/no/such/farm.json"), "08001", {"/no/such/farm.json"});
}

TEST(BadFarmFile, NotJson) {
    const FarmFile file("groups: none");
    expect_refused(by_file(file.path()), "08001", {file.path(), "line 1"});
}

TEST(BadFarmFile, GroupNamedTwice) {
    const FarmFile file(
        "{\"groups\": {\"twin\": {\"servers\": []},\n \"twin\": {\"servers\": []}}}");
    expect_refused(by_file(file.path()), "08001", {file.path(), "twin"});
}

TEST(BadFarmFile, UnknownKey) {
    const FarmFile file("{\"groups\": {},\n \"shardmaps\": []}");
    expect_refused(by_file(file.path()), "08001", {file.path(), "shardmaps", "line 2"});
}

// ---- the log tells the story -------------------------------------------------------------------

std::string contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void replace(const std::string& path, const std::string& text) {
    std::ofstream(path + ".new") << text;
    ASSERT_EQ(rename((path + ".new").c_str(), path.c_str()), 0);
}

TEST(Log, HasALineForEachRoutingDecisionAndNoSecrets) {
    const FarmFile log("");
    Farm farm;
    {
        Link link;
        link.open(farm.string("Group=shard1;Log=" + log.path() + ";LogLevel=debug;"));
        Query query(link);
        ASSERT_OK(query, query.run("CALL fabric.use_shard('shop.orders', 1001)"));
        ASSERT_OK(query, query.run("DO 1"));
        ASSERT_OK(query, query.run("CALL fabric.use_group('shard1')"));
        ASSERT_OK(query, query.run("DO 1"));
    }
    Link refused;
    EXPECT_EQ(SQL_ERROR, refused.try_open(farm.string("Group=nowhere;Log=" + log.path() + ";")));
    const std::string shard1 =
        "goes to " + farm.address("shard1", "PRIMARY") + " of group 'shard1', READWRITE, by ";
    const std::string shard2 =
        "goes to " + farm.address("shard2", "PRIMARY") + " of group 'shard2', shard ";
    const std::string text = contents(log.path());
    EXPECT_THAT(text, testing::ContainsRegex("info http://.*: version 1 of the farm: 3 groups"));
    EXPECT_THAT(text, testing::HasSubstr(" info connection#1: " + shard1 + "a new session\n"));
    EXPECT_THAT(text, testing::HasSubstr(" info connection#1: " + shard2));
    EXPECT_THAT(text, testing::HasSubstr(" info connection#1: " + shard1 + "a parked session\n"));
    EXPECT_THAT(text, testing::ContainsRegex("error connection#.: cannot connect: .*nowhere"));
    for (const char* secret : {"secret", "connectorpw"})
        EXPECT_THAT(text, testing::Not(testing::HasSubstr(secret)));
}

TEST(Log, TellsThatAFarmFileWasRefusedAndTheOldOneServes) {
    Farm farm("--file");
    const std::string good = contents(farm.description()["farm_file"]);
    const FarmFile file(good);
    const FarmFile log("");
    Link link;
    link.open(farm.string(
        "FabricHost=" + file.path() + ";Group=shard1;FabricTTL=1;Log=" + log.path() + ";", true));
    replace(file.path(), "{\"groups\": {},\n \"shardmaps\": []}");
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (contents(log.path()).find("line 2") == std::string::npos) {
        ASSERT_LT(std::chrono::steady_clock::now(), until) << contents(log.path());
        Query query(link);
        ASSERT_OK(query, query.run("SELECT 1"));
        usleep(100'000);
    }
    EXPECT_THAT(contents(log.path()),
                testing::ContainsRegex("warning .*version 1 stays: .*shardmaps"));
}

TEST(Log, ThatCannotBeWrittenIsToldAndDisturbsNothing) {
    Farm farm("--file");
    Link link;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO,
              link.try_open(farm.string("Group=shard1;Log=/no/such/folder/odbc.log;", true)));
    EXPECT_THAT(link.text(), testing::HasSubstr("/no/such/folder/odbc.log"));
}

}  // namespace
}  // namespace myfabric::test
