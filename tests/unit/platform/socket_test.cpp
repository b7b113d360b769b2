#include "platform/socket.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

namespace myfabric::platform {
namespace {

using namespace std::chrono_literals;

/// Two ends of a TCP link on loopback.
class TcpLink {
public:
    TcpLink() {
        const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* where = reinterpret_cast<sockaddr*>(&address);
        bind(listener, where, size);
        listen(listener, 1);
        getsockname(listener, where, &size);
        ours = ::socket(AF_INET, SOCK_STREAM, 0);
        connect(ours, where, size);
        theirs = accept(listener, nullptr, nullptr);
        close(listener);
    }
    ~TcpLink() {
        close(ours);
        close(theirs);
    }
    TcpLink(const TcpLink&) = delete;
    TcpLink& operator=(const TcpLink&) = delete;

    void question_and_answer() const {
        char byte = 'x';
        ASSERT_EQ(1, send(ours, &byte, 1, 0));
        ASSERT_EQ(1, recv(theirs, &byte, 1, 0));
        ASSERT_EQ(1, send(theirs, &byte, 1, 0));
        ASSERT_EQ(1, recv(ours, &byte, 1, 0));
    }
    bool acknowledges_at_once() const {
        int on = 0;
        socklen_t size = sizeof on;
        getsockopt(ours, IPPROTO_TCP, TCP_QUICKACK, &on, &size);
        return on != 0;
    }

    int ours = -1, theirs = -1;
};

TEST(Socket, AcknowledgesAtOnceWhenToldToAfterAQuestion) {
    const TcpLink link;
    for (int i = 0; i < 4; ++i) ASSERT_NO_FATAL_FAILURE(link.question_and_answer());
    ASSERT_FALSE(link.acknowledges_at_once())
        << "the system delays of itself; else this shows nothing";
    acknowledge_at_once(link.ours);
    EXPECT_TRUE(link.acknowledges_at_once());
}

TEST(Socket, TellsWhyATcpLinkCannotBeHad) {
    const TcpLink link;
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(link.ours, reinterpret_cast<sockaddr*>(&address), &size);
    // The port of a link that is no listener's.
    EXPECT_EQ(ECONNREFUSED, connect_error("127.0.0.1", ntohs(address.sin_port), 300ms));
    EXPECT_EQ(EHOSTUNREACH, connect_error("no.such.host.invalid", 1, 300ms));
}

TEST(Socket, TellsWhatATcpLinkHasCarriedAndNothingOfOthers) {
    const TcpLink link;
    for (int i = 0; i < 7; ++i) ASSERT_NO_FATAL_FAILURE(link.question_and_answer());
    const std::optional<Carried> bytes = carried(link.ours);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(7u, bytes->sent);
    EXPECT_EQ(7u, bytes->received);
    int ends[2];
    ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    EXPECT_FALSE(carried(ends[0]));
    EXPECT_FALSE(carried(-1));
    close(ends[0]);
    close(ends[1]);
}

TEST(Socket, ANumberThatIsNoSocketIsNothingToAcknowledge) {
    acknowledge_at_once(-1);
}

}  // namespace
}  // namespace myfabric::platform
