// A prepared statement that its owner and the results that are read from it share.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "mysql/connection.h"
#include "mysql/prepared.h"
#include "mysql/prepared_cache.h"

namespace myfabric::mysql {

/// Holds its session. When the last holder lets go, the statement stays prepared there for the next
/// one with its text.
class SharedPrepared {
public:
    /// The statement with that text which the session has kept, or else a new one. Throws Error.
    static std::shared_ptr<SharedPrepared> on(std::shared_ptr<Connection> session,
                                              std::string_view sql,
                                              Prepared::Kind kind = Prepared::Kind::writes) {
        std::unique_ptr<Prepared> kept = session->prepared_cache().take(sql);
        if (!kept) return anew(std::move(session), sql, kind);
        return std::make_shared<SharedPrepared>(std::move(session), std::move(kept), true);
    }
    /// Prepared now, whatever the session has kept.
    static std::shared_ptr<SharedPrepared> anew(std::shared_ptr<Connection> session,
                                                std::string_view sql,
                                                Prepared::Kind kind = Prepared::Kind::writes) {
        auto statement = std::make_unique<Prepared>(*session, sql, kind);
        return std::make_shared<SharedPrepared>(std::move(session), std::move(statement), false);
    }
    /// Executes `sql` on the session, and prepares it in the same round trip where that can be.
    /// `statement` is it then, even if executing it fails.
    static Prepared::Answer execute(std::shared_ptr<SharedPrepared>& statement,
                                    const std::shared_ptr<Connection>& session,
                                    std::string_view sql, Prepared::Kind kind,
                                    std::span<const results::Parameter> values,
                                    results::Counts& counts);
    /// Whether there is a reason to ask for the statement before it is executed.
    static bool executes_at_once(const Connection& session, std::string_view sql,
                                 std::span<const results::Parameter> values) {
        constexpr std::size_t most_of_one = 32;  // beside a text
        std::size_t bytes = sql.size() + most_of_one;
        for (const results::Parameter& value : values) bytes += value.bytes.size() + most_of_one;
        return session.can_execute_at_once(bytes);
    }

    SharedPrepared(std::shared_ptr<Connection> session, std::unique_ptr<Prepared> statement,
                   bool old)
        : session_(std::move(session)), statement_(std::move(statement)), old_(old) {}
    ~SharedPrepared() {
        if (!spoilt_ && session_->alive()) session_->prepared_cache().keep(std::move(statement_));
    }
    SharedPrepared(const SharedPrepared&) = delete;
    SharedPrepared& operator=(const SharedPrepared&) = delete;

    const std::shared_ptr<Connection>& session() const { return session_; }
    Prepared* operator->() const { return statement_.get(); }
    /// It was kept: its columns may have changed since it was prepared.
    bool is_old() const { return old_; }
    /// It is not to be kept.
    void spoil() { spoilt_ = true; }
    /// Neither it nor what else the session has kept: tables have changed.
    void spoil_all() {
        spoilt_ = true;
        session_->prepared_cache().clear();
    }

private:
    std::shared_ptr<Connection> session_;  // outlives statement_
    std::unique_ptr<Prepared> statement_;
    bool old_;
    bool spoilt_ = false;
};

inline Prepared::Answer SharedPrepared::execute(std::shared_ptr<SharedPrepared>& statement,
                                                const std::shared_ptr<Connection>& session,
                                                std::string_view sql, Prepared::Kind kind,
                                                std::span<const results::Parameter> values,
                                                results::Counts& counts) {
    std::unique_ptr<Prepared> known = session->prepared_cache().take(sql);
    const bool old = known != nullptr;
    if (!old && executes_at_once(*session, sql, values))
        known = std::make_unique<Prepared>(*session, sql, kind, values);
    else if (!old)
        known = std::make_unique<Prepared>(*session, sql, kind);
    statement = std::make_shared<SharedPrepared>(session, std::move(known), old);
    return (*statement)->executed(values, counts);
}

/// What results of `statement` hold: it, known by the address of its session.
inline std::shared_ptr<const void> lease_of(const std::shared_ptr<SharedPrepared>& statement) {
    return {statement, statement->session().get()};
}

}  // namespace myfabric::mysql
