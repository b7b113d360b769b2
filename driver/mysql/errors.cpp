#include "mysql/errors.h"

#include <algorithm>
#include <iterator>

namespace myfabric::mysql {
namespace {

/// What is known about one errno. An empty state leaves the server's own.
struct Known {
    int number;
    std::string_view state;
    std::string_view while_connecting;  // empty: the same as `state`
    Meaning meaning;
};

constexpr Meaning other = Meaning::other;
constexpr Meaning refused = Meaning::cannot_connect;
constexpr Meaning lost = Meaning::link_lost;
constexpr Meaning denied = Meaning::access_denied;

// clang-format off
constexpr Known known[] = {  // ascending
    {1008, "3D000", "",      other},   // can't drop database: it does not exist
    {1040, "08004", "08004", refused}, // too many connections
    {1042, "08S01", "08004", refused}, // can't get hostname for your address
    {1043, "08S01", "08004", refused}, // bad handshake
    {1044, "",      "28000", denied},  // access denied to database
    {1045, "28000", "28000", denied},  // access denied
    {1046, "3D000", "",      other},   // no database selected
    {1047, "",      "",      Meaning::not_ready},  // see meaning()
    {1049, "3D000", "08004", other},   // unknown database
    {1053, "08S01", "08001", lost},    // server shutdown in progress
    {1062, "23000", "",      other},   // duplicate entry
    {1064, "42000", "",      other},   // syntax error
    {1077, "08S01", "08001", lost},    // normal shutdown
    {1078, "08S01", "08001", lost},    // got signal, aborting
    {1079, "08S01", "08001", lost},    // shutdown complete
    {1080, "08S01", "08001", lost},    // forcing close of thread
    {1129, "08004", "08004", refused}, // host is blocked because of many connection errors
    {1130, "08004", "08004", denied},  // host is not allowed to connect
    {1146, "42S02", "",      other},   // no such table
    {1152, "08S01", "08001", lost},    // aborted connection
    {1158, "08S01", "08001", lost},    // error reading communication packets
    {1159, "08S01", "08001", lost},    // timeout reading communication packets
    {1160, "08S01", "08001", lost},    // error writing communication packets
    {1161, "08S01", "08001", lost},    // timeout writing communication packets
    {1184, "08S01", "08001", lost},    // aborted connection
    {1203, "08004", "08004", refused}, // the user has too many connections
    {1205, "HYT00", "",      other},   // lock wait timeout
    {1213, "40001", "",      other},   // deadlock
    {1251, "08004", "08004", other},   // client does not support authentication protocol
    {1290, "",      "",      Meaning::became_read_only},  // see meaning()
    {1295, "HYC00", "",      other},   // not supported in the prepared statement protocol
    {1317, "HY008", "",      other},   // query execution was interrupted
    {1364, "23000", "",      other},   // field has no default value
    {1369, "44000", "",      other},   // the view's CHECK OPTION failed
    {1524, "",      "08004", other},   // authentication plugin is not loaded
    {1698, "28000", "28000", denied},  // access denied, no password
    {1820, "",      "28000", denied},  // password has to be changed first
    {1836, "",      "",      Meaning::became_read_only},  // running in read-only mode
    {1862, "28000", "28000", denied},  // password has expired
    {1927, "08S01", "08001", lost},    // connection was killed (MariaDB)
    {1969, "HYT00", "",      other},   // max_statement_time exceeded (MariaDB)
    {2000, "",      "08001", other},   // unknown error of the client library
    {2001, "08S01", "08001", refused}, // can't create a socket
    {2002, "08S01", "08001", refused}, // can't connect by socket
    {2003, "08S01", "08001", refused}, // can't connect by TCP
    {2004, "08S01", "08001", refused}, // can't create a TCP socket
    {2005, "08S01", "08001", refused}, // unknown host
    {2006, "08S01", "08001", lost},    // server has gone away
    {2007, "08S01", "08001", other},   // protocol mismatch
    {2008, "HY001", "HY001", other},   // out of memory
    {2009, "08S01", "08001", other},   // wrong host info
    {2012, "08S01", "08001", refused}, // error in server handshake
    {2013, "08S01", "08001", lost},    // connection lost during a query
    {2014, "HY010", "08001", other},   // commands out of sync
    {2019, "HY024", "08001", other},   // unknown character set
    {2020, "08S01", "08001", lost},    // got a packet larger than max_allowed_packet
    {2026, "08S01", "08001", lost},    // TLS error
    {2027, "08S01", "08001", lost},    // malformed packet
    {2030, "HY007", "",      other},   // statement not prepared
    {2031, "07002", "",      other},   // parameters not bound
    {2034, "07009", "",      other},   // invalid parameter number
    {2036, "HY004", "",      other},   // unsupported parameter type
    {2047, "08S01", "08001", other},   // wrong or unknown protocol
    {2048, "08003", "08001", other},   // invalid connection handle
    {2049, "08004", "08004", other},   // old authentication protocol refused
    {2050, "HY008", "",      other},   // row retrieval was cancelled
    {2054, "HYC00", "08001", other},   // not implemented in the client library
    {2055, "08S01", "08001", lost},    // connection lost at some step
    {2056, "HY007", "",      other},   // statement closed by another call
    {2058, "08002", "08002", other},   // handle is already connected
    {2059, "08004", "08004", other},   // authentication plugin cannot be loaded
    {2061, "08004", "08004", other},   // authentication plugin reported an error
    {2068, "42000", "",      other},   // LOAD DATA LOCAL INFILE is not allowed
    {3024, "HYT00", "",      other},   // max_execution_time exceeded (MySQL)
    {3032, "08004", "08004", Meaning::not_ready},         // server is in offline mode
    {3100, "",      "",      Meaning::became_read_only},  // group replication refused the write
    {3118, "28000", "28000", denied},  // account is locked (MySQL)
    {3819, "23000", "",      other},   // check constraint is violated (MySQL)
    {4031, "08S01", "08001", lost},    // closed by the server because of inactivity
    {4151, "28000", "28000", denied},  // account is locked (MariaDB)
    {4166, "42000", "",      other},   // LOAD DATA LOCAL INFILE is not allowed (MariaDB)
    {5012, "08004", "08004", other},   // plugin cannot be loaded (MariaDB Connector/C)
    {5013, "08S01", "08001", lost},    // error reading a packet
    {5014, "08S01", "08001", lost},    // error writing a packet
    {5015, "08S01", "08001", lost},    // error uncompressing a packet
};
// clang-format on

static_assert(std::is_sorted(std::begin(known), std::end(known),
                             [](const Known& a, const Known& b) { return a.number < b.number; }));

const Known* find(int number) {
    const Known* found = std::lower_bound(std::begin(known), std::end(known), number,
                                          [](const Known& k, int n) { return k.number < n; });
    return found != std::end(known) && found->number == number ? found : nullptr;
}

bool has(std::string_view message, std::string_view part) {
    return message.find(part) != message.npos;
}

}  // namespace

Meaning meaning(int number, std::string_view message) {
    const Known* row = find(number);
    if (!row) return Meaning::other;
    // Two errnos have several causes that only the message tells apart.
    if (number == 1290 && !message.empty() && !has(message, "read-only") &&
        !has(message, "read_only"))
        return Meaning::other;  // --skip-grant-tables, --secure-file-priv...
    if (number == 1047 && !message.empty() && !has(message, "WSREP") && !has(message, "prepared"))
        return Meaning::other;  // a command that an old server does not know
    return row->meaning;
}

std::string odbc_state(int number, std::string_view server_state, bool connecting) {
    if (const Known* row = find(number)) {
        if (connecting && !row->while_connecting.empty()) return std::string(row->while_connecting);
        if (!row->state.empty()) return std::string(row->state);
    } else if (connecting && number >= 2000 && number < 3000) {
        return "08001";
    }
    // A server without SQLSTATEs, or "success" together with an error, tells nothing.
    if (server_state.size() != 5 || server_state == "00000") return "HY000";
    return std::string(server_state);
}

bool reported_to_fabric(int number) {
    constexpr int reported[] = {2002, 2003, 2004, 2006, 2013, 2055};
    return std::find(std::begin(reported), std::end(reported), number) != std::end(reported);
}

}  // namespace myfabric::mysql
