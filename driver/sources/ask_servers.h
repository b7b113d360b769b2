// Asks many servers at once over connections that are kept; no caller waits for a server that
// hangs.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mysql/connection.h"
#include "sources/cluster_kind.h"

namespace myfabric::sources {

/// Not thread-safe. Each server is asked in a thread that ends with the answer and may outlive this
/// object when the server hangs.
class AskServers {
public:
    using Clock = std::chrono::steady_clock;

    /// `login` is for every server. `stopped` ends the waiting.
    AskServers(const ClusterKind& kind, mysql::Login login, const std::atomic<bool>& stopped);
    /// Does not wait.
    ~AskServers();
    AskServers(const AskServers&) = delete;
    AskServers& operator=(const AskServers&) = delete;

    /// Asks all of `servers` at once, and returns when all have answered that did so the last time;
    /// after a second when any has; else after the login's connect_timeout. `others`: some server
    /// has answered in the same load already.
    std::vector<SeenServer> ask(const std::vector<topology::Endpoint>& servers,
                                bool others = false);
    /// Closes the connection to a server that is of no interest any more.
    void forget(const topology::Endpoint& server);

private:
    struct Board;
    struct Line;

    static void run(const std::shared_ptr<Board>& board, const std::shared_ptr<Line>& line,
                    bool all);
    static SeenServer seen(const Line& line, std::uint64_t round);
    void begin(const std::shared_ptr<Line>& line, std::uint64_t round);

    const ClusterKind& kind_;
    const mysql::Login login_;
    const std::atomic<bool>& stopped_;
    const std::shared_ptr<Board> board_;
    std::map<std::string, std::shared_ptr<Line>> lines_;  // by "host:port"
    std::uint64_t round_ = 0;
};

}  // namespace myfabric::sources
