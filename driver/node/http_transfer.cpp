#include "node/http_transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "platform/thread.h"

namespace myfabric::node {

using sources::HttpFailure;
using sources::HttpOptions;
using sources::HttpResponse;

namespace {

void initialise() {
    static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (result != CURLE_OK) throw Error(state::general_error, curl_easy_strerror(result));
}

HttpFailure failure_of(CURLcode code, long os_error, bool began) {
    switch (code) {
        case CURLE_OK:
            return HttpFailure::none;
        case CURLE_COULDNT_RESOLVE_HOST:
            return HttpFailure::name_unknown;
        case CURLE_COULDNT_CONNECT:
            return os_error == ECONNREFUSED ? HttpFailure::refused : HttpFailure::unreachable;
        case CURLE_OPERATION_TIMEDOUT:
            return HttpFailure::timed_out;
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
            return began ? HttpFailure::cut_off : HttpFailure::empty_reply;
        case CURLE_PARTIAL_FILE:
            return HttpFailure::cut_off;
        case CURLE_FILESIZE_EXCEEDED:
            return HttpFailure::too_large;
        case CURLE_UNSUPPORTED_PROTOCOL:  // an answer without a status line
        case CURLE_WEIRD_SERVER_REPLY:
            return HttpFailure::not_http;
        case CURLE_ABORTED_BY_CALLBACK:
            return HttpFailure::stopped;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
            return HttpFailure::tls;
        default:
            return HttpFailure::other;
    }
}

/// One request and its answer.
class Transfer {
public:
    Transfer(const HttpOptions& options, const std::atomic<bool>& stopped, std::size_t size_limit)
        : stopped_(stopped), size_limit_(size_limit), curl_(curl_easy_init()) {
        if (!curl_) throw Error(state::memory_allocation);
        set(CURLOPT_URL, options.url.c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_PROXY, "");  // the environment's proxy is for browsers
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        // An idle connection would occupy one of the node's workers.
        set(CURLOPT_FORBID_REUSE, 1L);
        set(CURLOPT_ERRORBUFFER, detail_);
        set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_HEADERFUNCTION, &Transfer::take_header);
        set(CURLOPT_HEADERDATA, this);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &Transfer::go_on);
        set(CURLOPT_XFERINFODATA, this);
        set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(size_limit));
        if (!options.ssl_ca.empty()) set(CURLOPT_CAINFO, options.ssl_ca.c_str());
        if (!options.ssl_cert.empty()) set(CURLOPT_SSLCERT, options.ssl_cert.c_str());
        if (!options.ssl_key.empty()) set(CURLOPT_SSLKEY, options.ssl_key.c_str());
        // A CA that is given is checked in any case; without verification any name of its will do.
        set(CURLOPT_SSL_VERIFYPEER, options.ssl_verify || !options.ssl_ca.empty() ? 1L : 0L);
        set(CURLOPT_SSL_VERIFYHOST, options.ssl_verify ? 2L : 0L);
    }
    ~Transfer() {
        curl_easy_cleanup(curl_);
        curl_slist_free_all(headers_);
    }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// `authorization` empty: without one.
    HttpResponse post(const std::string& body, const std::string& authorization,
                      std::chrono::milliseconds timeout,
                      std::chrono::milliseconds connect_timeout) {
        for (const char* header : {"Content-Type: text/xml", "Expect:"}) add(header);
        if (!authorization.empty()) add(("Authorization: " + authorization).c_str());
        set(CURLOPT_HTTPHEADER, headers_);
        set(CURLOPT_POSTFIELDS, body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
        set(CURLOPT_CONNECTTIMEOUT_MS,
            static_cast<long>(std::min(timeout, connect_timeout).count()));
        const CURLcode code = [&] {
            // A TLS library writes to sockets that the node has closed.
            const platform::SigpipeBlocked blocked;
            return curl_easy_perform(curl_);
        }();
        long os_error = 0;
        curl_easy_getinfo(curl_, CURLINFO_OS_ERRNO, &os_error);
        if (response_.failure == HttpFailure::none)
            response_.failure = failure_of(code, os_error, response_.status != 0);
        if (response_.failure != HttpFailure::none)
            response_.detail = detail_[0] ? detail_ : curl_easy_strerror(code);
        // Some refusals lack a length or even the blank line after the headers: the status says
        // enough.
        const bool truncated_refusal = response_.failure == HttpFailure::cut_off ||
                                       response_.failure == HttpFailure::empty_reply;
        if (truncated_refusal && response_.status >= 400) response_.failure = HttpFailure::none;
        return std::move(response_);
    }

private:
    template <class T>
    void set(CURLoption option, T value) {
        if (const CURLcode result = curl_easy_setopt(curl_, option, value); result != CURLE_OK)
            throw Error(state::general_error, std::string("libcurl does not accept an option: ") +
                                                  curl_easy_strerror(result));
    }
    void add(const char* header) {
        curl_slist* const longer = curl_slist_append(headers_, header);
        if (!longer) throw Error(state::memory_allocation);
        headers_ = longer;
    }

    static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
        Transfer& transfer = *static_cast<Transfer*>(self);
        if (transfer.response_.body.size() + size > transfer.size_limit_) {
            transfer.response_.failure = HttpFailure::too_large;
            return 0;
        }
        transfer.response_.body.append(data, size);
        return size;
    }

    /// Notes the status line, as a missing right is named in the words after the number, and the
    /// challenge.
    static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self) {
        constexpr std::string_view challenge = "www-authenticate:";
        HttpResponse& response = static_cast<Transfer*>(self)->response_;
        std::string_view line = trim({data, size});
        if (equal_ignoring_case(line.substr(0, challenge.size()), challenge)) {
            if (response.status == 401)
                response.challenges.emplace_back(line.substr(challenge.size()));
            return size;
        }
        if (!line.starts_with("HTTP/")) return size;
        line = trim(line.substr(std::min(line.find(' '), line.size())));
        int status = 0;
        const auto end = std::from_chars(line.data(), line.data() + line.size(), status).ptr;
        response.status = status;
        response.reason = trim(line.substr(static_cast<std::size_t>(end - line.data())));
        response.body.clear();
        response.challenges.clear();
        response.challenged = status == 401;
        return size;
    }

    static int go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Transfer*>(self)->stopped_ ? 1 : 0;
    }

    const std::atomic<bool>& stopped_;
    const std::size_t size_limit_;
    CURL* const curl_;
    curl_slist* headers_ = nullptr;
    char detail_[CURL_ERROR_SIZE] = "";
    HttpResponse response_;
};

}  // namespace

HttpResponse post(const HttpOptions& options, const sources::HttpRequest& request,
                  const std::atomic<bool>& stopped) {
    initialise();
    return Transfer(options, stopped, request.size_limit)
        .post(request.body, request.authorization, request.timeout, options.connect_timeout);
}

}  // namespace myfabric::node
