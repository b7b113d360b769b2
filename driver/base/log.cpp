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

std::string in_one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(
        line, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return line;
}

/// The bytes of one character at the start of `text`; 0 when it is not UTF-8.
std::size_t character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const std::size_t size = byte(0) < 0x80                       ? 1
                             : byte(0) >= 0xC2 && byte(0) < 0xE0  ? 2
                             : (byte(0) & 0xF0) == 0xE0           ? 3
                             : byte(0) >= 0xF0 && byte(0) <= 0xF4 ? 4
                                                                  : 0;
    if (size == 0 || size > text.size()) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    return size;
}

/// `"name":"text"`. What is not UTF-8 becomes a replacement character.
std::string json_member(std::string_view name, std::string_view text) {
    std::string json = "\"" + std::string(name) + "\":\"";
    while (!text.empty()) {
        const std::size_t size = character(text);
        if (size == 0) {
            json += "\xEF\xBF\xBD";
        } else if (size == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == '"' ||
                                 text[0] == '\\')) {
            constexpr char digits[] = "0123456789abcdef";
            json += "\\u00";
            json += digits[text[0] >> 4];
            json += digits[text[0] & 15];
        } else {
            json += text.substr(0, size);
        }
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return json + "\"";
}

std::string json_of(std::string_view text, const LogAbout& about) {
    std::string json;
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string_view>{"connection", about.connection},
          {"source", about.source},
          {"server", about.server},
          {"group", about.group},
          {"mode", about.mode},
          {"statement", about.statement}})
        if (!value.empty()) json += json_member(name, value) + ",";
    if (about.shard) json += "\"shard\":" + std::to_string(*about.shard) + ",";
    if (about.duration) json += "\"duration_ms\":" + milliseconds(*about.duration) + ",";
    return json + json_member("text", text);
}

std::string text_of(std::string_view text, const LogAbout& about) {
    const std::string& front = about.connection.empty() ? about.source : about.connection;
    return in_one_line(front.empty() ? std::string(text) : front + ": " + std::string(text));
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

std::string milliseconds(std::chrono::microseconds time) {
    const std::string fraction = std::to_string(time.count() % 1000);
    return std::to_string(time.count() / 1000) + "." + std::string(3 - fraction.size(), '0') +
           fraction;
}

Log::Log(const std::string& path, LogLevel level, LogFormat format)
    : level_(level), format_(format), process_(platform::process_id()) {
    const std::string whole = whole_path(path);
    try {
        platform::make_private_file(whole);
        file_ = std::make_unique<File>(std::make_shared<spdlog::sinks::basic_file_sink_mt>(whole));
    } catch (const std::exception& error) {
        cannot_write(whole, error.what());
    }
    // spdlog writes its own errors to the standard error otherwise, which is the application's.
    file_->logger.set_error_handler([](const std::string&) {});
    file_->logger.set_level(level_of(level));
    file_->logger.flush_on(spdlog::level::trace);
    file_->logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        format == LogFormat::json
            ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","process":%P,"level":"%l",%v})"
            : "%Y-%m-%dT%H:%M:%S.%eZ %P %l %v",
        spdlog::pattern_time_type::utc));
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view text, const LogAbout& about) noexcept {
    if (!wants(level) || platform::process_id() != process_) return;
    try {
        file_->logger.log(level_of(level),
                          format_ == LogFormat::json ? json_of(text, about) : text_of(text, about));
    } catch (...) {
        // The line is lost, the work is not.
    }
}

std::shared_ptr<Log> Logs::log(const std::string& path, LogLevel level, LogFormat format) {
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
    std::shared_ptr<Log>& log = logs_[{platform::process_id(), name, level, format}];
    if (!log) log = std::make_shared<Log>(name, level, format);
    return log;
}

}  // namespace myfabric
