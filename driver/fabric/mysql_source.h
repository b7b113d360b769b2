// A farm described over Fabric's MySQL protocol: by a Fabric node, or by fabric-sql on any server.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "fabric/commands.h"
#include "fabric/dumps.h"
#include "fabric/mysql_call.h"
#include "fabric/nodes.h"
#include "fabric/source.h"
#include "mysql/connection.h"

namespace myfabric::fabric {

/// One connection to one node, for a few calls in a row that share one deadline.
class MysqlSession {
public:
    using Clock = std::chrono::steady_clock;

    /// Connects. Throws Unreachable, or Error 08001, 28000. `stopped` outlives the session.
    MysqlSession(const FarmOptions& options, const Endpoint& node, const std::atomic<bool>& stopped,
                 std::chrono::seconds time_limit);

    /// Runs one command. A reply with an error is given as it is. Throws Unreachable, CommandFailed
    /// for what the node refuses otherwise, Error 42000 for a missing right.
    Reply call(const std::string& command, const std::vector<Value>& arguments);
    /// As call(), but an error in the reply is thrown as CommandFailed.
    Reply execute(const std::string& command, const std::vector<Value>& arguments);

    /// After a failure: the command may have run.
    bool may_have_run() const { return may_have_run_; }
    /// "the Fabric node mysql://host:port ", the subject of messages.
    const std::string& subject() const { return subject_; }

private:
    Reply run(const std::string& sql);
    std::vector<ResultSet> read(mysql::Results& results);
    [[noreturn]] void throw_refusal(const Error& error, const std::string& command) const;
    [[noreturn]] void throw_overdue() const;

    const FarmOptions& options_;
    const std::string subject_;
    const std::atomic<bool>& stopped_;
    const std::chrono::seconds time_limit_;
    const Clock::time_point deadline_;
    std::unique_ptr<mysql::Connection> connection_;
    Dialect dialect_ = Dialect::node;
    bool may_have_run_ = false;
};

/// Asks the configured nodes in turn; one that failed is asked last for a while.
class MysqlSource : public Source {
public:
    /// Throws Error 08001 for hosts that are none.
    explicit MysqlSource(const FarmOptions& options);

    Topology load() override;
    void report(const Report& report) override;
    Reply execute(const std::string& command, const std::vector<Value>& arguments) override;
    std::string name() const override;

private:
    std::chrono::seconds limit(CommandKind kind) const;

    const FarmOptions options_;
    Nodes nodes_;
    Dumps dumps_;  // only used by load()
};

}  // namespace myfabric::fabric
