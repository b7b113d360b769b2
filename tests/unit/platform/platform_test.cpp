#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "platform/input_file.h"
#include "platform/private_file.h"
#include "platform/process.h"
#include "platform/socket.h"
#include "platform/thread.h"

namespace myfabric::platform {
namespace {

namespace files = std::filesystem;

class Platform : public testing::Test {
protected:
    Platform() {
        std::string name = (files::temp_directory_path() / "myfabric-platform-XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        folder_ = name;
    }
    ~Platform() override { files::remove_all(folder_); }

    std::string path(const char* name) const { return (folder_ / name).string(); }
    std::string written(const char* name, const std::string& text) const {
        std::ofstream(path(name)) << text;
        return path(name);
    }

    files::path folder_;
};

using PrivateFile = Platform;
using Input = Platform;
using Temporary = Platform;

unsigned rights(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 0777;
}

std::string why_not(const std::string& path) {
    try {
        make_private_file(path);
        return "";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

TEST_F(PrivateFile, IsForItsOwnerAloneWhateverTheMaskSays) {
    const mode_t before = umask(0);
    make_private_file(path("new"));
    umask(before);
    EXPECT_EQ(rights(path("new")), 0600u);
}

TEST_F(PrivateFile, MakesAnExistingOnePrivateAndKeepsItsText) {
    const std::string name = written("old", "line\n");
    chmod(name.c_str(), 0666);
    make_private_file(name);
    EXPECT_EQ(rights(name), 0600u);
    EXPECT_EQ(InputFile(name).text(100), "line\n");
}

TEST_F(PrivateFile, RefusesWhatSomebodyMayHaveLeft) {
    written("target", "");
    symlink(path("target").c_str(), path("link").c_str());
    mkfifo(path("pipe").c_str(), 0600);
    EXPECT_NE(why_not(path("link")), "");
    EXPECT_NE(why_not(path("pipe")), "");
    EXPECT_NE(why_not(folder_.string()), "");
    EXPECT_NE(why_not(path("missing/file")), "");
}

TEST_F(PrivateFile, RefusesAFileOfAnotherUser) {
    if (geteuid() != 0) {
        EXPECT_NE(why_not("/etc/passwd"), "");  // root's
        return;
    }
    const std::string name = written("theirs", "");
    ASSERT_EQ(chown(name.c_str(), 12345, static_cast<gid_t>(-1)), 0);
    EXPECT_EQ(why_not(name), "it is no file of this user");
}

TEST_F(Temporary, GivesBackWhatWasWrittenAndHasNoName) {
    TemporaryFile file;
    EXPECT_FALSE(file.is_open());
    file.open(folder_.string());
    EXPECT_TRUE(files::is_empty(folder_));
    file.write(0, "0123456789", 10);
    file.write(4, "xy", 2);
    std::array<char, 10> bytes{};
    TemporaryFile moved = std::move(file);
    moved.read(0, bytes.data(), bytes.size());
    EXPECT_EQ(std::string(bytes.data(), bytes.size()), "0123xy6789");
    EXPECT_THROW(moved.read(5, bytes.data(), bytes.size()), std::runtime_error);
}

TEST_F(Temporary, NamesTheReasonForAFolderThatIsNone) {
    TemporaryFile file;
    try {
        file.open(path("missing"));
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "No such file or directory");
    }
    EXPECT_FALSE(file.is_open());
}

TEST_F(Input, IsReadWholeUpToALimit) {
    const std::string text(50'000, 'x');
    const std::string name = written("long", text);
    EXPECT_EQ(InputFile(name).text(text.size()), text);
    EXPECT_THROW(InputFile(name).text(text.size() - 1), std::runtime_error);
}

TEST_F(Input, IsNoPipeAndNoFolder) {
    mkfifo(path("pipe").c_str(), 0600);
    EXPECT_THROW(InputFile{path("pipe")}, std::runtime_error);
    EXPECT_THROW(InputFile{folder_.string()}, std::runtime_error);
    EXPECT_THROW(InputFile{path("missing")}, std::runtime_error);
}

TEST_F(Input, HasAnotherStampWhenItWasReplaced) {
    const std::string name = written("farm", "1234");
    const FileStamp before = InputFile(name).stamp();
    EXPECT_EQ(InputFile(name).stamp(), before);
    files::rename(written("new", "5678"), name);
    EXPECT_NE(InputFile(name).stamp(), before);
    EXPECT_NE(FileStamp(), before);
}

TEST(Process, HasAnotherNumberInAForkedChild) {
    const ProcessId parent = process_id();
    const pid_t child = fork();
    if (child == 0) _exit(process_id() != parent ? 0 : 1);
    int status = 1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(Process, ReadsTheEnvironment) {
    ASSERT_FALSE(privileged());
    setenv("MYFABRIC_TEST_VARIABLE", "value", 1);
    EXPECT_STREQ(environment("MYFABRIC_TEST_VARIABLE"), "value");
    unsetenv("MYFABRIC_TEST_VARIABLE");
    EXPECT_EQ(environment("MYFABRIC_TEST_VARIABLE"), nullptr);
}

sigset_t blocked_signals() {
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, nullptr, &set);
    return set;
}

TEST(QuietThread, ReceivesNoSignalsAndLeavesTheCallersMask) {
    sigset_t seen;
    sigemptyset(&seen);
    platform::quiet_thread([&] { seen = blocked_signals(); }).join();
    EXPECT_EQ(sigismember(&seen, SIGALRM), 1);
    EXPECT_EQ(sigismember(&seen, SIGINT), 1);
    const sigset_t own = blocked_signals();
    EXPECT_EQ(sigismember(&own, SIGALRM), 0);
}

TEST(SigpipeBlocked, LosesTheSignalOfAClosedPipe) {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    close(ends[1]);
    {
        const SigpipeBlocked blocked;
        EXPECT_EQ(write(ends[0], "x", 1), -1);  // would end this program
    }
    close(ends[0]);
    sigset_t pending;
    sigpending(&pending);
    EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
}

TEST(SigpipeHandlerKept, PutsTheApplicationsHandlerBack) {
    struct sigaction handler {};
    handler.sa_handler = [](int) {};
    struct sigaction before {};
    sigaction(SIGPIPE, &handler, &before);
    {
        const SigpipeHandlerKept kept;
        std::signal(SIGPIPE, SIG_IGN);
    }
    struct sigaction after {};
    sigaction(SIGPIPE, &before, &after);
    EXPECT_EQ(after.sa_handler, handler.sa_handler);
}

TEST(Socket, WakesAThreadThatWaitsOnIt) {
    std::array<int, 2> ends{};
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    EXPECT_FALSE(readable(ends[0]));
    std::thread reader([&] {
        char byte = 0;
        EXPECT_EQ(read(ends[0], &byte, 1), 0);
    });
    shut_down(ends[0]);
    reader.join();
    EXPECT_TRUE(readable(ends[0]));
    close(ends[0]);
    close(ends[1]);
}

TEST(Socket, KnowsIpv6Addresses) {
    for (const char* address : {"::1", "fe80::1", "2001:db8::10.0.0.1"})
        EXPECT_TRUE(is_ipv6_address(address)) << address;
    for (const char* other : {"", ":", "localhost", "127.0.0.1", "[::1]", "::1%eth0", ":::"})
        EXPECT_FALSE(is_ipv6_address(other)) << other;
}

// What a TLS library writes there has to fail for good: it tries again after ENOTCONN, for ever.
TEST(DeadSocket, EndsReadingAndRefusesWriting) {
    int pair[2];
    ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    put_dead_socket(pair[0]);
    char byte = 0;
    EXPECT_GE(0, read(pair[0], &byte, 1));
    for (const bool sends : {false, true}) {
        errno = 0;
        const ssize_t written =
            sends ? send(pair[0], &byte, 1, MSG_NOSIGNAL) : write(pair[0], &byte, 1);
        EXPECT_EQ(-1, written);
        EXPECT_TRUE(errno == EBADF || errno == ENOTSOCK) << errno;
    }
    EXPECT_EQ(0, read(pair[1], &byte, 1));  // the other side sees the end
    close(pair[0]);
    close(pair[1]);
}

}  // namespace
}  // namespace myfabric::platform
