// The single owner of the server connection: routes, connects, fails over, restores the session.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "fabric/farm.h"
#include "mysql/connection.h"
#include "router/failover.h"
#include "router/route.h"
#include "router/selector.h"
#include "router/session.h"

namespace myfabric::router {

/// What is reported to the farm about servers that cannot be reached.
enum class Reports : unsigned char { no, error, failure };

struct Settings {
    mysql::Login login;                  // host and port are the route's when there is a farm
    std::shared_ptr<fabric::Farm> farm;  // null: `login` names the one server
    Target target;
    std::string init_statement;
    unsigned attempts = 3;
    unsigned attempt_delay = 1;  // seconds, jitter is added
    unsigned parked_servers = 8;
    std::chrono::seconds parked_timeout{60};
    unsigned stream_timeout = 600;  // seconds; the session's net_write_timeout
    Reports reports = Reports::error;
};

/// What a command is, for the policy after a failure.
struct Purpose {
    Effect effect = Effect::write;
    bool plain_dml = false;  // INSERT, UPDATE, DELETE, REPLACE, SELECT: rolled back by a lost link
    bool needs_current_server = false;  // ends a transaction: nothing to do on another server
};

/// The server in use, as attributes and CALL fabric.server() show it.
struct Here {
    fabric::Server server;
    std::string group;
    std::optional<int> shard;
    std::chrono::system_clock::time_point since;
};

/// Not thread-safe but for cancel(): the connection handle's mutex guards it.
class Backend {
public:
    explicit Backend(Settings settings);
    ~Backend();

    /// Connects to the target's server. Throws Error 08001, 08004, 28000 with a record per try.
    void connect();
    void disconnect() noexcept;
    bool connected() const { return opened_; }

    /// Runs `body(connection)` on the target's server. After a failure it decides by next_step()
    /// whether the body runs again elsewhere or what the application is told.
    template <class Body>
    auto run(const Purpose& purpose, Body&& body) {
        for (unsigned attempt = 1;; ++attempt) {
            std::shared_ptr<mysql::Connection> connection = ready(purpose);
            try {
                return body(connection);
            } catch (const Error& error) {
                recover(error, purpose, attempt);  // throws unless the body is to run again
            }
        }
    }

    /// COMMIT or ROLLBACK. Throws 08007, 40001 as PRODUCT's failure section says.
    void end_transaction(bool commit);
    /// Tells that rows of a result could not be read to the end; throws 08S01 or 40001.
    [[noreturn]] void result_lost(const Error& error);

    /// Changes the target; it takes effect at the next statement. Throws HY011 in a transaction.
    void set_target(Target target);
    const Target& target() const { return settings_.target; }
    Settings& settings() { return settings_; }

    /// Changes the session and applies it at once when connected.
    void change_session(const std::function<void(SessionState&)>& change);
    const SessionState& session() const { return wanted_; }
    /// Takes over what a statement of the application did to the session by SQL text.
    void note_setting(std::string_view set_statement) {
        wanted_.remember(set_statement);
        applied_.settings = wanted_.settings;
    }
    void note_database(std::string database) {
        wanted_.database = std::move(database);
        applied_.database = wanted_.database;
    }
    void note_autocommit(bool on) { wanted_.autocommit = applied_.autocommit = on; }
    void note_unrestorable(const Unrestorable& state) { unrestorable_ |= state; }

    bool in_transaction() const;
    /// Null while there is no connection. Never waits.
    const std::shared_ptr<mysql::Connection>& connection() const { return connection_; }
    std::optional<Here> here() const;
    /// False when the server connection is known to be gone; a look at the socket, no waiting.
    bool usable() const;
    /// Texts for 01000 since the last call: moves to another server.
    std::vector<std::string> take_notices();
    bool has_notices() const { return !notices_.empty(); }

    /// Stops what the session runs, from any thread: KILL QUERY over a connection of its own.
    void cancel();

private:
    struct Parked {
        std::string address;
        std::shared_ptr<mysql::Connection> connection;
        SessionState state;
        std::chrono::steady_clock::time_point since;
    };

    std::shared_ptr<mysql::Connection> ready(const Purpose& purpose);
    void recover(const Error& error, const Purpose& purpose, unsigned attempt);
    void follow_topology();
    bool still_serves(const fabric::Topology& now, const Route& route);
    void reroute();
    void open(const SqlState& give_up_state);
    Choice choose();
    bool try_server(const fabric::Server& server, std::vector<Record>& records);
    void adopt(const fabric::Server& server, std::shared_ptr<mysql::Connection> connection,
               SessionState state);
    void park();
    bool take_parked(const fabric::Server& server);
    void drop_connection();
    void report(const fabric::Server& server, const Error& error);
    void wait();
    [[noreturn]] void throw_transaction_lost(const std::string& why);

    Settings settings_;
    SessionState wanted_;
    SessionState applied_;
    Unrestorable unrestorable_;

    std::shared_ptr<const fabric::Topology> topology_;  // what the present route came from
    Route route_;
    bool target_changed_ = false;
    bool opened_ = false;

    std::shared_ptr<mysql::Connection> connection_;
    std::optional<Here> here_;
    bool was_in_transaction_ = false;  // before the command that runs
    std::deque<Parked> parked_;
    std::vector<std::string> notices_;
    Random random_;

    std::mutex cancel_mutex_;
    mysql::Login cancel_login_;
    std::uint64_t cancel_thread_ = 0;
};

}  // namespace myfabric::router
