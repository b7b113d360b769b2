// A time at which a link ends, whatever dribbles in: the client libraries count their timeouts anew
// with every byte.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "platform/socket.h"

namespace myfabric::mysql {

class LinkDeadline {
public:
    /// Starts a thread; none for 0.
    explicit LinkDeadline(std::chrono::milliseconds limit);
    ~LinkDeadline();
    LinkDeadline(const LinkDeadline&) = delete;
    LinkDeadline& operator=(const LinkDeadline&) = delete;

    /// The socket of the link, as soon as it is known; the first one counts.
    void watch(int socket);
    /// The time was up, and the socket was shut down.
    bool expired();

private:
    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    bool expired_ = false;
    platform::SocketCopy socket_;
};

}  // namespace myfabric::mysql
