// XML-RPC texts by the library xmlrpc-c: what sources/xmlrpc_reply.h offers. Pure.
#pragma once

#include <string>
#include <vector>

#include "topology/values.h"

namespace myfabric::node {

std::string encode_call(const std::string& method, const std::vector<topology::Value>& arguments);
topology::Reply decode_reply(const std::string& xml);
topology::Reply decode_plain_reply(const std::string& xml);

}  // namespace myfabric::node
