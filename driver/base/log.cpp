#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <algorithm>
#include <array>
#include <exception>

#include "base/error.h"
#include "base/text.h"
#include "platform/private_file.h"

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

std::string whole_path(const std::string& path) {
    return path.starts_with("~/") ? platform::home() + path.substr(1) : path;
}

[[noreturn]] void cannot_write(const std::string& path, const std::string& why) {
    throw Error(state::general_error, "the log file '" + path + "' cannot be written: " + why);
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

Log::Log(const std::string& path, LogLevel level)
    : level_(level), process_(platform::process_id()) {
    const std::string whole = whole_path(path);
    try {
        platform::make_private_file(whole);
        file_ = std::make_unique<File>(std::make_shared<spdlog::sinks::basic_file_sink_mt>(whole));
    } catch (const std::exception& error) {
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
    if (!wants(level) || platform::process_id() != process_) return;
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
        const char* set = platform::environment("MYFABRIC_LOG");
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
    std::shared_ptr<Log>& log = logs_[{platform::process_id(), name, level}];
    if (!log) log = std::make_shared<Log>(name, level);
    return log;
}

}  // namespace myfabric
