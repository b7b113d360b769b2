#include "router/server_search.h"

#include <algorithm>
#include <random>
#include <thread>
#include <utility>

#include "mysql/errors.h"
#include "router/failure_report.h"

namespace myfabric::router {
namespace {

bool same_servers(const std::vector<topology::Server>& a, const std::vector<topology::Server>& b) {
    return std::ranges::is_permutation(a, b, {}, &topology::Server::address,
                                       &topology::Server::address);
}

}  // namespace

Choice ServerSearch::choose(const std::string& database) {
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
    course_.route = resolve(*course_.topology, course_.target, database);
    const auto left = [this](const topology::Server& server) { return is_left(server.address()); };
    Choice choice = select(*course_.topology, course_.route, random_, left);
    // Among the secondaries the ones that this connection has a session on.
    if (course_.route.mode == topology::Mode::read_only)
        std::stable_partition(choice.servers.begin(), choice.servers.end(),
                              [&](const topology::Server& server) {
                                  return server.status != topology::Status::primary &&
                                         parked_.on(server) && !left(server);
                              });
    return choice;
}

/// The one that find() would try first, if it has a parked session.
const topology::Server* ServerSearch::parked_server() const {
    const std::vector<topology::Server>* members = course_.topology->group(course_.route.group);
    if (!members) return nullptr;
    const topology::Mode mode = course_.route.mode;
    const topology::Server* found = nullptr;
    for (const topology::Server& server : *members) {
        if (objection(server, mode)) continue;
        if (mode != topology::Mode::read_only) return &server;
        if (server.status == topology::Status::primary || !parked_.on(server)) continue;
        if (found) return nullptr;  // chance decides between two
        found = &server;
    }
    return found;
}

bool ServerSearch::exchange_parked(std::unique_ptr<Session>& present, const SessionState& wanted) {
    parked_.end_old(settings_.parked_timeout);
    if (course_.topology->loaded() < lost_at_) return false;
    const topology::Server* server = parked_server();
    Session* parked = server ? parked_.on(*server) : nullptr;
    if (!parked || !parked->usable() || is_left(parked->address) ||
        position_.was_unfit(parked->address, limits()))
        return false;
    const auto begun = std::chrono::steady_clock::now();
    settle(*present);
    attach(*parked, *server);  // before it is waited for
    try {
        bring_up_to_date(*parked, wanted);
    } catch (const Error&) {
        return false;  // it died meanwhile
    }
    position_.moved();
    if (!is_fit(*parked, *server)) return false;
    ++counters_.parked_taken;
    position_.chose(false, limits());
    course_.reached();
    log_course("a parked session", parked->address, std::chrono::steady_clock::now() - begun);
    if (auto loss = parked_.exchange(*parked, present)) journal_.notice(std::move(*loss));
    return true;
}

std::unique_ptr<Session> ServerSearch::find(SessionState& wanted, bool first) {
    if (settings_.farm) {
        course_.topology = settings_.farm->topology(settings_.max_age);
        if (course_.topology->loaded() < lost_at_)
            course_.topology = settings_.farm->topology_since(lost_at_);
    }
    const auto begun = std::chrono::steady_clock::now();
    std::vector<Record> records;
    std::string why_not;
    bool transient = false;
    // A single server that refuses at first contact: the error is reported at once.
    const unsigned attempts = !settings_.farm && first ? 1 : std::max(1u, settings_.attempts);
    for (unsigned attempt = 1;; ++attempt) {
        std::optional<Choice> choice;
        try {
            choice = choose(wanted.database);
        } catch (const Error&) {
            // The snapshot may be older than the group or table: one look at the farm decides.
            if (attempt > 1) throw;
            course_.topology = settings_.farm->refresh(*course_.topology);
            choice = choose(wanted.database);
        }
        bool passed_over = false;
        for (const topology::Server& server : choice->servers) {
            if (position_.was_unfit(server.address(), limits()) &&
                server.status != topology::Status::primary) {
                passed_over = true;
                continue;
            }
            std::unique_ptr<Session> session = take_parked(server, wanted);
            const char* how = session ? "a parked session" : "a new session";
            if (!session) session = log_in(server, wanted, first, records);
            if (!session) continue;
            if (is_fit(*session, server)) {
                position_.chose(passed_over, limits());
                course_.reached();
                log_course(how, session->address, std::chrono::steady_clock::now() - begun);
                return session;
            }
            passed_over = true;
            journal_.write(LogLevel::info, [&] { return server.address() + " lags too far"; });
            park(std::move(session));
        }
        why_not = choice->why_not;
        transient = choice->transient || !choice->servers.empty();
        if (attempt >= attempts) break;
        if (!settings_.farm) {
            wait();
            continue;
        }
        course_.topology = settings_.farm->refresh(*course_.topology);
        if (same_servers(choose(wanted.database).servers, choice->servers))
            wait_for_change(choice->servers, wanted.database);
    }
    if (records.empty()) throw Error(state::connection_rejected, why_not);
    throw unreachable(first ? state::unable_to_connect : state::link_failure,
                      settings_.farm
                          ? "no server of group '" + course_.route.group + "' can be reached"
                          : "the server cannot be reached",
                      attempts, std::move(records), transient ? std::string() : why_not);
}

void ServerSearch::log_course(std::string_view how, const std::string& address,
                              std::chrono::steady_clock::duration took) {
    const Route& route = course_.route;
    if (settings_.farm)
        journal_.place(address, route.group, route.shard, topology::mode_name(route.mode));
    else
        journal_.place(address, {});
    const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(took);
    journal_.write_timed(LogLevel::info, duration, {}, [&] {
        std::string line = "goes to " + address;
        if (!settings_.farm) return line;
        line += " of group '" + route.group + "'";
        if (route.shard) line += ", shard " + std::to_string(*route.shard);
        return line + ", " + std::string(topology::mode_name(route.mode)) + ", by " +
               std::string(how);
    });
}

/// A node that takes the writes over may still have to apply what others committed before, the
/// connection's own writes too; one that was frozen does not know yet that it was voted out.
bool ServerSearch::is_in_step(Session& session) {
    try {
        return session.on->caught_up(session.on->written_position(true),
                                     std::max(1U, settings_.read_your_writes_timeout));
    } catch (const Error&) {
        return false;
    }
}

bool ServerSearch::is_fit(Session& session, const topology::Server& server) {
    if (!settings_.farm) return true;
    if (course_.target.mode != topology::Mode::read_only ||
        server.status == topology::Status::primary)
        return !server.synchronous || is_in_step(session);
    return position_.is_fit(*session.on, session.reached, course_.route.group, server.address(),
                            limits(), course_.plain_read, journal_);
}

// ---- sessions --------------------------------------------------------------------------------

std::unique_ptr<Session> ServerSearch::log_in(const topology::Server& server, SessionState& wanted,
                                              bool first, std::vector<Record>& records) {
    const mysql::Login login = login_to(server, wanted);
    auto session = std::make_unique<Session>();
    session->address = server.address();
    try {
        const LogIn& begin = settings_.log_in ? settings_.log_in : router::log_in;
        // Who waits without a limit for a server that the farm may replace has to be woken.
        session->here = std::make_shared<const Here>(place(server));
        session->on = settings_.farm ? settings_.live->log_in(begin, login, session->here,
                                                              settings_.farm, course_.target.mode)
                                     : begin(login);
        ++counters_.logins;
        session->contact = std::make_shared<const Contact>(
            Contact{platform::SocketCopy(session->on->socket()), login, session->on->thread_id()});
        attach(*session, server);
        session->state =
            setup_.begin(*session->on, settings_, wanted, autocommit_here(wanted), first, journal_);
        if (settings_.farm) settings_.farm->works_again(server.address());
        position_.moved();
        return session;
    } catch (const Error& error) {
        settings_.live->detach();
        std::vector<Record> named = error.records();
        for (Record& record : named) {
            if (record.message.find(server.address()) == std::string::npos)
                record.message = server.address() + ": " + record.message;
            journal_.write(LogLevel::warning, [&] { return record.message; });
        }
        // A server that answers: a wrong password or database is the same everywhere.
        const bool alive = error.cause() == Cause::turned_away;
        if (!lost(error.cause()) && error.cause() != Cause::not_ready && !alive)
            throw Error(std::move(named));
        records.insert(records.end(), named.begin(), named.end());
        if (settings_.farm) {
            settings_.farm->quarantine(server.address());
            if (!alive) report(server, error);
        }
        return nullptr;
    }
}

std::unique_ptr<Session> ServerSearch::take_parked(const topology::Server& server,
                                                   const SessionState& wanted) {
    parked_.end_old(settings_.parked_timeout);
    std::unique_ptr<Session> session = parked_.take(server.address());
    if (!session) return nullptr;
    attach(*session, server);  // before it is waited for
    try {
        bring_up_to_date(*session, wanted);
    } catch (const Error&) {
        settings_.live->detach();
        parked_.lose(session->unrestorable);
        return nullptr;  // it died meanwhile; a new login decides
    }
    ++counters_.parked_taken;
    position_.moved();
    return session;
}

void ServerSearch::bring_up_to_date(Session& session, const SessionState& wanted) {
    if (wanted.autocommit == autocommit_here(wanted))
        return apply(*session.on, wanted, session.state);
    SessionState here = wanted;
    here.autocommit = true;
    apply(*session.on, here, session.state);
}

void ServerSearch::begin_again(Session& session, SessionState& wanted) {
    mysql::Login login = settings_.login;
    login.database = wanted.database;
    session.state = setup_.begin(*session.on, settings_, wanted, autocommit_here(wanted), false,
                                 journal_, &login);
}

void ServerSearch::park(std::unique_ptr<Session> session) {
    settle(*session);
    settings_.live->detach();
    if (auto loss = parked_.park(std::move(session))) journal_.notice(std::move(*loss));
}

/// Who parks a session does not leave a question open there. The watch still looks at it.
void ServerSearch::settle(Session& session) {
    if (!session.usable()) return;
    try {
        session.on->settle();
    } catch (const Error&) {
        session.reached.clear();
    }
}

void ServerSearch::drop_surplus() {
    for (std::string& loss : parked_.keep(settings_.parked_servers))
        journal_.notice(std::move(loss));
}

void ServerSearch::attach(Session& session, const topology::Server& server) {
    const Here& before = *session.here;
    if (before.server != server || (settings_.farm && (before.group != course_.route.group ||
                                                       before.shard != course_.route.shard)))
        session.here = std::make_shared<const Here>(place(server));
    settings_.live->attach(session.contact, session.here, settings_.farm, course_.target.mode);
}

/// How a session on `server` is begun.
mysql::Login ServerSearch::login_to(const topology::Server& server,
                                    const SessionState& wanted) const {
    mysql::Login login = settings_.login;
    if (settings_.farm) {
        login.host = server.host;
        login.port = server.port;
        login.socket.clear();
    }
    login.database = wanted.database;
    return login;
}

Here ServerSearch::place(const topology::Server& server) const {
    return {server, settings_.farm ? course_.route.group : std::string(),
            settings_.farm ? course_.route.shard : std::nullopt};
}

// ---- the farm --------------------------------------------------------------------------------

void ServerSearch::report(const topology::Server& server, const Error& error) {
    if (settings_.reports == Reports::no || server.uuid.empty() ||
        !mysql::reported_to_fabric(error.native()))
        return;
    topology::Report report;
    report.uuid = server.uuid;
    report.error = std::to_string(error.native());
    report.failure = settings_.reports == Reports::failure;
    journal_.write(LogLevel::info, [&] {
        return "reports " + server.address() + " to the farm for error " + report.error;
    });
    settings_.farm->report(report);
}

bool ServerSearch::still_gives(const std::string& address, const std::string& database) {
    const std::vector<topology::Server> servers = choose(database).servers;
    return servers.empty() || (course_.route.mode == topology::Mode::read_only
                                   ? std::ranges::any_of(servers,
                                                         [&](const topology::Server& server) {
                                                             return server.address() == address;
                                                         })
                                   : servers.front().address() == address);
}

void ServerSearch::wait_for_change(const std::vector<topology::Server>& tried,
                                   const std::string& database) {
    using Clock = topology::Farm::Clock;
    if (!settings_.farm || settings_.attempt_delay == 0) return wait();
    const auto end = Clock::now() + pause();
    while (same_servers(choose(database).servers, tried)) {
        const auto left = end - Clock::now();
        if (left <= Clock::duration::zero()) return;
        course_.topology = settings_.farm->newer_than(*course_.topology, left);
    }
}

void ServerSearch::wait() {
    if (settings_.attempt_delay) std::this_thread::sleep_for(pause());
}

/// AttemptDelay, with jitter.
std::chrono::nanoseconds ServerSearch::pause() {
    std::uniform_real_distribution<double> jitter(0.9, 1.2);
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(settings_.attempt_delay * jitter(random_)));
}

}  // namespace myfabric::router
