// What a server gets to know of the password, by TLS mode, certificate and authentication plugin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "support/odbc_client.h"
#include "support/peers.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* password = "Pa55-word-never-shown";

// Oracle's knows no fingerprints, passphrases, client_ed25519 and dialog; what it refuses by itself
// it says in its own words.
constexpr bool oracles_library = MYFABRIC_ORACLES_LIBRARY;

bool knows_not(const std::string& keys) {
    return oracles_library &&
           (keys.find("FP=") != std::string::npos || keys.find("FPList=") != std::string::npos ||
            keys.find("TLSKeyPwd=") != std::string::npos);
}

struct Outcome {
    bool in = false;
    std::string state;
    std::string text;  // all records
    json links;        // as the server saw them
    /// What the server, or whoever it is, knows of the password after all links.
    std::string known() const {
        for (const json& link : links)
            if (link.at("password") != "none") return link.at("password").get<std::string>();
        return "none";
    }
    bool login_sent() const {
        return std::ranges::any_of(links,
                                   [](const json& link) { return link.at("login") == true; });
    }
};

std::string string_for(int port, const std::string& more) {
    return driver_key() + more + "Server=127.0.0.1;Port=" + std::to_string(port) +
           ";UID=u;PWD=" + password + ";ConnectTimeout=5;";
}

Outcome enter(json scenario, const std::string& more) {
    scenario["password"] = password;
    scenario["folder"] = certificates();
    const int port = Peers::get().mysql(scenario);
    Outcome outcome;
    {
        Link link;
        outcome.in = SQL_SUCCEEDED(link.try_open(string_for(port, more)));
        outcome.state = link.state();
        outcome.text = link.text();
    }
    outcome.links = Peers::get().told(port);
    EXPECT_EQ(std::string::npos, outcome.text.find(password)) << outcome.text;
    return outcome;
}

std::string ca() {
    return "SSLCA=" + certificates() + "/ca.pem;";
}

// ---- the certificate ---------------------------------------------------------------------------

struct Mode {
    const char* name;
    const char* keys;
    bool with_ca;
    // Whether it enters a server with: no TLS, a certificate of its own, of another authority, one
    // that has expired, one for another name, one for names only, the right one.
    const char* enters;
};

const char* const servers[] = {"",           "self-signed", "other-ca-leaf", "expired",
                               "wrong-name", "names-only",  "right"};

// The table of README's section on security. The address is 127.0.0.1.
const Mode modes[] = {
    {"Default", "", false, "yyyyyyy"},
    {"DisabledWithCA", "SSLMode=DISABLED;", true, "yyyyyyy"},
    {"Preferred", "SSLMode=PREFERRED;", false, "yyyyyyy"},
    {"Required", "SSLMode=REQUIRED;", false, "nyyyyyy"},
    {"ForceTLS", "ForceTLS=1;", false, "nyyyyyy"},
    {"CAAlone", "", true, "nnnnyyy"},
    {"PreferredWithCA", "SSLMode=PREFERRED;", true, "nnnnyyy"},
    {"RequiredWithCA", "SSLMode=REQUIRED;", true, "nnnnyyy"},
    {"ForceTLSWithCA", "ForceTLS=1;", true, "nnnnyyy"},
    {"VerifyCA", "SSLMode=VERIFY_CA;", true, "nnnnyyy"},
    {"VerifyIdentity", "SSLMode=VERIFY_IDENTITY;", true, "nnnnnny"},
    {"SSLVerify", "SSLVerify=1;", true, "nnnnnny"},
    {"IdentityBySystem", "SSLMode=VERIFY_IDENTITY;", false, "nnnnnnn"},
};

class Tls : public testing::TestWithParam<Mode> {};

TEST_P(Tls, EntersWhatTheModeAllowsAndSendsNothingToOthers) {
    const Mode& mode = GetParam();
    for (std::size_t i = 0; i < std::size(servers); ++i) {
        const std::string certificate = servers[i];
        json scenario = json::object();
        if (!certificate.empty()) scenario["certificate"] = certificate;
        const Outcome outcome = enter(scenario, mode.keys + (mode.with_ca ? ca() : ""));
        const bool expected = mode.enters[i] == 'y';
        EXPECT_EQ(expected, outcome.in) << certificate << "\n" << outcome.text;
        EXPECT_EQ("none", outcome.known()) << certificate;
        if (expected) continue;
        EXPECT_EQ("08001", outcome.state) << outcome.text;
        EXPECT_FALSE(outcome.login_sent()) << certificate;
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, Tls, testing::ValuesIn(modes),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(TlsFallback, IsForThoseWhoGaveNothingToCheck) {
    const json broken = {{"certificate", "right"}, {"break_tls", true}};
    const Outcome plain = enter(broken, "");
    EXPECT_TRUE(plain.in) << plain.text;
    EXPECT_EQ("none", plain.known());
    const std::string keys[] = {
        ca(), ca() + "SSLMode=PREFERRED;", "SSLMode=REQUIRED;",
        "TLSPeerFP=00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33;",
        "SSLCert=" + certificates() + "/client.pem;SSLKey=" + certificates() + "/client.key;"};
    for (const std::string& key : keys) {
        const Outcome outcome = enter(broken, key);
        EXPECT_FALSE(outcome.in) << key;
        EXPECT_FALSE(outcome.login_sent()) << key;
    }
}

TEST(TlsKeys, WorkOrRefuse) {
    const std::string folder = certificates() + "/";
    std::string print;
    std::ifstream(folder + "right.sha1") >> print;
    std::string bare = print;
    std::erase(bare, ':');
    const std::string own = ca() + "SSLCert=" + folder + "client.pem;SSLKey=" + folder;
    const struct {
        json scenario;
        std::string keys;
        bool enters;
    } samples[] = {
        {{{"certificate", "right"}}, "TLSPeerFP=" + print + ";", true},
        {{{"certificate", "right"}}, "SSLFP=" + bare + ";", true},
        {{{"certificate", "self-signed"}}, "TLSPeerFP=" + print + ";", false},
        {{{"certificate", "right"}}, "TLSPeerFP=" + bare.substr(2) + ";", false},
        {json::object(), "TLSPeerFP=" + print + ";", false},
        // Other names of keys, and other ways to write them, are the same keys.
        {json::object(), "SSL_MODE=REQUIRED;", false},
        {json::object(), "ssl_mode = {required};", false},
        {json::object(), "forcetls=1;", false},
        {json::object(), "SSLVerify=1;", false},
        {json::object(), "SSL_CA=" + folder + "ca.pem;", false},
        {json::object(), "sslfp=" + bare + ";", false},
        {json::object(), "SSLFPList=" + folder + "right.sha1;", false},
        {json::object(), "SSL_CAPATH=" + folder + ";", false},
        {json::object(), "SSLMode=DISABLED;ForceTLS=1;", false},
        {json::object(), "ForceTLS=1;SSLMode=PREFERRED;", false},
        {json::object(), "SSLMode=disabled;SSL_MODE=VERIFY_CA;SSLCA=" + folder + "ca.pem;", true},
        {json::object(), "SSLMode=REQUIRD;", false},
        {{{"certificate", "self-signed"}}, "SSL_CA=" + folder + "ca.pem;", false},
        {{{"certificate", "wrong-name"}}, ca() + "ssl_mode=verify_identity;", false},
        {{{"certificate", "right"}}, ca() + "SSL_MODE=VERIFY_IDENTITY;", true},
        {{{"certificate", "self-signed"}}, "SSLFP=" + print + ";", false},
        {{{"certificate", "revoked"}}, ca() + "SSL_CRL=" + folder + "revoked.crl;", false},
        {{{"certificate", "right"}, {"version_only", "TLSv1_2"}},
         "SSLMode=REQUIRED;TLS_VERSIONS=TLSv1.3;",
         false},
        {{{"certificate", "right"}}, "SSLMode=REQUIRED;SSL_CIPHER=NO-SUCH-CIPHER;", false},
        {{{"certificate", "right"}, {"ask_client", true}},
         "SSL_CA=" + folder + "ca.pem;SSL_CERT=" + folder + "client.pem;SSL_KEY=" + folder +
             "client.key;",
         true},
        {{{"certificate", "right"}}, "TLSPeerFPList=" + folder + "right.sha1;", true},
        {{{"certificate", "self-signed"}}, "TLSPeerFPList=" + folder + "right.sha1;", false},
        {{{"certificate", "right"}}, "TLSPeerFPList=" + folder + "missing;", false},
        {{{"certificate", "right"}}, "SSLMode=REQUIRED;SSLCA=" + folder + "missing.pem;", false},
        {{{"certificate", "right"}}, ca() + "SSLCRL=" + folder + "revoked.crl;", true},
        {{{"certificate", "revoked"}}, ca() + "SSLCRL=" + folder + "revoked.crl;", false},
        {{{"certificate", "right"}, {"ask_client", true}}, ca(), false},
        {{{"certificate", "right"}, {"ask_client", true}}, own + "client.key;", true},
        {{{"certificate", "right"}, {"ask_client", true}},
         own + "client-locked.key;TLSKeyPwd=of the key;",
         true},
        {{{"certificate", "right"}, {"ask_client", true}},
         own + "client-locked.key;TLSKeyPwd=wrong;",
         false},
        {{{"certificate", "right"}}, "SSLMode=REQUIRED;SSLCipher=NO-SUCH-CIPHER;", false},
        {{{"certificate", "right"}, {"version_only", "TLSv1_2"}},
         "SSLMode=REQUIRED;TLSVersions=TLSv1.3;",
         false},
        {{{"certificate", "right"}, {"version_only", "TLSv1_3"}},
         "SSLMode=REQUIRED;No_TLS_1_3=1;",
         false},
        {{{"certificate", "right"}, {"version_only", "TLSv1_2"}},
         "SSLMode=REQUIRED;TLSVersions=TLSv1.2;SSLCipher=ECDHE-ECDSA-AES256-GCM-SHA384;",
         true},
    };
    for (const auto& [scenario, keys, enters] : samples) {
        const Outcome outcome = enter(scenario, keys);
        EXPECT_EQ(enters && !knows_not(keys), outcome.in) << scenario << keys << "\n"
                                                          << outcome.text;
        if (!enters) {
            EXPECT_FALSE(outcome.login_sent()) << scenario << keys;
        }
    }
}

// ---- plugins -----------------------------------------------------------------------------------

struct Switch {
    const char* plugin;
    const char* keys;
    bool tls;
    bool enters;
    const char* known;  // of the password, in the end
};

class Plugins : public testing::TestWithParam<bool> {};

// Named by the greeting (false) and by a later request to switch (true).
TEST_P(Plugins, GiveAwayWhatTheUserAllowsAndNoMore) {
    constexpr const char* clear = "Enable_Cleartext_Plugin=1;";
    constexpr const char* ask = "Get_Server_Public_Key=1;";
    const std::string key = "RSAKey=" + certificates() + "/rsa.pem;";
    const Switch samples[] = {
        {"mysql_native_password", "", false, true, "none"},
        {"mysql_native_password", "", true, true, "none"},
        {"client_ed25519", "", false, true, "none"},
        {"client_ed25519", "", true, true, "none"},
        {"caching_sha2_password", "", false, false, "none"},
        {"caching_sha2_password", "SSLMode=DISABLED;", false, false, "none"},
        {"caching_sha2_password", "SSLMode=DISABLED;", true, false, "none"},
        {"caching_sha2_password", ask, false, true, "by RSA"},
        {"caching_sha2_password", key.c_str(), false, true, "by RSA"},
        {"caching_sha2_password", "", true, true, "clear over TLS"},
        {"sha256_password", "", false, false, "none"},
        {"sha256_password", "SSLMode=DISABLED;", false, false, "none"},
        {"sha256_password", ask, false, true, "by RSA"},
        {"sha256_password", key.c_str(), false, true, "by RSA"},
        {"sha256_password", "", true, true, "clear over TLS"},
        {"mysql_clear_password", "", false, false, "none"},
        {"mysql_clear_password", clear, false, false, "none"},
        {"mysql_clear_password", "SSLMode=DISABLED;Enable_Cleartext_Plugin=1;", false, false,
         "none"},
        {"mysql_clear_password", "SSLMode=DISABLED;Enable_Cleartext_Plugin=1;", true, false,
         "none"},
        {"mysql_clear_password", "", true, false, "none"},
        {"mysql_clear_password", "SSLMode=REQUIRED;", true, false, "none"},
        {"mysql_clear_password", clear, true, true, "clear over TLS"},
        {"dialog", "", false, false, "none"},
        {"dialog", clear, false, false, "none"},
        {"dialog", "", true, false, "none"},
        {"dialog", clear, true, true, "clear over TLS"},
    };
    for (const Switch& sample : samples) {
        json scenario = json::object();
        if (sample.tls) scenario["certificate"] = "right";
        if (GetParam() || std::string_view(sample.plugin) == "client_ed25519" ||
            std::string_view(sample.plugin) == "dialog")
            scenario["switch"] = {sample.plugin};
        else
            scenario["plugin"] = sample.plugin;
        const Outcome outcome = enter(scenario, sample.keys);
        const std::string what =
            scenario.dump() + " " + sample.keys + "\n" + outcome.text + outcome.links.dump();
        // Named by the greeting it begins before TLS does, and asks for the key.
        const bool early =
            !GetParam() && sample.tls && std::string_view(sample.plugin) == "sha256_password";
        const std::string_view plugin = sample.plugin;
        const bool unknown = oracles_library && (plugin == "client_ed25519" || plugin == "dialog");
        const bool enters = sample.enters && !unknown;
        const bool by_rsa = early && !oracles_library;
        EXPECT_EQ(unknown ? "none" : by_rsa ? "by RSA" : sample.known, outcome.known()) << what;
        EXPECT_EQ(enters, outcome.in) << what;
        if (!enters) {
            const bool by_the_library = oracles_library && outcome.state == "08004";
            EXPECT_EQ(by_the_library ? "08004" : "08001", outcome.state) << what;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(By, Plugins, testing::Bool(), [](const auto& tested) {
    return std::string(tested.param ? "Switch" : "Greeting");
});

TEST(PluginsRefused, AreNamedWithTheRemedy) {
    if (oracles_library) return;
    const Outcome clear = enter({{"switch", {"mysql_clear_password"}}}, "");
    EXPECT_THAT(clear.text, testing::HasSubstr("'mysql_clear_password'"));
    EXPECT_THAT(clear.text, testing::HasSubstr("SSLMode=REQUIRED"));
    EXPECT_THAT(clear.text, testing::HasSubstr("Enable_Cleartext_Plugin=1"));
    const Outcome key = enter({{"plugin", "caching_sha2_password"}}, "");
    EXPECT_THAT(key.text, testing::HasSubstr("Get_Server_Public_Key=1"));
    const Outcome unknown = enter({{"switch", {"somebodys_plugin"}}}, "");
    EXPECT_THAT(unknown.text, testing::HasSubstr("Default_Auth"));
    const Outcome no_tls = enter(json::object(), "SSLMode=REQUIRED;");
    EXPECT_THAT(no_tls.text, testing::HasSubstr("offers no TLS"));
    const Outcome more =
        enter({{"certificate", "right"}, {"switch", {"dialog"}}, {"asks_more", true}},
              "Enable_Cleartext_Plugin=1;");
    EXPECT_FALSE(more.in);
    EXPECT_THAT(more.text, testing::HasSubstr("asks for more than the password"));
}

// The client library loads PLUGIN_DIR/NAME.so for any name that a server gives.
TEST(PluginsRefused, ALibraryIsNotLoadedByAPathInItsName) {
    namespace fs = std::filesystem;
    const std::string trace = certificates() + "/trace";
    setenv("MYFABRIC_EVIL_TRACE", trace.c_str(), 1);
    const fs::path folder = "/tmp/myfabric-evil-" + std::to_string(getpid());
    fs::create_directory(folder);
    fs::copy_file(MYFABRIC_EVIL_PLUGIN, folder / "evil.so", fs::copy_options::overwrite_existing);
    const std::string path = "../../../../../../../../.." + folder.string() + "/evil";
    for (const bool tls : {false, true})
        for (const int piece : {0, 1, 7}) {
            json scenario = {{"piece", piece}, {"pause", 0.001}};
            if (tls) scenario["certificate"] = "right";
            for (const char* name : {"plugin", "switch"}) {
                json each = scenario;
                each[name] = name == std::string("plugin") ? json(path) : json::array({path});
                EXPECT_FALSE(enter(each, "").in && name == std::string("switch"));
                EXPECT_FALSE(fs::exists(trace)) << each;
            }
        }
    unsetenv("MYFABRIC_EVIL_TRACE");
    fs::remove_all(folder);
    Link link;
    EXPECT_EQ(SQL_ERROR, link.try_open(driver_key() + "Default_Auth=../../evil;Server=127.0.0.1;"));
    EXPECT_THAT(link.text(), testing::HasSubstr("is no name of an authentication plugin"));
}

// ---- time and signals --------------------------------------------------------------------------

TEST(LoginTime, IsBoundedAsAWhole) {
    for (json scenario : {json{{"silent", true}}, json{{"piece", 1}, {"pause", 0.2}},
                          json{{"piece", 1}, {"pause", 0.2}, {"certificate", "right"}}}) {
        const int port = Peers::get().mysql(scenario);
        for (const bool attribute : {false, true}) {
            Link link;
            std::string string =
                driver_key() + "Server=127.0.0.1;UID=u;PWD=p;Port=" + std::to_string(port) + ";";
            if (attribute)
                ASSERT_OK(link, link.set_attribute(SQL_ATTR_LOGIN_TIMEOUT, SQLULEN{1}));
            else
                string += "ConnectTimeout=1;";
            const auto begun = Clock::now();
            EXPECT_EQ(SQL_ERROR, link.try_open(string));
            EXPECT_EQ("HYT00", link.state()) << link.text();
            EXPECT_LT(Clock::now() - begun, std::chrono::milliseconds(3500)) << scenario;
        }
    }
}

volatile sig_atomic_t broken_pipes = 0;

TEST(LoginRefused, RaisesNoSignal) {
    struct sigaction before {};
    struct sigaction counts {};
    counts.sa_handler = [](int) { broken_pipes = broken_pipes + 1; };
    sigaction(SIGPIPE, &counts, &before);
    EXPECT_FALSE(enter(json::object(), "SSLMode=REQUIRED;").in);
    EXPECT_FALSE(enter({{"switch", {"mysql_clear_password"}}}, "").in);
    sigaction(SIGPIPE, &before, nullptr);
    EXPECT_EQ(0, broken_pipes);
}

}  // namespace
}  // namespace myfabric::test
