#include "sources/xmlrpc.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "support/folders.h"

namespace myfabric::sources {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// A node on loopback: each request gets the text that the test's function makes of it, then the
/// connection is closed. A text "hang" leaves it open without an answer.
class Node {
public:
    using Answerer = std::function<std::string(const std::string& request, int number)>;

    explicit Node(Answerer answerer) : answerer_(std::move(answerer)) {
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
            listen(listener_, 16) != 0 ||
            getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("no loopback port");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~Node() {
        stopping_ = true;
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
        for (const int hanging : hanging_) close(hanging);
    }

    unsigned port() const { return port_; }
    int requests() const { return requests_; }

private:
    static std::string read_request(int connection) {
        std::string request;
        char part[4096];
        std::size_t wanted = std::string::npos;
        while (request.size() < wanted) {
            const ssize_t size = recv(connection, part, sizeof part, 0);
            if (size <= 0) break;
            request.append(part, static_cast<std::size_t>(size));
            const std::size_t head = request.find("\r\n\r\n");
            const std::size_t length = request.find("Content-Length: ");
            if (head != std::string::npos && length != std::string::npos)
                wanted = head + 4 + std::stoul(request.substr(length + 16));
        }
        return request;
    }

    void serve() {
        while (!stopping_) {
            const int connection = accept(listener_, nullptr, nullptr);
            if (connection < 0) return;
            const std::string request = read_request(connection);
            const std::string answer = answerer_(request, ++requests_);
            if (answer == "hang") {
                hanging_.push_back(connection);
                continue;
            }
            for (std::size_t sent = 0; sent < answer.size();) {
                const ssize_t size =
                    send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
                if (size <= 0) break;
                sent += static_cast<std::size_t>(size);
            }
            close(connection);
        }
    }

    Answerer answerer_;
    int listener_ = -1;
    unsigned port_ = 0;
    std::atomic<int> requests_ = 0;
    std::atomic<bool> stopping_ = false;
    std::vector<int> hanging_;
    std::thread thread_;
};

std::string ok(const std::string& body) {
    return "HTTP/1.0 200 OK\r\nContent-type: text/xml\r\nContent-length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string challenge =
    "HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"MySQL Fabric\", "
    "nonce=\"bm9uY2U=\", "
    "algorithm=\"MD5\", opaque=\"abc\", qop=\"auth\"\r\n\r\n";

const nlohmann::json& recordings() {
    static const nlohmann::json replies = [] {
        std::ifstream file(test::test_data("node-replies.json"));
        return nlohmann::json::parse(file);
    }();
    return replies;
}

/// What a real node answers to the command in `request`.
std::string recorded_answer(const std::string& request) {
    const std::pair<const char*, const char*> recordings_by_command[] = {
        {"dump.servers", "dump-servers-two-groups"},
        {"dump.shard_maps", "dump-shard-maps"},
        {"dump.shard_index", "dump-shard-index"},
        {"dump.shard_tables", "dump-shard-tables"},
        {"threat.report_error", "threat-report-error-below-threshold"},
    };
    for (const auto& [command, recording] : recordings_by_command)
        if (request.find(std::string("<methodName>") + command) != std::string::npos)
            return ok(recordings().at(recording).get<std::string>());
    return "HTTP/1.0 404 Not Found\r\n\r\n";
}

topology::FarmOptions options_for(const std::string& hosts) {
    topology::FarmOptions options;
    options.hosts = hosts;
    options.user = "admin";
    options.password = "very secret";
    options.connection_timeout = 5;
    return options;
}

topology::FarmOptions options_for(const Node& node) {
    return options_for("127.0.0.1:" + std::to_string(node.port()));
}

struct Outcome {
    std::string state;
    std::string message;
    bool may_pass = false;
};

Outcome outcome_of_load(const topology::FarmOptions& options) {
    try {
        XmlRpcSource(options).load();
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), testing::Not(testing::HasSubstr("very secret")));
        return {std::string(error.state()), error.message(),
                dynamic_cast<const topology::Unreachable*>(&error) != nullptr};
    }
    return {};
}

TEST(XmlRpc, LoadsTheWholeFarmWithTheCommandsOfAConnector) {
    Node node([](const std::string& request, int) { return recorded_answer(request); });
    const topology::Topology topology = XmlRpcSource(options_for(node)).load();
    EXPECT_TRUE(topology.group("shard1"));
    EXPECT_TRUE(topology.table("shop.orders"));
    EXPECT_EQ(topology.tables_problem, "");
    EXPECT_EQ(node.requests(), 7);  // shards that were not known before are read twice
}

TEST(XmlRpc, OneChallengeServesAllCallsOfALoad) {
    std::vector<std::string> counts;
    Node node([&](const std::string& request, int) {
        const std::size_t nc = request.find("nc=");
        if (nc == std::string::npos) return challenge;
        counts.push_back(request.substr(nc + 3, 8));
        EXPECT_NE(request.find("username=\"admin\""), std::string::npos);
        EXPECT_NE(request.find("uri=\"/RPC2\""), std::string::npos);
        EXPECT_NE(request.find("qop=auth"), std::string::npos);
        return recorded_answer(request);
    });
    XmlRpcSource source(options_for(node));
    source.load();
    counts.clear();
    const int before = node.requests();
    source.load();
    EXPECT_EQ(node.requests(), before + 5);
    EXPECT_THAT(counts, testing::ElementsAre("00000001", "00000002", "00000003", "00000004"));
}

TEST(XmlRpc, ANodeThatForgotTheChallengeIsAskedForANewOne) {
    int forgotten = 0;
    Node node([&](const std::string& request, int) -> std::string {
        if (request.find("nc=") == std::string::npos) return challenge;
        if (request.find("nc=00000002") != std::string::npos && forgotten++ == 0) return "";
        return recorded_answer(request);
    });
    EXPECT_TRUE(XmlRpcSource(options_for(node)).load().table("shop.orders"));
    EXPECT_EQ(forgotten, 2);  // the second is the next call with the new challenge
}

TEST(XmlRpc, WhatANodeAnswersInsteadIsToldApart) {
    const struct {
        const char* name;
        std::string answer;
        const char* state;
        const char* expected;
        bool may_pass;
    } samples[] = {
        {"empty", "", "08001", "closed the connection without an answer", true},
        {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", "08001", "did not answer in HTTP", false},
        {"no status line", "Content-length: 0\r\n\r\n", "08001", "did not answer in HTTP", false},
        {"bad request", "HTTP/1.0 400 Bad Request\r\n\r\n", "08001", "answered with 400", false},
        {"no right",
         "HTTP/1.0 403 Not allowed to execute 'core.dump.servers'\r\nContent-length: 0\r\n\r\n",
         "42000",
         "no right to run dump.servers (HTTP 403): Not allowed to execute 'core.dump.servers'",
         false},
        {"no page", "HTTP/1.0 404 Not Found\r\n\r\n", "08001", "has no page /RPC2", false},
        {"failure", "HTTP/1.0 500 Internal Server Error\r\n\r\n", "08001", "answered with 500",
         true},
        {"cut off", ok(std::string(100, 'x')).substr(0, 120), "08001", "cut off", true},
        {"cut off without a length", "HTTP/1.0 200 OK\r\n\r\n<?xml version='1.0'?><methodResponse>",
         "08001", "cut off", false},
        {"not XML", ok("<html>It works!</p>"), "08001", "not XML", false},
        {"too large", "HTTP/1.0 200 OK\r\nContent-length: 100000000\r\n\r\n<?xml", "08001",
         "larger than 64 MiB", false},
        {"redirection", "HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "08001",
         "answered with 302", false},
        {"fault", ok(recordings().at("error-unknown-command").get<std::string>()), "08001",
         "fault 1", false},
        {"error", ok(recordings().at("dump-shard-tables-broken").get<std::string>()), "08001",
         "answered dump.servers with an error: need more than 1 value", true},
        {"no result set", ok(recordings().at("manage-ping").get<std::string>()), "08001",
         "gives no result set for dump.servers", false},
    };
    for (const auto& [name, answer, state, expected, may_pass] : samples) {
        Node node([&](const std::string&, int) { return answer; });
        const Outcome outcome = outcome_of_load(options_for(node));
        EXPECT_EQ(outcome.state, state) << name;
        EXPECT_THAT(outcome.message, testing::HasSubstr(expected)) << name;
        EXPECT_THAT(outcome.message,
                    testing::HasSubstr("http://127.0.0.1:" + std::to_string(node.port())))
            << name;
        EXPECT_EQ(outcome.may_pass, may_pass) << name;
    }
}

TEST(XmlRpc, WrongCredentialsAreAnswered400BehindAChallenge) {
    // Some of these answers lack even the blank line behind the headers.
    for (const char* refusal :
         {"HTTP/1.0 400 Bad Request\r\n\r\n", "HTTP/1.0 400 Bad Request\r\n"}) {
        Node node([&](const std::string& request, int) {
            return request.find("Authorization") == std::string::npos ? challenge : refusal;
        });
        const Outcome outcome = outcome_of_load(options_for(node));
        EXPECT_EQ(outcome.state, "28000");
        EXPECT_THAT(outcome.message, testing::HasSubstr("refused the Fabric user 'admin'"));
        EXPECT_FALSE(outcome.may_pass);
    }
}

TEST(XmlRpc, ANodeThatWantsCredentialsSaysWhichKeysToSet) {
    Node node([](const std::string&, int) { return challenge; });
    topology::FarmOptions options = options_for(node);
    options.user.clear();
    const Outcome outcome = outcome_of_load(options);
    EXPECT_EQ(outcome.state, "28000");
    EXPECT_THAT(outcome.message, testing::HasSubstr("set FabricUser and FabricPassword"));
}

TEST(XmlRpc, TheSecondRequestIsTheOneThatCountsBehindAChallenge) {
    Node node([](const std::string& request, int) {
        return request.find("Authorization") == std::string::npos ? challenge : std::string();
    });
    EXPECT_THAT(outcome_of_load(options_for(node)).message,
                testing::HasSubstr("closed the connection without an answer"));
}

TEST(XmlRpc, AHangingNodeIsGivenUpInTime) {
    Node node([](const std::string&, int) { return "hang"; });
    topology::FarmOptions options = options_for(node);
    options.connection_timeout = 1;
    const auto start = Clock::now();
    const Outcome outcome = outcome_of_load(options);
    EXPECT_EQ(outcome.state, "08001");
    EXPECT_THAT(outcome.message, testing::HasSubstr("within 1 s (FabricConnectionTimeout)"));
    EXPECT_TRUE(outcome.may_pass);
    EXPECT_GE(Clock::now() - start, 900ms);
    EXPECT_LT(Clock::now() - start, 4s);
}

TEST(XmlRpc, RefusedAndUnknownHostsAreToldApart) {
    const unsigned closed = [] {
        const Node node([](const std::string&, int) { return ""; });
        return node.port();
    }();
    const Outcome refused = outcome_of_load(options_for("127.0.0.1:" + std::to_string(closed)));
    EXPECT_EQ(refused.state, "08001");
    EXPECT_THAT(refused.message, testing::HasSubstr("refused the connection"));
    const Outcome unknown = outcome_of_load(options_for("no-such-host.invalid"));
    EXPECT_EQ(unknown.state, "08001");
    EXPECT_THAT(unknown.message, testing::HasSubstr("no-such-host.invalid:32274"));
    EXPECT_TRUE(refused.may_pass && unknown.may_pass);
}

TEST(XmlRpc, TheNextNodeIsAskedAndTheFailedOneLastFromThenOn) {
    Node bad([](const std::string&, int) { return ""; });
    Node good([](const std::string& request, int) { return recorded_answer(request); });
    XmlRpcSource source(options_for("127.0.0.1:" + std::to_string(bad.port()) +
                                    ",127.0.0.1:" + std::to_string(good.port())));
    EXPECT_TRUE(source.load().group("shard1"));
    const int asked = bad.requests();
    EXPECT_GT(asked, 0);
    EXPECT_TRUE(source.load().group("shard1"));
    EXPECT_EQ(bad.requests(), asked);
}

TEST(XmlRpc, AllNodesThatFailedAreTold) {
    Node empty([](const std::string&, int) { return ""; });
    Node refusing([](const std::string& request, int) {
        return request.find("Authorization") == std::string::npos
                   ? challenge
                   : std::string("HTTP/1.0 400 Bad Request\r\n\r\n");
    });
    try {
        XmlRpcSource(options_for("127.0.0.1:" + std::to_string(empty.port()) +
                                 ",127.0.0.1:" + std::to_string(refusing.port())))
            .load();
        ADD_FAILURE();
    } catch (const Error& error) {
        ASSERT_EQ(error.records().size(), 2u);
        EXPECT_EQ(error.state(), "28000");  // says more than the one that is down
        EXPECT_EQ(error.records()[1].state, "08001");
    }
}

TEST(XmlRpc, AGroupThatVanishesFromTheDumpIsRemembered) {
    std::atomic<bool> gone = false;
    Node node([&](const std::string& request, int) {
        const bool servers = request.find("dump.servers<") != std::string::npos;
        return gone && servers
                   ? ok(recordings().at("dump-servers-unknown-group").get<std::string>())
                   : recorded_answer(request);
    });
    XmlRpcSource source(options_for(node));
    EXPECT_FALSE(source.load().group("shard1")->empty());
    gone = true;
    const topology::Topology topology = source.load();
    ASSERT_TRUE(topology.group("shard1"));
    EXPECT_TRUE(topology.group("shard1")->empty());
}

TEST(XmlRpc, TablesThatCannotBeListedLeaveTheGroups) {
    Node node([](const std::string& request, int) {
        return request.find("dump.shard_tables") != std::string::npos
                   ? ok(recordings().at("dump-shard-tables-broken").get<std::string>())
                   : recorded_answer(request);
    });
    const topology::Topology topology = XmlRpcSource(options_for(node)).load();
    EXPECT_TRUE(topology.group("shard1"));
    EXPECT_THAT(topology.tables_problem, testing::HasSubstr("need more than 1 value to unpack"));
}

TEST(XmlRpc, ReportsNameServerReporterAndError) {
    std::string request;
    Node node([&](const std::string& got, int) {
        request = got;
        return recorded_answer(got);
    });
    XmlRpcSource(options_for(node)).report({"uuid-1", "tester", "2003", false});
    EXPECT_THAT(request, testing::HasSubstr("<methodName>threat.report_error</methodName>"));
    for (const char* text : {"uuid-1", "tester", "2003"})
        EXPECT_THAT(request, testing::HasSubstr(std::string("<string>") + text + "</string>"));
}

const std::string ping_ok =
    ok("<?xml version='1.0'?><methodResponse><params><param><value><array><data>"
       "<value><int>1</int></value><value><string>uuid</string></value><value><int>3</int></value>"
       "<value><string></string></value><value><array><data></data></array></value>"
       "</data></array></value></param></params></methodResponse>");

TEST(XmlRpc, AChangingCommandIsSentOnceAndAReadingOneTwice) {
    struct {
        const char* command;
        int requests;  // to the node that closes the connection without a word
        bool next_node;
    } const samples[] = {
        {"group.promote", 1, false},
        {"threat.report_failure", 1, false},
        {"group.health", 2, true},
        {"dump.servers", 2, true},
    };
    for (const auto& sample : samples) {
        Node silent([](const std::string&, int) { return ""; });
        Node good([](const std::string&, int) { return ping_ok; });
        topology::FarmOptions options = options_for(silent);
        options.user.clear();
        options.hosts += ",127.0.0.1:" + std::to_string(good.port());
        XmlRpcSource source(options);
        if (sample.next_node) {
            EXPECT_EQ(source.execute(sample.command, {}).ttl, 3) << sample.command;
        } else {
            EXPECT_THROW(source.execute(sample.command, {}), topology::Unreachable)
                << sample.command;
        }
        EXPECT_EQ(silent.requests(), sample.requests) << sample.command;
        EXPECT_EQ(good.requests(), sample.next_node ? 1 : 0) << sample.command;
    }
}

TEST(XmlRpc, AChangingCommandGoesToTheNextNodeWhenTheFirstSurelyDidNotRunIt) {
    for (const char* refusal : {"HTTP/1.0 400 Bad Request\r\n\r\n",
                                "HTTP/1.0 403 Not allowed\r\nContent-length: 0\r\n\r\n"}) {
        Node refusing([&](const std::string&, int) { return refusal; });
        Node good([](const std::string&, int) { return ping_ok; });
        topology::FarmOptions options = options_for(refusing);
        options.hosts += ",127.0.0.1:" + std::to_string(good.port());
        EXPECT_EQ(XmlRpcSource(options).execute("group.promote", {"g"}).ttl, 3);
    }
}

TEST(XmlRpc, WhatACommandIsRefusedWithIsToldWithTheNodesWords) {
    struct {
        const char* recording;
        const char* reason;
        int native;
    } const samples[] = {
        {"error-unknown-command", "is not supported", 1},
        {"dump-shard-tables-broken", "need more than 1 value to unpack", 0},
    };
    for (const auto& sample : samples) {
        Node node([&](const std::string&, int) {
            return ok(recordings().at(sample.recording).get<std::string>());
        });
        Node unused([](const std::string&, int) { return ping_ok; });
        topology::FarmOptions options = options_for(node);
        options.hosts += ",127.0.0.1:" + std::to_string(unused.port());
        try {
            XmlRpcSource(options).execute("group.create", {"g"});
            ADD_FAILURE() << sample.recording;
        } catch (const topology::CommandFailed& error) {
            EXPECT_EQ(error.command, "group.create");
            EXPECT_THAT(error.reason, testing::HasSubstr(sample.reason));
            EXPECT_THAT(error.message(), testing::HasSubstr("group.create"));
            EXPECT_EQ(error.state(), "HY000");
            EXPECT_EQ(error.native(), sample.native);
        }
        EXPECT_EQ(unused.requests(), 0);  // the node works, so its answer counts
    }
}

TEST(XmlRpc, TheListOfMethodsIsAPlainArray) {
    Node node([](const std::string&, int) {
        return ok(
            "<?xml version='1.0'?><methodResponse><params><param><value><array><data>"
            "<value><string>dump.servers</string></value><value><string>x.y</string></value>"
            "</data></array></value></param></params></methodResponse>");
    });
    const topology::Reply reply = XmlRpcSource(options_for(node)).execute("system.listMethods", {});
    ASSERT_EQ(reply.result_sets.size(), 1u);
    EXPECT_EQ(reply.result_sets[0].rows, (std::vector<topology::Row>{{"dump.servers"}, {"x.y"}}));
}

TEST(XmlRpc, UuidsToWaitForGoAsOneArray) {
    std::string sent;
    Node node([&](const std::string& request, int) {
        sent = request;
        return ping_ok;
    });
    XmlRpcSource(options_for(node)).execute("event.wait_for_procedures", {"u1", "u2"});
    EXPECT_THAT(sent, testing::HasSubstr("<array><data>"));
    EXPECT_THAT(sent, testing::HasSubstr("<string>u2</string>"));
}

TEST(XmlRpc, AStoppedSourceEndsSoon) {
    Node node([](const std::string&, int) { return "hang"; });
    topology::FarmOptions options = options_for(node);
    options.connection_timeout = 30;
    XmlRpcSource source(options);
    std::thread stopper([&] {
        while (node.requests() == 0) std::this_thread::yield();
        source.stop();
    });
    const auto start = Clock::now();
    EXPECT_THROW(source.load(), topology::Unreachable);
    EXPECT_LT(Clock::now() - start, 5s);
    stopper.join();
}

}  // namespace
}  // namespace myfabric::sources
