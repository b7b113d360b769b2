// Hosts that are none, from every source of a farm: a client library would take the rest for
// options, and load a library, send a file, skip a check or run SQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "support/folders.h"
#include "support/odbc_client.h"
#include "support/peers.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
        out += two;
    }
    return out;
}

/// A node's reply as it was recorded from a real one.
std::string recorded(const char* name) {
    std::ifstream file(test_data("node-replies.json"));
    return json::parse(file).at(name);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

class Hosts : public testing::TestWithParam<const char*> {
protected:
    Hosts() : folder_("/tmp/myfabric-hosts-" + std::to_string(getpid())) {
        fs::create_directory(folder_);
        fs::copy_file(MYFABRIC_EVIL_PLUGIN, folder_ / "evil.so");
        setenv("MYFABRIC_EVIL_TRACE", (folder_ / "trace").c_str(), 1);
        // Where the login would go: it asks for a file, and for the plugin that is named.
        there_ = Peers::get().mysql({{"answers", json::array()}, {"switch", {"evil"}}});
    }
    ~Hosts() override {
        unsetenv("MYFABRIC_EVIL_TRACE");
        fs::remove_all(folder_);
    }

    std::string host() const { return replaced(GetParam(), "FOLDER", folder_.string()); }

    /// Connects by that source, which names the host: a first record that says so, and no login.
    void refuses(const std::string& source, const std::string& part) {
        Link link;
        EXPECT_EQ(SQL_ERROR,
                  link.try_open(driver_key() + source +
                                ";UID=u;PWD=p;SSLMode=DISABLED;FabricUser=u;FabricPassword=p;"
                                "Attempts=1;FabricConnectionAttempts=1;ConnectTimeout=2;"
                                "FabricConnectionTimeout=2;"));
        EXPECT_EQ("08001", link.state()) << link.text();
        EXPECT_THAT(link.text(), testing::HasSubstr(part));
        went_nowhere();
    }
    void went_nowhere() const {
        EXPECT_EQ(json::array(), Peers::get().told(there_, 0.1));
        EXPECT_FALSE(fs::exists(folder_ / "trace")) << "a library was loaded";
    }

    const fs::path folder_;
    int there_ = 0;
};

TEST_P(Hosts, OfAFarmFileAreRefused) {
    const fs::path path = folder_ / "farm.json";
    std::ofstream(path) << json{{"groups",
                                 {{"g",
                                   {{"servers",
                                     {{{"host", host()},
                                       {"port", there_},
                                       {"status", "PRIMARY"},
                                       {"mode", "READ_WRITE"}}}}}}}}};
    refuses("FabricProtocol=file;FabricHost=" + path.string() + ";Group=g",
            "groups.g.servers[0].host");
}

TEST_P(Hosts, OfANodeAreRefused) {
    const std::string servers =
        replaced(replaced(recorded("dump-servers-two-groups"), "127.0.0.1", host()), "13311",
                 std::to_string(there_));
    const json bodies = json::array(
        {json::array({"dump\\.servers", hex(servers)}),
         json::array({".", hex(recorded("dump-servers-unknown-group"))})});  // no shard map
    const int node = Peers::get().node({{"bodies", bodies}});
    refuses("FabricHost=127.0.0.1;FabricPort=" + std::to_string(node) + ";Group=shard1",
            "in dump.servers, which is no host");
}

TEST_P(Hosts, OfANodeByTheMysqlProtocolAreRefused) {
    const json head =
        json::array({json::array({"fabric_uuid", "ttl", "message"}),
                     json::array({"5ca1ab1e-a007-feed-f00d-cab3fe13249e", "1", nullptr})});
    const json servers = json::array(
        {json::array({"server_uuid", "group_id", "host", "port", "mode", "status", "weight"}),
         json::array({"u1", "g", host(), std::to_string(there_), "3", "3", "1.0"})});
    const json none =
        json::array({json::array({"shard_mapping_id", "type_name", "global_group_id"})});
    json scenario;
    scenario["version"] = "1.5.5-fabric";
    scenario["answers"] = json::array(
        {json::array({"dump.servers", json::array({{{"results", json::array({head, servers})}}})}),
         json::array({"CALL", json::array({{{"results", json::array({head, none})}}})})});
    const int node = Peers::get().mysql(scenario);
    refuses("FabricProtocol=mysql;FabricSSLVerify=0;FabricHost=127.0.0.1;FabricPort=" +
                std::to_string(node) + ";Group=g",
            "in dump.servers, which is no host");
}

// Servers that are asked themselves name others: their sources and who replicates from them.
TEST_P(Hosts, OfServersThatAreAskedAreNotAsked) {
    const std::string port = std::to_string(there_);
    const json own = json::array({json::array({"server_id", "read_only", "hostname", "port"}),
                                  json::array({"1", "0", "h", "3306"})});
    const json source = json::array({json::array({"Source_Host", "Source_Port", "Source_Server_Id",
                                                  "Replica_IO_Running", "Replica_SQL_Running"}),
                                     json::array({host(), port, "9", "Yes", "Yes"})});
    const json dumps = json::array({json::array({"dump_host"}), json::array({host() + ":1"})});
    const json replicas =
        json::array({json::array({"Server_id", "Host", "Port"}), json::array({"2", host(), port}),
                     json::array({"3", "", port})});
    json scenario;
    scenario["answers"] = json::array(
        {json::array({"@@global.server_id",
                      json::array({{{"results", json::array({own, source, dumps, replicas})}}})})});
    const int server = Peers::get().mysql(scenario);
    Link link;
    link.try_open(driver_key() +
                  "FabricProtocol=replication;FabricHost=127.0.0.1:" + std::to_string(server) +
                  ";UID=u;PWD=p;SSLMode=DISABLED;Attempts=1;FabricConnectionAttempts=1;"
                  "ConnectTimeout=2;FabricConnectionTimeout=2;");
    bool asked = false;
    for (const json& seen : Peers::get().told(server, 0.1))
        for (const json& command : seen.at("commands"))
            asked |= command.at(1).get<std::string>().find("server_id") != std::string::npos;
    EXPECT_TRUE(asked) << link.text();
    went_nowhere();
}

TEST_P(Hosts, OfALoginAreRefused) {
    refuses("Server={" + host() + "};Port=" + std::to_string(there_), "key Server");
}

INSTANTIATE_TEST_SUITE_P(Spelled, Hosts,
                         testing::Values("127.0.0.1;plugin-dir=FOLDER;default-auth=evil",
                                         "127.0.0.1;local-infile=1",
                                         "127.0.0.1;ssl-verify-server-cert=0;ssl-enforce=0",
                                         "host=127.0.0.1", "127.0.0.1;init-command=SELECT 1",
                                         "127.0.0.1,127.0.0.1", "tcp://127.0.0.1", "127.0.0.1 ",
                                         "127.0.0.1\n", "'127.0.0.1'"),
                         [](const auto& tested) { return std::to_string(tested.index); });

}  // namespace
}  // namespace myfabric::test
