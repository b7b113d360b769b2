#include "sources/xmlrpc_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "node/xml_tags.h"
#include "support/folders.h"

namespace myfabric::sources {
namespace {

/// What a real node sent, by the name of the recording.
std::string recorded(const std::string& name) {
    std::ifstream file(test::test_data("node-replies.json"));
    return nlohmann::json::parse(file).at(name);
}

std::string complaint(const std::string& xml) {
    try {
        decode_reply(xml);
    } catch (const topology::MalformedReply& error) {
        return error.what();
    }
    return "";
}

std::string response(const std::string& value) {
    return "<?xml version='1.0'?>\n<methodResponse><params><param><value>" + value +
           "</value></param></params></methodResponse>";
}

std::string array(const std::string& items) {
    return "<array><data>" + items + "</data></array>";
}
std::string item(const std::string& value) {
    return "<value>" + value + "</value>";
}

TEST(Reply, ReadsWhatARealNodeSends) {
    const topology::Reply reply = decode_reply(recorded("dump-servers-two-groups"));
    EXPECT_EQ(reply.ttl, 1);
    EXPECT_EQ(reply.error, "");
    ASSERT_EQ(reply.result_sets.size(), 1u);
    const topology::ResultSet& set = reply.result_sets[0];
    EXPECT_THAT(set.names, testing::ElementsAre("server_uuid", "group_id", "host", "port", "mode",
                                                "status", "weight"));
    ASSERT_FALSE(set.rows.empty());
    const topology::Row& row = set.rows[0];
    EXPECT_TRUE(std::holds_alternative<std::string>(row[*set.column("server_uuid")]));
    EXPECT_TRUE(std::holds_alternative<std::int64_t>(row[*set.column("port")]));
    EXPECT_EQ(std::get<double>(row[*set.column("weight")]), 1.0);
    EXPECT_EQ(set.column("connections"), std::nullopt);
}

TEST(Reply, AProcedureGivesTwoResultSets) {
    const topology::Reply reply = decode_reply(recorded("threat-report-error-below-threshold"));
    ASSERT_EQ(reply.result_sets.size(), 2u);
    EXPECT_EQ(std::get<bool>(reply.result_sets[0].rows[0][1]), true);
    EXPECT_EQ(std::get<std::int64_t>(reply.result_sets[1].rows[0][0]), 3);
}

TEST(Reply, NoResultSetAndNoRowsAreFine) {
    EXPECT_TRUE(decode_reply(recorded("manage-ping")).result_sets.empty());
    EXPECT_TRUE(decode_reply(recorded("dump-servers-unknown-group")).result_sets[0].rows.empty());
}

TEST(Reply, AnErrorOfTheCommandIsPartOfTheReply) {
    const topology::Reply reply = decode_reply(recorded("dump-shard-tables-broken"));
    EXPECT_EQ(reply.error, "need more than 1 value to unpack");
    EXPECT_TRUE(reply.result_sets.empty());
}

TEST(Reply, AFaultIsTold) {
    EXPECT_THAT(complaint(recorded("error-unknown-command")),
                testing::AllOf(testing::HasSubstr("fault 1"),
                               testing::HasSubstr("\"no.such_command\" is not supported")));
}

TEST(Reply, LargerThanTheLibrariesDefaultOfHalfAMebibyte) {
    std::string rows;
    const std::string row = item(array(item("<int>1</int>") + item("<string>some text</string>")));
    constexpr std::size_t count = 40'000;
    for (std::size_t i = 0; i < count; ++i) rows += row;
    const std::string set =
        "<struct><member><name>info</name><value><struct><member><name>names</name><value>" +
        array(item("<string>a</string>") + item("<string>b</string>")) +
        "</value></member></struct></value></member><member><name>rows</name><value>" +
        array(rows) + "</value></member></struct>";
    const topology::Reply reply = decode_reply(
        response(array(item("<int>1</int>") + item("<string>uuid</string>") + item("<int>1</int>") +
                       item("<string></string>") + item(array(item(set))))));
    EXPECT_EQ(reply.result_sets.at(0).rows.size(), count);
}

/// A reply of one column whose rows are given.
std::string rows_reply(const std::string& rows) {
    const std::string info = "<struct><member><name>names</name><value>" +
                             array(item("<string>rows</string>")) + "</value></member></struct>";
    const std::string set = "<struct><member><name>info</name><value>" + info +
                            "</value></member>\n<member>\n<name>rows</name>\n<value>" +
                            array(rows) + "</value></member></struct>";
    return response(array(item("<int>1</int>") + item("<string>uuid</string>") +
                          item("<int>1</int>") + item("<string></string>") +
                          item(array(item(set)))));
}

TEST(Reply, LongRepliesArePartedBetweenRows) {
    std::vector<std::string> rows;
    for (const char* value : {"one", "<![CDATA[</value></data><name>rows</name>]]>", "",
                              "<!-- </value> -->two", "&lt;name&gt;rows&lt;/name&gt;"})
        rows.push_back(item(array(item("<string>" + std::string(value) + "</string>"))));
    rows.push_back(item(array(item("<nil/>"))));
    std::string all;
    for (const std::string& row : rows) all += row + "\n";
    const std::string xml = rows_reply(all);
    for (std::size_t piece = 1; piece < xml.size(); piece += 7) {
        const auto parted = node::rows_in_pieces(xml, piece);
        if (!parted) {
            EXPECT_GT(piece, rows[0].size());
            continue;
        }
        std::string whole(parted->before);
        std::vector<std::size_t> counts;
        topology::Reply joined;
        for (const std::string_view part : parted->pieces) {
            whole += part;
            const topology::Reply reply =
                decode_reply(std::string(parted->before).append(part).append(parted->after));
            for (const auto& row : reply.result_sets.at(0).rows) counts.push_back(row.size());
        }
        EXPECT_EQ(whole.append(parted->after), xml);
        EXPECT_EQ(counts.size(), rows.size()) << piece;
    }
}

// What stands around the rows is read with each of them: of much of it nothing is made anew.
TEST(Reply, WithMuchAroundTheRowsNothingIsParted) {
    const std::string row = item(array(item("<string>x</string>")));
    for (const auto& [around, parted] : {std::pair(60'000, true), std::pair(70'000, false)}) {
        std::string xml = rows_reply(row + row + row);
        xml.insert(xml.find("uuid"), std::string(static_cast<std::size_t>(around), 'x'));
        EXPECT_EQ(parted, node::rows_in_pieces(xml, 1).has_value()) << around;
    }
}

TEST(Reply, WhatIsNoMemberWithRowsIsNotParted) {
    const std::string row = item(array(item("<string>x</string>")));
    std::string good = rows_reply(row + row);
    ASSERT_TRUE(node::rows_in_pieces(good, 1));
    const auto with = [&](const std::string& from, const std::string& to) {
        std::string other = good;
        return other.replace(other.find(from), from.size(), to);
    };
    for (const std::string& xml :
         {std::string(), good.substr(0, good.size() / 2),
          good.substr(0, good.find("<name>rows") + 150),
          with("<name>rows</name>", "<name>other</name>"), with("rows</name>", "<b/>rows</name>"),
          with("rows</name>\n<value>", "rows</name>\nx<value>"), good + good})
        EXPECT_FALSE(node::rows_in_pieces(xml, 1)) << xml;
}

TEST(Reply, ALongReplyThatIsWrongInOneRowIsRefusedAsAWhole) {
    const std::string row = item(array(item("<string>" + std::string(1000, 'x') + "</string>")));
    std::string rows;
    for (int i = 0; i < 1000; ++i) rows += row;
    EXPECT_EQ(decode_reply(rows_reply(rows)).result_sets.at(0).rows.size(), 1000u);
    const std::string xml = rows_reply(rows + item(array("")) + row);
    EXPECT_THAT(complaint(xml), testing::HasSubstr("a row with 0 values for 1 columns"));
    const std::string broken = rows_reply(rows + "<value><a></value>");
    EXPECT_THAT(complaint(broken), testing::HasSubstr(std::to_string(broken.size()) + " bytes"));
}

TEST(Reply, EverythingElseIsRefusedWithAReason) {
    const std::string good = recorded("dump-servers-two-groups");
    const std::string start = item("<int>1</int>") + item("<string>u</string>");
    const std::string fields = start + item("<int>1</int>") + item("<string></string>");
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<value><array><data>";
    const struct {
        const char* name;
        std::string xml;
        const char* expected;
    } samples[] = {
        {"empty", "", "0 bytes that are not XML"},
        {"text", "all is well", "11 bytes that are not XML"},
        {"HTML", "<html>It works!</p>", "not XML"},
        {"cut off in the middle", good.substr(0, good.size() / 2), "cut off after"},
        {"cut off before the last tag", good.substr(0, good.size() - 20), "cut off after"},
        {"broken inside", "<?xml version='1.0'?><methodResponse><a></b></methodResponse>",
         "not XML"},
        {"another document", "<?xml version='1.0'?><feed></feed>", "another shape"},
        {"too deep", deep, "more than 100 levels"},
        {"entities", "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e 'x'>]>" + good, "document type"},
        {"zero bytes", std::string("<\0?\0x\0", 6), "zero bytes"},
        {"a string", response("<string>hello</string>"), "it is no array"},
        {"a struct", response("<struct></struct>"), "it is no array"},
        {"an empty array", response(array("")), "an empty array"},
        {"three fields", response(array(start + item("<int>1</int>"))), "array of 3 instead of 5"},
        {"six fields", response(array(fields + item(array("")) + item("<int>1</int>"))),
         "array of 6"},
        {"version 2", response(array(item("<int>2</int>"))), "format version 2"},
        {"no version", response(array(item("<string>1</string>"))), "format version is no integer"},
        {"ttl",
         response(array(start + item("<string>1</string>") + item("<string></string>") +
                        item(array("")))),
         "time to live is no integer"},
        {"error",
         response(array(start + item("<int>1</int>") + item("<int>5</int>") + item(array("")))),
         "error field is no string"},
        {"result sets", response(array(fields + item("<string>none</string>"))), "is no array"},
        {"result set", response(array(fields + item(array(item("<int>1</int>"))))), "no struct"},
        {"without info", response(array(fields + item(array(item("<struct></struct>"))))),
         "without info"},
    };
    for (const auto& [name, xml, expected] : samples)
        EXPECT_THAT(complaint(xml), testing::HasSubstr(expected)) << name;
}

// What hides the nesting from whoever looks for '<' and '>' alone. The parser would recurse as
// often.
TEST(Reply, TheDepthOfANestingCannotBeHidden) {
    const auto repeated = [](const std::string& part) {
        std::string text = "<?xml version='1.0'?><methodResponse>";
        for (int i = 0; i < 200'000; ++i) text += part;
        return text;
    };
    for (const char* part : {"<a b=\"/>\">", "<a b='/>'>", "<a b=\"</a>\">", "<a><!--</a>-->",
                             "<a><![CDATA[</a>]]>", "<a><?x </a>?>", "<a/ >", "<a b='>'>", "<a\n>",
                             "<a><!--</a>--><!---->", "<a><![CDATA[<b></a></b>]]>",
                             "<value><array><data><value><i4>1</i4></value>", "<a><b/></a ><a>"}) {
        EXPECT_THAT(complaint(repeated(part)),
                    testing::AnyOf(testing::HasSubstr("more than 100 levels"),
                                   testing::HasSubstr("within a tag"),
                                   testing::HasSubstr("not XML"), testing::HasSubstr("cut off")))
            << part;
    }
}

TEST(Reply, CommentsAndQuotedSignsAreNoNesting) {
    std::string good = recorded("dump-servers-two-groups");
    std::string comments;
    for (int i = 0; i < 1000; ++i) comments += "<!-- <a> -->";
    good.insert(good.find("<params>"), comments);
    EXPECT_EQ(complaint(good), "");
}

TEST(Reply, RowsHaveAsManyValuesAsThereAreColumns) {
    const std::string set =
        "<struct><member><name>info</name><value><struct><member><name>names</name><value>" +
        array(item("<string>a</string>")) +
        "</value></member></struct></value></member><member><name>rows</name><value>" +
        array(item(array(item("<int>1</int>") + item("<int>2</int>")))) +
        "</value></member></struct>";
    EXPECT_THAT(complaint(response(array(item("<int>1</int>") + item("<string>u</string>") +
                                         item("<int>1</int>") + item("<string></string>") +
                                         item(array(item(set)))))),
                testing::HasSubstr("2 values for 1 columns"));
}

TEST(Call, CarriesItsArgumentsWithTheirTypes) {
    const std::string xml = encode_call(
        "threat.report_error",
        {std::string("a<b&c"), std::int64_t{2003}, true, 1.5, std::int64_t{5'000'000'000}});
    EXPECT_THAT(xml, testing::HasSubstr("<methodName>threat.report_error</methodName>"));
    EXPECT_THAT(xml, testing::HasSubstr("<string>a&lt;b&amp;c</string>"));
    EXPECT_THAT(xml, testing::HasSubstr("<i4>2003</i4>"));
    EXPECT_THAT(xml, testing::HasSubstr("<boolean>1</boolean>"));
    EXPECT_THAT(xml, testing::HasSubstr("<double>1.5"));
    EXPECT_THAT(xml, testing::HasSubstr("5000000000"));
}

}  // namespace
}  // namespace myfabric::sources
