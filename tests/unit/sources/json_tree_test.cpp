#include "sources/json_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace myfabric::sources {
namespace {

std::string error_of(const std::string& text) {
    try {
        parse_json(text);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

TEST(JsonTree, KeepsValuesAndWhereTheyEnd) {
    const JsonNode tree = parse_json("{\"a\": 1,\n  \"b\": [true, \"x\", 1.5, null]}");
    ASSERT_EQ(tree.kind, JsonNode::Kind::object);
    EXPECT_EQ(tree.member("a")->integer, 1);
    EXPECT_EQ(tree.member("a")->line, 1);
    const JsonNode& list = *tree.member("b");
    ASSERT_EQ(list.items.size(), 4u);
    EXPECT_TRUE(list.items[0].boolean);
    EXPECT_EQ(list.items[1].string, "x");
    EXPECT_EQ(list.items[1].line, 2);
    EXPECT_EQ(list.items[1].column, 17);
    EXPECT_EQ(list.items[2].real, 1.5);
    EXPECT_EQ(list.items[3].kind, JsonNode::Kind::null);
    EXPECT_EQ(tree.member("c"), nullptr);
}

TEST(JsonTree, ErrorsTellLineAndColumn) {
    const struct {
        const char* text;
        const char* expected;
    } samples[] = {
        {"", "line 1, column 1: "},
        {"{", "line 1, column 1"},
        {"{\"a\": 1,\n\"a\": 2}", "line 2, column 3: the key 'a' comes twice"},
        {"{\"a\": 1} x", "line 1, column 10"},
        {"{\"a\":\n  nul}", "line 2, column 6"},
        {"[1, 2", "line 1, column 5"},
        {"{\"a\": \"\xFF\"}", "line 1, column 8"},
    };
    for (const auto& [text, expected] : samples)
        EXPECT_THAT(error_of(text), testing::HasSubstr(expected)) << text;
}

TEST(JsonTree, NestingIsBounded) {
    EXPECT_EQ(error_of(std::string(32, '[') + std::string(32, ']')), "");
    EXPECT_THAT(error_of(std::string(1'000'000, '[')), testing::HasSubstr("more than 32 levels"));
}

TEST(JsonTree, TheSameKeyInTwoObjectsIsFine) {
    EXPECT_EQ(error_of("[{\"a\": {\"a\": 1}}, {\"a\": 2}]"), "");
}

TEST(JsonTree, ReadsAnObjectOfManyKeysInATimeThatGrowsWithIt) {
    std::string text = "{";
    for (int i = 0; i < 100'000; ++i) text += "\"key number " + std::to_string(i) + "\": 1,\n";
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(parse_json(text + "\"last\": 1}").members.size(), 100'001u);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
    EXPECT_THAT(error_of(text + "\"key number 5\": 2}"), testing::HasSubstr("comes twice"));
}

}  // namespace
}  // namespace myfabric::sources
