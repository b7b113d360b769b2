#include "sql/farm_call_text.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::sql {
namespace {

std::string shown(const FabricCall& call) {
    std::string text = call.name + "(";
    for (const Argument& argument : call.arguments)
        text += (argument.is_parameter ? "?"
                 : argument.value      ? "<" + *argument.value + ">"
                                       : "NULL") +
                ",";
    return text + ")";
}

TEST(FabricCall, IsRead) {
    const std::pair<const char*, const char*> samples[] = {
        {"CALL fabric.server()", "server()"},
        {"call FABRIC.Server", "Server()"},
        {"CALL `fabric`.`use_group`('g', 'readonly') ; ", "use_group(<g>,<readonly>,)"},
        {"CALL fabric.use_shard('a.b', 42)", "use_shard(<a.b>,<42>,)"},
        {"CALL fabric.use_shard('a.b', -7)", "use_shard(<a.b>,<-7>,)"},
        {"CALL fabric.use_shard(?, ?)", "use_shard(?,?,)"},
        {"CALL fabric.use_shard(\"it''s\", 'it''s')", "use_shard(<it''s>,<it's>,)"},
        {"/* where */ CALL fabric.use_shard('a', NULL)", "use_shard(<a>,NULL,)"},
        {"CALL fabric . use_shard ( 'a' , +7 )", "use_shard(<a>,<7>,)"},
        {"CALL fabric.use_shard('t', DATE '2015-01-02')", "use_shard(<t>,<2015-01-02>,)"},
        {"CALL fabric.use_shard('t', TIMESTAMP '2015-01-02 03:04:05')",
         "use_shard(<t>,<2015-01-02 03:04:05>,)"},
    };
    for (const auto& [sql, expected] : samples) {
        EXPECT_TRUE(is_fabric_call(sql)) << sql;
        const auto call = parse_fabric_call(sql);
        ASSERT_TRUE(call) << sql;
        EXPECT_EQ(expected, shown(*call)) << sql;
    }
}

TEST(FabricCall, OtherStatementsAreNone) {
    for (const char* sql :
         {"", "SELECT 1", "CALL other.server()", "CALL fabric()", "CALL fabricx.a()", "COMMIT"})
        EXPECT_FALSE(is_fabric_call(sql)) << sql;
}

TEST(FabricCall, MistakesAreSyntaxErrors) {
    for (const char* sql :
         {"CALL fabric.use_group('g'", "CALL fabric.use_group(g)", "CALL fabric.use_group('g',)",
          "CALL fabric.use_group('g' 'h')", "CALL fabric.server(); SELECT 1",
          "CALL fabric.use_group(-'g')", "CALL fabric.", "CALL fabric.use_group(@g)",
          "CALL fabric.use_shard('t', DATE 2015)", "CALL fabric.use_group('g"}) {
        EXPECT_THROW(parse_fabric_call(sql), Error) << sql;
    }
}

TEST(FabricCall, MistakesNameTheArgumentAndRepeatNone) {
    const std::pair<const char*, const char*> samples[] = {
        {"CALL fabric.set_property('FabricPassword', hunter2)", "argument 2"},
        {"CALL fabric.set_property('FabricPassword' 'hunter2')", "argument 1"},
        {"CALL fabric.set_property('FabricPassword', 'hunter2'", "argument 2"},
        {"CALL fabric.set_property('FabricPassword', 'x') hunter2", "more text"},
    };
    for (const auto& [sql, part] : samples) {
        try {
            parse_fabric_call(sql);
            ADD_FAILURE() << sql;
        } catch (const Error& error) {
            EXPECT_TRUE(error.is(state::syntax_error)) << error.state();
            EXPECT_NE(std::string::npos, error.message().find(part)) << error.message();
            EXPECT_NE(std::string::npos, error.message().find("set_property")) << error.message();
            EXPECT_EQ(std::string::npos, error.message().find("hunter2")) << error.message();
        }
    }
}

}  // namespace
}  // namespace myfabric::sql
