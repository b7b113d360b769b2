// What a Fabric node needs, as the table that the driver knows. No exception but std::bad_alloc
// leaves it.
#include <stdexcept>

#include "base/error.h"
#include "node/http_transfer.h"
#include "node/xmlrpc_text.h"
#include "sources/node_functions.h"
#include "sources/xmlrpc_reply.h"

namespace myfabric::sources {
namespace {

HttpResponse post(const HttpOptions& options, const HttpRequest& request,
                  const std::atomic<bool>& stopped) {
    try {
        return node::post(options, request, stopped);
    } catch (const Error& error) {
        HttpResponse failed;
        failed.failure = HttpFailure::other;
        failed.detail = error.what();
        return failed;
    }
}

ReadReply read(ReplyShape shape, const std::string& xml) {
    ReadReply read;
    try {
        read.reply =
            shape == ReplyShape::plain ? node::decode_plain_reply(xml) : node::decode_reply(xml);
    } catch (const Fault& fault) {
        read.outcome = ReadReply::Outcome::fault;
        read.fault_code = fault.code;
        read.text = fault.reason;
    } catch (const topology::MalformedReply& error) {
        read.outcome = ReadReply::Outcome::malformed;
        read.text = error.what();
    }
    return read;
}

constexpr NodeFunctions table{MYFABRIC_VERSION, sizeof(NodeFunctions), post, node::encode_call,
                              read};

}  // namespace
}  // namespace myfabric::sources

const myfabric::sources::NodeFunctions* myfabric_linked_node_functions() {
    return &myfabric::sources::table;
}
