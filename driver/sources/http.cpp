#include "sources/http.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>

#include "sources/node_functions.h"

namespace myfabric::sources {
namespace {

std::string path_of(const std::string& url) {
    const std::size_t host = url.find("://");
    const std::size_t path = host == std::string::npos ? host : url.find('/', host + 3);
    return path == std::string::npos ? "/" : url.substr(path);
}

/// The first of these headers that this client can answer.
std::optional<DigestChallenge> readable(const std::vector<std::string>& headers) {
    for (const std::string& header : headers)
        if (std::optional<DigestChallenge> challenge = read_challenge(header)) return challenge;
    return {};
}

std::string random_text() {
    std::random_device random;
    std::string text;
    for (int i = 0; i < 4; ++i) {
        char digits[9];
        std::snprintf(digits, sizeof digits, "%08x", random());
        text += digits;
    }
    return text;
}

}  // namespace

HttpClient::HttpClient(const HttpOptions& options, const std::atomic<bool>& stopped)
    : options_(options), stopped_(stopped), path_(path_of(options.url)) {}

std::string HttpClient::next_authorization() {
    if (!challenge_) return {};
    return authorization(*challenge_, options_.user, options_.password, path_, ++uses_,
                         random_text());
}

HttpResponse HttpClient::post(const std::string& body, std::chrono::milliseconds timeout,
                              std::size_t size_limit) {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + timeout;
    // The first request goes out whole, so that a node without authentication can answer it; one
    // with a nonce that has grown stale is challenged once more.
    for (bool fresh = false;; fresh = true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        HttpResponse response = node_functions().post(
            options_,
            {body, next_authorization(), std::max(left, std::chrono::milliseconds(1)), size_limit},
            stopped_);
        std::optional<DigestChallenge> challenge = readable(response.challenges);
        const bool again =
            !fresh && challenge && response.failure == HttpFailure::none && !options_.user.empty();
        response.challenged |= challenge_.has_value();
        if (!again) return response;
        challenge_ = std::move(challenge);
        uses_ = 0;
    }
}

}  // namespace myfabric::sources
