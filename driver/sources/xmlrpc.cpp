#include "sources/xmlrpc.h"

#include <algorithm>

#include "sources/xmlrpc_reply.h"

namespace myfabric::sources {
namespace {

constexpr unsigned default_port = 32274;
constexpr std::chrono::seconds node_aside{10};
const std::vector<topology::Value> everything{std::int64_t{0},
                                              std::string()};  // version, no pattern

bool https(const topology::FarmOptions& options) {
    return !options.ssl_ca.empty() || !options.ssl_cert.empty() || !options.ssl_key.empty();
}

std::string base_url(const topology::FarmOptions& options, const topology::Endpoint& node) {
    return (https(options) ? "https://" : "http://") + node.text();
}

std::chrono::seconds load_limit(const topology::FarmOptions& options) {
    return std::chrono::seconds(std::max(1u, options.connection_timeout));
}

}  // namespace

// ---- one node --------------------------------------------------------------------------------

XmlRpcSession::XmlRpcSession(const topology::FarmOptions& options, const topology::Endpoint& node,
                             const std::atomic<bool>& stopped, std::chrono::seconds time_limit)
    : options_(options),
      stopped_(stopped),
      time_limit_(time_limit),
      deadline_(Clock::now() + time_limit) {
    http_.url = base_url(options, node);
    http_.user = options.user;
    http_.password = options.password;
    http_.ssl_ca = options.ssl_ca;
    http_.ssl_cert = options.ssl_cert;
    http_.ssl_key = options.ssl_key;
    http_.ssl_verify = options.ssl_verify;
    http_.connect_timeout = load_limit(options);
}

topology::Reply XmlRpcSession::call(const std::string& command,
                                    const std::vector<topology::Value>& arguments) {
    const std::string xml = exchange(command, encode_call(command, arguments), 2);
    try {
        return decode_reply(xml);
    } catch (const topology::Unfit& error) {
        throw Error::from_fabric(state::unable_to_connect, subject() + error.what());
    }
}

topology::Reply XmlRpcSession::call_or_throw(const std::string& command,
                                             const std::vector<topology::Value>& arguments) {
    topology::Reply reply = call(command, arguments);
    if (!reply.error.empty())
        throw topology::Unreachable(Error::from_fabric(
            state::unable_to_connect, subject() + "answered " + command +
                                          " with an error: " + topology::first_line(reply.error)));
    return reply;
}

topology::Reply XmlRpcSession::execute(const std::string& command,
                                       const std::vector<topology::Value>& arguments) {
    const bool reads = topology::command_kind(command) == topology::CommandKind::reads;
    const std::string xml = exchange(command, encode_call(command, arguments), reads ? 2 : 1);
    may_have_run_ = true;
    const auto refuse = [&](const std::string& reason, const std::string& with, int native) {
        throw topology::CommandFailed(
            Error::from_fabric(state::general_error,
                               subject() + "answered " + command + " with " + with + ": " +
                                   topology::first_line(reason),
                               native),
            command, reason);
    };
    try {
        // The node's own XML-RPC library answers these, in its own shape.
        if (command.starts_with("system.")) return decode_plain_reply(xml);
        topology::Reply reply = decode_reply(xml);
        if (!reply.error.empty()) refuse(reply.error, "an error", 0);
        return reply;
    } catch (const Fault& fault) {
        refuse(fault.reason, "fault " + std::to_string(fault.code), fault.code);
        throw;
    } catch (const topology::Unfit& error) {
        throw Error::from_fabric(state::unable_to_connect, subject() + error.what());
    }
}

/// The body of a good answer. A node closes the connection without a word when it has forgotten
/// the challenge, so that deserves a second try with a new one.
std::string XmlRpcSession::exchange(const std::string& command, const std::string& xml,
                                    int attempts) {
    Answer answer;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
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
    may_have_run_ = answer.trouble == Trouble::none ? answer.status < 400 || answer.status >= 500
                                                    : answer.trouble != Trouble::name_unknown &&
                                                          answer.trouble != Trouble::refused &&
                                                          answer.trouble != Trouble::unreachable &&
                                                          answer.trouble != Trouble::tls;
    if (answer.trouble != Trouble::none) throw_trouble(answer);
    if (answer.status != 200) throw_status(answer, command);
    return std::move(answer.body);
}

void XmlRpcSession::throw_trouble(const Answer& answer) const {
    const std::string node = subject();
    const auto passing = [&](const std::string& predicate) -> topology::Unreachable {
        return topology::Unreachable(
            Error::from_fabric(state::unable_to_connect, node + predicate));
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
            throw passing(
                "did not answer within " + std::to_string(time_limit_.count()) +
                (time_limit_ == topology::command_timeout ? " s" : " s (FabricConnectionTimeout)"));
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
            node + "wants a user and password " + number + "; set FabricUser and FabricPassword",
            answer.status);
    if (answer.status == 401 || (answer.status == 400 && answer.challenged))
        throw Error::from_fabric(state::invalid_authorization,
                                 node + "refused the Fabric user '" + options_.user +
                                     "' or its password " + number +
                                     "; check FabricUser and FabricPassword",
                                 answer.status);
    if (answer.status == 403)
        throw Error::from_fabric(
            state::syntax_error,
            node + "gives the Fabric user '" + options_.user + "' no right to run " + command +
                " " + number + (answer.reason.empty() ? "" : ": " + answer.reason) +
                (topology::command_kind(command) == topology::CommandKind::administers
                     ? "; give it a role that may administer the farm"
                     : "; give it the role connector"),
            answer.status);
    if (answer.status == 404)
        throw Error::from_fabric(
            state::unable_to_connect,
            node + "has no page /RPC2 " + number +
                "; check that FabricHost and FabricPort name a MySQL Fabric node",
            answer.status);
    const Error error =
        Error::from_fabric(state::unable_to_connect,
                           node + "answered with " + std::to_string(answer.status) +
                               (answer.reason.empty() ? "" : " " + answer.reason) +
                               "; check that FabricHost and FabricPort name a MySQL Fabric node",
                           answer.status);
    if (answer.status >= 500) throw topology::Unreachable(error);
    throw error;
}

// ---- the source ------------------------------------------------------------------------------

XmlRpcSource::XmlRpcSource(const topology::FarmOptions& options)
    : options_(options),
      nodes_(topology::parse_endpoints(options.hosts, options.port ? options.port : default_port)) {
}

std::string XmlRpcSource::name() const {
    std::string names;
    for (const topology::Endpoint& node : nodes_.endpoints())
        names += (names.empty() ? "" : ", ") + base_url(options_, node);
    return names;
}

XmlRpcSession XmlRpcSource::session(const topology::Endpoint& node,
                                    topology::CommandKind kind) const {
    const std::chrono::seconds limit = load_limit(options_);
    return {options_, node, stopped(),
            kind == topology::CommandKind::administers ? std::max(limit, topology::command_timeout)
                                                       : limit};
}

topology::Topology XmlRpcSource::load() {
    topology::Topology topology;
    nodes_.in_turn(stopped(), [&](const topology::Endpoint& node, bool&) {
        XmlRpcSession asked = session(node, topology::CommandKind::reads);
        topology =
            dumps_.load({[&](const char* command) { return asked.call(command, everything); },
                         asked.subject()});
    });
    return topology;
}

void XmlRpcSource::report(const topology::Report& report) {
    nodes_.in_turn(stopped(), [&](const topology::Endpoint& node, bool&) {
        session(node, topology::CommandKind::reports)
            .call_or_throw(report.failure ? "threat.report_failure" : "threat.report_error",
                           {report.uuid, topology::reporter_name(report), report.error});
    });
}

topology::Reply XmlRpcSource::execute(const std::string& command,
                                      const std::vector<topology::Value>& arguments) {
    const topology::CommandKind kind = topology::command_kind(command);
    topology::Reply reply;
    nodes_.in_turn(stopped(), [&](const topology::Endpoint& node, bool& last) {
        XmlRpcSession asked = session(node, kind);
        try {
            reply = asked.execute(command, arguments);
        } catch (const Error&) {
            last = kind != topology::CommandKind::reads && asked.may_have_run();
            throw;
        }
    });
    return reply;
}

}  // namespace myfabric::sources
