// What answers at a server's address: told by the operating system and by the first bytes, where a
// client library's words leave open what went wrong.
#pragma once

#include <chrono>
#include <string>

namespace myfabric::setup {

enum class Answer : unsigned char {
    host_unknown,
    socket_missing,
    permission,
    refused,
    no_route,
    none,          // nobody answered in time
    silent,        // somebody took the connection and said nothing in time
    not_a_server,  // the first bytes are not MySQL's protocol
    refusal,       // a server that says by its first packet why it lets nobody in
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

/// What the first bytes of whoever answered mean. A pure function.
Probe read_greeting(const std::string& bytes);

}  // namespace myfabric::setup
