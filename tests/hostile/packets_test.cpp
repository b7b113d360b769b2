// Answers that break the protocol end the link; answers without end end, too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "support/odbc_client.h"
#include "support/peers.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

std::string string_for(int port) {
    return driver_key() + "Server=127.0.0.1;UID=u;PWD=p;SSLMode=DISABLED;ConnectTimeout=5;Port=" +
           std::to_string(port) + ";";
}

/// Runs the statement and reads all that it gives: the values, and the state of an error.
std::string read_all(Query& query, const std::string& kind) {
    std::string seen;
    const bool prepare = kind == "binary";
    SQLINTEGER value = 1;
    if (kind == "at once")
        SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0,
                         nullptr);
    SQLRETURN result = prepare             ? query.prepare("SELECT BAD")
                       : kind == "at once" ? query.run("SELECT BAD FROM t WHERE a = ?")
                                           : query.run("SELECT BAD");
    if (prepare && SQL_SUCCEEDED(result)) result = query.execute();
    if (!SQL_SUCCEEDED(result)) return query.state();
    SQLSMALLINT columns = 0;
    SQLNumResultCols(query, &columns);
    while (columns && SQL_SUCCEEDED(result = query.fetch()))
        for (SQLSMALLINT column = 1; column <= columns; ++column) {
            char text[40];
            SQLLEN length = 0;
            const SQLRETURN got = SQLGetData(query, static_cast<SQLUSMALLINT>(column), SQL_C_CHAR,
                                             text, sizeof text, &length);
            if (SQL_SUCCEEDED(got) && length != SQL_NULL_DATA) seen += text;
        }
    return result == SQL_ERROR ? seen + query.state() : seen;
}

class Malformed : public testing::TestWithParam<const char*> {};

TEST_P(Malformed, AnswersEndTheLinkAndLeaveNothingForOthers) {
    const std::string kind = GetParam();
    for (const json& name : Peers::get().ask({{"names", kind}})) {
        const int port = Peers::get().ask({{"malformed", kind}, {"name", name}}).at("port");
        const auto begun = Clock::now();
        {
            Link link;
            link.open(string_for(port));
            {
                Query query(link);
                const std::string seen = read_all(query, kind);
                RecordProperty(name.get<std::string>(), seen);
                query.close();
            }
            // Another session answers: 1 is all that it gives.
            Query next(link);
            if (SQL_SUCCEEDED(next.run("SELECT 1")))
                EXPECT_EQ(next.rows(), std::vector<std::string>{"1"}) << name;
            else
                // 40001: what it sent said that a transaction is open.
                EXPECT_THAT(next.state(),
                            testing::AnyOf(testing::StartsWith("08"), testing::Eq("40001")))
                    << name << next.text();
        }
        // A server that promised another result, and is silent, is waited for a while.
        EXPECT_LT(Clock::now() - begun, std::chrono::seconds(9)) << name;
        for (const json& seen : Peers::get().told(port)) EXPECT_FALSE(seen.at("open")) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(By, Malformed, testing::Values("text", "binary", "at once"),
                         [](const auto& tested) {
                             return std::string(tested.param) == "text"     ? "TextProtocol"
                                    : std::string(tested.param) == "binary" ? "BinaryProtocol"
                                                                            : "PreparedAtOnce";
                         });

TEST(Endless, AnswersAreDroppedInBoundedTime) {
    for (const json& name : Peers::get().ask({{"names", "endless"}})) {
        const int port = Peers::get().ask({{"malformed", "endless"}, {"name", name}}).at("port");
        Link link;
        link.open(string_for(port));
        std::optional<Query> query(std::in_place, link);
        ASSERT_OK(*query, query->run("SELECT BAD"));
        ASSERT_OK(*query, query->fetch());
        const auto begun = Clock::now();
        query->close();
        EXPECT_LT(Clock::now() - begun, std::chrono::seconds(7)) << name;
        query.reset();
        link.close();
        EXPECT_LT(Clock::now() - begun, std::chrono::seconds(8)) << name;
    }
}

// Running another statement drops what the one before left, within the same time.
TEST(Endless, AnswersAreDroppedForTheNextStatementToo) {
    const json name = Peers::get().ask({{"names", "endless"}}).front();
    const int port = Peers::get().ask({{"malformed", "endless"}, {"name", name}}).at("port");
    Link link;
    link.open(string_for(port));
    Query query(link);
    ASSERT_OK(query, query.run("SELECT BAD"));
    ASSERT_OK(query, query.fetch());
    const auto begun = Clock::now();
    query.run("SELECT 1");
    EXPECT_LT(Clock::now() - begun, std::chrono::seconds(7));
}

// A file of the client is nobody's business unless the DSN says so.
TEST(LocalFiles, AreNotSentUnlessAllowed) {
    const std::string secret = certificates() + "/secret.txt";
    std::FILE* file = std::fopen(secret.c_str(), "w");
    std::fputs("content-of-the-file", file);
    std::fclose(file);
    std::string hex;
    for (const char c : "\xFB" + secret) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
        hex += two;
    }
    json packet, pause;
    packet["packets"] = json::array({hex});
    pause["wait"] = 0.2;
    json scenario;
    scenario["password"] = "content-of-the-file";
    scenario["answers"] = json::array({json::array({"LOAD", json::array({packet, pause})})});
    const int port = Peers::get().mysql(scenario);
    {
        Link link;
        link.open(string_for(port));
        Query query(link);
        EXPECT_EQ(SQL_ERROR, query.run("LOAD something"));
    }
    for (const json& seen : Peers::get().told(port)) EXPECT_EQ("none", seen.at("password"));
}

}  // namespace
}  // namespace myfabric::test
