// One connection to one server: RAII over the client library's MYSQL handle.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/outcome.h"
#include "base/secret.h"
#include "results/results.h"

namespace myfabric::mysql {

/// The client library's MYSQL and MYSQL_STMT; the libraries' own struct names differ.
struct NativeConnection;
struct NativeStatement;
struct AnswerHead;
struct QueuedCommand;
class ColumnCache;
class PreparedCache;
class TextRows;
struct LocalFiles;

/// Whether a statement has the client send the file `name` (LOAD DATA LOCAL).
using NamesLocalFile = bool (*)(std::string_view sql, std::string_view name,
                                bool backslash_escapes);

/// How to reach and enter a server. Empty texts and zeros mean the client library's default.
struct Login {
    std::string host;
    unsigned port = 3306;
    std::string socket;  // used when set and the host is empty or "localhost"
    std::string user;
    std::string password;
    std::string database;
    std::string charset = "utf8mb4";
    unsigned connect_timeout = 0;  // seconds
    unsigned read_timeout = 0;
    unsigned write_timeout = 0;

    std::string ssl_mode;  // DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY
    std::string ssl_ca, ssl_capath, ssl_cert, ssl_key, ssl_cipher, ssl_crl, ssl_crlpath;
    std::string tls_versions;  // e.g. "TLSv1.2,TLSv1.3"
    std::string tls_key_passphrase;
    std::string tls_peer_fingerprint;       // of the server's certificate, hexadecimal
    std::string tls_peer_fingerprint_list;  // a file with one a line

    bool found_rows = true;  // row counts of UPDATE: rows found rather than rows changed
    bool multi_statements = false;
    bool compress = false;
    bool ignore_space = false;
    bool interactive = false;
    /// Which file a statement has the client send; null: the server gets none.
    NamesLocalFile names_local_file = nullptr;
    bool clear_text_plugin = false;
    bool expired_password = false;  // log in with one that can only be changed
    std::string plugin_dir, default_auth, server_public_key;
    bool get_server_public_key = false;  // ask the server for its RSA key
    unsigned prepared_statements = 32;   // kept for the next one with their text
    // Acknowledge what comes without the usual delay of 40 ms: for servers that send a reply in
    // pieces, and the next piece only when the last one is acknowledged (a Fabric node).
    bool acknowledge_at_once = false;
    bool plain_reader = true;  // rows are looked at where the client library has read them ahead
    std::string option_group_file;  // read the [client] and [odbc] groups of my.cnf when "yes"
    std::map<std::string, std::string> attributes;  // connection attributes, performance_schema
    results::Reading reading;                       // of every result of the connection

    Login() = default;
    Login(const Login&) = default;
    Login& operator=(const Login&) = default;
    ~Login() {
        wipe(password);
        wipe(tls_key_passphrase);
    }
};

/// Not thread-safe. A new command first buffers the rest of the results that are still being read.
class Connection {
public:
    /// Connects. Throws Error with the client library's errno: 08001, 28000 (1045), 08004, HYT00.
    explicit Connection(const Login& login);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Runs `sql` by the text protocol; its results stream.
    std::unique_ptr<results::Results> query(std::string_view sql) { return try_query(sql).take(); }
    /// The same; what the server says of `sql` is not thrown.
    Outcome<std::unique_ptr<results::Results>> try_query(std::string_view sql);
    /// Runs `sql` and drops its results.
    void execute(std::string_view sql);
    /// The same with several, none of which depends on another's success: on a plain link they are
    /// sent together, and answered in one round trip. Throws the first error; the others have run.
    void execute_all(const std::vector<std::string>& statements);
    /// The first value of the first row as text; empty for none or NULL.
    std::string query_value(std::string_view sql);

    /// Makes the connection free for a command: buffers the rest of what is being read. Throws
    /// Error 08S01 (2006) when the connection is no longer alive(). `statement`: what runs then, if
    /// it may have the client send a file.
    void make_ready(std::string_view statement = {}) {
        if (condition_) [[unlikely]]
            settle();
        make_link_ready(statement);
    }

    /// Sends a query whose one value shall be `expected`, and does not wait for it: the next
    /// command reads its answer first, and throws an Error of Cause::behind when it is another one,
    /// having dropped what it gave itself. False where that cannot be; then nothing was sent.
    /// Throws Error.
    bool require(std::string_view sql, std::string expected);
    /// Waits for the answer to that, if it was not read yet. Throws that Error.
    void settle();

    void select_database(const std::string& name);
    /// Brings the session to its state after login (COM_RESET_CONNECTION, or change_user), and runs
    /// `set`, a SET statement. After an Error the connection is still alive() where only that
    /// failed; on a plain link it is one round trip.
    void reset(const Login& login, const std::string& set);

    bool autocommit() const;      // by the last status that the server sent
    bool in_transaction() const;  // likewise
    /// False under the SQL mode NO_BACKSLASH_ESCAPES.
    bool backslash_escapes() const;
    /// False after an error that ended the connection.
    bool alive() const { return alive_; }
    /// True when the server has closed the link, or said its last word, while it was idle: a
    /// command sent now would surely not run. One poll of the socket; false while results are being
    /// read.
    bool link_closed() const;
    /// Results of it are being read.
    bool is_read() const { return reader_ != nullptr; }

    std::uint64_t thread_id() const;
    /// What the last command put into a column with AUTO_INCREMENT; 0: nothing.
    std::uint64_t insert_id() const;
    std::string server_version() const;      // "10.11.6-MariaDB-..."
    unsigned server_version_number() const;  // 101106, 50624
    bool is_mariadb() const;
    /// `text` with quotes and control characters escaped as this connection needs, without quotes.
    std::string escape(std::string_view text) const;

    /// Whether a statement can be prepared and executed in one round trip, `bytes` long with its
    /// values.
    bool can_execute_at_once(std::size_t bytes) const;
    /// Statements that are prepared on this session and not in use now.
    PreparedCache& prepared_cache() { return *prepared_cache_; }
    /// Greatest command in bytes that the server takes; asked for once.
    std::uint64_t longest_command();
    /// How the application wants results of this connection to be read.
    const results::Reading& reading() const { return reading_; }

private:
    friend class LibraryGate;
    friend class ResultsGate;
    friend class StatementGate;

    /// The library's current error; notes a lost connection.
    Error failure();
    /// Another error of this connection (a statement's) in the same way.
    Error failure(unsigned number, std::string_view server_state, std::string message);
    [[noreturn]] void fail() { throw failure(); }
    [[noreturn]] void fail(unsigned number, std::string_view server_state, std::string message) {
        throw failure(number, server_state, std::move(message));
    }
    /// The same for a packet that the server should not have sent (2027).
    [[noreturn]] void fail_malformed(std::string message);
    void close_later(NativeStatement* statement) noexcept;

    bool can_run_together(std::span<const QueuedCommand> commands) const;
    /// Sends all before it reads the first answer. Returns the Error of each, or null; throws what
    /// ends the connection.
    std::vector<std::exception_ptr> run_together(std::span<const QueuedCommand> commands);
    void make_link_ready(std::string_view statement);
    /// A command was sent after a condition: reads that one's answer, so that the command's is
    /// next. `skippable`: an answer that is of no use can be dropped; else the link ends then.
    void hold_condition(bool skippable);
    void change_user(const Login& login);
    /// Nothing more is read from the link or sent to it.
    void lose() noexcept;
    /// Sends `sql` and reads the head of its answer.
    AnswerHead ask(std::string_view sql);

    NativeConnection* handle_ = nullptr;
    results::Results* reader_ = nullptr;  // occupies the connection
    bool alive_ = true;
    bool acknowledge_at_once_ = false;
    /// The server executes what was prepared last without its number: MariaDB.
    bool executes_at_once_ = false;
    /// What that is, where preparing has failed before it began (too many statements): the one
    /// before, which may write.
    bool last_may_write_ = false;
    const NativeStatement* last_prepared_ = nullptr;
    std::unique_ptr<std::string> condition_;  // the expected answer to what was sent ahead
    const bool reads_in_place_;
    std::unique_ptr<LocalFiles> local_files_;  // null: none is sent
    unsigned text_bytes_ = 4;  // of the longest character in the session's character set
    results::Reading reading_;
    std::uint64_t longest_command_ = 0;
    std::vector<NativeStatement*> to_close_;
    std::unique_ptr<ColumnCache> column_cache_;
    std::unique_ptr<TextRows> text_rows_;
    std::unique_ptr<PreparedCache> prepared_cache_;
};

}  // namespace myfabric::mysql
