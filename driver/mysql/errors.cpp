#include "mysql/errors.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace myfabric::mysql {
namespace {

/// What is known about one errno. An empty state leaves the server's own.
struct Known {
    int number;
    std::string_view state;
    std::string_view while_connecting;  // empty: the same as `state`
    Cause cause;
};

constexpr Cause other = Cause::statement;
constexpr Cause refused = Cause::cannot_connect;
constexpr Cause full = Cause::turned_away;
constexpr Cause lost = Cause::link_lost;
constexpr Cause denied = Cause::denied;
constexpr Cause stopped = Cause::interrupted;

// clang-format off
constexpr Known known[] = {  // ascending
    {1008, "3D000", "",      other},   // can't drop database: it does not exist
    {1040, "08004", "08004", full}, // too many connections
    {1042, "08S01", "08004", refused}, // can't get hostname for your address
    {1043, "08S01", "08004", refused}, // bad handshake
    {1044, "",      "28000", denied},  // access denied to database
    {1045, "28000", "28000", denied},  // access denied
    {1046, "3D000", "",      other},   // no database selected
    {1047, "",      "",      Cause::not_ready},  // see cause_of()
    {1049, "3D000", "08004", other},   // unknown database
    {1053, "08S01", "08001", lost},    // server shutdown in progress
    {1061, "42S11", "",      other},   // duplicate key name
    {1062, "23000", "",      other},   // duplicate entry
    {1064, "42000", "",      other},   // syntax error
    {1077, "08S01", "08001", lost},    // normal shutdown
    {1078, "08S01", "08001", lost},    // got signal, aborting
    {1079, "08S01", "08001", lost},    // shutdown complete
    {1080, "08S01", "08001", lost},    // forcing close of thread
    {1091, "42S12", "",      other},   // can't drop: check that the column or key exists
    {1129, "08004", "08004", full}, // host is blocked because of many connection errors
    {1130, "08004", "08004", full},  // host is not allowed to connect
    {1146, "42S02", "",      other},   // no such table
    {1152, "08S01", "08001", lost},    // aborted connection
    {1158, "08S01", "08001", lost},    // error reading communication packets
    {1159, "08S01", "08001", lost},    // timeout reading communication packets
    {1160, "08S01", "08001", lost},    // error writing communication packets
    {1161, "08S01", "08001", lost},    // timeout writing communication packets
    {1176, "42S12", "",      other},   // the key does not exist in the table
    {1180, "",      "",      other},   // error during COMMIT; see cause_of()
    {1184, "08S01", "08001", lost},    // aborted connection
    {1203, "08004", "08004", full}, // the user has too many connections
    {1205, "HYT00", "",      stopped},   // lock wait timeout
    {1213, "40001", "",      Cause::transaction},   // deadlock
    {1251, "08004", "08004", other},   // client does not support authentication protocol
    {1265, "22018", "",      other},   // data truncated: the value does not fit the column's type
    {1290, "",      "",      Cause::read_only},  // see cause_of()
    {1295, "HYC00", "",      Cause::not_preparable},   // not supported in the prepared statement protocol
    {1317, "HY008", "",      stopped},   // query execution was interrupted
    {1353, "21S02", "",      other},   // a view's list has not as many columns as its SELECT
    {1364, "23000", "",      other},   // field has no default value
    {1369, "44000", "",      other},   // the view's CHECK OPTION failed
    {1524, "",      "08004", other},   // authentication plugin is not loaded
    {1698, "28000", "28000", denied},  // access denied, no password
    {1820, "",      "28000", denied},  // password has to be changed first
    {1836, "",      "",      Cause::read_only},  // running in read-only mode
    {1862, "28000", "28000", denied},  // password has expired
    {1927, "08S01", "08001", lost},    // connection was killed (MariaDB)
    {1969, "HYT00", "",      stopped},   // max_statement_time exceeded (MariaDB)
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
    {2050, "HY008", "",      stopped},   // row retrieval was cancelled
    {2054, "HYC00", "08001", other},   // not implemented in the client library
    {2055, "08S01", "08001", lost},    // connection lost at some step
    {2056, "HY007", "",      other},   // statement closed by another call
    {2057, "",      "",      Cause::columns_changed},  // of a prepared statement
    {2058, "08002", "08002", other},   // handle is already connected
    {2059, "08004", "08004", other},   // authentication plugin cannot be loaded
    {2061, "08004", "08004", other},   // authentication plugin reported an error
    {2068, "42000", "",      other},   // LOAD DATA LOCAL INFILE is not allowed
    {3024, "HYT00", "",      stopped},   // max_execution_time exceeded (MySQL)
    {3032, "08004", "08004", Cause::not_ready},         // server is in offline mode
    {3100, "",      "",      Cause::read_only},  // group replication refused the write
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

Cause cause_of(int number, std::string_view message) {
    const Known* row = find(number);
    if (!row) return Cause::statement;
    // Two errnos have several causes that only the message distinguishes.
    if (number == 1290 && !message.empty() && !has(message, "read-only") &&
        !has(message, "read_only"))
        return Cause::statement;  // --skip-grant-tables, --secure-file-priv...
    if (number == 1047 && !message.empty() && !has(message, "WSREP") && !has(message, "prepared"))
        return Cause::statement;  // a command that an old server does not know
    // A node of Galera that left the majority while it committed.
    if (number == 1180 && (has(message, "provider status") || has(message, "WSREP")))
        return Cause::link_lost;
    return row->cause;
}

/// Connector/C says 2002 of an error that came before TLS was agreed on, and quotes it.
static void unwrap(int& number, std::string_view& server_state, std::string& message) {
    constexpr std::string_view wrapper = "before completion of TLS handshake";
    constexpr std::string_view quote = "cannot be verified: ";
    if (number != 2002 || !has(message, wrapper)) return;
    const std::size_t at = message.find(quote);
    if (at == std::string::npos) return;
    int quoted = 0;
    const char* const begin = message.data() + at + quote.size();
    const auto [end, error] = std::from_chars(begin, message.data() + message.size(), quoted);
    if (error != std::errc{} || quoted <= 0) return;
    const std::string_view rest(end, message.data() + message.size());
    std::string text(rest.starts_with(" - ") ? rest.substr(3) : rest);
    number = quoted;
    server_state = {};
    message = std::move(text);
}

Error server_error(int number, std::string_view server_state, std::string message,
                   bool connecting) {
    constexpr int lost_connection = 2013;
    constexpr int tls = 2026;
    constexpr int gone = 2006;  // the command could not be handed over whole
    if (number == 0)
        return Error::from_server("HY000", 0, "the client library failed without saying why");
    unwrap(number, server_state, message);
    // Under TLS, Connector/C says of a lost connection that TLS failed.
    if (number == tls && !connecting) {
        number = lost_connection;
        message = "lost connection to the server during a query (" + message + ")";
    }
    const Cause cause = cause_of(number, message);
    const bool nothing_sent = connecting || number == gone || cause == Cause::cannot_connect;
    return Error::from_server(odbc_state(number, server_state, connecting), number,
                              std::move(message), cause, nothing_sent);
}

std::string odbc_state(int number, std::string_view server_state, bool connecting) {
    if (const Known* row = find(number)) {
        if (connecting && !row->while_connecting.empty()) return std::string(row->while_connecting);
        if (!row->state.empty()) return std::string(row->state);
    } else if (connecting && number >= 2000 && number < 3000) {
        return "08001";
    }
    // A server without SQLSTATEs says nothing, nor do "success" and the classes of warnings and of
    // no data, when they come with an error.
    if (server_state.size() != 5 || server_state < "03") return "HY000";
    return std::string(server_state);
}

Ended ended_statement(int number) {
    constexpr int shutdown = 1053, interrupted = 1317;
    return {number == shutdown, number == interrupted};
}

bool reported_to_fabric(int number) {
    constexpr int reported[] = {2002, 2003, 2004, 2006, 2013, 2055};
    return std::find(std::begin(reported), std::end(reported), number) != std::end(reported);
}

}  // namespace myfabric::mysql
