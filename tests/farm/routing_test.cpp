// Which server a connection reaches: group, tables and key, mode; switching while connected.
#include <gtest/gtest.h>
#include <myfabric/attributes.h>

#include <set>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

/// One farm with a node for all tests of this file; nothing here changes it.
Farm& farm() {
    static Farm shared;
    return shared;
}

const char* const here = "SELECT group_id FROM whereami";

struct Routed {
    const char* name;
    const char* target;
    const char* group;
};

class Routes : public testing::TestWithParam<Routed> {};

TEST_P(Routes, LeadToTheGroup) {
    for (const bool by_file : {false, true}) {
        Link link;
        ASSERT_NO_FATAL_FAILURE(link.open(farm().string(GetParam().target, by_file)));
        EXPECT_EQ(GetParam().group, link.value(here));
        EXPECT_EQ(GetParam().group, link.attribute(SQL_ATTR_FABRIC_SERVER_GROUP));
    }
}

INSTANTIATE_TEST_SUITE_P(
    , Routes,
    testing::Values(
        Routed{"Group", "Group=shard1;", "shard1"},
        Routed{"GlobalGroup", "Group=global;", "global"},
        Routed{"RangeLowestKey", "Tables=shop.orders;ShardKey=1;", "shard1"},
        Routed{"RangeBelowTheBound", "Tables=shop.orders;ShardKey=1000;", "shard1"},
        Routed{"RangeAtTheBound", "Tables=shop.orders;ShardKey=1001;", "shard2"},
        Routed{"CurrentDatabaseCompletesTheTable", "Tables=orders;ShardKey=1001;", "shard2"},
        Routed{"TableInOtherCase", "Tables=SHOP.Orders;ShardKey=5;", "shard1"},
        Routed{"Datetime", "Tables=shop.events;ShardKey=2015-01-01;", "shard2"},
        Routed{"DatetimeRounded", "Tables=shop.events;ShardKey=2014-12-31 23:59:59.999999;",
               "shard2"},
        Routed{"String", "Tables=shop.users;ShardKey=nina;", "shard2"},
        Routed{"StringPadded", "Tables=shop.users;ShardKey=m;", "shard1"},
        Routed{"TablesWithoutKeyAreGlobal", "Tables=shop.orders;", "global"},
        Routed{"GlobalScope", "Tables=shop.orders;ShardKey=1;Scope=GLOBAL;", "global"},
        Routed{"TwoTablesOnOneShard", "Tables=shop.orders,shop.orders;ShardKey=7;", "shard1"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Sharding, EveryRowIsFoundWhereItsKeyLeads) {
    const std::pair<const char*, const char*> tables[] = {{"orders", "customer_id"},
                                                          {"sessions", "session_key"},
                                                          {"events", "created_at"},
                                                          {"users", "login"}};
    for (const auto& [table, column] : tables) {
        for (const char* group : {"shard1", "shard2"}) {
            Link reader;
            ASSERT_NO_FATAL_FAILURE(
                reader.open(farm().string(std::string("Group=") + group + ";")));
            const auto keys =
                reader.rows(std::string("SELECT DISTINCT ") + column + " FROM " + table);
            ASSERT_FALSE(keys.empty()) << table << " on " << group;
            Link link;
            ASSERT_NO_FATAL_FAILURE(link.open(farm().string("Group=global;")));
            for (const std::string& key : keys) {
                ASSERT_OK(link,
                          link.set_attribute(SQL_ATTR_FABRIC_TABLES, std::string("shop.") + table));
                ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, key));
                EXPECT_EQ(group, link.value(here)) << table << " " << key;
            }
        }
    }
}

TEST(Mode, ReadOnlyTakesASecondaryAndReadWriteThePrimary) {
    Link reader;
    reader.open(farm().string("Group=shard1;Mode=READONLY;"));
    EXPECT_EQ("1", reader.value("SELECT @@read_only"));
    EXPECT_EQ(farm().address("shard1", "SECONDARY"), reader.attribute(SQL_ATTR_FABRIC_SERVER));
    ASSERT_OK(reader,
              reader.set_attribute(SQL_ATTR_FABRIC_MODE, SQLULEN{SQL_FABRIC_MODE_READWRITE}));
    EXPECT_EQ("0", reader.value("SELECT @@read_only"));
    EXPECT_EQ(farm().address("shard1", "PRIMARY"), reader.attribute(SQL_ATTR_FABRIC_SERVER));
}

TEST(Switching, ByAttributeTakesEffectAtTheNextStatementAndKeepsTheSession) {
    Link link;
    link.open(farm().string("Tables=shop.orders;ShardKey=1;"));
    link.run("SET SESSION sql_mode='ANSI_QUOTES'");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "1001"));
    EXPECT_EQ("shard1", link.attribute(SQL_ATTR_FABRIC_SERVER_GROUP));
    EXPECT_EQ("shard2", link.value(here));
    EXPECT_EQ("ANSI_QUOTES", link.value("SELECT @@sql_mode"));
    EXPECT_EQ("shop", link.value("SELECT DATABASE()"));
}

TEST(Switching, BackToAShardTakesUpTheSameSession) {
    Link link;
    link.open(farm().string("Tables=shop.orders;ShardKey=1;"));
    const auto first = link.value("SELECT CONNECTION_ID()");
    link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "1001");
    link.value("SELECT 1");
    link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "2");
    EXPECT_EQ(first, link.value("SELECT CONNECTION_ID()"));
}

TEST(Switching, BySqlText) {
    Link link;
    link.open(farm().string("Group=global;"));
    link.run("CALL fabric.use_shard('shop.orders', 1001)");
    EXPECT_EQ("shard2", link.value(here));
    link.run("call `fabric`.use_shard('shop.orders', '1', 'readonly');");
    EXPECT_EQ("shard1", link.value(here));
    EXPECT_EQ("1", link.value("SELECT @@read_only"));
    link.run("{call fabric.use_group('shard2', 'readwrite')}");
    EXPECT_EQ("shard2", link.value(here));
    link.run("CALL fabric.set_property('group', 'global')");
    EXPECT_EQ("global", link.value(here));
}

TEST(Switching, BySqlTextWithParameters) {
    Link link;
    link.open(farm().string("Group=global;"));
    Query query(link);
    ASSERT_OK(query, query.prepare("CALL fabric.use_shard(?, ?)"));
    SQLCHAR tables[] = "shop.orders";
    SQLINTEGER key = 1;
    SQLLEN length = SQL_NTS;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
                                      tables, sizeof tables, &length));
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      &key, 0, nullptr));
    for (const auto& [value, group] : {std::pair{1, "shard1"}, {1001, "shard2"}, {2, "shard1"}}) {
        key = value;
        ASSERT_OK(query, query.execute());
        EXPECT_EQ(group, link.value(here));
    }
}

TEST(Switching, ServerCallTellsWhereTheConnectionIs) {
    Link link;
    link.open(farm().string("Tables=shop.orders;ShardKey=1001;"));
    const auto rows = link.rows("CALL fabric.server()");
    ASSERT_EQ(1u, rows.size());
    const std::string address = farm().address("shard2", "PRIMARY");
    EXPECT_EQ(address, link.attribute(SQL_ATTR_FABRIC_SERVER));
    EXPECT_NE(std::string::npos,
              rows[0].find("|127.0.0.1|" + address.substr(address.find(':') + 1) +
                           "|shard2|2|READWRITE|PRIMARY|1|"))
        << rows[0];
    EXPECT_EQ(rows[0].substr(0, 36), link.attribute(SQL_ATTR_FABRIC_SERVER_UUID));
}

TEST(Switching, InsideATransactionIsRefusedAndChangesNothing) {
    Link link;
    link.open(farm().string("Tables=shop.orders;ShardKey=1;"));
    link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF});
    link.value("SELECT COUNT(*) FROM orders");
    EXPECT_STATE(link, "HY011", link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "1001"));
    EXPECT_EQ("1", link.attribute(SQL_ATTR_FABRIC_SHARD_KEY));
    Query query(link);
    EXPECT_STATE(query, "25000", query.run("CALL fabric.use_shard('shop.orders', 1001)"));
    EXPECT_EQ("shard1", link.value(here));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "1001"));
    EXPECT_EQ("shard2", link.value(here));
}

TEST(Switching, PreparedStatementFollowsTheKey) {
    Link link;
    link.open(farm().string("Tables=shop.orders;ShardKey=1;"));
    Query query(link);
    ASSERT_OK(query, query.prepare(here));
    ASSERT_OK(query, query.execute());
    EXPECT_EQ(std::vector<std::string>{"shard1"}, query.rows());
    query.close();
    link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "1001");
    ASSERT_OK(query, query.execute());
    EXPECT_EQ(std::vector<std::string>{"shard2"}, query.rows());
}

TEST(Attributes, CanBeSetBeforeConnecting) {
    Link link;
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_TABLES, "shop.orders"));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_SHARD_KEY, "1001"));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_MODE, SQLULEN{SQL_FABRIC_MODE_READONLY}));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_ATTEMPTS, SQLULEN{5}));
    link.open(farm().string(""));
    EXPECT_EQ("shard2", link.value(here));
    EXPECT_EQ("1", link.value("SELECT @@read_only"));
    SQLUINTEGER attempts = 0;
    ASSERT_OK(link,
              SQLGetConnectAttr(link.handle(), SQL_ATTR_FABRIC_ATTEMPTS, &attempts, 0, nullptr));
    EXPECT_EQ(5u, attempts);
}

TEST(Attributes, WideTextsAreUnderstood) {
    Link link;
    link.open(farm().string("Tables=shop.orders;ShardKey=1;"));
    std::vector<SQLWCHAR> key = wide("1001");
    ASSERT_OK(link,
              SQLSetConnectAttrW(link.handle(), SQL_ATTR_FABRIC_SHARD_KEY, key.data(), SQL_NTS));
    EXPECT_EQ("shard2", link.value(here));
    SQLWCHAR group[20] = {};
    SQLINTEGER length = 0;
    ASSERT_OK(link, SQLGetConnectAttrW(link.handle(), SQL_ATTR_FABRIC_SERVER_GROUP, group,
                                       sizeof group, &length));
    EXPECT_EQ(12, length);
    EXPECT_EQ('s', group[0]);
    EXPECT_EQ('2', group[5]);
}

TEST(Attributes, ByTheDriverManagersOwnKey) {
    Link link;
    link.open(farm().string("Tables=shop.orders;DMConnAttr=[20002]={1001};"));
    EXPECT_EQ("shard2", link.value(here));
}

TEST(Attributes, ReadOnlyOnesCannotBeSet) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    EXPECT_STATE(link, "HY092", link.set_attribute(SQL_ATTR_FABRIC_SERVER, "127.0.0.1:1"));
}

TEST(Secondaries, AreSpreadByWeight) {
    std::set<std::string> seen;
    Farm wide_farm("--secondaries 2");
    for (int i = 0; i < 40; ++i) {
        Link link;
        ASSERT_NO_FATAL_FAILURE(link.open(wide_farm.string("Group=shard1;Mode=READONLY;")));
        seen.insert(link.attribute(SQL_ATTR_FABRIC_SERVER));
    }
    EXPECT_EQ(2u, seen.size());
}

}  // namespace
}  // namespace myfabric::test
