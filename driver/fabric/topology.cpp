#include "fabric/topology.h"

#include "base/text.h"

namespace myfabric::fabric {

const std::vector<Server>* Topology::group(const std::string& id) const {
    const auto found = groups.find(id);
    return found == groups.end() ? nullptr : &found->second;
}

const Table* Topology::table(std::string_view name) const {
    const auto found = tables.find(to_lower(name));
    return found == tables.end() ? nullptr : &found->second;
}

}  // namespace myfabric::fabric
