// One HTTP POST at a time, bounded in time and size, by libcurl.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

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
    std::string detail;       // libcurl's words for the trouble
    bool challenged = false;  // the server asked for a user and password
};

/// Keeps the server's digest challenge between calls, but no connection. Not thread-safe.
class HttpClient {
public:
    /// `stopped` ends running and later calls; it outlives the client.
    HttpClient(const HttpOptions& options, const std::atomic<bool>& stopped);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Takes at most `timeout`, the digest handshake included, and `size_limit` bytes.
    HttpResponse post(const std::string& body, std::chrono::milliseconds timeout,
                      std::size_t size_limit);

private:
    struct Handle;
    std::unique_ptr<Handle> handle_;
};

}  // namespace myfabric::sources
