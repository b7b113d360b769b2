// A link to a server that breaks where a test wants it to.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace myfabric::test {

/// Forwards connections from a port of its own to a server. Thread-safe. Commands are looked for
/// in the bytes that clients send, so the links have to be without TLS.
class Proxy {
public:
    explicit Proxy(int server_port);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    int port() const { return port_; }

    /// The next command that has `text` in it reaches the server; when the server has begun to
    /// answer, `reply_bytes` of the answer are let through and the link is cut.
    void cut_reply_of(const std::string& text, std::size_t reply_bytes = 0);
    /// The next command that has `text` in it reaches the server, and no byte comes back any more;
    /// the link stays.
    void silence_reply_of(const std::string& text);
    /// Nothing goes either way, and new links are accepted and left alone, until it is called with
    /// false.
    void freeze(bool on) { frozen_ = on; }
    /// Answers go to clients in pieces of at most so many bytes.
    void deliver_in_pieces(std::size_t bytes) { piece_ = bytes; }
    /// What a client sends within so long goes on together: turns() is right on a busy machine,
    /// too.
    void gather(std::chrono::milliseconds time) { gather_ = static_cast<int>(time.count()); }
    /// Cuts all links.
    void cut();
    /// What clients send goes on with `from` replaced by `to`, which is as long; empty: as it is.
    void alter(const std::string& from, const std::string& to);
    /// How often servers were waited for: answers that began after something had been sent.
    int turns() const { return turns_; }
    /// How often a command with `text` in it has gone to the server.
    int seen(const std::string& text) const;

private:
    struct Link;

    void accept();
    void forward(Link& link);
    bool takes(Link& link, bool from_client);

    int server_port_, listener_ = -1, port_ = 0;
    std::atomic<bool> stopping_{false}, frozen_{false};
    std::atomic<std::size_t> piece_{65536};
    std::atomic<int> turns_{0}, gather_{0};
    mutable std::mutex mutex_;
    std::string wanted_;
    std::size_t reply_bytes_ = 0;
    bool silent_ = false;
    std::string sent_;  // all that clients sent
    std::string altered_, into_;
    std::thread acceptor_;
    std::vector<std::thread> threads_;  // one a link
    std::vector<Link*> links_;
};

}  // namespace myfabric::test
