#include "sources/digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace myfabric::sources {
namespace {

using testing::HasSubstr;
using testing::Not;

// RFC 2617, section 3.5, but for the method, which is POST here.
constexpr std::string_view sample =
    "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "
    "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";

TEST(Digest, IsComputedAsTheStandardSays) {
    const auto challenge = read_challenge(sample);
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->realm, "testrealm@host.com");
    // MD5(MD5("Mufasa:testrealm@host.com:Circle Of Life"):nonce:00000001:0a4f113b:auth:
    // MD5("POST:/dir/index.html")), by another program.
    EXPECT_THAT(
        authorization(*challenge, "Mufasa", "Circle Of Life", "/dir/index.html", 1, "0a4f113b"),
        testing::AllOf(HasSubstr("username=\"Mufasa\""), HasSubstr("uri=\"/dir/index.html\""),
                       HasSubstr("response=\"440c5a7b9ed304fecd2ddd39c9c7b726\""),
                       HasSubstr("qop=auth"), HasSubstr("nc=00000001"),
                       HasSubstr("cnonce=\"0a4f113b\""),
                       HasSubstr("opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"")));
}

TEST(Digest, TheNonceIsCounted) {
    const auto challenge = read_challenge(sample);
    EXPECT_THAT(authorization(*challenge, "u", "p", "/RPC2", 255, "0"), HasSubstr("nc=000000ff"));
}

TEST(Digest, WithoutQopNothingIsCounted) {
    const auto challenge = read_challenge("Digest realm=r, nonce=abc");
    ASSERT_TRUE(challenge);
    EXPECT_THAT(authorization(*challenge, "u", "p", "/", 1, "0"),
                testing::AllOf(Not(HasSubstr("nc=")), Not(HasSubstr("opaque"))));
}

TEST(Digest, QuotesAreKeptInsideOfTexts) {
    const auto challenge = read_challenge(R"(digest realm="a \"b\" \\", nonce="n", qop=auth)");
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->realm, R"(a "b" \)");
    EXPECT_THAT(
        authorization(*challenge, R"(u"x)", "p", "/", 1, "0"),
        testing::AllOf(HasSubstr(R"(username="u\"x")"), HasSubstr(R"(realm="a \"b\" \\")")));
}

TEST(Digest, OtherChallengesAreNone) {
    for (const std::string_view header :
         {"", "Digest", "Digest ", "Basic realm=\"x\"", "Digest realm=\"r\"",
          "Digest nonce=\"n\", algorithm=SHA-256", "Digest nonce=\"n\", algorithm=MD5-sess",
          "Digest nonce=\"n\", qop=\"auth-int\"", "Digest nonce=\"n", "Digest nonce", "Digest =n",
          "Digest nonce=\"n\" realm=\"r\"", "Digest nonce=\"a\r\nX: y\""})
        EXPECT_FALSE(read_challenge(header)) << header;
}

}  // namespace
}  // namespace myfabric::sources
