#include "topology/source.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "base/untrusted.h"
#include "platform/process.h"

namespace myfabric::topology {
namespace {

constexpr std::array<std::string_view, 6> protocol_names = {
    "xmlrpc", "mysql", "file", "replication", "galera", "group_replication"};

[[noreturn]] void refuse(const std::string& message) {
    throw Error(state::unable_to_connect, message);
}

/// A part of FabricHost for messages. What stands before an '@' may be a password.
std::string shown(std::string_view text) {
    return printable(text.substr(text.rfind('@') + 1));
}

unsigned parse_port(std::string_view text, std::string_view host) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535)
        refuse("FabricHost names '" + shown(host) + "', whose port is no number from 1 to 65535");
    return port;
}

Endpoint parse_endpoint(std::string_view text, unsigned default_port) {
    const bool bracketed = text.starts_with('[');
    const std::size_t close = text.find(']');
    if (bracketed && close == std::string_view::npos)
        refuse("FabricHost names '" + shown(text) + "', where a ']' is missing");
    const std::string_view rest = bracketed ? text.substr(close + 1) : text;
    const std::size_t colon = rest.find(':');
    // Two colons without brackets: an IPv6 address alone.
    const bool bare_address = !bracketed && colon != rest.rfind(':');
    Endpoint endpoint;
    endpoint.port = default_port;
    if (bracketed)
        endpoint.host = text.substr(1, close - 1);
    else
        endpoint.host = bare_address ? text : rest.substr(0, colon);
    if (!bare_address && colon != std::string_view::npos)
        endpoint.port = parse_port(rest.substr(colon + 1), text);
    if (const std::string why = why_no_host(endpoint.host); !why.empty())
        refuse("FabricHost names '" + shown(text) + "', which is no host (" + why +
               "); write host, host:port, or a list of them with commas");
    return endpoint;
}

}  // namespace

Protocol parse_protocol(std::string_view text) {
    if (text.empty()) return Protocol::xmlrpc;
    std::string list;
    for (std::size_t i = 0; i < protocol_names.size(); ++i) {
        if (equal_ignoring_case(text, protocol_names[i])) return static_cast<Protocol>(i);
        list += (i == 0                           ? ""
                 : i + 1 == protocol_names.size() ? " or "
                                                  : ", ") +
                std::string(protocol_names[i]);
    }
    refuse("FabricProtocol is '" + std::string(text) + "'; use " + list);
}

std::string_view protocol_name(Protocol protocol) {
    return protocol_names[static_cast<std::size_t>(protocol)];
}

bool may_ask_servers(Protocol protocol) {
    return protocol >= Protocol::file;
}

std::string digest_of(const FarmOptions& options) {
    const std::string* const parts[] = {&options.hosts,    &options.user,     &options.password,
                                        &options.ssl_ca,   &options.ssl_cert, &options.ssl_key,
                                        &options.ssl_mode, &options.weights,  &options.addresses};
    std::string text;
    std::size_t most = 200;
    for (const std::string* part : parts) most += part->size() + 24;
    text.reserve(most);  // growing would leave copies of the password
    for (const std::string* part : parts) {
        text += std::to_string(part->size());
        text += ':';
        text += *part;
    }
    for (const unsigned part :
         {options.port, static_cast<unsigned>(options.protocol),
          static_cast<unsigned>(options.ssl_verify), options.connection_timeout,
          options.connection_attempts, options.connection_delay, options.ttl,
          static_cast<unsigned>(options.among_processes)})
        text += "," + std::to_string(part);
    std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), sum.data(), &size, EVP_sha256(), nullptr);
    wipe(text);
    return {sum.begin(), sum.begin() + size};
}

std::chrono::seconds fresh_for(const Topology& topology, const FarmOptions& options) {
    const std::chrono::seconds wished =
        options.ttl ? std::chrono::seconds(options.ttl) : topology.ttl;
    return std::max<std::chrono::seconds>(wished, std::chrono::seconds(1));
}

std::string Endpoint::text() const {
    const bool ipv6 = host.find(':') != std::string::npos;
    return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::vector<Endpoint> parse_endpoints(std::string_view hosts, unsigned default_port) {
    std::vector<Endpoint> endpoints;
    while (!hosts.empty()) {
        const std::size_t comma = std::min(hosts.find(','), hosts.size());
        const std::string_view one = trim(hosts.substr(0, comma));
        hosts.remove_prefix(std::min(comma + 1, hosts.size()));
        if (!one.empty()) endpoints.push_back(parse_endpoint(one, default_port));
    }
    if (endpoints.empty())
        refuse("FabricHost is empty; name the farm's node, e.g. FabricHost=node1");
    return endpoints;
}

std::string reporter_name(const Report& report) {
    if (!report.reporter.empty()) return report.reporter;
    const std::string machine = platform::host_name();
    return machine.empty() ? "MyFabric" : machine;
}

}  // namespace myfabric::topology
