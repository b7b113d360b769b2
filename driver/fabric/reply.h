// XML-RPC texts: a call as XML, and the reply format of a Fabric node. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/values.h"

namespace myfabric::fabric {

/// Bytes that a reply may have; a farm of some 80 000 shards fits in.
inline constexpr std::size_t reply_limit = std::size_t{16} << 20;

std::string encode_call(const std::string& method, const std::vector<Value>& arguments);

/// The array of five that a node answers. Throws Unfit for a text that is no XML, is cut off, has
/// another shape, or is a fault.
Reply decode_reply(const std::string& xml);

}  // namespace myfabric::fabric
