// Log files: what was decided and why, one line each, for people who look for a cause.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "platform/process.h"

namespace myfabric {

enum class LogLevel : unsigned char { off, error, warning, info, debug };

/// "off", "error", "warning", "info" or "debug", whatever the case; anything else is info.
LogLevel parse_log_level(std::string_view name) noexcept;

/// A line for people, or a JSON object a line for programs.
enum class LogFormat : unsigned char { text, json };

/// "12.345", as lines tell a time that something took; not negative.
std::string milliseconds(std::chrono::microseconds time);

/// What a line is about, besides its text. What is empty is left out. In lines for people the
/// connection, or else the source, stands in front of the text; the others are part of it anyway.
struct LogAbout {
    std::string connection;  // "shop#1"
    std::string source;      // of a farm's description
    std::string server;      // host:port
    std::string group;
    std::optional<int> shard;
    std::string mode;       // of the route: READWRITE
    std::string statement;  // without its values
    std::optional<std::chrono::microseconds> duration;
};

/// One file, which only its owner may read; lines are added to what it holds, by several processes
/// if need be. Thread-safe. A forked child does not write to its parent's: it might wait for a lock
/// that no thread releases.
class Log {
public:
    /// A "~/" in front of `path` is the user's home. Throws Error HY000 naming the file.
    Log(const std::string& path, LogLevel level, LogFormat format = LogFormat::text);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    bool wants(LogLevel level) const noexcept { return level != LogLevel::off && level <= level_; }
    /// Adds a line with the time in UTC, the process, the level and the text, whose line feeds
    /// become blanks; or {"time", "process", "level", "connection", "source", "server", "group",
    /// "shard", "mode", "statement", "duration_ms", "text"}. A full disk loses the line and nothing
    /// else.
    void write(LogLevel level, std::string_view text, const LogAbout& about = {}) noexcept;

private:
    struct File;

    LogLevel level_;
    LogFormat format_;
    platform::ProcessId process_;
    std::unique_ptr<File> file_;
};

/// The log files in use, one per process, name, level and format. Thread-safe.
class Logs {
public:
    /// Null when `path` is empty and MYFABRIC_LOG is not set either, or the level is off. The
    /// variable holds a file's name, or a level and a name: "debug:/tmp/my.log". Throws as Log
    /// does.
    std::shared_ptr<Log> log(const std::string& path, LogLevel level,
                             LogFormat format = LogFormat::text);

private:
    std::mutex mutex_;
    std::map<std::tuple<platform::ProcessId, std::string, LogLevel, LogFormat>,
             std::shared_ptr<Log>>
        logs_;
};

}  // namespace myfabric
