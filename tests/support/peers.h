// Servers and nodes that do what a test's scenario says, also what no honest one does
// (tests/hostile/peers.py), and certificates for them.
#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace myfabric::test {

/// One process for all peers of a test program, started at first use.
class Peers {
public:
    static Peers& get();

    /// Starts one: the port on which it listens. See mysql_peer.py and node_peer.py.
    int mysql(const nlohmann::json& scenario);
    int node(const nlohmann::json& scenario);
    /// What the peer at `port` has to tell, once its links have ended or the time is over.
    nlohmann::json told(int port, double seconds = 2.0);
    /// Any command of peers.py.
    nlohmann::json ask(const nlohmann::json& command);

private:
    Peers();
    ~Peers();

    int process_ = -1;
    std::FILE* to_ = nullptr;
    std::FILE* from_ = nullptr;
};

/// The folder with the certificates of tests/hostile/certificates.py, made at first use.
const std::string& certificates();

}  // namespace myfabric::test
