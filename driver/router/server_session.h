// A session on a server as the router sees it; tests have their own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "mysql/connection.h"

namespace myfabric::router {

/// Not thread-safe. Every function throws Error as mysql::Connection does, but for those that only
/// report what is known.
class ServerSession {
public:
    virtual ~ServerSession() = default;
    ServerSession() = default;
    ServerSession(const ServerSession&) = delete;
    ServerSession& operator=(const ServerSession&) = delete;

    /// What commands run on.
    const std::shared_ptr<mysql::Connection>& connection() const { return connection_; }

    // ---- what is known; nothing is sent
    /// False when the link is known to be gone; a look at the socket, no waiting.
    virtual bool usable() const = 0;
    virtual bool alive() const = 0;
    virtual bool in_transaction() const = 0;
    virtual bool autocommit() const = 0;
    /// False under the SQL mode NO_BACKSLASH_ESCAPES.
    virtual bool backslash_escapes() const = 0;
    virtual std::uint64_t insert_id() const = 0;
    virtual bool is_mariadb() const = 0;
    virtual unsigned version() const = 0;  // 101106, 50624
    /// See mysql::tracked_position().
    virtual std::string tracked_position() const = 0;
    virtual std::uint64_t thread_id() const = 0;
    virtual int socket() const = 0;  // -1: none
    /// Whether statements or results keep the connection.
    virtual bool is_kept_by_others() const = 0;
    virtual std::string escape(std::string_view text) const = 0;

    // ---- commands
    virtual void execute(std::string_view sql) = 0;
    /// The same with several, none of which depends on another's success. Throws the first error.
    virtual void execute_all(const std::vector<std::string>& statements) {
        for (const std::string& statement : statements) execute(statement);
    }
    virtual std::string query_value(std::string_view sql) = 0;
    /// The value of an expression as SQL has it: 1, 'text', NULL.
    virtual std::string literal_of(const std::string& expression) = 0;
    /// Texts that were prepared may mean something else now.
    virtual void forget_prepared() = 0;
    virtual void select_database(const std::string& name) = 0;
    /// As after a login; then runs `set`. No longer alive() where it could not be reset.
    virtual void reset(const mysql::Login& login, const std::string& set) = 0;
    virtual std::string written_position(bool synchronous) = 0;
    virtual bool caught_up(const std::string& position, unsigned seconds) = 0;
    /// See mysql::require_caught_up().
    virtual bool require_caught_up(const std::string& position, unsigned seconds) = 0;
    /// Whether that is unanswered still is found out. Throws Error of Cause::behind.
    virtual void settle() = 0;
    virtual std::optional<unsigned long> lag() = 0;

    /// In a forked child: the session is the parent's, whose server must hear nothing of its end.
    virtual void abandon() noexcept = 0;

protected:
    std::shared_ptr<mysql::Connection> connection_;
};

/// Begins a session. Throws Error as mysql::Connection's constructor does.
using LogIn = std::function<std::shared_ptr<ServerSession>(const mysql::Login&)>;
/// On a server.
std::shared_ptr<ServerSession> log_in(const mysql::Login& login);

/// Whether the server has ended a statement because it shuts down, as `error` and, where that may
/// mean something else, the session says. `session` may be null: then it is not asked.
bool ended_by_shutdown(const Error& error, ServerSession* session);

}  // namespace myfabric::router
