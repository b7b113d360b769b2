// Backend: which server serves a command, how it is reached, and the sessions kept on others.
#include <algorithm>
#include <utility>

#include "router/backend.h"
#include "router/replication.h"

namespace myfabric::router {
namespace {

using Clock = std::chrono::steady_clock;

// A secondary that is behind is not looked at again for a while; nor is the choice between servers
// that a moment ago were not fit.
constexpr auto left_behind = std::chrono::seconds(5);
constexpr auto lag_stays_true = std::chrono::seconds(1);

/// The different messages of `records`, one after the other.
std::string reasons_of(const std::vector<Record>& records) {
    std::string text;
    for (auto record = records.begin(); record != records.end(); ++record)
        if (std::ranges::find(records.begin(), record, record->message, &Record::message) == record)
            text += (text.empty() ? "" : "; ") + record->message;
    return text;
}

}  // namespace

bool Backend::same_servers(const std::vector<topology::Server>& a,
                           const std::vector<topology::Server>& b) {
    return std::ranges::is_permutation(a, b, {}, &topology::Server::address,
                                       &topology::Server::address);
}

// ---- where a command goes --------------------------------------------------------------------

/// Takes the target of the command at hand; true when the present route came from another one.
bool Backend::aim(const Purpose& purpose) {
    const topology::Mode mode = mode_for(purpose);
    const bool detour = purpose.target != nullptr;
    if (!detour && !detour_ && !target_changed_ && mode == aim_.mode) [[likely]]
        return false;
    aim_ = detour ? *purpose.target : settings_.target;
    aim_.mode = mode;
    detour_ = detour;
    target_changed_ = aim_ != routed_;
    return target_changed_;
}

/// What AUTO means for a command: plain reads outside of transactions go to a secondary, unless
/// what they may need is on the primary alone.
topology::Mode Backend::mode_for(const Purpose& purpose) {
    const topology::Mode mode = purpose.target ? purpose.target->mode : settings_.target.mode;
    if (mode != topology::Mode::automatic) return mode;
    if (!purpose.plain_read || !wanted_.autocommit || in_transaction())
        return topology::Mode::read_write;
    const bool state_at_home =
        unrestorable_.any() || std::ranges::any_of(parked_, [](const Parked& parked) {
            return parked.unrestorable.any();
        });
    return state_at_home || !know_position() ? topology::Mode::read_write
                                             : topology::Mode::read_only;
}

/// Asks the server of the connection's own writes where they stand. False when that cannot be
/// known now.
bool Backend::know_position() {
    OwnWrites& own = here_own();
    if (!own.wrote) return true;
    if (no_position_ || !usable() || !here_ || here_->server.status != topology::Status::primary)
        return false;
    // Who was replaced, and perhaps hangs, is asked for nothing.
    if (settings_.farm && !still_given(*settings_.farm->topology(), here_->group,
                                       topology::Mode::read_write, here_->server.address()))
        return false;
    try {
        own.position = written_position(*connection_, here_->server.synchronous);
    } catch (const Error&) {
        return false;  // the next command finds out what is wrong with the server
    }
    no_position_ = own.position.empty();
    if (no_position_)
        notice(here_->server.address() +
               " keeps no GTIDs, so reads after own writes stay on it; with "
               "ReadYourWritesTimeout=0 they go to a secondary without waiting");
    own.wrote = no_position_;
    return !no_position_;
}

/// Goes to another server when the command has another target, or when a newer snapshot no longer
/// gives the present server for it.
void Backend::follow(const Purpose& purpose) {
    if (purpose.stays && connection_) return;
    // A rollback is of the session that it runs on, whatever the farm says.
    if (purpose.effect == Effect::rollback && connection_) return;
    const bool elsewhere = aim(purpose);
    if (!connection_ && !detour_) return;  // open() looks at the farm itself
    std::shared_ptr<const topology::Topology> now =
        purpose.effect == Effect::read ? settings_.farm->topology()
                                       : settings_.farm->topology(settings_.max_age);
    away_ = detour_ && leads_away(*now);
    if (away_ && !wanted_.autocommit && !purpose.plain_read)
        throw Error(
            state::invalid_transaction_state,
            "autocommit is off, and a COMMIT would not reach the server of the hint; switch "
            "the target of the connection, or turn autocommit on");
    if (!connection_) return;
    const bool think =
        look_again_ != Clock::time_point::max() && Clock::now() >= look_again_ && !in_transaction();
    if (!elsewhere && now == topology_ && !think) return;
    Route route;
    try {
        route = resolve(*now, aim_, wanted_.database);
    } catch (const Error&) {
        // A farm that lost its memory is no reason to leave a transaction unfinished.
        if (elsewhere || !in_transaction()) throw;
        return;
    }
    if (here_ && route.group == route_.group && route.mode == route_.mode &&
        still_serves(*now, route) && (!think || fit_to_read(here_->server))) {
        topology_ = std::move(now);
        routed_ = aim_;
        route_ = route;
        here_->shard = route.shard;
        target_changed_ = false;
        settings_.live->aim(route_.group, route_.mode);
        if (elsewhere) log_route("the same session");
        if (applied_.autocommit != session_here().autocommit)
            apply(*connection_, session_here(), applied_);
        return;
    }
    if (in_transaction()) {
        const std::string address = here_ ? here_->server.address() : "the server";
        if (elsewhere)
            throw Error(state::invalid_transaction_state,
                        "the statement is to run in group '" + route.group +
                            "', but a transaction is open on " + address +
                            "; commit or roll back first");
        drop_connection();
        was_in_transaction_ = false;
        throw_transaction_lost("the farm no longer gives " + address + " for group '" +
                               route.group + "'");
    }
    if (elsewhere) ++counters_.switches;
    reroute();
}

/// Whether the command's own target is another than the connection's.
bool Backend::leads_away(const topology::Topology& now) const {
    const Route there = resolve(now, aim_, wanted_.database);
    Route home = resolve(now, settings_.target, wanted_.database);
    if (home.mode == topology::Mode::automatic)
        home.mode = wanted_.autocommit ? there.mode : topology::Mode::read_write;
    return there.group != home.group || there.mode != home.mode;
}

/// Whether the present server is one that `route` may use now. During a failover the farm lists no
/// primary at all: a server that is still listed may stay, one that is not has failed.
bool Backend::still_serves(const topology::Topology& now, const Route& route) {
    const Choice choice =
        select(now, route, random_, [](const topology::Server&) { return false; });
    const auto is_here = [&](const topology::Server& server) {
        return server.address() == here_->server.address() && !server.contested;
    };
    if (!choice.servers.empty()) {
        if (route.mode == topology::Mode::read_only)
            return std::ranges::any_of(choice.servers, is_here);
        return is_here(choice.servers.front());
    }
    const std::vector<topology::Server>* listed = now.group(route.group);
    return choice.transient && !target_changed_ && listed && std::ranges::any_of(*listed, is_here);
}

void Backend::reroute() {
    know_position();  // while its server is at hand
    park();
    open(state::link_failure);
}

/// Whether reads may be answered by the server just reached: not by one that is known to lag, and
/// with Mode=AUTO not by one that lacks the connection's own writes.
bool Backend::fit_to_read(const topology::Server& server) {
    if (!settings_.farm || aim_.mode != topology::Mode::read_only ||
        server.status == topology::Status::primary)
        return true;
    const auto leave = [&] {
        behind_[server.address()] = Clock::now() + left_behind;
        return false;
    };
    try {
        if (settings_.max_lag) {
            const std::optional<unsigned long> behind = lag(*connection_);
            if (!behind || *behind > settings_.max_lag) return leave();
        }
        if (!waits_for_own_writes()) return true;
        const OwnWrites& own = own_[route_.group];
        if (own.wrote) return leave();  // and nobody could say where
        if (own.position.empty() || reached_ == own.position) return true;
        if (!caught_up(*connection_, own.position, settings_.read_your_writes_timeout))
            return leave();
        reached_ = own.position;
        return true;
    } catch (const Error& error) {
        if (!lost(error.cause()) && !std::exchange(lag_told_, true))
            notice("whether " + server.address() +
                   " lags cannot be seen, so it is not read from: " + error.message() +
                   "; MaxLag needs the right REPLICATION CLIENT, on MariaDB SLAVE "
                   "MONITOR");
        return leave();
    }
}

bool Backend::waits_for_own_writes() const {
    return settings_.target.mode == topology::Mode::automatic &&
           settings_.read_your_writes_timeout > 0;
}

bool Backend::is_behind(const std::string& address) const {
    if (!settings_.max_lag && !waits_for_own_writes()) return false;
    const auto found = behind_.find(address);
    return found != behind_.end() && Clock::now() < found->second;
}

// ---- finding a server ------------------------------------------------------------------------

Choice Backend::choose() {
    if (!settings_.farm) {
        topology::Server only;
        only.host = settings_.login.host.empty() ? "localhost" : settings_.login.host;
        only.port = settings_.login.port;
        only.status = topology::Status::primary;
        only.mode = topology::ServerMode::read_write;
        Choice choice;
        choice.servers.push_back(std::move(only));
        return choice;
    }
    route_ = resolve(*topology_, aim_, wanted_.database);
    Choice choice = select(*topology_, route_, random_, [this](const topology::Server& server) {
        return server.address() == avoided_ || settings_.farm->is_aside(server.address());
    });
    // Among the secondaries the ones that this connection has a session on.
    if (route_.mode == topology::Mode::read_only && !parked_.empty())
        std::stable_partition(
            choice.servers.begin(), choice.servers.end(), [this](const topology::Server& server) {
                return server.status != topology::Status::primary && server.address() != avoided_ &&
                       !settings_.farm->is_aside(server.address()) && is_parked(server.address());
            });
    return choice;
}

void Backend::open(const SqlState& give_up_state) {
    if (settings_.farm) {
        topology_ = settings_.farm->topology(settings_.max_age);
        if (topology_->loaded < lost_at_) topology_ = settings_.farm->topology_since(lost_at_);
    }
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
        bool passed_over = false;
        for (const topology::Server& server : choice->servers) {
            if (is_behind(server.address()) && server.status != topology::Status::primary) {
                passed_over = true;
                continue;
            }
            const bool parked = take_parked(server);
            if (!parked && !try_server(server, records)) continue;
            if (fit_to_read(server)) {
                log_route(parked ? "a parked session" : "a new session");
                look_again_ = passed_over         ? Clock::now() + left_behind
                              : settings_.max_lag ? Clock::now() + lag_stays_true
                                                  : Clock::time_point::max();
                return;
            }
            passed_over = true;
            write_log(LogLevel::info, [&] { return server.address() + " lags too far behind"; });
            park();
        }
        why_not = choice->why_not;
        transient = choice->transient || !choice->servers.empty();
        if (attempt >= attempts) break;
        if (!settings_.farm) {
            wait();
            continue;
        }
        topology_ = settings_.farm->refresh(*topology_);
        if (same_servers(choose().servers, choice->servers)) wait_for_change(choice->servers);
    }
    if (records.empty()) throw Error(state::connection_rejected, why_not);
    const std::string what = settings_.farm
                                 ? "no server of group '" + route_.group + "' can be reached"
                                 : "the server cannot be reached";
    // A server that lives and takes no more logins says so itself.
    const auto full = std::ranges::find(records, Cause::turned_away, &Record::cause);
    if (full != records.end()) {
        std::rotate(records.begin(), full, full + 1);
        throw Error(std::move(records));
    }
    // Many programs show the first record only, so it has each server's reason.
    const bool too_late = std::ranges::all_of(
        records, [](const Record& record) { return record.state == state::timeout.code; });
    Error error(too_late ? state::timeout : give_up_state,
                what + (attempts > 1 ? " after " + std::to_string(attempts) + " attempts" : "") +
                    (transient ? "" : "; " + why_not) + ": " + reasons_of(records),
                records.front().native);
    error.also(records);
    throw error;
}

/// One line for each decision where commands go.
void Backend::log_route(std::string_view how) const {
    write_log(LogLevel::info, [&] {
        std::string line = "goes to " + here_->server.address();
        if (!settings_.farm) return line;
        line += " of group '" + route_.group + "'";
        if (route_.shard) line += ", shard " + std::to_string(*route_.shard);
        return line + ", " + std::string(topology::mode_name(route_.mode)) + ", by " +
               std::string(how);
    });
}

bool Backend::try_server(const topology::Server& server, std::vector<Record>& records) {
    const mysql::Login login = login_to(server);
    const Here there = place(server);
    try {
        // Who waits without a limit for a server that the farm may replace has to be woken.
        std::shared_ptr<mysql::Connection> connection =
            settings_.farm ? settings_.live->log_in(login, there, settings_.farm, aim_.mode,
                                                    std::chrono::milliseconds(0))
                           : std::make_shared<mysql::Connection>(login);
        ++counters_.logins;
        settings_.live->attach(*connection, login, there, settings_.farm, aim_.mode);
        SessionState present = begin_session(*connection);
        if (settings_.farm) settings_.farm->works_again(server.address());
        adopt(server, std::move(connection), std::move(present), login);
        return true;
    } catch (const Error& error) {
        settings_.live->detach();
        std::vector<Record> named = error.records();
        for (Record& record : named)
            if (record.message.find(server.address()) == std::string::npos)
                record.message = server.address() + ": " + record.message;
        for (const Record& record : named)
            write_log(LogLevel::warning, [&] { return record.message; });
        // A server that answers: a wrong password or database is the same everywhere.
        const bool alive = error.cause() == Cause::turned_away;
        if (!lost(error.cause()) && error.cause() != Cause::not_ready && !alive)
            throw Error(std::move(named));
        records.insert(records.end(), named.begin(), named.end());
        if (settings_.farm) {
            settings_.farm->set_aside(server.address());
            if (!alive) report(server, error);
        }
        return false;
    }
}

/// Brings a session from its state after login to the one that the application made.
SessionState Backend::begin_session(mysql::Connection& connection) {
    SessionState present;
    present.database = wanted_.database;
    set_variables(connection);
    if (!settings_.init_statement.empty()) {
        connection.execute(settings_.init_statement);
        if (may_set_character_set(settings_.init_statement)) keep_utf8mb4(connection);
        if (may_set_transaction_modes(settings_.init_statement)) {
            read_transaction_modes(connection, present);
            if (!opened_) wanted_.read_only |= present.read_only;
        }
    }
    present.autocommit = connection.autocommit();
    apply(connection, session_here(), present);
    return present;
}

/// What is said to every session, in one statement.
void Backend::set_variables(mysql::Connection& connection) {
    // Autocommit is said, not assumed: a server may be configured to begin without it.
    const std::string set = "SET net_write_timeout=" + std::to_string(settings_.stream_timeout) +
                            (session_here().autocommit ? ", autocommit=1" : ", autocommit=0") +
                            settings_.variables;
    if (!settings_.farm) return connection.execute(set);
    // The servers of a farm may be configured differently: the first one's word holds for all.
    if (!defaults_) {
        connection.execute(set);
        defaults_ = session_defaults(connection);
        return;
    }
    try {
        connection.execute(set + assignments(*defaults_, connection));
    } catch (const Error& error) {
        if (!connection.alive()) throw;
        notice("sql_mode, time_zone and isolation of the first server cannot be set on another: " +
               error.message());
        connection.execute(set);
    }
}

/// The state for the session of the command at hand. With autocommit off a read that a hint sends
/// elsewhere would begin a transaction there that nobody ends.
SessionState Backend::session_here() const {
    SessionState state = wanted_;
    if (away_) state.autocommit = true;
    return state;
}

Here Backend::place(const topology::Server& server) const {
    return {server, settings_.farm ? route_.group : std::string(),
            settings_.farm ? route_.shard : std::nullopt, std::chrono::system_clock::now()};
}

void Backend::adopt(const topology::Server& server, std::shared_ptr<mysql::Connection> connection,
                    SessionState state, const mysql::Login& login) {
    if (opened_ && here_ && here_->server.address() != server.address() && settings_.farm &&
        !connection_) {
        ++counters_.moves;
        notice("the connection moved from " + here_->server.address() + " to " + server.address());
    }
    connection_ = std::move(connection);
    applied_ = std::move(state);
    routed_ = aim_;
    target_changed_ = false;
    no_position_ = false;
    reached_.clear();
    here_ = place(server);
    settings_.live->attach(*connection_, login, *here_, settings_.farm, aim_.mode);
}

/// How a session on `server` is begun.
mysql::Login Backend::login_to(const topology::Server& server) const {
    mysql::Login login = settings_.login;
    if (settings_.farm) {
        login.host = server.host;
        login.port = server.port;
        login.socket.clear();
    }
    login.database = wanted_.database;
    return login;
}

// ---- parked sessions -------------------------------------------------------------------------

/// Keeps the present session for going back, with all that it holds.
void Backend::park() {
    if (!connection_) return;
    if (usable() && !connection_->in_transaction())
        parked_.push_back({here_->server.address(), connection_, applied_, unrestorable_, reached_,
                           Clock::now()});
    else if (unrestorable_.any())
        notice("leaving " + here_->server.address() + " loses its " + unrestorable_.names());
    settings_.live->detach();
    connection_.reset();
    here_.reset();
    unrestorable_ = {};
    has_insert_id_ = false;
    evict();
}

/// Closes the oldest of too many parked sessions, those that hold nothing before the others.
void Backend::evict() {
    while (parked_.size() > settings_.parked_servers) {
        auto oldest = std::ranges::find_if(
            parked_, [](const Parked& parked) { return !parked.unrestorable.any(); });
        if (oldest == parked_.end()) {
            oldest = parked_.begin();
            notice("leaving " + oldest->address + " loses its " + oldest->unrestorable.names());
        }
        parked_.erase(oldest);
    }
}

bool Backend::is_parked(const std::string& address) const {
    return std::ranges::find(parked_, address, &Parked::address) != parked_.end();
}

std::vector<std::string> Backend::parked_servers() const {
    std::vector<std::string> addresses;
    for (const Parked& parked : parked_) addresses.push_back(parked.address);
    return addresses;
}

bool Backend::take_parked(const topology::Server& server) {
    const auto oldest = Clock::now() - settings_.parked_timeout;
    std::erase_if(parked_, [&](const Parked& parked) {
        if (!parked.connection->alive() || parked.connection->link_closed()) {
            lost_state_ |= parked.unrestorable;
            return true;
        }
        return parked.since < oldest && !parked.unrestorable.any();
    });
    const auto found = std::ranges::find(parked_, server.address(), &Parked::address);
    if (found == parked_.end()) return false;
    Parked parked = std::move(*found);
    parked_.erase(found);
    try {
        apply(*parked.connection, session_here(), parked.state);
    } catch (const Error&) {
        lost_state_ |= parked.unrestorable;
        return false;  // it died meanwhile; a new login decides
    }
    ++counters_.parked_taken;
    adopt(server, std::move(parked.connection), std::move(parked.state), login_to(server));
    unrestorable_ = parked.unrestorable;
    reached_ = std::move(parked.reached);
    return true;
}

}  // namespace myfabric::router
