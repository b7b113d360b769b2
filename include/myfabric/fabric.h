// The MySQL Fabric client of MyFabric as a C++ library (link with -lmyfabric); it needs no ODBC.
//
//     myfabric::Fabric farm("node1", 32274, "admin", "secret");
//     for (const myfabric::ServerInfo& server : farm.lookup_servers({"shop.orders"}, 42))
//         std::cout << server.address() << '\n';
//     farm.promote_server("shard1");
//
// The farm is described by a MySQL Fabric node (XML-RPC or its MySQL protocol), by fabric-sql on
// any MySQL or MariaDB server, or by a JSON farm file; FabricConfig::protocol says which. Looking
// up needs only the rights of the node's role `connector` (dump.* and threat.*), and is answered
// from a snapshot that is loaded once and kept for its time to live; the methods that change the
// farm need a role that may administer it, and a farm file refuses them.
//
// Needs C++20. All texts are UTF-8. Every failure is thrown as FabricError, whose code() says:
//   0           the farm cannot be reached or read, an argument cannot be meant, the farm's
//               description has no such group, table, key or usable server, or a node refused a
//               command with words alone
//   400, 401    XML-RPC: the node refused the user or the password (400: after a challenge)
//   403         XML-RPC: the user lacks the right to run the command
//   1           XML-RPC: the node failed inside the command
//   1000...1999 the errno of a server: 1044 and 1045 for a user or password that is refused, 1142,
//               1227 and 1370 for a missing right, 1644 for what fabric-sql refuses, and any
//               error of a statement
//   2000...     the errno of the MySQL client library: a link was refused (2002,
//               2003) or lost (2013)
// A command that the farm understood and refused has message() set to the farm's own words.
//
// Fabric is thread-safe, and its copies share one farm and one snapshot; only assigning to or
// destroying an object needs that no other thread uses it. FabricConnection belongs to one thread
// at a time. Calls that ask the farm wait for an answer, FabricConfig::connection_timeout at most
// for each node; looking up waits only for the first load.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#if defined(__GNUC__)
#define MYFABRIC_API __attribute__((visibility("default")))
#else
#define MYFABRIC_API
#endif

namespace myfabric {

/// How a connection uses a group: for reading (a secondary, the primary when there is none), or for
/// writing as well (the primary).
inline constexpr int MODE_READONLY = 1;
inline constexpr int MODE_READWRITE = 2;

/// The shard that a key belongs to, or the global group that feeds all shards of the tables.
inline constexpr const char* SCOPE_LOCAL = "LOCAL";
inline constexpr const char* SCOPE_GLOBAL = "GLOBAL";

/// The one exception type. what() is a whole sentence with the source's name and, where there is
/// one, the remedy.
class MYFABRIC_API FabricError : public std::runtime_error {
public:
    FabricError(const std::string& sentence, std::string message, std::string command, int code);
    FabricError(const FabricError&);
    FabricError& operator=(const FabricError&);
    ~FabricError() override;

    /// The node's own words, e.g. "GroupError: Group (g) already exists."; what() when it said
    /// none.
    const std::string& message() const noexcept { return message_; }
    /// The command that failed, e.g. "group.create"; empty when it was none.
    const std::string& command() const noexcept { return command_; }
    /// An HTTP status (401, 403), XML-RPC fault code (1), or errno of a MySQL server or client
    /// (1044, 2003); 0 when there is none.
    int code() const noexcept { return code_; }

private:
    std::string message_;
    std::string command_;
    int code_;
};

/// How to reach a farm.
struct FabricConfig {
    std::string host;   // "host", "host:port", "[::1]:port", a comma-separated list of nodes that
                        // are tried in turn; or the name of a farm file
    unsigned port = 0;  // of hosts without one; 0: 32274 (xmlrpc), 32275 (mysql)
    std::string user;   // Fabric's own user; empty: no authentication
    std::string password;
    std::string protocol = "xmlrpc";  // "xmlrpc", "mysql" (nodes and fabric-sql), "file"
    std::string ssl_ca;               // file names; any of the three turns HTTPS or TLS on
    std::string ssl_cert;
    std::string ssl_key;
    bool ssl_verify = true;            // check the node's certificate and name
    unsigned connection_timeout = 5;   // seconds for an answer; for a command that changes the farm
                                       // at least 60
    unsigned connection_attempts = 3;  // of the first load
    unsigned connection_delay = 1;     // seconds between them
    unsigned ttl = 0;                  // seconds a snapshot stays fresh; 0: as the node says
};

enum class ServerStatus : int { faulty = 0, spare = 1, secondary = 2, primary = 3 };
enum class ServerMode : int { offline = 0, read_only = 1, write_only = 2, read_write = 3 };

/// One server of a group. Nodes leave faulty servers out of what a connector may read.
struct ServerInfo {
    std::string uuid;
    std::string group;
    std::string host;
    unsigned port = 3306;
    double weight = 1.0;  // share among the servers that may be read from; above 0
    ServerStatus status = ServerStatus::secondary;
    ServerMode mode = ServerMode::read_only;

    /// "host:port"
    std::string address() const { return host + ":" + std::to_string(port); }
};

/// One shard of one table, or (SCOPE_GLOBAL) the global group of a table.
struct ShardingInfo {
    int shard_id = 0;          // 0 with SCOPE_GLOBAL
    std::string group_id;      // the group that holds the shard; with SCOPE_GLOBAL the global group
    std::string global_group;  // the group that feeds the shards
    std::string state;         // "ENABLED" or "DISABLED"; nodes list only enabled ones
    // "RANGE", "RANGE_INTEGER", "RANGE_STRING", "RANGE_DATETIME" or "HASH"
    std::string sharding_type;
    std::string sharding_key;  // the column that holds the key, by Fabric's name; see `column`
    std::string lower_bound;   // decimal, text, date, or 32 hex digits (HASH); "" with SCOPE_GLOBAL
    std::string schema;
    std::string table;
    std::string column;  // the column that holds the key
};

/// One value of a result set or one argument of a command; std::monostate is NULL.
using Value = std::variant<std::monostate, std::int64_t, double, bool, std::string>;

/// A result set with the names and the types of values that the source gave.
struct ResultSet {
    std::vector<std::string> names;
    std::vector<std::vector<Value>> rows;  // as many values as names each

    /// The value of a column in a row, null when there is no such column or row.
    const Value* find(std::size_t row, std::string_view name) const {
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] == name && row < rows.size()) return &rows[row][i];
        return nullptr;
    }
};

/// A shard key: text, an integer, a date, or a point in time (UTC, whole seconds).
///
///     using namespace std::chrono;
///     farm.lookup_servers({"shop.orders"}, year{2015} / June / 1);
class ShardKey {
public:
    ShardKey(std::string text) : text_(std::move(text)) {}
    ShardKey(std::string_view text) : text_(text) {}
    ShardKey(const char* text) : text_(text) {}
    template <class Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
    ShardKey(Integer number) : text_(std::to_string(number)) {}
    ShardKey(std::chrono::year_month_day date) : text_(date_text(date)) {}
    ShardKey(std::chrono::sys_seconds time)
        : text_(date_text(std::chrono::floor<std::chrono::days>(time)) + " " +
                time_text(time - std::chrono::floor<std::chrono::days>(time))) {}

    /// The key as Fabric compares it, e.g. "42", "2015-06-01 12:30:00".
    const std::string& text() const { return text_; }

private:
    static std::string padded(long number, std::size_t digits) {
        std::string text = std::to_string(number);
        return std::string(text.size() < digits ? digits - text.size() : 0, '0') + text;
    }
    static std::string date_text(std::chrono::year_month_day date) {
        return padded(static_cast<int>(date.year()), 4) + "-" +
               padded(static_cast<long>(static_cast<unsigned>(date.month())), 2) + "-" +
               padded(static_cast<long>(static_cast<unsigned>(date.day())), 2);
    }
    static std::string time_text(std::chrono::seconds of_day) {
        const long seconds = static_cast<long>(of_day.count());
        return padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" +
               padded(seconds % 60, 2);
    }

    std::string text_;
};

/// A farm. Methods may be called before connect(); the first one that needs the farm loads it, and
/// may throw as connect() does.
class MYFABRIC_API Fabric {
public:
    /// Throws for a host, port or protocol that cannot be meant; nothing is sent yet.
    explicit Fabric(FabricConfig config);
    explicit Fabric(std::string host, unsigned port = 0, std::string user = {},
                    std::string password = {});
    Fabric(const Fabric&);
    Fabric(Fabric&&) noexcept;
    Fabric& operator=(const Fabric&);
    Fabric& operator=(Fabric&&) noexcept;
    ~Fabric();

    /// Loads the farm's description, with `connection_attempts` tries. Throws when no node can be
    /// reached, for a user, password or right that the farm refuses, and for a farm file that
    /// cannot be read.
    void connect();
    /// Forgets what is known; the next call loads it again. Never throws.
    void disconnect() noexcept;
    /// Asks the farm one small question: true when connect() has been called, or implied, and the
    /// farm answers now. Takes `connection_timeout` at most per node. Never throws.
    bool is_connected() const noexcept;

    // ---- looking up: answered from the snapshot ----

    /// The servers of a group in the order of their addresses. Throws for an unknown group.
    std::vector<ServerInfo> get_group_servers(const std::string& group) const;
    /// The server that a new connection would use: the primary, or with MODE_READONLY a secondary
    /// drawn by weight. Throws when there is none, with the candidates and why each was left out.
    ServerInfo get_group_server(const std::string& group, int mode = MODE_READWRITE) const;
    /// The servers for a target, in the order in which a connection would try them. With `group` it
    /// is that group; else the group that holds `key` for all of the tables ("schema.table"), or
    /// their global group without a key. `mode` 0: all servers of the group, whatever their status.
    /// Throws for a table or key that the farm does not have, and for tables on different groups.
    std::vector<ServerInfo> lookup_servers(const std::vector<std::string>& tables,
                                           const std::optional<ShardKey>& key = std::nullopt,
                                           const std::string& group = {}, int mode = 0) const;
    /// The shards of the tables ("schema.table", without regard to case; none: of all tables) by
    /// table and lower bound. Throws for an unknown table or a scope other than LOCAL and GLOBAL.
    std::vector<ShardingInfo> get_sharding_information(
        const std::vector<std::string>& tables = {}, const std::string& scope = SCOPE_LOCAL) const;

    // ---- reporting: any connector may ----
    // Throws when the farm cannot be reached, and for a server that it does not know. A farm file
    // takes no reports: both throw.

    /// A vote that the server has failed: `code` is the client's errno (2003, 2013, ...). Harmless
    /// below the node's thresholds. The reporter is this machine's name.
    void report_error(const std::string& uuid, int code, const std::string& message = {});
    /// The node marks the server faulty at once, even a healthy one, and fails over if it was the
    /// primary.
    void report_failure(const std::string& uuid, int code = 2013);

    // ---- administration ----
    // Throws when the farm refuses: FabricError::message() has its words, e.g. "GroupError: Group
    // (g) already exists."; code() is 403 or an errno when the user may not administer the farm. A
    // farm file refuses all of them. Each goes to one node and is not repeated when its outcome is
    // unknown; the next lookup loads the farm anew. They wait for the node, 60 seconds at most or
    // `connection_timeout` when that is more.
    //
    //     farm.create_group("shard3", "customers from 5000000 on");
    //     farm.add_server("shard3", "db7:3306");
    //     farm.promote_server("shard3");

    /// Refused for a name that exists.
    void create_group(const std::string& group, const std::string& description = {});
    /// The group has to be empty, and no shard's; refused otherwise.
    void destroy_group(const std::string& group);
    /// Adds a running server ("host:port") as a secondary and sets its weight. Returns what the
    /// farm then knows of it. Refused for a server that is not reached by the node, or is in a
    /// group. `weight` is above 0.
    ServerInfo add_server(const std::string& group, const std::string& address,
                          double weight = 1.0);
    /// Finds the server's group itself; throws for a server that is in none. Refused for the
    /// primary, which has to be demoted first: execute("group.demote", {group}).
    void remove_server(const std::string& uuid);
    /// Makes a server the primary; without `uuid` the node chooses the most advanced secondary.
    /// Waits until the new primary has caught up. Refused without a candidate.
    void promote_server(const std::string& group, const std::string& uuid = {});
    /// `weight` is above 0. Refused for an unknown server.
    void set_server_weight(const std::string& uuid, double weight);

    /// Runs any command of the farm, e.g. execute("group.health", {"shard1"}), with its arguments
    /// in their order. Returns the command's result sets, zero to many, as the source sends them.
    /// execute("manage.list_commands") lists the commands; they are described in the MySQL
    /// Utilities and Fabric manual
    /// (https://dev.mysql.com/doc/mysql-utilities/1.6/en/fabric-create-ref.html) and, for
    /// fabric-sql, in its own documentation. A farm file answers those that look up. Throws as the
    /// administration does.
    std::vector<ResultSet> execute(const std::string& command,
                                   const std::vector<Value>& arguments = {});

    /// e.g. "http://127.0.0.1:32274"; never with a password.
    std::string name() const;
    /// Why the last refresh of the snapshot failed, while the one before goes on serving; empty
    /// after a success.
    std::string last_error() const;

private:
    friend class FabricConnection;
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// How to enter the servers of a farm, and which of them.
struct ConnectionConfig {
    std::string user;
    std::string password;
    std::string database;
    std::string ssl_ca;             // file name; given: TLS with the server's certificate checked
    unsigned connect_timeout = 10;  // seconds
    unsigned read_timeout = 0;      // seconds an answer may take; 0: without a limit
    unsigned attempts = 3;          // to get a usable server
    unsigned attempt_delay = 1;     // seconds between them
    std::string report_errors = "error";  // "no", "error" (a vote) or "failure" (fail over at once)

    std::string group;                // the target: a group ...
    std::vector<std::string> tables;  // ... or tables "schema.table"
    std::optional<ShardKey> key;      // ... and the key; without one, their global group
    int mode = MODE_READWRITE;
};

/// A connection to the server that a target leads to. It follows the farm: a failed server is
/// reported and replaced as the driver's connections do.
///
///     myfabric::ConnectionConfig config;
///     config.user = "app";
///     config.password = "secret";
///     config.tables = {"shop.orders"};
///     config.key = 42;
///     myfabric::FabricConnection connection(farm, config);
///     connection.connect();
///     connection.query("UPDATE shop.orders SET paid = 1 WHERE customer_id = 42");
class MYFABRIC_API FabricConnection {
public:
    FabricConnection(Fabric fabric, ConnectionConfig config);
    FabricConnection(FabricConnection&&) noexcept;
    FabricConnection& operator=(FabricConnection&&) noexcept;
    ~FabricConnection();

    /// Logs in at the target's server, with `attempts` tries. Throws for a target that leads
    /// nowhere, a login that is refused (code() is the errno, e.g. 1045), and when no server is
    /// usable.
    void connect();
    /// Closes the connection and those that are kept open for going back.
    void disconnect() noexcept;
    /// False also when the server is known to have closed the link; sends nothing.
    bool is_connected() const noexcept;
    /// Loads the farm's description now.
    void reset_cache();
    /// Changes `group`, `tables` (comma-separated), `key`, `scope`, `mode` (READONLY, READWRITE, 1,
    /// 2), `attempts` or `attempt_delay`; names without regard to case. Setting the group clears
    /// tables and key, setting tables clears the group. Takes effect at the next statement. Throws
    /// inside a transaction, and for an unknown name or a value that cannot be meant.
    void set_property(const std::string& name, const std::string& value);

    Fabric fabric() const;
    /// The group that the target led to; the configured one while there is no connection.
    std::string group() const;
    /// MODE_READONLY or MODE_READWRITE.
    int mode() const;
    /// Leaves the present server and goes to another one of the group that the mode allows; with
    /// MODE_READWRITE only the farm can name another primary. Throws when there is none, and inside
    /// a transaction.
    void failover();
    /// Of the server in use; empty without a connection.
    std::string get_server_uuid() const;
    /// The server in use; nothing without a connection.
    std::optional<ServerInfo> server() const;
    /// Tells the farm that the present server failed, as `report_errors` says: `code` is the
    /// client's errno. Does nothing with "no" or without a connection.
    void report_connection_error(int code, const std::string& message = {});
    /// Runs SQL on the target's server and returns its result sets whole. A statement whose fate is
    /// unknown after a failure is not repeated. Throws with the server's errno and text, e.g. 1064
    /// for a syntax error, 2013 for a lost link.
    std::vector<ResultSet> query(const std::string& sql);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace myfabric
