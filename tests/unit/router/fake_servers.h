// Servers of a test: sessions on them answer from what the test sets, and note what they were told.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "router/server_session.h"

namespace myfabric::router {

struct FakeServer {
    bool up = true;
    std::string position = "0-1-1";                           // of what was written
    std::string tracked;                                      // of it, with each answer
    bool has_caught_up = true;                                // for any position
    bool takes_conditions = false;                            // ahead of a command
    std::optional<unsigned long> lag = 0;                     // null: replication stands still
    std::optional<Error> failure;                             // of the next command
    bool ends_with_failure = false;                           // its process does
    std::map<std::string, std::string, std::less<>> answers;  // of query_value()
    std::function<std::string(std::string_view)> any_answer;  // where there is none of these
    int logins = 0;
    std::vector<std::string> ran;
};

class FakeSession final : public ServerSession {
public:
    FakeSession(std::shared_ptr<FakeServer> server, std::string database)
        : server_(std::move(server)), database_(std::move(database)) {}

    bool usable() const override { return alive_ && server_->up; }
    bool alive() const override { return alive_; }
    bool in_transaction() const override { return in_transaction_; }
    bool autocommit() const override { return autocommit_; }
    bool backslash_escapes() const override { return true; }
    std::uint64_t insert_id() const override { return insert_id_; }
    bool is_mariadb() const override { return true; }
    unsigned version() const override { return 101106; }
    std::string tracked_position() const override { return server_->tracked; }
    std::uint64_t thread_id() const override { return 0; }
    int socket() const override { return -1; }
    bool is_kept_by_others() const override { return false; }
    std::string escape(std::string_view text) const override { return std::string(text); }

    void execute(std::string_view sql) override {
        settle();
        if (!server_->up) {
            alive_ = false;
            throw Error::from_server("08S01", 2013, "lost connection", Cause::link_lost);
        }
        server_->ran.emplace_back(sql);
        if (server_->failure) {
            const Error failure = *std::exchange(server_->failure, std::nullopt);
            alive_ = failure.cause() != Cause::link_lost;
            server_->up = !server_->ends_with_failure;
            throw failure;
        }
        insert_id_ = sql.starts_with("INSERT") ? 7 : 0;
        if (sql == "BEGIN" || (!autocommit_ && sql.starts_with("INSERT"))) in_transaction_ = true;
        if (sql == "COMMIT" || sql == "ROLLBACK") in_transaction_ = false;
        if (sql.find("autocommit=1") != sql.npos) autocommit_ = true;
        if (sql.find("autocommit=0") != sql.npos) autocommit_ = false;
    }
    std::string query_value(std::string_view sql) override {
        execute(sql);
        const auto found = server_->answers.find(sql);
        if (found != server_->answers.end()) return found->second;
        return server_->any_answer ? server_->any_answer(sql) : std::string();
    }
    std::string literal_of(const std::string& expression) override {
        return "'" + expression + "'";
    }
    void forget_prepared() override {}
    void select_database(const std::string& name) override {
        database_ = name;
        execute("USE " + name);
    }
    void reset(const mysql::Login&, const std::string& set) override {
        execute("RESET");
        in_transaction_ = false;
        execute(set);
    }
    std::string written_position(bool) override { return server_->position; }
    bool caught_up(const std::string& position, unsigned) override {
        server_->ran.push_back("WAIT " + position);
        return server_->has_caught_up;
    }
    bool require_caught_up(const std::string& position, unsigned) override {
        if (!server_->takes_conditions) return false;
        server_->ran.push_back("AHEAD WAIT " + position);
        condition_ = true;
        return true;
    }
    void settle() override {
        if (!std::exchange(condition_, false) || server_->has_caught_up) return;
        Record behind = Error(state::general_error, "it is behind").records().front();
        behind.cause = Cause::behind;
        throw Error({behind});
    }
    std::optional<unsigned long> lag() override { return server_->lag; }
    void abandon() noexcept override {}

private:
    std::shared_ptr<FakeServer> server_;
    std::string database_;
    bool alive_ = true;
    bool condition_ = false;
    bool in_transaction_ = false;
    bool autocommit_ = true;
    std::uint64_t insert_id_ = 0;
};

/// By "host:port".
class FakeServers {
public:
    FakeServer& operator[](const std::string& address) {
        std::shared_ptr<FakeServer>& server = (*servers_)[address];
        if (!server) server = std::make_shared<FakeServer>();
        return *server;
    }
    LogIn log_in() {
        return [servers = servers_](const mysql::Login& login) -> std::shared_ptr<ServerSession> {
            const std::string address = login.host + ":" + std::to_string(login.port);
            std::shared_ptr<FakeServer>& server = (*servers)[address];
            if (!server) server = std::make_shared<FakeServer>();
            ++server->logins;
            if (!server->up)
                throw Error::from_server("08001", 2003, "nobody answers", Cause::cannot_connect,
                                         true);
            return std::make_shared<FakeSession>(server, login.database);
        };
    }

private:
    using ByAddress = std::map<std::string, std::shared_ptr<FakeServer>>;
    std::shared_ptr<ByAddress> servers_ = std::make_shared<ByAddress>();
};

}  // namespace myfabric::router
