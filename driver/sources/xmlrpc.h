// A farm described by a MySQL Fabric node: XML-RPC over HTTP or HTTPS with digest authentication.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "sources/http.h"
#include "sources/node_source.h"
#include "topology/source.h"
#include "topology/values.h"

namespace myfabric::sources {

/// One node and its challenge, for a few calls in a row; never kept longer, because nodes forget
/// challenges. Calls share one deadline.
class XmlRpcSession {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr unsigned default_port = 32274;
    static std::string url(const topology::FarmOptions& options, const topology::Endpoint& node);

    /// `stopped` outlives the session.
    XmlRpcSession(const topology::FarmOptions& options, const topology::Endpoint& node,
                  const std::atomic<bool>& stopped, std::chrono::seconds time_limit);

    /// Runs one command, e.g. call("dump.servers", {0, ""}). A reply with an error is given as it
    /// is. Throws Unreachable, or Error 08001, 28000, 42000.
    topology::Reply call(const std::string& command, const std::vector<topology::Value>& arguments);
    /// As call(), but an error in the reply is thrown as Unreachable: the next node may know
    /// better.
    void report(const std::string& command, const std::vector<topology::Value>& arguments);

    /// As call(), for any command: what the node refuses is thrown as CommandFailed, and a command
    /// that changes something is sent once.
    topology::Reply execute(const std::string& command,
                            const std::vector<topology::Value>& arguments);

    /// After a failure: the command may have run.
    bool may_have_run() const { return may_have_run_; }

    /// "the Fabric node http://host:port ", the subject of messages.
    std::string subject() const { return "the Fabric node " + http_.url + " "; }

private:
    std::string exchange(const std::string& command, const std::string& xml, int attempts);
    [[noreturn]] void throw_failure(const HttpResponse& response) const;
    [[noreturn]] void throw_status(const HttpResponse& response, const std::string& command) const;

    const topology::FarmOptions& options_;
    HttpOptions http_;
    const std::atomic<bool>& stopped_;
    std::unique_ptr<HttpClient> client_;
    const std::chrono::seconds time_limit_;
    Clock::time_point deadline_;
    bool may_have_run_ = false;  // of the last exchange that failed
};

using XmlRpcSource = NodeSource<XmlRpcSession>;

}  // namespace myfabric::sources
