// The cache of one farm's topology, shared by the connections of a process.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/log.h"
#include "topology/source.h"
#include "topology/topology.h"

namespace myfabric::topology {

/// What a process has done for one farm since it began with it.
struct FarmCounters {
    unsigned long long refreshes = 0;  // snapshots that were loaded
    unsigned long long node_calls =
        0;  // what the source was asked: loads, looks, commands, reports
    unsigned long long cache_hits = 0;  // askers who got a snapshot without waiting for the source
};

/// Thread-safe. After fork() the child starts with an empty cache; nothing is shared with the
/// parent.
class Farm {
public:
    using Maker = std::function<std::unique_ptr<Source>()>;
    using Clock = std::chrono::steady_clock;
    using Now = std::function<Clock::time_point()>;

    /// The source is made at once, and again in a forked child. `now` is the time by which the ages
    /// of snapshots count; a test sets it. Throws as `maker` does.
    Farm(const FarmOptions& options, Maker maker, Now now = Clock::now);
    /// Ends the background refresh, within about a second.
    ~Farm();
    Farm(const Farm&) = delete;
    Farm& operator=(const Farm&) = delete;

    Clock::time_point now() const { return now_(); }

    /// The newest snapshot. The first call waits for the source (FabricConnectionAttempts times)
    /// and throws its Error; later ones never wait: past the TTL one background refresh is started,
    /// and a file is looked at.
    std::shared_ptr<const Topology> topology();

    /// The same for what must not go by an old map: a snapshot whose load began at most `max_age`
    /// ago (the TTL counts where it is longer), or after this call. When the source cannot be
    /// reached, now or a moment ago, the last snapshot.
    std::shared_ptr<const Topology> topology(std::chrono::seconds max_age);
    /// The same: a snapshot whose load began at `oldest` or later.
    std::shared_ptr<const Topology> topology_since(Clock::time_point oldest);

    /// For evidence that `seen` is out of date: a snapshot whose load began after this call did,
    /// one load for all who wait. When the source cannot be reached, now or a second ago, the last
    /// snapshot.
    std::shared_ptr<const Topology> refresh(const Topology& seen);
    /// For one who can only go on with other servers than those of `seen`, the last snapshot that
    /// he got: the next one that the process has, after `longest` the same. Meanwhile the farm is
    /// looked at often, once for all who wait.
    std::shared_ptr<const Topology> newer_than(const Topology& seen, Clock::duration longest);

    /// Tells the farm about a failed server, in the background; a server is reported once a second
    /// at most. A failure to report is only noted in last_error().
    void report(const Report& report) noexcept;

    /// Runs one of the farm's commands as Source::execute() does, not from the snapshot. After a
    /// command that changed the farm the next topology() is loaded anew. Throws as
    /// Source::execute() does.
    Reply execute(const std::string& command, const std::vector<Value>& arguments);

    /// The last snapshot, if there is one. Never loads.
    std::shared_ptr<const Topology> last() const;
    /// The same for one who waits for a server that may be gone: past the TTL a refresh begins,
    /// also of a farm that answers slowly, which topology() asks less often. Never waits, but for
    /// a source that loads at once.
    std::shared_ptr<const Topology> look();
    /// Takes a snapshot of the same farm for the first, so that none has to be loaded while it is
    /// fresh. Only before the first use; one that is too old is left.
    void begin_with(std::shared_ptr<const Topology> snapshot);

    /// Where to write what is loaded, refused and reported. The first log stays.
    void log_to(const std::shared_ptr<Log>& log);
    /// Why the last refresh or report failed; empty after a success.
    std::string last_error() const;
    FarmCounters counters() const;
    /// Name of the source, e.g. "http://127.0.0.1:32274".
    std::string name() const;

    /// Servers that just failed are quarantined for a growing, jittered time (1 to 60 s).
    void quarantine(const std::string& address);
    bool is_quarantined(const std::string& address) const;
    void works_again(const std::string& address);

private:
    struct State;

    State& state() const;

    const FarmOptions options_;
    const Maker maker_;
    const Now now_;
    // Replaced, and the old one abandoned, in a forked child: its locks and threads are the
    // parent's.
    mutable std::atomic<State*> state_;
};

}  // namespace myfabric::topology
