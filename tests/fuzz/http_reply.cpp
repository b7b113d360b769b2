// What listens where a node is expected: its bytes are an HTTP answer or not. The password is in
// nothing that it is sent.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "base/error.h"
#include "fuzz/bytes.h"
#include "sources/http.h"

using namespace myfabric;
using fuzz::must;

namespace {

constexpr std::string_view password = "Pa55-word-never-shown";
constexpr std::string_view basic = "dTpQYTU1LXdvcmQtbmV2ZXItc2hvd24=";  // u:password
constexpr std::size_t size_limit = 4096;

/// Answers each link with the next part of a text, the last of them again and again.
class Server {
public:
    Server() {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        must(::bind(listener_, any, length) == 0 && ::listen(listener_, 16) == 0);
        must(::getsockname(listener_, any, &length) == 0);
        port_ = ntohs(address.sin_port);
        std::thread([this] { serve(); }).detach();
    }
    int port() const { return port_; }
    void answer(std::string_view text) {
        const std::lock_guard lock(mutex_);
        said_ = left_ = text;
    }

private:
    std::string next() {
        const std::lock_guard lock(mutex_);
        const std::size_t end = left_.find('\0');
        std::string part = left_.substr(0, end);
        if (end != std::string::npos) left_.erase(0, end + 1);
        return part;
    }

    /// What the server itself has said, as its realm, comes back to it.
    bool keeps_from(const std::string& request, std::string_view secret) {
        const std::lock_guard lock(mutex_);
        return request.find(secret) == std::string::npos || said_.find(secret) != std::string::npos;
    }

    void serve() {
        for (;;) {
            const int link = ::accept(listener_, nullptr, nullptr);
            if (link < 0) continue;
            std::string request;
            char part[4096];
            while (request.find("</call>") == std::string::npos) {
                const ssize_t got = ::recv(link, part, sizeof part, 0);
                if (got <= 0) break;
                request.append(part, static_cast<std::size_t>(got));
                // A request that only asks for the challenge has no body.
                if (request.find("Content-Length: 0") != std::string::npos) break;
            }
            must(keeps_from(request, password) && keeps_from(request, basic));
            const std::string answer = next();
            ::send(link, answer.data(), answer.size(), MSG_NOSIGNAL);
            ::close(link);
        }
    }

    int listener_ = -1, port_ = 0;
    std::mutex mutex_;
    std::string said_, left_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static auto* const server = new Server;
    static const std::atomic<bool> stopped{false};
    server->answer({reinterpret_cast<const char*>(data), size});
    sources::HttpOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(server->port()) + "/RPC2";
    options.user = "u";
    options.password = password;
    sources::HttpClient client(options, stopped);
    for (int call = 0; call < 2; ++call) {
        const sources::HttpResponse response =
            client.post("<call></call>", std::chrono::milliseconds(2000), size_limit);
        must(response.body.size() <= size_limit);
        must(response.failure != sources::HttpFailure::timed_out);
    }
    return 0;
}
