// A program with more rights than its caller (setuid) is told nothing by the caller's environment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "support/odbc_client.h"
#include "support/peers.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t nobody = 65534;

/// Runs the test of that name in another process of this program, which root started for the user
/// nobody. Its exit status; 126: that is not allowed here.
int run_privileged(const char* test) {
    const pid_t child = fork();
    if (child != 0) {
        int status = 0;
        waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    // Whose real and effective user differ is privileged from the next program on.
    if (setresuid(nobody, 0, 0) != 0) _exit(126);
    const std::string filter = std::string("--gtest_filter=") + test;
    execl("/proc/self/exe", "privileged", filter.c_str(), "--gtest_also_run_disabled_tests",
          static_cast<char*>(nullptr));
    _exit(127);
}

TEST(Privileged, EnvironmentIsNotObeyed) {
    ASSERT_EQ(0u, geteuid()) << "only root can start a privileged program: use sudo";
    const int port = Peers::get().mysql({{"answers", nlohmann::json::array()}});
    const int other = Peers::get().mysql(nlohmann::json::object());
    const fs::path folder = "/tmp/myfabric-privileged-" + std::to_string(getpid());
    fs::create_directory(folder);
    fs::copy_file(MYFABRIC_EVIL_PLUGIN, folder / "evil.so");
    const std::string log = folder / "driver.log", trace = folder / "trace";
    const std::pair<const char*, std::string> variables[] = {
        {"MYFABRIC_TEST_PORT", std::to_string(port)},
        {"MYFABRIC_EVIL_TRACE", trace},
        {"MYFABRIC_LOG", "debug:" + log},
        {"TMPDIR", folder / "nowhere"},
        {"LIBMYSQL_PLUGINS", "evil"},
        {"LIBMYSQL_PLUGIN_DIR", folder},
        {"MARIADB_PLUGIN_DIR", folder},
        {"MYSQL_TCP_PORT", std::to_string(other)},
        {"MYSQL_PWD", "of the caller"},
        {"LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", "1"},
    };
    for (const auto& [name, value] : variables) setenv(name, value.c_str(), 1);
    EXPECT_EQ(0, run_privileged("PrivilegedChild.DISABLED_Connects"));
    EXPECT_FALSE(fs::exists(log));
    EXPECT_FALSE(fs::exists(trace)) << "a library of the caller's was loaded";
    EXPECT_EQ(nlohmann::json::array(), Peers::get().told(other, 0.2));
    // The test would have seen it: without more rights the same variables are obeyed.
    const pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "usual", "--gtest_filter=PrivilegedChild.DISABLED_IsNot",
              "--gtest_also_run_disabled_tests", static_cast<char*>(nullptr));
        _exit(127);
    }
    int status = 1;
    waitpid(child, &status, 0);
    EXPECT_EQ(0, status);
    EXPECT_TRUE(fs::exists(log));
    EXPECT_TRUE(fs::exists(trace));
    for (const auto& [name, value] : variables) unsetenv(name);
    fs::remove_all(folder);
}

/// Connects to the peer that the other process has started, and to the port by default.
void connect_as_told() {
    {
        Link link;
        link.open(driver_key() +
                  "Server=127.0.0.1;UID=u;PWD=p;Port=" + std::getenv("MYFABRIC_TEST_PORT") + ";");
        EXPECT_EQ("1", link.value("SELECT 1"));
    }
    Link link;
    link.try_open(driver_key() + "Server=127.0.0.1;UID=u;PWD=p;ConnectTimeout=2;");
}

TEST(PrivilegedChild, DISABLED_Connects) {
    ASSERT_NE(0u, getauxval(AT_SECURE));
    connect_as_told();
}

TEST(PrivilegedChild, DISABLED_IsNot) {
    ASSERT_EQ(0u, getauxval(AT_SECURE));
    connect_as_told();
}

}  // namespace
}  // namespace myfabric::test
