// What every farm that a stranger's answer became has to hold to.
#pragma once

#include "base/untrusted.h"
#include "fuzz/bytes.h"
#include "sources/dumps.h"
#include "sources/farm_file.h"
#include "topology/source.h"

namespace myfabric::fuzz {

inline void must_be_usable(const topology::Topology& farm) {
    for (const auto& [group, members] : farm.groups)
        for (const topology::Server& server : members) {
            must(why_no_host(server.host).empty());
            must(why_no_name(server.group).empty() && why_no_name(server.uuid).empty());
            must(server.port >= 1 && server.port <= 65535);
            must(server.weight >= 0 && server.weight <= 1e308);
        }
    for (const auto& [name, table] : farm.tables) must(table.map < farm.maps.size());
    // `myfabric export` writes it: what is written can be read.
    sources::parse_farm(sources::farm_text(farm));
}

/// Reads a farm from a node that answers so.
template <class Answer>
void read_farm(Answer&& answer) {
    sources::Dumps dumps;
    const sources::NodeReader node{answer, "the node "};
    try {
        for (int loads = 0; loads < 2; ++loads) {
            const topology::Topology farm = dumps.load(node);
            try {
                must_be_usable(farm);
            } catch (const std::exception& refused) {
                std::fprintf(stderr, "%s\n", refused.what());
                must(false);
            }
        }
    } catch (const topology::MalformedReply&) {
    } catch (const Error&) {
    }
}

}  // namespace myfabric::fuzz
