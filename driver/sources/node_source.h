// A farm described by nodes, whatever carries their commands: what all such sources do.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "sources/dumps.h"
#include "sources/nodes.h"
#include "topology/command_kind.h"
#include "topology/source.h"

namespace myfabric::sources {

/// Asks the configured nodes in turn; one that failed is asked last for a while. A `Session` is one
/// node for a few calls in a row:
///
///     static constexpr unsigned default_port;
///     static std::string url(const FarmOptions&, const Endpoint&);
///     Session(const FarmOptions&, const Endpoint&, const std::atomic<bool>& stopped,
///             std::chrono::seconds time_limit);
///     Reply call(command, arguments);     // an error in the reply is the caller's
///     Reply execute(command, arguments);  // an error in the reply is thrown
///     void report(command, arguments);
///     bool may_have_run() const;          // after a failure
///     subject() const;                    // of messages
template <class Session>
class NodeSource final : public topology::Source,
                         public topology::Reporter,
                         public topology::Commands {
public:
    /// Throws Error 08001 for hosts that are none.
    explicit NodeSource(const topology::FarmOptions& options)
        : options_(options),
          nodes_(topology::parse_endpoints(options.hosts,
                                           options.port ? options.port : Session::default_port)) {}

    topology::Topology load() override {
        topology::Topology topology;
        read([&](const NodeReader& reader) { topology = dumps_.load(reader); });
        return topology;
    }

    bool may_have_changed() override {
        bool differ = true;
        read([&](const NodeReader& reader) { differ = dumps_.servers_differ(reader); });
        return differ;
    }

    void report(const topology::Report& report) override {
        nodes_.in_turn(stopped(), [&](const topology::Endpoint& node, bool&) {
            begin(node, topology::CommandKind::reports)
                .report(report.failure ? "threat.report_failure" : "threat.report_error",
                        {report.uuid, topology::reporter_name(report), report.error});
        });
    }

    topology::Reply execute(const std::string& command,
                            const std::vector<topology::Value>& arguments) override {
        const topology::CommandKind kind = topology::command_kind(command);
        topology::Reply reply;
        nodes_.in_turn(stopped(), [&](const topology::Endpoint& node, bool& last) {
            Session session = begin(node, kind);
            try {
                reply = session.execute(command, arguments);
            } catch (const Error&) {
                last = kind != topology::CommandKind::reads && session.may_have_run();
                throw;
            }
        });
        return reply;
    }

    std::string name() const override {
        std::string names;
        for (const topology::Endpoint& node : nodes_.endpoints())
            names += (names.empty() ? "" : ", ") + Session::url(options_, node);
        return names;
    }

    topology::Reporter* reporter() override { return this; }
    topology::Commands* commands() override { return this; }

private:
    /// `body(reader)` with the first node that answers.
    template <class Body>
    void read(Body&& body) {
        static const std::vector<topology::Value> everything{std::int64_t{0},  // version
                                                             std::string()};   // no pattern
        nodes_.in_turn(stopped(), [&](const topology::Endpoint& node, bool&) {
            Session session = begin(node, topology::CommandKind::reads);
            const NodeReader reader{
                [&](const char* command) { return session.call(command, everything); },
                session.subject()};
            try {
                body(reader);
            } catch (const topology::CommandFailed& failure) {
                throw Error::from_fabric(state::unable_to_connect, failure.message(),
                                         failure.native());
            }
        });
    }

    Session begin(const topology::Endpoint& node, topology::CommandKind kind) const {
        const std::chrono::seconds limit(std::max(1u, options_.connection_timeout));
        return {options_, node, stopped(),
                kind == topology::CommandKind::administers
                    ? std::max(limit, topology::command_timeout)
                    : limit};
    }

    const topology::FarmOptions options_;
    Nodes nodes_;
    Dumps dumps_;  // only used by what loads
};

}  // namespace myfabric::sources
