#include "sources/mysql_source.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "mysql/errors.h"
#include "mysql/link.h"
#include "platform/thread.h"
#include "sources/read_sets.h"
#include "sources/xmlrpc_reply.h"

namespace myfabric::sources {
namespace {

// Errors of a server that has no such command, or not for this user.
constexpr int unknown_database = 1049;
constexpr int access_denied_to_database = 1044;
constexpr int unknown_command = 1106;
constexpr int command_denied = 1142;
constexpr int unknown_procedure = 1305;
constexpr int wrong_argument_count = 1318;
constexpr int procedure_denied = 1370;
constexpr int access_denied = 1227;
constexpr int read_only_server = 1290;  // a replica of fabric-sql: nothing ran there

bool tls(const topology::FarmOptions& options) {
    return !options.ssl_ca.empty() || !options.ssl_cert.empty() || !options.ssl_key.empty();
}

mysql::Login login(const topology::FarmOptions& options, const topology::Endpoint& node,
                   std::chrono::seconds limit) {
    mysql::Login login;
    login.host = node.host;
    login.port = node.port;
    login.user = options.user;
    login.password = options.password;
    login.acknowledge_at_once = true;
    login.connect_timeout = std::max(1u, options.connection_timeout);
    login.read_timeout = login.write_timeout = static_cast<unsigned>(limit.count());
    login.ssl_ca = options.ssl_ca;
    login.ssl_cert = options.ssl_cert;
    login.ssl_key = options.ssl_key;
    if (tls(options)) login.ssl_mode = options.ssl_verify ? "VERIFY_IDENTITY" : "REQUIRED";
    return login;
}

/// Breaks the link when time is up or the source is stopped; the library's own timeouts count from
/// the last byte that came.
class Watch {
public:
    Watch(const mysql::Connection& connection, std::chrono::steady_clock::time_point deadline,
          const std::atomic<bool>& stopped) {
        try {
            thread_ = platform::quiet_thread([this, &connection, &stopped, deadline] {
                std::unique_lock lock(mutex_);
                while (!done_ && !stopped && std::chrono::steady_clock::now() < deadline)
                    changed_.wait_for(lock, std::chrono::milliseconds(50));
                if (!done_) mysql::break_link(connection);
            });
        } catch (const std::system_error&) {
            // Without a thread the library's timeouts have to do.
        }
    }
    ~Watch() {
        {
            const std::lock_guard lock(mutex_);
            done_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::thread thread_;
};

}  // namespace

std::string MysqlSession::url(const topology::FarmOptions&, const topology::Endpoint& node) {
    return "mysql://" + node.text();
}

MysqlSession::MysqlSession(const topology::FarmOptions& options, const topology::Endpoint& node,
                           const std::atomic<bool>& stopped, std::chrono::seconds time_limit)
    : options_(options),
      subject_("the Fabric node " + url(options, node) + " "),
      stopped_(stopped),
      time_limit_(time_limit),
      deadline_(Clock::now() + time_limit) {
    try {
        connection_ = std::make_unique<mysql::Connection>(login(options, node, time_limit));
    } catch (const Error& error) {
        const std::string detail = ": " + error.message();
        switch (error.cause()) {
            case Cause::denied:
                throw Error::from_fabric(state::invalid_authorization,
                                         subject_ + "refused the Fabric user '" + options_.user +
                                             "' or its password" + detail +
                                             "; check FabricUser and FabricPassword",
                                         error.native());
            case Cause::cannot_connect:
            case Cause::turned_away:
            case Cause::link_lost:
                throw topology::Unreachable(Error::from_fabric(
                    state::unable_to_connect,
                    subject_ + "cannot be reached" + detail + "; check FabricHost and FabricPort",
                    error.native()));
            default:
                throw Error::from_fabric(
                    state::unable_to_connect,
                    subject_ + "cannot be used" + detail +
                        "; check FabricPort, and FabricSSLCA, FabricSSLCert, FabricSSLKey and "
                        "FabricSSLVerify",
                    error.native());
        }
    }
    dialect_ = dialect_of(connection_->server_version());
}

topology::Reply MysqlSession::call(const std::string& command,
                                   const std::vector<topology::Value>& arguments) {
    std::vector<topology::Value> given = arguments;
    may_have_run_ = false;
    const auto sql = [&] {
        return encode_sql_call(dialect_, command, given,
                               [&](std::string_view text) { return connection_->escape(text); });
    };
    try {
        try {
            return run(sql());
        } catch (const Error& error) {
            // Stored procedures have no optional parameters; Fabric's commands do.
            const std::size_t wanted =
                error.native() == wrong_argument_count ? wanted_arguments(error.message()) : 0;
            if (wanted <= given.size()) throw;
            given.resize(wanted);
            return run(sql());
        }
    } catch (const topology::CommandFailed&) {
        throw;
    } catch (const topology::Unreachable&) {
        throw;
    } catch (const Error& error) {
        if (error.native() == read_only_server) may_have_run_ = false;
        throw_refusal(error, command);
    } catch (const topology::MalformedReply& error) {
        throw Error::from_fabric(state::unable_to_connect, subject_ + error.what());
    }
}

topology::Reply MysqlSession::execute(const std::string& command,
                                      const std::vector<topology::Value>& arguments) {
    topology::Reply reply = call(command, arguments);
    if (reply.error.empty()) return reply;
    throw topology::CommandFailed(
        Error::from_fabric(state::general_error,
                           subject_ + "answered " + command +
                               " with an error: " + topology::first_line(reply.error)),
        command, reply.error);
}

void MysqlSession::report(const std::string& command,
                          const std::vector<topology::Value>& arguments) {
    execute(command, arguments);
}

topology::Reply MysqlSession::run(const std::string& sql) {
    if (stopped_ || Clock::now() >= deadline_) throw_overdue();
    const Watch watch(*connection_, deadline_, stopped_);
    may_have_run_ = true;
    const std::unique_ptr<results::Results> results = connection_->query(sql);
    return decode_sql_reply(read(*results));
}

std::vector<topology::ResultSet> MysqlSession::read(results::Results& results) {
    std::vector<topology::ResultSet> sets;
    read_sets(results, reply_limit, sets,
              [&](const results::Column& column, std::string_view text) {
                  return decode_cell(dialect_, column, text);
              });
    return sets;
}

void MysqlSession::throw_overdue() const {
    throw topology::Unreachable(Error::from_fabric(
        state::unable_to_connect,
        subject_ + (stopped_ ? "was not asked any more, the farm is being closed"
                             : "did not answer within " + std::to_string(time_limit_.count()) +
                                   (time_limit_ == topology::command_timeout
                                        ? " s"
                                        : " s (FabricConnectionTimeout)"))));
}

void MysqlSession::throw_refusal(const Error& error, const std::string& command) const {
    const bool lost = error.cause() == Cause::link_lost || error.cause() == Cause::cannot_connect;
    if (lost && (stopped_ || Clock::now() >= deadline_)) throw_overdue();
    if (lost)
        throw topology::Unreachable(Error::from_fabric(
            state::unable_to_connect,
            subject_ + "was lost while it answered " + command + ": " + error.message(),
            error.native()));
    switch (error.native()) {
        case access_denied_to_database:
        case command_denied:
        case procedure_denied:
        case access_denied:
            throw Error::from_fabric(state::syntax_error,
                                     subject_ + "gives the Fabric user '" + options_.user +
                                         "' no right to run " + command + ": " + error.message() +
                                         "; give it " + std::string(topology::role_for(command)),
                                     error.native());
        case read_only_server:
            throw Error::from_fabric(state::general_error,
                                     subject_ + "cannot run " + command + ": " + error.message() +
                                         "; name that server in FabricHost, too",
                                     error.native());
        case unknown_database:
        case unknown_command:
        case unknown_procedure:
            throw topology::CommandFailed(
                Error::from_fabric(state::general_error,
                                   subject_ + "has no command " + command + " (" + error.message() +
                                       "); a server of MySQL or MariaDB needs fabric-sql",
                                   error.native()),
                command, error.message());
        default:
            throw topology::CommandFailed(
                Error::from_fabric(
                    state::general_error,
                    subject_ + "answered " + command + " with an error: " + error.message(),
                    error.native()),
                command, error.message());
    }
}

}  // namespace myfabric::sources
