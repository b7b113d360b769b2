#include "sources/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "platform/thread.h"

namespace myfabric::sources {
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

}  // namespace

struct HttpClient::Handle {
    CURL* curl = nullptr;
    curl_slist* headers = nullptr;
    const std::atomic<bool>* stopped = nullptr;
    char detail[CURL_ERROR_SIZE] = "";
    HttpResponse response;
    std::size_t size_limit = 0;
    std::chrono::milliseconds connect_timeout{};
    bool challenged = false;

    ~Handle() {
        curl_easy_cleanup(curl);
        curl_slist_free_all(headers);
    }

    template <class T>
    void set(CURLoption option, T value) {
        if (const CURLcode result = curl_easy_setopt(curl, option, value); result != CURLE_OK)
            throw Error(state::general_error, std::string("libcurl does not accept an option: ") +
                                                  curl_easy_strerror(result));
    }

    static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
        Handle& handle = *static_cast<Handle*>(self);
        if (handle.response.body.size() + size > handle.size_limit) {
            handle.response.failure = HttpFailure::too_large;
            return 0;
        }
        handle.response.body.append(data, size);
        return size;
    }

    /// Notes the status line: a missing right is named in the words after the number.
    static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self) {
        Handle& handle = *static_cast<Handle*>(self);
        std::string_view line = trim({data, size});
        if (!line.starts_with("HTTP/")) return size;
        line = trim(line.substr(std::min(line.find(' '), line.size())));
        int status = 0;
        const auto end = std::from_chars(line.data(), line.data() + line.size(), status).ptr;
        handle.response.status = status;
        handle.response.reason = trim(line.substr(static_cast<std::size_t>(end - line.data())));
        handle.response.body.clear();
        if (status == 401) handle.challenged = true;
        return size;
    }

    static int go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return *static_cast<Handle*>(self)->stopped ? 1 : 0;
    }
};

HttpClient::HttpClient(const HttpOptions& options, const std::atomic<bool>& stopped)
    : handle_(std::make_unique<Handle>()) {
    initialise();
    Handle& handle = *handle_;
    handle.stopped = &stopped;
    handle.connect_timeout = options.connect_timeout;
    handle.curl = curl_easy_init();
    if (!handle.curl) throw Error(state::memory_allocation);
    handle.set(CURLOPT_URL, options.url.c_str());
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https");
    handle.set(CURLOPT_PROXY, "");  // the environment's proxy is for browsers
    handle.set(CURLOPT_NOSIGNAL, 1L);
    handle.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    handle.set(CURLOPT_FORBID_REUSE,
               1L);  // an idle connection would occupy one of the node's workers
    handle.set(CURLOPT_ERRORBUFFER, handle.detail);
    handle.set(CURLOPT_WRITEFUNCTION, &Handle::take_body);
    handle.set(CURLOPT_WRITEDATA, &handle);
    handle.set(CURLOPT_HEADERFUNCTION, &Handle::take_header);
    handle.set(CURLOPT_HEADERDATA, &handle);
    handle.set(CURLOPT_NOPROGRESS, 0L);
    handle.set(CURLOPT_XFERINFOFUNCTION, &Handle::go_on);
    handle.set(CURLOPT_XFERINFODATA, &handle);
    for (const char* header : {"Content-Type: text/xml", "Expect:"})
        handle.headers = curl_slist_append(handle.headers, header);
    handle.set(CURLOPT_HTTPHEADER, handle.headers);
    if (!options.user.empty()) {
        handle.set(CURLOPT_USERNAME, options.user.c_str());
        handle.set(CURLOPT_PASSWORD, options.password.c_str());
        // With a choice of two the first request goes out whole, so that a node without
        // authentication can answer it; with digest alone it would be empty, which is refused.
        handle.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_DIGEST | CURLAUTH_BEARER));
    }
    if (!options.ssl_ca.empty()) handle.set(CURLOPT_CAINFO, options.ssl_ca.c_str());
    if (!options.ssl_cert.empty()) handle.set(CURLOPT_SSLCERT, options.ssl_cert.c_str());
    if (!options.ssl_key.empty()) handle.set(CURLOPT_SSLKEY, options.ssl_key.c_str());
    // A CA that is given is checked in any case; without verification any name of its will do.
    handle.set(CURLOPT_SSL_VERIFYPEER, options.ssl_verify || !options.ssl_ca.empty() ? 1L : 0L);
    handle.set(CURLOPT_SSL_VERIFYHOST, options.ssl_verify ? 2L : 0L);
}

HttpClient::~HttpClient() = default;

HttpResponse HttpClient::post(const std::string& body, std::chrono::milliseconds timeout,
                              std::size_t size_limit) {
    Handle& handle = *handle_;
    handle.response = {};
    handle.size_limit = size_limit;
    handle.detail[0] = 0;
    handle.set(CURLOPT_POSTFIELDS, body.c_str());
    handle.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    handle.set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(size_limit));
    handle.set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    handle.set(CURLOPT_CONNECTTIMEOUT_MS,
               static_cast<long>(std::min(timeout, handle.connect_timeout).count()));
    const CURLcode code = [&] {
        // A TLS library writes to sockets that the node has closed.
        const platform::SigpipeBlocked blocked;
        return curl_easy_perform(handle.curl);
    }();
    long os_error = 0;
    curl_easy_getinfo(handle.curl, CURLINFO_OS_ERRNO, &os_error);
    HttpResponse response = std::move(handle.response);
    // Behind a challenge it is the second request, the one with the credentials, that failed.
    if (code != CURLE_OK && response.status == 401) response.status = 0;
    response.challenged = handle.challenged;
    if (response.failure == HttpFailure::none)
        response.failure = failure_of(code, os_error, response.status != 0);
    if (response.failure != HttpFailure::none)
        response.detail = handle.detail[0] ? handle.detail : curl_easy_strerror(code);
    // Some refusals lack a length or even the blank line after the headers: the status says
    // enough.
    const bool truncated_refusal =
        response.failure == HttpFailure::cut_off || response.failure == HttpFailure::empty_reply;
    if (truncated_refusal && response.status >= 400) response.failure = HttpFailure::none;
    return response;
}

}  // namespace myfabric::sources
