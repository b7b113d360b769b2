#include "base/log.h"

#include <fcntl.h>
#include <pwd.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace myfabric {
namespace {

constexpr std::array<std::pair<std::string_view, LogLevel>, 5> names{{
    {"off", LogLevel::off},
    {"error", LogLevel::error},
    {"warning", LogLevel::warning},
    {"info", LogLevel::info},
    {"debug", LogLevel::debug},
}};

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::off:
            return spdlog::level::off;
        case LogLevel::error:
            return spdlog::level::err;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::debug:
            break;
    }
    return spdlog::level::debug;
}

std::string home() {
    if (const char* named = secure_getenv("HOME"); named && *named) return named;
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> room;
    getpwuid_r(geteuid(), &entry, room.data(), room.size(), &found);
    return found ? found->pw_dir : "";
}

std::string whole_path(const std::string& path) {
    return path.starts_with("~/") ? home() + path.substr(1) : path;
}

[[noreturn]] void cannot_write(const std::string& path, const std::string& why) {
    throw Error(state::general_error, "the log file '" + path + "' cannot be written: " + why);
}

/// Makes the file, or makes it one that is for its owner alone, before anything is written to it.
/// What somebody else left in a folder for all, a file or a link, is not used.
void make_file(const std::string& path) {
    const int file =
        open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
             S_IRUSR | S_IWUSR);
    if (file < 0) cannot_write(path, std::strerror(errno));
    struct stat status {};
    const bool known = fstat(file, &status) == 0;
    const bool own = known && S_ISREG(status.st_mode) && status.st_uid == geteuid();
    const bool closed = own && fchmod(file, S_IRUSR | S_IWUSR) == 0;
    close(file);
    if (!closed) cannot_write(path, "it is no file of this user");
}

}  // namespace

LogLevel parse_log_level(std::string_view name) noexcept {
    const auto found = std::ranges::find_if(
        names, [&](const auto& known) { return equal_ignoring_case(known.first, name); });
    return found == names.end() ? LogLevel::info : found->second;
}

struct Log::File {
    explicit File(std::shared_ptr<spdlog::sinks::sink> sink)
        : logger("myfabric", std::move(sink)) {}
    spdlog::logger logger;
};

Log::Log(const std::string& path, LogLevel level) : level_(level), process_(getpid()) {
    const std::string whole = whole_path(path);
    make_file(whole);
    try {
        file_ = std::make_unique<File>(std::make_shared<spdlog::sinks::basic_file_sink_mt>(whole));
    } catch (const spdlog::spdlog_ex& error) {
        cannot_write(whole, error.what());
    }
    // spdlog tells its own errors on the standard error otherwise, which is the application's.
    file_->logger.set_error_handler([](const std::string&) {});
    file_->logger.set_level(level_of(level));
    file_->logger.flush_on(spdlog::level::trace);
    file_->logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        "%Y-%m-%dT%H:%M:%S.%eZ %P %l %v", spdlog::pattern_time_type::utc));
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view text) noexcept {
    if (!wants(level) || getpid() != process_) return;
    try {
        std::string line(text);
        std::ranges::replace_if(
            line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
        file_->logger.log(level_of(level), line);
    } catch (...) {
        // The line is lost, the work is not.
    }
}

std::shared_ptr<Log> Logs::log(const std::string& path, LogLevel level) {
    std::string name = path;
    if (name.empty()) {
        const char* set = secure_getenv("MYFABRIC_LOG");
        name = set ? set : "";
        const std::string_view before = std::string_view(name).substr(0, name.find(':'));
        const auto known = std::ranges::find_if(
            names, [&](const auto& each) { return equal_ignoring_case(each.first, before); });
        if (before.size() < name.size() && known != names.end()) {
            level = known->second;
            name.erase(0, before.size() + 1);
        }
    }
    if (name.empty() || level == LogLevel::off) return nullptr;
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Log>& log = logs_[{getpid(), name, level}];
    if (!log) log = std::make_shared<Log>(name, level);
    return log;
}

}  // namespace myfabric
