// SQLGetData: long data in parts, any column order, conversions.
#include <gtest/gtest.h>

#include "support/odbc_client.h"
#include "support/servers.h"

namespace myfabric::test {
namespace {

class GetData : public testing::Test {
protected:
    void SetUp() override { link.open(server_string()); }

    Link link;
};

// "Each call to SQLGetData returns the next part of the data"; the indicator tells what was left
// before the call.
TEST_F(GetData, TextComesInParts) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 'abcdefghij'"));
    ASSERT_OK(query, query.fetch());
    char part[5];
    SQLLEN left = 0;
    const struct {
        SQLRETURN result;
        const char* text;
        SQLLEN left;
    } parts[] = {{SQL_SUCCESS_WITH_INFO, "abcd", 10},
                 {SQL_SUCCESS_WITH_INFO, "efgh", 6},
                 {SQL_SUCCESS, "ij", 2}};
    for (const auto& expected : parts) {
        EXPECT_EQ(expected.result, SQLGetData(query, 1, SQL_C_CHAR, part, sizeof part, &left));
        if (expected.result == SQL_SUCCESS_WITH_INFO) {
            EXPECT_EQ("01004", query.state());
        }
        EXPECT_STREQ(expected.text, part);
        EXPECT_EQ(expected.left, left);
    }
    EXPECT_EQ(SQL_NO_DATA, SQLGetData(query, 1, SQL_C_CHAR, part, sizeof part, &left));
}

TEST_F(GetData, WideTextComesInPartsThatKeepSurrogatesWhole) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT CONVERT(UNHEX('61F09F98806263') USING utf8mb4)"));
    ASSERT_OK(query, query.fetch());
    std::vector<SQLWCHAR> whole;
    SQLWCHAR part[3];
    SQLLEN left = 0;
    SQLRETURN result = SQL_SUCCESS_WITH_INFO;
    for (int calls = 0; calls < 9 && result == SQL_SUCCESS_WITH_INFO; ++calls) {
        result = SQLGetData(query, 1, SQL_C_WCHAR, part, sizeof part, &left);
        ASSERT_TRUE(SQL_SUCCEEDED(result)) << query.text();
        if (calls == 0) {
            EXPECT_EQ(10, left);
        }
        for (const SQLWCHAR* at = part; *at; ++at) whole.push_back(*at);
    }
    EXPECT_EQ(SQL_SUCCESS, result);
    EXPECT_EQ((std::vector<SQLWCHAR>{'a', 0xD83D, 0xDE00, 'b', 'c'}), whole);
    EXPECT_EQ(SQL_NO_DATA, SQLGetData(query, 1, SQL_C_WCHAR, part, sizeof part, &left));
}

TEST_F(GetData, BinaryComesInPartsWithoutTerminator) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT UNHEX('00FF10AB01')"));
    ASSERT_OK(query, query.fetch());
    unsigned char part[4] = {9, 9, 9, 9};
    SQLLEN left = 0;
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLGetData(query, 1, SQL_C_BINARY, part, 3, &left));
    EXPECT_EQ("01004", query.state());
    EXPECT_EQ(5, left);
    EXPECT_EQ(0x00, part[0]);
    EXPECT_EQ(0xFF, part[1]);
    EXPECT_EQ(0x10, part[2]);
    EXPECT_EQ(9, part[3]);
    EXPECT_EQ(SQL_SUCCESS, SQLGetData(query, 1, SQL_C_BINARY, part, 3, &left));
    EXPECT_EQ(2, left);
    EXPECT_EQ(0xAB, part[0]);
    EXPECT_EQ(SQL_NO_DATA, SQLGetData(query, 1, SQL_C_BINARY, part, 3, &left));
}

TEST_F(GetData, BinaryAsTextIsHexInWholePairs) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT UNHEX('00FF10AB')"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("00FF10AB", query.get(1));
}

TEST_F(GetData, EmptyBufferAsksForTheLength) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT REPEAT('x', 5000)"));
    ASSERT_OK(query, query.fetch());
    SQLLEN left = 0;
    char nothing[1];
    EXPECT_EQ(SQL_SUCCESS_WITH_INFO, SQLGetData(query, 1, SQL_C_BINARY, nothing, 0, &left));
    EXPECT_EQ(5000, left);
    EXPECT_EQ(std::string(5000, 'x'), query.get(1));
}

TEST_F(GetData, MegabytesArriveWhole) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT REPEAT('0123456789', 300000)"));
    ASSERT_OK(query, query.fetch());
    const auto text = query.get(1);
    ASSERT_TRUE(text);
    ASSERT_EQ(3000000u, text->size());
    EXPECT_EQ("0123456789", text->substr(2999990));
}

TEST_F(GetData, ColumnsInAnyOrderAndAgain) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 'first', 2, 'third', NULL"));
    ASSERT_OK(query, query.fetch());
    EXPECT_EQ("third", query.get(3));
    EXPECT_EQ("first", query.get(1));
    EXPECT_EQ(std::nullopt, query.get(4));
    EXPECT_EQ("2", query.get(2));
    // Another column was read in between, so the value starts again.
    EXPECT_EQ("first", query.get(1));
    EXPECT_EQ("third", query.get(3));
}

// "If the data is of fixed length ... SQLGetData returns SQL_NO_DATA" when it was read whole.
TEST_F(GetData, NumberTwiceIsNoData) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 42"));
    ASSERT_OK(query, query.fetch());
    SQLINTEGER number = 0;
    SQLLEN length = 0;
    EXPECT_EQ(SQL_SUCCESS, SQLGetData(query, 1, SQL_C_SLONG, &number, 0, &length));
    EXPECT_EQ(42, number);
    EXPECT_EQ(SQLLEN{sizeof number}, length);
    EXPECT_EQ(SQL_NO_DATA, SQLGetData(query, 1, SQL_C_SLONG, &number, 0, &length));
}

// A program that asked for the text may ask for the number next, with both vendors' drivers.
TEST_F(GetData, ValueReadWholeStartsAnewAsAnotherType) {
    for (const char* sql : {"SELECT 42, 'x'", "SELECT '42', 'x'", "SELECT 42.0, 'x'"}) {
        Query query(link);
        ASSERT_OK(query, query.run(sql));
        ASSERT_OK(query, query.fetch());
        for (int time = 0; time < 2; ++time) {
            SQLINTEGER number = 0;
            SQLLEN length = 0;
            char text[9]{};
            EXPECT_EQ(SQL_SUCCESS, SQLGetData(query, 1, SQL_C_CHAR, text, sizeof text, &length));
            EXPECT_EQ("42", std::string(text, 2)) << sql;
            EXPECT_EQ(SQL_NO_DATA, SQLGetData(query, 1, SQL_C_CHAR, text, sizeof text, &length));
            EXPECT_EQ(SQL_SUCCESS, SQLGetData(query, 1, SQL_C_SLONG, &number, 0, &length));
            EXPECT_EQ(42, number) << sql;
            EXPECT_EQ(SQL_NO_DATA, SQLGetData(query, 1, SQL_C_SLONG, &number, 0, &length));
        }
    }
}

// The concise type of a record that nobody has set is SQL_C_DEFAULT.
TEST_F(GetData, TypeOfAnUnboundColumnsDescriptorIsTheDefault) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 42"));
    ASSERT_OK(query, query.fetch());
    SQLINTEGER number[2]{};  // MySQL's is a BIGINT
    SQLLEN length = 0;
    ASSERT_OK(query, SQLGetData(query, 1, SQL_ARD_TYPE, number, sizeof number, &length));
    EXPECT_EQ(42, number[0]);
}

TEST_F(GetData, NumericStructureFollowsTheDescriptor) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT CAST('-123.45' AS DECIMAL(7,2))"));
    ASSERT_OK(query, query.fetch());
    SQLHDESC row = nullptr;
    ASSERT_OK(query, SQLGetStmtAttr(query, SQL_ATTR_APP_ROW_DESC, &row, 0, nullptr));
    SQL_NUMERIC_STRUCT number{};
    SQLLEN length = 0;
    SQLSetDescField(row, 1, SQL_DESC_TYPE, reinterpret_cast<SQLPOINTER>(SQL_C_NUMERIC), 0);
    SQLSetDescField(row, 1, SQL_DESC_PRECISION, reinterpret_cast<SQLPOINTER>(7), 0);
    SQLSetDescField(row, 1, SQL_DESC_SCALE, reinterpret_cast<SQLPOINTER>(2), 0);
    ASSERT_OK(query, SQLGetData(query, 1, SQL_ARD_TYPE, &number, sizeof number, &length));
    EXPECT_EQ(0, number.sign);
    EXPECT_EQ(2, number.scale);
    EXPECT_EQ(12345, number.val[0] + 256 * number.val[1]);
}

TEST_F(GetData, DefaultTypeIsTheColumns) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT CAST(7 AS SIGNED), 'text'"));
    ASSERT_OK(query, query.fetch());
    SQLBIGINT number = 0;
    char text[10];
    SQLLEN length = 0;
    ASSERT_OK(query, SQLGetData(query, 2, SQL_C_DEFAULT, text, sizeof text, &length));
    // The data source's default for text may be wide; the length tells.
    EXPECT_TRUE(length == 4 || length == 8) << length;
    ASSERT_OK(query, SQLGetData(query, 1, SQL_C_SBIGINT, &number, sizeof number, &length));
    EXPECT_EQ(7, number);
}

struct Conversion {
    const char* name;
    const char* sql;
    SQLSMALLINT type;
    SQLRETURN result;
    const char* state;
};

class Conversions : public GetData, public testing::WithParamInterface<Conversion> {};

TEST_P(Conversions, ThatLoseTellHow) {
    Query query(link);
    ASSERT_OK(query, query.run(GetParam().sql));
    ASSERT_OK(query, query.fetch());
    char buffer[64];
    SQLLEN length = 0;
    EXPECT_EQ(GetParam().result,
              SQLGetData(query, 1, GetParam().type, buffer, sizeof buffer, &length));
    EXPECT_EQ(GetParam().state, query.state()) << query.text();
}

constexpr SQLRETURN kInfo = SQL_SUCCESS_WITH_INFO;
// clang-format off
INSTANTIATE_TEST_SUITE_P(
    , Conversions,
    testing::Values(
        Conversion{"FractionOfAnInteger", "SELECT 1.5", SQL_C_SLONG, kInfo, "01S07"},
        Conversion{"TooBigForATiny", "SELECT 300", SQL_C_STINYINT, SQL_ERROR, "22003"},
        Conversion{"NegativeAsUnsigned", "SELECT -1", SQL_C_ULONG, SQL_ERROR, "22003"},
        Conversion{"TooBigForALong", "SELECT 4294967296", SQL_C_SLONG, SQL_ERROR, "22003"},
        Conversion{"TextAsNumber", "SELECT 'abc'", SQL_C_SLONG, SQL_ERROR, "22018"},
        Conversion{"TextAsDate", "SELECT 'abc'", SQL_C_TYPE_DATE, SQL_ERROR, "22018"},
        Conversion{"BitOfTwo", "SELECT 2", SQL_C_BIT, SQL_ERROR, "22003"},
        Conversion{"DateOfATimestamp", "SELECT CAST('2026-01-02 03:04:05' AS DATETIME)",
                   SQL_C_TYPE_DATE, kInfo, "01S07"},
        Conversion{"NumberAsDate", "SELECT CAST(5 AS SIGNED)", SQL_C_TYPE_DATE, SQL_ERROR, "07006"},
        Conversion{"UnknownCType", "SELECT 1", 12345, SQL_ERROR, "HY003"}),
    [](const auto& tested) { return std::string(tested.param.name); });
// clang-format on

TEST_F(GetData, NullWithoutIndicatorIsRefused) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT NULL"));
    ASSERT_OK(query, query.fetch());
    char text[4];
    EXPECT_STATE(query, "22002", SQLGetData(query, 1, SQL_C_CHAR, text, sizeof text, nullptr));
}

TEST_F(GetData, ColumnOutsideTheResultIsRefused) {
    Query query(link);
    ASSERT_OK(query, query.run("SELECT 1"));
    ASSERT_OK(query, query.fetch());
    char text[4];
    EXPECT_STATE(query, "07009", SQLGetData(query, 2, SQL_C_CHAR, text, sizeof text, nullptr));
}

TEST_F(GetData, WithoutARowIsRefused) {
    Query query(link);
    char text[4];
    EXPECT_EQ(SQL_ERROR, SQLGetData(query, 1, SQL_C_CHAR, text, sizeof text, nullptr));
    ASSERT_OK(query, query.run("SELECT 1"));
    EXPECT_STATE(query, "24000", SQLGetData(query, 1, SQL_C_CHAR, text, sizeof text, nullptr));
}

}  // namespace
}  // namespace myfabric::test
