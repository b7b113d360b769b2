// One HTTP POST at a time, bounded in time and size, with digest authentication.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "sources/digest.h"
#include "sources/node_functions.h"

namespace myfabric::sources {

/// Keeps the server's digest challenge between calls, but no connection. Digest is done here, and
/// each request is a separate transfer: libcurl 7.88 reads freed memory where the second answer
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
    std::string next_authorization();

    const HttpOptions options_;
    const std::atomic<bool>& stopped_;
    const std::string path_;  // of the URL
    std::optional<DigestChallenge> challenge_;
    unsigned uses_ = 0;  // of its nonce
};

}  // namespace myfabric::sources
