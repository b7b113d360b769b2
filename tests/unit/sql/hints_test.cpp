#include "sql/hints.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::sql {
namespace {

using topology::Mode;
using topology::Scope;
using Server = Hint::Server;

struct Sample {
    const char* sql;
    Hint hint;
};

TEST(Hints, AreRead) {
    const Sample samples[] = {
        {"/*fabric: tables=db.t key=42 mode=readonly*/ SELECT 1",
         {{}, "db.t", "42", Mode::read_only, {}, Server::any}},
        {" /* FABRIC: GROUP=g */SELECT 1", {"g", {}, {}, {}, {}, Server::any}},
        {"/*fabric:key='it''s 1'*/", {{}, {}, "it's 1", {}, {}, Server::any}},
        {"/*fabric: key=\"\"*/", {{}, {}, "", {}, {}, Server::any}},
        {"/*fabric: tables=a.b,c.d scope=global mode=2*/",
         {{}, "a.b,c.d", {}, Mode::read_write, Scope::global, Server::any}},
        {"/*ms=master*/ SELECT 1", {{}, {}, {}, {}, {}, Server::master}},
        {"/* MS=Slave */ SELECT 1", {{}, {}, {}, {}, {}, Server::slave}},
        {"/*ms=last_used*/ SELECT 1", {{}, {}, {}, {}, {}, Server::last_used}},
        {"/* of an ORM */ /*ms=slave*//*fabric: group = g*/ SELECT 1",
         {"g", {}, {}, {}, {}, Server::slave}},
    };
    for (const Sample& sample : samples) {
        const auto found = parse_hint(sample.sql);
        ASSERT_TRUE(found) << sample.sql;
        EXPECT_EQ(sample.hint, *found) << sample.sql;
    }
}

TEST(Hints, AreNoneElsewhere) {
    for (const char* sql :
         {"", " ", "/", "/*", "/*fabric: group=g", "SELECT 1", "SELECT /*fabric: group=g*/ 1",
          "'/*fabric: group=g*/'", "/* about fabric: group=g */ SELECT 1", "/*msg=1*/ SELECT 1",
          "-- x\n/*fabric: group=g*/ SELECT 1", "/*!fabric: group=g*/"})
        EXPECT_FALSE(parse_hint(sql)) << sql;
}

TEST(Hints, MistakesAreSyntaxErrorsThatNameThem) {
    const std::pair<const char*, const char*> samples[] = {
        {"/*fabric:*/ SELECT 1", "names nothing"},
        {"/*fabric: colour=red*/ SELECT 1", "'colour'"},
        {"/*fabric: group*/ SELECT 1", "'group'"},
        {"/*fabric: group=*/ SELECT 1", "'group' has no value"},
        {"/*fabric: =g*/ SELECT 1", "'=g'"},
        {"/*fabric: group=a group=b*/ SELECT 1", "'group' is given twice"},
        {"/*fabric: key=1*//*fabric: key=2*/ SELECT 1", "'key' is given twice"},
        {"/*fabric: key='x*/ SELECT 1", "closing quote"},
        {"/*fabric: mode=often*/ SELECT 1", "often"},
        {"/*fabric: scope=far*/ SELECT 1", "far"},
        {"/*fabric: group=g tables=a.b*/ SELECT 1", "exclude"},
        {"/*ms=servant*/ SELECT 1", "servant"},
        {"/*ms=master*//*ms=slave*/ SELECT 1", "'ms' is given twice"},
    };
    for (const auto& [sql, part] : samples) {
        try {
            parse_hint(sql);
            ADD_FAILURE() << sql;
        } catch (const Error& error) {
            EXPECT_TRUE(error.is(state::syntax_error)) << sql << ": " << error.state();
            EXPECT_NE(std::string::npos, error.message().find(part)) << error.message();
        }
    }
}

}  // namespace
}  // namespace myfabric::sql
