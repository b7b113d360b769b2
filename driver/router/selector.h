// From a route to the servers to try, in their order.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "router/route.h"
#include "topology/topology.h"

namespace myfabric::router {

/// A small generator of random numbers (splitmix64), one per connection.
class Random {
public:
    using result_type = std::uint64_t;

    Random();  // seeded by the system
    explicit Random(std::uint64_t seed) : state_(seed) {}

    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
    result_type operator()();

private:
    std::uint64_t state_;
};

struct Choice {
    std::vector<topology::Server> servers;  // in the order to try them
    std::string why_not;     // when there is none: the candidates, why each was left out
    bool transient = false;  // there is none, but a failover may be going on: wait, refresh
};

/// Why commands of `mode` do not go to `server`: "is faulty"; null when they may.
const char* objection(const topology::Server& server, topology::Mode mode);

/// READWRITE: the primary. READONLY: the secondaries in a random order by weight, then the primary.
/// Servers for which `comes_last` holds go to the end. Never throws for want of a server.
Choice select(const topology::Topology& topology, const Route& route, Random& random,
              const std::function<bool(const topology::Server&)>& comes_last);

}  // namespace myfabric::router
