// The only place that interprets the errno of a server or of the client library.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace myfabric::mysql {

/// What the server or the client library said, as an Error with SQLSTATE and cause. `connecting`:
/// it was said to a login. An error that the client library wraps in one of its own, because it
/// came before TLS was agreed on, is unwrapped. `number` 0: the library failed without an error.
Error server_error(int number, std::string_view server_state, std::string message, bool connecting);

/// What an errno means for routing and failover.
Cause cause_of(int number, std::string_view message = {});

/// The SQLSTATE for an error: the server's own, or a better one where the server says HY000.
/// A client-library error (2000..2999) gets 08001 while connecting, 08S01 later, HYT00 ...
std::string odbc_state(int number, std::string_view server_state, bool connecting);

/// Whether a server that answered so has ended the statement because it shuts down; or because
/// it was stopped by KILL; MySQL 5.6 says the same of its shutdown.
struct Ended {
    bool by_shutdown = false;
    bool perhaps = false;
};
Ended ended_statement(int number);

/// Errors that the Fabric reference clients report to the node: 2002, 2003, 2004, 2006, 2013, 2055.
bool reported_to_fabric(int number);

}  // namespace myfabric::mysql
