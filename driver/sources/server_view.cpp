#include "sources/server_view.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/untrusted.h"

namespace myfabric::sources {
namespace {

using topology::Endpoint;

/// Calls `take(left, right)` for each "left=right" of a list with commas.
template <class Take>
void each_pair(std::string_view list, const char* key, const char* form, Take&& take) {
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string_view one = trim(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        if (one.empty()) continue;
        const std::size_t equals = one.find('=');
        if (equals == std::string_view::npos ||
            !take(trim(one.substr(0, equals)), trim(one.substr(equals + 1))))
            throw Error(state::unable_to_connect, std::string(key) + " has the part '" +
                                                      printable(one) +
                                                      "', which is not of the form " + form);
    }
}

}  // namespace

std::optional<Endpoint> endpoint_in(std::string_view text, unsigned default_port) {
    try {
        std::vector<Endpoint> all = topology::parse_endpoints(text, default_port);
        if (all.size() == 1) return std::move(all.front());
    } catch (const Error&) {
    }
    return std::nullopt;
}

ServerRules::ServerRules(std::string_view weights, std::string_view addresses,
                         unsigned default_port)
    : default_port_(default_port) {
    each_pair(weights, "FabricWeights", "host=weight or host:port=weight",
              [&](std::string_view server, std::string_view text) {
                  double weight = 0;
                  const auto [end, error] =
                      std::from_chars(text.data(), text.data() + text.size(), weight);
                  const bool number = error == std::errc{} && end == text.data() + text.size();
                  const auto at = endpoint_in(server, 0);
                  if (!number || !(weight >= 0) || !at) return false;
                  weights_[to_lower(at->port ? at->text() : at->host)] = weight;
                  return true;
              });
    each_pair(addresses, "FabricAddresses", "reported:port=reachable:port",
              [&](std::string_view reported, std::string_view reached) {
                  const auto from = endpoint_in(reported, 0);
                  const auto to = endpoint_in(reached, 0);
                  if (!from || !to) return false;
                  addresses_[to_lower(from->port ? from->text() : from->host)] = *to;
                  return true;
              });
}

double ServerRules::weight(const Endpoint& server) const {
    for (const std::string& name : {to_lower(server.text()), to_lower(server.host)})
        if (const auto found = weights_.find(name); found != weights_.end()) return found->second;
    return 1.0;
}

Endpoint ServerRules::reachable(Endpoint reported) const {
    for (const std::string& name : {to_lower(reported.text()), to_lower(reported.host)})
        if (const auto found = addresses_.find(name); found != addresses_.end())
            return {found->second.host, found->second.port ? found->second.port : reported.port};
    return reported;
}

Endpoint ServerRules::named(const std::string& host, std::string_view port) const {
    const std::uint64_t number = number_in(port);
    if (!why_no_host(host).empty() || number == 0 || number > 65535) return {};
    return reachable({host, static_cast<unsigned>(number)});
}

void call_server(topology::Server& server, const std::string& name) {
    if (why_no_name(name).empty()) server.uuid = name;
}

std::string cell(const topology::ResultSet& set, const topology::Row& row,
                 std::string_view column) {
    for (std::size_t i = 0; i < std::min(set.names.size(), row.size()); ++i)
        if (equal_ignoring_case(set.names[i], column))
            return topology::text_of(row[i]).value_or(std::string());
    return {};
}

std::string cell(const topology::ResultSet& set, const topology::Row& row, std::string_view column,
                 std::string_view other_name) {
    std::string value = cell(set, row, column);
    return value.empty() ? cell(set, row, other_name) : value;
}

const topology::ResultSet* set_with(const ServerAnswer& answer, std::string_view column) {
    const auto found = std::ranges::find_if(answer.sets, [&](const topology::ResultSet& set) {
        return std::ranges::any_of(
            set.names, [&](const std::string& name) { return equal_ignoring_case(name, column); });
    });
    return found == answer.sets.end() ? nullptr : &*found;
}

std::uint64_t number_in(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

void throw_no_answer(std::span<const SeenServer> servers) {
    for (const SeenServer& server : servers)
        if (server.refusal) throw Error(*server.refusal);
    std::string text;
    for (const SeenServer& server : servers)
        text += (text.empty() ? "" : "; ") + server.at.text() + " " + server.problem;
    throw topology::Unreachable(Error::from_fabric(
        state::unable_to_connect,
        "no server of FabricHost answers: " + text + "; check FabricHost and FabricPort"));
}

}  // namespace myfabric::sources
