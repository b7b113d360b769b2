#include "base/untrusted.h"

#include <gtest/gtest.h>

namespace myfabric {
namespace {

TEST(Hosts, AreNamesAndAddresses) {
    for (const char* host : {"db1", "DB-1.example.org.", "a_b", "10.0.0.1", "::1",
                             "2001:db8::10.0.0.1", "fe80::1%eth0.7", "xn--bcher-kva.example"})
        EXPECT_EQ(why_no_host(host), "") << host;
    EXPECT_EQ(why_no_host(std::string(255, 'a')), "");
}

TEST(Hosts, AreNothingElse) {
    const std::string others[] = {
        "",
        " ",
        "a b",
        "a;b",
        "a=b",
        "a,b",
        "a/b",
        "a\\b",
        "a@b",
        "a'b",
        "a\"b",
        "a`b",
        "a(b)",
        "a\tb",
        "a\nb",
        std::string("a\0b", 3),
        "a\x7F",
        "\xC3\xA9",
        "a:1",
        ":",
        "::1%",
        "::1%e;f",
        "1%eth0",
        "[::1]",
        "::ffff",
        "mysql://a",
        std::string(256, 'a'),
    };
    for (const std::string& other : others)
        EXPECT_EQ(why_no_host(other) == "", other == "::ffff") << printable(other);
}

TEST(Names, AreTextWithoutControlCharacters) {
    for (const char* name : {"g", "a b;c='\"", "\xC3\xA9", "\xF0\x9F\x98\x80"})
        EXPECT_EQ(why_no_name(name), "") << name;
    const std::string others[] = {
        "",         "a\nb",         "\x1B[2J",  std::string("a\0", 2), "\xC3",
        "\xC0\x80", "\xED\xA0\x80", "\xC2\x9B", "\xF5\x80\x80\x80",    std::string(256, 'a')};
    for (const std::string& other : others) EXPECT_NE(why_no_name(other), "") << printable(other);
}

TEST(Printable, ShowsWhatCannotBeSeen) {
    EXPECT_EQ(printable("a\n\x1B[2J\x7F\xC3\xA9\xC3"), "a\\x0A\\x1B[2J\\x7F\xC3\xA9\\xC3");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m"),
              "\\xC2\\x9B31m");
    EXPECT_EQ(printable("abcdef", 4), "abcd...");
    EXPECT_EQ(printable("abc\xC3\xA9", 4), "abc...");
}

}  // namespace
}  // namespace myfabric
