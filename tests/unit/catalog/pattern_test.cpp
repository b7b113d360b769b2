#include "catalog/pattern.h"

#include <gtest/gtest.h>

namespace myfabric::catalog::test {
namespace {

TEST(Quote, MeansTheValueInEverySqlMode) {
    struct {
        std::string value;
        const char* sql;
    } const samples[] = {
        {"", "''"},
        {"t", "'t'"},
        {"o'clock", "'o''clock'"},
        {"'; DROP TABLE t; -- ", "'''; DROP TABLE t; -- '"},
        {"\"`", "'\"`'"},
        {"Zürich", "'Zürich'"},
        {"a\\", "_utf8mb4 0x615C"},
        {"\\' OR 1=1", "_utf8mb4 0x5C27204F5220313D31"},
        {std::string("a\0b", 3), "_utf8mb4 0x610062"},
    };
    for (const auto& sample : samples) EXPECT_EQ(quote(sample.value), sample.sql) << sample.value;
}

TEST(Pattern, KnowsWildcardsEscapesAndLiterals) {
    struct {
        const char* text;
        bool has_wildcard, matches_all;
        const char *value, *like;
    } const samples[] = {
        {"", false, false, "", ""},
        {"t1", false, false, "t1", "t1"},
        {"%", true, true, "%", "%"},
        {"%%", true, true, "%%", "%%"},
        {"t%", true, false, "t%", "t%"},
        {"my_table", true, false, "my_table", "my_table"},
        {"my\\_table", false, false, "my_table", "my|_table"},
        {"100\\%", false, false, "100%", "100|%"},
        {"a\\\\b", false, false, "a\\b", "a\\b"},
        {"a\\b", false, false, "a\\b", "a\\b"},
        {"a\\", false, false, "a\\", "a\\"},
        {"a|b%", true, false, "a|b%", "a||b%"},
        {"\\_%", true, false, "_%", "|_%"},
    };
    for (const auto& sample : samples) {
        const Pattern parsed = parse_pattern(sample.text);
        EXPECT_EQ(parsed.has_wildcard, sample.has_wildcard) << sample.text;
        EXPECT_EQ(parsed.matches_all, sample.matches_all) << sample.text;
        EXPECT_EQ(parsed.value, sample.value) << sample.text;
        EXPECT_EQ(parsed.like, sample.like) << sample.text;
    }
}

TEST(Identifier, LosesBlanksAndQuotes) {
    struct {
        const char *text, *name;
        bool quoted;
    } const samples[] = {
        {"", "", false},         {"  t  ", "t", false},
        {"`T`", "T", true},      {" `a b ` ", "a b ", true},
        {"\"T\"", "T", true},    {"`a``b`", "a`b", true},
        {"`", "`", false},       {"``", "", true},
        {"`a\"", "`a\"", false},
    };
    for (const auto& sample : samples) {
        const Identifier parsed = parse_identifier(sample.text);
        EXPECT_EQ(parsed.name, sample.name) << sample.text;
        EXPECT_EQ(parsed.quoted, sample.quoted) << sample.text;
    }
}

Facts in_database(const char* database) {
    Facts facts;
    facts.current_database = database;
    return facts;
}

TEST(Where, CatalogIsTheCurrentDatabaseUnlessGiven) {
    struct {
        const char* current;
        Argument argument;
        const char *ordinary, *pattern;
    } const samples[] = {
        {"test", std::nullopt, " WHERE d = 'test'", " WHERE d = 'test'"},
        {"", std::nullopt, "", ""},
        {"test", "%", "", ""},
        {"test", "", " WHERE d = ''", " WHERE d = ''"},
        {"test", "shop", " WHERE d = 'shop'", " WHERE d = 'shop'"},
        {"test", "sh%", " WHERE d = 'sh%'", " WHERE d LIKE 'sh%' ESCAPE '|'"},
        {"test", "sh\\_x", " WHERE d = _utf8mb4 0x73685C5F78", " WHERE d = 'sh_x'"},
    };
    for (const auto& sample : samples) {
        Facts facts = in_database(sample.current);
        const std::string shown = sample.argument.value_or("(null)");
        EXPECT_EQ(Where(facts).catalog("d", sample.argument).sql(), sample.ordinary) << shown;
        EXPECT_EQ(Where(facts).catalog_pattern("d", sample.argument).sql(), sample.pattern)
            << shown;
        facts.odbc_2 = true;
        EXPECT_EQ(Where(facts).catalog_pattern("d", sample.argument).sql(), sample.ordinary)
            << shown;
    }
}

TEST(Where, NoSchemaHasAName) {
    const Facts facts;
    for (const Argument& argument : {Argument(), Argument(""), Argument("%"), Argument("%%")})
        EXPECT_EQ(Where(facts).schema(argument).sql(), "");
    for (const char* name : {"dbo", "d%", "_"})
        EXPECT_EQ(Where(facts).schema(name).sql(), " WHERE 1 = 0") << name;
}

TEST(Where, ArgumentsAreIdentifiersWithMetadataId) {
    Facts facts = in_database("test");
    facts.metadata_id = true;
    EXPECT_EQ(Where(facts).pattern("t", " a% ").sql(), " WHERE UPPER(t) = UPPER('a%')");
    EXPECT_EQ(Where(facts).ordinary("t", "`A`").sql(), " WHERE t = 'A'");
    EXPECT_EQ(Where(facts).catalog("d", "%").sql(), " WHERE UPPER(d) = UPPER('%')");
    EXPECT_EQ(Where(facts).catalog("d", std::nullopt).sql(), " WHERE d = 'test'");
    EXPECT_EQ(Where(facts).schema("  ").sql(), "");
    EXPECT_EQ(Where(facts).schema("dbo").sql(), " WHERE 1 = 0");
}

TEST(Where, JoinsConditions) {
    const Facts facts;
    EXPECT_EQ(Where(facts).sql(), "");
    EXPECT_EQ(Where(facts).ordinary("t", std::nullopt).pattern("t", std::nullopt).sql(), "");
    EXPECT_EQ(Where(facts).ordinary("t", "a_b").pattern("c", "x_").also("y").sql(),
              " WHERE t = 'a_b' AND c LIKE 'x_' ESCAPE '|' AND y");
}

}  // namespace
}  // namespace myfabric::catalog::test
