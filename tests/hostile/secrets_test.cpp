// Passwords are in nothing that the driver writes or answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "support/odbc_client.h"
#include "support/peers.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

constexpr const char* marker = "Pa55-word-never-shown";

std::string content(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Secrets : public testing::Test {
protected:
    Secrets() : log_("/tmp/myfabric-secrets-" + std::to_string(getpid()) + ".log") {
        std::filesystem::remove(log_);
    }
    ~Secrets() override { std::filesystem::remove(log_); }

    std::string keys(int port) const {
        return "Log=" + log_ + ";LogLevel=debug;Server=127.0.0.1;Port=" + std::to_string(port) +
               ";UID=u;PWD=" + marker + ";FabricPassword=" + marker + ";" +
               (MYFABRIC_ORACLES_LIBRARY ? "" : "TLSKeyPwd=" + std::string(marker) + ";");
    }
    static void hides(const std::string& text, const std::string& what) {
        EXPECT_EQ(std::string::npos, text.find(marker)) << what << ": " << text;
    }

    const std::string log_;
};

TEST_F(Secrets, AreInNoLogOrAnswer) {
    const int port = Peers::get().mysql({{"password", marker}});
    Link link;
    link.open(driver_key() + keys(port));
    for (const char* sql :
         {"SELECT 1", "CALL fabric.status()", "CALL fabric.server()", "BAD BAD"}) {
        Query query(link);
        query.run(sql);
        hides(query.text(), sql);
        SQLSMALLINT columns = 0;
        SQLNumResultCols(query, &columns);
        if (columns == 0) continue;
        for (const std::string& row : query.rows()) hides(row, sql);
    }
    std::array<char, 4096> room{};
    for (int id = 0; id < 20030; ++id) {
        if (id == 200) id = 10000;
        if (id == 10050) id = 20000;
        SQLINTEGER length = 0;
        room.fill(0);
        if (SQL_SUCCEEDED(SQLGetConnectAttr(link.handle(), id, room.data(), room.size(), &length)))
            hides(std::string(room.data(), room.size()), "attribute " + std::to_string(id));
        SQLSMALLINT bytes = 0;
        room.fill(0);
        if (SQL_SUCCEEDED(SQLGetInfo(link.handle(), static_cast<SQLUSMALLINT>(id), room.data(),
                                     static_cast<SQLSMALLINT>(room.size()), &bytes)))
            hides(std::string(room.data(), room.size()), "information " + std::to_string(id));
    }
    link.close();
    const std::string written = content(log_);
    EXPECT_NE("", written);
    hides(written, "the log");
    struct stat status {};
    ASSERT_EQ(0, stat(log_.c_str(), &status));
    EXPECT_EQ(S_IRUSR | S_IWUSR, static_cast<int>(status.st_mode & 07777));
}

TEST_F(Secrets, AreInNoDiagnosticOfAFailure) {
    const int refusing =
        Peers::get().mysql({{"switch", {"mysql_clear_password"}}, {"password", marker}});
    const std::string failing[] = {
        keys(refusing),
        keys(1),
        keys(refusing) + "SSLMode=REQUIRED;",
        keys(refusing) + "FabricHost=127.0.0.1:1;Group=g;FabricConnectionAttempts=1;",
        std::string("Server=127.0.0.1;UID=u;Port=") + marker + ";",
        std::string("Server=") + marker + ";;UID=u;Nonsense=" + marker + ";Mode=" + marker + ";",
        std::string("Server=127.0.0.1;UID=u;PWD={") + marker,
    };
    for (const std::string& given : failing) {
        Link link;
        link.try_open(driver_key() + given + "ConnectTimeout=2;Attempts=1;");
        hides(link.text(), given.substr(0, 60));
        EXPECT_NE("", link.state()) << given;
    }
    hides(content(log_), "the log");
}

// The application gets back what it gave, and nothing that came from elsewhere.
TEST_F(Secrets, ACompletedStringHasWhatTheApplicationPassed) {
    const int port = Peers::get().mysql({{"password", marker}});
    std::string in = driver_key() + keys(port);
    std::array<SQLCHAR, 4096> out{};
    SQLSMALLINT length = 0;
    Link link;
    ASSERT_OK(link, SQLDriverConnect(link.handle(), nullptr, reinterpret_cast<SQLCHAR*>(in.data()),
                                     SQL_NTS, out.data(), static_cast<SQLSMALLINT>(out.size()),
                                     &length, SQL_DRIVER_NOPROMPT));
    EXPECT_NE(std::string::npos, std::string(reinterpret_cast<char*>(out.data())).find(marker));
    SQLDisconnect(link.handle());
    hides(content(log_), "the log");
}

/// How often the text that is `masked` (each byte + 1, so that the test itself has no copy) lies in
/// the process's memory.
int copies_of(const std::string& masked) {
    std::ifstream maps("/proc/self/maps");
    std::FILE* memory = std::fopen("/proc/self/mem", "r");
    std::setvbuf(memory, nullptr, _IONBF, 0);  // its buffer would be found
    std::vector<char> piece;
    int found = 0;
    for (std::string line; std::getline(maps, line);) {
        unsigned long long begin = 0, end = 0;
        char rights[5] = "";
        if (std::sscanf(line.c_str(), "%llx-%llx %4s", &begin, &end, rights) != 3) continue;
        if (rights[0] != 'r' || rights[1] != 'w' || end - begin > (64u << 20)) continue;
        piece.resize(end - begin);
        if (std::fseek(memory, static_cast<long>(begin), SEEK_SET) != 0) continue;
        const std::size_t got = std::fread(piece.data(), 1, piece.size(), memory);
        const char* at = piece.data();
        const char* const end_of_starts = at + (got < masked.size() ? 0 : got - masked.size() + 1);
        while ((at = static_cast<const char*>(std::memchr(
                    at, masked[0] - 1, static_cast<std::size_t>(end_of_starts - at))))) {
            std::size_t same = 1;
            while (same < masked.size() && static_cast<char>(at[same] + 1) == masked[same]) ++same;
            found += same == masked.size();
            ++at;
        }
        std::fill(piece.begin(), piece.end(), '\0');
    }
    std::fclose(memory);
    return found;
}

/// A connection string with the password behind `masked`, for one call; none of it stays.
SQLRETURN connect_with(Link& link, const std::string& before, const std::string& masked, bool wide,
                       bool completed) {
    std::vector<SQLCHAR> narrow(before.begin(), before.end());
    narrow.reserve(before.size() + masked.size() + 1);
    for (const char c : masked) narrow.push_back(static_cast<SQLCHAR>(c - 1));
    narrow.push_back(0);
    std::vector<SQLWCHAR> units(narrow.begin(), narrow.end());
    std::array<SQLWCHAR, 2048> out{};
    SQLSMALLINT length = 0;
    const auto room = static_cast<SQLSMALLINT>(completed ? 1024 : 0);
    const SQLRETURN result = wide
                                 ? SQLDriverConnectW(link.handle(), nullptr, units.data(), SQL_NTS,
                                                     out.data(), room, &length, SQL_DRIVER_NOPROMPT)
                                 : SQLDriverConnect(link.handle(), nullptr, narrow.data(), SQL_NTS,
                                                    reinterpret_cast<SQLCHAR*>(out.data()), room,
                                                    &length, SQL_DRIVER_NOPROMPT);
    explicit_bzero(narrow.data(), narrow.size());
    explicit_bzero(units.data(), units.size() * sizeof(SQLWCHAR));
    explicit_bzero(out.data(), sizeof out);
    return result;
}

// The driver's own copies are overwritten. The client library frees its own as it is, and a driver
// manager keeps what it likes: the test that is linked to the driver counts exactly.
TEST_F(Secrets, LeaveTheMemoryWithTheirConnection) {
    if (driver_file()) return;  // by a driver manager
    std::string masked = "longer than what fits into the text object itself: ";
    for (int i = 0; i < 24; ++i) masked += static_cast<char>('B' + i);
    ASSERT_EQ(0, copies_of(masked));
    const int port = Peers::get().mysql(nlohmann::json::object());
    const std::string server = driver_key() + "Server=127.0.0.1;UID=u;ConnectTimeout=5;Port=";
    for (const bool wide : {false, true}) {
        {
            Link link;  // refused before the client library sees anything
            EXPECT_EQ(SQL_ERROR,
                      connect_with(link, server + "1;Charset=none;PWD=", masked, wide, false));
            EXPECT_EQ(SQL_ERROR,
                      connect_with(link, server + "1;Group=g;PWD=", masked, wide, false));
        }
        EXPECT_EQ(0, copies_of(masked)) << wide;
        {
            Link link;  // a node that is not there gets to know nothing either
            EXPECT_EQ(
                SQL_ERROR,
                connect_with(link,
                             server + "1;FabricHost=127.0.0.1:1;Group=g;FabricConnectionAttempts=1;"
                                      "FabricConnectionTimeout=1;FabricUser=u;FabricPassword=",
                             masked, wide, false));
        }
        EXPECT_EQ(0, copies_of(masked)) << wide;
    }
    for (const bool wide : {false, true}) {
        const int before = copies_of(masked);
        {
            Link link;
            ASSERT_OK(link, connect_with(link, server + std::to_string(port) + ";PWD=", masked,
                                         wide, true));
            EXPECT_LT(0, copies_of(masked));
            SQLDisconnect(link.handle());
        }
        EXPECT_GE(before + 1, copies_of(masked)) << wide << ": one is the client library's";
    }
}

TEST_F(Secrets, ALogIsNotWrittenThroughALinkOfSomebody) {
    const std::string target = log_ + ".target";
    std::ofstream(target) << "mine";
    ASSERT_EQ(0, symlink(target.c_str(), log_.c_str()));
    const int port = Peers::get().mysql({{"password", marker}});
    Link link;
    link.try_open(driver_key() + keys(port));
    EXPECT_EQ("mine", content(target));
    EXPECT_THAT(link.text(), testing::HasSubstr(log_));
    std::filesystem::remove(target);
}

}  // namespace
}  // namespace myfabric::test
