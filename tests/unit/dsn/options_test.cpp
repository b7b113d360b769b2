#include "dsn/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "base/error.h"
#include "base/text.h"
#include "conversion/types.h"

namespace myfabric::dsn {
namespace {

std::vector<std::string> words(std::string_view text) {
    std::istringstream in{std::string(text)};
    return {std::istream_iterator<std::string>(in), {}};
}

TEST(OptionTable, NoNameStandsTwice) {
    std::set<std::string> seen;
    for (const Option& option : option_table()) {
        EXPECT_TRUE(seen.insert(to_lower(option.name)).second) << option.name;
        for (const std::string& alias : words(option.aliases))
            EXPECT_TRUE(seen.insert(to_lower(alias)).second) << alias;
    }
}

TEST(OptionTable, NoNameIsTheDriverManagers) {
    for (const Option& option : option_table()) {
        EXPECT_FALSE(is_manager_key(option.name)) << option.name;
        for (const std::string& alias : words(option.aliases))
            EXPECT_FALSE(is_manager_key(alias)) << alias;
    }
}

TEST(OptionTable, BitsOfTheBitmapAreSingleAndUnique) {
    std::uint32_t all = 0;
    for (const Option& option : option_table()) {
        const std::uint32_t bit = option.detail.bit;
        EXPECT_EQ(bit & (bit - 1), 0u) << option.name;
        EXPECT_EQ(all & bit, 0u) << option.name;
        all |= bit;
    }
}

TEST(OptionTable, EveryRowHasACaption) {
    for (const Option& option : option_table()) EXPECT_FALSE(option.caption.empty()) << option.name;
}

TEST(OptionTable, FarmRowsStandFirstThenServerThenDriver) {
    Part last = Part::farm;
    for (const Option& option : option_table()) {
        EXPECT_GE(option.part, last) << option.name;
        last = option.part;
    }
}

TEST(OptionTable, ARowWithoutMemberIsAcceptedOnly) {
    for (const Option& option : option_table()) {
        if (!std::holds_alternative<std::monostate>(option.member)) continue;
        if (option.name == "Option") continue;  // taken apart into flags
        EXPECT_NE(option.detail.applies, Applies::yes) << option.name;
    }
}

TEST(OptionTable, DefaultsNeedNoWarning) {
    for (const Option& option : option_table()) {
        Options options = default_options();
        EXPECT_EQ(set_option(options, option, option.default_value), std::nullopt) << option.name;
        EXPECT_EQ(options, default_options()) << option.name;
    }
}

TEST(OptionTable, CapsLongTypesWhereConversionsDo) {
    EXPECT_EQ(find_option("MaxLongSize")->default_value,
              std::to_string(conversion::default_long_cap));
}

TEST(OptionTable, PasswordsAreSecret) {
    for (std::string_view name : {"Password", "PWD", "PWD1", "PWD2", "PWD3", "Password1",
                                  "Password2", "Password3", "FabricPassword", "TLSKEYPWD"})
        EXPECT_TRUE(find_option(name)->detail.secret) << name;
}

TEST(OptionTable, HoldsEveryKeyThatThePeersDocument) {
    constexpr const char* keys =
        "SERVER SERVERNAME PORT TCPIP SOCKET NAMED_PIPE NamedPipe UID USER PWD PASSWORD PWD1 "
        "PASSWORD1 PWD2 PASSWORD2 PWD3 PASSWORD3 DATABASE DB INITSTMT CHARSET OPTION OPTIONS "
        "FOUND_ROWS BIG_PACKETS NO_PROMPT DYNAMIC_CURSOR NO_SCHEMA NO_CATALOG NULLISCURRENT "
        "SCHEMANOERROR NO_DEFAULT_CURSOR NO_LOCALE PAD_SPACE FULL_COLUMN_NAMES COMPRESSED_PROTO "
        "IGNORE_SPACE NO_BIGINT NOBIGINT USE_MYCNF SAFE NO_TRANSACTIONS LOG_QUERY NO_CACHE "
        "FORWARD_CURSOR PREFETCH STREAMRS FORWARDONLY AUTO_RECONNECT AUTO_IS_NULL ZERO_DATE_TO_MIN "
        "MIN_DATE_TO_ZERO MULTI_STATEMENTS COLUMN_SIZE_S32 NO_BINARY_RESULT DFLT_BIGINT_BIND_STR "
        "NO_SSPS PREPONCLIENT EDSERVER PSCACHESIZE MAXCACHEKEY PCALLBACK RCALLBACK "
        "NO_DATE_OVERFLOW "
        "TRUNCDT READTIMEOUT WRITETIMEOUT CONN_TIMEOUT READ_TIMEOUT WRITE_TIMEOUT "
        "CLIENT_INTERACTIVE INTERACTIVE CAN_HANDLE_EXP_PWD ENABLE_LOCAL_INFILE LOAD_DATA_LOCAL_DIR "
        "NOLOCALINFILE SSL_MODE SSLMODE FORCETLS SSLVERIFY SSL_KEY SSLKEY SSL_CERT SSLCERT SSL_CA "
        "SSLCA SSL_CAPATH SSLCAPATH SSL_CIPHER SSLCIPHER SSL_CRL SSL_CRLPATH SSLCRL SSLCRLPATH "
        "TLSKEYPWD TLS_VERSIONS NO_TLS_1_2 NO_TLS_1_3 TLSVERSION TLSPEERFP SSLFP TLSPEERFPLIST "
        "SSLFPLIST RSAKEY GET_SERVER_PUBLIC_KEY SERVERKEY DEFAULT_AUTH PLUGIN_DIR "
        "ENABLE_CLEARTEXT_PLUGIN AUTHENTICATION_KERBEROS_MODE OCI_CONFIG_FILE OCI_CONFIG_PROFILE "
        "OPENID_TOKEN_FILE ATTR MULTI_HOST ENABLE_DNS_SRV OPENTELEMETRY";
    for (const std::string& key : words(keys)) EXPECT_NE(find_option(key), nullptr) << key;
    for (const char* key : {"DSN", "DRIVER", "DESCRIPTION", "SAVEFILE", "FILEDSN", "TRACE"})
        EXPECT_TRUE(is_manager_key(key)) << key;
}

// What a key asks for happens, or it is told in a sentence why not.
TEST(OptionTable, EveryKeyWithoutEffectSaysWhy) {
    for (const Option& option : option_table()) {
        if (option.detail.applies == Applies::no) {
            EXPECT_GE(words(option.detail.why).size(), 3u) << option.name;
        } else {
            EXPECT_TRUE(option.detail.why.empty()) << option.name;
        }
        if (option.detail.applies == Applies::yes && option.name != "Option") {
            EXPECT_NE(option.member.index(), 0u) << option.name << " is kept nowhere";
        }
    }
}

TEST(OptionTable, HoldsEveryKeyOfAFarm) {
    constexpr const char* keys =
        "FabricHost FabricPort FabricProtocol FabricUser FabricPassword FabricSSLCA FabricSSLCert "
        "FabricSSLKey FabricSSLVerify FabricConnectionTimeout FabricConnectionAttempts "
        "FabricConnectionDelay FabricMaxAge FabricTTL Group Tables ShardKey Scope Mode MaxLag "
        "ReadYourWritesTimeout Attempts AttemptDelay ParkedServers ParkedTimeout FabricAdmin "
        "ReportErrors FabricCalls";
    for (const std::string& key : words(keys)) {
        ASSERT_NE(find_option(key), nullptr) << key;
        EXPECT_EQ(find_option(key)->part, Part::farm) << key;
    }
}

TEST(Options, DefaultsAreThoseOfTheDocumentation) {
    const std::map<std::string, std::string> expected = {
        {"FabricProtocol", "xmlrpc"},
        {"FabricSSLVerify", "1"},
        {"FabricConnectionTimeout", "5"},
        {"FabricConnectionAttempts", "3"},
        {"FabricConnectionDelay", "1"},
        {"FabricTTL", "0"},
        {"Mode", "READWRITE"},
        {"ReadYourWritesTimeout", "1"},
        {"Attempts", "3"},
        {"AttemptDelay", "1"},
        {"ParkedServers", "8"},
        {"ParkedTimeout", "60"},
        {"FabricAdmin", "0"},
        {"ReportErrors", "error"},
        {"FabricCalls", "1"},
        {"Port", "3306"},
        {"StreamTimeout", "600"},
        {"NoLocalInfile", "1"},
        {"Enable_Local_Infile", "0"},
    };
    for (const auto& [name, value] : expected)
        EXPECT_EQ(option_value(default_options(), *find_option(name)), value) << name;
}

struct Good {
    const char* key;
    const char* value;
    const char* kept;
};

class Accepted : public testing::TestWithParam<Good> {};

TEST_P(Accepted, IsKeptInItsOneSpelling) {
    const auto& [key, value, kept] = GetParam();
    Options options = default_options();
    const Option* option = find_option(key);
    ASSERT_NE(option, nullptr);
    EXPECT_EQ(set_option(options, *option, value), std::nullopt);
    EXPECT_EQ(option_value(options, *option), kept);
}

INSTANTIATE_TEST_SUITE_P(
    Values, Accepted,
    testing::Values(Good{"SERVER", "db1", "db1"}, Good{"servername", "db1", "db1"},
                    Good{"uid", "anna", "anna"}, Good{"pwd", "x;{}y", "x;{}y"},
                    Good{"port", "0", "0"}, Good{"PORT", "65535", "65535"},
                    Good{"Port", "", "3306"}, Good{"mode", "readonly", "READONLY"},
                    Good{"mode", "1", "READONLY"}, Good{"mode", "2", "READWRITE"},
                    Good{"mode", "3", "READWRITE"}, Good{"Scope", "global", "GLOBAL"},
                    Good{"Scope", "", ""}, Good{"ReportErrors", "NO", "no"},
                    Good{"ReportErrors", "0", "no"}, Good{"ReportErrors", "Failure", "failure"},
                    Good{"FabricProtocol", "FILE", "file"}, Good{"FabricCalls", "off", "0"},
                    Good{"Found_Rows", "FALSE", "0"}, Good{"found_rows", "Yes", "1"},
                    Good{"multi_statements", "on", "1"}, Good{"NOLOCALINFILE", "0", "0"},
                    Good{"Charset", "latin1", "latin1"}, Good{"SSL_MODE", "verify_ca", "VERIFY_CA"},
                    Good{"Attempts", "1000", "1000"}, Good{"ShardKey", "", ""}));

struct Bad {
    const char* key;
    const char* value;
    const char* allowed;  // what the message must say
};

class Refused : public testing::TestWithParam<Bad> {};

TEST_P(Refused, IsAnErrorThatNamesKeyValueAndRemedy) {
    const auto& [key, value, allowed] = GetParam();
    Options options = default_options();
    try {
        set_option(options, *find_option(key), value);
        FAIL() << key << "=" << value << " was taken";
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "08001");
        EXPECT_THAT(error.message(), testing::HasSubstr(find_option(key)->name));
        const bool counts = std::holds_alternative<unsigned Options::*>(find_option(key)->member);
        EXPECT_THAT(error.message(),
                    testing::StartsWith(shown_value(value, counts ? Value::number : Value::word)));
        EXPECT_THAT(error.message(), testing::HasSubstr(allowed));
    }
    EXPECT_EQ(options, default_options());
}

INSTANTIATE_TEST_SUITE_P(
    Values, Refused,
    testing::Values(Bad{"Port", "65536", "0 to 65535"}, Bad{"Port", "-1", "0 to 65535"},
                    Bad{"Port", "3306x", "0 to 65535"}, Bad{"Port", "4294967296", "0 to 65535"},
                    Bad{"Port", "0x10", "0 to 65535"}, Bad{"Attempts", "3.5", "0 to 1000"},
                    Bad{"Mode", "READ", "READWRITE, READONLY, AUTO"}, Bad{"Mode", "5", "READONLY"},
                    Bad{"Scope", "ALL", "LOCAL, GLOBAL"},
                    Bad{"FabricProtocol", "http", "xmlrpc, mysql, file"},
                    Bad{"ReportErrors", "yes", "error, no, failure"},
                    Bad{"SSLMode", "on", "DISABLED, PREFERRED"}, Bad{"FabricCalls", "2", "0 or 1"},
                    Bad{"Found_Rows", "maybe", "0 or 1"}));

TEST(Refused, ValuesThatMayBePasswordsAreNotRepeated) {
    for (const char* key : {"Port", "Found_Rows", "SSLMode", "Mode", "Password"})
        for (const char* password : {"se;cret!", "Hunter2 and more", "abc$"}) {
            Options options = default_options();
            try {
                set_option(options, *find_option(key), password);
            } catch (const Error& error) {
                EXPECT_THAT(error.message(), testing::Not(testing::HasSubstr(password))) << key;
                EXPECT_THAT(error.message(), testing::HasSubstr(key));
            }
        }
    EXPECT_EQ(shown_value("70000", Value::number), "'70000'");
    EXPECT_EQ(shown_value("hunter", Value::number), "'hu...'");
    EXPECT_EQ(shown_value("requird", Value::word), "'requird'");
    EXPECT_EQ(shown_value("a\x1B[2Jb", Value::word), "'a\\x1B...'");
}

TEST(Refused, AHostIsNoListAndNoConnectionString) {
    for (const char* other : {"127.0.0.1;plugin-dir=/tmp/x;default-auth=evil", "h;local-infile=1",
                              "a,b", "a b", "a=b", "'a'", "h:3306", "mysql://h"}) {
        Options options = default_options();
        try {
            set_option(options, *find_option("SERVER"), other);
            ADD_FAILURE() << other;
        } catch (const Error& error) {
            EXPECT_EQ(error.state(), "08001");
            EXPECT_THAT(error.message(),
                        testing::HasSubstr("cannot be used for the connection key Server"));
        }
    }
}

struct Silent {
    const char* key;
    const char* value;
    bool warned;
    const char* reason;
};

class WithoutEffect : public testing::TestWithParam<Silent> {};

TEST_P(WithoutEffect, IsToldUnlessTheValueIsTheDefault) {
    const auto& [key, value, warned, reason] = GetParam();
    Options options = default_options();
    const auto warning = set_option(options, *find_option(key), value);
    EXPECT_EQ(warning.has_value(), warned);
    if (warning) {
        EXPECT_THAT(*warning, testing::HasSubstr(find_option(key)->name));
        EXPECT_THAT(*warning, testing::HasSubstr(reason));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Keys, WithoutEffect,
    testing::Values(Silent{"NO_PROMPT", "1", false, ""}, Silent{"BIG_PACKETS", "1", false, ""},
                    Silent{"NO_CACHE", "1", false, ""}, Silent{"AUTO_RECONNECT", "1", false, ""},
                    Silent{"PREPONCLIENT", "1", true, "prepared by the server"},
                    Silent{"PREPONCLIENT", "0", false, ""}, Silent{"NO_SCHEMA", "1", false, ""},
                    Silent{"NO_SCHEMA", "0", true, "a database is a catalog"},
                    Silent{"MAXCACHEKEY", "2112", false, ""},
                    Silent{"MAXCACHEKEY", "1", true, "inside"},
                    Silent{"MULTI_HOST", "1", true, "farm"},
                    Silent{"OPENTELEMETRY", "PREFERRED", true, "telemetry"},
                    Silent{"OPENTELEMETRY", "disabled", false, ""},
                    Silent{"NAMED_PIPE", "1", true, "Socket"}));

TEST(Options, TheModeHasOneSpelling) {
    for (const char* value : {"AUTO", "auto", "4"}) {
        Options options = default_options();
        EXPECT_FALSE(set_option(options, *find_option("Mode"), value)) << value;
        EXPECT_EQ(options.mode, "AUTO");
    }
}

TEST(Options, SecretsAreNotInMessages) {
    Options options = default_options();
    const auto warning = set_option(options, *find_option("PWD2"), "hunter2");
    ASSERT_TRUE(warning);
    EXPECT_THAT(*warning, testing::Not(testing::HasSubstr("hunter2")));
}

TEST(Options, AnUnknownKeyIsNamed) {
    EXPECT_EQ(find_option("Servr"), nullptr);
    EXPECT_EQ(find_option(""), nullptr);
    EXPECT_THAT(unknown_key("Servr"), testing::HasSubstr("'Servr'"));
}

TEST(Options, ValuesCanBeReadBack) {
    for (const Option& option : option_table()) {
        Options options = default_options();
        if (std::holds_alternative<std::monostate>(option.member)) {
            EXPECT_EQ(option_value(options, option), "") << option.name;
        } else {
            EXPECT_EQ(option_value(options, option), option.default_value) << option.name;
        }
    }
}

}  // namespace
}  // namespace myfabric::dsn
