// Switching and administration by SQL text, hints and attributes: what a program can do that knows
// nothing of farms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <myfabric/attributes.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <map>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

Farm& farm() {
    static Farm shared("--secondaries 2");
    return shared;
}

const std::string here = "SELECT group_id FROM whereami";
const char* const admin = "FabricAdmin=1;FabricUser=admin;FabricPassword=adminpw;";

/// Another connection string for the farm's own user on one server.
std::string at_server(const std::string& address) {
    const std::size_t colon = address.find(':');
    return driver_key() + "Server=" + address.substr(0, colon) +
           ";Port=" + address.substr(colon + 1) + ";User=fabric;Password=fabric";
}

// ---- hints -----------------------------------------------------------------------------------

struct Hinted {
    const char* hint;
    const char* group;
    const char* read_only;
};

TEST(Hints, HoldForOneStatement) {
    const Hinted samples[] = {
        {"/*fabric: group=shard2*/ ", "shard2", "0"},
        {"/* fabric: tables=shop.orders key=1001 */", "shard2", "0"},
        {"/*fabric: tables=shop.orders key=1 mode=readonly*/", "shard1", "1"},
        {"/*fabric: tables=shop.orders scope=global*/", "global", "0"},
        {"/*ms=slave*/", "shard1", "1"},
        {"/*ms=master*/", "shard1", "0"},
        {"/* an ORM's */ /*fabric: group=shard2*//*ms=slave*/", "shard2", "1"},
        {"/* group=shard2 */", "shard1", "0"},
    };
    for (const bool by_file : {false, true})
        for (const bool prepared : {false, true}) {
            Link link;
            link.open(farm().string("Group=shard1;", by_file));
            const auto session = link.value("SELECT CONNECTION_ID()");
            for (const Hinted& sample : samples) {
                Query query(link);
                const std::string sql =
                    sample.hint + std::string("SELECT group_id, @@read_only FROM whereami");
                if (prepared) {
                    ASSERT_OK(query, query.prepare(sql));
                    ASSERT_OK(query, query.execute());
                } else {
                    ASSERT_OK(query, query.run(sql));
                }
                EXPECT_THAT(query.rows(),
                            ElementsAre(std::string(sample.group) + "|" + sample.read_only))
                    << sql;
                EXPECT_EQ(session, link.value("SELECT CONNECTION_ID()")) << sql;
            }
        }
}

TEST(Hints, WithParametersInArraysAndParts) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    Query query(link);
    ASSERT_OK(query,
              query.prepare("/*fabric: group=shard2*/ INSERT INTO journal VALUES (?, 1, 'h')"));
    SQLINTEGER ids[] = {500001, 500002, 500003};
    ASSERT_OK(query, SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, SQLPOINTER(3), 0));
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      ids, 0, nullptr));
    ASSERT_OK(query, query.execute());
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM journal WHERE id > 500000"));
    EXPECT_EQ(
        "3", link.value("/*fabric: group=shard2*/ SELECT COUNT(*) FROM journal WHERE id > 500000"));
    link.run("/*fabric: group=shard2*/ DELETE FROM journal WHERE id > 500000");
}

TEST(Hints, ResultsGoOnStreamingWhenTheNextStatementIsElsewhere) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    Query first(link);
    ASSERT_OK(first,
              first.run("/*fabric: group=shard2*/ SELECT seq, (SELECT group_id FROM whereami) "
                        "FROM seq_1_to_20000"));
    ASSERT_OK(first, first.fetch());
    EXPECT_EQ("shard1", link.value(here));
    EXPECT_EQ("shard2", link.value("/*fabric: group=shard2*/" + here));
    EXPECT_EQ("shard2", first.get(2));
    EXPECT_THAT(first.rows(), SizeIs(19999));
}

TEST(Hints, MistakesAreNamedAndRunNothing) {
    const std::pair<const char*, std::pair<const char*, const char*>> samples[] = {
        {"/*fabric: colour=red*/", {"42000", "colour"}},
        {"/*fabric: group=nowhere*/", {"08004", "nowhere"}},
        {"/*fabric: group=shard1 tables=shop.orders*/", {"42000", "exclude"}},
        {"/*fabric: tables=shop.orders key=abc*/", {"08004", "abc"}},
        {"/*fabric: mode=often*/", {"42000", "often"}},
        {"/*ms=other*/", {"42000", "other"}},
    };
    Link link;
    link.open(farm().string("Group=shard1;"));
    for (const auto& [hint, expected] : samples) {
        Query query(link);
        EXPECT_STATE(query, expected.first,
                     query.run(std::string(hint) + "INSERT INTO journal VALUES (510000, 0, 'x')"));
        EXPECT_THAT(query.text(), HasSubstr(expected.second));
    }
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM journal WHERE id = 510000"));
    EXPECT_EQ("shard1", link.value(here));
}

TEST(Hints, CannotLeaveATransaction) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    link.run("START TRANSACTION");
    link.run("INSERT INTO journal VALUES (520000, 0, 'x')");
    Query query(link);
    EXPECT_STATE(query, "25000", query.run("/*fabric: group=shard2*/" + here));
    EXPECT_STATE(query, "25000", query.run("/*ms=slave*/" + here));
    EXPECT_EQ("shard1", link.value("/*fabric: group=shard1*/" + here)) << "the same server";
    EXPECT_EQ("shard1", link.value("/*ms=last_used*/" + here));
    EXPECT_EQ("1", link.value("SELECT COUNT(*) FROM journal WHERE id = 520000"));
    link.run("ROLLBACK");
    EXPECT_EQ("shard2", link.value("/*fabric: group=shard2*/" + here));
}

TEST(Hints, WithoutAutocommitReadElsewhereAndWriteAtHome) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF});
    EXPECT_EQ("shard2", link.value("/*fabric: group=shard2*/" + here));
    Query query(link);
    EXPECT_STATE(query, "25000",
                 query.run("/*fabric: group=shard2*/ INSERT INTO journal VALUES (530000, 0, 'x')"));
    EXPECT_THAT(query.text(), HasSubstr("autocommit"));
    link.run("INSERT INTO journal VALUES (530000, 0, 'x')");
    EXPECT_EQ("0", link.value("SELECT @@autocommit"));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
    EXPECT_EQ("0", link.value("SELECT COUNT(*) FROM journal WHERE id = 530000"));
}

TEST(Hints, TemporaryTablesAreThereAgainAfterwards) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    link.run("CREATE TEMPORARY TABLE mine AS SELECT 42 AS answer");
    EXPECT_EQ("shard2", link.value("/*fabric: group=shard2*/" + here));
    EXPECT_EQ("42", link.value("SELECT answer FROM mine"));
}

TEST(Hints, AreCommentsWithoutAFarm) {
    Link link;
    link.open(server_string());
    EXPECT_EQ("1", link.value("/*fabric: colour=red*/ SELECT 1"));
}

// ---- Mode=AUTO -------------------------------------------------------------------------------

TEST(AutoMode, ReadsOnASecondaryAndWritesOnThePrimary) {
    for (const bool by_file : {false, true}) {
        Link link;
        link.open(farm().string("Group=shard1;Mode=AUTO;", by_file));
        const auto read_only = [&] { return link.value("SELECT @@read_only"); };
        EXPECT_EQ("1", read_only());
        const std::string secondary = link.attribute(SQL_ATTR_FABRIC_SERVER);
        link.run("DELETE FROM journal WHERE id = 540000");
        EXPECT_EQ(farm().address("shard1", "PRIMARY"), link.attribute(SQL_ATTR_FABRIC_SERVER));
        for (int i = 0; i < 20; ++i) {
            const std::string id = std::to_string(540001 + i);
            link.run("INSERT INTO journal VALUES (" + id + ", 0, 'auto')");
            EXPECT_EQ("auto|1",
                      link.rows("SELECT body, @@read_only FROM journal WHERE id = " + id).at(0));
        }
        link.run("DELETE FROM journal WHERE id > 540000");
        EXPECT_EQ("1", read_only());
        EXPECT_EQ(secondary, link.attribute(SQL_ATTR_FABRIC_SERVER)) << "stays on one secondary";
        EXPECT_EQ("0", link.value("SELECT @@read_only FROM journal RIGHT JOIN (SELECT 1) AS one ON "
                                  "id = 0 FOR UPDATE"));
    }
}

TEST(AutoMode, TransactionsAndSessionStateStayOnThePrimary) {
    Link link;
    link.open(farm().string("Group=shard1;Mode=AUTO;"));
    const std::string read = "SELECT @@read_only";
    link.run("BEGIN");
    EXPECT_EQ("0", link.value(read));
    link.run("COMMIT");
    EXPECT_EQ("1", link.value(read));
    link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF});
    EXPECT_EQ("0", link.value(read));
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_ON});
    EXPECT_EQ("1", link.value(read));
    link.run("SET SESSION sql_mode = 'ANSI_QUOTES'");
    EXPECT_EQ("1|ANSI_QUOTES", link.rows("SELECT @@read_only, @@sql_mode").at(0));
    link.run("CREATE TEMPORARY TABLE mine AS SELECT 42 AS answer");
    EXPECT_EQ("0|42", link.rows("SELECT @@read_only, answer FROM mine").at(0));
}

TEST(AutoMode, PreparedStatementsFollow) {
    Link link;
    link.open(farm().string("Group=shard1;Mode=AUTO;"));
    Query write(link), read(link);
    ASSERT_OK(write, write.prepare("INSERT INTO journal VALUES (?, 0, 'p')"));
    ASSERT_OK(read, read.prepare("SELECT body, @@read_only FROM journal WHERE id = ?"));
    SQLINTEGER id = 0;
    for (Query* query : {&write, &read})
        ASSERT_OK(*query, SQLBindParameter(*query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0,
                                           0, &id, 0, nullptr));
    for (id = 550000; id < 550010; ++id) {
        ASSERT_OK(write, write.execute());
        ASSERT_OK(read, read.execute());
        EXPECT_THAT(read.rows(), ElementsAre("p|1")) << read.text();
        read.close();
    }
    link.run("DELETE FROM journal WHERE id >= 550000");
}

TEST(AutoMode, OwnWritesAreReadOnThePrimaryWhenNoSecondaryHasThem) {
    Farm still("--secondaries 1 --no-activate");
    Link replica, link;
    replica.open(at_server(still.address("shard1", "SECONDARY")));
    link.open(still.string("Group=shard1;Mode=AUTO;ReadYourWritesTimeout=1;"));
    EXPECT_EQ("1", link.value("SELECT @@read_only"));
    replica.run("STOP SLAVE SQL_THREAD");
    link.run("INSERT INTO journal VALUES (1, 0, 'x')");
    EXPECT_EQ("1|0", link.rows("SELECT COUNT(*), @@read_only FROM journal WHERE id = 1").at(0));
    link.run("CALL fabric.set_property('ReadYourWritesTimeout', '0')");
    link.run("INSERT INTO journal VALUES (2, 0, 'x')");
    EXPECT_EQ("0|1", link.rows("SELECT COUNT(*), @@read_only FROM journal WHERE id = 2").at(0))
        << "not waited for, as asked";
    replica.run("START SLAVE SQL_THREAD");
}

TEST(MaxLag, LeavesSecondariesThatLagOrStandStill) {
    Farm still("--secondaries 1 --no-activate");
    Link replica, link, told;
    replica.open(at_server(still.address("shard1", "SECONDARY")));
    link.open(still.string("Group=shard1;Mode=READONLY;MaxLag=5;"));
    EXPECT_EQ("1", link.value("SELECT @@read_only"));
    replica.run("STOP SLAVE");
    Link late;
    late.open(still.string("Group=shard1;Mode=READONLY;MaxLag=5;"));
    EXPECT_EQ("0", late.value("SELECT @@read_only"));
    replica.run("START SLAVE");
}

TEST(MaxLag, ThatCannotBeSeenIsTold) {
    Link primary;
    primary.open(at_server(farm().address("shard1", "PRIMARY")));
    primary.run("CREATE USER reader@'%' IDENTIFIED BY 'reads'");
    primary.run("GRANT SELECT ON shop.* TO reader@'%'");
    const std::string keys =
        farm().string("Group=shard1;Mode=READONLY;User=reader;Password=reads;");
    for (int i = 0; i < 100; ++i) {  // the user arrives there a moment later
        Link replicated;
        if (SQL_SUCCEEDED(replicated.try_open(keys))) break;
        usleep(50'000);
    }
    Link link;
    ASSERT_EQ(SQL_SUCCESS_WITH_INFO, link.try_open("MaxLag=5;" + keys)) << link.text();
    EXPECT_THAT(link.text(), HasSubstr("SLAVE MONITOR"));
    EXPECT_EQ("0", link.value("SELECT @@read_only"));
}

// ---- calls -----------------------------------------------------------------------------------

TEST(FabricCalls, PropertiesAreTheFarmsKeys) {
    Link link;
    link.open(farm().string("Group=shard1;MaxLag=7;"));
    const auto properties = [&] {
        std::map<std::string, std::string> found;
        for (const std::string& row : link.rows("CALL fabric.properties()"))
            found[row.substr(0, row.find('|'))] = row.substr(row.find('|') + 1);
        return found;
    };
    EXPECT_EQ("shard1", properties()["Group"]);
    EXPECT_EQ("7", properties()["MaxLag"]);
    EXPECT_EQ("NULL", properties()["FabricPassword"]);
    const std::pair<const char*, const char*> changes[] = {
        {"Group", "shard2"},    {"mode", "READONLY"},   {"Attempts", "9"},
        {"AttemptDelay", "0"},  {"MaxLag", "0"},        {"readyourwritestimeout", "3"},
        {"ParkedServers", "2"}, {"ParkedTimeout", "5"}, {"ReportErrors", "no"},
    };
    for (const auto& [name, value] : changes) {
        link.run("CALL fabric.set_property('" + std::string(name) + "', '" + value + "')");
        bool found = false;
        for (const auto& [key, now] : properties())
            found |= strcasecmp(key.c_str(), name) == 0 && now == value;
        EXPECT_TRUE(found) << name;
    }
    EXPECT_EQ("shard2", link.value(here));
    Query query(link);
    EXPECT_STATE(query, "HY024", query.run("CALL fabric.set_property('colour', 'red')"));
    EXPECT_STATE(query, "HY024", query.run("CALL fabric.set_property('Attempts', 'many')"));
    EXPECT_STATE(query, "HY011", query.run("CALL fabric.set_property('FabricHost', 'x')"));
    EXPECT_STATE(query, "HY011", query.run("CALL fabric.set_property('FabricAdmin', '1')"));
}

TEST(FabricCalls, LookUpServersAndShards) {
    for (const std::string source : {"xmlrpc", "mysql", "file"}) {
        Link link;
        std::string keys = "Group=shard1;";
        if (source == "mysql")
            keys += "FabricProtocol=mysql;FabricPort=" +
                    std::to_string(farm().description()["fabric"]["mysql_port"].get<int>()) + ";";
        link.open(farm().string(keys, source == "file"));
        EXPECT_THAT(link.rows("CALL fabric.get_group_servers('shard1')"), SizeIs(3));
        EXPECT_THAT(link.rows("CALL fabric.get_group_server('shard1')"),
                    ElementsAre(HasSubstr("|PRIMARY|READ_WRITE")));
        EXPECT_THAT(link.rows("CALL fabric.get_group_server('shard1', 'readonly')"),
                    ElementsAre(HasSubstr("|SECONDARY|")));
        EXPECT_THAT(link.rows("CALL fabric.lookup_servers('shop.orders', 1001)"), SizeIs(3));
        EXPECT_THAT(link.rows("CALL fabric.lookup_servers('shop.orders', 1001, NULL, 'readwrite')"),
                    ElementsAre(HasSubstr("|shard2|")));
        EXPECT_THAT(link.rows("CALL fabric.lookup_servers(NULL, NULL, 'shard2', 'READONLY')"),
                    SizeIs(3));
        const auto shards = link.rows("CALL fabric.get_sharding_information('shop.orders')");
        EXPECT_THAT(shards, ElementsAre(StartsWith("shop|orders|customer_id|RANGE|"),
                                        HasSubstr("|shard2|global|ENABLED")));
        EXPECT_THAT(link.rows("CALL fabric.get_sharding_information('shop.orders', 'GLOBAL')"),
                    ElementsAre(HasSubstr("|NULL|NULL|global|global|")));
        EXPECT_THAT(link.rows("CALL fabric.execute('dump.servers', 0, 'shard1')"), SizeIs(3));
    }
}

TEST(FabricCalls, HaveTypes) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    Query query(link);
    ASSERT_OK(query, query.prepare("{call fabric.execute(?, ?, ?)}"));
    SQLCHAR command[] = "dump.servers", pattern[] = "";
    SQLINTEGER version = 0;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
                                      command, sizeof command, nullptr));
    ASSERT_OK(query, SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0,
                                      &version, 0, nullptr));
    ASSERT_OK(query, SQLBindParameter(query, 3, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0,
                                      pattern, sizeof pattern, nullptr));
    ASSERT_OK(query, query.execute());
    SQLCHAR name[40];
    SQLSMALLINT type = 0;
    ASSERT_OK(query, SQLDescribeCol(query, 1, name, sizeof name, nullptr, &type, nullptr, nullptr,
                                    nullptr));
    EXPECT_STREQ("server_uuid", reinterpret_cast<char*>(name));
    EXPECT_EQ(SQL_WVARCHAR, type == SQL_VARCHAR ? SQL_WVARCHAR : type);
    ASSERT_OK(query, SQLDescribeCol(query, 4, name, sizeof name, nullptr, &type, nullptr, nullptr,
                                    nullptr));
    EXPECT_STREQ("port", reinterpret_cast<char*>(name));
    EXPECT_TRUE(type == SQL_BIGINT || type == SQL_VARCHAR || type == SQL_WVARCHAR) << type;
    EXPECT_THAT(query.rows(), SizeIs(9));
}

TEST(FabricCalls, MistakesAreNamed) {
    const std::pair<const char*, const char*> samples[] = {
        {"CALL fabric.no_such_thing()", "there is no fabric.no_such_thing"},
        {"CALL fabric.use_group()", "takes 1 to 2 arguments, not 0"},
        {"CALL fabric.use_shard('shop.orders')", "takes 2 to 3 arguments"},
        {"CALL fabric.promote_server('shard1')", "FabricAdmin=1"},
        {"CALL fabric.execute('group.promote', 'shard1')", "FabricAdmin=1"},
        {"SELECT 1; CALL fabric.use_group('shard2')", "a statement of its own"},
        {"CALL fabric.use_group('shard2'); SELECT 1", "a statement of its own"},
    };
    Link link;
    link.open(farm().string("Group=shard1;MULTI_STATEMENTS=1;"));
    for (const auto& [sql, part] : samples) {
        Query query(link);
        EXPECT_STATE(query, "42000", query.run(sql));
        EXPECT_THAT(query.text(), HasSubstr(part));
    }
    EXPECT_EQ("shard1", link.value(here));
}

TEST(FabricCalls, StatusTellsWhatTheDriverKnows) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    link.value("/*ms=slave*/ SELECT 1");
    link.value("SELECT 1");
    Query query(link);
    ASSERT_OK(query, query.run("CALL fabric.status()"));
    const std::vector<std::string> facts = query.rows();
    EXPECT_THAT(facts, Contains(StartsWith("source|http://127.0.0.1:")));
    EXPECT_THAT(facts, Contains("logins|2"));
    EXPECT_THAT(facts, Contains("parked_taken|1"));
    EXPECT_THAT(facts, Contains("server|" + farm().address("shard1", "PRIMARY")));
    ASSERT_OK(query, SQLMoreResults(query));
    const std::vector<std::string> servers = query.rows();
    EXPECT_THAT(servers, SizeIs(9));
    EXPECT_THAT(servers, Contains(testing::EndsWith("|0|1")));
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
}

unsigned long long fact(Link& link, const std::string& name) {
    for (const std::string& row : link.rows("CALL fabric.status()"))
        if (row.starts_with(name + "|")) return std::stoull(row.substr(name.size() + 1));
    throw std::runtime_error("no " + name);
}

/// What a process of its own sees: the test's program knows its farms already.
std::string in_another_process(const std::string& keys, const std::string& name) {
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0) throw std::runtime_error("no pipe");
    const std::string string = farm().string(keys);
    const pid_t child = fork();
    if (child == 0) {
        std::string found;
        try {
            Link link;
            link.open(string);
            found =
                std::to_string(fact(link, name)) + " " + link.value("SELECT 1").value_or("NULL");
        } catch (const std::exception& error) {
            found = error.what();
        }
        static_cast<void>(!write(pipe_ends[1], found.data(), found.size()));
        _exit(0);
    }
    close(pipe_ends[1]);
    std::string told(1000, '\0');
    const ssize_t size = read(pipe_ends[0], told.data(), told.size());
    close(pipe_ends[0]);
    waitpid(child, nullptr, 0);
    return told.substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
}

TEST(FabricCalls, ProcessesOfAUserShareTheFarm) {
    const std::string keys = "Group=shard1;FabricTTL=60;FabricCache=";
    EXPECT_EQ("1 1", in_another_process(keys + "process;", "node_calls"));
    EXPECT_EQ("1 1", in_another_process(keys + "process;", "node_calls"));
    EXPECT_EQ("1 1", in_another_process(keys + "user;", "node_calls"));
    EXPECT_EQ("0 1", in_another_process(keys + "user;", "node_calls"));
    EXPECT_EQ("1 1", in_another_process(keys + "user;", "refreshes"));
}

TEST(FabricCalls, StatusCountsWhatTheFarmAndTheLinkDid) {
    Link link;
    link.open(farm().string("Group=shard1;FabricTTL=600;"));
    const auto refreshes = fact(link, "refreshes"), calls = fact(link, "node_calls");
    EXPECT_GE(refreshes, 1u);
    EXPECT_GE(calls, refreshes);
    const auto hits = fact(link, "cache_hits");
    link.value("SELECT 1");
    EXPECT_GT(fact(link, "cache_hits"), hits);
    link.run("CALL fabric.reset_cache()");
    EXPECT_EQ(refreshes + 1, fact(link, "refreshes"));
    EXPECT_EQ(calls + 1, fact(link, "node_calls"));

    const auto sent = fact(link, "bytes_sent"), received = fact(link, "bytes_received");
    EXPECT_EQ(std::string(10'000, 'x'), link.value("SELECT REPEAT('x', 10000)"));
    EXPECT_GT(fact(link, "bytes_received"), received + 10'000);
    EXPECT_LT(fact(link, "bytes_received"), received + 11'000);
    EXPECT_GT(fact(link, "bytes_sent"), sent + 20);
    EXPECT_LT(fact(link, "bytes_sent"), sent + 1000);
}

TEST(FabricCalls, WithoutAFarmOnlyThreeAreTheDrivers) {
    Link link;
    link.open(server_string());
    EXPECT_THAT(link.rows("CALL fabric.server()"), SizeIs(1));
    EXPECT_THAT(link.rows("CALL fabric.status()"), Contains("logins|1"));
    link.run("CALL fabric.reset_session()");
    Query query(link);
    EXPECT_EQ(SQL_ERROR, query.run("CALL fabric.use_group('g')"));
    EXPECT_THAT(query.text(), HasSubstr("[mysqld")) << "the server's own answer";
}

TEST(FabricCalls, ResetSessionPutsBackTheBeginning) {
    for (const bool by_attribute : {false, true}) {
        Link link;
        link.open(farm().string("Group=shard1;"));
        link.run("SET SESSION sql_mode = 'ANSI_QUOTES'");
        link.run("CREATE TEMPORARY TABLE mine AS SELECT 42 AS answer");
        link.run("SET @a = 1");
        link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF});
        link.run("CALL fabric.set_property('Attempts', '9')");
        link.run("CALL fabric.use_group('shard2')");
        link.set_attribute(SQL_ATTR_CURRENT_CATALOG, "mysql");
        if (by_attribute)
            ASSERT_OK(link, link.set_attribute(SQL_ATTR_RESET_CONNECTION,
                                               SQLULEN{SQL_RESET_CONNECTION_YES}));
        else
            link.run("CALL fabric.reset_session()");
        EXPECT_EQ("shard1", link.value(here));
        EXPECT_EQ("1|NULL|shop", link.rows("SELECT @@autocommit, @a, DATABASE()").at(0));
        EXPECT_NE("ANSI_QUOTES", link.value("SELECT @@sql_mode"));
        EXPECT_THAT(link.rows("CALL fabric.properties()"), Contains("Attempts|3"));
        Query query(link);
        EXPECT_STATE(query, "42S02", query.run("SELECT answer FROM mine"));
    }
}

TEST(FabricCalls, ResetSessionIsRefusedInATransaction) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    link.run("BEGIN");
    Query query(link);
    EXPECT_STATE(query, "25000", query.run("CALL fabric.reset_session()"));
    link.run("ROLLBACK");
}

TEST(FabricCalls, SwitchedTargetsAreNotChangedByTheCursorsOfOthers) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    link.run("REPLACE INTO journal VALUES (77, 1, 'before')");
    Query query(link);
    SQLSetStmtAttr(query, SQL_ATTR_CURSOR_TYPE, reinterpret_cast<SQLPOINTER>(SQL_CURSOR_STATIC), 0);
    SQLSetStmtAttr(query, SQL_ATTR_CONCURRENCY, reinterpret_cast<SQLPOINTER>(SQL_CONCUR_VALUES), 0);
    ASSERT_OK(query, query.run("SELECT id, body FROM journal WHERE id = 77"));
    char body[16] = "";
    SQLLEN length = SQL_NTS;
    ASSERT_OK(query, SQLBindCol(query, 2, SQL_C_CHAR, body, sizeof body, &length));
    ASSERT_OK(query, query.fetch());
    std::strcpy(body, "by cursor");
    length = SQL_NTS;
    ASSERT_OK(query, SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    EXPECT_EQ("by cursor", link.value("SELECT body FROM journal WHERE id = 77"));
    link.run("CALL fabric.use_group('shard2')");
    EXPECT_STATE(query, "24000", SQLSetPos(query, 1, SQL_UPDATE, SQL_LOCK_NO_CHANGE));
    link.run("CALL fabric.use_group('shard1')");
    link.run("DELETE FROM journal WHERE id = 77");
}

// Servers that are configured differently: what the first session had holds on all of them.
TEST(FarmSessions, FirstServersVariablesFollowToOthers) {
    const std::string variables = "SELECT @@sql_mode, @@time_zone, @@tx_isolation, @@autocommit";
    Link first_server, other_server;
    first_server.open(at_server(farm().address("shard1", "PRIMARY")));
    other_server.open(at_server(farm().address("shard2", "PRIMARY")));
    const std::string before =
        other_server.rows("SELECT @@GLOBAL.sql_mode, @@GLOBAL.time_zone, @@GLOBAL.tx_isolation")
            .at(0);
    other_server.run(
        "SET GLOBAL sql_mode='ANSI_QUOTES', GLOBAL time_zone='+05:00', "
        "GLOBAL tx_isolation='SERIALIZABLE', GLOBAL autocommit=0");
    {
        Link link;
        link.open(farm().string("Group=shard1;"));
        const std::vector<std::string> wanted = link.rows(variables);
        link.run("CALL fabric.use_group('shard2')");
        EXPECT_EQ(wanted, link.rows(variables));
        // What the application sets itself follows as before.
        link.run("SET time_zone='-03:00'");
        link.run("CALL fabric.use_group('shard1')");
        EXPECT_EQ("-03:00", link.value("SELECT @@time_zone"));
        link.run("CALL fabric.use_group('shard2')");
        EXPECT_EQ("-03:00", link.value("SELECT @@time_zone"));
        // A connection that begins there has that server's.
        Link there;
        there.open(farm().string("Group=shard2;"));
        EXPECT_EQ("ANSI_QUOTES|+05:00|SERIALIZABLE|1", there.rows(variables).at(0));
    }
    const std::size_t one = before.find('|'), two = before.find('|', one + 1);
    other_server.run("SET GLOBAL sql_mode='" + before.substr(0, one) + "', GLOBAL time_zone='" +
                     before.substr(one + 1, two - one - 1) + "', GLOBAL tx_isolation='" +
                     before.substr(two + 1) + "', GLOBAL autocommit=1");
}

TEST(FabricCalls, FailoverGoesToAnotherServerOfTheGroup) {
    Link link;
    link.open(farm().string("Group=shard1;Mode=READONLY;"));
    const std::string first = link.attribute(SQL_ATTR_FABRIC_SERVER);
    link.run("CALL fabric.failover()");
    const std::string second = link.attribute(SQL_ATTR_FABRIC_SERVER);
    EXPECT_NE(first, second);
    EXPECT_EQ("1", link.value("SELECT @@read_only"));
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, link.set_attribute(SQL_ATTR_FABRIC_FAILOVER, SQLULEN{1}));
    EXPECT_NE(second, link.attribute(SQL_ATTR_FABRIC_SERVER));
    link.run("CALL fabric.set_property('mode', 'readwrite')");
    EXPECT_EQ("0", link.value("SELECT @@read_only"));
    Query query(link);
    EXPECT_STATE(query, "08004", query.run("CALL fabric.failover()"));
    EXPECT_THAT(query.text(), HasSubstr("no server for READWRITE other than"));
    EXPECT_EQ("0", link.value("SELECT @@read_only"));
}

TEST(FabricAttributes, ThatActTakeOneAndCannotBeRead) {
    Link link;
    link.open(farm().string("Group=shard1;"));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_RESET_CACHE, SQLULEN{1}));
    EXPECT_STATE(link, "HY024", link.set_attribute(SQL_ATTR_FABRIC_RESET_CACHE, SQLULEN{2}));
    EXPECT_STATE(link, "HY092",
                 SQLGetConnectAttr(link.handle(), SQL_ATTR_FABRIC_FAILOVER, nullptr, 0, nullptr));
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_FABRIC_REPORT_ERROR, "slow today"));
    link.run("CALL fabric.reset_cache()");
    link.run("CALL fabric.report_error('slow today')");
}

TEST(Administration, BySqlTextChangesTheRoute) {
    Farm changing("--secondaries 2 --no-activate");
    Link link;
    link.open(changing.string("Group=shard1;" + std::string(admin)));
    std::vector<std::string> moved, addresses;
    for (const std::string& row : link.rows("CALL fabric.get_group_servers('shard1')")) {
        if (row.find("|SECONDARY|") == row.npos) continue;
        moved.push_back(row.substr(0, 36));
        const std::size_t host = row.find("127.0.0.1|");
        addresses.push_back("127.0.0.1:" +
                            row.substr(host + 10, row.find('|', host + 10) - host - 10));
    }
    ASSERT_THAT(moved, SizeIs(2));
    for (const std::string& uuid : moved) link.run("CALL fabric.remove_server('" + uuid + "')");
    link.run("CALL fabric.create_group('fresh', 'made by SQL')");
    EXPECT_THAT(link.rows("CALL fabric.add_server('fresh', '" + addresses[0] + "', 2.5)"),
                ElementsAre(HasSubstr("|2.5|SECONDARY|")));
    link.run("CALL fabric.add_server('fresh', '" + addresses[1] + "')");
    link.run("CALL fabric.promote_server('fresh', '" + moved[0] + "')");
    link.run("CALL fabric.set_server_weight('" + moved[1] + "', 3)");
    EXPECT_THAT(
        link.rows("CALL fabric.get_group_servers('fresh')"),
        testing::UnorderedElementsAre(HasSubstr("|2.5|PRIMARY|"), HasSubstr("|3|SECONDARY|")));
    // The node answers with the procedure and what came out of it, and then with its steps.
    Query define(link);
    ASSERT_OK(define,
              define.run("CALL fabric.execute('sharding.create_definition', 'RANGE', 'global')"));
    const std::vector<std::string> procedures = define.rows();
    ASSERT_THAT(procedures, SizeIs(1));
    const std::string mapping = procedures[0].substr(procedures[0].rfind('|') + 1);
    ASSERT_OK(define, SQLMoreResults(define));
    EXPECT_THAT(define.rows(), testing::Not(IsEmpty()));
    link.run("CALL fabric.execute('sharding.add_table', " + mapping + ", 'shop.extra', 'id')");
    link.run("CALL fabric.execute('sharding.add_shard', " + mapping + ", 'fresh/2000', 'ENABLED')");
    link.run("CALL fabric.use_shard('shop.extra', 2001)");
    link.value("SELECT 1");
    EXPECT_EQ("fresh", link.attribute(SQL_ATTR_FABRIC_SERVER_GROUP));
    EXPECT_EQ(addresses[0], link.attribute(SQL_ATTR_FABRIC_SERVER));
    Query query(link);
    EXPECT_STATE(query, "HY000", query.run("CALL fabric.create_group('fresh')"));
    EXPECT_THAT(query.text(), HasSubstr("Group (fresh) already exists"));
}

}  // namespace
}  // namespace myfabric::test
