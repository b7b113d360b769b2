// Charset=: narrow text in another character set than UTF-8; the wire stays utf8mb4.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

struct Sample {
    const char* name;      // of the key's value
    std::string text;      // in it
    std::string utf8_hex;  // what the server has to hold
};

const Sample samples[] = {
    {"latin1", "caf\xE9 \x80", "636166C3A920E282AC"},  // the server's latin1 is cp1252
    {"cp1252", "\x93\xFF\x94", "E2809CC3BFE2809D"},
    {"CP1251", "\xCF\xF0", "D09FD180"},
    {"sjis", "\x83\x5C\x95\x5C'", "E382BDE8A1A827"},  // second bytes are backslashes
    {"gbk", "\xBF\x5C\xC4\xE3", "E7B897E4BDA0"},
    {"ISO-8859-15", "\xA4", "E282AC"},
    {"UTF-8", "\xC3\xA9", "C3A9"},
};

class Charset : public testing::TestWithParam<Sample> {
protected:
    void SetUp() override {
        link.open(server_string() + ";Charset=" + GetParam().name + ";");
        link.run("DROP TABLE IF EXISTS narrow");
        link.run(
            "CREATE TABLE narrow (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(100), l LONGTEXT) "
            "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    }
    std::string hex() {
        return link.value("SELECT HEX(t) FROM narrow ORDER BY id DESC LIMIT 1").value_or("NULL");
    }
    void insert(const std::string& given) {
        Query query(link);
        auto length = static_cast<SQLLEN>(given.size());
        std::string value = given;
        ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 100,
                                          0, value.data(), 0, &length));
        ASSERT_OK(query, query.run("INSERT INTO narrow (t) VALUES (?)"));
    }

    Link link;
    const std::string text = GetParam().text;
};

TEST_P(Charset, IsOfParametersAndStatements) {
    insert(text);
    EXPECT_EQ(GetParam().utf8_hex, hex());
    std::string literal;
    for (const char c : text)
        literal += c == '\'' && text.ends_with("'") ? "''" : std::string(1, c);
    link.run("INSERT INTO narrow (t) VALUES ('" + literal + "')");
    EXPECT_EQ(GetParam().utf8_hex, hex());
}

TEST_P(Charset, IsOfValuesBoundAndAskedFor) {
    insert(text);
    for (const bool prepared : {false, true}) {
        Query query(link);
        char bound[40];
        SQLLEN length = 0;
        ASSERT_OK(query, query.prepare("SELECT t, t FROM narrow"));
        ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_CHAR, bound, sizeof bound, &length));
        ASSERT_OK(query, prepared ? query.execute() : query.run("SELECT t, t FROM narrow"));
        EXPECT_EQ(SQL_SUCCESS, query.fetch()) << query.text();
        EXPECT_EQ(text, std::string(bound, static_cast<std::size_t>(length)));
        EXPECT_EQ(text, query.get(2));
    }
}

// No part ends within a character, and the lengths are those of what is left.
TEST_P(Charset, IsCutAtWholeCharacters) {
    std::string much;
    for (int i = 0; i < 12; ++i) much += text;
    insert(much);
    for (SQLLEN room = 3; room < 9; ++room) {
        Query query(link);
        ASSERT_OK(query, query.run("SELECT t, HEX(t) FROM narrow"));
        ASSERT_OK(query, query.fetch());
        std::string all, part(static_cast<std::size_t>(room), '#');
        for (SQLLEN left = static_cast<SQLLEN>(much.size());;) {
            SQLLEN length = 0;
            const SQLRETURN got = SQLGetData(query, 1, SQL_C_CHAR, part.data(), room, &length);
            ASSERT_TRUE(SQL_SUCCEEDED(got)) << query.text();
            EXPECT_EQ(left, length);
            all += part.c_str();
            left -= static_cast<SQLLEN>(std::strlen(part.c_str()));
            if (got == SQL_SUCCESS) break;
            EXPECT_EQ("01004", query.state());
        }
        EXPECT_EQ(much, all) << room;
    }
}

TEST_P(Charset, IsOfDataAtExecutionInPartsOfOneByte) {
    Query query(link);
    SQLLEN length = SQL_DATA_AT_EXEC;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 100,
                                      0, &length, 0, &length));
    EXPECT_EQ(SQL_NEED_DATA, query.run("INSERT INTO narrow (t) VALUES (?)"));
    SQLPOINTER token = nullptr;
    EXPECT_EQ(SQL_NEED_DATA, SQLParamData(query, &token));
    for (char c : text) ASSERT_OK(query, SQLPutData(query, &c, 1));
    ASSERT_OK(query, SQLParamData(query, &token));
    EXPECT_EQ(GetParam().utf8_hex, hex());
}

TEST_P(Charset, IsOfNamesAndDiagnostics) {
    const std::string name = text.substr(0, 1) == "'" ? "x" : text.substr(0, text.find('\''));
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 1 AS `" + name + "`"));
    SQLCHAR shown[60];
    SQLSMALLINT length = 0;
    ASSERT_OK(query, SQLDescribeCol(query, 1, shown, sizeof shown, &length, nullptr, nullptr,
                                    nullptr, nullptr));
    EXPECT_EQ(name, reinterpret_cast<char*>(shown));
    EXPECT_EQ(static_cast<SQLSMALLINT>(name.size()), length);
    query.close();
    EXPECT_EQ(SQL_ERROR, query.run("SELECT `" + name + "` FROM narrow"));
    EXPECT_THAT(query.text(), testing::HasSubstr(name));
}

INSTANTIATE_TEST_SUITE_P(Sets, Charset, testing::ValuesIn(samples), [](const auto& tested) {
    std::string name = tested.param.name;
    std::erase(name, '-');
    return name;
});

TEST(CharsetKey, AnUnknownOneOrOneWithoutAsciiIsRefused) {
    for (const char* name :
         {"nonsense", "UTF-16", "UCS-2", "UTF-7", "ISO-2022-JP", "latin1//IGNORE"}) {
        Link link;
        EXPECT_STATE(link, "08001", link.try_open(server_string() + ";Charset=" + name + ";"));
        EXPECT_THAT(link.text(), testing::HasSubstr("Charset"));
        EXPECT_THAT(link.text(), testing::HasSubstr(std::string(name).substr(0, 6)));
    }
}

TEST(CharsetKey, CharactersThatItDoesNotHaveAreTold) {
    Link link;
    link.open(server_string() + ";Charset=latin1;");
    Query query(link);
    char bound[40];
    SQLLEN length = 0;
    ASSERT_OK(query, SQLBindCol(query, 1, SQL_C_CHAR, bound, sizeof bound, &length));
    ASSERT_OK(query, query.run("SELECT CONVERT(x'61E782B962' USING utf8mb4)"));
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.fetch());
    EXPECT_EQ("01000", query.state());
    EXPECT_THAT(query.text(), testing::HasSubstr("SQL_C_WCHAR"));
    EXPECT_STREQ("a?b", bound);
    EXPECT_EQ(3, length);
}

TEST(CharsetKey, BytesThatAreNoTextInItAreAnError) {
    Link link;
    link.open(server_string() + ";Charset=gbk;");
    Query query(link);
    EXPECT_STATE(query, "22018", query.run("SELECT '\xFF\xFF'"));
    char value[] = "\xFF\xFF";
    SQLLEN length = 2;
    ASSERT_OK(query, SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 2, 0,
                                      value, 0, &length));
    EXPECT_STATE(query, "22018", query.run("SELECT ?"));
}

}  // namespace
}  // namespace myfabric::test
