// A node's answer, up to the farm that is made of it.
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/untrusted.h"
#include "sources/decode.h"
#include "sources/xmlrpc_reply.h"

using namespace myfabric;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string xml(reinterpret_cast<const char*>(data), size);
    try {
        sources::Dump dump;
        dump.servers = sources::first_set(sources::decode_reply(xml), "dump.servers");
        dump.shard_maps = dump.shard_index = dump.shard_tables = dump.servers;
        for (const auto& [group, members] : sources::decode_topology(dump).groups)
            for (const auto& server : members)
                if (!why_no_host(server.host).empty() || !why_no_name(group).empty())
                    __builtin_trap();
    } catch (const topology::Unfit&) {
    } catch (const Error&) {
    }
    return 0;
}
