// Escapes as a server answers them, under each sql_mode that changes how a text is read.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

constexpr const char* modes[] = {
    "",       "ANSI_QUOTES",       "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT",
    "ANSI",   "STRICT_ALL_TABLES", "IGNORE_SPACE",         "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
    "ORACLE",
};

struct Sample {
    const char* sql;
    const char* value;  // of the first column
};
constexpr Sample samples[] = {
    {"SELECT {d '2020-01-02'}", "2020-01-02"},
    {"SELECT { d '2020-01-02' }", "2020-01-02"},
    {"SELECT {t '01:02:03'}", "01:02:03"},
    {"SELECT {ts '2020-01-02 03:04:05'}", "2020-01-02 03:04:05"},
    {"SELECT {guid '00000000-0000-0000-0000-000000000001'}",
     "00000000-0000-0000-0000-000000000001"},
    {"SELECT {INTERVAL '1' DAY} + {d '2020-01-02'}", "2020-01-03"},
    {"SELECT {fn UCASE({fn LCASE('Ab')})}", "AB"},
    {"SELECT {fn CONCAT('{', {fn CONCAT('}', '{fn X()}')})}", "{}{fn X()}"},
    {"SELECT {fn CHAR_LENGTH('it''s')}", "4"},
    {"SELECT {fn CONVERT({fn CONCAT('4', '2')}, SQL_INTEGER)} + 1", "43"},
    {"SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, {ts '2020-01-02 03:04:05'})}", "2020-01-03 03:04:05"},
    {"SELECT {fn EXTRACT(YEAR FROM {d '2020-01-02'})}", "2020"},
    {"SELECT 'a!%' LIKE 'a!!!%' {escape '!'}", "1"},
    {"SELECT a.x FROM {oj (SELECT 1 x) a LEFT OUTER JOIN (SELECT 2 y) b ON a.x = b.y}", "1"},
    // What is none stays as it is.
    {"SELECT 'a{d ''x''}'", "a{d 'x'}"},
    {"SELECT /* {fn x} ' */ 1", "1"},
    {"SELECT 1 -- {fn x} '\n", "1"},
    {"SELECT 1 # {d '", "1"},
    {"SELECT {d '2020-01-02'} AS `a{d 'x'}`", "2020-01-02"},
    {"SELECT {d '2020-01-02'} AS \"a{d 'x'}\"", "2020-01-02"},
};

class Escapes : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        link.open(server_string());
        link.run("SET SESSION sql_mode = '" + std::string(GetParam()) + "'");
    }
    Link link;
};

TEST_P(Escapes, MeanWhatTheReferenceSays) {
    for (const Sample& sample : samples)
        for (const bool prepared : {false, true}) {
            SCOPED_TRACE(std::string(sample.sql) + (prepared ? " prepared" : ""));
            Query query(link);
            if (prepared) {
                ASSERT_OK(query, query.prepare(sample.sql));
                ASSERT_OK(query, query.execute());
            } else {
                ASSERT_OK(query, query.run(sample.sql));
            }
            ASSERT_OK(query, query.fetch());
            EXPECT_EQ(sample.value, query.get(1));
        }
}

TEST_P(Escapes, BeginBehindTextsThatEndWhereTheModeSays) {
    const bool plain = std::string(GetParam()).find("NO_BACKSLASH") != std::string::npos;
    Query query(link);
    ASSERT_OK(query, query.run(plain ? R"(SELECT 'a\', {fn LENGTH('\')})"
                                     : R"(SELECT 'a\'{d ', {fn LENGTH('\'')})"));
    EXPECT_EQ(query.rows(), std::vector<std::string>{plain ? R"(a\|1)" : "a'{d |1"});
}

INSTANTIATE_TEST_SUITE_P(Modes, Escapes, testing::ValuesIn(modes));

}  // namespace
}  // namespace myfabric::test
