#include "router/backend.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "base/text.h"
#include "mysql/errors.h"

namespace myfabric::router {
namespace {

using Clock = std::chrono::steady_clock;

bool lost(mysql::Meaning meaning) {
    return meaning == mysql::Meaning::link_lost || meaning == mysql::Meaning::cannot_connect;
}

bool same_servers(const std::vector<fabric::Server>& a, const std::vector<fabric::Server>& b) {
    return std::ranges::is_permutation(a, b, {}, &fabric::Server::address,
                                       &fabric::Server::address);
}

/// 2006: the command could not be handed to the server whole, so it did not run.
constexpr int server_gone = 2006;

}  // namespace

Backend::Backend(Settings settings) : settings_(std::move(settings)) {
    wanted_.database = settings_.login.database;
}

Backend::~Backend() {
    disconnect();
}

void Backend::connect() {
    open(state::unable_to_connect);
    opened_ = true;
}

void Backend::disconnect() noexcept {
    drop_connection();
    parked_.clear();
    opened_ = false;
}

bool Backend::in_transaction() const {
    return connection_ && connection_->alive() && connection_->in_transaction();
}

bool Backend::usable() const {
    return connection_ && connection_->alive() && !connection_->link_closed();
}

std::optional<Here> Backend::here() const {
    return here_;
}

std::vector<std::string> Backend::take_notices() {
    return std::exchange(notices_, {});
}

// ---- before a command ------------------------------------------------------------------------

std::shared_ptr<mysql::Connection> Backend::ready(const Purpose& purpose) {
    if (settings_.farm || target_changed_) follow_topology();
    if (!usable()) {
        const bool had_transaction =
            was_in_transaction_ || (connection_ && connection_->in_transaction());
        const bool had_connection = connection_ != nullptr;
        const std::string from = here_ ? here_->server.address() : std::string();
        drop_connection();
        was_in_transaction_ = false;
        if (had_transaction && purpose.effect != Effect::rollback)
            throw_transaction_lost("the link to " + from + " was lost inside the transaction");
        if (had_connection && unrestorable_.any()) {
            const std::string names = unrestorable_.names();
            unrestorable_ = {};
            throw Error(state::link_failure, "the link to " + from + " was lost, and with it " +
                                                 names + "; the connection is usable again");
        }
        if (!purpose.needs_current_server) open(state::link_failure);
    }
    was_in_transaction_ = connection_ && connection_->in_transaction();
    return connection_;
}

/// Goes to another server when the application changed the target, or when a newer snapshot no
/// longer gives the present server for it.
void Backend::follow_topology() {
    if (!settings_.farm) {
        target_changed_ = false;
        return;
    }
    if (!target_changed_ && !connection_) return;  // open() looks at the farm itself
    std::shared_ptr<const fabric::Topology> now = settings_.farm->topology();
    if (!target_changed_ && now == topology_) return;
    const Route route = resolve(*now, settings_.target, wanted_.database);
    if (connection_ && here_ && route.group == route_.group && route.mode == route_.mode) {
        if (still_serves(*now, route)) {
            topology_ = std::move(now);
            route_ = route;
            here_->shard = route.shard;
            target_changed_ = false;
            return;
        }
        if (!target_changed_ && in_transaction()) {
            const std::string address = here_->server.address();
            drop_connection();
            was_in_transaction_ = false;
            throw_transaction_lost("the farm no longer gives " + address + " for group '" +
                                   route.group + "'");
        }
    }
    reroute();
}

/// Whether the present server is one that `route` may use now. During a failover the farm lists no
/// primary at all: a server that is still listed may stay, one that is not has failed.
bool Backend::still_serves(const fabric::Topology& now, const Route& route) {
    const Choice choice = select(now, route, random_, [](const fabric::Server&) { return false; });
    const auto is_here = [&](const fabric::Server& server) {
        return server.address() == here_->server.address();
    };
    if (!choice.servers.empty()) {
        if (route.mode == Mode::read_only) return std::ranges::any_of(choice.servers, is_here);
        return is_here(choice.servers.front());
    }
    const std::vector<fabric::Server>* listed = now.group(route.group);
    return choice.transient && !target_changed_ && listed && std::ranges::any_of(*listed, is_here);
}

void Backend::reroute() {
    if (unrestorable_.any()) {
        notices_.push_back("leaving " + (here_ ? here_->server.address() : "the server") +
                           " loses its " + unrestorable_.names());
        drop_connection();
        unrestorable_ = {};
    } else {
        park();
    }
    target_changed_ = false;
    open(state::link_failure);
}

// ---- finding a server ------------------------------------------------------------------------

Choice Backend::choose() {
    if (!settings_.farm) {
        fabric::Server only;
        only.host = settings_.login.host.empty() ? "localhost" : settings_.login.host;
        only.port = settings_.login.port;
        only.status = fabric::Status::primary;
        only.mode = fabric::ServerMode::read_write;
        Choice choice;
        choice.servers.push_back(std::move(only));
        return choice;
    }
    route_ = resolve(*topology_, settings_.target, wanted_.database);
    return select(*topology_, route_, random_, [this](const fabric::Server& server) {
        return settings_.farm->is_aside(server.address());
    });
}

void Backend::open(const SqlState& give_up_state) {
    if (settings_.farm) topology_ = settings_.farm->topology();
    std::vector<Record> records;
    std::string why_not;
    bool transient = false;
    // A single server that refuses at first contact: the application is told at once.
    const bool first_contact = give_up_state.code == state::unable_to_connect.code;
    const unsigned attempts =
        !settings_.farm && first_contact ? 1 : std::max(1u, settings_.attempts);
    for (unsigned attempt = 1;; ++attempt) {
        std::optional<Choice> choice;
        try {
            choice = choose();
        } catch (const Error&) {
            // The snapshot may be older than the group or table: one look at the farm decides.
            if (attempt > 1) throw;
            topology_ = settings_.farm->refresh(*topology_);
            choice = choose();
        }
        for (const fabric::Server& server : choice->servers)
            if (take_parked(server) || try_server(server, records)) return;
        why_not = choice->why_not;
        transient = choice->transient || !choice->servers.empty();
        if (attempt >= attempts) break;
        if (!settings_.farm) {
            wait();
            continue;
        }
        topology_ = settings_.farm->refresh(*topology_);
        if (same_servers(choose().servers, choice->servers)) {
            wait();
            topology_ = settings_.farm->refresh(*topology_);
        }
    }
    if (records.empty()) throw Error(state::connection_rejected, why_not);
    const std::string what = settings_.farm
                                 ? "no server of group '" + route_.group + "' can be reached"
                                 : "the server cannot be reached";
    Error error(give_up_state,
                what + (attempts > 1 ? " after " + std::to_string(attempts) + " attempts" : "") +
                    (transient ? "" : "; " + why_not),
                records.front().native);
    error.also(records);
    throw error;
}

bool Backend::try_server(const fabric::Server& server, std::vector<Record>& records) {
    mysql::Login login = settings_.login;
    if (settings_.farm) {
        login.host = server.host;
        login.port = server.port;
        login.socket.clear();
    }
    login.database = wanted_.database;
    try {
        auto connection = std::make_shared<mysql::Connection>(login);
        SessionState present;
        present.database = wanted_.database;
        std::string first = "SET net_write_timeout=" + std::to_string(settings_.stream_timeout);
        connection->execute(first);
        if (!settings_.init_statement.empty()) connection->execute(settings_.init_statement);
        apply(*connection, wanted_, present);
        if (settings_.farm) settings_.farm->works_again(server.address());
        {
            std::lock_guard lock(cancel_mutex_);
            cancel_login_ = login;
        }
        adopt(server, std::move(connection), std::move(present));
        return true;
    } catch (const Error& error) {
        const mysql::Meaning meaning = mysql::meaning(error.native(), error.message());
        std::vector<Record> named = error.records();
        for (Record& record : named)
            if (record.message.find(server.address()) == std::string::npos)
                record.message = server.address() + ": " + record.message;
        // A server that answers: a wrong password or database is the same everywhere.
        if (!lost(meaning) && meaning != mysql::Meaning::not_ready) throw Error(std::move(named));
        records.insert(records.end(), named.begin(), named.end());
        if (settings_.farm) {
            settings_.farm->set_aside(server.address());
            report(server, error);
        }
        return false;
    }
}

void Backend::adopt(const fabric::Server& server, std::shared_ptr<mysql::Connection> connection,
                    SessionState state) {
    if (opened_ && here_ && here_->server.address() != server.address() && settings_.farm &&
        !connection_)
        notices_.push_back("the connection moved from " + here_->server.address() + " to " +
                           server.address());
    connection_ = std::move(connection);
    applied_ = std::move(state);
    here_ = Here{server, settings_.farm ? route_.group : std::string(),
                 settings_.farm ? route_.shard : std::nullopt, std::chrono::system_clock::now()};
    std::lock_guard lock(cancel_mutex_);
    cancel_thread_ = connection_->thread_id();
    if (settings_.farm) {
        cancel_login_.host = server.host;
        cancel_login_.port = server.port;
    }
}

// ---- parked sessions -------------------------------------------------------------------------

void Backend::park() {
    if (!connection_) return;
    const bool keep = settings_.parked_servers > 0 && usable() && !connection_->in_transaction();
    if (keep) parked_.push_back({here_->server.address(), connection_, applied_, Clock::now()});
    connection_.reset();
    here_.reset();
    while (parked_.size() > settings_.parked_servers) parked_.pop_front();
}

bool Backend::take_parked(const fabric::Server& server) {
    const auto oldest = Clock::now() - settings_.parked_timeout;
    std::erase_if(parked_, [&](const Parked& parked) {
        return parked.since < oldest || !parked.connection->alive() ||
               parked.connection->link_closed();
    });
    const auto found = std::ranges::find(parked_, server.address(), &Parked::address);
    if (found == parked_.end()) return false;
    Parked parked = std::move(*found);
    parked_.erase(found);
    try {
        apply(*parked.connection, wanted_, parked.state);
    } catch (const Error&) {
        return false;  // it died meanwhile; a new login decides
    }
    adopt(server, std::move(parked.connection), std::move(parked.state));
    return true;
}

void Backend::drop_connection() {
    std::lock_guard lock(cancel_mutex_);
    connection_.reset();
    cancel_thread_ = 0;
}

// ---- after a failure -------------------------------------------------------------------------

void Backend::recover(const Error& error, const Purpose& purpose, unsigned attempt) {
    Failure failure{mysql::meaning(error.native(), error.message()), error.native() == server_gone};
    Situation situation;
    situation.effect = purpose.effect;
    situation.in_transaction = was_in_transaction_;
    situation.rolled_back_alone = purpose.plain_dml && !applied_.autocommit;
    situation.farm = settings_.farm != nullptr;
    situation.unrestorable = unrestorable_.any();
    const Next next = next_step(failure, situation);
    if (next == Next::raise) throw;

    const std::string from = here_ ? here_->server.address() : std::string();
    drop_connection();
    was_in_transaction_ = false;
    const Unrestorable gone = std::exchange(unrestorable_, {});
    if (settings_.farm && !lost(failure.meaning)) topology_ = settings_.farm->refresh(*topology_);

    const auto tell = [&](const SqlState& state, const std::string& text) {
        Error told(state, text, error.native());
        told.also(error.records());
        return told;
    };
    switch (next) {
        case Next::done:
            return;
        case Next::transaction_lost:
            throw tell(
                state::serialization_failure,
                "the transaction on " + from +
                    " was rolled back because the server failed or changed its role; run it again");
        case Next::commit_unknown:
            throw tell(state::commit_unknown, "the link to " + from +
                                                  " was lost during COMMIT; whether it took "
                                                  "effect is unknown");
        case Next::outcome_unknown:
            try {
                open(state::link_failure);  // the next statement finds a usable connection
            } catch (const Error&) {
                // It will try again itself, and tell what is wrong.
            }
            throw tell(state::completion_unknown,
                       "the link to " + from +
                           " was lost before the server answered; whether the "
                           "statement took effect is unknown");
        case Next::state_lost:
            throw tell(state::link_failure, "the link to " + from + " was lost, and with it " +
                                                gone.names() + "; the connection is usable again");
        case Next::retry:
            if (attempt >= std::max(1u, settings_.attempts)) {
                if (!lost(failure.meaning)) throw;  // the server's own word: read-only after all
                throw tell(state::link_failure,
                           "the statement failed on " + std::to_string(attempt) + " servers");
            }
            if (!lost(failure.meaning)) wait();
            return;
        case Next::raise:
            throw;
    }
}

void Backend::throw_transaction_lost(const std::string& why) {
    throw Error(state::serialization_failure,
                why + "; the transaction was rolled back, run it again");
}

void Backend::result_lost(const Error& error) {
    const mysql::Meaning meaning = mysql::meaning(error.native(), error.message());
    if (!lost(meaning)) throw error;
    const bool transaction = was_in_transaction_ || (connection_ && connection_->in_transaction());
    const std::string from = here_ ? here_->server.address() : std::string();
    drop_connection();
    was_in_transaction_ = false;
    unrestorable_ = {};
    Error told(transaction ? state::serialization_failure : state::link_failure,
               "the link to " + from + " was lost before all rows were read" +
                   (transaction ? "; the transaction was rolled back, run it again"
                                : "; the connection is usable again"),
               error.native());
    told.also(error.records());
    throw told;
}

void Backend::end_transaction(bool commit) {
    if (!connection_) return;
    const Purpose purpose{commit ? Effect::commit : Effect::rollback, false, true};
    run(purpose, [&](const std::shared_ptr<mysql::Connection>& connection) {
        if (connection) connection->execute(commit ? "COMMIT" : "ROLLBACK");
    });
}

void Backend::report(const fabric::Server& server, const Error& error) {
    if (settings_.reports == Reports::no || server.uuid.empty() ||
        !mysql::reported_to_fabric(error.native()))
        return;
    fabric::Report report;
    report.uuid = server.uuid;
    report.error = std::to_string(error.native());
    report.failure = settings_.reports == Reports::failure;
    settings_.farm->report(report);
}

void Backend::wait() {
    if (settings_.attempt_delay == 0) return;
    std::uniform_real_distribution<double> jitter(0.9, 1.2);
    std::this_thread::sleep_for(
        std::chrono::duration<double>(settings_.attempt_delay * jitter(random_)));
}

// ---- target and session ----------------------------------------------------------------------

void Backend::set_target(Target target) {
    if (in_transaction())
        throw Error(state::attribute_cannot_be_set,
                    "the target cannot change inside a transaction; commit or roll back first");
    settings_.target = std::move(target);
    target_changed_ = true;
}

void Backend::change_session(const std::function<void(SessionState&)>& change) {
    SessionState changed = wanted_;
    change(changed);
    if (!opened_ || !connection_) {
        wanted_ = std::move(changed);
        return;
    }
    const SessionState before = std::exchange(wanted_, std::move(changed));
    try {
        run({Effect::read}, [&](const std::shared_ptr<mysql::Connection>& connection) {
            apply(*connection, wanted_, applied_);
        });
    } catch (...) {
        wanted_ = before;
        throw;
    }
}

void Backend::cancel() {
    mysql::Login login;
    std::uint64_t thread = 0;
    {
        std::lock_guard lock(cancel_mutex_);
        login = cancel_login_;
        thread = cancel_thread_;
    }
    if (thread == 0) return;
    login.database.clear();
    mysql::Connection(login).execute("KILL QUERY " + std::to_string(thread));
}

}  // namespace myfabric::router
