#include "dsn/connection_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::dsn {
namespace {

struct Sample {
    const char* text;
    Pairs pairs;
};

class Read : public testing::TestWithParam<Sample> {};

TEST_P(Read, GivesThePairsInOrder) {
    EXPECT_EQ(parse_connection_string(GetParam().text), GetParam().pairs);
}

INSTANTIATE_TEST_SUITE_P(
    Strings, Read,
    testing::Values(
        Sample{"", {}}, Sample{";", {}}, Sample{" ;; \t;", {}}, Sample{"DSN=a", {{"DSN", "a"}}},
        Sample{"DSN=a;", {{"DSN", "a"}}}, Sample{"PWD=;UID=x", {{"PWD", ""}, {"UID", "x"}}},
        Sample{" DSN = a b ; UID=  x", {{"DSN", "a b"}, {"UID", "x"}}},
        Sample{"DRIVER={MyFabric};Server=h", {{"DRIVER", "MyFabric"}, {"Server", "h"}}},
        Sample{"DRIVER=/usr/lib/x.so;a=1", {{"DRIVER", "/usr/lib/x.so"}, {"a", "1"}}},
        Sample{"PWD={va;l}}ue};x=1", {{"PWD", "va;l}ue"}, {"x", "1"}}},
        Sample{"PWD={}}}", {{"PWD", "}"}}}, Sample{"PWD={}}}}}", {{"PWD", "}}"}}},
        Sample{"PWD={}", {{"PWD", ""}}}, Sample{"PWD={ a }", {{"PWD", " a "}}},
        Sample{"PWD={{};a=1", {{"PWD", "{"}, {"a", "1"}}}, Sample{"PWD=a{b}c", {{"PWD", "a{b}c"}}},
        Sample{"a=b=c", {{"a", "b=c"}}}, Sample{"a={x} ; b=2", {{"a", "x"}, {"b", "2"}}},
        Sample{"ATTR={k=v,k2=v2};a=1", {{"ATTR", "k=v,k2=v2"}, {"a", "1"}}},
        Sample{"UID=a;uid=b", {{"UID", "a"}, {"uid", "b"}}},
        Sample{"DMConnAttr=[20002]={42};a=1", {{"DMConnAttr", "[20002]={42}"}, {"a", "1"}}},
        Sample{"ShardKey=\xc3\xa9t\xc3\xa9", {{"ShardKey", "\xc3\xa9t\xc3\xa9"}}}));

struct Broken {
    const char* text;
    const char* place;
    const char* what;
};

class Unreadable : public testing::TestWithParam<Broken> {};

TEST_P(Unreadable, IsAnErrorThatNamesThePlace) {
    const auto& [text, place, what] = GetParam();
    try {
        parse_connection_string(text);
        FAIL() << text;
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "08001");
        EXPECT_THAT(error.message(), testing::HasSubstr(place));
        EXPECT_THAT(error.message(), testing::HasSubstr(what));
    }
}

INSTANTIATE_TEST_SUITE_P(Strings, Unreadable,
                         testing::Values(Broken{"DSN", "character 1", "'='"},
                                         Broken{"a=1;DSN", "character 5", "'='"},
                                         Broken{"a=1;x;b=2", "character 5", "'='"},
                                         Broken{"=1", "character 1", "no key"},
                                         Broken{"a=1; =2", "character 6", "no key"},
                                         Broken{"PWD={abc", "character 5", "never closed"},
                                         Broken{"PWD={abc}}", "character 5", "never closed"},
                                         Broken{"PWD={a}b;", "character 8", "';' is missing"}));

TEST(ConnectionString, AnErrorDoesNotRepeatAValue) {
    for (const char* text : {"PWD=hun;ter2", "PWD={hunter2", "PWD={hun}ter2;"}) {
        try {
            parse_connection_string(text);
            FAIL() << text;
        } catch (const Error& error) {
            EXPECT_THAT(error.message(), testing::Not(testing::HasSubstr("ter2"))) << text;
        }
    }
}

struct Written {
    Pairs pairs;
    const char* text;
};

class Write : public testing::TestWithParam<Written> {};

TEST_P(Write, PutsBracesWhereTheyAreNeeded) {
    EXPECT_EQ(write_connection_string(GetParam().pairs), GetParam().text);
    EXPECT_EQ(parse_connection_string(GetParam().text), GetParam().pairs);
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, Write,
    testing::Values(Written{{}, ""}, Written{{{"DSN", "a"}, {"PWD", ""}}, "DSN=a;PWD=;"},
                    Written{{{"DRIVER", "MyFabric"}}, "DRIVER={MyFabric};"},
                    Written{{{"PWD", "a;b}c"}}, "PWD={a;b}}c};"},
                    Written{{{"PWD", " a"}}, "PWD={ a};"}, Written{{{"PWD", "a b"}}, "PWD=a b;"},
                    Written{{{"PWD", "{}"}}, "PWD={{}}};"}, Written{{{"a", "b=c"}}, "a={b=c};"},
                    Written{{{"Server", "::1"}}, "Server=::1;"},
                    Written{{{"PWD", "\t"}}, "PWD={\t};"}));

TEST(ConnectionString, TheFirstOfRepeatedKeysCounts) {
    const Pairs pairs = parse_connection_string("UID=a;uid=b;PWD=c");
    EXPECT_EQ(*first_value(pairs, "Uid"), "a");
    EXPECT_EQ(*first_value(pairs, "pwd"), "c");
    EXPECT_EQ(first_value(pairs, "DSN"), nullptr);
}

}  // namespace
}  // namespace myfabric::dsn
