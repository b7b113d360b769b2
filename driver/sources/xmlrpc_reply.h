// XML-RPC texts: a call as XML, and the reply format of a Fabric node. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "topology/values.h"

namespace myfabric::sources {

/// Bytes that a reply may have: 100 000 shards fit in, as a node writes them (some 500 bytes each).
inline constexpr std::size_t reply_limit = std::size_t{64} << 20;

std::string encode_call(const std::string& method, const std::vector<topology::Value>& arguments);

/// The node knows no such command, or cannot read the call.
struct Fault : topology::MalformedReply {
    Fault(int fault_code, const std::string& description)
        : topology::MalformedReply("answered with fault " + std::to_string(fault_code) + ": " +
                                   description),
          code(fault_code),
          reason(description) {}
    int code;
    std::string reason;
};

/// The array of five that a node answers. Throws MalformedReply for a text that is no XML, is cut
/// off, has another shape, or is a fault. The latter is thrown as Fault.
topology::Reply decode_reply(const std::string& xml);

/// What the commands of system.* answer, an array or one value: a result set with the column
/// `value`. Throws as decode_reply() does.
topology::Reply decode_plain_reply(const std::string& xml);

}  // namespace myfabric::sources
