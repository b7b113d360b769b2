// A node's answers as XML, up to the farm that is made of them.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/farm_of_strangers.h"
#include "node/xml_tags.h"
#include "sources/xmlrpc_reply.h"

using namespace myfabric;

namespace {

/// What is read in pieces is what is read at once.
void compare_pieces(const std::string& xml) {
    topology::Reply whole;
    try {
        whole = sources::decode_reply(xml);
    } catch (const topology::MalformedReply&) {
        return;
    }
    const auto parted = node::rows_in_pieces(xml, 1);
    if (!parted || whole.result_sets.size() != 1) return;
    std::vector<topology::Row> rows;
    for (const std::string_view piece : parted->pieces) {
        const auto part =
            sources::decode_reply(std::string(parted->before).append(piece).append(parted->after));
        for (const auto& row : part.result_sets.at(0).rows) rows.push_back(row);
    }
    if (rows != whole.result_sets[0].rows) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string xml(reinterpret_cast<const char*>(data), size);
    compare_pieces(xml);
    fuzz::read_farm([&](const char*) { return sources::decode_reply(xml); });
    try {
        sources::decode_plain_reply(xml);
    } catch (const topology::MalformedReply&) {
    } catch (const Error&) {
    }
    return 0;
}
