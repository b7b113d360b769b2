#include "mysql/handshake.h"

#include <gtest/gtest.h>

#include "mysql/authentication.h"

namespace myfabric::mysql {
namespace {

using namespace std::string_literals;

std::string packet(const std::string& payload) {
    const std::size_t size = payload.size();
    return std::string{static_cast<char>(size), static_cast<char>(size >> 8),
                       static_cast<char>(size >> 16), 0} +
           payload;
}

std::string greeting(unsigned capabilities, const std::string& plugin) {
    return packet("\x0A"s + "8.0.36\0"s + std::string(13, 's').replace(12, 1, "\0"s) +
                  static_cast<char>(capabilities) + static_cast<char>(capabilities >> 8) +
                  "\x2D\2\0"s + static_cast<char>(capabilities >> 16) +
                  static_cast<char>(capabilities >> 24) + "\x15"s + std::string(10, '\0') +
                  "abcdefghijkl\0"s + plugin + "\0"s);
}

constexpr unsigned tls = 0x800, plugins = 0x80000, others = 0xA20F;

/// What the library gets of `bytes` when they come in pieces.
std::string through(Handshake& handshake, std::string bytes, std::size_t piece) {
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        handshake.take(reinterpret_cast<unsigned char*>(bytes.data()) + at,
                       std::min(piece, bytes.size() - at));
    return bytes;
}

TEST(Greeting, TellsOfTlsAndPlugin) {
    for (const std::size_t piece : {1u, 2u, 3u, 5u, 1000u})
        for (const unsigned flags :
             {others, others | tls, others | tls | plugins, others | plugins}) {
            Handshake handshake(true);
            const std::string bytes = greeting(flags, "caching_sha2_password");
            EXPECT_EQ(through(handshake, bytes, piece), bytes);
            EXPECT_TRUE(handshake.greeting().complete);
            EXPECT_TRUE(handshake.greeting().is_greeting);
            EXPECT_EQ(handshake.greeting().offers_tls, (flags & tls) != 0);
            EXPECT_EQ(handshake.greeting().plugin, flags & plugins ? "caching_sha2_password" : "");
        }
}

TEST(Greeting, OffersNothingWhenItIsShortOrNone) {
    const std::string whole = greeting(others | tls | plugins, "x");
    const std::string others_than_greetings[] = {packet("\xFF\x10\x04Too many connections"),
                                                 packet("\x09"s + whole.substr(5)),
                                                 packet("\x0A"),
                                                 packet(whole.substr(4, 20)),
                                                 packet(""),
                                                 packet("\x0A"s + std::string(300, 'v'))};
    for (const std::string& bytes : others_than_greetings) {
        Handshake handshake(true);
        through(handshake, bytes, 7);
        EXPECT_TRUE(handshake.greeting().complete);
        EXPECT_FALSE(handshake.greeting().offers_tls);
        EXPECT_EQ(handshake.greeting().plugin, "");
    }
}

TEST(Greeting, APathIsNoPlugin) {
    for (const std::string& name :
         {"../../tmp/evil"s, "a/b"s, "a.b"s, "a b"s, std::string(200, 'a')}) {
        Handshake handshake(true);
        through(handshake, greeting(others | plugins, name), 4);
        EXPECT_EQ(handshake.greeting().plugin, "");
    }
}

TEST(Switch, NamesThatMayNotBeUsedAreSpoilt) {
    const struct {
        const char* name;
        const char* arrives;
    } samples[] = {
        {"mysql_native_password", "mysql_native_password"},
        {"parsec", "parsec"},
        {"mysql_clear_password", "mysql_______________"},
        {"../../../tmp/evil", "_________________"},
        {"parsec/../../evil", "parsec___________"},
        {"mysql_native_password/../x", "mysql_native_password_____"},
        {"", ""},
    };
    for (const std::size_t piece : {1u, 2u, 6u, 1000u})
        for (const auto& [name, arrives] : samples) {
            Handshake handshake(false);
            handshake.allow("mysql_native_password,parsec");
            const std::string data = std::string(20, '/') + "\0"s;
            const std::string got = through(
                handshake, packet("\xFE"s + name + "\0"s + data) + packet("\0\0\0"s), piece);
            EXPECT_EQ(got, packet("\xFE"s + arrives + "\0"s + data) + packet("\0\0\0"s)) << name;
            EXPECT_EQ(handshake.switched_to(), name);
        }
}

TEST(Switch, OtherPacketsPassAndTheOldPluginIsNamed) {
    Handshake handshake(false);
    handshake.allow("mysql_native_password");
    const std::string bytes = packet("\1../../evil") + packet("\xFF/error/") + packet("\xFE");
    EXPECT_EQ(through(handshake, bytes, 3), bytes);
    EXPECT_EQ(handshake.switched_to(), "mysql_old_password");
}

TEST(Plugins, ThatShowThePasswordNeedARightAndALinkForIt) {
    LoginRights none, clear, gssapi;
    clear.clear_text = true;
    gssapi.default_plugin = "somebodys_plugin";
    for (const char* name : {"mysql_clear_password", "dialog"}) {
        for (const Transport transport : {Transport::plain, Transport::tls, Transport::local})
            EXPECT_FALSE(may_use(name, transport, none)) << name;
        EXPECT_FALSE(may_use(name, Transport::plain, clear));
        EXPECT_TRUE(may_use(name, Transport::tls, clear));
        EXPECT_TRUE(may_use(name, Transport::local, clear));
        EXPECT_EQ(plugins_to_use(Transport::plain, clear).find(name), std::string::npos);
        LoginRights chosen;
        chosen.default_plugin = name;
        EXPECT_FALSE(may_use(name, Transport::tls, chosen));
        EXPECT_EQ(plugins_to_use(Transport::tls, chosen).find(name), std::string::npos);
    }
    EXPECT_TRUE(may_use("mysql_native_password", Transport::plain, none));
    EXPECT_FALSE(may_use("somebodys_plugin", Transport::tls, none));
    EXPECT_TRUE(may_use("somebodys_plugin", Transport::plain, gssapi));
    EXPECT_FALSE(may_use("mysql_old_password", Transport::tls, none));
    EXPECT_FALSE(may_use("", Transport::tls, none));
    EXPECT_FALSE(may_use("password", Transport::tls, none));
}

}  // namespace
}  // namespace myfabric::mysql
