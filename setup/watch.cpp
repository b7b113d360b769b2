#include "setup/watch.h"

#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <future>
#include <map>
#include <ostream>

#include "base/error.h"
#include "mysql/replication.h"
#include "router/settings.h"
#include "setup/print.h"
#include "setup/target.h"
#include "setup/terminal.h"
#include "topology/names.h"

namespace myfabric::setup {
namespace {

constexpr unsigned patience = 2;  // seconds for one answer

struct Seen {
    std::string writes;    // "yes" or "no": what the server itself says
    std::string lag;       // seconds
    std::string sessions;  // threads connected
    std::string trouble;
};

/// One server, over a connection that is kept between the views.
class Watched {
public:
    explicit Watched(mysql::Login login) : login_(std::move(login)) {
        login_.connect_timeout = login_.read_timeout = login_.write_timeout = patience;
        login_.database.clear();
    }

    Seen look(bool secondary) {
        Seen seen;
        try {
            if (!connection_) connection_ = std::make_unique<mysql::Connection>(login_);
            seen.writes = connection_->query_value("SELECT @@read_only") == "0" ? "yes" : "no";
            seen.sessions = second_column("SHOW GLOBAL STATUS LIKE 'Threads_connected'");
            if (secondary) seen.lag = lag();
        } catch (const Error& error) {
            seen.trouble = error.message();
            connection_.reset();
        }
        return seen;
    }

private:
    std::string second_column(const std::string& sql) {
        const std::unique_ptr<results::Results> rows = connection_->query(sql);
        if (!rows->next_row() || !rows->row().values[1]) return "";
        return {rows->row().values[1], rows->row().lengths[1]};
    }

    std::string lag() {
        try {
            const auto seconds = mysql::lag(*connection_);
            return seconds ? std::to_string(*seconds) + " s" : "stands still";
        } catch (const Error&) {
            return "no right";  // REPLICATION CLIENT, SLAVE MONITOR
        }
    }

    mysql::Login login_;
    std::unique_ptr<mysql::Connection> connection_;
};

struct Place {
    std::string group;
    topology::Server server;
    bool of_farm = true;
};

std::vector<Place> places(const dsn::Options& options, const topology::Topology* topology) {
    std::vector<Place> found;
    if (!topology) {
        topology::Server server;
        server.host = options.server.empty() ? "localhost" : options.server;
        server.port = options.port;
        return {{"", server, false}};
    }
    for (const auto& [group, servers] : topology->groups)
        for (const topology::Server& server : servers) found.push_back({group, server});
    std::ranges::sort(found, {}, [](const Place& place) {
        return std::pair(place.group, place.server.address());
    });
    return found;
}

mysql::Login login_of(const dsn::Options& options, const Place& place) {
    mysql::Login login = router::login(options);
    if (!place.of_farm) return login;
    login.host = place.server.host;
    login.port = place.server.port;
    login.socket.clear();
    return login;
}

std::string now() {
    const std::time_t time = std::time(nullptr);
    std::tm local{};
    localtime_r(&time, &local);
    char text[32];
    std::strftime(text, sizeof text, "%H:%M:%S", &local);
    return text;
}

}  // namespace

void watch(const dsn::Options& options, std::chrono::seconds every, unsigned views,
           std::ostream& out) {
    Leaving leaving;
    const bool terminal = isatty(STDOUT_FILENO);
    std::map<std::string, Watched> watched;
    for (unsigned view = 0; views == 0 || view < views; ++view) {
        if (view > 0 && leaving.wait(static_cast<int>(every.count()) * 1000)) return;
        std::string trouble;
        std::shared_ptr<const topology::Topology> topology;
        try {
            if (!options.fabric_host.empty()) topology = load_topology(options);
        } catch (const Error& error) {
            trouble = error.message();
        }
        // A server that is in two groups is looked at once.
        std::vector<Place> all;
        if (trouble.empty()) all = places(options, topology.get());
        std::map<std::string, std::shared_future<Seen>> looks;
        for (const Place& place : all) {
            const std::string address = place.server.address();
            if (looks.contains(address)) continue;
            Watched& one = watched.try_emplace(address, login_of(options, place)).first->second;
            const bool secondary = place.server.status == topology::Status::secondary;
            looks[address] =
                std::async(std::launch::async, [&one, secondary] { return one.look(secondary); });
        }
        std::vector<std::vector<std::string>> rows{
            {"group", "server", "status", "mode", "weight", "writes", "lag", "sessions", ""}};
        for (const Place& place : all) {
            const topology::Server& server = place.server;
            const Seen& seen = looks.at(server.address()).get();
            rows.push_back({place.group, server.address(),
                            place.of_farm ? topology::status_name(server.status) : "",
                            place.of_farm ? topology::mode_name(server.mode) : "",
                            place.of_farm ? topology::number_text(server.weight) : "", seen.writes,
                            seen.lag, seen.sessions, seen.trouble});
        }
        if (terminal) out << "\033[H\033[2J";
        out << now() << "  " << (topology ? topology->source : "one server")
            << (terminal ? "  (q leaves)" : "") << "\n";
        if (!trouble.empty()) out << trouble << "\n";
        print_grid(rows, out);
        out << std::flush;
    }
}

}  // namespace myfabric::setup
