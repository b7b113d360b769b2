// SQLConnect, SQLDriverConnect, SQLDisconnect, connection attributes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

namespace fs = std::filesystem;

TEST(DriverConnect, OpensAndClosesAPlainServer) {
    Link link;
    link.open(server_string());
    EXPECT_EQ("1", link.value("SELECT 1"));
    EXPECT_EQ(server()["database"].get<std::string>(), link.value("SELECT DATABASE()"));
}

TEST(DriverConnect, CompletedStringKeepsWhatTheApplicationPassed) {
    Link link;
    std::string in = server_string();
    SQLCHAR out[1024];
    SQLSMALLINT length = 0;
    ASSERT_OK(link, SQLDriverConnect(link.handle(), nullptr, reinterpret_cast<SQLCHAR*>(in.data()),
                                     SQL_NTS, out, sizeof out, &length, SQL_DRIVER_NOPROMPT));
    const std::string completed = reinterpret_cast<char*>(out);
    EXPECT_EQ(completed.size(), static_cast<std::size_t>(length));
    EXPECT_NE(std::string::npos, completed.find("127.0.0.1"));
    SQLDisconnect(link.handle());
}

TEST(DriverConnect, TruncatedCompletedStringIsAWarningAndTellsTheFullLength) {
    Link link;
    std::string in = server_string();
    SQLCHAR out[10];
    SQLSMALLINT length = 0;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO,
              SQLDriverConnect(link.handle(), nullptr, reinterpret_cast<SQLCHAR*>(in.data()),
                               SQL_NTS, out, sizeof out, &length, SQL_DRIVER_NOPROMPT));
    EXPECT_EQ("01004", link.state());
    EXPECT_GT(length, 10);
    EXPECT_EQ(0, out[9]);
    SQLDisconnect(link.handle());
}

TEST(DriverConnect, WideEntryPointConnectsToo) {
    Link link;
    std::vector<SQLWCHAR> in = wide(server_string());
    ASSERT_OK(link, SQLDriverConnectW(link.handle(), nullptr, in.data(), SQL_NTS, nullptr, 0,
                                      nullptr, SQL_DRIVER_NOPROMPT));
    EXPECT_EQ("1", link.value("SELECT 1"));
    SQLDisconnect(link.handle());
}

// ---- SQLBrowseConnect --------------------------------------------------------------------------

/// To browse, the driver manager wants a registered driver; it looks for the files once.
class Registered : public testing::Environment {
public:
    void SetUp() override {
        if (!driver_file()) return;
        std::string name = (fs::temp_directory_path() / "myfabric-odbc-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
        std::ofstream(folder_ / "odbcinst.ini") << "[MyFabric]\nDriver = " << driver_file() << "\n";
        setenv("ODBCSYSINI", folder_.c_str(), 1);
    }
    void TearDown() override {
        if (!folder_.empty()) fs::remove_all(folder_);
    }

private:
    fs::path folder_;
};
[[maybe_unused]] testing::Environment* const registered =
    testing::AddGlobalTestEnvironment(new Registered);

std::string registered_driver() {
    return driver_file() ? "DRIVER=MyFabric;" : "";
}

struct Browsed {
    SQLRETURN result = SQL_ERROR;
    std::string answer;
};

Browsed browse(Link& link, std::string attributes, SQLSMALLINT capacity = 1024) {
    SQLCHAR out[1024] = {};
    SQLSMALLINT length = 0;
    Browsed browsed;
    browsed.result = SQLBrowseConnect(link.handle(), reinterpret_cast<SQLCHAR*>(attributes.data()),
                                      SQL_NTS, out, capacity, &length);
    browsed.answer = reinterpret_cast<char*>(out);
    return browsed;
}

std::string login() {
    return "UID=" + server()["user"].get<std::string>() +
           ";PWD=" + server()["password"].get<std::string>();
}

std::string address() {
    return "SERVER=127.0.0.1;PORT=" + std::to_string(server()["port"].get<int>());
}

std::string complete() {
    return registered_driver() + address() + ";" + login() + ";DATABASE=test";
}

TEST(BrowseConnect, AsksForTheServerThenTheUserThenTheDatabase) {
    Link link;
    Browsed level = browse(link, registered_driver());
    EXPECT_EQ(SQL_NEED_DATA, level.result) << link.text();
    EXPECT_EQ("*SERVER:Server=?;*PORT:Port=?;UID:User=?;*PWD:Password=?;*DATABASE:Database=?",
              level.answer);
    level = browse(link, address());
    EXPECT_EQ(SQL_NEED_DATA, level.result) << link.text();
    EXPECT_EQ("UID:User=?;*PWD:Password=?;*DATABASE:Database=?", level.answer);
    level = browse(link, login());
    EXPECT_EQ(SQL_NEED_DATA, level.result) << link.text();
    EXPECT_EQ(0u, level.answer.find("*DATABASE:Database={")) << level.answer;
    EXPECT_NE(std::string::npos, level.answer.find("test")) << level.answer;
    level = browse(link, "DATABASE=test");
    EXPECT_EQ(SQL_SUCCESS, level.result) << link.text();
    EXPECT_NE(std::string::npos, level.answer.find("DATABASE=test")) << level.answer;
    EXPECT_EQ("test", link.value("SELECT DATABASE()"));
    SQLDisconnect(link.handle());
    link.open(level.answer + (driver_file() ? "" : ";"));
    EXPECT_EQ("test", link.value("SELECT DATABASE()"));
}

TEST(BrowseConnect, IsDoneAtOnceWhenAllIsGiven) {
    Link link;
    EXPECT_EQ(SQL_SUCCESS, browse(link, complete()).result) << link.text();
    EXPECT_EQ("1", link.value("SELECT 1"));
    SQLDisconnect(link.handle());
}

TEST(BrowseConnect, NeedsNoDatabase) {
    Link link;
    EXPECT_EQ(SQL_NEED_DATA, browse(link, registered_driver() + address() + ";" + login()).result);
    EXPECT_EQ(SQL_SUCCESS, browse(link, ";").result) << link.text();
    EXPECT_EQ(std::nullopt, link.value("SELECT DATABASE()"));
    SQLDisconnect(link.handle());
}

TEST(BrowseConnect, CanBeGivenUpAndBegunAgain) {
    Link link;
    EXPECT_EQ(SQL_NEED_DATA, browse(link, registered_driver() + address()).result);
    EXPECT_EQ(SQL_SUCCESS, SQLDisconnect(link.handle()));
    EXPECT_EQ(SQL_NEED_DATA, browse(link, registered_driver() + address() + ";" + login()).result);
    EXPECT_EQ(SQL_SUCCESS, SQLDisconnect(link.handle()));
    EXPECT_EQ(SQL_NEED_DATA, browse(link, registered_driver() + address()).result);
    EXPECT_EQ(SQL_ERROR, browse(link, "UID=nobody;PWD=wrong").result);
    EXPECT_EQ("28000", link.state()) << link.text();
    EXPECT_EQ(SQL_SUCCESS, browse(link, complete()).result) << link.text();
    SQLDisconnect(link.handle());
}

TEST(BrowseConnect, TellsUnknownKeysAndAnswersThatWereCut) {
    Link link;
    EXPECT_EQ(SQL_NEED_DATA, browse(link, registered_driver() + address() + ";COLOUR=red").result);
    EXPECT_EQ("01S00", link.state()) << link.text();
    SQLDisconnect(link.handle());
    EXPECT_EQ(SQL_NEED_DATA, browse(link, registered_driver() + address(), 5).result);
    EXPECT_EQ("01004", link.state()) << link.text();
    SQLDisconnect(link.handle());
}

struct Refused {
    const char* name;
    std::string keys;
    const char* state;
    const char* said;
};

std::ostream& operator<<(std::ostream& out, const Refused& sample) {
    return out << sample.name;
}

class RefusedConnections : public testing::TestWithParam<Refused> {};

TEST_P(RefusedConnections, NameTheStateAndTheValue) {
    Link link;
    EXPECT_EQ(SQL_ERROR, link.try_open(server_string(GetParam().keys)));
    EXPECT_EQ(GetParam().state, link.state()) << link.text();
    EXPECT_NE(std::string::npos, link.text().find(GetParam().said)) << link.text();
    EXPECT_EQ(std::string::npos, link.text().find("not-the-password"));
}

INSTANTIATE_TEST_SUITE_P(
    , RefusedConnections,
    testing::Values(Refused{"WrongPassword", "Password=not-the-password;", "28000", "app"},
                    Refused{"UnknownUser", "User=nobody_here;", "28000", "nobody_here"},
                    Refused{"UnknownDatabase", "Database=no_such_database;", "08004",
                            "no_such_database"},
                    Refused{"NobodyListens", "Port=1;", "08001", "127.0.0.1:1"},
                    Refused{"BadNumber", "Port=abcdef;", "08001", "'ab...'"},
                    Refused{"GroupWithoutFarm", "Group=g;", "08001", "FabricHost"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(DriverConnect, UnknownKeyIsAWarningThatNamesIt) {
    Link link;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, link.try_open(server_string("NoSuchKey=1;")));
    EXPECT_EQ("01S00", link.state());
    EXPECT_NE(std::string::npos, link.text().find("NoSuchKey")) << link.text();
}

TEST(ConnectionAttributes, AutocommitOffRollsBackWhatWasNotCommitted) {
    Link link;
    link.open(server_string());
    link.run("DROP TABLE IF EXISTS committed");
    link.run("CREATE TABLE committed (id INT PRIMARY KEY) ENGINE=InnoDB");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    link.run("INSERT INTO committed VALUES (1)");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    link.run("INSERT INTO committed VALUES (2)");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_ROLLBACK));
    EXPECT_EQ("1", link.value("SELECT COUNT(*) FROM committed"));
}

TEST(ConnectionAttributes, CurrentCatalogChangesTheDatabase) {
    Link link;
    link.open(server_string());
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_CURRENT_CATALOG, "information_schema"));
    EXPECT_EQ("information_schema", link.value("SELECT LOWER(DATABASE())"));
    link.run("USE test");
    EXPECT_EQ("test", link.attribute(SQL_ATTR_CURRENT_CATALOG));
}

TEST(ConnectionAttributes, IsolationReachesTheServer) {
    Link link;
    link.open(server_string());
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_TXN_ISOLATION, SQLULEN{SQL_TXN_READ_COMMITTED}));
    EXPECT_EQ("READ-COMMITTED", link.value("SELECT @@tx_isolation"));
    SQLUINTEGER isolation = 0;
    ASSERT_OK(link,
              SQLGetConnectAttr(link.handle(), SQL_ATTR_TXN_ISOLATION, &isolation, 0, nullptr));
    EXPECT_EQ(SQLUINTEGER{SQL_TXN_READ_COMMITTED}, isolation);
}

TEST(ConnectionAttributes, ReadOnlyAccessModeIsEnforced) {
    Link link;
    link.open(server_string());
    link.run("CREATE TABLE IF NOT EXISTS enforced (id INT) ENGINE=InnoDB");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_ACCESS_MODE, SQLULEN{SQL_MODE_READ_ONLY}));
    Query query(link);
    EXPECT_STATE(query, "25006", query.run("INSERT INTO enforced VALUES (1)"));
}

TEST(ConnectionAttributes, UnknownOneIsRefused) {
    Link link;
    link.open(server_string());
    EXPECT_STATE(link, "HY092", link.set_attribute(29999, SQLULEN{1}));
}

TEST(IdleConnection, ClosedByTheServerIsReplacedBeforeTheNextWriteIsSent) {
    Link link;
    Link killer;
    link.open(server_string());
    killer.open(server_string());
    link.run("DROP TABLE IF EXISTS idle");
    link.run("CREATE TABLE idle (id INT) ENGINE=InnoDB");
    const std::string id = *link.value("SELECT CONNECTION_ID()");
    killer.run("KILL " + id);
    // The server closes the link a moment later.
    while (killer.value("SELECT COUNT(*) FROM information_schema.processlist WHERE id=" + id) !=
           "0") {
    }
    link.run("INSERT INTO idle VALUES (1)");
    EXPECT_EQ("1", link.value("SELECT COUNT(*) FROM idle"));
    EXPECT_NE(id, link.value("SELECT CONNECTION_ID()"));
}

TEST(IdleConnection, ClosedInsideATransactionIsSerializationFailureOnceAndUsableAfterwards) {
    Link link;
    Link killer;
    link.open(server_string());
    killer.open(server_string());
    link.run("DROP TABLE IF EXISTS inside");
    link.run("CREATE TABLE inside (id INT) ENGINE=InnoDB");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    link.run("INSERT INTO inside VALUES (1)");
    const std::string id = *link.value("SELECT CONNECTION_ID()");
    killer.run("KILL " + id);
    while (killer.value("SELECT COUNT(*) FROM information_schema.processlist WHERE id=" + id) !=
           "0") {
    }
    Query query(link);
    EXPECT_STATE(query, "40001", query.run("INSERT INTO inside VALUES (2)"));
    link.run("INSERT INTO inside VALUES (3)");
    ASSERT_OK(link, SQLEndTran(SQL_HANDLE_DBC, link.handle(), SQL_COMMIT));
    EXPECT_EQ(std::vector<std::string>{"3"}, link.rows("SELECT id FROM inside"));
}

TEST(Disconnect, InsideATransactionIsRefused) {
    Link link;
    link.open(server_string());
    link.run("CREATE TABLE IF NOT EXISTS open_work (id INT) ENGINE=InnoDB");
    ASSERT_OK(link, link.set_attribute(SQL_ATTR_AUTOCOMMIT, SQLULEN{SQL_AUTOCOMMIT_OFF}));
    link.run("INSERT INTO open_work VALUES (1)");
    EXPECT_STATE(link, "25000", SQLDisconnect(link.handle()));
}

}  // namespace
}  // namespace myfabric::test
