#include "sources/make_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace myfabric::sources {
namespace {

using topology::FarmOptions;
using topology::Protocol;

TEST(Sources, AreMadeByProtocolAndNamedWithoutThePassword) {
    FarmOptions options;
    options.hosts = "a,b:5";
    options.user = "u";
    options.password = "secret";
    EXPECT_EQ(make_source(options)->name(), "http://a:32274, http://b:5");
    options.port = 99;
    options.ssl_ca = "/ca.pem";
    EXPECT_EQ(make_source(options)->name(), "https://a:99, https://b:5");
    options.protocol = Protocol::file;
    options.hosts = " /etc/farm.json ";
    EXPECT_EQ(make_source(options)->name(), "/etc/farm.json");
    options.protocol = Protocol::mysql;
    options.hosts = "a,b:5";
    EXPECT_EQ(make_source(options)->name(), "mysql://a:99, mysql://b:5");
    options.port = 0;
    EXPECT_EQ(make_source(options)->name(), "mysql://a:32275, mysql://b:5");
    options.protocol = Protocol::replication;
    EXPECT_EQ(make_source(options)->name(), "replication://a:3306,b:5");
    options.protocol = Protocol::galera;
    options.port = 99;
    EXPECT_EQ(make_source(options)->name(), "galera://a:99,b:5");
    options.protocol = Protocol::group_replication;
    EXPECT_EQ(make_source(options)->name(), "group_replication://a:99,b:5");
}

}  // namespace
}  // namespace myfabric::sources
