#include "router/server_session.h"

#include "mysql/errors.h"
#include "mysql/link.h"
#include "mysql/prepared_cache.h"
#include "mysql/replication.h"
#include "router/failover.h"

namespace myfabric::router {
namespace {

class MysqlSession final : public ServerSession {
public:
    explicit MysqlSession(const mysql::Login& login) {
        connection_ = std::make_shared<mysql::Connection>(login);
    }

    bool usable() const override { return connection_->alive() && !connection_->link_closed(); }
    bool alive() const override { return connection_->alive(); }
    bool in_transaction() const override { return connection_->in_transaction(); }
    bool autocommit() const override { return connection_->autocommit(); }
    bool backslash_escapes() const override { return connection_->backslash_escapes(); }
    std::uint64_t insert_id() const override { return connection_->insert_id(); }
    bool is_mariadb() const override { return connection_->is_mariadb(); }
    unsigned version() const override { return connection_->server_version_number(); }
    std::string tracked_position() const override { return mysql::tracked_position(*connection_); }
    std::uint64_t thread_id() const override { return connection_->thread_id(); }
    int socket() const override { return mysql::socket_of(*connection_); }
    bool is_kept_by_others() const override { return connection_.use_count() > 1; }
    std::string escape(std::string_view text) const override { return connection_->escape(text); }

    void execute(std::string_view sql) override { connection_->execute(sql); }
    void execute_all(const std::vector<std::string>& statements) override {
        connection_->execute_all(statements);
    }
    std::string query_value(std::string_view sql) override { return connection_->query_value(sql); }
    std::string literal_of(const std::string& expression) override {
        const auto rows = connection_->query("SELECT " + expression);
        if (!rows->next_row() || !rows->row().values[0]) return "NULL";
        const std::string text(rows->row().values[0], rows->row().lengths[0]);
        const results::Kind kind = rows->columns()[0].kind;
        const bool number =
            kind >= results::Kind::tinyint && kind <= results::Kind::double_precision;
        return number ? text : "'" + escape(text) + "'";
    }
    void forget_prepared() override { connection_->prepared_cache().clear(); }
    void select_database(const std::string& name) override { connection_->select_database(name); }
    void reset(const mysql::Login& login, const std::string& set) override {
        connection_->reset(login, set);
    }
    std::string written_position(bool synchronous) override {
        return mysql::written_position(*connection_, synchronous);
    }
    bool caught_up(const std::string& position, unsigned seconds) override {
        return mysql::caught_up(*connection_, position, seconds);
    }
    bool require_caught_up(const std::string& position, unsigned seconds) override {
        return mysql::require_caught_up(*connection_, position, seconds);
    }
    void settle() override { connection_->settle(); }
    std::optional<unsigned long> lag() override { return mysql::lag(*connection_); }
    void abandon() noexcept override { mysql::abandon(*connection_); }
};

}  // namespace

std::shared_ptr<ServerSession> log_in(const mysql::Login& login) {
    return std::make_shared<MysqlSession>(login);
}

bool ended_by_shutdown(const Error& error, ServerSession* session) {
    const mysql::Ended ended = mysql::ended_statement(error.native());
    if (ended.by_shutdown) return true;
    if (!ended.perhaps || error.cause() != Cause::interrupted || !session) return false;
    try {
        session->execute("DO 0");  // after KILL QUERY the session goes on
        return false;
    } catch (const Error& next) {
        return lost(next.cause());
    }
}

}  // namespace myfabric::router
