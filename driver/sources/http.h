// One HTTP POST at a time, bounded in time and size, by libcurl.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "sources/digest.h"

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
    std::string detail;                        // libcurl's words for the trouble
    bool challenged = false;                   // the server asked for a user and password
    std::optional<DigestChallenge> challenge;  // of a status 401
};

/// Keeps the server's digest challenge between calls, but no connection. Digest is done here, and
/// each request is a transfer of its own: libcurl 7.88 reads freed memory where the second answer
/// of a transfer begins with a folded line. Not thread-safe.
class HttpClient {
public:
    /// `stopped` ends running and later calls; it outlives the client.
    HttpClient(const HttpOptions& options, const std::atomic<bool>& stopped);
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Takes at most `timeout`, the digest handshake included, and `size_limit` bytes.
    HttpResponse post(const std::string& body, std::chrono::milliseconds timeout,
                      std::size_t size_limit);

private:
    class Transfer;

    HttpResponse post_once(const std::string& body, std::chrono::milliseconds timeout,
                           std::size_t size_limit, const std::string& authorization);
    std::string next_authorization();

    const HttpOptions options_;
    const std::atomic<bool>& stopped_;
    const std::string path_;  // of the URL
    std::optional<DigestChallenge> challenge_;
    unsigned uses_ = 0;  // of its nonce
};

}  // namespace myfabric::sources
