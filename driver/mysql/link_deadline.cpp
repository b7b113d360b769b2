#include "mysql/link_deadline.h"

#include <system_error>

#include "platform/thread.h"

namespace myfabric::mysql {

LinkDeadline::LinkDeadline(std::chrono::milliseconds limit) {
    if (limit.count() == 0) return;
    const auto until = std::chrono::steady_clock::now() + limit;
    try {
        thread_ = platform::quiet_thread([this, until] {
            std::unique_lock lock(mutex_);
            if (changed_.wait_until(lock, until, [this] { return done_; })) return;
            expired_ = true;
            socket_.shut_down();
        });
    } catch (const std::system_error&) {
        // Without a thread the library's own timeouts have to do.
    }
}

LinkDeadline::~LinkDeadline() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void LinkDeadline::watch(int socket) {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable() || socket_) return;
    socket_ = platform::SocketCopy(socket);
    if (expired_) socket_.shut_down();
}

bool LinkDeadline::expired() {
    const std::lock_guard lock(mutex_);
    return expired_;
}

}  // namespace myfabric::mysql
