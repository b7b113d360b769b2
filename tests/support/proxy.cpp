#include "support/proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace myfabric::test {
namespace {

constexpr std::size_t npos = std::string::npos;

sockaddr_in local(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool send_all(int socket, const char* data, std::size_t size) {
    while (size) {
        const ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

}  // namespace

struct Proxy::Link {
    int client = -1, server = -1;
    bool hit = false;  // its command was the one to be answered badly
    bool silent = false;
    bool asked = false;    // the server has to answer
    std::size_t left = 0;  // bytes of the reply that are let through
};

Proxy::Proxy(int server_port) : server_port_(server_port) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = local(0);
    socklen_t length = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) || listen(listener_, 64) ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length))
        throw std::runtime_error("no port for a proxy");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept(); });
}

Proxy::~Proxy() {
    stopping_ = true;
    cut();
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();  // no further links from here on
    cut();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
}

void Proxy::accept() {
    while (!stopping_) {
        pollfd entry{listener_, POLLIN, 0};
        if (poll(&entry, 1, 50) <= 0) continue;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        const std::lock_guard lock(mutex_);
        threads_.emplace_back([this, client] {
            Link link;
            link.client = client;
            const int on = 1;  // pieces arrive as they were sent
            setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            while (frozen_ && !stopping_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            link.server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            const sockaddr_in address = local(server_port_);
            const bool connected =
                !connect(link.server, reinterpret_cast<const sockaddr*>(&address), sizeof address);
            {
                const std::lock_guard own(mutex_);
                links_.push_back(&link);
            }
            if (connected && !stopping_) forward(link);
            const std::lock_guard own(mutex_);
            std::erase(links_, &link);
            close(link.client);
            close(link.server);
        });
    }
}

void Proxy::forward(Link& link) {
    while (!stopping_) {
        if (frozen_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            continue;
        }
        pollfd entries[] = {{link.client, POLLIN, 0}, {link.server, POLLIN, 0}};
        if (poll(entries, 2, 50) < 0) return;
        if (frozen_) continue;
        if (entries[0].revents && !takes(link, true)) return;
        if (entries[1].revents && !takes(link, false)) return;
    }
}

bool Proxy::takes(Link& link, bool from_client) {
    std::array<char, 65536> buffer;
    const ssize_t got =
        recv(from_client ? link.client : link.server, buffer.data(),
             from_client ? buffer.size() : std::min<std::size_t>(buffer.size(), piece_), 0);
    if (got <= 0) return false;
    std::size_t size = static_cast<std::size_t>(got);
    for (pollfd more{link.client, POLLIN, 0};
         from_client && gather_ && size < buffer.size() && poll(&more, 1, gather_) > 0;) {
        const ssize_t bytes = recv(link.client, buffer.data() + size, buffer.size() - size, 0);
        if (bytes <= 0) break;
        size += static_cast<std::size_t>(bytes);
    }
    if (from_client) {
        const std::lock_guard lock(mutex_);
        const std::string_view bytes(buffer.data(), size);
        sent_ += bytes;
        link.asked = true;
        if (!wanted_.empty() && bytes.find(wanted_) != std::string_view::npos) {
            wanted_.clear();
            link.hit = true;
            link.silent = silent_;
            link.left = reply_bytes_;
        }
        std::string through(bytes);
        for (std::size_t at = 0; !altered_.empty() && (at = through.find(altered_, at)) != npos;)
            through.replace(at, altered_.size(), into_);
        return send_all(link.server, through.data(), through.size());
    }
    if (std::exchange(link.asked, false)) ++turns_;
    if (!link.hit) return send_all(link.client, buffer.data(), size);
    if (link.silent) return true;
    size = std::min(size, link.left);
    link.left -= size;
    return send_all(link.client, buffer.data(), size) && link.left > 0;
}

void Proxy::cut_reply_of(const std::string& text, std::size_t reply_bytes) {
    const std::lock_guard lock(mutex_);
    wanted_ = text;
    reply_bytes_ = reply_bytes;
    silent_ = false;
}

void Proxy::alter(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    altered_ = from;
    into_ = to;
}

void Proxy::silence_reply_of(const std::string& text) {
    const std::lock_guard lock(mutex_);
    wanted_ = text;
    silent_ = true;
}

void Proxy::cut() {
    const std::lock_guard lock(mutex_);
    for (const Link* link : links_) {
        shutdown(link->client, SHUT_RDWR);
        shutdown(link->server, SHUT_RDWR);
    }
}

int Proxy::seen(const std::string& text) const {
    const std::lock_guard lock(mutex_);
    int count = 0;
    for (std::size_t at = sent_.find(text); at != std::string::npos;
         at = sent_.find(text, at + text.size()))
        ++count;
    return count;
}

}  // namespace myfabric::test
