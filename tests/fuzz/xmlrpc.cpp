// A node's answers as XML, up to the farm that is made of them.
#include <cstdint>
#include <string>

#include "fuzz/farm_of_strangers.h"
#include "sources/xmlrpc_reply.h"

using namespace myfabric;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string xml(reinterpret_cast<const char*>(data), size);
    fuzz::read_farm([&](const char*) { return sources::decode_reply(xml); });
    try {
        sources::decode_plain_reply(xml);
    } catch (const topology::MalformedReply&) {
    } catch (const Error&) {
    }
    return 0;
}
