#include "fabric/xmlrpc.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "fabric/decode.h"
#include "fabric/reply.h"

namespace myfabric::fabric {
namespace {

constexpr unsigned default_port = 32274;
constexpr std::chrono::seconds node_aside{10};
const std::vector<Value> everything{std::int64_t{0}, std::string()};  // version, no pattern

bool https(const FarmOptions& options) {
    return !options.ssl_ca.empty() || !options.ssl_cert.empty() || !options.ssl_key.empty();
}

std::string base_url(const FarmOptions& options, const Endpoint& node) {
    return (https(options) ? "https://" : "http://") + node.text();
}

std::string machine_name() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "MyFabric";
    return name.data();
}

std::string one_line(std::string text) {
    text.resize(std::min(text.find('\n'), text.size()));
    return text;
}

}  // namespace

// ---- one node --------------------------------------------------------------------------------

XmlRpcSession::XmlRpcSession(const FarmOptions& options, const Endpoint& node,
                             const std::atomic<bool>& stopped)
    : options_(options),
      stopped_(stopped),
      deadline_(Clock::now() + std::chrono::seconds(std::max(1u, options.connection_timeout))) {
    http_.url = base_url(options, node);
    http_.user = options.user;
    http_.password = options.password;
    http_.ssl_ca = options.ssl_ca;
    http_.ssl_cert = options.ssl_cert;
    http_.ssl_key = options.ssl_key;
    http_.ssl_verify = options.ssl_verify;
}

Reply XmlRpcSession::call(const std::string& command, const std::vector<Value>& arguments) {
    const std::string xml = exchange(command, encode_call(command, arguments));
    try {
        return decode_reply(xml);
    } catch (const Unfit& error) {
        throw Error::from_fabric(state::unable_to_connect, subject() + error.what());
    }
}

Reply XmlRpcSession::call_or_throw(const std::string& command,
                                   const std::vector<Value>& arguments) {
    Reply reply = call(command, arguments);
    if (!reply.error.empty())
        throw Unreachable(Error::from_fabric(
            state::unable_to_connect,
            subject() + "answered " + command + " with an error: " + one_line(reply.error)));
    return reply;
}

/// The body of a good answer. A node closes the connection without a word when it has forgotten
/// the challenge, so that deserves a second try with a new one.
std::string XmlRpcSession::exchange(const std::string& command, const std::string& xml) {
    Answer answer;
    for (int attempt = 1; attempt <= 2; ++attempt) {
        if (!client_) {
            HttpOptions http = http_;
            http.url += "/RPC2";
            client_ = std::make_unique<HttpClient>(http, stopped_);
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
        answer = client_->post(xml, std::max(left, std::chrono::milliseconds(1)), reply_limit);
        if (answer.trouble != Trouble::empty_reply) break;
        client_.reset();
    }
    if (answer.trouble != Trouble::none) throw_trouble(answer);
    if (answer.status != 200) throw_status(answer, command);
    return std::move(answer.body);
}

void XmlRpcSession::throw_trouble(const Answer& answer) const {
    const std::string node = subject();
    const auto passing = [&](const std::string& predicate) -> Unreachable {
        return Unreachable(Error::from_fabric(state::unable_to_connect, node + predicate));
    };
    const auto lasting = [&](const std::string& predicate) {
        return Error::from_fabric(state::unable_to_connect, node + predicate);
    };
    const std::string detail = answer.detail.empty() ? "" : " (" + answer.detail + ")";
    switch (answer.trouble) {
        case Trouble::name_unknown:
            throw passing("has a host name that cannot be resolved; check FabricHost");
        case Trouble::refused:
            throw passing(
                "refused the connection; check that it runs, and FabricHost and FabricPort");
        case Trouble::unreachable:
            throw passing("cannot be reached" + detail + "; check FabricHost and FabricPort");
        case Trouble::timed_out:
            throw passing("did not answer within " +
                          std::to_string(std::max(1u, options_.connection_timeout)) +
                          " s (FabricConnectionTimeout)");
        case Trouble::empty_reply:
            throw passing(std::string("closed the connection without an answer; check FabricPort") +
                          (https(options_) ? ", and that it speaks HTTPS"
                                           : "; a node that speaks HTTPS needs FabricSSLCA"));
        case Trouble::cut_off:
            throw passing("sent a reply that is cut off" + detail);
        case Trouble::too_large:
            throw lasting("sent a reply larger than " + std::to_string(reply_limit >> 20) +
                          " MiB, which was not read; check FabricHost and FabricPort");
        case Trouble::not_http:
            throw lasting("did not answer in HTTP" + detail + "; check FabricPort");
        case Trouble::tls:
            throw lasting("failed the TLS handshake" + detail +
                          "; check FabricSSLCA, FabricSSLCert, FabricSSLKey and FabricSSLVerify");
        case Trouble::stopped:
            throw passing("was not asked any more, the farm is being closed");
        case Trouble::none:
        case Trouble::other:
            break;
    }
    throw passing("failed" + detail);
}

void XmlRpcSession::throw_status(const Answer& answer, const std::string& command) const {
    const std::string node = subject();
    const std::string number = "(HTTP " + std::to_string(answer.status) + ")";
    // A node answers wrong credentials with 400, after a challenge.
    if (answer.status == 401 && options_.user.empty())
        throw Error::from_fabric(
            state::invalid_authorization,
            node + "wants a user and password " + number + "; set FabricUser and FabricPassword");
    if (answer.status == 401 || (answer.status == 400 && answer.challenged))
        throw Error::from_fabric(state::invalid_authorization,
                                 node + "refused the Fabric user '" + options_.user +
                                     "' or its password " + number +
                                     "; check FabricUser and FabricPassword");
    if (answer.status == 403)
        throw Error::from_fabric(state::syntax_error,
                                 node + "gives the Fabric user '" + options_.user +
                                     "' no right to run " + command + " " + number +
                                     (answer.reason.empty() ? "" : ": " + answer.reason) +
                                     "; give it the role connector");
    if (answer.status == 404)
        throw Error::from_fabric(
            state::unable_to_connect,
            node + "has no page /RPC2 " + number +
                "; check that FabricHost and FabricPort name a MySQL Fabric node");
    const Error error =
        Error::from_fabric(state::unable_to_connect,
                           node + "answered with " + std::to_string(answer.status) +
                               (answer.reason.empty() ? "" : " " + answer.reason) +
                               "; check that FabricHost and FabricPort name a MySQL Fabric node");
    if (answer.status >= 500) throw Unreachable(error);
    throw error;
}

// ---- the source ------------------------------------------------------------------------------

XmlRpcSource::XmlRpcSource(const FarmOptions& options)
    : options_(options),
      nodes_(parse_endpoints(options.hosts, options.port ? options.port : default_port)),
      aside_until_(nodes_.size()) {}

std::string XmlRpcSource::name() const {
    std::string names;
    for (const Endpoint& node : nodes_)
        names += (names.empty() ? "" : ", ") + base_url(options_, node);
    return names;
}

/// As configured, those that failed lately last.
std::vector<std::size_t> XmlRpcSource::order() const {
    std::vector<std::size_t> indexes(nodes_.size());
    std::iota(indexes.begin(), indexes.end(), std::size_t{0});
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    std::ranges::stable_partition(indexes, [&](std::size_t i) { return aside_until_[i] <= now; });
    return indexes;
}

/// Runs `body(session)` with the first node that lets it succeed.
template <class Body>
void XmlRpcSource::with_node(Body&& body) {
    std::vector<Record> records;
    bool may_pass = false;
    for (const std::size_t index : order()) {
        try {
            XmlRpcSession session(options_, nodes_[index], stopped());
            body(session);
            const std::lock_guard lock(mutex_);
            aside_until_[index] = {};
            return;
        } catch (const Error& error) {
            may_pass |= dynamic_cast<const Unreachable*>(&error) != nullptr;
            // What lasts, a wrong password for one, says more than a node that is down.
            const bool first = !records.empty() && error.state() != state::unable_to_connect.code;
            records.insert(first ? records.begin() : records.end(), error.records().begin(),
                           error.records().end());
            const std::lock_guard lock(mutex_);
            aside_until_[index] = Clock::now() + node_aside;
        }
        if (stopped()) break;
    }
    if (may_pass) throw Unreachable(std::move(records));
    throw Error(std::move(records));
}

Topology XmlRpcSource::load() {
    Topology topology;
    with_node([&](XmlRpcSession& session) { topology = load_from(session); });
    // A group vanishes from the dump when all its servers are faulty; it is not unknown for that.
    for (const auto& [group, servers] : topology.groups) seen_groups_.insert(group);
    for (const std::string& group : seen_groups_) topology.groups.try_emplace(group);
    return topology;
}

Topology XmlRpcSource::load_from(XmlRpcSession& session) {
    const auto reply_to = [&](const char* command) {
        return session.call_or_throw(command, everything);
    };
    Reply servers = reply_to("dump.servers");
    Reply maps = reply_to("dump.shard_maps");
    try {
        Dump dump;
        dump.ttl = servers.ttl;
        dump.servers = first_set(std::move(servers), "dump.servers");
        dump.shard_maps = first_set(std::move(maps), "dump.shard_maps");
        if (!dump.shard_maps.rows.empty()) {
            dump.shard_index = first_set(reply_to("dump.shard_index"), "dump.shard_index");
            // One table without its database makes the node fail here; groups work all the same.
            Reply tables = session.call("dump.shard_tables", everything);
            dump.tables_error = one_line(tables.error);
            if (tables.error.empty())
                dump.shard_tables = first_set(std::move(tables), "dump.shard_tables");
        }
        return decode_topology(dump);
    } catch (const Unfit& error) {
        throw Error::from_fabric(state::unable_to_connect, session.subject() + error.what());
    }
}

void XmlRpcSource::report(const Report& report) {
    with_node([&](XmlRpcSession& session) {
        session.call_or_throw(
            report.failure ? "threat.report_failure" : "threat.report_error",
            {report.uuid, report.reporter.empty() ? machine_name() : report.reporter,
             report.error});
    });
}

}  // namespace myfabric::fabric
