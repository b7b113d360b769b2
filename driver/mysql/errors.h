// The only place that interprets the errno of a server or of the client library.
#pragma once

#include <string>
#include <string_view>

namespace myfabric::mysql {

/// What an errno means for routing and failover.
enum class Meaning : unsigned char {
    other,             // an error of the statement: syntax, duplicate key, lock wait...
    cannot_connect,    // 2002, 2003, 2004, 2005, 1040: nothing was sent
    link_lost,         // 2006, 2013, 2055, 1053, 1077..1080, 1927, 4031...
    became_read_only,  // 1290 (read-only option), 1836, 3100
    not_ready,         // 1047 (Galera), 3032 (offline mode)
    access_denied,     // 1044, 1045, 1698, 1820...
};

Meaning meaning(int number, std::string_view message = {});

/// The SQLSTATE for an error: the server's own, or a better one where the server says HY000.
/// A client-library error (2000..2999) gets 08001 while connecting, 08S01 later, HYT00 ...
std::string odbc_state(int number, std::string_view server_state, bool connecting);

/// Errors that the Fabric reference clients report to the node: 2002, 2003, 2004, 2006, 2013, 2055.
bool reported_to_fabric(int number);

}  // namespace myfabric::mysql
