#include "sources/xmlrpc_reply.h"

#include <utility>

#include "sources/node_functions.h"

namespace myfabric::sources {
namespace {

topology::Reply read(ReplyShape shape, const std::string& xml) {
    ReadReply read = node_functions().read(shape, xml);
    if (read.outcome == ReadReply::Outcome::fault) throw Fault(read.fault_code, read.text);
    if (read.outcome == ReadReply::Outcome::malformed) throw topology::MalformedReply(read.text);
    return std::move(read.reply);
}

}  // namespace

std::string encode_call(const std::string& method, const std::vector<topology::Value>& arguments) {
    return node_functions().encode_call(method, arguments);
}

topology::Reply decode_reply(const std::string& xml) {
    return read(ReplyShape::fabric, xml);
}

topology::Reply decode_plain_reply(const std::string& xml) {
    return read(ReplyShape::plain, xml);
}

}  // namespace myfabric::sources
