// Where a farm's description comes from: one interface, and the options that choose its maker.
#pragma once

#include <atomic>
#include <chrono>
#include <compare>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "topology/topology.h"
#include "topology/values.h"

namespace myfabric::topology {

enum class Protocol : unsigned char { xmlrpc, mysql, file, replication, galera, group_replication };

/// "xmlrpc", "mysql", "file", "replication", "galera", "group_replication" without regard to case.
/// Empty: xmlrpc. Throws Error 08001 for any other.
Protocol parse_protocol(std::string_view text);
std::string_view protocol_name(Protocol protocol);
/// Whether the servers of the farm are asked themselves, or may be: a farm file can name such
/// groups.
bool may_ask_servers(Protocol protocol);

/// How to reach a farm. Equal options share one cache.
struct FarmOptions {
    std::string hosts;  // "host", "host:port", "[::1]:port", a comma-separated list; or a file name
    unsigned port = 0;  // for hosts without one; 0: the protocol's default
    Protocol protocol = Protocol::xmlrpc;
    std::string user;
    std::string password;
    std::string ssl_ca;
    std::string ssl_cert;
    std::string ssl_key;
    bool ssl_verify = true;
    std::string ssl_mode;  // as the key SSLMode; empty: what the fields above call for
    // Where servers are asked themselves:
    std::string weights;               // "db1=2,db2:3307=0"
    std::string addresses;             // "reported:3306=reachable:3307"
    unsigned connection_timeout = 5;   // seconds for one load of the description
    unsigned connection_attempts = 3;  // of the first load
    unsigned connection_delay = 1;     // seconds between them
    unsigned ttl = 0;                  // seconds; 0: as the source says
    bool among_processes = false;      // the description is shared by the processes of a user

    FarmOptions() = default;
    FarmOptions(const FarmOptions&) = default;
    FarmOptions& operator=(const FarmOptions&) = default;
    ~FarmOptions() { wipe(password); }
    auto operator<=>(const FarmOptions&) const = default;
};

/// A digest by which options can be told apart, and that gives none of them away: they have
/// passwords in them. 32 bytes.
std::string digest_of(const FarmOptions& options);

/// Seconds that a farm's description stays fresh.
std::chrono::seconds fresh_for(const Topology& topology, const FarmOptions& options);

struct Endpoint {
    std::string host;
    unsigned port = 0;

    std::string text() const;  // "host:port", an IPv6 address in brackets
    bool operator==(const Endpoint&) const = default;
};

/// Throws Error 08001 for an empty list or a port that is none.
std::vector<Endpoint> parse_endpoints(std::string_view hosts, unsigned default_port);

/// A promotion waits until the new primary has caught up.
inline constexpr std::chrono::seconds command_timeout{60};

/// What a connection reports to the farm about a server that failed.
struct Report {
    std::string uuid;
    std::string reporter;  // empty: this machine's name
    std::string error;     // number or text
    bool failure = false;  // false: a vote; true: the node fails the server over at once
};

/// The report's reporter, or this machine's name.
std::string reporter_name(const Report& report);

/// An error that may pass by itself, so that another attempt is worth it.
struct Unreachable : Error {
    using Error::Error;
    explicit Unreachable(Error error) : Error(std::move(error)) {}
};

/// The farm understood a command and refused it. what() is one sentence with the source's name.
struct CommandFailed : Error {
    CommandFailed(Error error, std::string command_name, std::string farm_message)
        : Error(std::move(error)),
          command(std::move(command_name)),
          reason(std::move(farm_message)) {}

    std::string command;
    std::string reason;  // the farm's own words
};

/// Takes reports about servers that failed.
class Reporter {
public:
    virtual ~Reporter() = default;
    /// Throws as Source::load() does.
    virtual void report(const Report& report) = 0;
};

/// Runs the farm's own commands.
class Commands {
public:
    virtual ~Commands() = default;
    /// Runs any command, e.g. execute("group.health", {"shard1"}): zero to many result sets, with
    /// names and types as the source sends them. Reading commands take FabricConnectionTimeout at
    /// most, changing ones command_timeout. A changing command goes to one node only, unless that
    /// node surely did not run it. Throws CommandFailed when the farm refuses, HYC00 when this
    /// source has no such command, else as Source::load() does. Thread-safe.
    virtual Reply execute(const std::string& command, const std::vector<Value>& arguments) = 0;
};

/// Says what a farm is. Taking reports and running commands is for those that can.
class Source {
public:
    using Clock = std::chrono::steady_clock;

    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    /// The farm as it is now, with the `ttl` that the source wishes (0: none). Throws Unreachable,
    /// or Error 08001, 28000 (user or password), 42000 (missing right). Called by one thread at a
    /// time; reports and commands may run beside it.
    virtual Topology load() = 0;
    /// The same; a farm that was loaded by somebody else at `oldest` or later, and is fresh, will
    /// do: it comes with its load_time.
    virtual Topology load_since(Clock::time_point /*oldest*/) { return load(); }
    /// Whether load() may give other servers than it did the last time, by a look that costs less.
    /// Throws and is called as load().
    virtual bool may_have_changed() { return true; }
    /// Null: reports are of no interest.
    virtual Reporter* reporter() { return nullptr; }
    /// Null: there are none.
    virtual Commands* commands() { return nullptr; }
    /// Whether load() costs no more than a look at a file, so that there is no need to wait for
    /// news.
    virtual bool loads_at_once() const { return false; }
    /// Whether load() is to be called less often when it takes long: a node has few workers for
    /// everybody.
    virtual bool wants_rest() const { return true; }
    /// e.g. "http://127.0.0.1:32274", never with a password.
    virtual std::string name() const = 0;

    /// Makes running and later calls end soon, with Unreachable.
    virtual void stop() { stopped_ = true; }

protected:
    const std::atomic<bool>& stopped() const { return stopped_; }

private:
    std::atomic<bool> stopped_{false};
};

}  // namespace myfabric::topology
