// What the router reports: lines of the log, and notices for the application's next diagnostics.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"

namespace myfabric::router {

/// Not thread-safe.
class Journal {
public:
    /// `log`: null, nothing is written; `name`: of the connection.
    Journal(std::shared_ptr<Log> log, std::string name)
        : log_(std::move(log)), about_{.connection = std::move(name)} {}

    /// The server in use and the route that leads there, for the lines to come; what is empty is
    /// not known, or there is none.
    void place(std::string_view server, std::string_view group,
               std::optional<int> shard = std::nullopt, std::string_view mode = {}) {
        about_.server = server;
        about_.group = group;
        about_.shard = shard;
        about_.mode = mode;
    }
    const std::string& server() const { return about_.server; }
    bool wants(LogLevel level) const { return log_ && log_->wants(level); }
    /// A line of the log, if there is one; `text()` is its end.
    template <class Text>
    void write(LogLevel level, Text&& text) const {
        if (wants(level)) log_->write(level, text(), about_);
    }
    /// The same of something that took `duration`, of a statement perhaps.
    template <class Text>
    void write_timed(LogLevel level, std::chrono::microseconds duration, std::string statement,
                     Text&& text) const {
        if (!wants(level)) return;
        LogAbout about = about_;
        about.duration = duration;
        about.statement = std::move(statement);
        log_->write(level, text(), about);
    }
    /// Reports `text` to the application with its next diagnostics.
    void notice(std::string text) {
        write(LogLevel::warning, [&] { return text; });
        notices_.push_back(std::move(text));
    }
    bool has_notices() const { return !notices_.empty(); }
    std::vector<std::string> take_notices() { return std::exchange(notices_, {}); }

private:
    std::shared_ptr<Log> log_;
    LogAbout about_;
    std::vector<std::string> notices_;
};

}  // namespace myfabric::router
