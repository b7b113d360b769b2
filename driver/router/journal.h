// What the router reports: lines of the log, and notices for the application's next diagnostics.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"

namespace myfabric::router {

/// Not thread-safe.
class Journal {
public:
    /// `log`: null, nothing is written; `name`: of the connection.
    Journal(std::shared_ptr<Log> log, std::string name)
        : log_(std::move(log)), name_(std::move(name)) {}

    /// The server in use, for the lines to come; empty: none.
    void place(std::string server, std::string group) {
        server_ = std::move(server);
        group_ = std::move(group);
    }
    const std::string& server() const { return server_; }
    /// A line of the log, if there is one; `text()` is its end.
    template <class Text>
    void write(LogLevel level, Text&& text) const {
        if (log_ && log_->wants(level))
            log_->write(level, text(), {.connection = name_, .server = server_, .group = group_});
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
    std::string name_, server_, group_;
    std::vector<std::string> notices_;
};

}  // namespace myfabric::router
