#include "topology/topology.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace myfabric::topology {

const std::vector<Server>* Topology::group(const std::string& id) const {
    const auto found = groups.find(id);
    return found == groups.end() ? nullptr : &found->second;
}

const Table* Topology::table(std::string_view name) const {
    // Names of the usual length need no memory of their own.
    std::array<char, 160> lower;
    if (name.size() > lower.size()) {
        const auto found = tables.find(to_lower(name));
        return found == tables.end() ? nullptr : &found->second;
    }
    std::ranges::transform(name, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto found = tables.find(std::string_view(lower.data(), name.size()));
    return found == tables.end() ? nullptr : &found->second;
}

}  // namespace myfabric::topology
