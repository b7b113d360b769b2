// Procedures with output parameters and functions: {call p(?)}, {?=call f(?)}.
#include <gtest/gtest.h>

#include <cstring>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

using Texts = std::vector<std::string>;

SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class Procedures : public testing::Test {
protected:
    void SetUp() override {
        link.open(server_string());
        create("out_only(OUT a INT, OUT b VARCHAR(20))", "SET a = 42, b = 'forty-two'");
        create("in_and_out(a INT, INOUT b VARCHAR(20), OUT c INT)",
               "SELECT a; SELECT 'x', 'y'; SET b = CONCAT(b, '!'), c = a + 1");
        create("nothing_out(a INT)", "SELECT a + 1");
        create("nulls(OUT a INT, OUT b VARCHAR(9))", "SET a = NULL, b = NULL");
        create(
            "typed(OUT d DATE, OUT t DATETIME(6), OUT n DECIMAL(10,3), OUT f DOUBLE, "
            "OUT r VARBINARY(8), OUT big BIGINT)",
            "SET d = '2026-02-28', t = '2026-02-28 12:34:56.789012', n = -12.345, f = 1.5, "
            "r = X'00FF', big = 9000000000");
        create("large(n INT, OUT t LONGTEXT CHARACTER SET utf8mb4, OUT b LONGBLOB, OUT after INT)",
               "SET t = REPEAT('ab', n), b = REPEAT(X'00FF', n), after = 7");
        link.run("DROP FUNCTION IF EXISTS twice");
        link.run("CREATE FUNCTION twice(a INT) RETURNS INT DETERMINISTIC RETURN a * 2");
        link.run("DROP FUNCTION IF EXISTS answer");
        link.run("CREATE FUNCTION answer() RETURNS VARCHAR(20) DETERMINISTIC RETURN 'forty-two'");
    }

    void create(const std::string& head, const std::string& body) {
        link.run("DROP PROCEDURE IF EXISTS " + head.substr(0, head.find('(')));
        link.run("CREATE PROCEDURE " + head + " BEGIN " + body + "; END");
    }

    Link link;
};

TEST_F(Procedures, WithoutResultsGiveTheirOutputAtOnce) {
    for (const bool prepare : {false, true}) {
        Query query(link);
        SQLINTEGER a = 0;
        char b[20] = {};
        SQLLEN a_length = 0, b_length = 0;
        SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0,
                         &a_length);
        SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, b, sizeof b,
                         &b_length);
        for (int time = 0; time < 2; ++time) {
            a = 0;
            if (prepare) {
                ASSERT_OK(query, query.prepare("{call out_only(?, ?)}"));
                EXPECT_EQ(SQL_SUCCESS, query.execute()) << query.text();
            } else {
                EXPECT_EQ(SQL_SUCCESS, query.run("{call out_only(?, ?)}")) << query.text();
            }
            EXPECT_EQ(42, a);
            EXPECT_EQ(4, a_length);
            EXPECT_STREQ("forty-two", b);
            EXPECT_EQ(9, b_length);
            EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
        }
    }
}

// "The driver returns output parameters after all results have been processed."
TEST_F(Procedures, WithResultsGiveTheirOutputBehindThem) {
    Query query(link);
    SQLINTEGER a = 5, c = 0;
    char b[20] = "hi";
    SQLLEN b_length = SQL_NTS;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, b, sizeof b,
                     &b_length);
    SQLBindParameter(query, 3, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &c, 0, nullptr);
    ASSERT_OK(query, query.run("{call in_and_out(?, ?, ?)}"));
    EXPECT_EQ(Texts{"5"}, query.rows());
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(Texts{"x|y"}, query.rows());
    EXPECT_EQ(0, c);
    EXPECT_EQ(SQL_SUCCESS, SQLMoreResults(query));  // the completion of the CALL
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
    EXPECT_EQ(6, c);
    EXPECT_STREQ("hi!", b);
    EXPECT_EQ(3, b_length);
    // Again, with another command in between that sets the results aside.
    ASSERT_OK(query, query.run("{call in_and_out(?, ?, ?)}"));
    c = 0;
    EXPECT_EQ("1", link.value("SELECT 1"));
    while (SQL_SUCCEEDED(SQLMoreResults(query))) {
    }
    EXPECT_EQ(6, c);
    EXPECT_STREQ("hi!!", b);
}

TEST_F(Procedures, ConvertOutputToTheTypeOfTheBuffer) {
    Query query(link);
    SQL_DATE_STRUCT d{};
    SQL_TIMESTAMP_STRUCT t{};
    SQL_NUMERIC_STRUCT n{};
    char f[20] = {};
    unsigned char r[8] = {};
    SQLWCHAR big[20] = {};
    SQLLEN lengths[6] = {};
    SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_TYPE_DATE, SQL_TYPE_DATE, 10, 0, &d, 0,
                     &lengths[0]);
    SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 26, 6,
                     &t, 0, &lengths[1]);
    SQLBindParameter(query, 3, SQL_PARAM_OUTPUT, SQL_C_DOUBLE, SQL_DECIMAL, 10, 3, f + 8, 0,
                     &lengths[2]);
    SQLBindParameter(query, 4, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_DOUBLE, 15, 0, f, 8, &lengths[3]);
    SQLBindParameter(query, 5, SQL_PARAM_OUTPUT, SQL_C_BINARY, SQL_VARBINARY, 8, 0, r, sizeof r,
                     &lengths[4]);
    SQLBindParameter(query, 6, SQL_PARAM_OUTPUT, SQL_C_WCHAR, SQL_BIGINT, 19, 0, big, sizeof big,
                     &lengths[5]);
    (void)n;
    EXPECT_EQ(SQL_SUCCESS, query.run("CALL typed(?,?,?,?,?,?)")) << query.text();
    EXPECT_EQ(2026, d.year);
    EXPECT_EQ(28, d.day);
    EXPECT_EQ(789012000u, t.fraction);
    double decimal = 0;
    std::memcpy(&decimal, f + 8, sizeof decimal);
    EXPECT_EQ(-12.345, decimal);
    EXPECT_STREQ("1.5", f);
    EXPECT_EQ(2, lengths[4]);
    EXPECT_EQ(0xFF, r[1]);
    EXPECT_EQ(20, lengths[5]);
    EXPECT_EQ('9', big[0]);
}

// A server sends them as decimal text under the type BIT.
TEST_F(Procedures, BitsThatComeOutAreTheirNumbers) {
    create("bits(OUT a BIT(1), OUT b BIT(8), INOUT c BIT(12))", "SET a = 1, b = 129, c = c + 1");
    for (const bool prepared : {false, true}) {
        Query query(link);
        SQLCHAR a = 9;
        SQLUBIGINT b = 0;
        SQLINTEGER c = 2000;
        SQLLEN lengths[3] = {};
        SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_BIT, SQL_BIT, 1, 0, &a, 0, &lengths[0]);
        SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_UBIGINT, SQL_BIGINT, 19, 0, &b, 0,
                         &lengths[1]);
        SQLBindParameter(query, 3, SQL_PARAM_INPUT_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, &c, 0,
                         &lengths[2]);
        if (prepared) {
            ASSERT_OK(query, query.prepare("{call bits(?, ?, ?)}"));
            ASSERT_OK(query, query.execute());
        } else {
            ASSERT_OK(query, query.run("{call bits(?, ?, ?)}"));
        }
        EXPECT_EQ(1, a) << prepared;
        EXPECT_EQ(129u, b) << prepared;
        EXPECT_EQ(2001, c) << prepared;
    }
}

// MySQL 5.6 calls text that comes out binary.
TEST_F(Procedures, TextThatComesOutIsReadAsANumber) {
    create("counts(INOUT a TEXT)", "SET a = CONCAT(a, '7')");
    Query query(link);
    SQLINTEGER a = 0;
    SQLLEN length = 0;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, &a, 0,
                     &length);
    ASSERT_OK(query, query.prepare("{call counts(?)}"));
    for (const SQLINTEGER given : {4, 5}) {
        a = given;
        ASSERT_OK(query, query.execute());
        EXPECT_EQ(10 * given + 7, a);
    }
}

TEST_F(Procedures, GiveNullAndTruncationByTheIndicator) {
    Query query(link);
    SQLINTEGER a = 0;
    char b[5] = {};
    SQLLEN lengths[2] = {};
    SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0,
                     &lengths[0]);
    SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, b, sizeof b,
                     &lengths[1]);
    ASSERT_OK(query, query.run("{call nulls(?, ?)}"));
    EXPECT_EQ(SQL_NULL_DATA, lengths[0]);
    EXPECT_EQ(SQL_NULL_DATA, lengths[1]);
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run("{call out_only(?, ?)}"));
    EXPECT_EQ("01004", query.state());
    EXPECT_STREQ("fort", b);
    EXPECT_EQ(9, lengths[1]);
    SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    EXPECT_STATE(query, "22002", query.run("{call nulls(?, ?)}"));
}

TEST_F(Procedures, TakeInputOnlyToo) {
    Query query(link);
    SQLINTEGER a = 5;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    ASSERT_OK(query, query.run("{call nothing_out(?)}"));
    EXPECT_EQ(Texts{"6"}, query.rows());
    EXPECT_EQ(SQL_SUCCESS, SQLMoreResults(query));
    SQLSMALLINT columns = -1;
    SQLNumResultCols(query, &columns);
    EXPECT_EQ(0, columns);
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query));
    // Output that has no buffer comes as a row.
    char b[20] = "hi";
    SQLINTEGER c = 1;
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, b, sizeof b,
                     nullptr);
    SQLBindParameter(query, 3, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &c, 0, nullptr);
    ASSERT_OK(query, query.run("{call in_and_out(?, ?, ?)}"));
    ASSERT_OK(query, SQLMoreResults(query));
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(Texts{"hi!"}, query.rows());
    EXPECT_EQ(6, c);
    EXPECT_STREQ("hi", b);
    ASSERT_OK(query, SQLMoreResults(query));
    EXPECT_EQ(SQL_NO_DATA, SQLMoreResults(query)) << query.text();
}

TEST_F(Procedures, FunctionsGiveTheirValue) {
    for (const bool prepare : {false, true}) {
        Query query(link);
        SQLINTEGER value = 0, argument = 21;
        SQLLEN length = 0;
        SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &value, 0,
                         &length);
        SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &argument, 0,
                         nullptr);
        const char* sql = "{?=call twice(?)}";
        if (prepare) {
            ASSERT_OK(query, query.prepare(sql));
            SQLSMALLINT count = 0;
            ASSERT_OK(query, SQLNumParams(query, &count));
            EXPECT_EQ(2, count);
            EXPECT_EQ(SQL_SUCCESS, query.execute()) << query.text();
        } else {
            EXPECT_EQ(SQL_SUCCESS, query.run(sql)) << query.text();
        }
        EXPECT_EQ(42, value);
        EXPECT_EQ(4, length);
        char text[20] = {};
        SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, text,
                         sizeof text, &length);
        EXPECT_EQ(SQL_SUCCESS, query.run("{ ? = call answer }")) << query.text();
        EXPECT_STREQ("forty-two", text);
    }
}

TEST_F(Procedures, TakeParametersByName) {
    Query query(link);
    SQLINTEGER a = 5, c = 0;
    char b[20] = "hi";
    SQLLEN b_length = SQL_NTS;
    // In another order than the procedure's.
    SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &c, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    SQLBindParameter(query, 3, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, b, sizeof b,
                     &b_length);
    SQLHDESC ipd = nullptr;
    ASSERT_OK(query, SQLGetStmtAttr(query, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, nullptr));
    const char* names[] = {"c", "a", "B"};
    for (SQLSMALLINT i = 0; i < 3; ++i)
        ASSERT_EQ(SQL_SUCCESS, SQLSetDescField(ipd, static_cast<SQLSMALLINT>(i + 1), SQL_DESC_NAME,
                                               const_cast<char*>(names[i]), SQL_NTS));
    ASSERT_OK(query, query.run("{call in_and_out(?, ?, ?)}"));
    SQLRETURN result = SQL_SUCCESS;
    while (SQL_SUCCEEDED(result = SQLMoreResults(query))) {
    }
    EXPECT_EQ(SQL_NO_DATA, result) << query.text();
    EXPECT_EQ(6, c);
    EXPECT_STREQ("hi!", b);
    ASSERT_EQ(SQL_SUCCESS,
              SQLSetDescField(ipd, 2, SQL_DESC_NAME, const_cast<char*>("zz"), SQL_NTS));
    EXPECT_STATE(query, "07002", query.run("{call in_and_out(?, ?, ?)}"));
}

// Retrieving Output Parameters Using SQLGetData.
TEST_F(Procedures, StreamLargeOutput) {
    constexpr SQLINTEGER repeats = 300000;
    Query query(link);
    SQLINTEGER n = repeats, after = 0;
    SQLLEN lengths[3] = {};
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &n, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_OUTPUT_STREAM, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0,
                     number(22), 0, &lengths[0]);
    SQLBindParameter(query, 3, SQL_PARAM_OUTPUT_STREAM, SQL_C_BINARY, SQL_LONGVARBINARY, 0, 0,
                     number(33), 0, &lengths[1]);
    SQLBindParameter(query, 4, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &after, 0,
                     &lengths[2]);
    EXPECT_EQ(SQL_PARAM_DATA_AVAILABLE, query.run("{call large(?, ?, ?, ?)}")) << query.text();
    EXPECT_EQ(7, after);
    std::vector<char> buffer(100001);
    SQLPOINTER which = nullptr;
    std::size_t sizes[2] = {};
    for (int stream = 0; stream < 2; ++stream) {
        EXPECT_EQ(SQL_PARAM_DATA_AVAILABLE, SQLParamData(query, &which)) << query.text();
        EXPECT_EQ(number(stream ? 33 : 22), which);
        SQLRETURN result = SQL_SUCCESS;
        do {
            SQLLEN left = 0;
            result = SQLGetData(query, static_cast<SQLUSMALLINT>(stream + 2),
                                stream ? SQL_C_BINARY : SQL_C_CHAR, buffer.data(),
                                static_cast<SQLLEN>(buffer.size()), &left);
            if (!SQL_SUCCEEDED(result)) break;
            const std::size_t room = buffer.size() - (stream ? 0 : 1);
            sizes[stream] += std::min(room, static_cast<std::size_t>(left));
        } while (result == SQL_SUCCESS_WITH_INFO);
        EXPECT_EQ(SQL_SUCCESS, result) << query.text();
        EXPECT_EQ(std::size_t{2} * repeats, sizes[stream]);
    }
    EXPECT_EQ(SQL_SUCCESS, SQLParamData(query, &which)) << query.text();
    EXPECT_EQ("1", link.value("SELECT 1"));
}

TEST_F(Procedures, RunForEachSetOfAnArray) {
    SQLINTEGER in[3] = {1, 2, 3};
    SQLINTEGER out[3] = {};
    Query query(link);
    link.run("DROP PROCEDURE IF EXISTS plus_one");
    link.run("CREATE PROCEDURE plus_one(a INT, OUT b INT) SET b = a + 1");
    SQLSetStmtAttr(query, SQL_ATTR_PARAMSET_SIZE, number(3), 0);
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, in, 0, nullptr);
    SQLBindParameter(query, 2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, out, 0, nullptr);
    ASSERT_OK(query, query.run("{call plus_one(?, ?)}"));
    EXPECT_EQ(2, out[0]);
    EXPECT_EQ(3, out[1]);
    EXPECT_EQ(4, out[2]);
}

TEST_F(Procedures, HaveNoDefaultParameters) {
    Query query(link);
    SQLLEN length = SQL_DEFAULT_PARAM;
    SQLINTEGER a = 5;
    SQLBindParameter(query, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, &length);
    EXPECT_STATE(query, "07S01", query.run("{call nothing_out(?)}"));
}

TEST_F(Procedures, FailureLeavesTheOutputAlone) {
    create("fails(OUT a INT)", "SET a = 1; SELECT * FROM no_such_table");
    Query query(link);
    SQLINTEGER a = 77;
    SQLBindParameter(query, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &a, 0, nullptr);
    EXPECT_STATE(query, "42S02", query.run("{call fails(?)}"));
    EXPECT_EQ(77, a);
    EXPECT_EQ("1", link.value("SELECT 1"));
}

// MySQL 5.6 does not tell what changes in a session.
TEST_F(Procedures, AnotherCharacterSetIsPutBackBeforeTheNextStatement) {
    if (server_kind() == "mysql56") return;
    create("other_names()", "SET NAMES latin1");
    create("other_results()", "SET character_set_results = latin1; SELECT 1");
    for (const char* call :
         {"CALL other_names()", "{call other_names()}", "CALL other_results()"}) {
        Query query(link);
        ASSERT_OK(query, query.run(call));
        query.close();
        EXPECT_EQ(SQL_SUCCESS_WITH_INFO, query.run("SELECT HEX('\u00e9'), '\u00e9'")) << call;
        EXPECT_EQ("01000", query.state()) << query.text();
        EXPECT_EQ((Texts{"C3A9|\u00e9"}), query.rows()) << call;
        EXPECT_EQ((Texts{"utf8mb4|utf8mb4|utf8mb4"}),
                  link.rows("SELECT @@character_set_client, @@character_set_results, "
                            "@@character_set_connection"));
    }
}

}  // namespace
}  // namespace myfabric::test
