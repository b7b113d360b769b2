#include "sources/ask_servers.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "base/text.h"
#include "base/untrusted.h"
#include "mysql/client_thread.h"
#include "mysql/link.h"
#include "platform/thread.h"
#include "sources/read_sets.h"

namespace myfabric::sources {
namespace {

using namespace std::chrono_literals;
using State = SeenServer::State;

constexpr auto patience = 1s;      // with a server, once another one has answered
constexpr auto find_others = 10s;  // how often a server is asked for other servers
constexpr int overdue = 3;         // times connect_timeout: an answer is given up
constexpr std::size_t answer_limit = std::size_t{4} << 20;
constexpr std::size_t most_rows = 4096;  // of one set: each is compared with all others

}  // namespace

/// What the threads share.
struct AskServers::Board {
    std::mutex mutex;
    std::condition_variable changed;
    bool closed = false;  // no answers are read any more
};

/// One server. While `busy`, its thread has the connection; all else is the board's lock's.
struct AskServers::Line {
    const ClusterKind* kind = nullptr;
    mysql::Login login;
    topology::Endpoint at;

    std::unique_ptr<mysql::Connection> connection;
    const mysql::Connection* asked = nullptr;  // a query runs on it
    bool busy = false;
    bool trusted = true;         // it answered the last time, or was never asked
    std::uint64_t round = 0;     // in which it was asked
    Clock::time_point answered;  // the last time
    Clock::time_point begun;     // when its thread did
    Clock::time_point others_asked;
    State state = State::silent;
    std::optional<ServerAnswer> answer;
    std::string problem;
    std::optional<Error> refusal;

    /// In the line's thread, without the lock.
    ServerAnswer ask(Board& board, bool all);
    ServerAnswer ask_once(Board& board, bool all);
    void note(const Error& error);
};

namespace {

/// The server said that the user may not ask this: 1142 and 1143 of a table, 1227 of a right.
bool lacks_right(const Error& error) {
    constexpr int numbers[] = {1044, 1142, 1143, 1227};
    return std::ranges::find(numbers, error.native()) != std::end(numbers);
}

ServerProduct product_of(const mysql::Connection* connection) {
    if (!connection) return {};
    return {connection->is_mariadb(), connection->server_version_number()};
}

}  // namespace

ServerAnswer AskServers::Line::ask_once(Board& board, bool all) {
    if (connection && (!connection->alive() || connection->link_closed())) connection.reset();
    if (!connection) connection = std::make_unique<mysql::Connection>(login);
    ServerAnswer said;
    said.mariadb = connection->is_mariadb();
    said.version = connection->server_version();
    const auto asking = [&](const mysql::Connection* running) {
        const std::lock_guard lock(board.mutex);
        asked = running;
        return !board.closed;
    };
    if (!asking(connection.get())) throw Error(state::unable_to_connect, "was not asked any more");
    try {
        const auto rows = connection->query(kind->question(product_of(connection.get()), all));
        // Much of it is shown and logged; nothing that has a control character is a host or a name.
        read_sets(*rows, answer_limit, said.sets, [](const auto&, std::string_view text) {
            return topology::Value(printable(text, answer_limit));
        });
        for (const topology::ResultSet& set : said.sets)
            if (set.rows.size() > most_rows)
                throw topology::MalformedReply("named more than " + std::to_string(most_rows) +
                                               " servers or settings");
    } catch (const topology::MalformedReply& malformed) {
        asking(nullptr);
        throw Error(state::unable_to_connect, malformed.what());
    } catch (const Error& error) {
        asking(nullptr);
        if (error.cause() == Cause::link_lost || said.sets.size() < kind->needed) throw;
        said.left_out = error.message();
    } catch (...) {
        asking(nullptr);
        throw;
    }
    asking(nullptr);
    return said;
}

/// A server may have closed the kept link for want of use.
ServerAnswer AskServers::Line::ask(Board& board, bool all) {
    const bool kept = connection != nullptr;
    try {
        return ask_once(board, all);
    } catch (const Error& error) {
        if (!kept || error.cause() != Cause::link_lost) throw;
    }
    connection.reset();
    return ask_once(board, true);
}

/// With the lock.
void AskServers::Line::note(const Error& error) {
    refusal.reset();
    const std::string& reason = error.message();
    const bool lost = error.cause() == Cause::cannot_connect || error.cause() == Cause::link_lost;
    const std::chrono::seconds limit(login.connect_timeout);
    if (lost && (error.is(state::timeout) || Clock::now() - begun >= limit - 100ms)) {
        state = State::silent;
        problem = "did not answer within " + std::to_string(limit.count()) +
                  " s (FabricConnectionTimeout)";
        return;
    }
    switch (lacks_right(error) ? Cause::denied : error.cause()) {
        case Cause::denied:
            state = State::refuses;
            problem = connection ? "gives the user '" + login.user + "' no right to see its role"
                                 : "refuses the user '" + login.user + "' or its password";
            refusal = Error::from_fabric(
                connection ? state::syntax_error : state::invalid_authorization,
                "the server " + at.text() + " " + problem + ": " + reason +
                    (connection ? "; " + kind->grant(product_of(connection.get())) + " TO '" +
                                      login.user + "'@'...'"
                                : "; check FabricUser and FabricPassword, or User and Password"),
                error.native());
            break;
        case Cause::turned_away:
            state = State::silent;
            problem = "takes no further login: " + reason;
            break;
        case Cause::cannot_connect:
        case Cause::link_lost:
            state = State::gone;
            problem = "cannot be reached: " + reason;
            break;
        default:
            state = State::gone;
            problem = "cannot be asked: " + reason;
    }
}

void AskServers::run(const std::shared_ptr<Board>& board, const std::shared_ptr<Line>& line,
                     bool all) {
    std::optional<ServerAnswer> answer;
    std::optional<Error> failure;
    try {
        answer = line->ask(*board, all);
    } catch (const Error& error) {
        failure = error;
    } catch (const std::exception& error) {
        failure = Error(state::general_error, error.what());
    }
    const std::lock_guard lock(board->mutex);
    line->busy = false;
    line->trusted = answer.has_value();
    if (answer) {
        line->state = State::answers;
        line->answered = Clock::now();
        // What finds others is not asked for every time: the older word stands.
        if (!all && line->answer) {
            for (std::size_t i = answer->sets.size(); i < line->answer->sets.size(); ++i)
                answer->sets.push_back(std::move(line->answer->sets[i]));
            answer->left_out = line->answer->left_out;
        }
        if (all) line->others_asked = Clock::now();
        line->answer = std::move(answer);
        line->problem.clear();
        line->refusal.reset();
    } else {
        line->note(*failure);
        line->connection.reset();
    }
    if (board->closed) line->connection.reset();
    board->changed.notify_all();
}

AskServers::AskServers(const ClusterKind& kind, mysql::Login login,
                       const std::atomic<bool>& stopped)
    : kind_(kind), login_(std::move(login)), stopped_(stopped), board_(std::make_shared<Board>()) {}

AskServers::~AskServers() {
    const std::lock_guard lock(board_->mutex);
    board_->closed = true;
    for (const auto& [name, line] : lines_)
        if (line->asked) mysql::break_link(*line->asked);
}

void AskServers::forget(const topology::Endpoint& server) {
    const std::lock_guard lock(board_->mutex);
    lines_.erase(server.text());  // a thread of it has its own reference
}

/// With the lock.
void AskServers::begin(const std::shared_ptr<Line>& line, std::uint64_t round) {
    const bool all = !line->connection || Clock::now() - line->others_asked >= find_others;
    line->busy = true;
    line->round = round;
    line->begun = Clock::now();
    try {
        platform::quiet_thread([board = board_, line, all] {
            const mysql::ClientThread library;
            run(board, line, all);
        }).detach();
    } catch (const std::system_error& error) {
        line->busy = false;
        line->state = State::silent;
        line->problem = std::string("was not asked: ") + error.what();
    }
}

SeenServer AskServers::seen(const Line& line, std::uint64_t round) {
    SeenServer seen;
    seen.at = line.at;
    seen.answer = line.answer;
    seen.state = line.state;
    seen.problem = line.problem;
    seen.refusal = line.refusal;
    // An answer to an older question may be from before the event that caused this one.
    if (line.busy || line.round != round) {
        const auto since = line.answer ? line.answered : line.begun;
        seen.silence = std::chrono::ceil<std::chrono::seconds>(Clock::now() - since);
        if (line.state == State::answers || line.problem.empty()) {
            seen.state = State::silent;
            seen.problem = "has not answered for " + std::to_string(seen.silence.count()) + " s";
        }
    }
    return seen;
}

std::vector<SeenServer> AskServers::ask(const std::vector<topology::Endpoint>& servers,
                                        bool others) {
    const auto start = Clock::now();
    const auto limit = start + std::chrono::seconds(std::max(1U, login_.connect_timeout));
    std::unique_lock lock(board_->mutex);
    ++round_;
    std::vector<std::shared_ptr<Line>> asked;
    for (const topology::Endpoint& server : servers) {
        std::shared_ptr<Line>& line = lines_[server.text()];
        if (!line) {
            line = std::make_shared<Line>();
            line->kind = &kind_;
            line->login = login_;
            line->login.host = server.host;
            line->login.port = server.port;
            line->at = server;
        }
        // Who has not answered in the last round is not waited for in this one.
        if (line->busy) line->trusted = false;
        // The library's timeouts count from the last byte: one that dribbles would never be over.
        if (line->busy && line->asked && start - line->begun >= overdue * (limit - start))
            mysql::break_link(*line->asked);
        if (!line->busy) begin(line, round_);
        asked.push_back(line);
    }
    while (!stopped_) {
        const auto has_answered = [&](const auto& line) {
            return !line->busy && line->round == round_ && line->state == State::answers;
        };
        const bool any = others || std::ranges::any_of(asked, has_answered);
        const auto awaited = [&](const auto& line) {
            return line->busy && (line->trusted || !any);
        };
        if (std::ranges::none_of(asked, awaited)) break;
        const auto now = Clock::now();
        const auto end = any ? std::min(limit, start + patience) : limit;
        if (now >= end) break;
        board_->changed.wait_until(lock, std::min(end, now + 100ms));
    }
    std::vector<SeenServer> all;
    for (const auto& line : asked) all.push_back(seen(*line, round_));
    return all;
}

}  // namespace myfabric::sources
