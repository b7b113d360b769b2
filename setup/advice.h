// What a person can do about an error while connecting: a cause with a short name, and one thing to
// do.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "dsn/options.h"
#include "setup/probe.h"

namespace myfabric::setup {

/// `cause` is one word for programs ("database", "tls_not_offered"); it lives for ever.
struct Advice {
    std::string_view cause;
    std::string mend;
};

/// A server that one could not log in to.
struct Place {
    std::string name;  // host:port, or a socket file
    std::string keys;  // that name it
};

/// Of an error of the server's own, or of one of the client library's after which the server was
/// looked at.
Advice advise_server(const Error& error, const Probe& probe, const dsn::Options& options,
                     const Place& place);

/// True when the error does not show by itself what is wrong, so that it pays to look at the
/// server.
bool needs_probe(const Error& error);

/// Of an error of the farm's source, whose own message ends with "; what to look at".
Advice advise_farm(const Error& error, const dsn::Options& options);

/// Of an error that came from resolving the target.
Advice advise_target(const Error& error, const dsn::Options& options);

}  // namespace myfabric::setup
