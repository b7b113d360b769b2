// The nodes of one farm, asked in turn; one that failed is asked last for a while.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "topology/source.h"

namespace myfabric::sources {

/// Thread-safe.
class Nodes {
public:
    explicit Nodes(std::vector<topology::Endpoint> endpoints)
        : endpoints_(std::move(endpoints)), aside_until_(endpoints_.size()) {}

    const std::vector<topology::Endpoint>& endpoints() const { return endpoints_; }

    /// Runs `attempt(endpoint, last)` with one node after the other until it does not throw an
    /// Error. It sets the bool `last` when no further node may be asked. CommandFailed ends it at
    /// once: the node works. Throws Unreachable when at least one failure may pass by itself, else
    /// Error, with the records of all nodes.
    template <class Attempt>
    void in_turn(const std::atomic<bool>& stopped, Attempt&& attempt) {
        std::vector<Record> records;
        bool may_pass = false;
        bool last = false;
        for (const std::size_t index : order()) {
            try {
                attempt(endpoints_[index], last);
                leave_aside(index, {});
                return;
            } catch (const topology::CommandFailed&) {
                leave_aside(index, {});
                throw;
            } catch (const Error& error) {
                may_pass |= dynamic_cast<const topology::Unreachable*>(&error) != nullptr;
                // What lasts, a wrong password for one, says more than a node that is down.
                const bool first =
                    !records.empty() && error.state() != state::unable_to_connect.code;
                records.insert(first ? records.begin() : records.end(), error.records().begin(),
                               error.records().end());
                leave_aside(index, Clock::now() + std::chrono::seconds(10));
            }
            if (last || stopped) break;
        }
        if (may_pass) throw topology::Unreachable(Error(std::move(records)));
        throw Error(std::move(records));
    }

private:
    using Clock = std::chrono::steady_clock;

    /// As configured, those that failed lately last.
    std::vector<std::size_t> order() const;
    void leave_aside(std::size_t index, Clock::time_point until);

    const std::vector<topology::Endpoint> endpoints_;
    mutable std::mutex mutex_;
    std::vector<Clock::time_point> aside_until_;  // per node
};

}  // namespace myfabric::sources
