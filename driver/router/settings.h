// How a connection is made and goes about its work, and how that follows from its options.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/log.h"
#include "dsn/options.h"
#include "mysql/connection.h"
#include "router/server_session.h"
#include "topology/farm.h"
#include "topology/source.h"
#include "topology/target.h"

namespace myfabric::router {

class LiveLink;

/// What is reported to the farm about servers that cannot be reached.
enum class Reports : unsigned char { no, error, failure };

struct Settings {
    mysql::Login login;                    // host and port are the route's when there is a farm
    std::shared_ptr<topology::Farm> farm;  // null: `login` names the one server
    topology::Target target;
    std::shared_ptr<LiveLink> live;  // what other threads may touch; null: nothing
    LogIn log_in;                    // null: to a server; tests have others
    std::string init_statement;
    std::string variables;  // ", a=1, b=2": set in every session
    unsigned attempts = 3;
    unsigned attempt_delay = 1;       // seconds, jitter is added
    std::chrono::seconds max_age{5};  // of the snapshot that a statement may write by
    unsigned parked_servers = 8;
    std::chrono::seconds parked_timeout{60};
    unsigned stream_timeout = 600;  // seconds; the session's net_write_timeout
    Reports reports = Reports::error;
    std::shared_ptr<Log> log;               // null: nothing is written
    std::string log_name;                   // of the connection in the log
    unsigned max_lag = 0;                   // seconds; 0: not checked
    unsigned read_your_writes_timeout = 1;  // seconds that a read of Mode=AUTO waits; 0: none
};

/// The login for the one server of `options`, or for every server of its farm (host and port are
/// then replaced). Throws Error 08001 when its TLS versions exclude each other.
mysql::Login login(const dsn::Options& options);

/// Assignments for the SET of every new session: ", a=1, b=2", or nothing.
std::string variables(const dsn::Options& options);

/// Where the farm's description comes from. Meaningless without FabricHost.
topology::FarmOptions farm_options(const dsn::Options& options);

}  // namespace myfabric::router
