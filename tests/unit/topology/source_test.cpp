#include "topology/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace myfabric::topology {
namespace {

TEST(Endpoints, AreReadFromAList) {
    const struct {
        const char* hosts;
        std::vector<std::string> expected;
    } samples[] = {
        {"node1", {"node1:32274"}},
        {" node1 , node2:99 ", {"node1:32274", "node2:99"}},
        {"10.0.0.1:65535,", {"10.0.0.1:65535"}},
        {"[::1]:5", {"[::1]:5"}},
        {"[fe80::1]", {"[fe80::1]:32274"}},
        {"fe80::1", {"[fe80::1]:32274"}},
    };
    for (const auto& [hosts, expected] : samples) {
        std::vector<std::string> texts;
        for (const Endpoint& endpoint : parse_endpoints(hosts, 32274))
            texts.push_back(endpoint.text());
        EXPECT_EQ(texts, expected) << hosts;
    }
}

TEST(Endpoints, WhatIsNoneIsNamed) {
    const struct {
        const char* hosts;
        const char* expected;
    } samples[] = {
        {"", "FabricHost is empty"},
        {" , ", "FabricHost is empty"},
        {"node:0", "'node:0'"},
        {"node:65536", "'node:65536'"},
        {"node:", "'node:'"},
        {"node:12x", "'node:12x'"},
        {":32274", "':32274'"},
        {"[::1", "a ']' is missing"},
        {"http://node", "'http://node'"},
        {"secret@node", "'node', which is no host (no host has the character '@')"},
        {"127.0.0.1;plugin-dir=/tmp/x", "'127.0.0.1;plugin-dir=/tmp/x'"},
        {"no\nde", "'no\\x0Ade'"},
        {"a b", "'a b'"},
        {"[]:5", "'[]:5'"},
    };
    for (const auto& [hosts, expected] : samples) {
        try {
            parse_endpoints(hosts, 32274);
            ADD_FAILURE() << hosts;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "08001");
            EXPECT_THAT(error.message(), testing::HasSubstr(expected));
        }
    }
}

TEST(Protocols, AreKnownByName) {
    EXPECT_EQ(parse_protocol(""), Protocol::xmlrpc);
    EXPECT_EQ(parse_protocol("XmlRpc"), Protocol::xmlrpc);
    EXPECT_EQ(parse_protocol("FILE"), Protocol::file);
    EXPECT_EQ(parse_protocol("mysql"), Protocol::mysql);
    EXPECT_THROW(parse_protocol("soap"), Error);
}

}  // namespace
}  // namespace myfabric::topology
