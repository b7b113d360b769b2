// A farm described by a MySQL Fabric node: XML-RPC over HTTP or HTTPS with digest authentication.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "fabric/http.h"
#include "fabric/source.h"
#include "fabric/values.h"

namespace myfabric::fabric {

/// One node and its challenge, for a few calls in a row; never kept longer, because nodes forget
/// challenges. Calls share one deadline.
class XmlRpcSession {
public:
    using Clock = std::chrono::steady_clock;

    /// `stopped` outlives the session.
    XmlRpcSession(const FarmOptions& options, const Endpoint& node,
                  const std::atomic<bool>& stopped);

    /// Runs one command, e.g. call("dump.servers", {0, ""}). A reply with an error is given as it
    /// is. Throws Unreachable, or Error 08001, 28000, 42000.
    Reply call(const std::string& command, const std::vector<Value>& arguments);
    /// As call(), but an error in the reply is thrown as 08001.
    Reply call_or_throw(const std::string& command, const std::vector<Value>& arguments);

    /// "the Fabric node http://host:port ", the subject of messages.
    std::string subject() const { return "the Fabric node " + http_.url + " "; }

private:
    std::string exchange(const std::string& command, const std::string& xml);
    [[noreturn]] void throw_trouble(const Answer& answer) const;
    [[noreturn]] void throw_status(const Answer& answer, const std::string& command) const;

    const FarmOptions& options_;
    HttpOptions http_;
    const std::atomic<bool>& stopped_;
    std::unique_ptr<HttpClient> client_;
    Clock::time_point deadline_;
};

/// Asks the configured nodes in turn; one that failed is asked last for a while.
class XmlRpcSource : public Source {
public:
    /// Throws Error 08001 for hosts that are none.
    explicit XmlRpcSource(const FarmOptions& options);

    Topology load() override;
    void report(const Report& report) override;
    std::string name() const override;

private:
    using Clock = std::chrono::steady_clock;

    Topology load_from(XmlRpcSession& session);
    std::vector<std::size_t> order() const;
    template <class Body>
    void with_node(Body&& body);

    const FarmOptions options_;
    const std::vector<Endpoint> nodes_;
    mutable std::mutex mutex_;
    std::vector<Clock::time_point> aside_until_;  // per node
    std::set<std::string> seen_groups_;           // only used by load()
};

}  // namespace myfabric::fabric
