#include "execution/command.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::execution {
namespace {

TEST(Command, KnowsWhetherThereIsAStatement) {
    EXPECT_TRUE(Command().none());
    EXPECT_FALSE(Command::answered().none());
    EXPECT_EQ("", Command::answered().sql());
    EXPECT_FALSE(Command::parse("SELECT 1", {}).none());
}

TEST(Command, TranslatesEscapesWhereTheyAreToBe) {
    Command::Options options;
    EXPECT_EQ("SELECT DATE '2020-01-02'", Command::parse("SELECT {d '2020-01-02'}", options).sql());
    options.escapes = false;
    EXPECT_EQ("SELECT {d '2020-01-02'}", Command::parse("SELECT {d '2020-01-02'}", options).sql());
}

TEST(Command, AFunctionsValueIsAParameterOfItsOwn) {
    const Command command = Command::parse("{?=call f(?, 2)}", {});
    EXPECT_TRUE(command.asks_value());
    EXPECT_EQ(1u, command.markers());
    EXPECT_EQ(2u, command.parameters());
}

TEST(Command, APositionedStatementIsAskedAboutWithoutItsCursor) {
    const Command command = Command::parse("UPDATE t SET a = ? WHERE CURRENT OF c1", {});
    ASSERT_TRUE(command.positioned());
    EXPECT_EQ("c1", command.positioned()->cursor);
    EXPECT_EQ("UPDATE t SET a = ? WHERE FALSE", command.sql());
}

TEST(Command, HintsAreReadOnAFarmOnly) {
    Command::Options options;
    EXPECT_FALSE(Command::parse("/*fabric: group=g*/ SELECT 1", options).hint());
    options.farm = true;
    const Command command = Command::parse("/*fabric: group=g*/ SELECT 1", options);
    ASSERT_TRUE(command.hint());
    EXPECT_EQ("g", command.hint()->group);
    const topology::Target aim;
    EXPECT_EQ(&aim, command.purpose(aim).target);
}

TEST(Command, ACommentStandsInFrontOfWhatServersGet) {
    Command::Options options;
    options.comment = "/*c*/";
    options.farm = options.fabric_calls = options.several = true;
    const Command hinted = Command::parse("/*fabric: group=g*/ SELECT ?", options);
    EXPECT_EQ("/*c*//*fabric: group=g*/ SELECT ?", hinted.sql());
    EXPECT_TRUE(hinted.hint());
    EXPECT_TRUE(hinted.analysis().plain_read);
    EXPECT_EQ(1u, hinted.markers());
    EXPECT_EQ("/*c*/", hinted.comment());
    const Command positioned = Command::parse("DELETE FROM t WHERE CURRENT OF c1", options);
    EXPECT_EQ("/*c*/DELETE FROM t WHERE FALSE", positioned.sql());
    EXPECT_EQ("/*c*/DELETE FROM t ", positioned.positioned()->head);
    const Command insert = Command::parse("INSERT INTO t VALUES (?)", options);
    ASSERT_TRUE(insert.values_row());
    EXPECT_EQ("t", insert.changed_table()->table);
    const Command call = Command::parse("CALL fabric.status()", options);
    EXPECT_EQ("CALL fabric.status()", call.sql());
    EXPECT_TRUE(call.fabric_call());
}

TEST(Command, FabricCallsAreTheDriversWhereTheyAreToBe) {
    Command::Options options;
    EXPECT_FALSE(Command::parse("CALL fabric.status()", options).is_fabric_call());
    options.fabric_calls = true;
    EXPECT_TRUE(Command::parse("CALL fabric.status()", options).is_fabric_call());
    options.farm = true;
    EXPECT_THROW(Command::parse("SELECT 1; CALL fabric.status()", options), Error);
}

struct PurposeSample {
    const char* sql;
    router::Effect effect;
    bool plain_dml;
    bool searched;
};

TEST(Command, SaysWhatARunWouldDo) {
    constexpr PurposeSample samples[] = {
        {"SELECT 1", router::Effect::read, false, false},
        {"SELECT 1 FOR UPDATE", router::Effect::write, true, false},
        {"INSERT INTO t VALUES (1)", router::Effect::write, true, true},
        {"DELETE FROM t", router::Effect::write, true, true},
        {"UPDATE t SET a=1; SELECT 1", router::Effect::write, false, true},
        {"CREATE TABLE t(a INT)", router::Effect::write, false, false},
        {"CALL p()", router::Effect::write, false, false},
        {"COMMIT", router::Effect::commit, false, false},
        {"ROLLBACK AND CHAIN", router::Effect::rollback, false, false},
        {"ROLLBACK TO a", router::Effect::write, false, false},
        {"COMMIT; SELECT 1", router::Effect::write, false, false},
        {"SELECT f(1)", router::Effect::write, true, false},
    };
    for (const PurposeSample& sample : samples) {
        SCOPED_TRACE(sample.sql);
        const Command command = Command::parse(sample.sql, {});
        const topology::Target aim;
        EXPECT_EQ(sample.effect, command.purpose(aim).effect);
        EXPECT_EQ(router::Effect::read, command.reading(aim).effect);
        EXPECT_EQ(sample.plain_dml, command.purpose(aim).implicitly_rolled_back != nullptr);
        EXPECT_EQ(sample.searched, command.is_searched());
    }
}

TEST(Command, ReadsDetailsWhenAsked) {
    const Command insert = Command::parse("INSERT INTO s.t(a) VALUES (?)", {});
    ASSERT_TRUE(insert.values_row());
    EXPECT_EQ("(?)", insert.sql().substr(insert.values_row()->begin, 3));
    EXPECT_EQ((sql::TableName{"s", "t"}), insert.changed_table());
    EXPECT_EQ(1u, insert.targets().size());
    EXPECT_EQ((sql::TableName{"", "p"}), Command::parse("CALL p(?)", {}).procedure());
}

TEST(Command, SeveralStatementsRunWhereTheyAreAllowed) {
    Command::Options options;
    const char* sql = "INSERT INTO t VALUES (?, ';'); SELECT ?, ? /* ; */;";
    EXPECT_FALSE(Command::parse(sql, options).runs_several());
    options.several = true;
    const Command command = Command::parse(sql, options);
    EXPECT_TRUE(command.runs_in_pieces());
    ASSERT_EQ(2u, command.pieces().size());
    EXPECT_EQ(1u, command.pieces()[0].markers);
    EXPECT_EQ(2u, command.pieces()[1].markers);
    EXPECT_FALSE(Command::parse("SELECT 1; SELECT 2", options).runs_in_pieces());
    EXPECT_TRUE(Command::parse("SELECT 1; SELECT 2", options).runs_several());
}

TEST(Command, ReusesMemory) {
    Command command = Command::parse(std::string(200, ' ') + "SELECT 1", {});
    const char* const before = command.sql().data();
    std::string memory = command.take_memory();
    EXPECT_EQ(before, Command::parse("SELECT 2", {}, std::move(memory)).sql().data());
}

}  // namespace
}  // namespace myfabric::execution
