// A farm described over Fabric's MySQL protocol: by a Fabric node, or by fabric-sql on any server.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "mysql/connection.h"
#include "sources/call_text.h"
#include "sources/node_source.h"

namespace myfabric::sources {

/// One connection to one node, for a few calls in a row that share one deadline.
class MysqlSession {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr unsigned default_port = 32275;
    static std::string url(const topology::FarmOptions& options, const topology::Endpoint& node);

    /// Connects. Throws Unreachable, or Error 08001, 28000. `stopped` outlives the session.
    MysqlSession(const topology::FarmOptions& options, const topology::Endpoint& node,
                 const std::atomic<bool>& stopped, std::chrono::seconds time_limit);

    /// Runs one command. A reply with an error is given as it is. Throws Unreachable, CommandFailed
    /// for what the node refuses otherwise, Error 42000 for a missing right.
    topology::Reply call(const std::string& command, const std::vector<topology::Value>& arguments);
    /// As call(), but an error in the reply is thrown as CommandFailed.
    topology::Reply execute(const std::string& command,
                            const std::vector<topology::Value>& arguments);
    void report(const std::string& command, const std::vector<topology::Value>& arguments);

    /// After a failure: the command may have run.
    bool may_have_run() const { return may_have_run_; }
    /// "the Fabric node mysql://host:port ", the subject of messages.
    const std::string& subject() const { return subject_; }

private:
    topology::Reply run(const std::string& sql);
    std::vector<topology::ResultSet> read(results::Results& results);
    [[noreturn]] void throw_refusal(const Error& error, const std::string& command) const;
    [[noreturn]] void throw_overdue() const;

    const topology::FarmOptions& options_;
    const std::string subject_;
    const std::atomic<bool>& stopped_;
    const std::chrono::seconds time_limit_;
    const Clock::time_point deadline_;
    std::unique_ptr<mysql::Connection> connection_;
    Dialect dialect_ = Dialect::node;
    bool may_have_run_ = false;
};

using MysqlSource = NodeSource<MysqlSession>;

}  // namespace myfabric::sources
