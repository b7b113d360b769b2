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

INSTANTIATE_TEST_SUITE_P(Keys, NodeTls, testing::ValuesIn(rows),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace myfabric::test
