#include "setup/trace.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>

#include "base/error.h"
#include "setup/terminal.h"

extern char** environ;

namespace myfabric::setup {
namespace {

constexpr int pause_ms = 100;

/// Whole lines that a file has got since the last look. A file that became shorter was begun anew.
class Lines {
public:
    explicit Lines(std::string path, bool from_end) : path_(std::move(path)) {
        std::error_code ignored;
        if (from_end && std::filesystem::exists(path_, ignored))
            at_ = static_cast<std::streamoff>(std::filesystem::file_size(path_, ignored));
    }

    void copy_to(std::ostream& out) {
        std::error_code failed;
        const auto size = std::filesystem::file_size(path_, failed);
        if (failed) return;
        if (static_cast<std::streamoff>(size) < at_) at_ = 0;
        std::ifstream file(path_, std::ios::binary);
        file.seekg(at_);
        for (std::string line; std::getline(file, line) && !file.eof();) {
            out << line << "\n";
            at_ += static_cast<std::streamoff>(line.size()) + 1;
        }
        out << std::flush;
    }

private:
    const std::string path_;
    std::streamoff at_ = 0;
};

std::string log_of(const dsn::Options& options) {
    std::string path = options.log;
    if (path.empty()) {
        const char* variable = std::getenv("MYFABRIC_LOG");
        path = variable ? variable : "";
        const std::size_t colon = path.find(':');
        if (colon != std::string::npos) path.erase(0, colon + 1);
    }
    if (path.starts_with("~/")) {
        const char* home = std::getenv("HOME");
        path = (home ? home : "") + path.substr(1);
    }
    if (path.empty())
        throw Error(state::general_error,
                    "the data source has no log: add Log= to it, or name a program to run: "
                    "myfabric trace DSN -- PROGRAM");
    return path;
}

}  // namespace

void follow_log(const dsn::Options& options, std::ostream& out) {
    Lines lines(log_of(options), true);
    Leaving leaving;
    do lines.copy_to(out);
    while (!leaving.wait(pause_ms));
}

int trace_program(const std::vector<std::string>& command, const std::string& level,
                  std::ostream& out) {
    std::string name = (std::filesystem::temp_directory_path() / "myfabric-trace-XXXXXX").string();
    const int file = mkstemp(name.data());
    if (file < 0)
        throw Error(state::general_error,
                    "no temporary file can be made: " + std::string(std::strerror(errno)));
    close(file);
    setenv("MYFABRIC_LOG", (level + ":" + name).c_str(), 1);
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int why = posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ);
    if (why != 0) {
        unlink(name.c_str());
        throw Error(state::general_error, "cannot run " + command[0] + ": " + std::strerror(why));
    }
    Lines lines(name, false);
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        lines.copy_to(out);
        usleep(pause_ms * 1000);
    }
    lines.copy_to(out);
    unlink(name.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace myfabric::setup
