// What only a Fabric node needs, HTTP and XML-RPC, as functions: their libraries (libcurl, xmlrpc-c
// and some thirty that those need) are in a module beside the driver, so that a program which never
// asks a node never loads them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/secret.h"
#include "topology/values.h"

namespace myfabric::sources {

struct HttpOptions {
    std::string url;
    std::string user;  // empty: no authentication
    std::string password;
    std::string ssl_ca;  // file names; empty ca: the system's
    std::string ssl_cert;
    std::string ssl_key;
    bool ssl_verify = true;
    std::chrono::milliseconds connect_timeout{60'000};  // of each connection, within the call's

    HttpOptions() = default;
    HttpOptions(const HttpOptions&) = default;
    HttpOptions& operator=(const HttpOptions&) = default;
    ~HttpOptions() { wipe(password); }
};

struct HttpRequest {
    std::string body;
    std::string authorization;  // the header's value; empty: without
    std::chrono::milliseconds timeout;
    std::size_t size_limit;  // bytes of the answer
};

enum class HttpFailure : unsigned char {
    none,  // an answer came, whatever its status
    name_unknown,
    refused,
    unreachable,
    timed_out,
    empty_reply,
    cut_off,
    too_large,
    not_http,
    tls,
    stopped,
    other,
};

struct HttpResponse {
    HttpFailure failure = HttpFailure::none;
    int status = 0;      // HTTP status
    std::string reason;  // the words after it
    std::string body;
    std::string detail;                   // libcurl's words for the trouble
    bool challenged = false;              // the server asked for a user and password
    std::vector<std::string> challenges;  // with a status 401: the values of WWW-Authenticate
};

enum class ReplyShape : unsigned char { fabric, plain };  // plain: of the commands system.*

/// A reply, or why there is none.
struct ReadReply {
    enum class Outcome : unsigned char { good, malformed, fault };
    Outcome outcome = Outcome::good;
    topology::Reply reply;
    int fault_code = 0;
    std::string text;  // the fault's description, or a predicate: "sent ..."
};

/// Made by one build of driver and module; both say their version. They throw std::bad_alloc only.
struct NodeFunctions {
    const char* version;
    std::size_t size;  // of this table

    /// One request. `stopped` ends it.
    HttpResponse (*post)(const HttpOptions& options, const HttpRequest& request,
                         const std::atomic<bool>& stopped);
    std::string (*encode_call)(const std::string& method,
                               const std::vector<topology::Value>& arguments);
    ReadReply (*read)(ReplyShape shape, const std::string& xml);
};

/// The module's file, in the folder of the driver's own.
inline constexpr const char* node_module = "libmyfabric-node.so";

/// Those that this program is linked to (layer_node), else those of the module, which is opened by
/// the first call and stays. Throws Error 08001 that names the file when it is missing, cannot be
/// loaded, or is of another version. Thread-safe.
const NodeFunctions& node_functions();

}  // namespace myfabric::sources

/// Null where the functions are not linked: the driver has the module for them.
extern "C" [[gnu::weak, gnu::visibility("hidden")]] const myfabric::sources::NodeFunctions*
myfabric_linked_node_functions();
