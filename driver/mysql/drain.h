// Reading what is no longer wanted, so that the link is free: for a limited time only. Private to
// driver/mysql.
#pragma once

#include <chrono>
#include <optional>

#include "mysql/client_library.h"
#include "mysql/link_deadline.h"

namespace myfabric::mysql {

/// What the library has read from the socket and has not been taken yet.
bool bytes_read_ahead(MYSQL* handle) noexcept;

/// The next packet lies here, or begins to come before `until`. True where that cannot be known.
bool packet_comes_before(MYSQL* handle, std::chrono::steady_clock::time_point until) noexcept;

class Drain {
public:
    /// The driver asks the server to stop long before: this is for those that do not.
    static constexpr std::chrono::seconds usual_limit{4};

    explicit Drain(MYSQL* handle) : handle_(handle) {}

    enum class Next : unsigned char { row, result };

    /// Before each read. False when the time is over. A row that lies here already costs nothing;
    /// before the link may be waited for, a thread is started that ends the wait.
    bool may_read(Next next) noexcept;

    /// Reads and drops the answer to a command, whatever it has, of either protocol. False when its
    /// end was not found.
    bool skip_answer() noexcept;

private:
    using Clock = std::chrono::steady_clock;

    MYSQL* handle_;
    const Clock::time_point until_ = Clock::now() + usual_limit;
    std::optional<LinkDeadline> deadline_;
};

}  // namespace myfabric::mysql
