// What answers at a server's address: found by the operating system and by the first bytes, where a
// client library's words leave open what went wrong.
#pragma once

#include <chrono>
#include <string>

namespace myfabric::setup {

enum class Answer : unsigned char {
    host_unknown,
    socket_missing,
    not_a_socket,
    permission,
    refused,
    no_route,
    none,          // no answer in time
    silent,        // the connection was taken, and nothing said in time
    not_a_server,  // the first bytes are not MySQL's protocol
    refusal,       // a server that says by its first packet why it refuses the login
    server,
};

struct Probe {
    Answer answer = Answer::none;
    std::string detail;       // the system's or the server's own words
    bool offers_tls = false;  // of a server
};

/// Connects, reads the greeting and closes again. `socket` goes before host and port when it is
/// given.
Probe probe_server(const std::string& host, unsigned port, const std::string& socket,
                   std::chrono::milliseconds time_limit);

/// What the first bytes of an answer mean. A pure function.
Probe read_greeting(const std::string& bytes);

}  // namespace myfabric::setup
