// What strangers may try in other words: files asked for at any place, logins and answers that go
// on and on, nodes that lead elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "support/odbc_client.h"
#include "support/peers.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
        out += two;
    }
    return out;
}

json packets(const std::vector<std::string>& all) {
    json list = json::array();
    for (const std::string& each : all) list.push_back(hex(each));
    return {{"packets", list}};
}

json answer(const char* pattern, const json& step) {
    return json::array({pattern, json::array({step, {{"wait", 0.2}}})});
}

std::string string_for(int port) {
    return driver_key() +
           "Server=127.0.0.1;UID=u;PWD=p;SSLMode=DISABLED;ConnectTimeout=3;ReadTimeout=1;Port=" +
           std::to_string(port) + ";";
}

/// Connects and runs `sql` both ways, whatever comes of it.
void use(int port, const std::string& more, const std::string& sql) {
    Link link;
    if (!SQL_SUCCEEDED(link.try_open(string_for(port) + more))) return;
    const auto read = [](Query& query) {
        SQLSMALLINT columns = 0;
        for (int results = 0; results < 5; ++results) {
            SQLNumResultCols(query, &columns);
            while (columns && SQL_SUCCEEDED(query.fetch())) {
            }
            if (!SQL_SUCCEEDED(SQLMoreResults(query))) return;
        }
    };
    {
        Query query(link);
        if (SQL_SUCCEEDED(query.run(sql))) read(query);
    }
    Query query(link);
    if (SQL_SUCCEEDED(query.prepare(sql)) && SQL_SUCCEEDED(query.execute())) read(query);
}

// ---- files -------------------------------------------------------------------------------------

constexpr const char* content = "content-of-the-file";
const std::string ok_and_more("\0\0\0\x0a\0\0\0", 7);  // another result follows

struct Place {
    const char* name;
    json answers;  // with the request for the file
    json more;     // of the scenario
};

class LocalFile : public testing::TestWithParam<const char*> {
protected:
    LocalFile() : file_(certificates() + "/asked-for.txt") {
        std::FILE* file = std::fopen(file_.c_str(), "w");
        std::fputs(content, file);
        std::fclose(file);
    }
    std::string known(const json& answers, const std::string& more, const std::string& sql) const {
        json scenario;
        scenario["password"] = content;
        scenario["answers"] = answers;
        const int port = Peers::get().mysql(scenario);
        use(port, more, sql);
        for (const json& link : Peers::get().told(port, 0.3))
            if (link.at("password") != "none") return link.at("password");
        return "none";
    }
    const std::string file_;
};

TEST_P(LocalFile, IsNotSentWhereverItIsAskedFor) {
    const std::string request = "\xFB" + file_;
    const struct {
        const char* name;
        json answers;
    } places[] = {
        {"the first command of a session", json::array({answer("^03", packets({request}))})},
        {"a query", json::array({answer("^03 SELECT 7", packets({request}))})},
        {"a later result", json::array({answer("^03 SELECT 7", packets({ok_and_more, request}))})},
        {"a preparation", json::array({answer("^16", packets({request}))})},
        {"an execution", json::array({answer("^17", packets({request}))})},
        {"a change of the database", json::array({answer("^02", packets({request}))})},
        {"every command", json::array({answer(".", packets({request}))})},
    };
    for (const auto& [name, answers] : places)
        EXPECT_EQ("none", known(answers, GetParam(), "SELECT 7")) << name;
}

// Local files not allowed at all, by default and by the keys; allowed, but not by the statement.
INSTANTIATE_TEST_SUITE_P(Keys, LocalFile,
                         testing::Values("", "NoLocalInfile=1;", "Enable_Local_Infile=0;",
                                         "Enable_Local_Infile=1;"));

class LocalFileOfAStatement : public LocalFile {};

// Enable_Local_Infile=1 is for the file that the statement names.
TEST_P(LocalFileOfAStatement, IsSentForTheFileThatItNames) {
    const json answers = json::array({answer("LOAD DATA", packets({"\xFB" + file_}))});
    const std::string key = "Enable_Local_Infile=1;";
    EXPECT_EQ("clear", known(answers, key, "LOAD DATA LOCAL INFILE '" + file_ + "' INTO TABLE t"));
    EXPECT_EQ("none", known(answers, key, "LOAD DATA LOCAL INFILE '/tmp/other' INTO TABLE t"));
    EXPECT_EQ("none", known(answers, key, "SELECT 'LOAD DATA', '/tmp/other'"));
    // Neither by a text of a user's, nor by what stands elsewhere.
    EXPECT_EQ("none", known(answers, key, "SELECT 'LOAD DATA LOCAL INFILE \\'" + file_ + "\\''"));
    EXPECT_EQ("none",
              known(answers, key, "LOAD DATA LOCAL INFILE '" + file_ + ".old' INTO TABLE t"));
    EXPECT_EQ("none",
              known(answers, key, "LOAD DATA LOCAL INFILE 'a' INTO TABLE t -- '" + file_ + "'"));
    EXPECT_EQ("none", known(answers, "", "LOAD DATA LOCAL INFILE '" + file_ + "' INTO TABLE t"));
}

INSTANTIATE_TEST_SUITE_P(One, LocalFileOfAStatement, testing::Values(""));

// In place of the login's answer, or of the answer to a plugin's question.
TEST_P(LocalFileOfAStatement, IsNotSentWithinTheLogin) {
    for (const char* key : {"", "Enable_Local_Infile=1;", "Database=d;", "SSLMode=DISABLED;"}) {
        json scenario;
        scenario["password"] = content;
        scenario["welcome"] = json::array({hex("\xFB" + file_)});
        const int port = Peers::get().mysql(scenario);
        Link link;
        EXPECT_EQ(SQL_ERROR, link.try_open(string_for(port) + key)) << key;
        for (const json& seen : Peers::get().told(port, 0.3))
            EXPECT_EQ("none", seen.at("password")) << key;
    }
}

// ---- logins and answers without end ------------------------------------------------------------

TEST(Login, SwitchingPluginsForEverEnds) {
    json scenario;
    scenario["switch"] = std::vector<std::string>(300000, "mysql_native_password");
    const int port = Peers::get().mysql(scenario);
    const auto begun = Clock::now();
    Link link;
    EXPECT_EQ(SQL_ERROR, link.try_open(string_for(port)));
    EXPECT_LT(Clock::now() - begun, seconds(5));
}

// What is told of the session (session tracking) may be cut off, or say lengths that it does not
// have.
TEST(SessionTracking, OfAnyShapeDoesNoHarm) {
    const std::string big(60000, 'x');
    const std::vector<std::string> tails = {
        "\x01\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
        std::string("\0\x05\x00\x03\xFE\xFF\xFF\xFF", 8),
        std::string("\0\xFC\xFF\xFF\x00\xFD\xFF\xFF\xFF\x01", 10),
        std::string("\0\x04\x01\x02\xFC\xFF", 6),
        std::string("\0\xFD\x60\xEA\x00", 5) + big,
        "\xFC",
    };
    for (const std::string& tail : tails)
        for (const char* pattern : {"^03 SELECT 7", "^03"}) {
            // OK, SERVER_SESSION_STATE_CHANGED, no message
            const std::string ok = std::string("\0\0\0\x02\x40\0\0\0", 8) + tail;
            json scenario;
            scenario["answers"] = json::array({answer(pattern, packets({ok}))});
            const int port = Peers::get().mysql(scenario);
            const auto begun = Clock::now();
            use(port, "", "SELECT 7");
            EXPECT_LT(Clock::now() - begun, seconds(8));
        }
}

// ---- hosts -------------------------------------------------------------------------------------

TEST(Host, IsOneInNoOtherSpelling) {
    const std::string hosts[] = {"h\tx",
                                 "fe80::1%eth0;x=y",
                                 "fe80::1%",
                                 "fe80::1%a/b",
                                 "unix:/tmp/s",
                                 "unix:///tmp/s",
                                 "tcp://127.0.0.1",
                                 "%31%32%37.0.0.1",
                                 "127.0.0.1%00",
                                 "a@b",
                                 "user:p@127.0.0.1",
                                 "a,b",
                                 "[::1]",
                                 "::1]:3306",
                                 "127.0.0.1:3306",
                                 "/tmp/mysql.sock",
                                 "\\\\.\\pipe\\x",
                                 "a|b",
                                 "$(id)",
                                 "a\rb",
                                 "a\nb",
                                 "\xC2\xA0h",
                                 "\xEF\xBC\x9B",
                                 std::string(256, 'a'),
                                 std::string(5000, 'a'),
                                 "a\x7F",
                                 "host{}",
                                 "a\"b",
                                 "a'b",
                                 "a`b",
                                 "a#b",
                                 "a?b",
                                 "a b"};
    for (const std::string& host : hosts) {
        Link link;
        EXPECT_EQ(SQL_ERROR,
                  link.try_open(driver_key() + "Server={" + host + "};UID=u;ConnectTimeout=1;"))
            << host;
        EXPECT_EQ("08001", link.state()) << host << link.text();
        EXPECT_THAT(link.text(), testing::HasSubstr("Server")) << host;
    }
}

// ---- nodes -------------------------------------------------------------------------------------

/// The text of the failure of a connection by a node whose whole answer is `raw`.
std::string by_node(const std::string& raw, json scenario = {}) {
    if (!raw.empty()) scenario["raw"] = hex(raw);
    const int port = Peers::get().node(scenario);
    Link link;
    const auto begun = Clock::now();
    EXPECT_EQ(
        SQL_ERROR,
        link.try_open(driver_key() + "FabricHost=127.0.0.1;FabricPort=" + std::to_string(port) +
                      ";FabricUser=u;FabricPassword=p;Group=g;FabricConnectionAttempts=1;"
                      "FabricConnectionTimeout=2;Attempts=1;"));
    EXPECT_LT(Clock::now() - begun, seconds(8));
    return link.text();
}

TEST(Node, LeadsNowhereElse) {
    const int other = Peers::get().node(json::object());
    const std::string place = "127.0.0.1:" + std::to_string(other);
    for (const char* code : {"301", "302", "303", "305", "307", "308"})
        for (const char* scheme : {"http://", "https://", "file:///etc/passwd?", "gopher://"})
            by_node("HTTP/1.1 " + std::string(code) + " Elsewhere\r\nLocation: " + scheme + place +
                    "/\r\nContent-Length: 0\r\n\r\n");
    by_node(
        "HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\n"
        "Content-Length: 0\r\n\r\n");
    by_node("HTTP/1.1 200 OK\r\nAlt-Svc: h2=\"" + place + "\"\r\nRefresh: 0; url=http://" + place +
            "/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(json::array(), Peers::get().told(other, 0.2));
}

TEST(Node, RepliesThatGrowAreBounded) {
    const std::string chunk = "1000\r\n" + std::string(0x1000, ' ') + "\r\n";
    std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 64; ++i) chunked += chunk;
    by_node(chunked);  // never ended
    by_node("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<");
    by_node("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" +
            std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10) + std::string(10, '\0'));
    by_node("HTTP/1.1 200 OK\r\n" + std::string(200000, 'a'));
    std::string headers = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 20000; ++i) headers += "X: y\r\n";
    by_node(headers);
}

// 12 MB and more of nesting that hides behind what looks like ends of tags.
TEST(Node, DeepRepliesDoNoHarm) {
    const std::string head = "<?xml version='1.0'?><methodResponse>";
    const std::string values = head + "<params><param>";
    const std::pair<std::string, std::string> pieces[] = {
        {head, "<a b=\"/>\">"},
        {head, "<a><!--</a>-->"},
        {head, "<a><![CDATA[</a>]]>"},
        {head, "<a><?x </a>?>"},
        {head, "<a b='</a>'>"},
        {values, "<value><array><data>"},
        {values, "<value><struct><member><name>a</name>"},
        {head, "<"},
        {head, "<a "},
        {head + "<a ", "b='c' "},
        {head, "<!--"},
        {head, "&lt;"},
        {head, std::string("\xC3\xA9")},
    };
    for (const auto& [begin, piece] : pieces) {
        const std::size_t times = (std::size_t{12} << 20) / piece.size();
        const std::string text =
            by_node("", {{"repeat", json::array({hex(begin), hex(piece), times, hex("")})}});
        EXPECT_NE("", text) << piece;
    }
}

TEST(Node, EntitiesAreNotExpanded) {
    const std::string head = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [";
    const std::string tail =
        "]><methodResponse><params><param><value><string>&a;</string></value></param></params>"
        "</methodResponse>";
    std::string lol = "<!ENTITY z \"lollollollol\">";
    char last = 'z';
    for (char name = 'y'; name >= 'a'; --name) {
        lol += std::string("<!ENTITY ") + name + " \"";
        for (int i = 0; i < 10; ++i) lol += std::string("&") + last + ";";
        lol += "\">";
        last = name;
    }
    for (const std::string& entities :
         {lol, std::string("<!ENTITY a SYSTEM \"file:///etc/passwd\">"),
          std::string("<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;")}) {
        const std::string text = by_node("", {{"body", hex(head + entities + tail)}});
        EXPECT_EQ(std::string::npos, text.find("root:")) << text;
    }
}

}  // namespace
}  // namespace myfabric::test
