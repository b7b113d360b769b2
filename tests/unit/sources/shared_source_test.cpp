#include "sources/shared_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace myfabric::sources {
namespace {

using namespace std::chrono_literals;
using Clock = topology::Source::Clock;

/// Counts its loads in a file, so that those of other processes are counted, too.
class CountingSource final : public topology::Source {
public:
    explicit CountingSource(std::string path) : path_(std::move(path)) {}

    topology::Topology load() override {
        if (fails) throw topology::Unreachable(Error(state::unable_to_connect, "down"));
        std::ofstream(path_, std::ios::app) << '.';
        std::this_thread::sleep_for(20ms);
        topology::Topology topology;
        topology.ttl = 100s;
        topology.groups["g" + std::to_string(std::filesystem::file_size(path_))];
        return topology;
    }
    std::string name() const override { return "counting"; }

    bool fails = false;

private:
    const std::string path_;
};

class SharedSourceTest : public testing::Test {
protected:
    SharedSourceTest() {
        std::string name = testing::TempDir() + "/shared-XXXXXX";
        folder = mkdtemp(name.data());
        counter = folder + "/loads";
        options.hosts = "node1";
    }
    ~SharedSourceTest() override { std::filesystem::remove_all(folder); }

    std::unique_ptr<SharedSource> source(CountingSource** inner = nullptr) {
        auto counting = std::make_unique<CountingSource>(counter);
        if (inner) *inner = counting.get();
        return std::make_unique<SharedSource>(std::move(counting), options, folder);
    }
    std::uintmax_t loads() {
        return std::filesystem::exists(counter) ? std::filesystem::file_size(counter) : 0;
    }
    std::string shared_file() {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const std::string name = entry.path().filename();
            if (name.starts_with("myfabric-farm-") && !name.ends_with(".lock")) return entry.path();
        }
        return {};
    }

    std::string folder, counter;
    topology::FarmOptions options;
};

TEST_F(SharedSourceTest, WhatOneLoadedServesTheOthers) {
    const topology::Topology first = source()->load_since({});
    const topology::Topology second = source()->load_since({});
    EXPECT_EQ(loads(), 1u);
    EXPECT_EQ(second.groups.size(), 1u);
    EXPECT_EQ(second.loaded(), first.loaded());

    options.hosts = "node2";
    source()->load_since({});
    EXPECT_EQ(loads(), 2u) << "another farm";
    options.password = "other";
    source()->load_since({});
    EXPECT_EQ(loads(), 3u) << "another login";
}

TEST_F(SharedSourceTest, NothingOlderThanAskedForOrThanTheTtlIsTaken) {
    const auto first = source();
    const auto loaded = first->load_since({}).loaded();
    EXPECT_EQ(source()->load_since(loaded).loaded(), loaded);
    EXPECT_GT(source()->load_since(loaded + 1ns).loaded(), loaded);
    EXPECT_EQ(loads(), 2u);
    source()->load();
    EXPECT_EQ(loads(), 3u);
    options.ttl = 1;
    const auto impatient = source();
    impatient->load_since({});
    EXPECT_EQ(loads(), 4u) << "other options";
    std::this_thread::sleep_for(1100ms);
    impatient->load_since({});
    EXPECT_EQ(loads(), 5u);
}

TEST_F(SharedSourceTest, TenProcessesLoadOnce) {
    std::vector<pid_t> children;
    for (int i = 0; i < 10; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            const bool good = source()->load_since({}).groups.size() == 1;
            _exit(good ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(loads(), 1u);
}

TEST_F(SharedSourceTest, AFailureIsThrownAndNotShared) {
    CountingSource* inner = nullptr;
    const auto source = this->source(&inner);
    inner->fails = true;
    EXPECT_THROW(source->load_since({}), topology::Unreachable);
    EXPECT_EQ(shared_file(), "");
    EXPECT_EQ(this->source()->load_since({}).groups.size(), 1u);
}

TEST_F(SharedSourceTest, TheFileIsOnlyTheUsers) {
    const mode_t before = umask(0);
    source()->load_since({});
    umask(before);
    struct stat status {};
    ASSERT_EQ(stat(shared_file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0600u);
}

/// A file that anybody else may have written, or that means nothing here, counts as none.
TEST_F(SharedSourceTest, AFileThatCannotBeTrustedIsLeftAside) {
    const struct {
        const char* what;
        void (*spoil)(const std::string&);
    } spoilers[] = {
        {"readable by others", [](const std::string& path) { chmod(path.c_str(), 0644); }},
        {"a link",
         [](const std::string& path) {
             std::filesystem::rename(path, path + "x");
             std::filesystem::create_symlink(path + "x", path);
         }},
        {"cut", [](const std::string& path) { std::filesystem::resize_file(path, 60); }},
        {"empty", [](const std::string& path) { std::filesystem::resize_file(path, 0); }},
        {"of another version",
         [](const std::string& path) {
             std::fstream file(path, std::ios::in | std::ios::out);
             file.seekp(9);
             file << "9";
         }},
        {"a folder",
         [](const std::string& path) {
             std::filesystem::remove(path);
             std::filesystem::create_directory(path);
         }},
    };
    std::uintmax_t expected = 0;
    for (const auto& [what, spoil] : spoilers) {
        options.hosts = what;
        source()->load_since({});
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            const std::string path = entry.path();
            if (path.find("myfabric-farm-") != std::string::npos && !path.ends_with(".lock"))
                spoil(path);
        }
        EXPECT_EQ(source()->load_since({}).groups.size(), 1u) << what;
        expected += 2;
        EXPECT_EQ(loads(), expected) << what;
        std::filesystem::remove_all(folder);
        std::filesystem::create_directory(folder);
        std::ofstream(counter) << std::string(expected, '.');
    }
}

TEST_F(SharedSourceTest, WithoutAFolderTheSourceIsAskedEachTime) {
    const std::string loads_file = counter;
    SharedSource alone(std::make_unique<CountingSource>(loads_file), options, "");
    alone.load_since({});
    alone.load_since({});
    EXPECT_EQ(loads(), 2u);
    SharedSource nowhere(std::make_unique<CountingSource>(loads_file), options, folder + "/none");
    nowhere.load_since({});
    nowhere.load_since({});
    EXPECT_EQ(loads(), 4u);
}

/// A process that stands still while it loads keeps nobody for longer than a load may take.
TEST_F(SharedSourceTest, ALoadThatHangsElsewhereIsNotWaitedForWithoutEnd) {
    source()->load_since({});
    const std::string lock = shared_file() + ".lock";
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        const int file = open(lock.c_str(), O_RDWR);
        struct flock whole {};
        whole.l_type = F_WRLCK;
        fcntl(file, F_SETLK, &whole);
        static_cast<void>(write(ready[1], "x", 1));
        pause();
    }
    char byte = 0;
    ASSERT_EQ(read(ready[0], &byte, 1), 1);
    auto began = Clock::now();
    source()->load();
    EXPECT_LT(Clock::now() - began, 1s) << "evidence of change waits for nobody";
    EXPECT_EQ(loads(), 2u);
    std::filesystem::remove(shared_file());
    began = Clock::now();
    source()->load_since({});
    EXPECT_GE(Clock::now() - began, 1s);
    EXPECT_LT(Clock::now() - began, 20s);
    EXPECT_EQ(loads(), 3u);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
}

}  // namespace
}  // namespace myfabric::sources
