// What servers said when they were asked about themselves, and what the user says about them.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "topology/source.h"
#include "topology/topology.h"
#include "topology/values.h"

namespace myfabric::sources {

/// One server's answer. Its values are texts or NULL.
struct ServerAnswer {
    bool mariadb = false;
    std::string version;                    // "10.11.6-MariaDB"
    std::vector<topology::ResultSet> sets;  // in the order of the question
    std::string left_out;                   // why the sets of the last statements are missing
};

/// One server as the last round of questions left it.
struct SeenServer {
    enum class State : unsigned char {
        answers,
        silent,  // it has not answered yet: it hangs, is slow, or takes no further login
        gone,    // no process listens, or the link is lost
        refuses  // user, password or right: it lives
    };

    topology::Endpoint at;
    bool seed = false;  // named by the user
    State state = State::gone;
    std::optional<ServerAnswer> answer;  // the last one, however old
    std::chrono::seconds silence{0};     // since it
    std::string problem;           // why there is none now, a predicate: "cannot be reached..."
    std::optional<Error> refusal;  // for `refuses`

    bool answers() const { return state == State::answers; }
    /// Its last answer may still be true.
    bool may_stand() const { return answer && (answers() || state == State::silent); }
};

/// What the keys say about the servers.
class ServerRules {
public:
    /// Throws Error 08001 for a text that is no list of that form.
    ServerRules(std::string_view weights, std::string_view addresses, unsigned default_port);

    double weight(const topology::Endpoint& server) const;
    /// Where a server is reached that is known by `reported`.
    topology::Endpoint reachable(topology::Endpoint reported) const;
    /// The same of a server that another one names; without a host, and never asked, for what is
    /// no host and port.
    topology::Endpoint named(const std::string& host, std::string_view port) const;
    unsigned default_port() const { return default_port_; }

private:
    unsigned default_port_;
    std::map<std::string, double, std::less<>> weights_;  // by "host" and "host:port"
    std::map<std::string, topology::Endpoint, std::less<>>
        addresses_;  // likewise; port 0: the same
};

/// The value of a column, found without regard to case; empty for NULL and for no such column.
std::string cell(const topology::ResultSet& set, const topology::Row& row, std::string_view column);
/// The same of two names: servers have renamed their columns.
std::string cell(const topology::ResultSet& set, const topology::Row& row, std::string_view column,
                 std::string_view other_name);
/// The set that has this column; null for none.
const topology::ResultSet* set_with(const ServerAnswer& answer, std::string_view column);
/// 0 for what is no number.
std::uint64_t number_in(std::string_view text);
/// Calls the server by a name of its own, unless that cannot be used as one.
void call_server(topology::Server& server, const std::string& name);
/// "host:port" or "host"; nothing for what is no such text.
std::optional<topology::Endpoint> endpoint_in(std::string_view text, unsigned default_port);

/// Throws what is to be said when nothing could be learned from any of the servers: a refused user
/// or a missing right first, else Unreachable with each server's reason.
[[noreturn]] void throw_no_answer(std::span<const SeenServer> servers);

}  // namespace myfabric::sources
