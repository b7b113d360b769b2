#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <thread>

#include "base/error.h"

namespace myfabric {
namespace {

namespace fs = std::filesystem;

class LogFile : public testing::Test {
protected:
    void SetUp() override {
        std::string folder = (fs::temp_directory_path() / "myfabric-log-XXXXXX").string();
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = folder;
        unsetenv("MYFABRIC_LOG");
    }
    void TearDown() override {
        unsetenv("MYFABRIC_LOG");
        fs::remove_all(folder_);
    }

    std::string path(const char* name = "odbc.log") const { return (folder_ / name).string(); }
    std::vector<std::string> lines(const char* name = "odbc.log") const {
        std::ifstream file(path(name));
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        return lines;
    }

    fs::path folder_;
};

TEST_F(LogFile, HasTimeProcessLevelAndTextInALine) {
    Log(path(), LogLevel::info).write(LogLevel::warning, "one\ntwo\rthree");
    ASSERT_EQ(lines().size(), 1u);
    const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ warning one two three)");
    EXPECT_TRUE(std::regex_match(lines()[0], form)) << lines()[0];
}

TEST_F(LogFile, NamesWhatALineIsAboutInFrontOfIt) {
    Log log(path(), LogLevel::info);
    log.write(LogLevel::info, "moves", {.connection = "shop#1", .server = "db1:3306"});
    log.write(LogLevel::info, "is read", {.source = "node1"});
    EXPECT_THAT(lines(), testing::ElementsAre(testing::EndsWith("info shop#1: moves"),
                                              testing::EndsWith("info node1: is read")));
}

TEST_F(LogFile, HoldsAnObjectALineAsJson) {
    Log log(path(), LogLevel::info, LogFormat::json);
    log.write(LogLevel::warning, "a \"b\" \\ \n\x01 \xC3\xA9 \xFF\xE2\x82 {} %v",
              {.connection = "shop#1", .server = "db1:3306", .group = "east"});
    log.write(LogLevel::info, "", {.source = "node1"});
    ASSERT_EQ(lines().size(), 2u);
    const std::regex form(
        R"(\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","process":\d+,"level":"warning",)"
        R"("connection":"shop#1","server":"db1:3306","group":"east",)"
        "\"text\":\"a \\\\u0022b\\\\u0022 \\\\u005c \\\\u000a\\\\u0001 \xC3\xA9 "
        "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \\{\\} %v\"\\}");
    EXPECT_TRUE(std::regex_match(lines()[0], form)) << lines()[0];
    EXPECT_THAT(lines()[1], testing::EndsWith(R"("level":"info","source":"node1","text":""})"));
}

TEST_F(LogFile, TellsRouteStatementAndTimesAsJson) {
    Log log(path(), LogLevel::debug, LogFormat::json);
    log.write(LogLevel::debug, "done",
              {.connection = "shop#1",
               .server = "db1:3306",
               .group = "east",
               .shard = 3,
               .mode = "READONLY",
               .statement = "SELECT ?",
               .duration = std::chrono::microseconds(1002003)});
    EXPECT_THAT(lines(), testing::ElementsAre(testing::EndsWith(
                             R"("connection":"shop#1","server":"db1:3306","group":"east",)"
                             R"("mode":"READONLY","statement":"SELECT ?","shard":3,)"
                             R"("duration_ms":1002.003,"text":"done"})")));
    EXPECT_EQ("0.007", milliseconds(std::chrono::microseconds(7)));
    EXPECT_EQ("12.345", milliseconds(std::chrono::microseconds(12345)));
}

TEST_F(LogFile, TextIsNoFormat) {
    Log(path(), LogLevel::info).write(LogLevel::info, "{} {0} %v {");
    EXPECT_THAT(lines(), testing::ElementsAre(testing::EndsWith("info {} {0} %v {")));
}

TEST_F(LogFile, TakesItsLevelAndWhatIsWorse) {
    const std::pair<LogLevel, std::size_t> samples[] = {
        {LogLevel::off, 0},  {LogLevel::error, 1}, {LogLevel::warning, 2},
        {LogLevel::info, 3}, {LogLevel::debug, 4},
    };
    for (const auto& [level, count] : samples) {
        const std::string name = std::to_string(count);
        Log log(path(name.c_str()), level);
        EXPECT_FALSE(log.wants(LogLevel::off));
        for (const LogLevel each :
             {LogLevel::error, LogLevel::warning, LogLevel::info, LogLevel::debug})
            log.write(each, "x");
        EXPECT_EQ(lines(name.c_str()).size(), count);
    }
}

TEST_F(LogFile, BelongsToItsOwnerAloneAndIsContinued) {
    for (int i = 0; i < 2; ++i) Log(path(), LogLevel::info).write(LogLevel::info, "x");
    EXPECT_EQ(lines().size(), 2u);
    struct stat status {};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(LogFile, ThatOthersCouldReadIsClosedToThem) {
    std::ofstream(path()) << "before\n";
    ASSERT_EQ(chmod(path().c_str(), 0644), 0);
    Log(path(), LogLevel::info).write(LogLevel::info, "x");
    struct stat status {};
    ASSERT_EQ(stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(lines().size(), 2u);
}

TEST_F(LogFile, LinesOfThreadsAreWhole) {
    Log log(path(), LogLevel::info);
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 100; ++i) log.write(LogLevel::info, std::string(200, 'x'));
            });
    }
    ASSERT_EQ(lines().size(), 400u);
    for (const std::string& line : lines())
        EXPECT_THAT(line, testing::EndsWith(" info " + std::string(200, 'x')));
}

TEST_F(LogFile, ThatCannotBeWrittenIsNamed) {
    fs::create_symlink(path("elsewhere"), path("link"));
    for (const std::string& bad :
         {path("no/such/folder"), folder_.string(), path("link"), std::string("/dev/null")})
        try {
            Log log(bad, LogLevel::info);
            FAIL() << bad;
        } catch (const Error& error) {
            EXPECT_THAT(error.message(), testing::HasSubstr("'" + bad + "'"));
        }
    EXPECT_FALSE(fs::exists(path("elsewhere")));
}

TEST_F(LogFile, IsSharedByThoseWhoNameIt) {
    Logs logs;
    EXPECT_EQ(logs.log("", LogLevel::info), nullptr);
    EXPECT_EQ(logs.log(path(), LogLevel::off), nullptr);
    EXPECT_EQ(logs.log(path(), LogLevel::info), logs.log(path(), LogLevel::info));
    EXPECT_NE(logs.log(path(), LogLevel::info), logs.log(path(), LogLevel::debug));
}

TEST_F(LogFile, IsNamedByTheEnvironment) {
    Logs logs;
    setenv("MYFABRIC_LOG", path("plain").c_str(), 1);
    EXPECT_FALSE(logs.log("", LogLevel::info)->wants(LogLevel::debug));
    setenv("MYFABRIC_LOG", ("Debug:" + path("fine")).c_str(), 1);
    EXPECT_TRUE(logs.log("", LogLevel::info)->wants(LogLevel::debug));
    setenv("MYFABRIC_LOG", path("with:colon").c_str(), 1);
    EXPECT_NE(logs.log("", LogLevel::info), nullptr);
    EXPECT_TRUE(fs::exists(path("plain")) && fs::exists(path("fine")) &&
                fs::exists(path("with:colon")));
    EXPECT_EQ(logs.log(path(), LogLevel::info), logs.log(path(), LogLevel::info));
    EXPECT_TRUE(fs::exists(path())) << "a data source's own file goes first";
}

TEST_F(LogFile, OfTheParentIsNotTheChilds) {
    Logs logs;
    const std::shared_ptr<Log> log = logs.log(path(), LogLevel::info);
    const pid_t child = fork();
    if (child == 0) {
        log->write(LogLevel::info, "by the parent's");
        logs.log(path(), LogLevel::info)->write(LogLevel::info, "by the child's own");
        _exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_THAT(lines(), testing::ElementsAre(testing::HasSubstr("by the child's own")));
}

TEST_F(LogFile, MayBeInTheUsersHome) {
    const std::string before = getenv("HOME") ? getenv("HOME") : "";
    setenv("HOME", folder_.c_str(), 1);
    Log("~/odbc.log", LogLevel::info).write(LogLevel::info, "x");
    setenv("HOME", before.c_str(), 1);
    EXPECT_EQ(lines().size(), 1u);
}

}  // namespace
}  // namespace myfabric
