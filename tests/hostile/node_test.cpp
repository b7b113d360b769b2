// What a Fabric node, or whoever answers in its place, gets to know by certificate and protocol.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/peers.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using nlohmann::json;

constexpr const char* password = "Pa55-word-of-the-node";

const char* const nodes[] = {"",           "self-signed", "other-ca-leaf", "expired",
                             "wrong-name", "names-only",  "right"};

struct Keys {
    const char* name;
    const char* keys;
    // Whether a node is asked that has: no TLS, a certificate of its own, of another authority, one
    // that has expired, one for another name, one for names only, the right one.
    const char* asks;
};

const Keys rows[] = {
    {"WithCA", "", "nnnnnny"},
    {"WithCAAndAnyName", "FabricSSLVerify=0;", "nnnnyyy"},
};

class NodeTls : public testing::TestWithParam<Keys> {
protected:
    static json scenario(const char* certificate) {
        json scenario = {{"folder", certificates()}, {"password", password}};
        if (*certificate) scenario["certificate"] = certificate;
        return scenario;
    }
    /// Tries to connect by that node, which knows no farm; the text of the failure.
    static std::string ask(const char* protocol, int port) {
        Link link;
        link.try_open(driver_key() + "FabricProtocol=" + protocol + ";" + GetParam().keys +
                      "FabricSSLCA=" + certificates() + "/ca.pem;FabricHost=127.0.0.1;FabricPort=" +
                      std::to_string(port) + ";FabricUser=u;FabricPassword=" + password +
                      ";Group=g;FabricConnectionAttempts=1;FabricConnectionTimeout=3;Attempts=1;");
        EXPECT_THAT(link.text(), testing::Not(testing::HasSubstr(password)));
        EXPECT_NE("", link.state());
        return link.text();
    }
};

TEST_P(NodeTls, NothingIsSentToWhomTheAuthorityDoesNotKnow) {
    for (std::size_t i = 0; i < std::size(nodes); ++i) {
        const int port = Peers::get().node(scenario(nodes[i]));
        const std::string text = ask("xmlrpc", port);
        const json requests = Peers::get().told(port, 0.2);
        EXPECT_EQ(GetParam().asks[i] == 'y', !requests.empty()) << nodes[i] << "\n" << text;
        EXPECT_EQ(std::string::npos, requests.dump().find(password));
    }
}

TEST_P(NodeTls, TheSameByTheMysqlProtocol) {
    for (std::size_t i = 0; i < std::size(nodes); ++i) {
        const int port = Peers::get().mysql(scenario(nodes[i]));
        const std::string text = ask("mysql", port);
        bool logged_in = false;
        for (const json& link : Peers::get().told(port)) {
            logged_in |= link.at("login") == true;
            EXPECT_EQ("none", link.at("password")) << nodes[i];
        }
        EXPECT_EQ(GetParam().asks[i] == 'y', logged_in) << nodes[i] << "\n" << text;
    }
}

/// What whoever answers gets to know of the password, and whether a login came at all.
std::pair<std::string, bool> known_to(json scenario, const std::string& keys) {
    scenario["folder"] = certificates();
    scenario["password"] = password;
    const int port = Peers::get().mysql(scenario);
    Link link;
    link.try_open(driver_key() + keys + "FabricHost=127.0.0.1:" + std::to_string(port) +
                  ";FabricConnectionAttempts=1;FabricConnectionTimeout=3;Attempts=1;"
                  "ConnectTimeout=3;");
    EXPECT_THAT(link.text(), testing::Not(testing::HasSubstr(password)));
    std::pair<std::string, bool> known{"none", false};
    for (const json& seen : Peers::get().told(port)) {
        known.second |= seen.at("login") == true;
        if (seen.at("password") != "none") known.first = seen.at("password");
    }
    return known;
}

// A node and servers that are asked get no more than a server of the data source.
TEST(PluginsOfAFarm, RevealNothingOnAPlainLink) {
    const std::string node = std::string("FabricProtocol=mysql;FabricSSLVerify=0;Group=g;") +
                             "FabricUser=u;FabricPassword=" + password + ";";
    const std::string login = std::string("UID=u;PWD=") + password + ";";
    const std::string farms[] = {node,
                                 node + "Enable_Cleartext_Plugin=1;",
                                 login + "FabricProtocol=replication;",
                                 login + "FabricProtocol=galera;",
                                 login + "FabricProtocol=group_replication;",
                                 login + "FabricProtocol=replication;Enable_Cleartext_Plugin=1;"};
    for (const std::string& farm : farms)
        for (const char* plugin : {"mysql_clear_password", "dialog", "sha256_password",
                                   "caching_sha2_password", "../../evil"})
            EXPECT_EQ("none", known_to({{"switch", {plugin}}}, farm).first) << farm << plugin;
}

TEST(TlsOfAskedServers, IsWhatTheKeysSay) {
    const std::string login = std::string("UID=u;PWD=") + password + ";";
    const std::string ca = "SSLCA=" + certificates() + "/ca.pem;";
    const std::pair<std::string, bool> samples[] = {{"", true},
                                                    {"SSLMode=REQUIRED;", false},
                                                    {"ForceTLS=1;", false},
                                                    {"SSL_MODE=VERIFY_CA;" + ca, false},
                                                    {ca, false}};
    for (const char* protocol : {"replication", "galera", "group_replication"})
        for (const auto& [keys, logs_in] : samples)
            EXPECT_EQ(logs_in, known_to(json::object(), std::string("FabricProtocol=") + protocol +
                                                            ";" + login + keys)
                                   .second)
                << protocol << keys;
    EXPECT_FALSE(
        known_to({{"certificate", "other-ca-leaf"}}, "FabricProtocol=replication;" + login + ca)
            .second);
    EXPECT_TRUE(
        known_to({{"certificate", "right"}}, "FabricProtocol=replication;" + login + ca).second);
}

INSTANTIATE_TEST_SUITE_P(Keys, NodeTls, testing::ValuesIn(rows),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace myfabric::test
