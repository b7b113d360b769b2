#include "dsn/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace myfabric::dsn {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

/// One folder with a user's and a system's odbc.ini; it is set before the installer library's first
/// call and stays for the whole program, since that library may keep what it has read.
class IniFiles : public testing::Environment {
public:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "myfabric-dsn-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
        std::ofstream(folder_ / "user.ini") << "[mine]\n"
                                               "Driver = MyFabric\n"
                                               "Server = user-host\n";
        std::ofstream(folder_ / "odbc.ini") << "[plain]\n"
                                               "Driver = MyFabric\n"
                                               "Description = a plain server\n"
                                               "Server = db1\n"
                                               "port = 3307\n"
                                               "UID = anna\n"
                                               "PWD = from ini\n"
                                               "DMConnAttr = [20002]={42}\n"
                                               "CPTimeout = 60\n"
                                               "Trace = 1\n"
                                               "[farm]\n"
                                               "Driver = MyFabric\n"
                                               "FabricHost = node1:32274,node2\n"
                                               "Tables = shop.orders,shop.lines\n"
                                               "ShardKey = 42\n"
                                               "Mode = readonly\n"
                                               "[misspelt]\n"
                                               "Driver = MyFabric\n"
                                               "Servr = db1\n"
                                               "NO_SSPS = 1\n"
                                               "[bad]\n"
                                               "Driver = MyFabric\n"
                                               "Port = many\n"
                                               "[bits]\n"
                                               "Driver = MyFabric\n"
                                               "Found_Rows = 0\n"
                                               "OPTION = 67110914\n"  // 2 + 2048 + 67108864
                                               "[long]\n"
                                               "Driver = MyFabric\n"
                                               "InitStmt = "
                                            << std::string(900, 'i') << "\n"
                                            << "[too long]\n"
                                               "Driver = MyFabric\n"
                                               "InitStmt = "
                                            << std::string(3000, 'i') << "\n"
                                            << "[many]\n"
                                               "Driver = MyFabric\n";
        std::ofstream many(folder_ / "odbc.ini", std::ios::app);
        for (int i = 0; i < 900; ++i) many << "unknown_key_number_" << i << " = 1\n";
        many << "Server = after-many\n";
        setenv("ODBCSYSINI", folder_.c_str(), 1);
        setenv("ODBCINI", (folder_ / "user.ini").c_str(), 1);
    }
    void TearDown() override { fs::remove_all(folder_); }

private:
    fs::path folder_;
};

const auto* const ini_files = testing::AddGlobalTestEnvironment(new IniFiles);

TEST(Profile, KeysOfTheSectionBecomeOptions) {
    const Resolved resolved = from_data_source("plain", "", "");
    EXPECT_EQ(resolved.options.server, "db1");
    EXPECT_EQ(resolved.options.port, 3307u);
    EXPECT_EQ(resolved.options.user, "anna");
    EXPECT_EQ(resolved.options.password, "from ini");
    EXPECT_EQ(resolved.data_source, "plain");
    EXPECT_THAT(resolved.warnings, IsEmpty());
}

TEST(Profile, TheUsersFileIsReadToo) {
    EXPECT_EQ(from_data_source("mine", "", "").options.server, "user-host");
}

TEST(Profile, AFarmIsRead) {
    const Options options = from_connection_string("DSN=farm").options;
    EXPECT_EQ(options.fabric_host, "node1:32274,node2");
    EXPECT_EQ(options.tables, "shop.orders,shop.lines");
    EXPECT_EQ(options.shard_key, "42");
    EXPECT_EQ(options.mode, "READONLY");
    EXPECT_EQ(options.fabric_protocol, "xmlrpc");
}

TEST(Profile, ArgumentsGoBeforeTheSection) {
    const Resolved resolved = from_data_source("plain", "bob", "secret");
    EXPECT_EQ(resolved.options.user, "bob");
    EXPECT_EQ(resolved.options.password, "secret");
    EXPECT_EQ(resolved.options.server, "db1");
}

TEST(Profile, TheConnectionStringGoesBeforeTheSection) {
    const Resolved resolved = from_connection_string("DSN=plain;SERVERNAME=db2;Database=d");
    EXPECT_EQ(resolved.options.server, "db2");
    EXPECT_EQ(resolved.options.port, 3307u);
    EXPECT_EQ(resolved.options.database, "d");
}

TEST(Profile, AnEmptyValueOfTheStringGoesBeforeTheSectionToo) {
    EXPECT_EQ(from_connection_string("DSN=plain;PWD=").options.password, "");
}

TEST(Profile, TheFirstOfRepeatedKeysCountsWhateverItIsCalled) {
    EXPECT_EQ(from_connection_string("DRIVER=x;UID=a;User=b;uid=c").options.user, "a");
    EXPECT_EQ(from_connection_string("DSN=plain;UID=;PWD=").options.user, "anna");
    EXPECT_EQ(from_connection_string("DSN=plain;UID=;PWD=").options.password, "from ini");
}

TEST(Profile, DriverBeforeDsnReadsNoSection) {
    const Resolved resolved = from_connection_string("DRIVER={MyFabric};DSN=plain;UID=x");
    EXPECT_EQ(resolved.options.server, "");
    EXPECT_EQ(resolved.data_source, "");
}

TEST(Profile, DsnBeforeDriverReadsItsSection) {
    EXPECT_EQ(from_connection_string("DSN=plain;DRIVER={Other}").options.server, "db1");
}

TEST(Profile, NeitherDsnNorDriverIsFineWithoutADefaultSection) {
    EXPECT_EQ(from_connection_string("Server=db3").options.server, "db3");
}

TEST(Profile, AnUnknownDataSourceIsNamed) {
    for (const char* name : {"no such source", "pla"}) {
        try {
            from_connection_string("DSN=" + std::string(name));
            FAIL() << name;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "IM002");
            EXPECT_THAT(error.message(), HasSubstr("'" + std::string(name) + "'"));
            EXPECT_THAT(error.message(), HasSubstr("odbc.ini"));
        }
    }
    EXPECT_THROW(from_data_source("", "", ""), Error);
}

TEST(Profile, UnknownAndIdleKeysAreToldOnceEach) {
    const Resolved resolved = from_connection_string("DSN=misspelt;Wrng=1;NO_SSPS=1");
    ASSERT_EQ(resolved.warnings.size(), 3u);
    EXPECT_THAT(resolved.warnings[0].second, HasSubstr("'Wrng'"));
    EXPECT_THAT(resolved.warnings[1].second, HasSubstr("No_SSPS"));
    EXPECT_THAT(resolved.warnings[2].second, HasSubstr("'Servr'"));
    for (const auto& [state, message] : resolved.warnings) EXPECT_EQ(state->code, "01S00");
}

TEST(Profile, AWrongValueOfTheSectionIsAnError) {
    EXPECT_THROW(from_data_source("bad", "", ""), Error);
    EXPECT_EQ(from_connection_string("DSN=bad;Port=5").options.port, 5u);  // the string's is used
}

TEST(Profile, BitsOfTheBitmapBecomeFlags) {
    const Options options = from_connection_string("DRIVER=x;OPTION=67110912").options;
    EXPECT_TRUE(options.compress);
    EXPECT_TRUE(options.multi_statements);
    EXPECT_FALSE(options.ignore_space);
    EXPECT_EQ(options.option_bits, 67110912u);
}

TEST(Profile, AFlagByNameGoesBeforeItsBit) {
    const Resolved resolved = from_data_source("bits", "", "");
    EXPECT_FALSE(resolved.options.found_rows);
    EXPECT_TRUE(resolved.options.compress);
    EXPECT_TRUE(resolved.options.multi_statements);
}

TEST(Profile, TheStringsBitmapGoesBeforeTheSectionsFlags) {
    EXPECT_TRUE(from_connection_string("DSN=bits;OPTIONS=2").options.found_rows);
}

TEST(Profile, IdleAndUnknownBitsAreTold) {
    const auto idle = from_connection_string("DRIVER=x;OPTION=32");
    ASSERT_EQ(idle.warnings.size(), 1u);
    EXPECT_THAT(idle.warnings[0].second, HasSubstr("Dynamic_Cursor"));
    const auto unknown = from_connection_string("DRIVER=x;OPTION=2147483648");
    ASSERT_EQ(unknown.warnings.size(), 1u);
    EXPECT_THAT(unknown.warnings[0].second, HasSubstr("2147483648"));
    EXPECT_THAT(from_connection_string("DRIVER=x;OPTION=5").warnings, IsEmpty());
}

TEST(Profile, ABitmapMustBeANumber) {
    for (const char* value : {"3x", "-1", "4294967296", "FOUND_ROWS"})
        EXPECT_THROW(from_connection_string("DRIVER=x;OPTION=" + std::string(value)), Error)
            << value;
}

TEST(Profile, ALongValueIsReadWhole) {
    const Resolved resolved = from_data_source("long", "", "");
    EXPECT_EQ(resolved.options.init_statement, std::string(900, 'i'));
    EXPECT_THAT(resolved.warnings, IsEmpty());
}

TEST(Profile, AValueTheLibraryCutsIsTold) {
    const Resolved resolved = from_data_source("too long", "", "");
    ASSERT_EQ(resolved.warnings.size(), 1u);
    EXPECT_THAT(resolved.warnings[0].second, HasSubstr("InitStmt"));
}

TEST(Profile, ASectionOfManyKeysIsReadWhole) {
    const Resolved resolved = from_data_source("many", "", "");
    EXPECT_EQ(resolved.options.server, "after-many");
    EXPECT_EQ(resolved.warnings.size(), 900u);
}

TEST(Profile, KeysOfTheDriverManagerAreNotTold) {
    EXPECT_THAT(from_connection_string("DRIVER=x;Threading=0;Setup=y;[20002]={4}").warnings,
                IsEmpty());
}

struct Completed {
    const char* given;
    const char* completed;
};

TEST(Profile, TheCompletedStringIsWhatTheApplicationPassed) {
    for (const auto& [text, expected] : {
             Completed{"DSN=plain", "DSN=plain;"},
             Completed{"DSN=plain;PWD={a;b}", "DSN=plain;PWD={a;b};"},
             Completed{"driver={MyFabric};Server=h", "driver={MyFabric};Server=h;"},
         })
        EXPECT_EQ(completed(from_connection_string(text)), expected);
}

TEST(Profile, AnErrorNeverHoldsASecret) {
    for (const char* text : {"DRIVER=x;PWD=hunter2;Port=many", "DSN=zz;PWD=hunter2"}) {
        try {
            from_connection_string(text);
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_THAT(error.message(), testing::Not(HasSubstr("hunter2")));
        }
    }
}

TEST(Options, LocalFilesAreOffUnlessOneOfTheirKeysAllowsThem) {
    const auto allowed = [](const std::string& keys) {
        return from_connection_string("DRIVER=x;" + keys).options.local_infile;
    };
    EXPECT_FALSE(allowed(""));
    EXPECT_FALSE(allowed("NoLocalInfile=1"));
    EXPECT_TRUE(allowed("NoLocalInfile=0"));
    EXPECT_TRUE(allowed("Enable_Local_Infile=1"));
    EXPECT_FALSE(allowed("NoLocalInfile=1;Enable_Local_Infile=1"));  // the first
}

}  // namespace
}  // namespace myfabric::dsn
