// The driver's one exception type: one or more diagnostic records.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "base/sqlstate.h"

namespace myfabric {

/// Where a message comes from; it decides the prefix that an application sees.
enum class Origin : unsigned char { driver, server, fabric };

/// What an error means for the session in which it came up. Found once, where an Error is made
/// (mysql/errors for what a server or the client library says); numbers are compared nowhere else.
enum class Cause : unsigned char {
    driver,           // the driver's own word; the session is as it was
    statement,        // an error of the statement: syntax, duplicate key...
    interrupted,      // stopped: KILL QUERY, a time limit of the server's, a lock wait
    not_preparable,   // only the text protocol knows this statement
    columns_changed,  // the columns are others than when the statement was prepared
    denied,           // user, password or right
    read_only,        // the server takes no writes
    behind,           // a secondary lacks the connection's own writes; what it read was dropped
    // From here on the session, or its transaction, is concerned.
    transaction,     // the server rolled the transaction back: a deadlock
    not_ready,       // the server is up and does not serve now
    turned_away,     // a living server that takes no further login: too many connections
    cannot_connect,  // no answer; nothing was sent
    link_lost,
    session_lost,  // an error of class 08 or 40 that the driver makes itself, having dealt with it
};

/// Whether further commands of the same statement make no sense after it.
constexpr bool concerns_session(Cause cause) {
    return cause >= Cause::transaction;
}

/// One diagnostic record. `message` has no prefix yet: Diagnostics adds it in one place.
struct Record {
    std::string state;  // five characters, ODBC 3.x
    int native = 0;     // errno of the server or client library; 0 when there is none
    std::string message;
    Origin origin = Origin::driver;
    long long row = -2;  // SQL_ROW_NUMBER_UNKNOWN
    int column = -2;     // SQL_COLUMN_NUMBER_UNKNOWN
    Cause cause = Cause::driver;
    bool nothing_sent = false;  // the command reached no server, so it surely did not run
};

/// Thrown below odbc/. The first record decides; further ones (one per server tried, say) follow
/// it.
class Error : public std::exception {
public:
    /// `message` is a lower-case sentence naming the value that was wrong; empty: the state's text.
    explicit Error(const SqlState& state, std::string message = {}, int native = 0);
    explicit Error(std::vector<Record> records) : records_(std::move(records)) {}

    /// An error that the server or the client library reported, with its own SQLSTATE and errno.
    /// mysql/errors knows the cause.
    static Error from_server(std::string state, int native, std::string message,
                             Cause cause = Cause::statement, bool nothing_sent = false);
    /// An error that a Fabric node reported.
    static Error from_fabric(const SqlState& state, std::string message, int native = 0);

    const char* what() const noexcept override { return records_.front().message.c_str(); }
    std::string_view state() const { return records_.front().state; }
    int native() const { return records_.front().native; }
    const std::string& message() const { return records_.front().message; }
    Cause cause() const { return records_.front().cause; }
    bool nothing_sent() const { return records_.front().nothing_sent; }
    const std::vector<Record>& records() const& { return records_; }
    std::vector<Record>&& records() && { return std::move(records_); }

    /// Adds records after the first one.
    Error& also(const std::vector<Record>& more);
    bool is(const SqlState& other) const { return state() == other.code; }

private:
    std::vector<Record> records_;
};

}  // namespace myfabric
