#include "cursor/get_data.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "results/memory_results.h"

namespace myfabric::cursor {
namespace {

using conversion::Outcome;

class CellReaderTest : public testing::Test {
protected:
    CellReaderTest() {
        reader.begin(rows);
        rows.next_row();
    }

    /// One SQLGetData of a text column with a buffer of `capacity` bytes.
    SQLRETURN part(unsigned column, SQLLEN capacity) {
        buffer.assign(static_cast<std::size_t>(capacity) + 1, '#');
        const SQLRETURN result = reader.read(rows, column, SQL_C_CHAR, {buffer.data(), capacity},
                                             &indicator, outcome, true);
        got = buffer.c_str();
        EXPECT_EQ(buffer.back(), '#');
        return result;
    }

    static results::Columns columns() {
        results::Columns made(3);
        made[0].kind = results::Kind::varchar;
        made[0].length = 100;
        made[0].charset = 45;
        made[1].kind = results::Kind::integer;
        made[1].length = 11;
        made[2] = made[0];
        made[2].name = "note";
        return made;
    }

    results::MemoryResults rows{columns(), {{"abcdefgh", "42", std::nullopt}, {"xyz", "many", ""}}};
    CellReader reader;
    std::string buffer, got;
    SQLLEN indicator = -99;
    Outcome outcome = Outcome::stored;
};

TEST_F(CellReaderTest, DeliversALongTextInPartsWithWhatIsLeft) {
    EXPECT_EQ(part(0, 4), SQL_SUCCESS);
    EXPECT_EQ(got, "abc");
    EXPECT_EQ(indicator, 8);
    EXPECT_EQ(outcome, Outcome::truncated);
    EXPECT_EQ(part(0, 4), SQL_SUCCESS);
    EXPECT_EQ(got, "def");
    EXPECT_EQ(indicator, 5);
    EXPECT_EQ(part(0, 4), SQL_SUCCESS);
    EXPECT_EQ(got, "gh");
    EXPECT_EQ(indicator, 2);
    EXPECT_EQ(outcome, Outcome::stored);
    EXPECT_EQ(part(0, 4), SQL_NO_DATA);
}

TEST_F(CellReaderTest, BeginsAnewAfterAnotherColumnOrRow) {
    EXPECT_EQ(part(0, 4), SQL_SUCCESS);
    EXPECT_EQ(part(1, 9), SQL_SUCCESS);
    EXPECT_EQ(got, "42");
    EXPECT_EQ(part(0, 4), SQL_SUCCESS);
    EXPECT_EQ(got, "abc");
    ASSERT_TRUE(rows.next_row());
    reader.reset();
    EXPECT_EQ(part(0, 9), SQL_SUCCESS);
    EXPECT_EQ(got, "xyz");
}

TEST_F(CellReaderTest, ReportsNullOnceAndNeedsAnIndicatorForIt) {
    outcome = Outcome::truncated;
    EXPECT_EQ(part(2, 9), SQL_SUCCESS);
    EXPECT_EQ(indicator, SQL_NULL_DATA);
    EXPECT_EQ(outcome, Outcome::stored);
    EXPECT_EQ(part(2, 9), SQL_NO_DATA);
    reader.reset();
    try {
        reader.read(rows, 2, SQL_C_CHAR, {buffer.data(), 1}, nullptr, outcome, true);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.state(), "22002");
        EXPECT_NE(error.message().find("note"), std::string::npos);
    }
}

TEST_F(CellReaderTest, DeliversANumberOnceAndAgainAfterAFailedConversion) {
    SQLINTEGER number = 0;
    const auto read = [&] {
        return reader.read(rows, 1, SQL_C_SLONG, {&number, 0}, &indicator, outcome, true);
    };
    EXPECT_EQ(read(), SQL_SUCCESS);
    EXPECT_EQ(number, 42);
    EXPECT_EQ(indicator, SQLLEN{sizeof number});
    EXPECT_EQ(read(), SQL_NO_DATA);
    ASSERT_TRUE(rows.next_row());
    reader.reset();
    EXPECT_EQ(read(), SQL_SUCCESS);
    EXPECT_EQ(outcome, Outcome::bad_text);
    EXPECT_EQ(part(1, 9), SQL_SUCCESS);  // as text instead
    EXPECT_EQ(got, "many");
}

TEST_F(CellReaderTest, TheShortWayDeliversWhatFitsWholeAndLeavesTheRest) {
    const auto whole = [&](unsigned column, SQLSMALLINT type, SQLLEN capacity) {
        buffer.assign(static_cast<std::size_t>(capacity) + 1, '#');
        return reader.read_whole(rows.row(), column, type, {buffer.data(), capacity, &indicator});
    };
    EXPECT_FALSE(whole(0, SQL_C_CHAR, 9)) << "the conversion is not known yet";
    EXPECT_EQ(part(0, 9), SQL_SUCCESS);
    EXPECT_FALSE(whole(0, SQL_C_CHAR, 9)) << "delivered before in this row";
    reader.reset();
    EXPECT_FALSE(whole(0, SQL_C_CHAR, 4)) << "does not fit";
    EXPECT_FALSE(whole(0, SQL_C_WCHAR, 40)) << "another conversion";
    EXPECT_FALSE(whole(2, SQL_C_CHAR, 9)) << "not asked for before";
    EXPECT_TRUE(whole(0, SQL_C_CHAR, 9));
    EXPECT_STREQ(buffer.c_str(), "abcdefgh");
    EXPECT_EQ(indicator, 8);
    EXPECT_EQ(part(0, 9), SQL_NO_DATA);
    results::MemoryResults others(columns(), {{"1", "2", "3"}});
    reader.begin(others);
    others.next_row();
    EXPECT_FALSE(reader.read_whole(others.row(), 0, SQL_C_CHAR, {buffer.data(), 9, &indicator}));
}

}  // namespace
}  // namespace myfabric::cursor
