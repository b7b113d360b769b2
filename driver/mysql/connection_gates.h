// What other files of driver/mysql may do with a Connection beyond its public functions: one gate
// for each of its friends. Private to driver/mysql.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "mysql/connection.h"

namespace myfabric::mysql {

/// For calls of the client library.
class LibraryGate {
public:
    static NativeConnection* handle(const Connection& connection) noexcept {
        return connection.handle_;
    }
};

/// For results that arrive over the connection.
class ResultsGate {
public:
    /// The results that occupy the connection from now on, null when it is free.
    static void occupied_by(Connection& connection, results::Results* results) noexcept {
        connection.reader_ = results;
    }
    /// The columns of the last result of the text protocol.
    static ColumnCache& column_cache(Connection& connection) { return *connection.column_cache_; }
    /// Reads the rows of that result.
    static TextRows& text_rows(Connection& connection) { return *connection.text_rows_; }
    static unsigned text_bytes(const Connection& connection) { return connection.text_bytes_; }

    [[noreturn]] static void fail(Connection& connection) { connection.fail(); }
    [[noreturn]] static void fail_malformed(Connection& connection, std::string message) {
        connection.fail_malformed(std::move(message));
    }
};

/// For prepared statements.
class StatementGate {
public:
    /// Closes a statement as soon as the connection is free. Takes ownership.
    static void close_later(Connection& connection, NativeStatement* statement) noexcept {
        connection.close_later(statement);
    }
    static unsigned text_bytes(const Connection& connection) { return connection.text_bytes_; }
    /// Makes the connection free but for a condition that was sent ahead ...
    static void make_ready(Connection& connection, std::string_view statement) {
        connection.make_link_ready(statement);
    }
    /// ... and reads the answer to that when the statement's command has been sent. Throws as
    /// Connection::require() says. `skippable`: see Connection::hold_condition().
    static void hold_condition(Connection& connection, bool skippable = true) {
        if (connection.condition_) [[unlikely]]
            connection.hold_condition(skippable);
    }
    static void lose(Connection& connection) noexcept { connection.lose(); }
    /// A statement was prepared; `reads`: executing it by mistake would do no harm.
    static void prepared(Connection& connection, NativeStatement* statement, bool reads) noexcept {
        connection.last_prepared_ = statement;
        connection.last_may_write_ = !reads;
    }
    static void executes_nothing_at_once(Connection& connection) noexcept {
        connection.executes_at_once_ = false;
    }
    static bool reads_in_place(const Connection& connection) { return connection.reads_in_place_; }

    static Error failure(Connection& connection) { return connection.failure(); }
    static Error failure(Connection& connection, unsigned number, std::string_view state,
                         std::string message) {
        return connection.failure(number, state, std::move(message));
    }
    [[noreturn]] static void fail_malformed(Connection& connection, std::string message) {
        connection.fail_malformed(std::move(message));
    }
};

}  // namespace myfabric::mysql
