#include "sources/xmlrpc.h"

#include <algorithm>

#include "sources/xmlrpc_reply.h"

namespace myfabric::sources {
namespace {

bool https(const topology::FarmOptions& options) {
    return !options.ssl_ca.empty() || !options.ssl_cert.empty() || !options.ssl_key.empty();
}

}  // namespace

std::string XmlRpcSession::url(const topology::FarmOptions& options,
                               const topology::Endpoint& node) {
    return (https(options) ? "https://" : "http://") + node.text();
}

XmlRpcSession::XmlRpcSession(const topology::FarmOptions& options, const topology::Endpoint& node,
                             const std::atomic<bool>& stopped, std::chrono::seconds time_limit)
    : options_(options),
      stopped_(stopped),
      time_limit_(time_limit),
      deadline_(Clock::now() + time_limit) {
    http_.url = url(options, node);
    http_.user = options.user;
    http_.password = options.password;
    http_.ssl_ca = options.ssl_ca;
    http_.ssl_cert = options.ssl_cert;
    http_.ssl_key = options.ssl_key;
    http_.ssl_verify = options.ssl_verify;
    http_.connect_timeout = std::chrono::seconds(std::max(1u, options.connection_timeout));
}

topology::Reply XmlRpcSession::call(const std::string& command,
                                    const std::vector<topology::Value>& arguments) {
    const std::string xml = exchange(command, encode_call(command, arguments), 2);
    try {
        return decode_reply(xml);
    } catch (const topology::MalformedReply& error) {
        throw Error::from_fabric(state::unable_to_connect, subject() + error.what());
    }
}

void XmlRpcSession::report(const std::string& command,
                           const std::vector<topology::Value>& arguments) {
    const topology::Reply reply = call(command, arguments);
    if (!reply.error.empty())
        throw topology::Unreachable(Error::from_fabric(
            state::unable_to_connect, subject() + "answered " + command +
                                          " with an error: " + topology::first_line(reply.error)));
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
    } catch (const topology::MalformedReply& error) {
        throw Error::from_fabric(state::unable_to_connect, subject() + error.what());
    }
}

/// The body of a good response. A node closes the connection silently when it has forgotten
/// the challenge, so that deserves a second try with a new one.
std::string XmlRpcSession::exchange(const std::string& command, const std::string& xml,
                                    int attempts) {
    HttpResponse response;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        if (!client_) {
            HttpOptions http = http_;
            http.url += "/RPC2";
            client_ = std::make_unique<HttpClient>(http, stopped_);
        }
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
        response = client_->post(xml, std::max(left, std::chrono::milliseconds(1)), reply_limit);
        if (response.failure != HttpFailure::empty_reply) break;
        client_.reset();
    }
    may_have_run_ = response.failure == HttpFailure::none
                        ? response.status < 400 || response.status >= 500
                        : response.failure != HttpFailure::name_unknown &&
                              response.failure != HttpFailure::refused &&
                              response.failure != HttpFailure::unreachable &&
                              response.failure != HttpFailure::tls;
    if (response.failure != HttpFailure::none) throw_failure(response);
    if (response.status != 200) throw_status(response, command);
    return std::move(response.body);
}

void XmlRpcSession::throw_failure(const HttpResponse& response) const {
    const std::string node = subject();
    const auto passing = [&](const std::string& predicate) -> topology::Unreachable {
        return topology::Unreachable(
            Error::from_fabric(state::unable_to_connect, node + predicate));
    };
    const auto lasting = [&](const std::string& predicate) {
        return Error::from_fabric(state::unable_to_connect, node + predicate);
    };
    const std::string detail = response.detail.empty() ? "" : " (" + response.detail + ")";
    switch (response.failure) {
        case HttpFailure::name_unknown:
            throw passing("has a host name that cannot be resolved; check FabricHost");
        case HttpFailure::refused:
            throw passing(
                "refused the connection; check that it runs, and FabricHost and FabricPort");
        case HttpFailure::unreachable:
            throw passing("cannot be reached" + detail + "; check FabricHost and FabricPort");
        case HttpFailure::timed_out:
            throw passing(
                "did not answer within " + std::to_string(time_limit_.count()) +
                (time_limit_ == topology::command_timeout ? " s" : " s (FabricConnectionTimeout)"));
        case HttpFailure::empty_reply:
            throw passing(std::string("closed the connection without an answer; check FabricPort") +
                          (https(options_) ? ", and that it speaks HTTPS"
                                           : "; a node that speaks HTTPS needs FabricSSLCA"));
        case HttpFailure::cut_off:
            throw passing("sent a reply that is cut off" + detail);
        case HttpFailure::too_large:
            throw lasting("sent a reply larger than " + std::to_string(reply_limit >> 20) +
                          " MiB, which was not read; check FabricHost and FabricPort");
        case HttpFailure::not_http:
            throw lasting("did not answer in HTTP" + detail + "; check FabricPort");
        case HttpFailure::tls:
            throw lasting("failed the TLS handshake" + detail +
                          "; check FabricSSLCA, FabricSSLCert, FabricSSLKey and FabricSSLVerify");
        case HttpFailure::stopped:
            throw passing("was not asked any more, the farm is being closed");
        case HttpFailure::none:
        case HttpFailure::other:
            break;
    }
    throw passing("failed" + detail);
}

void XmlRpcSession::throw_status(const HttpResponse& response, const std::string& command) const {
    const std::string node = subject();
    const std::string number = "(HTTP " + std::to_string(response.status) + ")";
    // A node answers wrong credentials with 400, after a challenge.
    if (response.status == 401 && options_.user.empty())
        throw Error::from_fabric(
            state::invalid_authorization,
            node + "wants a user and password " + number + "; set FabricUser and FabricPassword",
            response.status);
    if (response.status == 401 || (response.status == 400 && response.challenged))
        throw Error::from_fabric(state::invalid_authorization,
                                 node + "refused the Fabric user '" + options_.user +
                                     "' or its password " + number +
                                     "; check FabricUser and FabricPassword",
                                 response.status);
    if (response.status == 403)
        throw Error::from_fabric(state::syntax_error,
                                 node + "gives the Fabric user '" + options_.user +
                                     "' no right to run " + command + " " + number +
                                     (response.reason.empty() ? "" : ": " + response.reason) +
                                     "; give it " + std::string(topology::role_for(command)),
                                 response.status);
    if (response.status == 404)
        throw Error::from_fabric(
            state::unable_to_connect,
            node + "has no page /RPC2 " + number +
                "; check that FabricHost and FabricPort name a MySQL Fabric node",
            response.status);
    const Error error =
        Error::from_fabric(state::unable_to_connect,
                           node + "answered with " + std::to_string(response.status) +
                               (response.reason.empty() ? "" : " " + response.reason) +
                               "; check that FabricHost and FabricPort name a MySQL Fabric node",
                           response.status);
    if (response.status >= 500) throw topology::Unreachable(error);
    throw error;
}

}  // namespace myfabric::sources
