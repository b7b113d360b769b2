#include "sources/call_text.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace myfabric::sources {
namespace {

std::string doubled(std::string_view text) {
    std::string escaped;
    for (const char c : text) escaped += c == '\'' ? "''" : std::string(1, c);
    return escaped;
}

TEST(MysqlCall, TheServersVersionTellsANodeFromAServer) {
    struct {
        const char* version;
        Dialect dialect;
    } const samples[] = {
        {"1.5.5-fabric", Dialect::node},   {"0.6.10-Fabric", Dialect::node},
        {"10.11.6-MariaDB", Dialect::sql}, {"5.6.51", Dialect::sql},
        {"8.0.36-0ubuntu0", Dialect::sql}, {"", Dialect::sql},
    };
    for (const auto& [version, dialect] : samples)
        EXPECT_EQ(dialect_of(version), dialect) << version;
}

TEST(MysqlCall, ArgumentsAreWrittenAsEachSideReadsThem) {
    const struct {
        std::vector<topology::Value> arguments;
        const char* node;
        const char* sql;
    } samples[] = {
        {{}, "CALL group.add()", "CALL `group`.`add`()"},
        {{"g", std::monostate{}}, "CALL group.add('g',NULL)", "CALL `group`.`add`('g',NULL)"},
        {{std::int64_t{-5}, 2.5, true, false},
         "CALL group.add(-5,2.5,1,0)",
         "CALL `group`.`add`(-5,2.5,1,0)"},
        {{"it's"}, "CALL group.add(\"it's\")", "CALL `group`.`add`('it''s')"},
        {{"a \"b\""}, "CALL group.add('a \"b\"')", "CALL `group`.`add`('a \"b\"')"},
        {{""}, "CALL group.add('')", "CALL `group`.`add`('')"},
        {{"a,b"}, "CALL group.add('a,b')", "CALL `group`.`add`('a,b')"},
    };
    for (const auto& [arguments, node, sql] : samples) {
        EXPECT_EQ(encode_sql_call(Dialect::node, "group.add", arguments, doubled), node);
        EXPECT_EQ(encode_sql_call(Dialect::sql, "group.add", arguments, doubled), sql);
    }
}

TEST(MysqlCall, WhatCannotBeSentIsRefused) {
    for (const char* command : {"", "group", "group.", ".add", "group.add; DROP TABLE t",
                                "group.add(1)", "a.b.c", "`a`.b"})
        EXPECT_THROW(encode_sql_call(Dialect::sql, command, {}, doubled), Error) << command;
    EXPECT_THROW(encode_sql_call(Dialect::node, "a.b", {"'\""}, doubled), Error);
    EXPECT_EQ(encode_sql_call(Dialect::sql, "a.b", {"'\""}, doubled), "CALL `a`.`b`('''\"')");
}

TEST(MysqlCall, ValuesHaveTheTypesOfTheirColumns) {
    using results::Kind;
    const struct {
        Dialect dialect;
        Kind kind;
        const char* name;
        const char* text;
        topology::Value expected;
    } samples[] = {
        {Dialect::node, Kind::bigint, "port", "13311", std::int64_t{13311}},
        {Dialect::node, Kind::decimal, "weight", "1.0", 1.0},
        {Dialect::node, Kind::decimal, "when", "1795361231.77", 1795361231.77},
        {Dialect::node, Kind::tinyint, "finished", "1", true},
        {Dialect::node, Kind::varchar, "group_id", "42", "42"},
        {Dialect::node, Kind::bigint, "success", "2", std::int64_t{2}},
        {Dialect::sql, Kind::tinyint, "status", "3", std::int64_t{3}},
        {Dialect::sql, Kind::tinyint, "mode", "0", std::int64_t{0}},
        {Dialect::sql, Kind::tinyint, "failure_detector", "0", false},
        {Dialect::sql, Kind::integer, "finished", "1", true},
        {Dialect::sql, Kind::double_precision, "weight", "0.25", 0.25},
        {Dialect::sql, Kind::bigint, "n", "18446744073709551615", "18446744073709551615"},
        {Dialect::sql, Kind::longtext, "io_error", "False", "False"},
    };
    for (const auto& sample : samples) {
        results::Column column;
        column.name = sample.name;
        column.kind = sample.kind;
        EXPECT_EQ(decode_cell(sample.dialect, column, sample.text), sample.expected)
            << sample.name << " " << sample.text;
    }
}

TEST(MysqlCall, TheStatusRowBecomesTheReplysHead) {
    const std::vector<std::string> names{"fabric_uuid", "ttl", "message"};
    const topology::ResultSet servers{{"a"}, {{std::int64_t{1}}}};
    const topology::ResultSet empty{{"b"}, {}};
    const topology::ResultSet success{names, {{"u", std::int64_t{7}, std::monostate{}}}};
    const topology::Reply good = decode_sql_reply({success, servers, empty});
    EXPECT_EQ(good.ttl, 7);
    EXPECT_EQ(good.error, "");
    EXPECT_EQ(good.result_sets, (std::vector<topology::ResultSet>{servers, empty}));
    const topology::ResultSet failure{names, {{"u", std::int64_t{1}, "Group (x) ..."}}};
    const topology::Reply bad = decode_sql_reply({failure});
    EXPECT_EQ(bad.error, "Group (x) ...");
    EXPECT_TRUE(bad.result_sets.empty());
    EXPECT_THROW(decode_sql_reply({}), topology::MalformedReply);
    EXPECT_THROW(decode_sql_reply({servers}), topology::MalformedReply);
    EXPECT_THROW(decode_sql_reply({topology::ResultSet{names, {}}}), topology::MalformedReply);
}

TEST(MysqlCall, TheNumberOfArgumentsIsReadInAnyLanguage) {
    const struct {
        const char* message;
        std::size_t wanted;
    } samples[] = {
        {"Incorrect number of arguments for PROCEDURE group.create; expected 2, got 1", 2},
        {"Falsche Anzahl von Argumenten für PROCEDURE dump.servers; erwarte 12, erhalte 0", 12},
        {"99999999999999999999999 expected 3, got 1", 3},
        {"nothing to see", 0},
        {"only 7", 0},
        {"", 0},
    };
    for (const auto& [message, wanted] : samples) EXPECT_EQ(wanted_arguments(message), wanted);
}

}  // namespace
}  // namespace myfabric::sources
