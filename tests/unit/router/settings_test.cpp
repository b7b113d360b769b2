#include "router/settings.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "dsn/profile.h"
#include "platform/process.h"

namespace myfabric::router {
namespace {

using dsn::default_options;
using dsn::from_connection_string;

mysql::Login login_of(std::string_view text) {
    return login(from_connection_string("DRIVER=x;" + std::string(text)).options);
}

TEST(Login, TakesWhatItNeedsFromTheOptions) {
    const mysql::Login login = login_of(
        "Server=h;Port=1;Socket=/s;UID=u;PWD=p;DB=d;ConnectTimeout=2;ReadTimeout=3;"
        "Write_Timeout=4;SSLCA=ca;SSLCAPath=cap;SSLCert=c;SSLKey=k;SSLCipher=ci;SSLCRL=crl;"
        "SSLCRLPath=crlp;Found_Rows=0;Multi_Statements=1;Compressed_Proto=1;"
        "Ignore_Space=1;Interactive=1;Enable_Cleartext_Plugin=1;"
        "Plugin_Dir=pd;Default_Auth=da;RSAKey=rsa;Use_MyCnf=1");
    EXPECT_EQ(login.host, "h");
    EXPECT_EQ(login.port, 1u);
    EXPECT_EQ(login.socket, "/s");
    EXPECT_EQ(login.user, "u");
    EXPECT_EQ(login.password, "p");
    EXPECT_EQ(login.database, "d");
    EXPECT_EQ(login.charset, "utf8mb4");
    EXPECT_EQ(login.connect_timeout, 2u);
    EXPECT_EQ(login.read_timeout, 3u);
    EXPECT_EQ(login.write_timeout, 4u);
    EXPECT_EQ(login.ssl_ca, "ca");
    EXPECT_EQ(login.ssl_capath, "cap");
    EXPECT_EQ(login.ssl_cert, "c");
    EXPECT_EQ(login.ssl_key, "k");
    EXPECT_EQ(login.ssl_cipher, "ci");
    EXPECT_EQ(login.ssl_crl, "crl");
    EXPECT_EQ(login.ssl_crlpath, "crlp");
    EXPECT_FALSE(login.found_rows);
    EXPECT_TRUE(login.multi_statements);
    EXPECT_TRUE(login.compress);
    EXPECT_TRUE(login.ignore_space);
    EXPECT_TRUE(login.interactive);
    EXPECT_TRUE(login.clear_text_plugin);
    EXPECT_EQ(login.plugin_dir, "pd");
    EXPECT_EQ(login.default_auth, "da");
    EXPECT_EQ(login.server_public_key, "rsa");
    EXPECT_EQ(login.option_group_file, "yes");
}

TEST(Login, CharsetIsAlwaysUtf8mb4) {
    EXPECT_EQ(login_of("Charset=latin1").charset, "utf8mb4");
}

TEST(Login, TcpMeansNoSocketForLocalhost) {
    EXPECT_EQ(login_of("TCPIP=1;Server=localhost;Socket=/s").host, "127.0.0.1");
    EXPECT_EQ(login_of("TCPIP=1;Server=localhost;Socket=/s").socket, "");
    EXPECT_EQ(login_of("TCPIP=1;Server=h").host, "h");
    EXPECT_EQ(login_of("Server=localhost").host, "localhost");
}

struct Sample {
    const char* text;
    const char* expected;
};

TEST(Login, TheStrongestTlsWishWins) {
    for (const auto& [text, mode] : {
             Sample{"", ""},
             Sample{"SSLMode=PREFERRED", "PREFERRED"},
             Sample{"ForceTLS=1", "REQUIRED"},
             Sample{"ForceTLS=1;SSLMode=DISABLED", "REQUIRED"},
             Sample{"ForceTLS=1;SSLMode=VERIFY_CA", "VERIFY_CA"},
             Sample{"SSLVerify=1", "VERIFY_IDENTITY"},
             Sample{"SSLVerify=1;SSLMode=REQUIRED", "VERIFY_IDENTITY"},
             Sample{"SSLVerify=1;SSLMode=VERIFY_CA", "VERIFY_CA"},
             Sample{"SSLVerify=0;SSLMode=VERIFY_IDENTITY", "VERIFY_IDENTITY"},
         })
        EXPECT_EQ(login_of(text).ssl_mode, mode) << text;
}

TEST(Login, TlsVersionsAreReadInEveryPeersWay) {
    for (const auto& [text, versions] : {
             Sample{"", ""},
             Sample{"TLS_VERSIONS=TLSv1.2,TLSv1.3", "TLSv1.2,TLSv1.3"},
             Sample{"TLSVERSION=TLSv1.2", "TLSv1.2"},
             Sample{"TLSVERSION=1.3", "TLSv1.3"},
             Sample{"TLSVERSION=6", "TLSv1.2,TLSv1.3"},
             Sample{"TLSVERSION=1", "TLSv1.1"},
             Sample{"NO_TLS_1_2=1", "TLSv1.3"},
             Sample{"NO_TLS_1_3=1", "TLSv1.2"},
             Sample{"NO_TLS_1_3=1;TLSVersions=TLSv1.1,TLSv1.2,TLSv1.3", "TLSv1.1,TLSv1.2"},
         })
        EXPECT_EQ(login_of(text).tls_versions, versions) << text;
}

TEST(Login, ExcludingEveryTlsVersionIsAnError) {
    for (const char* text :
         {"NO_TLS_1_2=1;NO_TLS_1_3=1", "TLSVersions=TLSv1.3;NO_TLS_1_3=1", "TLSVersions=SSLv3"})
        EXPECT_THROW(login_of(text), Error) << text;
}

TEST(Login, AttributesAreAList) {
    using Map = std::map<std::string, std::string>;
    const Map always{{"program_name", platform::program_name()},
                     {"_connector_name", "myfabric-odbc"},
                     {"_connector_version", MYFABRIC_VERSION}};
    const struct {
        const char* keys;
        Map more;
    } samples[] = {
        {"Attr={k=v,k2=v2}", {{"k", "v"}, {"k2", "v2"}}},
        {"Attr={{k=v}}}", {{"k", "v"}}},
        {"Attr={ a = b=c ,, d}", {{"a", "b=c"}, {"d", ""}}},
        {"Attr=", {}},
        {"Attr={program_name=nightly}", {{"program_name", "nightly"}}},
    };
    for (auto [keys, expected] : samples) {
        expected.insert(always.begin(), always.end());
        EXPECT_EQ(login_of(keys).attributes, expected) << keys;
    }
}

TEST(FarmOptions, TakeWhatTheyNeedFromTheOptions) {
    const topology::FarmOptions farm = farm_options(
        from_connection_string("DRIVER=x;FabricHost=h1:1,h2;FabricPort=2;FabricProtocol=FILE;"
                               "FabricUser=u;FabricPassword=p;FabricSSLCA=ca;FabricSSLCert=c;"
                               "FabricSSLKey=k;FabricSSLVerify=0;FabricConnectionTimeout=6;"
                               "FabricConnectionAttempts=7;FabricConnectionDelay=8;FabricTTL=9")
            .options);
    topology::FarmOptions expected;
    expected.hosts = "h1:1,h2";
    expected.port = 2;
    expected.protocol = topology::Protocol::file;
    expected.user = "u";
    expected.password = "p";
    expected.ssl_ca = "ca";
    expected.ssl_cert = "c";
    expected.ssl_key = "k";
    expected.ssl_verify = false;
    expected.connection_timeout = 6;
    expected.connection_attempts = 7;
    expected.connection_delay = 8;
    expected.ttl = 9;
    EXPECT_EQ(farm, expected);
}

TEST(FarmOptions, DefaultsAreTheSameOnBothSides) {
    EXPECT_EQ(farm_options(default_options()), topology::FarmOptions{});
}

TEST(FarmOptions, ServersThatAreAskedAreEnteredAsTheApplicationEntersThem) {
    const auto farm = [](const std::string& text) {
        return farm_options(from_connection_string(
                                "DRIVER=x;FabricHost=a;User=u;Password=p;SSLMode=REQUIRED;" + text)
                                .options);
    };
    EXPECT_EQ(farm("FabricProtocol=xmlrpc").user, "");
    const topology::FarmOptions own = farm("FabricProtocol=galera;FabricWeights=a=2");
    EXPECT_EQ(own.user + "/" + own.password + "/" + own.ssl_mode + "/" + own.weights,
              "u/p/REQUIRED/a=2");
    const topology::FarmOptions other =
        farm("FabricProtocol=replication;FabricUser=f;FabricPassword=q;FabricSSLCA=ca");
    EXPECT_EQ(other.user + "/" + other.password + "/" + other.ssl_mode + "/" + other.ssl_ca,
              "f/q//ca");
}

}  // namespace
}  // namespace myfabric::router
